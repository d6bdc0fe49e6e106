"""Intervals, tests and corrections, against enumeration and known values."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.errors import ScoreError
from factharness.score import Counts, stats
from factharness.score.stats import (
    _heads,
    compare,
    detectable,
    holm,
    interval,
    terms,
    wilson,
)

counts = st.builds(Counts, *[st.integers(0, 4)] * 3)
paired = st.lists(st.tuples(counts, counts), min_size=1, max_size=7)


def f1(values) -> float:
    return sum(values, Counts()).f1 or 0.0


@settings(max_examples=80)
@given(paired)
def test_small_tests_enumerate_every_assignment(pairs):
    first, second = zip(*pairs, strict=True)
    observed = abs(f1(second) - f1(first))
    extreme = 0
    for swaps in itertools.product([False, True], repeat=len(pairs)):
        sides = [[p[swap ^ side] for p, swap in zip(pairs, swaps, strict=True)] for side in (0, 1)]
        extreme += abs(f1(sides[1]) - f1(sides[0])) >= observed - 1e-12
    found = compare(first, second, draws=50)
    assert found.method == "exact"
    assert found.p == pytest.approx(extreme / 2 ** len(pairs))
    assert found.p == compare(second, first, draws=50).p


@given(st.lists(counts, min_size=1, max_size=40))
def test_identical_systems_give_p_1(values):
    found = compare(values, values, draws=50)
    assert (found.p, found.wins, found.losses) == (1, 0, 0)
    assert found.ties == len(values)
    assert found.difference in (0, None)


def _sides(articles: int, lift: float, seed: int = 1):
    rng = np.random.default_rng(seed)
    gold = rng.integers(5, 20, articles)
    sides = []
    for hit in (0.7, 0.7 + lift):
        tp = rng.binomial(gold, hit)
        sides.append(np.stack([tp, rng.poisson(2, articles), gold - tp], axis=1).astype(float))
    return sides


@pytest.mark.parametrize("lift", [0, 0.03, 0.06])
def test_randomisation_agrees_with_enumeration(lift, monkeypatch):
    sides = _sides(15, lift)
    exact = compare(*sides, draws=5000)
    monkeypatch.setattr(stats, "_EXACT", 1)
    drawn = compare(*sides, draws=5000)
    assert (exact.method, drawn.method) == ("exact", "randomisation")
    assert drawn.p == pytest.approx(exact.p, abs=0.03)


def test_a_clear_difference_has_the_least_p_there_is():
    found = compare(*_sides(200, 0.25), draws=999)
    assert found.method == "randomisation"
    assert found.p == pytest.approx(1 / 1000)
    assert found.low > 0


def test_no_difference_is_rarely_significant():
    p = [compare(*_sides(60, 0, seed), draws=199).p for seed in range(60)]
    assert np.mean(np.array(p) <= 0.05) < 0.15
    assert 0.3 < np.mean(p) < 0.7


def test_coins_are_fair_and_as_many_as_asked_for():
    coins = np.array([1, 63, 64, 65, 200])
    heads = _heads(coins, 4000, np.random.default_rng(0))
    assert heads.shape == (4000, 5)
    assert np.all(heads <= coins)
    assert np.all(heads.max(axis=0) > coins / 2)
    assert heads.mean(axis=0) == pytest.approx(coins / 2, rel=0.03)
    assert heads.var(axis=0) == pytest.approx(coins / 4, rel=0.1)


def test_the_interval_is_the_percentile_bootstrap():
    values = _sides(40, 0)[0]
    found = interval(values, draws=4000)
    rng = np.random.default_rng(9)
    drawn = values[rng.integers(0, 40, (4000, 40))].sum(axis=1)
    scores = 2 * drawn[:, 0] / (2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2])
    low, high = np.quantile(scores, [0.025, 0.975])
    assert (found.low, found.high) == (
        pytest.approx(low, abs=0.005),
        pytest.approx(high, abs=0.005),
    )
    assert found.method == "bootstrap"


@pytest.mark.parametrize("chunk", [stats._CHUNK, 1000])
@pytest.mark.parametrize("seed", [0, 5])
def test_the_articles_of_a_draw_depend_on_the_seed_alone(chunk, seed, monkeypatch):
    monkeypatch.setattr(stats, "_CHUNK", chunk)
    articles, draws = 30, 250
    rng = np.random.default_rng([seed, 0])
    drawn = np.concatenate(
        [
            rng.integers(0, articles, size=(min(chunk // articles, draws - done), articles))
            for done in range(0, draws, chunk // articles)
        ]
    )
    for lift in (0.0, 0.5):
        rows = np.random.default_rng(1).random((articles, 2)) + lift
        chunks = stats._resampled(rows, draws, seed)
        assert max(map(len, chunks)) * articles <= chunk
        sums = np.concatenate(chunks)
        assert sums == pytest.approx(np.stack([rows[draw].sum(axis=0) for draw in drawn]))


def test_few_or_many_distinct_articles_draw_alike():
    """Pooled and single draws are two ways to the same distribution."""
    values = _sides(3000, 0)[0]
    distinct = values + np.random.default_rng(2).random(values.shape) * 1e-6
    a, b = interval(values, draws=2000), interval(distinct, draws=2000)
    assert (a.low, a.high) == (pytest.approx(b.low, abs=0.003), pytest.approx(b.high, abs=0.003))


def test_the_interval_of_a_difference_is_mirrored_when_the_sides_are_swapped():
    first = [Counts(n % 5, n % 3, n % 4) for n in range(40)]
    second = [Counts(n % 7, n % 2, n % 3) for n in range(40)]
    there = compare(first, second, draws=500, level=0.8)
    back = compare(second, first, draws=500, level=0.8)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.low < there.difference < there.high


def test_seeds_decide():
    values = _sides(30, 0)[0]
    assert interval(values, draws=100, seed=1) == interval(values, draws=100, seed=1)
    assert interval(values, draws=100, seed=1) != interval(values, draws=100, seed=2)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([Counts(10, 0, 0)], 0.7225, 1.0),
        ([Counts(3, 0, 0), Counts(7, 0, 0)], 0.7225, 1.0),
        ([Counts(0, 10, 10)], 0.0, 0.2775),
    ],
)
def test_wilson_where_resampling_changes_nothing(values, low, high):
    found = interval(values, draws=100)
    assert found.method == "wilson"
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe (1998), table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_values(successes, trials, low, high):
    assert wilson(successes, trials) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=300),
    st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 1.0]),
)
def test_the_bounds_are_the_quantiles_of_numpy_to_the_last_bit(drawn, level):
    expected = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2]).tolist()
    assert list(stats._bounds(np.array(drawn), level)) == expected


def test_undefined_scores_have_no_interval():
    assert interval([], draws=10) is None
    assert interval([Counts(), Counts()], draws=10) is None
    assert interval([Counts(0, 0, 3)], metric="precision", draws=10) is None
    nothing = compare([Counts()], [Counts()], draws=10)
    assert (nothing.difference, nothing.low, nothing.p, nothing.detectable) == (None, None, 1, None)


def test_draws_without_a_score_are_left_out():
    found = interval([Counts(1, 1, 0), Counts(1, 0, 0), Counts(), Counts()], draws=500)
    assert 0 < found.low <= found.high <= 1


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_is_monotone_and_no_smaller(p):
    adjusted = holm(p)
    assert all(a >= b for a, b in zip(adjusted, p, strict=True))
    assert all(0 <= a <= 1 for a in adjusted)
    order = sorted(range(len(p)), key=p.__getitem__)
    assert [adjusted[i] for i in order] == sorted(adjusted)


def test_wins_ties_and_losses():
    first = [Counts(1, 0, 1), Counts(1, 0, 0), Counts(), Counts(0, 1, 0), Counts()]
    second = [Counts(2, 0, 0), Counts(0, 1, 1), Counts(), Counts(), Counts(0, 1, 0)]
    found = compare(first, second, draws=10)
    assert (found.wins, found.ties, found.losses) == (2, 1, 2)


@pytest.mark.parametrize("metric", ["precision", "recall"])
def test_other_metrics(metric):
    first, second = _sides(30, 0.1)
    found = compare(first, second, metric=metric, draws=200)
    totals = [Counts(*side.sum(axis=0)) for side in (first, second)]
    assert found.first == pytest.approx(getattr(totals[0], metric))
    assert found.second == pytest.approx(getattr(totals[1], metric))


def test_what_is_detectable_shrinks_with_more_articles():
    small, large = _sides(25, 0.05), _sides(2500, 0.05)
    assert detectable(*large) < detectable(*small) / 5
    assert detectable(large[0]) > 0
    assert detectable([Counts(1, 1, 1)]) is None


def test_wrong_use():
    with pytest.raises(ScoreError, match="2 articles against 1"):
        compare([Counts(), Counts()], [Counts()])
    with pytest.raises(ScoreError, match="metric"):
        terms([Counts()], "accuracy")


@given(
    scores=st.lists(
        st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=40).map(
            lambda rows: [Counts(*row) for row in rows]
        ),
        max_size=6,
    ),
    metric=st.sampled_from(["f1", "precision", "recall"]),
)
def test_intervals_that_are_drawn_together_are_those_of_each_score(scores, metric):
    together = stats.intervals(scores, metric=metric, draws=200, seed=3)
    assert together == [
        stats.interval(values, metric=metric, draws=200, seed=3) for values in scores
    ]
