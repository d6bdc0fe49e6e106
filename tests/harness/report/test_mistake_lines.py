"""Lists of mistakes as lines of text, and the schema of their JSON."""

import json
from collections import Counter
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.facts import Span
from factharness.report.mistakes import (
    flip_lines,
    group_lines,
    lines,
    paragraph,
    place,
    review_notes,
    schema,
    shortened,
    totals,
    verdict,
)
from factharness.runs.entries import Entry, EntryAnswer, WordsAround, Wrong
from factharness.runs.flips import FlipEntry
from factharness.runs.mistakes import Group, Mistake
from factharness.runs.record import FactRef

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "mistakes.schema.json"
GOLD = FactRef("LOC", (Span(29, 33),), "Lyon", 12)
PRED = FactRef("ORG", (Span(29, 33),), "Lyon")
CONTEXT = WordsAround("Le Sénat s’est réuni mardi à ", ("Lyon",), " avec Marie Petit.")
WRONG = EntryAnswer(("one", "two"), (Wrong("label", "LOC", "ORG"),), PRED)
ENTRY = Entry(
    "gold", "a", "/here/gold/a.gold", 12, "entity", "LOC", GOLD, (WRONG,), ("three",), CONTEXT
)


def text(printed):
    """Lines as a terminal without colour shows them, but for their brackets."""
    return ["".join(piece.text for piece in line) for line in printed]


def test_an_entry_says_where_what_and_who():
    assert text(lines(ENTRY, here=PurePath("/here"))) == [
        "gold/a.gold:12  LOC",
        "    Le Sénat s’est réuni mardi à Lyon avec Marie Petit.",
        "    label ORG for LOC: one, two; right: three",
    ]
    words = [piece for line in lines(ENTRY) for piece in line if piece.role == "entity"]
    assert [piece.text for piece in words] == ["Lyon"]


@pytest.mark.parametrize(
    ("mistakes", "pred", "said"),
    [
        ((("missed", "LOC", "none"),), None, "missed"),
        ((("spurious", "none", "LOC"),), PRED, "not in gold (LOC)"),
        (
            (("spurious", "none", "DATE"),),
            FactRef("DATE", (Span(0, 3),), "hier", value="2024"),
            "not in gold (DATE 2024)",
        ),
        (
            (("label", "LOC", "ORG"), ("boundary", "« Lyon »", "« de Lyon »")),
            PRED,
            "label ORG for LOC, boundary « de Lyon »",
        ),
        ((("value", "2024", "no value"),), PRED, "value no value for 2024"),
        ((("speaker", "« elle »", "nobody"),), PRED, "speaker nobody for « elle »"),
    ],
)
def test_a_verdict_says_what_is_wrong_and_what_was_said_instead(mistakes, pred, said):
    wrong = tuple(Wrong(*mistake) for mistake in mistakes)
    assert verdict(EntryAnswer(("one",), wrong, pred)) == said


words = st.text(alphabet="abc dé ", min_size=1, max_size=300)
contexts = st.builds(
    WordsAround,
    words | st.just(""),
    st.lists(words, min_size=1, max_size=5).map(tuple),
    words | st.just(""),
)


@given(contexts, st.integers(60, 120))
def test_no_line_of_the_context_is_wider_than_asked(context, width):
    entry = Entry("gold", "a", "a.gold", 1, "quote", "direct", GOLD, (WRONG,), (), context)
    shown = text(lines(entry, width=width))
    brackets = len(context.parts) + 1  # around every other part
    assert len(shown[1]) + brackets <= width + 3 * len(context.parts)
    for part, word in zip(
        [piece.text for piece in list(lines(entry, width=width))[1] if piece.role == "quote"],
        context.parts[::2],
        strict=True,
    ):
        assert part == word or " … " in part


@given(st.text(max_size=200), st.integers(20, 100))
def test_shortened_words_are_the_beginning_and_the_end(words, length):
    found = shortened(words, length)
    assert len(found) <= max(length, 20)
    head, gap, tail = found.partition(" … ")
    assert found == words or (gap and words.startswith(head) and words.endswith(tail))


@given(st.text(alphabet="ab ,;", max_size=300))
def test_a_paragraph_has_all_its_words(words):
    assert " ".join(text(paragraph(words, 60))).split() == words.split()


def test_a_place_is_named_from_here_where_it_is_below():
    assert place("/a/b/c.gold", 3, PurePath("/a")) == "b/c.gold:3"
    assert place("/a/b/c.gold", 3, PurePath("/b")) == "/a/b/c.gold:3"
    assert place("b/c.gold", 0, PurePath("/a")) == "b/c.gold"
    assert place("b/c.gold", 2) == "b/c.gold:2"


def test_a_group_says_how_often_who_and_where():
    first = Mistake("gold", "one", "a", "gold/a.gold", "entity", "missed", GOLD, None, "LOC", None)
    group = Group(
        *("entity", "missed", "LOC", "none", "Lyon", 5, first, {"one": 3, "two": 2}, 4),
        ("gold/a.gold:12", "gold/b.gold:3", "gold/c.gold"),
    )
    assert text(group_lines(group)) == [
        "   5 × missed LOC: Lyon",
        "    one 3, two 2",
        "    a:12, b:3, c and another article",
    ]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        (("gained", "mended"), "+ gained"),
        (("lost", "wrong"), "- lost"),
        (("wrong", "mended"), "! wrong otherwise"),
        (("wrong",), "! newly wrong"),
        (("mended",), "~ no longer wrong"),
    ],
)
def test_a_flip_says_what_changed(changes, word):
    assert text(flip_lines(FlipEntry(changes, ENTRY)))[0].endswith(f"LOC  {word}")


def test_totals_and_notes_count():
    counts = {
        "one": Counter({"missed": 1, "spurious": 2}),
        "two": Counter({"label": 1}),
        "three": Counter(),
    }
    assert list(totals(counts)) == [
        "one: 3 mistakes: 2 not in gold, 1 missed",
        "two: 1 mistake: 1 label",
        "three: 0 mistakes",
    ]
    notes = list(
        review_notes({"unfound": 3}, {"entity": ("a", "b"), "date": ("a",), "quote": ()}, ())
    )
    assert notes[0].startswith("3 facts that no back end has right")
    assert notes[3:] == [
        "date: only a has a voice of its own on it, and a list needs two",
        "quote: no back end has a voice of its own on it, and a list needs two",
    ]
    assert len(list(review_notes({}, {"date": ("a",)}, ("entity",)))) == 3


def test_the_schema_in_docs_is_that_of_this_version():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))
