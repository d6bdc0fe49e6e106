"""Counts the matched pairs as a regime judges them: SemEval-2013 counts per document and label.

Each matched pair gets a credit between 0 and 1. COR is a pair with credit 1, PAR one with less, INC one with
none; MIS is a gold unit without a partner and SPU a prediction without one (SemEval-2013 task 9.1, after
MUC-5: Chinchor & Sundheim 1993). True positives are the sum of the credits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct

from factharness.score.counts import Counts, SemEval, ratio
from factharness.score.overlap import Bools, Floats, Ints, Units, totals


class Tally(Struct, frozen=True):
    """SemEval counts of one set of facts; they add up.

    ``inc`` of a label row is counted under the gold's label. ``predicted`` is how many predictions the row
    answers for: on the row of all labels it is ``cor + inc + par + spu``; on a label's row a type error
    takes the prediction to the predicted label's row, so that it is a false negative of the one and a
    false positive of the other.
    """

    cor: int = 0
    inc: int = 0
    par: int = 0
    mis: int = 0
    spu: int = 0
    tp: float = 0
    predicted: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(_values(self), _values(other), strict=True)))

    @property
    def possible(self) -> int:
        """POS = COR + INC + PAR + MIS: the gold facts."""
        return self.cor + self.inc + self.par + self.mis

    @property
    def actual(self) -> int:
        """ACT: the predicted facts; COR + INC + PAR + SPU when all labels are taken together."""
        return self.predicted

    @property
    def counts(self) -> Counts:
        """True positives, false positives, false negatives: ``tp``, ``ACT - tp``, ``POS - tp``."""
        return Counts(self.tp, self.actual - self.tp, self.possible - self.tp)

    @property
    def semeval(self) -> SemEval:
        """COR, INC, PAR, MIS and SPU by themselves."""
        return SemEval(self.cor, self.inc, self.par, self.mis, self.spu)

    @property
    def precision(self) -> float | None:
        """``tp / ACT``; None when nothing was predicted."""
        return ratio(self.tp, self.actual)

    @property
    def recall(self) -> float | None:
        """``tp / POS``; None when there is no gold."""
        return ratio(self.tp, self.possible)

    @property
    def f1(self) -> float | None:
        """``2 tp / (POS + ACT)``; None when there is neither gold nor prediction."""
        return ratio(2 * self.tp, self.possible + self.actual)


FIELDS = Tally.__struct_fields__


def _values(tally: Tally) -> tuple[Any, ...]:
    return tuple(getattr(tally, name) for name in FIELDS)


class Alignment(Struct, frozen=True, dict=True):
    """Units and their matched pairs, don't-care settled; what every regime judges.

    ``gold``, ``pred``
        the units, with ``docs`` and ``labels`` naming their codes.
    ``g``, ``p``, ``shared``, ``same_span`` (k,)
        the pairs with counted gold, the characters they share, and whether both cover the same characters.
    ``scored_gold``, ``scored_pred``
        masks: don't-care gold, and the predictions matched to it, are out.
    ``ignored`` (j, 2)
        the pairs with don't-care gold.
    """

    docs: Sequence[Any]
    labels: Sequence[str]
    gold: Units
    pred: Units
    g: Ints
    p: Ints
    shared: Ints
    same_span: Bools
    scored_gold: Bools
    scored_pred: Bools
    ignored: Ints

    @cached_property
    def iou(self) -> Floats:
        """Shared over joint characters, per pair."""
        union = self.gold.size[self.g] + self.pred.size[self.p] - self.shared
        iou: Floats = self.shared / union
        return iou

    @cached_property
    def pair_labels(self) -> tuple[Ints, Ints]:
        """The gold and the predicted label, per pair."""
        return self.gold.label[self.g], self.pred.label[self.p]

    @cached_property
    def same_label(self) -> Bools:
        """Whether the labels agree, per pair."""
        gold, pred = self.pair_labels
        same: Bools = gold == pred
        return same

    @cached_property
    def lone_gold(self) -> Ints:
        """The scored gold units that are in no pair."""
        return _alone(self.scored_gold, self.g)

    @cached_property
    def lone_pred(self) -> Ints:
        """The scored predicted units that are in no pair."""
        return _alone(self.scored_pred, self.p)

    @cached_property
    def by_cell(self) -> _Grid:
        """What is counted, by document and label."""
        return _Grid(self, len(self.docs))

    @cached_property
    def by_label(self) -> _Grid:
        """What is counted, by label."""
        return _Grid(self, 1)

    @cached_property
    def confusion(self) -> Ints:
        """(labels + 1, labels + 1) counts, gold by row; the last row and column are ``none``."""
        size = len(self.labels) + 1
        lone_gold, lone_pred = self.lone_gold, self.lone_pred
        gold, pred = self.pair_labels
        rows = np.r_[gold, self.gold.label[lone_gold], np.full(len(lone_pred), size - 1)]
        columns = np.r_[pred, np.full(len(lone_gold), size - 1), self.pred.label[lone_pred]]
        return np.bincount(rows * size + columns, minlength=size * size).reshape(size, size)


class Judgement(Struct, frozen=True):
    """The judgement of a regime on the pairs of an alignment.

    ``credit`` (k,)
        0 to 1 per pair, or whether it is correct.
    ``free``
        the label plays no part, so a pair is counted under the gold's label on both sides.
    ``among`` (k,) or None
        when given, only these pairs are counted and nothing else is: an accuracy.
    """

    credit: Floats | Bools
    free: bool = False
    among: Bools | None = None


class Cells(Struct, frozen=True):
    """Counts per (document, label): ``doc``, ``label`` (c,) and ``columns`` (fields of Tally, c).

    A cell may be empty.
    """

    doc: Ints
    label: Ints
    columns: Floats

    def only(self, kept: Bools) -> Cells:
        """The cells marked in ``kept`` (c,)."""
        return Cells(self.doc[kept], self.label[kept], self.columns[:, kept])

    def by_document(self, docs: int, within: Bools) -> Floats:
        """(fields of Tally, ``docs``) of the labels that are marked in ``within`` (labels,)."""
        cells = self if within.all() else self.only(within[self.label])
        return np.stack([totals(cells.doc, row, docs) for row in cells.columns])

    def by_label(self, labels: int) -> Floats:
        """(fields of Tally, ``labels``)."""
        return np.stack([totals(self.label, row, labels) for row in self.columns])


class Judged(Struct, frozen=True):
    """A regime's judgement of an alignment, to be counted by label or by document and label."""

    alignment: Alignment
    judgement: Judgement

    def by_label(self, labels: int) -> Floats:
        """(fields of Tally, ``labels``), which are all that the alignment has."""
        assert labels == len(self.alignment.labels)
        return self.alignment.by_label.tallies(self.judgement)

    def cells(self) -> Cells:
        """The counts per document and label."""
        grid = self.alignment.by_cell
        return Cells(grid.doc, grid.label, grid.tallies(self.judgement))


def count(alignment: Alignment, judgement: Judgement) -> Cells:
    """The counts of one regime per document and label."""
    return Judged(alignment, judgement).cells()


class _Grid:
    """Counting by (document, label): by position when the grid is small, else by the keys that occur.

    With ``docs`` 1 all documents are counted as one.
    """

    def __init__(self, alignment: Alignment, docs: int) -> None:
        labels, gold, pred = len(alignment.labels), alignment.gold, alignment.pred
        cells = np.arange(docs * labels)
        gold_key, pred_key = gold.label, pred.label
        self.pair_gold, self.pair_pred = alignment.pair_labels
        if docs > 1:
            gold_key, pred_key = gold.doc * labels + gold_key, pred.doc * labels + pred_key
            if len(cells) > 1024 + 4 * (len(gold) + len(pred)):
                cells = np.unique(np.concatenate([gold_key, pred_key]))
                gold_key, pred_key = (np.searchsorted(cells, key) for key in (gold_key, pred_key))
            self.pair_gold, self.pair_pred = gold_key[alignment.g], pred_key[alignment.p]
        self.doc, self.label = cells // max(labels, 1), cells % max(labels, 1)
        self.pairs, self.answers = self.count(self.pair_gold), self.count(self.pair_pred)
        self.missed = self.count(gold_key[alignment.lone_gold])
        self.spurious = self.count(pred_key[alignment.lone_pred])

    def count(self, keys: Ints, weights: Floats | None = None) -> Floats:
        """How many of ``keys`` fall in each cell, or the sum of their weights."""
        size = len(self.doc)
        return np.bincount(keys, weights=weights, minlength=size).astype(np.float64)

    def tallies(self, judgement: Judgement) -> Floats:
        """(fields of Tally, cells)."""
        credit, pair_gold = judgement.credit, self.pair_gold
        pairs, answers, missed, spurious = self.pairs, self.answers, self.missed, self.spurious
        if judgement.among is not None:
            credit, pair_gold = credit[judgement.among], pair_gold[judgement.among]
            pairs, answers = self.count(pair_gold), self.count(self.pair_pred[judgement.among])
            missed = spurious = np.zeros_like(missed)
        cor = self.count(pair_gold.compress(credit == 1))
        if credit.dtype == np.bool_:
            inc, par, tp = pairs - cor, np.zeros_like(cor), cor
        else:
            inc = self.count(pair_gold[credit == 0])
            par, tp = pairs - cor - inc, self.count(pair_gold, credit.astype(np.float64))
        said = pairs if judgement.free else answers
        return np.stack([cor, inc, par, missed, spurious, tp, said + spurious])


def _alone(scored: Bools, paired: Ints) -> Ints:
    alone = scored.copy()
    alone[paired] = False
    return np.flatnonzero(alone)


def tally_of(column: Floats) -> Tally:
    """One column of :class:`Cells` as a :class:`Tally`."""
    cor, inc, par, mis, spu, tp, predicted = column.tolist()
    return Tally(int(cor), int(inc), int(par), int(mis), int(spu), plain(tp), int(predicted))


def plain(value: float) -> float:
    """An int where the value is one, so that whole counts print as such."""
    return int(value) if value == int(value) else value
