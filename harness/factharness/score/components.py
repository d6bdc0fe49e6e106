"""Finds the connected components of the overlap graph in which most units overlap most others.

The pairs of such a component are not listed. The units that overlap a unit follow each other by start, or have
it start inside themselves; so all pairs are known from where a run of units begins and where it ends.
"""

from __future__ import annotations

import numpy as np

from factharness.score.overlap import Ints, Units, along

_LARGE = 10_000  # pairs in a component that are listed, however dense it is
_SHARE = 4  # dense: at least one pair of so many overlaps


def dense_components(
    gold: Units, pred: Units, base: Ints, without: tuple[Ints, Ints]
) -> list[tuple[Ints, Ints]]:
    """The gold units and the predictions of each large component in which a quarter of all pairs overlap.

    ``base`` is where each document begins, see :func:`~factharness.score.overlap.axis`; ``without`` are units
    that take no part, and repeats take none either. Fragments count where units have several.
    """
    longest = max(np.bincount(side.place).max(initial=0) for side in (gold, pred))
    if longest**2 <= _LARGE:
        return []
    g_owner, g_start, g_end = along(gold, base, without[0])
    p_owner, p_start, p_end = along(pred, base, without[1])
    # Every fragment of the one side that starts inside one of the other; those at the same place, once.
    runs = [
        (np.searchsorted(p_start, g_start), np.searchsorted(p_start, g_end)),
        (np.searchsorted(g_start, p_start, "right"), np.searchsorted(g_start, p_end)),
    ]
    pairs = [high - low for low, high in runs]
    if sum(int(each.sum()) for each in pairs) <= _LARGE:
        return []
    # Nodes are gold units, then predictions. A run is connected from its first fragment to its last.
    owners = g_owner, p_owner + len(gold)
    edges = []
    for ours, theirs, (low, high) in zip(owners, owners[::-1], runs, strict=True):
        some = low < high
        edges.append((ours[some], theirs[low[some]]))
        begun = np.bincount(low[some], minlength=len(theirs) + 1)
        over = np.bincount(high[some] - 1, minlength=len(theirs) + 1)
        joined = np.flatnonzero(np.cumsum(begun - over)[: len(theirs) - 1])
        edges.append((theirs[joined], theirs[joined + 1]))
    one, other = map(np.concatenate, zip(*edges, strict=True))
    lowest = connected(one, other, len(gold) + len(pred))
    fragments = [np.bincount(lowest[owner], minlength=len(lowest)) for owner in owners]
    overlaps = sum(
        np.bincount(lowest[owner], weights=count, minlength=len(lowest))
        for owner, count in zip(owners, pairs, strict=True)
    )
    dense = np.flatnonzero((overlaps > _LARGE) & (fragments[0] * fragments[1] <= _SHARE * overlaps))
    return [
        (
            np.unique(g_owner[lowest[owners[0]] == each]),
            np.unique(p_owner[lowest[owners[1]] == each]),
        )
        for each in dense.tolist()
    ]


def connected(one: Ints, other: Ints, count: int) -> Ints:
    """For each of ``count`` nodes the lowest that edges from ``one`` to ``other`` connect it with."""
    # Each node points to the lowest one that it is known to be connected with.
    lowest = np.arange(count)
    while np.any(lowest[one] != lowest[other]):
        both = np.minimum(lowest[one], lowest[other])
        np.minimum.at(lowest, np.r_[one, other, lowest[one], lowest[other]], np.tile(both, 4))
        lowest = lowest[lowest]
    return lowest
