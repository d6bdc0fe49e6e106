"""The page as a file: what may stand in it, what can run in it, what it says when something is missing."""

import json
import re

import pytest
from msgspec.structs import replace
from page_runs import gold_set, place, run_of, stored

from factharness.cli import main
from factharness.errors import HarnessError
from factharness.facts import KINDS, Date, Entity, Quote, Span
from factharness.gold.format import render as render_gold
from factharness.gold.parse import read_document
from factharness.gold.sets import store_text
from factharness.gold.withhold import withhold
from factharness.report import FORMATS, renderings
from factharness.report.html import render
from factharness.report.html.page import embedded
from factharness.resources import web
from factharness.runs.texts import Texts

TEXT = "Le maire, Ève Roux, parle. « Rien n’est perdu », a dit Ève Roux à Lyon."
QUOTE = Quote(
    (place(TEXT, "« Rien n’est perdu »"),),
    "direct",
    place(TEXT, "Ève Roux", 50),
    "Ève Roux",
    place(TEXT, "a dit"),
)
GOLD = [Entity(place(TEXT, "Ève Roux"), "PER"), QUOTE, Entity(place(TEXT, "Lyon"), "LOC")]
FOUND = [Entity(place(TEXT, "maire"), "MISC"), Entity(place(TEXT, "Roux"), "ORG"), QUOTE]
WORDS = ("maire", "Roux", "Rien", "perdu", "Lyon")
HOSTILE = (
    "<script>alert(1)</script> </script><!-- ]]> <img src=x onerror=alert(2)> javascript:alert(3) "
    "\"'`${alert(4)} \u202egnp.exe 👩‍🚀 &lt;b&gt; est maire."
)


def elements(page):
    """The content of each script element by its id; what runs has none."""
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    named = {}
    for attributes, content in scripts:
        found = re.search(r'id="data-([^"]*)"', attributes)
        named[found[1] if found else ""] = content
    assert len(named) == len(scripts)
    return named


def data(page):
    return {name: json.loads(text) for name, text in elements(page).items() if name}


def page_of(run, **options):
    return render(run, Texts(run), **options)


def exit_code(arguments):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return left.value.code


@pytest.fixture
def run(tmp_path):
    goldset = gold_set(tmp_path / "set", {"one": (TEXT, GOLD)})
    return run_of(tmp_path, [goldset], {"found": stored(tmp_path / "found", {"one": FOUND})})


@pytest.fixture
def withheld(tmp_path, monkeypatch):
    """A run on an article that a gold file may not pass on, and whose text is attached."""
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "texts"))
    file = gold_set(tmp_path / "set", {"one": (TEXT, GOLD)}) / "one.gold"
    file.write_text(render_gold(withhold(read_document(file))), encoding="utf-8")
    store_text(read_document(file), TEXT)
    found = stored(tmp_path / "found", {"one": FOUND})
    return run_of(tmp_path, [tmp_path / "set"], {"found": found})


def words_in(page):
    """The words of the article that stand anywhere in the data of the page."""
    read = json.dumps(data(page), ensure_ascii=False)
    return [word for word in WORDS if word in read]


def test_an_article_has_its_text(run):
    read = data(page_of(run))
    assert read["article-0"]["t"] == TEXT
    assert "reason" not in read["facts"]["articles"][0]


def test_a_text_that_may_not_be_passed_on_stays_out_with_all_of_its_words(withheld):
    page = page_of(withheld)
    assert words_in(page) == []
    assert "may not be passed on" in data(page)["facts"]["articles"][0]["reason"]
    assert len(data(page)["article-0"]["g"]) == len(GOLD)


def test_it_is_put_in_on_demand(withheld):
    page = page_of(withheld, with_texts=True)
    assert data(page)["article-0"]["t"] == TEXT
    assert words_in(page) == list(WORDS)


def test_the_list_of_gold_to_look_at_again_holds_no_words_of_it(tmp_path, withheld):
    two = {name: stored(tmp_path / f"{name}.jsonl", {"one": FOUND}) for name in ("a", "b")}
    run = run_of(tmp_path, [tmp_path / "set"], two, out="two")
    page = page_of(run)
    assert data(page)["review"]["listed"]
    assert words_in(page) == []
    assert "Roux" in words_in(page_of(run, with_texts=True))


def test_an_article_whose_text_has_changed_has_the_words_that_the_run_kept(run, tmp_path):
    file = tmp_path / "set" / "one.gold"
    file.write_text(file.read_text(encoding="utf-8").replace("parle", "rit"), encoding="utf-8")
    read = data(page_of(run))
    assert "t" not in read["article-0"]
    assert read["facts"]["articles"][0]["reason"]
    assert read["article-0"]["g"][0]["w"] == "Ève Roux"


def test_nothing_of_an_article_becomes_markup(tmp_path):
    label = "PER"
    goldset = gold_set(tmp_path / "set", {"one": (HOSTILE, [Entity(Span(0, 30), label)])})
    facts = [Entity(Span(31, 60), "</script><script>alert(5)</script>")]
    run = run_of(tmp_path, [goldset], {"found": stored(tmp_path / "found", {"one": facts})})
    page = page_of(run)
    read = data(page)
    assert read["article-0"]["t"] == HOSTILE
    assert "alert(" not in elements(page)[""]
    rest = re.sub(r"<script[^>]*>.*?</script>", "", page, flags=re.DOTALL)
    assert "alert(" not in rest.replace("&lt;script&gt;alert(", "")
    assert page.count("<script") == page.count("</script>") == len(elements(page))


@pytest.mark.parametrize(
    "text", ["</script>", "<!--<script>", "]]>", "\u2028\u2029", "\\u003c", "🦊"]
)
def test_embedded_json_ends_no_element_and_says_the_same(text):
    shown = str(embedded({"x": text}))
    assert "<" not in shown
    assert json.loads(shown) == {"x": text}


def test_a_back_end_that_fails_on_an_article_is_told_with_its_error(tmp_path):
    goldset = gold_set(tmp_path / "set", {"one": (TEXT, GOLD), "two": (TEXT, GOLD)})
    found = stored(tmp_path / "found", {"one": "out of memory", "two": FOUND})
    read = data(page_of(run_of(tmp_path, [goldset], {"found": found})))
    assert "out of memory" in read["article-0"]["b"][0]
    assert [listed["mistakes"] for listed in read["facts"]["articles"]] == [[None], [[4, 0, 0]]]


def test_a_run_without_results_has_a_page(tmp_path):
    goldset = gold_set(tmp_path / "set", {"one": (TEXT, GOLD)})
    fails = stored(tmp_path / "fails", {"other": GOLD})
    read = data(page_of(run_of(tmp_path, [goldset], {"fails": fails})))
    assert isinstance(read["article-0"]["b"][0], str)
    assert [said.get("u", False) for said in read["article-0"]["g"]] == [True] * len(GOLD)


def test_a_set_without_facts_of_a_kind_has_a_page(tmp_path):
    goldset = gold_set(tmp_path / "set", {"one": (TEXT, [])})
    found = stored(tmp_path / "found", {"one": [Date(Span(0, 2), "DATE")]})
    read = data(page_of(run_of(tmp_path, [goldset], {"found": found})))
    assert [one["b"] for one in read["article-0"]["x"]] == [[0]]


def test_an_article_says_which_back_ends_were_made_with_it_in_sight(tmp_path):
    goldset = gold_set(tmp_path / "set", {"one": (TEXT, GOLD), "two": (TEXT + " Bien.", GOLD)})
    facts = {"one": FOUND, "two": FOUND}
    sources = {name: stored(tmp_path / name, facts) for name in ("all", "some", "none")}
    run = run_of(tmp_path, [goldset], sources)
    seen = {"all": dict.fromkeys(KINDS, ("one",)), "some": {"quote": ("one",)}}
    on_sets = tuple(replace(on, seen=seen.get(on.backend, {})) for on in run.scores.backends)
    run = replace(run, scores=replace(run.scores, backends=on_sets))
    listed = data(page_of(run))["facts"]["articles"]
    assert [one.get("seen", "") for one in listed] == ["all, some (quotes)", ""]


def test_labels_of_a_set_have_as_many_patterns_as_the_scripts_count():
    patterns = dict(re.findall(r"--i-own(\d): (.*);", web("tokens.css")))
    assert list(patterns) == [str(number) for number in range(1, 9)]
    assert len(set(patterns.values())) == len(patterns)
    scripts = web("../report/html/facts.js"), web("../label/page/lanes.js")
    assert [f"% {len(patterns)}) + 1" in script for script in scripts] == [True, True]


def test_a_very_long_article_is_embedded_once(tmp_path):
    text = f"{TEXT} " * (1_000_000 // len(TEXT) + 1)
    text = text.strip()
    goldset = gold_set(tmp_path / "set", {"one": (text, GOLD)})
    page = page_of(run_of(tmp_path, [goldset], {"found": stored(tmp_path / "f", {"one": FOUND})}))
    assert data(page)["article-0"]["t"] == text
    assert len(page) < len(text) + 600_000


def test_facts_that_are_right_take_little_room(tmp_path):
    many = {f"article-{n}": (TEXT, GOLD) for n in range(20)}
    goldset = gold_set(tmp_path / "set", many)
    right = dict.fromkeys(many, GOLD)
    one, five = (
        page_of(
            run_of(
                tmp_path,
                [goldset],
                {f"b{n}": stored(tmp_path / f"b{n}", right) for n in range(times)},
                out=f"of-{times}",
            )
        )
        for times in (1, 5)
    )

    def size(page):
        return sum(
            len(text) for name, text in elements(page).items() if name.startswith("article-")
        )

    assert size(five) - size(one) == 20 * 4 * len(",[]")


def test_a_page_is_of_one_run(run):
    with pytest.raises(HarnessError, match="a page shows one run, not 2"):
        FORMATS["html"]([run, run])


def test_a_run_writes_its_page_unless_it_is_told_not_to(run):
    assert "report.html" in renderings(run, Texts(run))
    assert "report.html" not in renderings(run, Texts(run), html=False)


def test_the_page_of_a_difference_counts_what_changed(tmp_path, monkeypatch):
    goldset = gold_set(tmp_path / "set", {"one": (TEXT, GOLD)})
    files = {
        name: stored(tmp_path / name, {"one": facts})
        for name, facts in (("before", FOUND), ("after", [*GOLD[:2], Entity(Span(0, 2), "LOC")]))
    }
    for name in files:
        run_of(tmp_path, [goldset], {"mine": files[name]}, out=f"run-{name}")
    monkeypatch.chdir(tmp_path)
    assert exit_code(["compare", "run-before", "run-after", "-o", "diff.html"]) == 0
    read = data((tmp_path / "diff.html").read_text(encoding="utf-8"))
    assert read["facts"]["difference"] is True
    assert [one["name"] for one in read["facts"]["backends"]] == ["mine, before", "mine, after"]
    page = (tmp_path / "diff.html").read_text(encoding="utf-8")
    assert "<h2>On set</h2>" in page
    headings = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)
    assert headings[:5] == ["kind", "regime", "articles", "before F1", "after F1"]
    # Ève Roux was cut short, the mayor was made up, « Le » is made up; Lyon is missed by both.
    assert read["facts"]["articles"][0]["changes"] == [[2, 0, 0], [1, 0, 0], [0, 0, 0]]


def test_a_difference_is_of_one_pair_of_back_ends(tmp_path, monkeypatch, capsys):
    goldset = gold_set(tmp_path / "set", {"one": (TEXT, GOLD)})
    files = {name: stored(tmp_path / f"{name}.jsonl", {"one": FOUND}) for name in ("a", "b")}
    run_of(tmp_path, [goldset], files)
    monkeypatch.chdir(tmp_path)
    assert exit_code(["compare", "out", "out", "-o", "diff.html"]) == 2
    assert "2 pairs; name one of them on each side, as RUN:a RUN:a" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "out", "--with-texts"], "name one with -o PATH.html"),
        (["compare", "out", "out", "--with-texts"], "name one with -o PATH.html"),
        (["compare", "out", "out", "-o", "diff.csv"], "name diff.html"),
        (["run", "--no-html", "--with-texts"], "--no-html leaves out"),
    ],
)
def test_options_of_a_page_that_is_not_written_are_refused(arguments, message, capsys):
    assert exit_code(arguments) == 2
    assert message in capsys.readouterr().err
