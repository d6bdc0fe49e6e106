"""`factharness mistakes`, and the list of `factharness compare --flips`."""

import csv
import io
import json
import os
import re
import shutil
import subprocess

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shown_text import commands, unseen
from told_runs import date, entity, text_of, told_run, write_gold

from factharness.cli.mistakes import FIRST as FIRST_AS_TEXT
from factharness.cli.mistakes import listed_at_most
from factharness.facts import Entity, Span
from factharness.gold.format import render
from factharness.gold.parse import read_document
from factharness.gold.sets import store_text
from factharness.gold.withhold import withhold
from factharness.runs.directory import load
from factharness.runs.entries import Entry
from factharness.runs.mistakes import COLUMNS, GROUP_COLUMNS, Group
from factharness.runs.review import COLUMNS as REVIEW_COLUMNS
from factharness.runs.review import Suggestion

FIRST = (
    "Le Sénat s’est réuni mardi à Lyon.\nORG Sénat\nDATE mardi | 2024-03-05\nLOC Lyon",
    "Claire Dumoulin quitte le Sénat.\nPER Claire Dumoulin\nORG Sénat",
)
SECOND = ("Paris attend le Sénat.\nLOC Paris\nORG Sénat",)


@pytest.fixture
def folder(shell, monkeypatch):
    """A folder with gold, in which the runs of a test are made."""
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(shell.folder / "texts"))
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    for name, parts in (("a", FIRST), ("b", SECOND)):
        write_gold(shell.folder / "gold", name, *parts)
    return shell.folder


def answers(folder):
    a, b = (text_of(folder / "gold" / f"{name}.gold") for name in ("a", "b"))
    return {
        "one": {
            "a": [
                entity(a, "Lyon", "ORG"),
                date(a, "mardi", "2024-03-05"),
                entity(a, "réuni", "PER"),
            ],
            "b": [entity(b, "Paris", "LOC")],
        },
        "two": {
            "a": [
                entity(a, "Lyon", "ORG"),
                date(a, "mardi", "2024-03-12"),
                entity(a, "réuni", "PER"),
            ],
            "b": [entity(b, "Paris", "ORG"), entity(b, "Sénat", "ORG")],
        },
    }


@pytest.fixture
def run(folder):
    return told_run(folder, answers(folder))


def test_the_list_shows_each_fact_in_its_text_with_who_said_what(shell, run):
    said = shell("mistakes", "out")
    assert (said.returncode, said.stderr) == (0, "")
    entries = said.stdout.split("\n\n")
    assert entries[0] == (
        "gold/a.gold:11  ORG\n    Le [Sénat] s’est réuni mardi à Lyon.\n    missed: one, two"
    )
    assert entries[1] == (
        "gold/a.gold:10  entity\n    Le Sénat s’est [réuni] mardi à Lyon.\n    not in gold (PER): one, two"
    )
    assert entries[2] == (
        "gold/a.gold:12  DATE 2024-03-05\n    Le Sénat s’est réuni [mardi] à Lyon.\n"
        "    value 2024-03-12 for 2024-03-05: two; right: one"
    )
    assert entries[-1] == (
        "one: 6 mistakes: 4 missed, 1 not in gold, 1 label\n"
        "two: 7 mistakes: 3 missed, 2 label, 1 not in gold, 1 value\n"
    )
    assert max(map(len, said.stdout.split("\n"))) <= 80


def test_one_back_end_of_the_run(shell, run):
    said = shell("mistakes", "out:one").stdout
    assert "two" not in said
    assert "value" not in said


def test_it_is_narrowed(shell, run):
    def places(*options):
        return re.findall(r"(\w\.gold:\d+)", shell("mistakes", "out", *options).stdout)

    assert places("--kind", "date") == ["a.gold:12"]
    assert places("--what", "spurious", "--what", "value") == ["a.gold:10", "a.gold:12"]
    assert places("--article", "gold/b") == ["b.gold:11", "b.gold:12"]
    assert places("--grep", "SÉNAT", "--article", "a") == ["a.gold:11", "a.gold:17"]
    assert places("--label", "PER") == ["a.gold:10", "a.gold:16"]
    assert places("--label", "LOC", "--what", "missed") == []


def test_a_limit_says_that_there_is_more(shell, run):
    said = shell("mistakes", "out", "--limit", "2").stdout
    assert said.count("gold:") == 2
    assert "The first 2 facts; --limit 0 lists all." in said
    whole = shell("mistakes", "out", "--limit", "50").stdout
    assert (
        whole == shell("mistakes", "out").stdout == shell("mistakes", "out", "--limit", "0").stdout
    )


def test_json_is_what_its_schema_says(shell, run):
    said = shell("mistakes", "out", "--json").stdout
    entries = msgspec.json.decode(said, type=list[Entry])
    assert len(entries) == len(shell("mistakes", "out").stdout.split("\n\n")) - 1
    assert entries[0].context.parts == ("Sénat",)
    groups = msgspec.json.decode(
        shell("mistakes", "out", "--group", "--json").stdout, type=list[Group]
    )
    assert sum(group.times for group in groups) == 13
    found = msgspec.json.decode(
        shell("mistakes", "out", "--review", "--json").stdout, type=list[Suggestion]
    )
    assert {one.verdict for one in found} == {"unfound", "otherwise", "unlabelled"}
    assert shell("mistakes", "out", "--kind", "quote", "--json").stdout == "[]\n"


def test_csv_has_stable_columns(shell, run):
    def rows(*options):
        return list(csv.reader(io.StringIO(shell("mistakes", "out", *options, "--csv").stdout)))

    header, *found = rows()
    assert header == [
        *("goldset", "backend", "article", "kind", "what", "label", "predicted label", "words"),
        *("predicted words", "confusion", "place", "expected", "found", "line", "start", "end"),
    ]
    assert tuple(header) == COLUMNS
    assert len(found) == 13
    assert found == sorted(found, key=lambda row: row[2])
    assert len(rows("--limit", "3")) == 4
    assert [tuple(rows(option)[0]) for option in ("--group", "--review")] == [
        GROUP_COLUMNS,
        REVIEW_COLUMNS,
    ]


def test_groups_say_how_often_and_where(shell, run):
    said = shell("mistakes", "out", "--group").stdout
    assert said.startswith("   5 × missed ORG: [Sénat]\n    one 3, two 2\n    a:11, b:12\n")
    assert said.endswith("of 13 mistakes\n")
    assert (
        "1 of 6 groups of 13 mistakes; --limit 0 lists all\n"
        in shell("mistakes", "out", "--group", "--limit", "1").stdout
    )


@given(st.none() | st.integers(0, 1000), st.sampled_from(["text", "json", "csv"]))
def test_only_text_is_cut_where_nobody_asks_for_it(limit, format_):
    most = listed_at_most(limit, format_)
    if limit is None:
        assert most == (FIRST_AS_TEXT if format_ == "text" else None)
    else:
        assert (most or 0) == limit


def test_flips_have_the_same_limit(shell, compared):
    cut = compared("--limit", "1").stdout
    assert cut.count("gold/") == 1
    assert cut.endswith("\nThe first 1 facts of two against one, on gold; --limit 0 lists all.\n")
    assert "Flips: + 1 gained, - 1 lost, ! 1 newly wrong" in cut
    assert compared("--limit", "0").stdout == compared().stdout
    both = [json.loads(compared("--json", *limit).stdout) for limit in ((), ("--limit", "1"))]
    assert [len(one[0]["flips"]) for one in both] == [3, 1]
    said = shell("compare", "out:one", "out:two", "--limit", "1")
    assert (said.returncode, "add --flips" in said.stderr) == (2, True)


def test_the_review_list_has_lines_of_gold(shell, run):
    said = shell("mistakes", "out", "--review").stdout
    assert (
        "label ORG for LOC: one, two\n    stands: LOC      Lyon\n    theirs: ORG      Lyon\n"
        in said
    )
    assert "    add:    PER      réuni\n" in said
    assert said.endswith(
        "3 facts that no back end has right: hard, or wrong gold?\n"
        "1 fact of which all say the same other thing: wrong gold?\n"
        "1 fact that all find and gold has not: missing gold?\n"
    )


def test_without_the_text_there_are_words_and_one_line_that_says_why(shell, run):
    (shell.folder / "gold" / "a.gold").unlink()
    said = shell("mistakes", "out").stdout
    assert said.count("no context") == 1
    assert "    [Lyon]\n" in said
    assert "[Paris] attend" in said


def test_colours_are_for_terminals_that_want_them(shell, run, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = shell("mistakes", "out").stdout
    assert "\x1b[1;36mSénat\x1b[0m" in coloured
    assert "[Sénat]" not in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    plain = shell("mistakes", "out").stdout
    assert "\x1b" not in plain
    assert "[Sénat]" in plain


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["out:on"], 2, "unknown back end 'on'; did you mean 'one'?"),
        (["nowhere"], 2, "no such file; name a run directory"),
        (["out", "--kind", "dates"], 2, "unknown kind 'dates'; did you mean 'date'?"),
        (["out", "--label", "ORGS"], 2, "did you mean 'ORG'?"),
        (["out", "--what", "lable"], 2, "did you mean 'label'?"),
        (["out", "--article", "c"], 2, "unknown article 'c'; known: a, b, gold/a, gold/b"),
        (["out", "--grep", "(["], 2, "is not a regular expression"),
        (["out", "--limit", "-1"], 2, "--limit"),
        (["out", "--group", "--review"], 2, "name one"),
        (["out", "--json", "--csv"], 2, "name one"),
        (["out:one", "--review"], 2, "leave out :BACKEND"),
        (["out", "--review", "--what", "label"], 2, "leave out --what"),
    ],
)
def test_what_cannot_be_listed_is_refused(shell, run, arguments, code, words):
    said = shell("mistakes", *arguments)
    assert (said.returncode, said.stdout) == (code, "")
    assert words in said.stderr


def test_a_run_of_errors_is_inconclusive(shell, folder):
    told_run(folder, {"one": {"a": "out of memory", "b": "out of memory"}})
    for options in ((), ("--group",), ("--review",), ("--json",)):
        said = shell("mistakes", "out", *options)
        assert (said.returncode, said.stdout) == (3, "")
        assert "one: out of memory" in said.stderr


def test_who_failed_on_some_articles_is_named_under_the_list(shell, folder):
    told = answers(folder)
    told["two"]["b"] = "out of memory"
    told_run(folder, told)
    said = shell("mistakes", "out")
    assert said.returncode == 0
    assert "two failed on 1 of the articles" in said.stdout
    assert "b: out of memory" in said.stdout
    assert "failed" not in shell("mistakes", "out:one").stdout


def test_a_back_end_that_could_not_be_built_is_named(shell, folder):
    told_run(
        folder,
        answers(folder),
        hybrids='[[backend]]\nuse = "replay"\nname = "gone"\noptions = { path = "x" }\n',
    )
    said = shell("mistakes", "out:gone")
    assert said.returncode == 2
    assert "gone has no results: " in said.stderr
    assert "gone could not be built: " in shell("mistakes", "out").stdout


def test_a_kind_without_gold_has_no_mistakes(shell, run):
    said = shell("mistakes", "out", "--kind", "quote")
    assert (said.returncode, said.stdout) == (0, "one: 0 mistakes\ntwo: 0 mistakes\n")


def test_a_damaged_run_is_an_error_that_names_the_file(shell, run):
    path = shell.folder / "out" / "backends" / "one.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-30])
    said = shell("mistakes", "out", "--group")
    assert said.returncode == 2
    assert "one.jsonl.gz" in said.stderr
    assert "Traceback" not in said.stderr
    (shell.folder / "out" / "scores.json").unlink()
    assert shell("mistakes", "out").returncode == 2


def test_a_run_of_the_first_format_is_listed(shell):
    from pathlib import Path

    shutil.copytree(
        Path(__file__).resolve().parents[2] / "data" / "runs" / "first", shell.folder / "first"
    )
    for options in ((), ("--group",), ("--review",), ("--json",), ("--csv",)):
        said = shell("mistakes", "first", *options)
        assert (said.returncode, said.stderr) == (0, "")


def test_words_around_a_withheld_text_are_shown_and_not_exported(shell, folder):
    path = folder / "gold" / "a.gold"
    text = text_of(path)
    path.write_text(render(withhold(read_document(path))), encoding="utf-8")
    store_text(read_document(path), text)
    a = {"a": [entity(text, "Lyon", "ORG")], "b": []}
    told_run(folder, {"one": a, "two": a})
    assert "réuni mardi à [Lyon]" in shell("mistakes", "out").stdout
    for options in (("--json",), ("--json", "--review"), ("--csv",)):
        said = shell("mistakes", "out", *options).stdout
        assert "Lyon" in said
        assert "réuni" not in said
    assert "attend" in shell("mistakes", "out", "--json").stdout


def test_the_end_of_a_pipe_ends_the_list(shell, run):
    command = subprocess.Popen(
        shell.command("mistakes", "out"),
        cwd=shell.folder,
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    command.stdout.close()
    assert command.stderr.read() == b""
    assert command.wait(60) in (0, 141)


def test_texts_and_labels_that_steer_terminals_are_shown_as_text(shell, folder, monkeypatch):
    nasty = "##[error]Le\x1b[31m maire\u202e de Lyon ::set-output <script>"
    write_gold(folder / "gold", "c", f"{nasty}\nLOC Lyon")
    c = text_of(folder / "gold" / "c.gold")
    told = answers(folder)
    for by_article in told.values():
        by_article["c"] = [Entity(Span(0, 9), "::error::\x1b[2J"), entity(c, "Lyon", "ORG")]
    told_run(folder, told)
    for options in ((), ("--group",), ("--review",), ("--json",), ("--csv",)):
        said = shell("mistakes", "out", *options)
        assert said.returncode == 0, said.stderr
        assert not commands(said.stdout)
        assert not unseen(said.stdout)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = shell("mistakes", "out").stdout
    assert not commands(coloured)
    assert not unseen(re.sub(r"\x1b\[[\d;]*m", "", coloured))


@pytest.fixture
def compared(shell, run):
    return lambda *options: shell(
        "compare", "out:one", "out:two", "--flips", "--draws", "20", *options
    )


def test_flips_are_the_same_list(compared):
    said = compared().stdout
    assert "Flips: + 1 gained, - 1 lost, ! 1 newly wrong" in said
    assert (
        "gold/b.gold:11  LOC  - lost\n    [Paris] attend le Sénat.\n    label ORG for LOC: two; right: one\n"
    ) in said
    assert "gold/b.gold:12  ORG  + gained\n" in said
    assert said.index("- lost") < said.index("+ gained")
    assert said.count("[Paris]") == 1  # it is lost, and newly wrong


def test_flips_are_narrowed_alike(shell, compared):
    said = compared("--label", "LOC").stdout
    assert "+ gained" not in said.partition("Flips")[2].partition("\n")[2]
    assert "Flips: + 0 gained, - 1 lost, ! 1 newly wrong" in said
    assert "Flips" not in compared("--kind", "date").stdout
    assert compared("--kind", "dat").returncode == 2
    said = shell("compare", "out:one", "out:two", "--kind", "date")
    assert said.returncode == 2
    assert "add --flips" in said.stderr


def test_flips_keep_their_keys_in_json(compared):
    ((pair,),) = [json.loads(compared("--json").stdout)]
    for flip in pair["flips"]:
        assert set(flip) == {"change", "match", "line", "gold", "base", "head"}
    (lost,) = (flip for flip in pair["flips"] if flip["change"] == "lost")
    assert (lost["gold"]["label"], lost["base"]["label"], lost["head"]["label"]) == (
        "LOC",
        "LOC",
        "ORG",
    )


def test_two_runs_are_called_base_and_head(shell, folder):
    told = answers(folder)
    told_run(folder, {"one": told["one"]})
    os.rename(folder / "out", folder / "before")
    told_run(folder, {"one": told["two"]})
    said = shell("compare", "before", "out", "--flips", "--draws", "20").stdout
    assert "label ORG for LOC: head; right: base" in said
    assert load(folder / "before").path


def test_under_a_stricter_regime_a_flip_says_what_is_wrong_there(shell, folder):
    told = answers(folder)
    b = text_of(folder / "gold" / "b.gold")
    told["two"]["b"] = [entity(b, "Paris attend", "LOC")]
    told_run(folder, told, more='regimes = ["type", "strict"]')
    said = shell("compare", "out:one", "out:two", "--flips", "--regime", "strict", "--draws", "20")
    assert "LOC  - lost\n" in said.stdout
    assert "boundary « Paris attend »: two; right: one" in said.stdout
    said = shell("compare", "out:one", "out:two", "--flips", "--regime", "type", "--draws", "20")
    assert "Paris" not in said.stdout


def test_predictions_without_gold_that_only_one_side_makes_are_its_own(shell, folder):
    told = answers(folder)
    a = text_of(folder / "gold" / "a.gold")
    told["one"]["a"] += [entity(a, "quitte", "MISC")]
    told["two"]["a"] += [entity(a, "s’est", "MISC"), entity(a, "Le", "LOC")]
    told_run(folder, told)
    said = shell("compare", "out:one", "out:two", "--flips", "--draws", "20", "--what", "spurious")
    listed = said.stdout.partition("\n\ngold/")[2]
    shown = re.findall(r"entity  (.*)\n.*\[(.*)\].*\n    (.*)\n", listed)
    assert shown == [
        ("! newly wrong", "Le", "not in gold (LOC): two"),
        ("! newly wrong", "s’est", "not in gold (MISC): two"),
        ("~ no longer wrong", "quitte", "not in gold (MISC): one"),
    ]
