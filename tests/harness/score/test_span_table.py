"""What cannot be scored is refused at the door, with the row it stands in."""

from __future__ import annotations

import contextlib
from collections import UserList

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.errors import HarnessError, ScoreError
from factharness.score import SpanTable, score_dates, score_quotes, score_spans

GOOD = ("a", 0, 5, "PER")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (("a", -1, 5, "PER"), r"\[-1, 5\) PER of 'a' is no span"),
        (("a", 5, 5, "PER"), "no span"),
        (("a", 7, 5, "PER"), "no span"),
        (("a", 0, 2**50, "PER"), "no span"),
        (("a", 0, 2**70, "PER"), "64 bits"),
        (("a", 0.0, 5, "PER"), "whole numbers"),
        (("a", 0, "5", "PER"), "whole numbers"),
        (("a", False, True, "PER"), "whole numbers"),
        (("a", None, 5, "PER"), "whole numbers"),
        (("a", float("nan"), 5, "PER"), "whole numbers"),
        (("a", 0, 5, float("nan")), "label must be text"),
        (("a", 0, 5, None), "label must be text"),
        (("a", 0, 5, b"PER"), "label must be text"),
        (("a", 0, 5, ["PER"]), "hashable"),
        (("a", 0, 5, ""), "cannot be a label"),
        (("a", 0, 5, "none"), "cannot be a label"),
        ((["a"], 0, 5, "PER"), "hashable"),
        ((None, 0, 5, "PER"), "row 2: None is no document"),
        ((float("nan"), 0, 5, "PER"), "row 2: nan is no document"),
        (("a", 0, 5), "not \\(document, start, end, label\\)"),
        (("a", 0, 5, "PER", 1), "not \\(document"),
        (7, "not \\(document"),
        (None, "not \\(document"),
    ],
)
def test_bad_rows(bad, said):
    for sides in (([GOOD, bad], []), ([], [GOOD, bad])):
        with pytest.raises(ScoreError, match=said) as caught:
            score_spans(*sides)
        assert isinstance(caught.value, (HarnessError, ValueError))
    with pytest.raises(ScoreError, match="pred"):
        score_spans([], [bad])


ARRAYS = {
    "objects": lambda rows: np.array(rows, dtype=object),
    "records": lambda rows: np.array(rows, dtype=[(n, object) for n in "dsel"]),
    "lists": lambda rows: [list(row) for row in rows],
    "data": lambda rows: [UserList(row) for row in rows],
}


@pytest.mark.parametrize("made", ARRAYS.values(), ids=ARRAYS)
def test_rows_may_be_of_any_sequence_and_a_bad_value_is_named(made):
    good = made([GOOD, ("a", 6, 9, "ORG")])
    assert score_spans(good, good)["strict"].cor == 2
    for bad, said in (
        (("a", 6, "x", "ORG"), "whole numbers, not 'x'"),
        (("a", 6, 9, 7), "label must be text, not 7"),
    ):
        with pytest.raises(ScoreError, match=f"gold, row 2: .*{said}"):
            score_spans(made([GOOD, bad]), [])


@pytest.mark.parametrize("bad", ["abcd", b"abcd", {1, 2, 3, 4}, dict.fromkeys("abcd"), 4])
def test_what_has_four_parts_without_places_is_no_row(bad):
    with pytest.raises(ScoreError, match=r"row 1: .* is not \(document, start, end, label\)"):
        score_spans([bad], [])


def test_the_row_is_named():
    with pytest.raises(ScoreError, match="gold, row 3:"):
        score_spans([GOOD, ("a", 6, 7, "X"), ("b", 9, 9, "X")], [])


def test_gold_said_twice_is_an_error():
    with pytest.raises(ScoreError, match=r"gold, row .: .* twice"):
        score_spans([GOOD, ("a", 6, 7, "X"), GOOD], [])


def test_documents_may_be_on_one_side_only():
    scores = score_spans([("a", 0, 5, "PER")], [("b", 0, 5, "PER")])
    assert (scores["strict"].mis, scores["strict"].spu) == (1, 1)
    assert set(scores["strict"].per_doc) == {"a", "b"}


junk = st.one_of(
    st.none(), st.integers(), st.floats(), st.text(max_size=3), st.booleans(), st.binary(max_size=3)
)


@given(st.lists(st.lists(junk, max_size=5).map(tuple) | junk, max_size=4))
def test_junk_raises_nothing_else(rows):
    with contextlib.suppress(ScoreError):
        score_spans(rows, rows)


def test_columns_give_the_same_as_rows():
    gold = [("b", 3, 9, "PER"), ("a", 0, 5, "LOC")]
    pred = [("a", 0, 5, "PER"), ("c", 1, 2, "LOC")]
    tables = [SpanTable.of(side) for side in (gold, pred)]
    rows, columns = score_spans(gold, pred), score_spans(*tables)
    assert rows["strict"].per_label == columns["strict"].per_label
    assert dict(rows["strict"].per_doc) == dict(columns["strict"].per_doc)


@pytest.mark.parametrize("field", ["doc", "label"])
@pytest.mark.parametrize("code", [-1, 2])
def test_codes_without_a_name_are_refused(field, code):
    columns = dict.fromkeys(("doc", "label", "start"), np.array([0])) | {"end": np.array([4])}
    columns[field] = np.array([code])
    with pytest.raises(ScoreError, match="code"):
        score_spans(SpanTable(docs=["a", "b"], labels=["X", "Y"], **columns), [])


def test_columns_of_different_length_are_refused():
    one, two = np.array([0]), np.array([1, 2])
    with pytest.raises(ScoreError, match="length"):
        score_spans(SpanTable(["a"], ["X"], one, one, two, one), [])


def test_documents_without_a_name_are_refused_everywhere():
    for score in (score_spans, score_dates, score_quotes):
        with pytest.raises(ScoreError, match="no documents"):
            score([], [], docs=["a", None])
    with pytest.raises(ScoreError, match="no document"):
        score_dates([(None, 0, 5, "DATE", None)], [])
    with pytest.raises(ScoreError, match="no document"):
        score_quotes([], [(None, [(0, 5)], "direct")])


ROWS = {
    score_spans: lambda doc: (doc, 0, 5, "PER"),
    score_dates: lambda doc: (doc, 0, 5, "DATE", None),
    score_quotes: lambda doc: (doc, [(0, 5)], "indirect"),
}


@pytest.mark.parametrize("score", ROWS)
@given(*[st.frozensets(st.sampled_from("abcdef"))] * 4)
def test_documents_of_one_side_are_counted(score, gold, ignore, pred, docs):
    made = [[ROWS[score](doc) for doc in sorted(side)] for side in (gold - ignore, pred, ignore)]
    scores = score(made[0], made[1], ignore=made[2], docs=iter(docs))
    assert scores.gold_only == len((gold | ignore) - pred - docs)
    assert scores.pred_only == len(pred - gold - ignore - docs)
