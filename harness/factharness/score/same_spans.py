"""Finds partners with exactly the same span without looking at every pair.

Most facts that a back end finds have exactly the span of a gold fact. Where many facts of both sides have the
same span, there is a pair for each fact of the one with each of the other; such spans are settled here, too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from factharness.score.overlap import Bools, Ints, Units


def same_spans(gold: Units, pred: Units, base: Ints) -> tuple[Ints, Ints]:
    """Units with the same span that are partners in the optimal matching: gold, predictions.

    They are, for a span that each side has once, these two units; for any other span, the two units of a label
    that each side has there once (a unit that repeats another one never is); and those of :func:`_crowds`.
    ``base`` is where each document begins, see :func:`~factharness.score.overlap.axis`. None are returned where
    units have several fragments: these are left to the search that follows.
    """
    sides = gold, pred
    longest = int(np.diff(base).max(initial=0)) + 1
    if any(units.owner is not None for units in sides) or base[-1] >= 2**62 // longest:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    # By start, then by end.
    spans = [
        units.start * (longest - 1) + units.end + (base * longest)[units.doc] for units in sides
    ]
    found = once_each(*spans)
    if not any(np.any(keys[1:] == keys[:-1]) for keys in spans):
        return found
    numbers = np.unique(np.concatenate(spans))
    left = [
        _Left(units, np.arange(len(units)), np.searchsorted(numbers, keys)).without(places)
        for units, keys, places in zip(sides, spans, found, strict=True)
    ]
    named = once_each(*_named(left))
    more = [side.unit[places] for side, places in zip(left, named, strict=True)]
    left = [side.without(places) for side, places in zip(left, named, strict=True)]
    g, p = map(np.concatenate, zip(found, more, _crowds(left, base), strict=True))
    return g, p


def once_each(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """The places, in each of two arrays, of the values that both have exactly once."""
    both = np.concatenate([one, other])
    order = np.argsort(both, kind="stable")  # quick where both are sorted
    both = both[order]
    differs = np.ones(len(both) + 1, dtype=bool)
    np.not_equal(both[1:], both[:-1], out=differs[1:-1])
    at = np.flatnonzero(differs[:-2] & ~differs[1:-1] & differs[2:])
    first, second = order[at], order[at + 1] - len(one)
    across = (first < len(one)) & (second >= 0)
    return (first, second) if across.all() else (first[across], second[across])


class _Left(Struct, frozen=True):
    """The units of one side that have no partner yet, and the numbers of their spans, both (n,)."""

    units: Units
    unit: Ints
    span: Ints

    def without(self, places: Ints | Bools) -> _Left:
        """These units but those at ``places``."""
        kept = np.ones(len(self.unit), dtype=bool)
        kept[places] = False
        return _Left(self.units, self.unit[kept], self.span[kept])

    def along(self, base: Ints) -> tuple[Ints, Ints]:
        """Their starts and ends on the common axis."""
        shift = base[self.units.doc[self.unit]]
        return self.units.start[self.unit] + shift, self.units.end[self.unit] + shift

    def first(self, spans: Ints, most: Ints) -> Ints:
        """Of each of ``spans`` at most so many units, counted ones before others; by span, then by unit."""
        at = np.searchsorted(spans, self.span)
        inside = np.flatnonzero(np.append(spans, -1)[at] == self.span)
        unit, at = self.unit[inside], at[inside]
        order = np.lexsort((unit, ~self.units.counted[unit], at))
        unit, at = unit[order], at[order]
        kept = np.arange(len(at)) - np.searchsorted(at, at) < most[at]
        found: Ints = unit[kept][np.lexsort((unit[kept], at[kept]))]
        return found


def _named(sides: Sequence[_Left]) -> list[Ints]:
    """For each side, a number for the span and label of each unit."""
    labels = max(int(side.units.label.max(initial=0)) for side in sides) + 1
    return [side.span * labels + side.units.label[side.unit] for side in sides]


def _crowds(sides: Sequence[_Left], base: Ints) -> tuple[Ints, Ints]:
    """Partners on spans that no other span overlaps, and on which no label is on both sides.

    All pairs on such a span are alike but for don't-care gold. So counted gold is matched before any other, and
    of what is matched the first gold unit gets the first prediction.
    """
    sides = gold, pred = [side.without(side.units.repeats[side.unit]) for side in sides]
    spans, at, _ = np.intersect1d(gold.span, pred.span, return_indices=True)
    start, end = (bounds[at] for bounds in gold.along(base))
    alone = np.ones(len(spans), dtype=bool)
    most = np.full(len(spans), len(gold.unit))
    for side in sides:
        starts, ends = map(np.sort, side.along(base))
        begun, over = np.searchsorted(starts, end, "left"), np.searchsorted(ends, start, "right")
        ordered = np.sort(side.span)
        here = np.searchsorted(ordered, spans, "right") - np.searchsorted(ordered, spans, "left")
        alone &= begun - over == here
        most = np.minimum(most, here)
    named = _named(sides)
    alone &= ~np.isin(spans, gold.span[np.isin(named[0], named[1])])
    spans, most = spans[alone], most[alone]
    return gold.first(spans, most), pred.first(spans, most)
