"""Compares two runs, or two back ends of a run: differences with their tests, and the facts that flipped."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from factharness.facts import KINDS, Kind
from factharness.score.counts import ALL, CountRow, Counts
from factharness.score.rows import Match
from factharness.score.stats import DRAWS, Difference, Metric, compare, holm

Change: TypeAlias = Literal["gained", "lost", "wrong", "mended"]
RowKey: TypeAlias = tuple[Kind, str, str]
"""Kind, label, regime."""
IdentifiedMatch: TypeAlias = tuple[Match, Hashable]
"""A match, and what identifies its prediction across back ends, such as its label and spans."""


class ComparedRow(Struct, frozen=True):
    """One line of a comparison; ``adjusted`` is Holm's p over all lines of the table."""

    kind: Kind
    label: str
    regime: str
    base: Counts
    head: Counts
    difference: Difference
    adjusted: float


class Flip(Struct, frozen=True):
    """A fact that one side has right, or wrong, and the other does not.

    ``gained``: only the head finds the gold fact; ``lost``: only the base does. ``wrong``: a wrong prediction
    that only the head makes; ``mended``: one that only the base makes. ``match`` is that of the head for
    ``gained`` and ``wrong``, else that of the base.
    """

    change: Change
    match: Match


def compare_counts(
    base: Iterable[CountRow],
    head: Iterable[CountRow],
    *,
    kinds: Collection[Kind] = KINDS,
    regimes: Collection[str] | None = None,
    labels: Collection[str] | None = (ALL,),
    metric: Metric = "f1",
    draws: int = DRAWS,
    seed: int = 0,
) -> list[ComparedRow]:
    """Compare counts of the same articles, line by line; None takes all regimes, or labels.

    Articles that only one side scored are left out, and so are lines that only one side has. Holm's correction
    runs over the lines that are returned.
    """
    tables = _by_row(base), _by_row(head)
    lines = [
        line
        for line in tables[0]
        if line in tables[1]
        and line[0] in kinds
        and (regimes is None or line[2] in regimes)
        and (labels is None or line[1] in labels)
    ]
    found = []
    for kind, label, regime in lines:
        whole = [table[kind, ALL, regime] for table in tables]
        articles = sorted(whole[0].keys() & whole[1].keys())
        if not articles:
            continue
        sides = [
            [table[kind, label, regime].get(article, Counts()) for article in articles]
            for table in tables
        ]
        difference = compare(sides[0], sides[1], metric=metric, draws=draws, seed=seed)
        base_sum, head_sum = (sum(side, Counts()) for side in sides)
        found.append(ComparedRow(kind, label, regime, base_sum, head_sum, difference, difference.p))
    adjusted = holm([row.difference.p for row in found])
    return [structs.replace(row, adjusted=p) for row, p in zip(found, adjusted, strict=True)]


def flips(
    base: Iterable[IdentifiedMatch],
    head: Iterable[IdentifiedMatch],
    *,
    regimes: Mapping[Kind, str],
) -> list[Flip]:
    """What is right, or wrong, on one side only, under one regime for each kind in ``regimes``.

    Each match comes with what identifies its prediction across back ends, say its label and spans (None where
    there is no prediction). Articles that only one side has any match in are left out.
    """
    sides = [_SideMatches(said, regimes) for said in (base, head)]
    shared = sides[0].articles & sides[1].articles
    before, after = sides
    changes: list[tuple[Change, dict[Hashable, Match], dict[Hashable, Match]]] = [
        ("gained", after.right, before.right),
        ("lost", before.right, after.right),
        ("wrong", after.wrong, before.wrong),
        ("mended", before.wrong, after.wrong),
    ]
    found = [
        Flip(change, match)
        for change, mine, other in changes
        for key, match in mine.items()
        if key not in other and match.article in shared
    ]
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(found, key=lambda flip: (flip.match.article, order[flip.match.kind]))


class _SideMatches:
    """The matches of one side by what they are about: gold facts found, and predictions that are wrong."""

    def __init__(self, matches: Iterable[IdentifiedMatch], regimes: Mapping[Kind, str]) -> None:
        self.articles: set[str] = set()
        self.right: dict[Hashable, Match] = {}
        self.wrong: dict[Hashable, Match] = {}
        for match, identity in matches:
            self.articles.add(match.article)
            if match.kind not in regimes or match.ignored:
                continue
            if regimes[match.kind] in match.right:
                self.right[match.article, match.kind, match.gold] = match
            elif match.pred is not None:
                self.wrong[match.article, match.kind, identity] = match


def _by_row(rows: Iterable[CountRow]) -> dict[RowKey, dict[str, Counts]]:
    """Counts by article, per (kind, label, regime)."""
    table: dict[RowKey, dict[str, Counts]] = {}
    for row in rows:
        table.setdefault((row.kind, row.label, row.regime), {})[row.article] = row.counts
    return table
