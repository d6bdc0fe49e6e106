"""How far a number can be trusted: intervals, paired tests, corrections, power.

The unit that is resampled is the article. A score is a ratio of two sums over articles: F1 is
``sum(2 tp) / sum(gold + pred)``, precision ``sum(tp) / sum(pred)``, recall ``sum(tp) / sum(gold)``; so articles
with the same two terms are interchangeable, and are drawn together.

Sources: percentile bootstrap (Efron 1979), approximate randomisation (Noreen 1989; Yeh 2000) with
``p = (c + 1) / (n + 1)`` (Davison & Hinkley 1997, eq. 4.11; Phipson & Smyth 2010), Holm (1979), Wilson (1927),
ratio estimator (Cochran 1977, ch. 6), power (Card et al. 2020, *With little power comes great
responsibility*).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct

from factharness.errors import ScoreError
from factharness.score.counts import Counts
from factharness.score.overlap import Floats, Ints

Metric: TypeAlias = Literal["f1", "precision", "recall"]
Values: TypeAlias = Sequence[Counts] | Floats
"""Counts per article: :class:`Counts`, or an (articles, 3) array of tp, fp, fn."""

DRAWS = 10_000
_EXACT = 100_000  # assignments that are enumerated rather than drawn
_CHUNK = 2_000_000  # drawn numbers held at a time
_BINOMIAL_COST = 12  # one binomial takes about as long as looking up this many articles
_SAME = 1e-12  # two differences of F1 no further apart are equal up to rounding


class Interval(Struct, frozen=True):
    """An interval of a score.

    ``method`` is ``bootstrap``, or ``wilson`` where resampling articles never changes the score.
    """

    low: float
    high: float
    method: Literal["bootstrap", "wilson"]
    level: float
    draws: int
    seed: int


class Difference(Struct, frozen=True):
    """One back end against another on the same articles; ``difference`` is second minus first.

    ``low``, ``high``
        its paired bootstrap interval.
    ``p``
        two-sided, of the hypothesis that the two are exchangeable article by article; ``method`` is ``exact``
        when all assignments were enumerated.
    ``wins``, ``ties``, ``losses``
        articles on which the second is better, as good, worse.
    ``detectable``
        the difference such a comparison finds with 80 % power at 5 %, by this sample's variance.
    """

    metric: Metric
    articles: int
    first: float | None
    second: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float
    method: Literal["exact", "randomisation"]
    wins: int
    ties: int
    losses: int
    detectable: float | None
    draws: int
    seed: int


def terms(values: Values, metric: Metric = "f1") -> Floats:
    """Numerator and denominator per article, (articles, 2)."""
    if isinstance(values, np.ndarray):
        counts = values.astype(np.float64).reshape(-1, 3)
    else:
        counts = np.array([(c.tp, c.fp, c.fn) for c in values], dtype=np.float64).reshape(-1, 3)
    tp, fp, fn = counts.T
    if metric == "f1":
        return np.stack([2 * tp, 2 * tp + fp + fn], axis=1)
    if metric == "precision":
        return np.stack([tp, tp + fp], axis=1)
    if metric == "recall":
        return np.stack([tp, tp + fn], axis=1)
    raise ScoreError(f"unknown metric {metric!r}", remedy="one of f1, precision, recall")


def interval(
    values: Values,
    *,
    metric: Metric = "f1",
    draws: int = DRAWS,
    seed: int = 0,
    level: float = 0.95,
) -> Interval | None:
    """The percentile bootstrap interval of a score over articles; None where the score is undefined.

    Draws in which the score is undefined are left out. Where every draw gives the same score (it is 0 or 1, or
    there is one article) the interval is Wilson's, on as many trials as the score has facts: predictions for
    precision, gold for recall, the mean of the two for F1.
    """
    (found,) = intervals([values], metric=metric, draws=draws, seed=seed, level=level)
    return found


def intervals(
    scores: Iterable[Values],
    *,
    metric: Metric = "f1",
    draws: int = DRAWS,
    seed: int = 0,
    level: float = 0.95,
) -> list[Interval | None]:
    """The :func:`interval` of each score; scores over as many articles share their draws, which saves time."""
    sides = [terms(values, metric) for values in scores]
    found: list[Interval | None] = [None] * len(sides)
    together: dict[int, list[int]] = {}
    for place, pairs in enumerate(sides):
        if not pairs[:, 1].sum():  # undefined
            continue
        if _few_kinds(pairs):
            drawn = [_score(sums) for sums in _resampled(pairs, draws, seed)]
            found[place] = _interval(pairs, np.concatenate(drawn), metric, level, draws, seed)
        else:
            together.setdefault(len(pairs), []).append(place)
    for places in together.values():
        beside = np.hstack([sides[place] for place in places])
        shape = -1, len(places), 2
        drawn = [_score(sums.reshape(shape)) for sums in _resampled_by_article(beside, draws, seed)]
        for place, each in zip(places, np.concatenate(drawn).T, strict=True):
            found[place] = _interval(sides[place], each, metric, level, draws, seed)
    return found


def _interval(
    pairs: Floats, drawn: Floats, metric: Metric, level: float, draws: int, seed: int
) -> Interval:
    """The interval of a defined score, by what it was in each draw."""
    drawn = drawn[~np.isnan(drawn)]
    if drawn.max() - drawn.min() <= _SAME:
        whole = float(_score(pairs.sum(axis=0)))
        trials = float(pairs[:, 1].sum()) / (2 if metric == "f1" else 1)
        low, high = wilson(whole * trials, trials, level)
        return Interval(low, high, "wilson", level, draws, seed)
    low, high = _bounds(drawn, level)
    return Interval(low, high, "bootstrap", level, draws, seed)


def compare(
    first: Values,
    second: Values,
    *,
    metric: Metric = "f1",
    draws: int = DRAWS,
    seed: int = 0,
    level: float = 0.95,
) -> Difference:
    """Compare two back ends by their counts on the same articles, in the same order.

    The test swaps the two on articles chosen by coin, ``draws`` times, and counts how often the difference
    is at least as large either way as the one observed; all assignments are enumerated when there are at most
    100 000. Articles on which the two do not differ change nothing and are not swapped. Raises
    :class:`ScoreError` when the numbers of articles differ.
    """
    a, b = terms(first, metric), terms(second, metric)
    if len(a) != len(b):
        raise ScoreError(f"{len(a)} articles against {len(b)}", remedy="compare the same articles")
    scores = [float(_score(side.sum(axis=0))) for side in (a, b)]
    difference = scores[1] - scores[0]
    low = high = None
    if not math.isnan(difference):
        drawn = [
            _score(sums[:, 2:]) - _score(sums[:, :2])
            for sums in _resampled(np.hstack([a, b]), draws, seed)
        ]
        found = np.concatenate(drawn)
        low, high = _bounds(found[~np.isnan(found)], level)
    p, method = _paired_test(a, b, draws, seed)
    wins, ties, losses = _contest(a, b, metric)
    return Difference(
        metric=metric,
        articles=len(a),
        first=_defined(scores[0]),
        second=_defined(scores[1]),
        difference=_defined(difference),
        low=low,
        high=high,
        p=p,
        method=method,
        wins=wins,
        ties=ties,
        losses=losses,
        detectable=detectable(first, second, metric=metric),
        draws=draws,
        seed=seed,
    )


def paired_p(first: Values, second: Values, *, draws: int = DRAWS, seed: int = 0) -> float:
    """The p of :func:`compare` for F1, without the intervals."""
    return _paired_test(terms(first), terms(second), draws, seed)[0]


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment: the smallest p times m, the next times m - 1, ..., never falling, at most 1.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def wilson(successes: float, trials: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a proportion.

    >>> tuple(round(x, 4) for x in wilson(10, 10))
    (0.7225, 1.0)
    """
    if trials <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials)
    half *= math.sqrt(max(share * (1 - share), 0) / trials + z * z / (4 * trials**2))
    low = 0.0 if share <= 0 else max(0.0, centre - half)
    return low, 1.0 if share >= 1 else min(1.0, centre + half)


def detectable(
    first: Values,
    second: Values | None = None,
    *,
    metric: Metric = "f1",
    level: float = 0.95,
    power: float = 0.8,
) -> float | None:
    """About the smallest difference that a set of this size can show; None when its articles do not vary.

    ``(z[1 - alpha / 2] + z[power])`` standard errors of the difference, by the ratio estimator's
    linearisation. With one back end only, it is the difference between two that are independent of each other
    and vary as this one does; two back ends that mostly agree can be told apart by a smaller difference.
    """
    sides = [terms(values, metric) for values in (first, second) if values is not None]
    articles = len(sides[0])
    if articles < 2 or any(side[:, 1].sum() == 0 for side in sides):
        return None
    residuals = [
        (side[:, 0] - _score(side.sum(axis=0)) * side[:, 1]) / side[:, 1].sum() for side in sides
    ]
    if len(residuals) == 1:
        variance = 2 * float(np.sum(residuals[0] ** 2))
    else:
        variance = float(np.sum((residuals[1] - residuals[0]) ** 2))
    if variance == 0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2) + NormalDist().inv_cdf(power)
    return z * math.sqrt(variance * articles / (articles - 1))


def articles_needed(
    first: Values,
    second: Values,
    difference: float,
    *,
    metric: Metric = "f1",
    level: float = 0.95,
    power: float = 0.8,
) -> int | None:
    """About how many articles, such as these are, show a true ``difference`` of two back ends with this power.

    The sample size of a paired comparison, ``((z[1 - alpha / 2] + z[power]) * s / difference) ** 2`` (Cochran
    1977, ch. 4; Card et al. 2020 on power in NLP). ``s / sqrt(articles)`` is the standard error of the
    difference of the two ratios, as in :func:`detectable`. None when the articles do not vary, or are fewer
    than two.
    """
    here = detectable(first, second, metric=metric, level=level, power=power)
    if here is None:
        return None
    return max(2, math.ceil(len(terms(first, metric)) * (here / difference) ** 2))


def _score(sums: Floats) -> Floats:
    """Numerator over denominator along the last axis; nan where that is 0."""
    part, whole = sums[..., 0], sums[..., 1]
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole != 0)


def _defined(score: float) -> float | None:
    return None if math.isnan(score) else score


def _bounds(drawn: Floats, level: float) -> tuple[float, float]:
    """The two quantiles between which ``level`` of the drawn numbers lie.

    The numbers are those of ``numpy.quantile`` to the last bit, which costs more than a small bootstrap.
    """
    last = len(drawn) - 1
    places = [(1 - level) / 2 * last, (1 + level) / 2 * last]
    floors = [math.floor(place) for place in places]
    around = [(floor, min(floor + 1, last)) for floor in floors]
    ordered = np.partition(drawn, sorted({at for pair in around for at in pair}))
    low, high = (
        _between(float(ordered[one]), float(ordered[next_]), place - floor)
        for (one, next_), place, floor in zip(around, places, floors, strict=True)
    )
    return low, high


def _between(one: float, other: float, share: float) -> float:
    """The number that lies ``share`` of the way from ``one`` to ``other``, counted from the nearer end."""
    step = other - one
    return one + step * share if share < 0.5 else other - step * (1 - share)


def _pooled(rows: Floats) -> tuple[Floats, Ints]:
    """The distinct rows and how often each occurs."""
    ordered = rows[np.lexsort(rows.T[::-1])]
    first = np.flatnonzero(np.r_[True, np.any(ordered[1:] != ordered[:-1], axis=1)])
    return ordered[first], np.diff(np.r_[first, len(rows)])


def _few_kinds(rows: Floats) -> bool:
    """Whether so few rows differ that drawing how often each comes costs less than drawing articles."""
    return len(set(map(tuple, rows.tolist()))) * _BINOMIAL_COST < len(rows)


def _resampled(rows: Floats, draws: int, seed: int) -> list[Floats]:
    """Sums of ``rows`` over articles drawn with replacement, in chunks of (draws, columns)."""
    if not _few_kinds(rows):
        return _resampled_by_article(rows, draws, seed)
    distinct, times = _pooled(rows)
    rng = np.random.default_rng([seed, 0])
    step = max(1, _CHUNK // len(distinct))
    return [
        rng.multinomial(len(rows), times / len(rows), size=min(step, draws - done)) @ distinct
        for done in range(0, draws, step)
    ]


def _resampled_by_article(rows: Floats, draws: int, seed: int) -> list[Floats]:
    return [often @ rows for often in _draws_by_article(len(rows), draws, seed)]


def _draws_by_article(articles: int, draws: int, seed: int) -> Iterable[Floats]:
    """How often each article is drawn, in chunks of (draws, articles).

    It depends on the number of articles alone. Where one chunk is enough, the last one is kept, since most
    scores of a run are over the same articles.
    """
    if articles * draws <= _CHUNK:
        return [_draw_articles_once(articles, draws, seed)]
    rng = np.random.default_rng([seed, 0])
    step = max(1, _CHUNK // articles)
    return (
        _draw_articles(articles, min(step, draws - done), rng) for done in range(0, draws, step)
    )


@lru_cache(maxsize=1)
def _draw_articles_once(articles: int, draws: int, seed: int) -> Floats:
    often = _draw_articles(articles, draws, np.random.default_rng([seed, 0]))
    often.flags.writeable = False
    return often


def _draw_articles(articles: int, draws: int, rng: np.random.Generator) -> Floats:
    drawn = rng.integers(0, articles, size=(draws, articles))
    drawn += articles * np.arange(draws)[:, None]  # a range of codes for every draw
    often = np.bincount(drawn.ravel(), minlength=articles * draws)
    return often.reshape(draws, articles).astype(np.float64)


def _paired_test(
    a: Floats, b: Floats, draws: int, seed: int
) -> tuple[float, Literal["exact", "randomisation"]]:
    """p of the observed difference among those with the two sides swapped article by article."""
    total = np.r_[a.sum(axis=0), b.sum(axis=0)]
    observed = _gap(total[None, :], np.zeros((1, 2)))[0]
    moved = b - a
    moved = moved[np.any(moved != 0, axis=1)]
    if 2 ** len(moved) <= _EXACT:
        swaps = (np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved))) & 1
        gaps = _gap(total[None, :], swaps @ moved)
        return float(np.mean(gaps >= observed - _SAME)), "exact"
    distinct, times = _pooled(moved)
    sides = distinct.tobytes(), times.tobytes(), total.tobytes()
    extreme = _extreme(*sides, float(observed), draws, seed)
    return (extreme + 1) / (draws + 1), "randomisation"


@lru_cache(maxsize=256)
def _extreme(
    distinct: bytes, times: bytes, total: bytes, observed: float, draws: int, seed: int
) -> int:
    """In how many random assignments the difference is at least as large as the observed one.

    The arrays are given as bytes, so that what was tested once is known: a run tests the same pairs for who
    leads a column, for what a combination adds to its parts, and for the page.
    """
    rows, coins, sums = (
        np.frombuffer(distinct).reshape(-1, 2),
        np.frombuffer(times, dtype=np.int64),
        np.frombuffer(total)[None, :],
    )
    rng = np.random.default_rng([seed, 1])
    step = max(1, _CHUNK // len(rows))
    extreme = 0
    for done in range(0, draws, step):
        swapped = _heads(coins, min(step, draws - done), rng)
        extreme += int(np.sum(_gap(sums, swapped @ rows) >= observed - _SAME))
    return extreme


def _heads(coins: Ints, draws: int, rng: np.random.Generator) -> Ints:
    """How many of ``coins[k]`` fair coins show heads, (draws, k): the bits set in random words."""
    words = -(-coins // 64)
    first = np.cumsum(words) - words
    used = np.full(words.sum(), 2**64 - 1, dtype=np.uint64)
    last = (coins % 64).astype(np.uint64)
    cut = np.flatnonzero(last)
    used[(first + words - 1)[cut]] = (np.uint64(1) << last[cut]) - np.uint64(1)
    bits = rng.integers(0, 2**64, size=(draws, len(used)), dtype=np.uint64) & used
    heads: Ints = np.bitwise_count(bits)
    if len(used) == len(coins):  # a word for each: nothing to add up
        return heads.astype(np.int64)
    return np.add.reduceat(heads, first, axis=1, dtype=np.int64)


def _gap(total: Floats, moved: Floats) -> Floats:
    """The absolute difference after what is ``moved`` has changed sides; an undefined score is 0."""
    first = np.nan_to_num(_score(total[:, :2] + moved))
    second = np.nan_to_num(_score(total[:, 2:] - moved))
    return np.abs(second - first)


def _contest(a: Floats, b: Floats, metric: Metric) -> tuple[int, int, int]:
    """Articles on which b is better, as good, worse.

    Where just one of the two is undefined they tie, except that for F1 undefined means that there was
    nothing to find and nothing was found, which beats finding something.
    """
    x, y = _score(a), _score(b)
    if metric == "f1":
        x, y = np.where(np.isnan(x), 1.0, x), np.where(np.isnan(y), 1.0, y)
    wins, losses = int(np.sum(y > x + _SAME)), int(np.sum(y < x - _SAME))
    return wins, len(a) - wins - losses, losses
