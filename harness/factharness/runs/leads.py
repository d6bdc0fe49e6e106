"""Who leads each column of the tables, and whether the lead over the others may be chance.

The test is the paired one of :mod:`factharness.score.stats` over the articles that both have; Holm's correction
runs over the back ends that the leader is tested against. A back end that borrows a kind takes no part: it
would be tested against itself.

A back end that combines others is tested against each of these in the same way, whoever leads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from factharness.facts import KINDS, Kind
from factharness.runs.record import Lead, Manifest
from factharness.score import ALL, CountRow, Counts
from factharness.score.quotes import APART
from factharness.score.stats import holm, paired_p
from factharness.signature import SEED

TestedColumn: TypeAlias = tuple[Kind, str, str]
"""Kind, label, regime."""


def tested_columns(manifest: Manifest) -> Iterator[TestedColumn]:
    """The columns whose leader is tested, and whose numbers have an interval."""
    for kind in KINDS:
        yield kind, ALL, manifest.main_regime(kind)
    yield "date", ALL, "value"
    for label in (ALL, *APART):
        yield "quote", label, manifest.main_regime("quote")
        yield "quote", label, "joint"


def leads(
    manifest: Manifest, counts: Mapping[tuple[str, str], Sequence[CountRow]]
) -> Iterator[Lead]:
    """The leader of each gold set and column that at least two back ends compete in.

    ``counts`` are those of each gold set and back end.
    """
    for goldset, (kind, label, regime), sides in _competing(manifest, counts):
        found = _lead(sides)
        if found:
            yield Lead(goldset, kind, label, regime, *found)


def against_parts(
    manifest: Manifest, counts: Mapping[tuple[str, str], Sequence[CountRow]]
) -> Iterator[Lead]:
    """Each back end that combines others, with its p against each of them that competes in the column."""
    for goldset, (kind, label, regime), sides in _competing(manifest, counts):
        for backend in manifest.backends:
            parts = [name for name in backend.combines.get(kind, ()) if name in sides]
            if backend.name in sides and parts:
                p = _tested(sides, backend.name, parts)
                yield Lead(goldset, kind, label, regime, backend.name, p)


def _competing(
    manifest: Manifest, counts: Mapping[tuple[str, str], Sequence[CountRow]]
) -> Iterator[tuple[str, TestedColumn, dict[str, dict[str, Counts]]]]:
    """Gold set, column, and by back end the counts of each article; without those that borrow the kind."""
    for goldset in manifest.goldsets:
        columns: dict[TestedColumn, dict[str, dict[str, Counts]]] = {
            column: {} for column in tested_columns(manifest)
        }
        for backend in manifest.backends:
            for row in counts.get((goldset.name, backend.name), ()):
                column = row.kind, row.label, row.regime
                if column in columns and row.kind not in backend.borrows:
                    columns[column].setdefault(backend.name, {})[row.article] = row.counts
        for column, sides in columns.items():
            yield goldset.name, column, sides


def _lead(sides: Mapping[str, Mapping[str, Counts]]) -> tuple[str, dict[str, float]] | None:
    """The back end with the highest F1, and its p against each other; None without anybody to compare with."""
    f1 = {name: sum(side.values(), Counts()).f1 for name, side in sides.items()}
    known = {name: value for name, value in f1.items() if value is not None}
    if len(known) < 2:
        return None
    best = max(known, key=known.__getitem__)
    return best, _tested(sides, best, [name for name in known if name != best])


def _tested(
    sides: Mapping[str, Mapping[str, Counts]], one: str, others: Sequence[str]
) -> dict[str, float]:
    """The p of one back end against each of the others, after Holm's correction over them."""
    p = [_p(sides[name], sides[one]) for name in others]
    return {name: round(value, 6) for name, value in zip(others, holm(p), strict=True)}


def _p(first: Mapping[str, Counts], second: Mapping[str, Counts]) -> float:
    # An article without a row of this label has no fact of it.
    articles = sorted(first.keys() | second.keys())
    return paired_p(
        [first.get(article, Counts()) for article in articles],
        [second.get(article, Counts()) for article in articles],
        seed=SEED,
    )
