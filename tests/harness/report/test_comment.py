"""A verdict as a pull request's comment: what it says, what it must not say, and what is cut first."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from shown_text import nasty, unseen

from factharness.facts import Span
from factharness.gate.baseline import of
from factharness.gate.changes import Broken, Changes, Fixed
from factharness.gate.judge import Result, Verdict
from factharness.gate.movement import Movement
from factharness.gate.numbers import Number
from factharness.report.comment import LIMIT, MARK, SHOWN, mark, refused, render
from factharness.runs.directory import load
from factharness.runs.record import FactRef

RUN = load(Path(__file__).resolve().parents[2] / "data" / "runs" / "first")
BASELINE = of(RUN, "the first")
GOLDSET = RUN.manifest.goldsets[0].name
TEXT = "Lucie Ferrand a parlé à Sarzelle, mardi."


def texts(text=TEXT, withheld=()):
    """The texts of a run, all the same; ``withheld`` are the articles whose words may not be shown."""
    return SimpleNamespace(
        of=lambda _goldset, _article: text, withheld=lambda _goldset, article: article in withheld
    )


def fact(label="PER", start=0, end=13, words="Lucie Ferrand", line=0, value=None):
    return FactRef(label, (Span(start, end),), words, line, value)


def turned(what, ref, article="a", backend="mine", kind="entity", **more):
    sort = Broken if what in ("misses", "wrong") else Fixed
    place = {"goldset": GOLDSET, "path": f"gold/{article}.gold"}
    return sort(what=what, backend=backend, article=article, kind=kind, fact=ref, **place, **more)


PASSED = (Result("errors == 0"),)


def verdict(broken=(), fixed=(), results=PASSED, notes=(), baseline=BASELINE):
    compared = baseline or broken or fixed
    changes = Changes(frozenset(), (), (), tuple(broken), tuple(fixed)) if compared else None
    return Verdict(tuple(results), baseline, changes, tuple(notes))


def lines(comment):
    """The lines about facts."""
    return re.findall(r"^- (.*), `gold/.*$", comment, re.MULTILINE)


def test_it_begins_with_the_line_it_is_found_by_and_the_verdict():
    comment = render(RUN, verdict(), texts(), link="https://ci.example/run/1")
    first, second, *_ = comment.splitlines()
    assert first == mark(RUN.manifest.suite) == f"{MARK}{RUN.manifest.suite} -->"
    assert second == "## RESULT: PASS (1 rule) exit 0"
    assert "[The whole run](https://ci.example/run/1)." in comment
    assert "The whole run" not in render(RUN, verdict(), texts())


@pytest.mark.parametrize(
    "link", ["https://x/a) [b](https://evil", "https://x/<b>\n# c", "https://x/`"]
)
def test_an_address_cannot_end_its_link(link):
    (line,) = [
        one for one in render(RUN, verdict(), texts(), link=link).splitlines() if "whole" in one
    ]
    assert re.search(r"\[The whole run\]\(https://x/[^()<>`\s]*\)\.$", line)


def test_facts_that_are_the_same_are_one_line_with_their_number():
    day = {"label": "DATE", "words": "lundi"}
    broken = [
        turned("misses", fact(line=4)),
        turned("misses", fact(value="2024-03-04", line=9, **day), kind="date"),
        turned("misses", fact(value="2024-03-11", line=7, **day), "b", kind="date"),
        turned("wrong", fact(value="2024", label="DATE", words="l’an passé"), kind="date"),
        turned("misses", fact(line=5), backend="theirs"),
    ]
    fixed = [turned("found", fact(line=4)), turned("mended", fact("LOC", 24, 32, ""))]
    comment = render(RUN, verdict(broken, fixed), texts())
    assert lines(comment) == [
        "mine: missed DATE `lundi`, 2 times",
        "mine: missed PER `Lucie Ferrand`",
        "mine: wrong DATE `l’an passé` (`2024`)",
        "theirs: missed PER `Lucie Ferrand`",
        "mine: found PER `Lucie Ferrand`",
        "mine: no longer wrong: LOC `Sarzelle`",
    ]
    assert "2 times, `gold/a.gold:9`" in comment
    assert "5 facts broke, 2 fixed." in comment


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (["2024", "2024"], "DATE `mars` (`2024`), 2 times"),
        (["2024", "2025"], "DATE `mars`, 2 times"),
        ([None, "2025"], "DATE `mars`, 2 times"),
        ([None], "DATE `mars`"),
        (["mars"], "DATE `mars`"),
    ],
)
def test_a_value_is_shown_where_it_is_one_and_says_more_than_the_words(values, shown):
    broken = [
        turned("misses", fact("DATE", words="mars", value=value, line=n + 1), kind="date")
        for n, value in enumerate(values)
    ]
    assert lines(render(RUN, verdict(broken), texts())) == [f"mine: missed {shown}"]


def test_without_the_text_a_fact_is_its_label_and_its_place():
    fixed = [
        turned("mended", fact("LOC", 24, 32, "")),
        turned("mended", fact("LOC", 24, 32, ""), "b"),
    ]
    comment = render(RUN, verdict(fixed=fixed), texts(None))
    assert lines(comment) == ["mine: no longer wrong: LOC 24:32"] * 2


@given(st.text(min_size=3), st.sampled_from(["misses", "wrong", "found", "mended"]))
def test_no_word_is_shown_of_an_article_whose_text_is_withheld(words, what):
    words = f"{words}Ferrand"
    one = turned(what, fact("DATE", 0, 13, words, 4, "2024-03-05"), kind="date")
    turns = [one, replace(one, fact=replace(one.fact, words=""))]
    broken, fixed = (turns, []) if isinstance(one, Broken) else ([], turns)
    comment = render(RUN, verdict(broken, fixed), texts(withheld={"a"}))
    assert "Ferrand" not in comment
    assert "Lucie" not in comment
    assert "0:13" not in comment
    assert re.search(r"DATE \(`2024-03-05`\), `gold/a\.gold:4`", comment)


def test_paths_are_shown_as_the_repository_has_them():
    path = Path("w", "gold", "a.gold").absolute()
    broken = [replace(turned("misses", fact(line=4)), path=str(path))]
    inside = render(RUN, verdict(broken), texts(), workspace=str(path.parents[1]))
    assert "`gold/a.gold:4`" in inside
    for elsewhere in (str(path.parents[1] / "other"), ""):
        said = render(RUN, verdict(broken), texts(), workspace=elsewhere)
        assert f"`{path.as_posix()}:4`" in said
    broken = [replace(turned("misses", fact(line=4)), path="suites/../gold/a.gold")]
    assert "`gold/a.gold:4`" in render(RUN, verdict(broken), texts(), workspace="/w")


def test_a_rule_that_does_not_hold_says_why():
    results = [Result("a == 1", ("is 0", "is 2"), 1), Result("b", ("no such",), 2), Result("c")]
    comment = render(RUN, verdict(results=results), texts())
    assert "- FAIL `a == 1`\n  - `is 0`\n  - `is 2`\n- ERROR `b`\n  - `no such`\n" in comment
    assert "`c`" not in comment


def test_every_back_end_and_kind_has_its_line():
    rows = RUN.rows()
    same = render(RUN, verdict(), texts())
    bare = render(RUN, verdict(baseline=None), texts())
    assert rows
    for row in (one.row for one in rows):
        backend = next(one.backend for one in rows if one.row is row)
        number = f"{row.f1:.3f}"
        assert f"| {backend} | {row.kind} | {number} | – | – |" in bare
        assert re.search(rf"\| {backend} \| {row.kind} \| {number} \| (\\\+0\.000|–) \|", same)
    assert "- No change is known: there is no baseline" in bare
    assert "without a baseline" in bare


@pytest.mark.parametrize(
    ("change", "p", "cells"),
    [
        (-0.2064, 0.0006, r"\-0.206 | yes, p \< 0.001"),
        (0.1, 0.05, r"\+0.100 | yes, p = 0.050"),
        (-0.0001, 0.0514, r"\+0.000 | no, p = 0.051"),
        (None, None, "– | –"),
    ],
)
def test_a_change_is_shown_with_its_p(monkeypatch, change, p, cells):
    moved = Movement(Number(GOLDSET, "mine", "date", "*", "strict", "f1"), 0.5, 30, change, p)
    monkeypatch.setattr("factharness.report.comment.movements", lambda *_: [moved])
    comment = render(RUN, verdict(), texts())
    assert f"| mine | date | 0.500 | {cells} |\n" in comment
    assert ("Holm's correction over 1 number.\n" in comment) == (p is not None)
    monkeypatch.setattr(
        "factharness.report.comment.movements", lambda *_: [replace(moved, articles=19)]
    )
    assert ("Fewer than 20 articles" in render(RUN, verdict(), texts())) == (p is not None)


hostile = st.builds(
    turned,
    st.sampled_from(["misses", "wrong", "found", "mended"]),
    st.builds(fact, label=nasty, words=nasty, line=st.integers(0, 9), value=st.none() | nasty),
    backend=st.sampled_from(["mine", "theirs"]),
)


@pytest.mark.needs("markdown_it")
@given(st.lists(hostile, max_size=5), nasty, nasty)
def test_what_others_wrote_is_only_read(turns, error, note):
    from markdown_it import MarkdownIt

    broken = [one for one in turns if isinstance(one, Broken)]
    fixed = [one for one in turns if isinstance(one, Fixed)]
    results = [Result(error, (error, note), 1)]
    made = verdict(broken, fixed, results, [note], replace(BASELINE, reason=error))
    comment = render(RUN, made, texts(None), link="https://x/1")
    assert not unseen(comment)
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(comment)
    html = [token.content.strip() for token in tokens if token.type == "html_block"]
    ours = {
        mark(RUN.manifest.suite), "</details>",
        f"<details>\n<summary>{len(broken)} fact{'s' * (len(broken) != 1)} broke since the baseline</summary>",
        f"<details>\n<summary>{len(fixed)} fact{'s' * (len(fixed) != 1)} fixed since the baseline</summary>",
    }  # fmt: skip
    assert set(html) <= ours
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "code_inline", "link_open", "link_close"}
    assert [child.attrs["href"] for child in inline if child.type == "link_open"] == ["https://x/1"]
    assert not [
        child for child in inline if child.type == "text" and re.search(r"[@#]\w", child.content)
    ]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 300), st.integers(0, 9000))
def test_the_least_important_is_cut_first_and_the_verdict_never(broken, fixed, width, limit):
    made = verdict(
        [turned("misses", fact(words=f"{'b' * width}{n}", line=n + 1)) for n in range(broken)],
        [turned("found", fact(words=f"{'f' * width}{n}", line=n + 1)) for n in range(fixed)],
        [Result("a == 1", ("is 0",), 1)],
        ["a note"],
        None,
    )
    whole, cut = render(RUN, made, texts()), render(RUN, made, texts(), limit=limit)
    head = "".join(whole.splitlines(keepends=True)[:4])
    assert render(RUN, made, texts(), limit=len(whole.encode())) == whole
    assert cut.startswith(head)
    assert len(cut.encode()) <= max(limit, len(head.encode()))
    assert cut.count("<details>") == cut.count("</details>")
    shown = [part in cut for part in ("- FAIL `a == 1`", "| rules | quote |", "- a note")]
    counts = [len(re.findall(rf"`{letter * width}\d+`", cut)) for letter in "bf"]
    if len(whole.encode()) <= limit:
        assert cut == whole
    elif counts[1]:
        assert counts[0] == broken
        assert all(shown)
    if 0 < counts[0] < broken:
        assert f"… and {broken - counts[0]} more line" in cut


def test_a_list_is_not_endless_and_a_comment_fits_into_what_hosts_take():
    broken = [turned("misses", fact(words=f"{n} {'x' * 400}", line=n + 1)) for n in range(3000)]
    comment = render(RUN, verdict(broken), texts())
    assert LIMIT - 1000 < len(comment.encode()) <= LIMIT
    short = [turned("misses", fact(words=f"{n}", line=n + 1)) for n in range(SHOWN + 1)]
    comment = render(RUN, verdict(short), texts())
    assert len(lines(comment)) == SHOWN
    assert "… and 1 more line, in the run." in comment


def test_a_run_that_is_not_judged_has_a_comment_too():
    from factharness.errors import SuiteError

    comment = refused("ci", SuiteError("no <rules> @all", file="ci.toml"), "https://x/1")
    assert comment.splitlines()[:2] == [mark("ci"), "## RESULT: ERROR exit 2"]
    assert "`ci.toml: no <rules> @all`" in comment
    assert "(https://x/1)" in comment
