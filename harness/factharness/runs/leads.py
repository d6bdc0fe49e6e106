"""Finds the leader of each column of the tables, and tests whether its lead may be chance.

The test is the paired one of :mod:`factharness.score.stats` over the articles that both have; Holm's correction
runs over the back ends that the leader is tested against. A back end that borrows a kind takes no part: it
would be tested against itself.

A back end that combines others is tested against each of these in the same way, whoever leads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from factharness.facts import KINDS
from factharness.runs.record import Lead, Manifest
from factharness.score import ALL, Counts
from factharness.score.aggregation import KeptColumn, ScoredColumn
from factharness.score.quote_regimes import APART
from factharness.score.stats import holm, paired_p
from factharness.signature import SEED

Reader: TypeAlias = Callable[[str, str, ScoredColumn], KeptColumn | None]
"""Gives the counts of a gold set, a back end and a column that is tested; None where no article has any. They
are asked for one column after the other: together they would need much memory."""


def tested_columns(manifest: Manifest) -> Iterator[ScoredColumn]:
    """The columns whose leader is tested, and whose numbers have an interval."""
    for kind in KINDS:
        yield kind, ALL, manifest.main_regime(kind)
    yield "date", ALL, "value"
    for label in (ALL, *APART):
        yield "quote", label, manifest.main_regime("quote")
        yield "quote", label, "joint"


def leads(manifest: Manifest, read: Reader) -> Iterator[Lead]:
    """The leader of each gold set and column that at least two back ends compete in."""
    for goldset, (kind, label, regime), sides in _competing(manifest, read):
        found = _lead(sides)
        if found:
            yield Lead(goldset, kind, label, regime, *found)


def against_parts(manifest: Manifest, read: Reader) -> Iterator[Lead]:
    """Each back end that combines others, with its p against each of them that competes in the column."""
    for goldset, (kind, label, regime), sides in _competing(manifest, read):
        for backend in manifest.backends:
            parts = [name for name in backend.combines.get(kind, ()) if name in sides]
            if backend.name in sides and parts:
                p = _tested(sides, backend.name, parts)
                yield Lead(goldset, kind, label, regime, backend.name, p)


def _competing(
    manifest: Manifest, read: Reader
) -> Iterator[tuple[str, ScoredColumn, dict[str, KeptColumn]]]:
    """Gold set, column, and by back end the counts of each article; without those that borrow the kind."""
    for goldset in manifest.goldsets:
        for column in dict.fromkeys(tested_columns(manifest)):
            sides = {}
            for backend in manifest.backends:
                if column[0] in backend.borrows:
                    continue
                counts = read(goldset.name, backend.name, column)
                if counts is not None:
                    sides[backend.name] = counts
            yield goldset.name, column, sides


def _lead(sides: Mapping[str, KeptColumn]) -> tuple[str, dict[str, float]] | None:
    """The back end with the highest F1, and its p against each other one; None when there is no other."""
    sums = {name: Counts(*side.counts.sum(axis=0).tolist()) for name, side in sides.items()}
    known = {name: total.f1 for name, total in sums.items() if total.f1 is not None}
    if len(known) < 2:
        return None
    best = max(known, key=known.__getitem__)
    return best, _tested(sides, best, [name for name in known if name != best])


def _tested(sides: Mapping[str, KeptColumn], one: str, others: Sequence[str]) -> dict[str, float]:
    """The p of one back end against each of the others, after Holm's correction over them."""
    p = [_p(sides[name], sides[one]) for name in others]
    return {name: round(value, 6) for name, value in zip(others, holm(p), strict=True)}


def _p(first: KeptColumn, second: KeptColumn) -> float:
    # An article without a row of this label has no fact of it.
    articles = np.union1d(first.numbers, second.numbers)
    values = []
    for side in (first, second):
        counts = np.zeros((len(articles), 3))
        counts[np.searchsorted(articles, side.numbers)] = side.counts
        values.append(counts)
    return paired_p(*values, seed=SEED)
