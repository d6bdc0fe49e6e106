"""The tables of runs as the commands print them: seen and borrowed facts, marks, widths, slices, signatures."""

import io
import json
import re
import sys

import msgspec
import pytest

import factharness
from factharness.cli import app
from factharness.cli.tables import print_tables
from factharness.report.json import RunReport
from factharness.text import sha256

FORMATS = ("txt", "md", "tex")
BACKENDS = '''
from factharness.facts import Entity, Quote, Span


class Finder:
    """Every word of ``words`` is a PER, every « … » a direct quote."""

    def __init__(self, words=(), kinds=("entity", "quote"), borrows=None, seen=()):
        self.words, self.kinds = words, frozenset(kinds)
        self.borrows, self.seen = borrows or {}, frozenset(seen)

    def fingerprint(self):
        return {"words": " ".join(self.words), "kinds": " ".join(sorted(self.kinds))}

    def extract(self, articles):
        for article in articles:
            text = article.text
            facts = [
                Entity(Span(text.index(word), text.index(word) + len(word)), "PER")
                for word in self.words
                if word in text and "entity" in self.kinds
            ]
            if "«" in text and "quote" in self.kinds:
                span = Span(text.index("«"), text.index("»") + 1)
                facts.append(Quote((span,), "direct", None, None, None))
            yield facts


build = Finder
'''


@pytest.fixture
def run(shell, gold):
    """Runs a suite over twelve articles; a back end is its name and its options in TOML."""
    for number in range(12):
        rubrique = "sport" if number % 2 else "local"
        gold(
            f"a{number:02}",
            "Anne dit « oui » à Paul.",
            "PER Anne",
            "PER Paul",
            "QUOTE « oui » | direct | by: Anne",
        )
        path = gold.folder / f"a{number:02}.gold"
        header = path.read_text(encoding="utf-8")
        path.write_text(
            header.replace("labels ", f'meta = {{ rubrique = "{rubrique}" }}\nlabels ', 1),
            encoding="utf-8",
        )
    (shell.folder / "finder.py").write_text(BACKENDS, encoding="utf-8")

    def made(*backends, seen="", more="", options=()):
        (gold.folder / "set.toml").write_text(f'name = "gold"\n{seen}', encoding="utf-8")
        tables = "".join(
            f'[[backend]]\nuse = "file:finder.py:build"\nname = "{name}"\noptions = {{ {given} }}\n'
            for name, given in backends
        )
        suite = shell.folder / "mine.toml"
        suite.write_text(
            f'[suite]\ngoldsets = ["{gold.folder}"]\nslices = ["rubrique"]\n{tables}{more}',
            encoding="utf-8",
        )
        answer = shell("run", suite, "-o", "out", "--force", *options)
        assert answer.returncode == 0, answer.stderr
        return factharness.load(shell.folder / "out")

    return made


FACTS = "PER Anne", "PER Paul", "QUOTE « oui » | direct | by: Anne"
GOOD, HALF = 'words = ["Anne", "Paul"]', 'words = ["Anne"]'


def seen_by(run):
    return {
        (one.backend, kind): len(articles)
        for one in run.scores.backends
        for kind, articles in one.seen.items()
    }


def test_what_set_toml_names_is_seen_and_flatters_who_borrows(run, shell):
    done = run(
        ("rules", GOOD),
        ("other", f'{HALF}, borrows = {{ quote = "rules" }}'),
        ("lone", HALF),
        seen='[seen]\nrules = ["a00", "a01", "a02"]\n',
        more='[[backend]]\nname = "both"\nentities = "lone"\nquotes = "other"\n',
    )
    assert seen_by(done) == {
        ("rules", "entity"): 3,
        ("rules", "quote"): 3,
        ("other", "quote"): 3,
        ("both", "quote"): 3,
    }
    borrowed = {one.name: one.borrows for one in done.manifest.backends}
    assert borrowed["other"] == {"quote": "rules"}
    assert borrowed["both"] == {"entity": "lone", "quote": "other"}
    report = shell("report", "out").stdout
    names = {word for line in report.splitlines() for word in line.split()[:1]}
    assert {"rules*", "other", "other*†", "lone", "both†", "both*†"} <= names
    assert "* developed, trained or pre-labelled with 3 of the 12 articles" in report


def test_all_of_a_set_may_be_seen_and_then_there_are_no_slices(run):
    done = run(("one", GOOD), seen='[seen]\none = "all"\n')
    assert seen_by(done) == {("one", "entity"): 12, ("one", "quote"): 12}
    assert not [one for one in done.scores.scores if one.row.slice in ("seen", "unseen")]
    assert done.tables().sections[0].seen is None


def test_the_page_tells_the_kinds_apart_of_which_different_articles_were_seen(run, shell):
    run(
        ("rules", GOOD),
        ("other", HALF),
        seen='[seen.rules]\nquote = "all"\n"*" = ["a00", "a01", "a02"]\n',
    )
    page = (shell.folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "Seen by rules (entities)" in page
    assert "Seen by rules (quotes)" in page
    assert "of these 12 articles in sight for entities" in page
    assert "was made with all of these articles in sight for quotes" in page


def test_the_page_names_those_together_who_have_seen_all(run, shell):
    run(
        ("one", GOOD),
        ("two", GOOD),
        seen='[seen]\none = "all"\ntwo = { quote = "all", entity = "all" }\n',
    )
    page = (shell.folder / "out" / "report.html").read_text(encoding="utf-8")
    said = re.sub("<[^>]+>", "", page)
    assert said.count("made with all of these articles in sight") == 1
    assert "one and two were made with all of these articles in sight, which flatters them." in said


def test_digests_that_a_back_end_names_are_seen_also_by_who_borrows_from_it(run):
    digest = sha256("Anne dit « oui » à Paul.")
    done = run(
        ("lender", f'{GOOD}, seen = ["{digest}"]'),
        ("borrower", f'{GOOD}, borrows = {{ entity = "lender" }}'),
    )
    assert seen_by(done) == {
        ("lender", "entity"): 12,
        ("lender", "quote"): 12,
        ("borrower", "entity"): 12,
    }


def test_what_a_lender_has_seen_counts_also_when_it_does_not_run(run):
    done = run(
        ("other", f'{HALF}, borrows = {{ quote = "rules" }}'), seen='[seen]\nrules = ["a00"]\n'
    )
    assert seen_by(done) == {("other", "quote"): 1}


def test_what_a_back_end_prelabelled_it_has_seen(run, gold):
    gold("b", "Anne part.", "PER Anne", prelabel="one")
    gold("c", "Paul part.", "PER Paul", prelabel="none")
    done = run(("one", GOOD), ("none", HALF))
    assert seen_by(done) == {("one", "entity"): 1, ("one", "quote"): 1}


def test_seen_and_unseen_are_slices_that_add_up(run, shell):
    done = run(
        *(("one", HALF), ("two", GOOD), ("all", GOOD)),
        seen='[seen]\none = ["a00", "a01", "a02", "a03"]\nall = "all"\n',
    )
    frame = done.to_frame()
    frame = frame[(frame.regime == "strict") & (frame.kind == "entity") & (frame.label == "*")]
    for backend in ("one", "two"):  # the second has seen none, and is scored on the same articles
        by_slice = frame[frame.backend == backend].set_index("slice")
        assert by_slice.loc["seen", "articles"] == 4
        assert by_slice.loc["unseen", "articles"] == 8
        for counted in ("tp", "fp", "fn"):
            parts = by_slice.loc["seen", counted] + by_slice.loc["unseen", counted]
            assert parts == by_slice.loc["*", counted]
    assert not {"seen", "unseen"} & set(frame[frame.backend == "all"]["slice"])
    assert re.search(r",seen,4,", (shell.folder / "out" / "scores.csv").read_text())
    block = done.tables().sections[0].seen
    shown = block.frame[["kind", "backend", "seen_articles", "unseen_articles", "seen"]]
    assert shown.values.tolist() == [
        ["entity", "one", 4, 8, 4],
        ["entity", "two", 4, 8, 0],
        ["quote", "one", 4, 8, 4],
        ["quote", "two", 4, 8, 0],
    ]


def test_a_shard_knows_what_was_seen_and_combine_puts_it_together(run, shell):
    seen = '[seen]\none = ["a00", "a01", "a02"]\n'
    whole = run(("one", GOOD), seen=seen)
    for number in (1, 2):
        made = run(("one", GOOD), seen=seen, options=("--shard", f"{number}/2"))
        made.path.rename(shell.folder / f"part{number}")
    assert shell("combine", "part1", "part2", "-o", "whole", "-q").returncode == 0
    combined = factharness.load(shell.folder / "whole")
    assert combined.scores.backends[0].seen == whole.scores.backends[0].seen
    assert combined.scores.leads == whole.scores.leads


def test_a_run_that_is_scored_again_knows_what_was_seen(run, shell):
    run(("one", GOOD), seen='[seen]\none = ["a00", "a01"]\n')
    again = shell("score", "out", "--regime", "partial")
    assert "one*" in again.stdout


def test_the_best_is_marked_and_whether_its_lead_is_more_than_chance(run, shell):
    done = run(("good", GOOD), ("half", HALF), ("copy", f'{GOOD}, borrows = {{ entity = "good" }}'))
    entities = done.tables().sections[0]["entity"]
    rows = {row.values["backend"]: row for row in entities.rows}
    assert {"recall", "f1"} <= set(rows["good"].best)
    assert "precision" not in rows["good"].best  # all are equal
    assert rows["good"].ahead == ("f1",)
    assert rows["half"].best == rows["copy"].best == ()
    assert "1.000▲" in shell("report", "out").stdout
    shell("report", "out", "-o", "r.md")
    assert "**1.000** ▲" in (shell.folder / "r.md").read_text()
    shell("report", "out", "-o", "r.tex")
    assert r"\underline{\textbf{1.000}}" in (shell.folder / "r.tex").read_text()


def test_a_lead_on_few_articles_may_be_chance(run):
    done = run(("good", GOOD), ("half", HALF), options=("--limit", "4"))
    (good, _) = done.tables().sections[0]["entity"].rows
    assert "f1" in good.best
    assert good.ahead == ()


@pytest.mark.parametrize("suffix", FORMATS)
def test_slices_that_the_suite_asks_for_are_shown(run, shell, suffix):
    run(("one", GOOD))
    assert shell("report", "out", "-o", f"r.{suffix}").returncode == 0
    report = (shell.folder / f"r.{suffix}").read_text()
    assert "Entities by rubrique" in report
    for value in ("sport", "local"):
        assert re.search(rf"{value}\W+6\W", report)


@pytest.mark.parametrize("suffix", FORMATS)
def test_signatures_are_shown_when_they_are_asked_for(run, shell, suffix):
    run(("one", GOOD))
    for option, shown in (((), False), (("-v",), True)):
        assert shell("report", "out", "-o", f"r.{suffix}", *option).returncode == 0
        assert ("scheme:fr-news-1" in (shell.folder / f"r.{suffix}").read_text()) == shown
    assert "scheme:fr-news-1" in (shell.folder / "out" / "summary.md").read_text()
    assert "scheme:fr-news-1" not in shell("report", "out").stdout
    assert "one: *|gold:gold@0#" in shell("report", "out", "-v").stdout
    assert "one: *|gold:gold@0#" in shell("run", "mine.toml", "-o", "again", "-v").stdout


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_has_bold_text_and_as_many_columns_as_fit(run, shell, monkeypatch):
    run(("good", GOOD), ("half", HALF))
    monkeypatch.delenv("NO_COLOR", raising=False)

    def shown(width):
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr(sys, "stdout", Terminal())
        print_tables([factharness.load(shell.folder / "out")], detail=True)
        return sys.stdout.getvalue()

    narrow, wide = shown(80), shown(160)
    assert "\x1b[1;4m1.000\x1b[0m" in narrow
    assert "▲" not in narrow
    assert not re.search(r"\b(tp|fp|fn)\b", narrow)
    assert re.search(r"\btp\b", wide)
    for width, text in ((60, shown(20)), (60, shown(60)), (80, narrow), (160, wide)):
        plain = re.sub("\x1b\\[[0-9;]*m", "", text)
        assert max(map(len, plain.splitlines())) <= width
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in shown(160)


@pytest.mark.parametrize("width", [60, 90])
def test_comparisons_and_histories_fit_a_terminal_and_are_whole_elsewhere(
    run, shell, monkeypatch, width
):
    run(("good", GOOD), ("half", HALF))
    out = str(shell.folder / "out")
    monkeypatch.setenv("COLUMNS", str(width))
    commands = (
        ["compare", f"{out}:good", f"{out}:half"],
        ["history", str(shell.folder)],
        ["gold", "plan", out],
    )
    for words in commands:
        with monkeypatch.context() as terminal:
            terminal.setattr(sys, "stdout", Terminal())
            app.main(words, standalone_mode=False)
            lines = sys.stdout.getvalue().splitlines()
        assert max(map(len, lines)) <= width
        headings = {line.split()[0] for line in lines if line.startswith(("kind", "started"))}
        assert len(headings) == 1
        whole = shell(*words).stdout.splitlines()
        assert sum(line.startswith(("kind", "started")) for line in whole) == 1


def test_where_there_is_no_terminal_a_table_has_eighty_columns(run, shell, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    run(("a-rather-long-name", GOOD), ("another-rather-long-name", HALF))
    printed = shell("report", "out").stdout
    assert max(map(len, printed.splitlines())) <= 80
    # What does not fit stands below, after the names again.
    headings = [line for line in printed.splitlines() if line.startswith("back end")]
    assert any("joint" in line and "pred" not in line for line in headings)


def test_json_has_the_blocks_and_is_read_back_by_its_types(run, shell):
    done = run(("one", GOOD))
    shell("report", "out", "-o", "r.json")
    text = (shell.folder / "r.json").read_bytes()
    (report,) = msgspec.json.decode(text, type=list[RunReport])
    assert report.run == done.manifest
    assert report.scores == done.scores
    assert report.tables == done.tables()
    (section,) = json.loads(text)[0]["tables"]["sections"]
    assert section["kinds"][0]["rows"][0]["values"]["f1"] == 1


@pytest.mark.parametrize(
    ("seen", "counts"),
    [
        ('{ quote = "all" }', {"quote": 12}),
        ('{ quote = "all", "*" = ["a00"] }', {"quote": 12, "entity": 1}),
        ('{ entity = ["a01", "a02"] }', {"entity": 2}),
        ('{ "*" = "all" }', {"quote": 12, "entity": 12}),
    ],
)
def test_a_set_says_by_kind_what_a_back_end_has_seen(run, seen, counts):
    done = run(("one", GOOD), seen=f"[seen]\none = {seen}\n")
    assert seen_by(done) == {("one", kind): count for kind, count in counts.items()}


def test_cost_is_told_once_per_back_end(run):
    done = run(("one", GOOD), ("two", HALF))
    cost = run(("one", GOOD), ("two", HALF)).tables().cost.frame.set_index("backend")
    assert cost["articles"].to_dict() == {"one": 12, "two": 12}
    assert cost["cached"].to_dict() == {"one": 12, "two": 12}
    assert done.tables().cost.frame["cached"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("seen", "problem"),
    [
        ('[seen]\none = ["a0"]\n', "[seen] one: unknown article 'a0'"),
        ("[seen]\none = 3\n", "seen"),
        ('[seen]\none = "some"\n', "seen"),
        ('[seen]\none = { quote = ["a0"] }\n', "[seen] one: unknown article 'a0'"),
        ('[seen]\none = { quotes = "all" }\n', "seen"),
    ],
)
def test_a_wrong_list_of_seen_articles_is_an_error_of_the_set(run, shell, seen, problem):
    run(("one", GOOD))
    path = shell.folder / "gold" / "set.toml"
    path.write_text(f'name = "gold"\n{seen}', encoding="utf-8")
    answer = shell("run", "mine.toml", "-o", "again")
    assert answer.returncode == 2
    assert "set.toml" in answer.stderr
    assert problem in answer.stderr


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ('borrows = { date = "rules" }', "'date' from 'rules'"),
        ('borrows = { quote = "" }', "'quote' from ''"),
        ('borrows = { quotes = "rules" }', "'quotes' from 'rules'"),
        ("seen = [3]", "is no set of digests"),
    ],
)
def test_a_back_end_that_says_something_else_of_itself_is_unavailable(run, shell, options, problem):
    run(("one", GOOD))
    suite = shell.folder / "mine.toml"
    suite.write_text(suite.read_text().replace(GOOD, options), encoding="utf-8")
    answer = shell("run", suite, "-o", "again")
    assert answer.returncode == 3  # nothing is scored
    assert problem in answer.stderr + answer.stdout
