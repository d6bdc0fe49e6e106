"""Finds which spans of two sets overlap, and by how many characters, for a whole corpus at once.

A *unit* is what is matched: an entity, a date, a quote. It has one fragment, or several where its content
is discontinuous. Documents are laid end to end on one axis, so that a sort and two binary searches find
every overlapping pair of every document; no pair that does not overlap is ever looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise, starmap
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]


class Units(Struct, frozen=True, dict=True):
    """``n`` units with ``m >= n`` fragments, in canonical order (document, offsets, label, ...).

    ``doc``, ``label`` (n,)
        codes of the document and of the label; label codes follow the labels' own sort order.
    ``owner`` (m,) or None
        the unit each fragment belongs to; None where every unit has one.
    ``start``, ``end`` (m,)
        the half-open offsets of the fragments. Fragments of one unit do not overlap.
    ``counted`` (n,)
        False on don't-care gold.
    ``repeats`` (n,)
        True on a prediction that says again what an earlier one said; it can match nothing.
    """

    doc: Ints
    label: Ints
    owner: Ints | None
    start: Ints
    end: Ints
    counted: Bools
    repeats: Bools

    def __len__(self) -> int:
        return len(self.doc)

    @property
    def place(self) -> Ints:
        """The document of each fragment, (m,)."""
        return self.doc if self.owner is None else self.doc[self.owner]

    def cut(self, docs: Ints) -> Iterator[UnitBlock]:
        """The units of the documents from each of ``docs`` to the next; units are sorted by document."""
        at = np.searchsorted(self.doc, docs)
        parts = at if self.owner is None else np.searchsorted(self.owner, at)
        for (first, beyond), units, fragments in zip(
            pairwise(docs.tolist()),
            starmap(slice, pairwise(at.tolist())),
            starmap(slice, pairwise(parts.tolist())),
            strict=True,
        ):
            cut = Units(
                self.doc[units] - first,
                self.label[units],
                None if self.owner is None else self.owner[fragments] - units.start,
                self.start[fragments],
                self.end[fragments],
                self.counted[units],
                self.repeats[units],
            )
            yield UnitBlock(units.start, beyond - first, cut)

    @cached_property
    def size(self) -> Ints:
        """Characters per unit, (n,)."""
        if self.owner is None:
            return self.end - self.start
        return _sums(self.owner, self.end - self.start, len(self))


class UnitBlock(Struct, frozen=True):
    """The units of ``docs`` documents that follow each other; ``first`` is the number of the first unit."""

    first: int
    docs: int
    units: Units


class Pairs(Struct, frozen=True):
    """Overlapping pairs: indices into gold and prediction, the characters they share, and whether these are
    all that either has; all (k,)."""

    gold: Ints
    pred: Ints
    shared: Ints
    exact: Bools


def totals(keys: Ints, weights: Ints | Floats, size: int) -> Floats:
    """The sum of ``weights`` per key, (size,); whole numbers stay exact up to 2**53."""
    return np.bincount(keys, weights=weights, minlength=size).astype(np.float64)


def _sums(keys: Ints, values: Ints, size: int) -> Ints:
    """:func:`totals` of whole numbers, as such."""
    return totals(keys, values, size).astype(np.int64)


_ROOM = 2**44  # characters on the common axis up to which all documents are as long as the longest


def axis(docs: int, *sides: tuple[Ints, Ints]) -> Ints:
    """Where each of ``docs`` documents begins when they are laid end to end; (docs + 1,).

    ``sides`` are (document, end) pairs. No document is shorter than its furthest end: all are as long as the
    longest, or where that would take too much room, each is as long as it is.
    """
    longest = max((int(end.max(initial=0)) for _, end in sides), default=0)
    if docs * longest <= _ROOM:
        return np.arange(docs + 1) * longest
    length = np.zeros(docs + 1, dtype=np.int64)
    for doc, end in sides:
        if len(doc) and np.all(doc[:-1] <= doc[1:]):
            first = np.flatnonzero(np.r_[True, doc[1:] != doc[:-1]])
            present = doc[first] + 1
            length[present] = np.maximum(length[present], np.maximum.reduceat(end, first))
        else:
            np.maximum.at(length, doc + 1, end)
    return np.cumsum(length)


def _expand(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Every (i, j) with ``low[i] <= j < high[i]``."""
    width = high - low
    left = np.repeat(np.arange(len(low)), width)
    right = np.arange(len(left)) + np.repeat(low - (np.cumsum(width) - width), width)
    return left, right


def join(a_start: Ints, a_end: Ints, b_start: Ints, b_end: Ints) -> tuple[Ints, Ints]:
    """Indices of the overlapping pairs of two sets of non-empty intervals, each sorted by start.

    Two intervals overlap when one starts inside the other: either b starts in ``[a.start, a.end)``, or a starts
    in ``(b.start, b.end)``. The two cases exclude each other. Where no b lies inside another, those that
    overlap an a follow each other, from the first that ends after it starts to the last that starts before it
    ends.
    """
    if np.all(b_end[1:] >= b_end[:-1]):
        return _expand(
            np.searchsorted(b_end, a_start, "right"), np.searchsorted(b_start, a_end, "left")
        )
    a_first, b_inside = _expand(
        np.searchsorted(b_start, a_start, "left"), np.searchsorted(b_start, a_end, "left")
    )
    b_first, a_inside = _expand(
        np.searchsorted(a_start, b_start, "right"), np.searchsorted(a_start, b_end, "left")
    )
    return np.concatenate([a_first, a_inside]), np.concatenate([b_inside, b_first])


def overlapping(
    gold: Units, pred: Units, base: Ints, without: tuple[Ints, Ints] | None = None
) -> Pairs:
    """All pairs of a gold and a predicted unit of the same document that share a character.

    ``base`` is where each document begins, see :func:`axis`; ``without`` are gold and predicted units to leave
    out. Repeats take no part.
    """
    g_without, p_without = without if without is not None else (None, None)
    g_owner, g_start, g_end = along(gold, base, g_without)
    p_owner, p_start, p_end = along(pred, base, p_without)
    i, j = join(g_start, g_end, p_start, p_end)
    shared = np.minimum(g_end[i], p_end[j]) - np.maximum(g_start[i], p_start[j])
    g, p = g_owner[i], p_owner[j]
    if gold.owner is not None or pred.owner is not None:
        keys, which = np.unique(g * max(len(pred), 1) + p, return_inverse=True)
        shared = _sums(which.reshape(-1), shared, len(keys))
        g, p = np.divmod(keys, max(len(pred), 1))
    return Pairs(g, p, shared, (shared == gold.size[g]) & (shared == pred.size[p]))


def along(units: Units, base: Ints, without: Ints | None) -> tuple[Ints, Ints, Ints]:
    """Owner, start and end of fragments on the common axis, by start, but of repeats and ``without``."""
    out = units.repeats
    if without is not None:
        out = out.copy()
        out[without] = True
    kept = np.flatnonzero(~(out if units.owner is None else out[units.owner]))
    owner, shift = kept if units.owner is None else units.owner[kept], base[units.place[kept]]
    start, end = units.start[kept] + shift, units.end[kept] + shift
    if np.any(start[1:] < start[:-1]):
        order = np.argsort(start, kind="stable")
        owner, start, end = owner[order], start[order], end[order]
    return owner, start, end
