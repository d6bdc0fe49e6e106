"""The matching is the optimum that trying everything finds, whatever the order of the input."""

from __future__ import annotations

import random
import time
from unittest import mock

import brute
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs
from span_rows import LABELS, rows

from factharness.score import score_spans
from factharness.score.match import _common, match
from factharness.score.overlap import Units, join, overlapping
from factharness.score.same_spans import once_each
from factharness.score.spans import Sides, align


def chosen(gold: list, pred: list) -> set[tuple]:
    """The matched pairs, as rows."""
    sides = Sides.of(gold, pred)
    a = sides.align()
    return {
        (gold[sides.gold_row[g]], pred[sides.pred_row[p]]) for g, p in zip(a.g, a.p, strict=True)
    }


@settings(max_examples=200)
@given(rows(), rows())
def test_it_is_the_optimum(gold, pred):
    check_optimum(gold, pred)


@pytest.mark.slow
@settings(max_examples=5000)
@given(rows(docs=1, most=6), rows(docs=1, most=6))
def test_it_is_the_optimum_thousands_of_times(gold, pred):
    check_optimum(gold, pred)


def check_optimum(gold, pred):
    gold, pred = sorted(gold), sorted(pred)
    units = [brute.unit(r) for r in gold], [brute.unit(r) for r in pred]
    assert chosen(gold, pred) == {(gold[g], pred[p]) for g, p in brute.best(*units)}


@settings(max_examples=200)
@given(rows(docs=1, length=6, most=7), rows(docs=1, length=6, most=4))
def test_it_is_the_optimum_where_everything_overlaps(gold, pred):
    check_optimum(gold, pred)


@settings(max_examples=200)
@given(rows(docs=1, length=3, most=7), rows(docs=1, length=3, most=6))
def test_it_is_the_optimum_where_many_have_the_same_span(gold, pred):
    check_optimum(gold, pred)


ON_FEW_SPANS = st.tuples(
    st.sampled_from([[0, 2], [0, 2], [0, 2], [1, 3], [4, 6]]),
    st.sampled_from(LABELS),
    st.booleans(),
)


@settings(max_examples=300)
@given(st.lists(ON_FEW_SPANS, max_size=6, unique_by=str), st.lists(ON_FEW_SPANS, max_size=5))
@example(
    [([0, 2], "ORG", True), ([0, 2], "ORG", False), ([0, 2], "PER", True)],
    [([0, 2], "LOC", True), ([0, 2], "ORG", True)],
)
def test_crowds_on_one_span_are_matched_as_trying_everything_does(gold, pred):
    """Also don't-care gold, with a label that counted gold of the span has too."""
    gold = sorted(gold, key=lambda one: (one[0], one[1], not one[2]))
    pred = sorted({(*cuts, label) for cuts, label, _ in pred})
    counted = [counts for *_, counts in gold]
    sides = _units([each[:2] for each in gold], counted), _units([(p[:2], p[2]) for p in pred])
    single = [structs.replace(units, owner=None) for units in sides]
    units = [
        [("a", frozenset(range(*cuts)), label) for cuts, label, *_ in side]
        for side in (gold, [(p[:2], p[2]) for p in pred])
    ]
    best = set(brute.best(*units, counted))
    for both in (sides, single):
        pairs = match(*both, 1)
        assert set(zip(pairs.gold.tolist(), pairs.pred.tolist(), strict=True)) == best


def test_in_a_crowd_a_repeat_has_no_partner():
    gold = [("a", 0, 5, "LOC"), ("a", 0, 5, "ORG")]
    assert score_spans(gold, [("a", 0, 5, "PER")] * 2, regimes=("exact",))["exact"].cor == 1


@pytest.mark.parametrize("shift", [0, 1000, 2000])
def test_thousands_of_labels_on_one_span_are_matched_without_their_pairs(shift):
    def named(first: int) -> list:
        return [("a", 0, 5, f"L{number:05}") for number in range(first, first + 2000)]

    with mock.patch("factharness.score.match.overlapping", wraps=overlapping) as looked:
        scores = score_spans(named(0), named(shift), regimes=("strict", "exact"))
    assert (scores["strict"].cor, scores["exact"].cor) == (2000 - shift, 2000)
    assert all(len(call.kwargs["without"][0]) == 2000 for call in looked.mock_calls)


@settings(max_examples=100)
@given(
    rows(docs=5, most=12),
    rows(docs=5, most=12, unique=False),
    st.integers(1, 6),
    st.integers(0, 50),
)
def test_documents_are_matched_alike_in_blocks_of_any_size_and_however_laid(
    gold, pred, block, room
):
    regimes = ("strict", "partial", "iou@0.5", "char")
    whole = score_spans(gold, pred, regimes=regimes)
    with (
        mock.patch("factharness.score.match._BLOCK", block),
        mock.patch("factharness.score.overlap._ROOM", room),
    ):
        cut = score_spans(gold, pred, regimes=regimes)
    for regime in regimes:
        assert cut[regime].confusion == whole[regime].confusion
        assert dict(cut[regime].per_doc) == dict(whole[regime].per_doc)


NUMBERS = st.lists(st.integers(-5, 5), max_size=9)


@given(NUMBERS, NUMBERS)
def test_once_each_finds_what_both_have_exactly_once(one, other):
    found = once_each(np.array(one, dtype=np.int64), np.array(other, dtype=np.int64))
    once = [n for n in sorted({*one}) if one.count(n) == other.count(n) == 1]
    places = [(one.index(number), other.index(number)) for number in once]
    assert list(zip(*(column.tolist() for column in found), strict=True)) == places


def _units(fragments: list[tuple[list[int], str]], counted: list[bool] | None = None) -> Units:
    owner, start, end = [], [], []
    for number, (cuts, _) in enumerate(fragments):
        for low, high in zip(cuts[::2], cuts[1::2], strict=False):
            owner.append(number)
            start.append(low)
            end.append(high)
    n = len(fragments)
    return Units(
        np.zeros(n, int),
        np.array([LABELS.index(label) for _, label in fragments], int),
        np.array(owner, int),
        np.array(start, int),
        np.array(end, int),
        np.array(counted if counted is not None else [True] * n, bool),
        np.zeros(n, bool),
    )


def discontinuous(most: int) -> st.SearchStrategy:
    cuts = st.lists(st.integers(0, 10), min_size=2, max_size=6, unique=True)
    even = cuts.filter(lambda c: len(c) % 2 == 0).map(sorted)
    return st.lists(st.tuples(even, st.sampled_from(LABELS)), max_size=most)


@settings(max_examples=200)
@given(discontinuous(4), discontinuous(4), st.lists(st.booleans(), min_size=4, max_size=4))
def test_discontinuous_units_and_dont_care_gold(gold, pred, counted):
    counted = counted[: len(gold)]
    order = sorted(range(len(gold)), key=lambda i: (*gold[i], not counted[i]))
    gold, counted, pred = [gold[i] for i in order], [counted[i] for i in order], sorted(pred)

    def covered(cuts):
        pairs = zip(cuts[::2], cuts[1::2], strict=True)
        return frozenset(c for low, high in pairs for c in range(low, high))

    a = align(_units(gold, counted), _units(pred), ["a"], LABELS)
    found = {(int(g), int(p)) for g, p in [*zip(a.g, a.p, strict=True), *a.ignored]}
    sides = [[("a", covered(cuts), label) for cuts, label in side] for side in (gold, pred)]
    assert found == set(brute.best(*sides, counted))
    assert all(counted[g] for g in a.g)
    assert not any(counted[g] for g, _ in a.ignored)


@settings(max_examples=120)
@given(rows(most=6), rows(most=6), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(gold, pred, rng: random.Random):
    regimes = ("strict", "exact", "partial", "type", "typed-partial", "iou@0.5", "char")
    before = score_spans(gold, pred, regimes=regimes)
    rng.shuffle(gold)
    rng.shuffle(pred)
    after = score_spans(gold, pred, regimes=regimes)
    for regime in regimes:
        assert before[regime].total == after[regime].total
        assert before[regime].per_label == after[regime].per_label
        assert before[regime].confusion == after[regime].confusion
        assert dict(before[regime].per_doc) == dict(after[regime].per_doc)


@given(rows(docs=1, most=8), rows(docs=1, most=8))
def test_the_join_finds_each_overlapping_pair_once(left, right):
    left, right = sorted(r[1:3] for r in left), sorted(r[1:3] for r in right)
    if not left or not right:
        return
    i, j = join(*np.array(left).T, *np.array(right).T)
    found = sorted(zip(i.tolist(), j.tolist(), strict=True))
    assert found == [
        (i, j) for i, (a, b) in enumerate(left) for j, (c, d) in enumerate(right) if a < d and c < b
    ]


def test_adjacent_spans_do_not_overlap():
    assert chosen([("a", 0, 5, "PER")], [("a", 5, 9, "PER")]) == set()


def test_more_pairs_come_before_a_better_one():
    gold = [("a", 0, 10, "PER"), ("a", 10, 20, "PER")]
    pred = [("a", 1, 20, "PER"), ("a", 15, 20, "PER")]
    assert chosen(gold, pred) == {(gold[0], pred[0]), (gold[1], pred[1])}


def test_an_exact_pair_comes_before_more_pairs():
    gold = [("a", 0, 10, "PER"), ("a", 5, 20, "PER")]
    pred = [("a", 0, 3, "PER"), ("a", 0, 10, "PER")]
    assert (gold[0], pred[1]) in chosen(gold, pred)


@pytest.mark.parametrize("labels", [["PER", "ORG"], ["ORG", "PER"]])
def test_of_two_labels_on_one_span_the_right_one_is_taken(labels):
    gold = [("a", 0, 5, labels[0])]
    pred = [("a", 0, 5, "ORG"), ("a", 0, 5, "PER")]
    assert chosen(gold, pred) == {(gold[0], ("a", 0, 5, labels[0]))}


def test_ties_go_to_the_first():
    pred = [("a", 0, 4, "PER"), ("a", 6, 10, "PER")]
    assert chosen([("a", 2, 8, "PER")], pred) == {(("a", 2, 8, "PER"), pred[0])}


TIES = {
    "one prediction over two gold units": ([[0, 4], [6, 10]], [[2, 8]], {(1, 0)}),
    "a chain": ([[0, 4], [6, 10], [12, 16]], [[2, 8], [8, 14]], {(1, 0), (2, 1)}),
}


@pytest.mark.parametrize(("gold", "pred", "counted"), TIES.values(), ids=TIES)
def test_on_a_tie_gold_that_counts_comes_before_dont_care_gold(gold, pred, counted):
    """The first gold unit is don't-care; by offset it would be taken."""
    sides = [[(cuts, "PER") for cuts in side] for side in (gold, pred)]
    pairs = match(_units(sides[0], [False] + [True] * (len(gold) - 1)), _units(sides[1]), 1)
    assert set(zip(pairs.gold.tolist(), pairs.pred.tolist(), strict=True)) == counted
    pairs = match(_units(sides[0]), _units(sides[1]), 1)
    assert (pairs.gold[0], pairs.pred[0]) == (0, 0)


def test_one_long_prediction_over_everything_is_matched_once():
    gold = [("a", 10 * i, 10 * i + 5, "PER") for i in range(400)]
    pred = [("a", 0, 4000, "PER")] + [("a", 10 * i, 10 * i + 4, "PER") for i in range(400)]
    assert len(chosen(gold, pred)) == 400


def test_pairs_of_repeats_are_never_made():
    once = score_spans([("a", 0, 5, "PER"), ("a", 3, 8, "PER")], [("a", 0, 5, "PER")] * 3)
    assert once["partial"].tp == 1
    assert once["partial"].spu == 2
    assert once["partial"].mis == 1
    assert once.duplicates == 2


@pytest.mark.parametrize("labels", ["LOC LOC ORG", "LOC ORG ORG", "LOC LOC ORG PER", "ORG ORG PER"])
def test_a_repeat_hides_no_other_prediction_of_its_span(labels):
    pred = [("a", 0, 5, label) for label in labels.split()]
    scores = score_spans([("a", 0, 5, "ORG")], pred, regimes=("strict",))
    assert scores["strict"].cor == 1
    assert scores["strict"].spu == len(pred) - 1


def test_no_pairs_at_all():
    empty = _units([])
    assert len(match(empty, empty, 0).gold) == 0


def test_a_component_gone_wrong_is_still_matched_well_and_in_any_order():
    """Beyond the size that exact arithmetic is used for."""
    gold = [("a", i, i + 150, LABELS[i % 3]) for i in range(120)]
    pred = [("a", i, i + 151, LABELS[i % 3]) for i in range(130)] + gold[:7]
    assert chosen(gold, pred) == chosen(gold[::-1], pred[::-1])
    scores = score_spans(gold, pred, regimes=("exact", "partial"))
    assert scores["exact"].cor == 7
    assert scores["partial"].cor + scores["partial"].par == 120


SHAPES = {
    "each crosses two": lambda i: ((10 * i, 10 * i + 13), (10 * i + 5, 10 * i + 18)),
    # Every prediction but the last is closer to the gold unit after its own.
    "each must give way": lambda i: ((10 * i, 10 * i + 12), (10 * i + 6, 10 * i + 18)),
    "each crosses ten": lambda i: ((10 * i, 10 * i + 50), (10 * i + 5, 10 * i + 52)),
    "all ties": lambda i: ((4 * i, 4 * i + 4), (4 * i + 2, 4 * i + 6)),
    "nested by ten": lambda i: (
        (100 * (i // 10) + i % 10, 100 * (i // 10) + 90 - i % 10),
        (100 * (i // 10) + i % 10, 100 * (i // 10) + 91 - i % 10),
    ),
    "all ties but more gold": lambda i: ((4 * i, 4 * i + 4), (4 * i - 2, 4 * i + 2) if i else None),
}


def laid(shape: str, count: int) -> tuple[list, list]:
    """``count`` spans of each side in one article."""
    pairs = [SHAPES[shape](i) for i in range(count)]
    sides = [[pair[side] for pair in pairs if pair[side]] for side in (0, 1)]
    gold, pred = ([("a", *span, LABELS[i % 3]) for i, span in enumerate(side)] for side in sides)
    return gold, pred


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 2, 5, 6])
def test_chains_are_matched_as_trying_everything_does(shape, count):
    check_optimum(*laid(shape, count))


@pytest.mark.parametrize("shape", SHAPES)
def test_many_crossing_spans_in_one_article_take_time_in_proportion(shape):
    def seconds(count: int) -> float:
        sides = laid(shape, count)
        taken = []
        for _ in range(3):
            start = time.process_time()
            assert len(chosen(*sides)) >= count - 1
            taken.append(time.process_time() - start)
        return min(taken)

    assert seconds(3200) < 4 * 3 * seconds(800)


def test_thousands_of_the_same_prediction_are_matched_once():
    crossing = [("a", 3 * i, 3 * i + 7, "PER") for i in range(8000)]
    assert chosen(crossing, [crossing[5]] * 8000) == {(crossing[5], crossing[5])}
    scores = score_spans(crossing, [crossing[5]] * 8000)
    assert (scores.duplicates, scores["strict"].cor) == (7999, 1)


@settings(max_examples=60)
@given(rows(docs=1, length=12, most=6), rows(docs=1, length=12, most=6))
def test_where_exact_sums_of_iou_would_be_too_long_they_are_rounded_finely(gold, pred):
    with mock.patch("factharness.score.match._DIGITS", 0):
        check_optimum(gold, pred)


def test_sums_of_iou_are_exact_until_they_are_too_long():
    assert _common([4, 6, 5], 1000) == 60
    assert _common([2**200, 3], 201) == 2**128
    assert _common([2**200, 3], 202) == 3 * 2**200
