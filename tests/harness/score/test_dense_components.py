"""Components in which most units overlap most others are matched well without a list of their pairs."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import brute
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from span_rows import LABELS, rows

from factharness.score import dense, score_spans
from factharness.score.assignment import assign
from factharness.score.auction import auction
from factharness.score.components import connected, dense_components
from factharness.score.dense import Side, heaviest
from factharness.score.growing import Growing
from factharness.score.match import match
from factharness.score.overlap import Units, overlapping

AXIS = np.array([0, 10**6])


@contextmanager
def all_dense() -> Iterator[None]:
    """Every component that may be is matched as a dense one."""
    with mock.patch("factharness.score.components._LARGE", 0):
        yield


def units(fragments: list[tuple[list[tuple[int, int]], int]]) -> Units:
    """Units of one document, each with its fragments and the code of its label."""
    flat = [(owner, *span) for owner, (spans, _) in enumerate(fragments) for span in spans]
    owner, start, end = np.array(flat, dtype=np.int64).reshape(-1, 3).T
    n = len(fragments)
    return Units(
        np.zeros(n, dtype=np.int64),
        np.array([label for _, label in fragments], dtype=np.int64),
        owner if len(owner) > n else None,
        start,
        end,
        np.ones(n, dtype=bool),
        np.zeros(n, dtype=bool),
    )


def units_of(side: list[tuple]) -> Units:
    return units([([(start, end)], LABELS.index(label)) for _, start, end, label in side])


def levels(gold, pred, pairs) -> tuple:
    """The first levels of a matching: exact pairs, pairs, IoU rounded to what is compared, labels."""
    matched = [(gold[g], pred[p]) for g, p in pairs]
    iou = sum(brute.iou(ours[1], theirs[1]) for ours, theirs in matched)
    exact, agree = (sum(ours[at] == theirs[at] for ours, theirs in matched) for at in (1, 2))
    return exact, len(pairs), round(float(iou), 9), agree


@settings(max_examples=150)
@given(rows(docs=1, length=12, most=7), rows(docs=1, length=12, most=6))
def test_their_matching_is_as_good_as_the_best(gold, pred):
    gold, pred = sorted(gold), sorted(pred)
    with all_dense():
        found = match(units_of(gold), units_of(pred), 1)
    pairs = list(zip(found.gold.tolist(), found.pred.tolist(), strict=True))
    assert len({g for g, _ in pairs}) == len({p for _, p in pairs}) == len(pairs)
    sides = [brute.unit(row) for row in gold], [brute.unit(row) for row in pred]
    assert levels(*sides, pairs) == levels(*sides, brute.best(*sides))


CUTS = st.lists(st.integers(0, 12), min_size=2, max_size=6, unique=True).map(sorted)
FRAGMENTS = CUTS.map(lambda cuts: list(zip(cuts[::2], cuts[1::2], strict=False)))


@pytest.mark.parametrize("counts", [(50, 55), (50, 90), (60, 60)])
def test_prices_from_what_exact_pairs_leave_prove_all_but_the_labels(counts):
    gold, pred = (
        Side.of(units_of(side), np.arange(len(side)))
        for side in (random_spans("few spans", count, seed) for seed, count in enumerate(counts))
    )
    weights = dense._Weights(gold, pred, len(gold) + 1)
    matching = dense._around(dense._Spans(gold, pred), weights)
    price, mate = np.array(matching.price), np.array(matching.mate)
    most = np.add.outer(price[: len(gold)], price[len(gold) :])
    # The prices of units with one span differ by a label at most, and those of a pair by another one.
    assert np.all(weights(*np.indices(most.shape)) <= most + 2 * weights.label)
    assert np.all(price[mate < 0] <= weights.label)
    i, j = np.array([*matching.matched()]).T
    assert np.all(most[i, j] <= weights(i, j) + 2 * weights.label)


@settings(max_examples=100)
@given(*[st.lists(st.tuples(FRAGMENTS, st.integers(0, 1)), max_size=5)] * 2)
def test_units_of_several_fragments_are_matched_as_well(gold, pred):
    gold, pred = sorted(gold), sorted(pred)
    with all_dense():
        found = match(units(gold), units(pred), 1)
    pairs = list(zip(found.gold.tolist(), found.pred.tolist(), strict=True))
    sides = [
        [("a", frozenset(c for low, high in spans for c in range(low, high)), str(label))]
        for spans, label in [*gold, *pred]
    ]
    flat = [unit for (unit,) in sides]
    sides = flat[: len(gold)], flat[len(gold) :]
    assert levels(*sides, pairs) == levels(*sides, brute.best(*sides))
    for g, p, shared, exact in zip(found.gold, found.pred, found.shared, found.exact, strict=True):
        ours, theirs = sides[0][g][1], sides[1][p][1]
        assert (shared, exact) == (len(ours & theirs), ours == theirs)


def random_spans(shape: str, count: int, seed: int) -> list[tuple]:
    """Distinct spans and labels of one side of a dense component."""
    rng = np.random.default_rng([seed, count])
    if shape == "one point in common":
        spans = rng.integers([0, 1000], [1000, 2000], (count, 2))
    elif shape == "nested":
        half = rng.integers(1, 1000, count)
        spans = np.stack([1000 - half, 1000 + half + rng.integers(0, 3, count)], axis=1)
    elif shape == "few spans":
        spans = np.random.default_rng(9).integers([0, 60], [60, 120], (30, 2))
        spans = spans[rng.integers(0, 30, count)]
    elif shape == "anywhere":
        spans = np.sort(rng.integers(0, 1000, (count, 2)), axis=1)
        spans[:, 1] += 1
    else:  # two heaps that only some spans of the one side connect
        heap = rng.random(count) < (0.7 if seed else 0.3)
        spans = rng.integers([0, 500], [480, 900], (count, 2)) + 1000 * heap[:, None]
        spans[:9] = [[400, 1600]]
    labels = rng.integers(0, len(LABELS), count).tolist()
    names = [LABELS[label] for label in labels]
    return sorted({("a", *span, name) for span, name in zip(spans.tolist(), names, strict=True)})


SHAPES = ["one point in common", "nested", "few spans", "anywhere", "two heaps"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("counts", [(60, 60), (90, 40), (40, 90)])
def test_larger_ones_are_matched_as_well_as_by_the_exact_solver(shape, counts):
    gold, pred = (random_spans(shape, count, seed) for seed, count in enumerate(counts))
    exact = match(units_of(gold), units_of(pred), 1)
    with all_dense():
        found = match(units_of(gold), units_of(pred), 1)
    sides = [brute.unit(row) for row in gold], [brute.unit(row) for row in pred]
    for_all = [
        levels(*sides, list(zip(each.gold.tolist(), each.pred.tolist(), strict=True)))
        for each in (exact, found)
    ]
    for at, (best, reached) in enumerate(zip(*for_all, strict=True)):
        assert reached == (pytest.approx(best, abs=1e-5) if at == 2 else best)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_search_ends_with_the_best_however_coarse_its_beginning(shape):
    gold, pred = (random_spans(shape, 70, seed) for seed in (2, 3))
    with all_dense():
        fine = match(units_of(gold), units_of(pred), 1)
        with mock.patch.multiple(dense, _FINE=2, _BLOCK=4, _BEST=1):
            coarse = match(units_of(gold), units_of(pred), 1)
    sides = [brute.unit(row) for row in gold], [brute.unit(row) for row in pred]
    one, other = (
        levels(*sides, list(zip(each.gold.tolist(), each.pred.tolist(), strict=True)))
        for each in (fine, coarse)
    )
    assert one == other


@pytest.mark.parametrize("shape", SHAPES)
def test_without_effort_for_the_rest_only_exact_pairs_and_their_number_are_the_most(shape):
    gold, pred = (random_spans(shape, 150, seed) for seed in (0, 1))
    exact = match(units_of(gold), units_of(pred), 1)
    with all_dense(), mock.patch.object(dense, "_EFFORT", 0), mock.patch.object(dense, "_FINE", 4):
        found = match(units_of(gold), units_of(pred), 1)
    sides = [brute.unit(row) for row in gold], [brute.unit(row) for row in pred]
    best, rough = (
        levels(*sides, list(zip(each.gold.tolist(), each.pred.tolist(), strict=True)))
        for each in (exact, found)
    )
    assert best[:2] == rough[:2]
    assert best[2] - len(found.gold) / 2**3 <= rough[2] <= best[2] + 1e-9


@pytest.mark.parametrize("shape", SHAPES)
def test_neither_the_order_of_the_input_nor_where_it_stands_changes_their_scores(shape):
    gold, pred = (random_spans(shape, 160, seed) for seed in (0, 1))
    regimes = ("strict", "exact", "partial", "type", "iou@0.5")
    whole = score_spans(gold, pred, regimes=regimes)
    again = score_spans(gold[::-1], pred[::-1], regimes=regimes)
    moved = [
        [(doc, start + 70, end + 70, label) for doc, start, end, label in side]
        for side in (gold, pred)
    ]
    for regime in regimes:
        assert whole[regime].confusion == again[regime].confusion
        assert whole[regime].per_label == again[regime].per_label
    assert score_spans(*moved, regimes=regimes)["partial"].total == whole["partial"].total


@given(*[st.lists(st.tuples(FRAGMENTS, st.integers(0, 1)), max_size=9)] * 2)
def test_components_are_those_of_the_listed_pairs(gold, pred):
    gold, pred = units(gold), units(pred)
    nobody = np.empty(0, dtype=np.int64)
    with all_dense(), mock.patch("factharness.score.components._SHARE", 10**6):
        found = dense_components(gold, pred, AXIS, (nobody, nobody))
    pairs = overlapping(gold, pred, AXIS)
    lowest = connected(pairs.gold, pairs.pred + len(gold), len(gold) + len(pred))
    listed = {
        (
            tuple(np.unique(pairs.gold[lowest[pairs.gold] == each]).tolist()),
            tuple(np.unique(pairs.pred[lowest[pairs.gold] == each]).tolist()),
        )
        for each in np.unique(lowest[pairs.gold])
    }
    assert {tuple(map(tuple, map(np.ndarray.tolist, both))) for both in found} == listed


def test_a_component_is_dense_from_a_quarter_of_all_pairs_on():
    gold = [([(10 * i, 10 * i + 10)], 0) for i in range(8)]
    nobody = np.empty(0, dtype=np.int64)
    for width, is_dense in ((20, True), (19, True), (10, False)):
        pred = [([(10 * i + 5, 10 * i + 5 + width)], 0) for i in range(8)]
        with all_dense():
            found = dense_components(units(gold), units(pred), AXIS, (nobody, nobody))
        assert bool(found) is is_dense


def test_what_has_a_partner_is_in_no_dense_component():
    side = units([([(i, 500 + i)], 0) for i in range(9)])
    others = np.array([2, 5])
    with all_dense():
        ((gold, pred),) = dense_components(side, side, AXIS, (others, others[:1]))
    assert gold.tolist() == [0, 1, 3, 4, 6, 7, 8]
    assert pred.tolist() == [0, 1, 3, 4, 5, 6, 7, 8]


PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 6)), st.integers(1, 20), max_size=30
)


@settings(max_examples=150)
@given(st.lists(PAIRS, min_size=1, max_size=3), st.integers(0, 6), st.booleans())
def test_the_growing_matching_is_the_heaviest_whenever_pairs_are_added(parts, slack, bid):
    matching, seen = Growing((6, 7)), {}
    for number, part in enumerate(parts):
        new = {pair: weight for pair, weight in part.items() if pair not in seen}
        seen |= new
        i, j, w = np.array([(*pair, weight) for pair, weight in new.items()], int).reshape(-1, 3).T
        if bid and not number:
            matching.start(*auction((i, j, w), (6, 7), [8, 2]))
        matching.add(i, j, w)
        best = [{j: w for (row, j), w in seen.items() if row == i} for i in range(6)]
        best = sum(best[i][j] for i, j in assign(best))
        matching.settle(slack, 0)
        weight = sum(seen[pair] for pair in matching.matched())
        assert best - slack * len([*matching.matched()]) <= weight <= best
        matching.settle(slack, 10**9)
        pairs = [*matching.matched()]
        assert sum(seen[pair] for pair in pairs) == best
        assert all(
            count == 1 for side in zip(*pairs, strict=True) for count in Counter(side).values()
        )
        for (row, column), weight in seen.items():
            assert weight <= matching.price[row] + matching.price[6 + column]


@given(PAIRS, st.sampled_from([[1], [9, 3], [30]]))
def test_in_an_auction_nobody_would_gain_more_than_a_step_by_another_bid(pairs, steps):
    i, j, w = np.array([(*pair, weight) for pair, weight in pairs.items()], int).reshape(-1, 3).T
    price, holder = auction((i, j, w), (6, 7), steps)
    assert np.all(price >= 0)
    held = {row: column for column, row in enumerate(holder.tolist()) if row >= 0}
    for row, column in held.items():
        gains = [weight - price[c] for (r, c), weight in pairs.items() if r == row]
        assert pairs[row, column] - price[column] >= max(0, *gains) - steps[-1]


@pytest.mark.parametrize("shift", [0, 3])
def test_thousands_that_all_cross_each_other_take_little_memory(shift):
    """A byte for each pair would be 4 MB for the least, and there are several numbers to each."""
    count = 2000
    gold = [("a", i, i + count, "PER") for i in range(count)]
    pred = [("a", i + shift, i + shift + count + 1, "PER") for i in range(count)]
    score_spans(gold[:200], pred[:200])
    tracemalloc.start()
    scores = score_spans(gold, pred, regimes=("partial", "iou@0.5"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * count**2
    assert scores["partial"].cor + scores["partial"].par == count
    assert scores["iou@0.5"].cor >= count - shift


def test_sides_know_their_hull_and_size():
    side = Side.of(
        units([([(5, 9)], 0), ([(0, 2), (4, 6), (8, 9)], 1), ([(3, 4), (7, 9)], 0)]), np.arange(3)
    )
    assert side.start.tolist() == [5, 0, 3]
    assert side.end.tolist() == [9, 9, 9]
    assert side.size.tolist() == [4, 5, 3]


def test_the_heaviest_matching_of_two_sides_that_nothing_connects_is_empty():
    left, right = units([([(0, 2)], 0)]), units([([(2, 4)], 0)])
    found = heaviest(Side.of(left, np.array([0])), Side.of(right, np.array([0])))
    assert [len(each) for each in found] == [0, 0]


def test_an_exact_pair_comes_before_more_pairs():
    gold = units([([(0, 10)], 0), ([(5, 20)], 0)])
    pred = units([([(0, 3)], 0), ([(0, 10)], 0)])
    found = dense.match_dense(gold, pred, np.arange(2), np.arange(2))
    assert (found.gold.tolist(), found.pred.tolist(), found.exact.tolist()) == ([0], [1], [True])
