"""Tests which back ends differ by more than chance: every pair on every measure, over the same articles.

The tests are those of :mod:`factharness.score.comparison`; here the pairs are chosen, and back ends that are
alike in every article are treated as one. A lead is judged here and in the tables by the same numbers: the p of
the best against each other back end is the one that the run has kept (:mod:`factharness.runs.leads`), after
Holm's correction over those that the best is tested against. All other pairs are corrected over all pairs of
their measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from msgspec import Struct
from msgspec.structs import replace

from factharness.facts import KINDS, Kind
from factharness.runs.record import ArticleResult, Lead, Manifest, Run
from factharness.score import ALL, CountRow, Counts
from factharness.score.comparison import compare_counts
from factharness.score.stats import DRAWS, Difference, holm
from factharness.signature import SEED

ALSO: dict[Kind, tuple[str, ...]] = {"entity": (), "date": ("value",), "quote": ("joint",)}
"""What is compared besides the first regime of the suite."""
ALL_PAIRS = 6
MANY_ARTICLES = 1000
"""With more back ends or articles than these, only the best is compared with each of the others: a table of
hundreds of lines helps nobody."""
_ARTICLE_DRAWS = 2_000_000  # articles drawn for one line: as many as are kept for the next line

Counted = Mapping[str, Mapping[str, Counts]]
"""By back end and article: the counts of one kind under one regime, all labels together."""


class BackendPair(Struct, frozen=True):
    """A line: the better back end against another, or several that are alike in every article.

    ``difference`` is ``first`` minus ``second``; ``adjusted`` its p after Holm's correction.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    difference: Difference
    adjusted: float

    @property
    def significant(self) -> bool:
        """Whether it is more than chance, at 5 %."""
        return self.adjusted < 0.05


class ComparedMeasure(Struct, frozen=True):
    """All pairs on one kind under one regime. ``alike`` has the back ends, best first, each with those that got
    the same counts in every article."""

    kind: Kind
    regime: str
    alike: tuple[tuple[str, ...], ...]
    pairs: tuple[BackendPair, ...]
    articles: int

    @property
    def lead(self) -> BackendPair | None:
        """The best against the next best; None when all are alike, or nothing is defined."""
        return next((p for p in self.pairs if p.first == self.alike[0]), None)


def measures(manifest: Manifest) -> list[tuple[Kind, str]]:
    """The kinds and regimes that are compared, under the names by which they are stored."""
    return [
        (kind, regime)
        for kind in KINDS
        for regime in dict.fromkeys((manifest.main_regime(kind), *ALSO[kind]))
    ]


class Counting:
    """Collects the counts per article of everything that is compared, while something reads the results."""

    def __init__(self, run: Run) -> None:
        self._asked = set(measures(run.manifest))
        self._backends = [backend.name for backend in run.manifest.backends]
        self._found: dict[tuple[str, Kind, str], dict[str, dict[str, Counts]]] = {}

    def add(self, backend: str, result: ArticleResult) -> None:
        """The counts of one back end on one article."""
        for row in result.counts:
            if row.label == ALL and (row.kind, row.regime) in self._asked:
                by_backend = self._found.setdefault((result.goldset, row.kind, row.regime), {})
                by_backend.setdefault(backend, {})[row.article] = row.counts

    @property
    def counts(self) -> dict[tuple[str, Kind, str], dict[str, dict[str, Counts]]]:
        """By (gold set, kind, regime), back end in the order of the suite, and article."""
        return {
            measure: {name: by_backend[name] for name in self._backends if name in by_backend}
            for measure, by_backend in self._found.items()
        }


def counted(run: Run) -> dict[tuple[str, Kind, str], dict[str, dict[str, Counts]]]:
    """The counts of everything that is compared. Reads the results of each back end once."""
    counting = Counting(run)
    for backend in dict.fromkeys(one.backend for one in run.scores.backends):
        for result in run.results(backend):
            counting.add(backend, result)
    return counting.counts


def compare(
    goldset: str,
    counts: Mapping[tuple[str, Kind, str], Counted],
    asked: Iterable[tuple[Kind, str]],
    leads: Iterable[Lead] = (),
) -> list[ComparedMeasure]:
    """Every measure that at least two back ends have on a gold set, with its pairs.

    ``leads`` are those that the run has kept, of any gold set and column.
    """
    kept = {
        (lead.kind, lead.regime): lead
        for lead in leads
        if (lead.goldset, lead.label) == (goldset, ALL)
    }
    return [
        _measure(kind, regime, counts[goldset, kind, regime], kept.get((kind, regime)))
        for kind, regime in asked
        if len(counts.get((goldset, kind, regime), ())) > 1
    ]


def draws(articles: int) -> int:
    """The number of random draws: 10 000, and fewer on sets of more than 200 articles."""
    return min(DRAWS, max(1000, _ARTICLE_DRAWS // max(1, articles)))


def _measure(kind: Kind, regime: str, counts: Counted, lead: Lead | None) -> ComparedMeasure:
    alike: dict[tuple[tuple[str, Counts], ...], list[str]] = {}
    for name, by_article in counts.items():
        alike.setdefault(tuple(sorted(by_article.items(), key=_article)), []).append(name)
    groups = sorted(map(tuple, alike.values()), key=lambda names: -_f1(counts[names[0]]))
    articles = len(set.intersection(*(set(one) for one in counts.values())))
    pairs = _corrected(list(_pairs(kind, regime, counts, groups)), groups[0], lead)
    return ComparedMeasure(kind, regime, tuple(groups), tuple(pairs), articles)


def _corrected(
    pairs: Sequence[BackendPair], best: tuple[str, ...], lead: Lead | None
) -> Iterator[BackendPair]:
    """The pairs of a measure, with their p after Holm's correction."""
    of_all = holm([pair.difference.p for pair in pairs])
    of_best = iter(holm([pair.difference.p for pair in pairs if pair.first == best]))
    kept = lead.p if lead is not None and lead.backend in best else {}
    for pair, adjusted in zip(pairs, of_all, strict=True):
        if pair.first == best:
            adjusted = next(of_best)
            adjusted = max((kept[name] for name in pair.second if name in kept), default=adjusted)
        yield replace(pair, adjusted=adjusted)


def _pairs(
    kind: Kind, regime: str, counts: Counted, groups: Sequence[tuple[str, ...]]
) -> Iterator[BackendPair]:
    few = len(groups) <= ALL_PAIRS and len(counts[groups[0][0]]) <= MANY_ARTICLES
    chosen = combinations(groups, 2) if few else ((groups[0], other) for other in groups[1:])
    for first, second in chosen:
        sides = [
            [
                CountRow(article, kind, ALL, regime, value)
                for article, value in counts[names[0]].items()
            ]
            for names in (second, first)
        ]
        times = draws(min(map(len, sides)))
        for row in compare_counts(*sides, draws=times, seed=SEED):
            if row.difference.difference is not None:
                yield BackendPair(first, second, row.difference, row.difference.p)


def _article(item: tuple[str, Counts]) -> str:
    return item[0]


def _f1(by_article: Mapping[str, Counts]) -> float:
    f1 = sum(by_article.values(), Counts()).f1
    return -1.0 if f1 is None else f1
