"""Back ends that combine others, in a run and in an extraction."""

from __future__ import annotations

import json

import msgspec
import pytest
from told_runs import entity, quote, told_run, write_gold

from factharness import api
from factharness.facts import Date, Entity, Quote, Span
from factharness.runs.directory import load

TEXT = "Anne Roux et Jean Petit sont à Lyon. « Non », a dit la maire."
WRONG = {"a": [entity(TEXT, "Lyon", "ORG")], "b": [entity(TEXT, "Jean", "PER")]}
NAMES = ("Anne Roux", "PER"), ("Jean Petit", "PER"), ("Lyon", "LOC")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = "\n".join(f"{label} {words}" for words, label in NAMES)
    for name in ("a", "b", "c"):
        write_gold(tmp_path / "gold", name, f"{TEXT}\n{lines}")
    return tmp_path


def right(*some):
    return [entity(TEXT, *NAMES[number]) for number in some or (0, 1, 2)]


ANSWERS = {
    "one": {"a": right(0, 1), "b": right(), "c": right()},
    "two": {"a": right(0, 2), "b": right(1), "c": "no memory"},
    "three": {"a": right(1), "b": [], "c": []},
}
VOTE = '[[backend]]\nname = "vote"\nuse = "vote"\nof = ["one", "two", "three"]\n'


def told(run, backend="vote"):
    return {line.prediction.article_id: line.prediction for line in run.predictions(backend)}


def words(prediction):
    return [fact.span.of(TEXT) for fact in prediction.facts]


def test_the_majority_of_those_that_answered(folder):
    run = told_run(folder, ANSWERS, hybrids=VOTE, kinds=("entity",))
    found = told(run)
    assert words(found["a"]) == ["Anne Roux", "Jean Petit"]
    assert words(found["b"]) == ["Jean Petit"]
    # Of the two that answered, one alone is no majority.
    assert words(found["c"]) == []
    assert found["c"].without == {"two": "no memory"}


def test_who_failed_is_said(folder, shell):
    told_run(folder, ANSWERS, hybrids=VOTE, kinds=("entity",))
    said = shell("run", "told.toml", "-o", "out", "-b", "vote", "--force")
    assert said.returncode == 1
    assert "vote, without two, decided on c: no memory" in said.stderr
    assert "vote: two failed on 1 article, where its other parts decided." in said.stdout
    (on_set,) = load(folder / "out").scores.backends
    assert (on_set.errors, on_set.without) == ({}, {"two": {"c": "no memory"}})
    assert on_set.articles == 3


def test_an_article_on_which_all_fail_is_an_error(folder):
    answers = {name: said | {"b": f"{name} broke"} for name, said in ANSWERS.items()}
    run = told_run(folder, answers, hybrids=VOTE, kinds=("entity",))
    errors = {one.backend: one.errors for one in run.scores.backends}
    assert errors["vote"] == {"b": "one: one broke; two: two broke; three: three broke"}


ABSENT = '[[backend]]\nname = "absent"\nuse = "replay"\noptions = { path = "no such file" }\n'


def test_who_is_unavailable_is_said_and_the_others_decide(folder, shell):
    hybrids = ABSENT + VOTE.replace("two", "absent")
    told_run(folder, ANSWERS, hybrids=hybrids, kinds=("entity",))
    said = shell("run", "told.toml", "-o", "out", "-b", "vote", "--force")
    assert said.returncode == 2
    assert "vote is combined without absent, which is unavailable" in said.stderr
    assert "vote is combined without absent, which is unavailable" in said.stdout
    run = load(folder / "out")
    assert words(told(run)["a"]) == ["Jean Petit"]
    (vote,) = run.manifest.backends
    assert vote.missing.keys() == {"absent"}
    assert vote.fingerprint["of.absent"] == "unavailable"


def test_without_any_part_it_is_unavailable(folder, shell):
    also = ABSENT.replace("absent", "gone")
    hybrids = ABSENT + also + VOTE.replace('"one", "two", "three"', '"absent", "gone"')
    told_run(folder, ANSWERS, hybrids=hybrids, kinds=("entity",))
    said = shell("run", "told.toml", "-o", "out", "-b", "vote", "-b", "one", "--force")
    assert said.returncode == 2
    assert "vote is unavailable" in said.stderr


def test_a_part_that_finds_none_of_the_kinds(folder):
    more = VOTE + 'kinds = ["quote"]\n'
    run = told_run(folder, ANSWERS, hybrids=more, kinds=("entity",))
    (vote,) = [one for one in run.manifest.backends if one.name == "vote"]
    assert "one finds entity, and none of quote; leave it out of its `of`" in vote.unavailable
    assert vote.kinds == ("quote",)


def test_a_kind_that_only_one_part_finds_is_borrowed_from_it(folder):
    answers = {"a": [*right(), quote(TEXT, "Non")]}
    (folder / "more.jsonl").write_text(
        json.dumps({"id": "a", "facts": json.loads(msgspec.json.encode(answers["a"]))})
        + '\n{"id": "b", "facts": []}\n{"id": "c", "facts": []}\n',
        encoding="utf-8",
    )
    more = '[[backend]]\nname = "more"\nuse = "replay"\n'
    more += 'options = { path = "more.jsonl", kinds = ["entity", "quote"] }\n'
    run = told_run(folder, ANSWERS, hybrids=more + VOTE.replace("two", "more"), kinds=("entity",))
    vote = run.manifest.backends[-1]
    assert (vote.kinds, vote.borrows) == (("entity", "quote"), {"quote": "more"})
    assert len(told(run)["a"].facts) == 3


def test_a_kind_from_one_and_the_others_combined_and_combinations_of_combinations(folder):
    more = (
        '[[backend]]\nname = "top"\nuse = "union"\nof = ["vote", "three"]\n'
        '[[backend]]\nname = "mixed"\nuse = "vote"\nof = ["one", "two"]\nentities = "top"\n'
    )
    run = told_run(folder, ANSWERS, hybrids=more + VOTE, kinds=("entity", "date"))
    assert words(told(run, "top")["a"]) == ["Anne Roux", "Jean Petit"]
    assert told(run, "mixed")["a"].facts == told(run, "top")["a"].facts
    mixed = next(one for one in run.manifest.backends if one.name == "mixed")
    assert mixed.borrows == {"entity": "top"}


def test_each_kind_combined_in_its_own_way(folder):
    more = '[[backend]]\nname = "h"\nentities = { union = ["two", "three"] }\ndates = "one"\n'
    run = told_run(folder, ANSWERS, hybrids=more, kinds=("entity", "date"))
    found = told(run, "h")
    assert words(found["a"]) == ["Anne Roux", "Jean Petit", "Lyon"]
    assert found["c"].without == {"two": "no memory"}
    hybrid = run.manifest.backends[-1]
    assert (hybrid.borrows, hybrid.combines) == ({"date": "one"}, {"entity": ("two", "three")})
    assert (hybrid.parts, hybrid.of) == ({"date": "one"}, ("two", "three"))


def test_parts_with_different_labels_are_led_to_those_of_the_gold(folder):
    said = {"a": [Entity(Span(0, 9), "PERSON")], "b": [], "c": []}
    lines = [
        json.dumps({"id": name, "facts": json.loads(msgspec.json.encode(facts))})
        for name, facts in said.items()
    ]
    (folder / "onto.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    more = '[[backend]]\nname = "onto"\nuse = "replay"\nmap = "ontonotes"\n'
    more += 'options = { path = "onto.jsonl", kinds = ["entity"] }\n'
    vote = VOTE.replace('"one", "two"', '"onto", "one"')
    run = told_run(folder, ANSWERS, hybrids=more + vote, kinds=("entity",))
    assert told(run)["a"].facts[0] == Entity(Span(0, 9), "PER")
    assert run.manifest.backends[-1].map == "fr-news-1"


def test_every_part_runs_once_and_a_second_time_none(shell):
    backends = (
        '[[backend]]\nuse = "capitals"\noptions = { log = "log" }\n[[backend]]\nuse = "rules"\n'
        '[[backend]]\nname = "v"\nuse = "vote"\nof = ["capitals", "rules"]\n'
        '[[backend]]\nname = "u"\nuse = "union"\nof = ["v", "capitals"]\n'
    )
    suite = shell.suite(backends=backends)
    assert shell("run", suite, "-o", "out").returncode == 0
    assert (shell.folder / "log").read_text().count("\n") == 3
    assert shell("run", suite, "-o", "again").returncode == 0
    assert (shell.folder / "log").read_text().count("\n") == 3
    assert shell.same("out", "again", "v")
    assert shell("run", suite, "-o", "two", "-j", "2", "--no-cache").returncode == 0
    assert shell.same("out", "two", "u")
    assert shell("run", suite, "-o", "resumed", "--resume", "out", "--no-cache").returncode == 0
    assert shell.same("out", "resumed", "u")


def test_combinations_of_shards_and_variants(shell):
    backends = (
        '[[backend]]\nuse = "capitals"\n[[backend]]\nuse = "rules"\n'
        '[[backend]]\nname = "v"\nuse = "vote"\nof = ["capitals", "rules"]\n'
    )
    suite = shell.suite(backends=backends)
    suite.write_text(suite.read_text().replace("[suite]\n", '[suite]\nvariants = ["nfd"]\n'))
    assert shell("run", suite, "-o", "out").returncode == 0
    for part in (1, 2):
        assert shell("run", suite, "-o", f"part{part}", "--shard", f"{part}/2").returncode == 0
    assert shell("combine", "part1", "part2", "-o", "whole").returncode == 0
    assert shell.same("out", "whole", "v")
    assert load(shell.folder / "out").variant("nfd").manifest.backends[-1].of == (
        "capitals",
        "rules",
    )


def test_repetitions_of_a_part_are_not_combined(shell):
    backends = (
        '[[backend]]\nuse = "capitals"\nrepeat = 2\n[[backend]]\nuse = "rules"\n'
        '[[backend]]\nname = "v"\nuse = "vote"\nof = ["capitals", "rules"]\n'
    )
    run = api.run(shell.suite(backends=backends), output=shell.folder / "out")
    assert [one.name for one in run.manifest.backends] == ["capitals", "capitals.2", "rules", "v"]


# extract


@pytest.fixture
def corpus(folder):
    path = folder / "corpus.jsonl"
    lines = [json.dumps({"id": name, "text": TEXT, "published": "2024-03-05"}) for name in "abc"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def extracted(folder):
    lines = (folder / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    return {line["id"]: line for line in map(json.loads, lines)}


def test_an_extraction_says_what_a_run_says(folder, corpus, shell):
    run = told_run(folder, ANSWERS, hybrids=VOTE, kinds=("entity",))
    for jobs in (1, 2):
        (folder / "facts.jsonl").unlink(missing_ok=True)
        (folder / "facts.jsonl.journal").unlink(missing_ok=True)
        command = "extract", "vote", corpus, "--suite", "told.toml", "-o", "facts.jsonl", "-j", jobs
        said = shell(*command)
        assert said.returncode == 1, said.stderr
        assert "vote: two failed on 1 article, the others decided" in said.stderr
        found = extracted(folder)
        assert found["c"]["without"] == {"two": "no memory"}
        for name, prediction in told(run).items():
            assert facts_of(found[name]) == prediction.facts
    again = shell(*command)
    assert again.returncode == 1
    assert "3 articles, 3 of them before" in again.stderr
    assert "vote: two failed on 1 article" in again.stderr


def test_a_combination_of_combinations_is_extracted(folder, corpus, shell):
    more = '[[backend]]\nname = "top"\nuse = "union"\nof = ["vote", "three"]\n'
    more += '[[backend]]\nname = "hybrid"\nentities = "top"\n'
    run = told_run(folder, ANSWERS, hybrids=more + VOTE, kinds=("entity",))
    shell("extract", "hybrid", corpus, "--suite", "told.toml", "-o", "facts.jsonl")
    found = extracted(folder)
    for name, prediction in told(run, "hybrid").items():
        assert facts_of(found[name]) == prediction.facts


def test_an_extraction_without_a_part_that_is_unavailable(folder, corpus, shell):
    hybrids = ABSENT + VOTE.replace("two", "absent")
    told_run(folder, ANSWERS, hybrids=hybrids, kinds=("entity",))
    command = "extract", "vote", corpus, "--suite", "told.toml", "-o", "facts.jsonl"
    said = shell(*command)
    assert said.returncode == 2
    assert "vote: combined without absent, which is unavailable: " in said.stderr
    assert [len(line["facts"]) for line in extracted(folder).values()] == [1, 0, 0]
    text = (folder / "told.toml").read_text(encoding="utf-8")
    (folder / "told.toml").write_text(text.replace("no such file", "two.jsonl"), encoding="utf-8")
    said = shell(*command)
    assert said.returncode == 2
    assert "of.absent" in said.stderr


def test_a_plug_in_of_a_suite_is_extracted_with_its_options(folder, corpus, shell):
    told_run(folder, ANSWERS, kinds=("entity",))
    said = shell("extract", "three", corpus, "--suite", "told.toml", "-o", "facts.jsonl")
    assert said.returncode == 0, said.stderr
    assert words_of(extracted(folder)["a"]) == ["Jean Petit"]
    said = shell("extract", "thre", corpus, "--suite", "told.toml", "-o", "other.jsonl")
    assert (said.returncode, "did you mean 'three'?" in said.stderr) == (2, True)
    options = "--option", "a=1"
    said = shell("extract", "three", corpus, "--suite", "told.toml", "-o", "o.jsonl", *options)
    assert said.returncode == 2
    assert "the suite has the options" in said.stderr


def facts_of(line):
    """The facts of a line, without their words."""
    return msgspec.convert(tuple(line["facts"]), tuple[Entity | Date | Quote, ...])


def words_of(line):
    return [TEXT[slice(*fact["span"])] for fact in line["facts"]]
