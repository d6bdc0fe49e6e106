"""Which spans of two sets overlap, and by how many characters: the whole corpus in one join.

A *unit* is what is matched: an entity, a date, a quote. It has one fragment, or several where its content
is discontinuous. Documents are laid end to end on one axis, so that a sort and two binary searches find
every overlapping pair of every document; no pair that does not overlap is ever looked at.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]


class Units(Struct, frozen=True):
    """``n`` units with ``m >= n`` fragments, in canonical order (document, offsets, label, ...).

    ``doc``, ``label`` (n,)
        codes of the document and of the label; label codes follow the labels' own sort order.
    ``owner`` (m,)
        the unit each fragment belongs to; ``start`` and ``end`` (m,) its half-open offsets. Fragments of
        one unit do not overlap.
    ``counted`` (n,)
        False on don't-care gold.
    ``repeats`` (n,)
        True on a prediction that says again what an earlier one said; it can match nothing.
    """

    doc: Ints
    label: Ints
    owner: Ints
    start: Ints
    end: Ints
    counted: Bools
    repeats: Bools

    def __len__(self) -> int:
        return len(self.doc)

    @property
    def size(self) -> Ints:
        """Characters per unit, (n,)."""
        if len(self.owner) == len(self.doc):
            return self.end - self.start
        return _sums(self.owner, self.end - self.start, len(self))


class Pairs(Struct, frozen=True):
    """Overlapping pairs: indices into gold and prediction, and the characters they share, all (k,)."""

    gold: Ints
    pred: Ints
    shared: Ints


def totals(keys: Ints, weights: Ints | Floats, size: int) -> Floats:
    """The sum of ``weights`` per key, (size,); whole numbers stay exact up to 2**53."""
    return np.bincount(keys, weights=weights, minlength=size).astype(np.float64)


def _sums(keys: Ints, values: Ints, size: int) -> Ints:
    """:func:`totals` of whole numbers, as such."""
    return totals(keys, values, size).astype(np.int64)


def axis(docs: int, *sides: tuple[Ints, Ints]) -> Ints:
    """Where each of ``docs`` documents begins when they are laid end to end; (docs + 1,).

    ``sides`` are (document, end) pairs; a document is as long as its furthest end.
    """
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
    in ``(b.start, b.end)``. The two cases exclude each other.
    """
    a_first, b_inside = _expand(
        np.searchsorted(b_start, a_start, "left"), np.searchsorted(b_start, a_end, "left")
    )
    b_first, a_inside = _expand(
        np.searchsorted(a_start, b_start, "right"), np.searchsorted(a_start, b_end, "left")
    )
    return np.concatenate([a_first, a_inside]), np.concatenate([b_inside, b_first])


def same_spans(gold: Units, pred: Units, base: Ints) -> tuple[Ints, Ints]:
    """The units with the same span, where no other unit of either side has it.

    ``base`` is where each document begins, see :func:`axis`. None are found where units have several fragments,
    or are not in the order of their offsets: a shortcut is all this is.
    """
    none = np.empty(0, dtype=np.int64)
    sides = []
    for units in (gold, pred):
        keys = _span_keys(units, base)
        if len(keys) != len(units) or np.any(keys[1:] < keys[:-1]):
            return none, none
        sides.append(keys[~units.repeats] if units.repeats.any() else keys)
    # Both sides are runs in order, which a stable sort merges; the last bit says which side a key is of.
    merged = np.concatenate([2 * sides[0], 2 * sides[1] + 1])
    merged.sort(kind="stable")
    span = merged >> 1
    differs = np.ones(len(span) + 1, dtype=bool)
    np.not_equal(span[1:], span[:-1], out=differs[1:-1])
    # A span that stands there twice, between two others, and once on each side.
    at = np.flatnonzero(differs[:-2] & ~differs[1:-1] & differs[2:])
    at = at[merged[at] != merged[at + 1]]
    is_pred = merged & 1
    before = np.cumsum(is_pred)[at]
    return _place(gold, at - before), _place(pred, before)


def _place(units: Units, found: Ints) -> Ints:
    """The units at places counted without repeats."""
    return np.flatnonzero(~units.repeats)[found] if units.repeats.any() else found


def _span_keys(units: Units, base: Ints) -> Ints:
    """One number per span that orders spans by start and end; none where units have several fragments."""
    longest = int(np.max(np.diff(base), initial=0)) + 1
    if len(units.owner) != len(units) or base[-1] >= 2**61 // longest:
        return np.empty(0, dtype=np.int64)
    keys: Ints = (units.start + base[units.doc]) * longest + (units.end - units.start)
    return keys


def overlapping(
    gold: Units, pred: Units, base: Ints, without: tuple[Ints, Ints] | None = None
) -> Pairs:
    """All pairs of a gold and a predicted unit of the same document that share a character.

    ``base`` is where each document begins, see :func:`axis`; ``without`` are gold and predicted units to leave
    out. Repeats take no part.
    """
    g_out, p_out = gold.repeats.copy(), pred.repeats.copy()
    if without is not None:
        g_out[without[0]] = True
        p_out[without[1]] = True
    g_owner, g_start, g_end = _along(gold, base, g_out)
    p_owner, p_start, p_end = _along(pred, base, p_out)
    i, j = join(g_start, g_end, p_start, p_end)
    shared = np.minimum(g_end[i], p_end[j]) - np.maximum(g_start[i], p_start[j])
    g, p = g_owner[i], p_owner[j]
    if len(gold.owner) == len(gold) and len(pred.owner) == len(pred):
        return Pairs(g, p, shared)
    keys, which = np.unique(g * max(len(pred), 1) + p, return_inverse=True)
    total = _sums(which.reshape(-1), shared, len(keys))
    return Pairs(keys // max(len(pred), 1), keys % max(len(pred), 1), total)


def _along(units: Units, base: Ints, out: Bools) -> tuple[Ints, Ints, Ints]:
    """Owner, start and end of the fragments on the common axis, by start, without the units marked ``out``."""
    owner, start, end = units.owner, units.start, units.end
    if out.any():
        kept = np.flatnonzero(~out[owner])
        owner, start, end = owner[kept], start[kept], end[kept]
    shift = base[units.doc[owner]]
    start, end = start + shift, end + shift
    if np.any(start[1:] < start[:-1]):
        order = np.argsort(start, kind="stable")
        owner, start, end = owner[order], start[order], end[order]
    return owner, start, end
