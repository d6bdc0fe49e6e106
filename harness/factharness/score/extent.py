"""The regimes ``char`` and ``token``: how many labelled characters or words two sides share.

Each side is a set of (document, position, label). Spans of one label that overlap on one side count a
position once. Nothing is matched: positions that both sides label alike are correct, gold's others missed,
the prediction's others spurious.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from factharness.score.overlap import Bools, Ints, Units, axis, join, totals
from factharness.score.tally import Alignment, Cells

_WORD = re.compile(r"\w+|[^\w\s]")


def by_character(alignment: Alignment) -> Cells:
    """Counts of characters per document and label."""
    return _count(alignment, *_fragments(alignment))


def by_token(alignment: Alignment, texts: Mapping[Any, str]) -> Cells:
    """Counts of words per document and label.

    A word is a run of letters, digits and underscores, or one other visible character; a span labels each
    word it touches.
    """
    gold, pred = _fragments(alignment)
    bounds = [_word_bounds(texts[doc]) for doc in alignment.docs]
    return _count(alignment, _in_words(*gold, bounds), _in_words(*pred, bounds))


_Side = tuple[Ints, Ints, Ints, Ints]


def _fragments(alignment: Alignment) -> tuple[_Side, _Side]:
    """Document, label, start, end of the scored fragments of each side."""
    return (
        _scored(alignment.gold, alignment.scored_gold),
        _scored(alignment.pred, alignment.scored_pred),
    )


def _scored(units: Units, scored: Bools) -> _Side:
    if scored.all() and units.owner is None:
        return units.doc, units.label, units.start, units.end
    owner = np.arange(len(units)) if units.owner is None else units.owner
    kept = np.flatnonzero(scored[owner])
    owner = owner[kept]
    return units.doc[owner], units.label[owner], units.start[kept], units.end[kept]


def _word_bounds(text: str) -> tuple[Ints, Ints]:
    spans = np.array([m.span() for m in _WORD.finditer(text)], dtype=np.int64).reshape(-1, 2)
    return spans[:, 0], spans[:, 1]


def _in_words(
    doc: Ints, label: Ints, start: Ints, end: Ints, bounds: Sequence[tuple[Ints, Ints]]
) -> _Side:
    """The same fragments counted in words; those that touch none are left out."""
    first, last = np.empty_like(start), np.empty_like(end)
    for code in np.unique(doc):
        here = doc == code
        begins, ends = bounds[code]
        first[here] = np.searchsorted(ends, start[here], "right")
        last[here] = np.searchsorted(begins, end[here], "left")
    kept = last > first
    return doc[kept], label[kept], first[kept], last[kept]


def _count(alignment: Alignment, gold: _Side, pred: _Side) -> Cells:
    labels = len(alignment.labels)
    document = axis(len(alignment.docs), (gold[0], gold[3]), (pred[0], pred[3]))
    # Every document is laid down once per label, so that labels cannot meet.
    each = document[:-1, None] * labels + np.diff(document)[:, None] * np.arange(labels)
    base: Ints = each.astype(np.int64).ravel()
    g_cell, g_start, g_end = _merged(gold, base, labels)
    p_cell, p_start, p_end = _merged(pred, base, labels)
    i, j = join(g_start, g_end, p_start, p_end)
    shared = np.minimum(g_end[i], p_end[j]) - np.maximum(g_start[i], p_start[j])
    grid = len(base)
    both = totals(g_cell[i], shared, grid)
    in_gold, in_pred = totals(g_cell, g_end - g_start, grid), totals(p_cell, p_end - p_start, grid)
    zero = np.zeros(grid)
    columns = np.stack([both, zero, zero, in_gold - both, in_pred - both, both, in_pred])
    cells = np.flatnonzero(columns.any(axis=0))
    return Cells(cells // labels, cells % labels, columns[:, cells])


def _merged(side: _Side, base: Ints, labels: int) -> tuple[Ints, Ints, Ints]:
    """The union of the fragments per document and label: cell, start and end on the common axis."""
    doc, label, start, end = side
    cell = doc * labels + label
    start, end = start + base[cell], end + base[cell]
    order = np.argsort(start, kind="stable")
    cell, start, end = cell[order], start[order], np.maximum.accumulate(end[order])
    opens = (
        np.r_[np.ones(min(len(start), 1), bool), start[1:] > end[:-1]]
        | np.r_[np.zeros(min(len(start), 1), bool), cell[1:] != cell[:-1]]
    )
    closes = np.r_[opens[1:], np.ones(min(len(start), 1), bool)]
    return cell[opens], start[opens], end[closes]
