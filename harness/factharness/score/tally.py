"""Counts the matched pairs as a regime judges them: SemEval-2013 counts per document and label.

Each matched pair gets a credit between 0 and 1. COR is a pair with credit 1, PAR one with less, INC one with
none; MIS is a gold unit without a partner and SPU a prediction without one (SemEval-2013 task 9.1, after
MUC-5: Chinchor & Sundheim 1993). True positives are the sum of the credits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct

from factharness.score.counts import NONE, Counts, SemEval, ratio
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


def _counts(columns: Floats) -> Floats:
    """tp, fp, fn of every column of :class:`Cells`, (columns, 3)."""
    cor, inc, par, mis, _, tp, predicted = columns
    return np.stack([tp, predicted - tp, cor + inc + par + mis - tp], axis=1)


def plain(value: float) -> float:
    """An int where the value is one, so that whole counts print as such."""
    return int(value) if value == int(value) else value


class ByDocument(Mapping[Any, Tally]):
    """The tally of each document, made when it is asked for."""

    def __init__(self, docs: Sequence[Any], found: Judged | Cells, within: Bools) -> None:
        """``within`` marks the labels that count."""
        self._docs = docs
        self._found = found
        self._within = within

    @cached_property
    def columns(self) -> Floats:
        """The fields of :class:`Tally` by document, (7, documents)."""
        cells = self._found.cells() if isinstance(self._found, Judged) else self._found
        return cells.by_document(len(self._docs), self._within)

    @cached_property
    def _where(self) -> dict[Any, int]:
        return {name: i for i, name in enumerate(self._docs)}

    def __getitem__(self, doc: Any) -> Tally:
        return tally_of(self.columns[:, self._where[doc]])

    def __iter__(self) -> Iterator[Any]:
        return iter(self._docs)

    def __len__(self) -> int:
        return len(self._docs)


class RegimeScore:
    """The scores of one regime: all labels together, per label, per document.

    Its own numbers are those of ``total``, the :class:`Tally` of all labels together. ``per_label`` and
    ``per_doc`` hold a tally for each label and each document.
    """

    def __init__(
        self,
        regime: str,
        alignment: Alignment,
        found: Judged | Cells,
        apart: Collection[str] = (),
    ) -> None:
        """``apart`` names labels that have a row of their own but no part in the whole."""
        self.regime = regime
        self._alignment = alignment
        within = np.array([label not in apart for label in alignment.labels], dtype=bool)
        self.per_doc = ByDocument(alignment.docs, found, within)
        table = found.by_label(len(alignment.labels))
        self.total = tally_of(table[:, within].sum(axis=1))
        self._apart = frozenset(apart)
        self.per_label: dict[str, Tally] = {
            label: tally_of(table[:, i])
            for i, label in enumerate(alignment.labels)
            if table[:, i].any()
        }

    def __repr__(self) -> str:
        scores = " ".join(
            f"{name} {'–' if value is None else format(value, '.3f')}"
            for name, value in (("P", self.precision), ("R", self.recall), ("F1", self.f1))
        )
        return (
            f"{self.regime}: {scores} (COR {self.cor} INC {self.inc} PAR {self.par} "
            f"MIS {self.mis} SPU {self.spu})"
        )

    @property
    def precision(self) -> float | None:
        """``tp / ACT``; None when nothing was predicted."""
        return self.total.precision

    @property
    def recall(self) -> float | None:
        """``tp / POS``; None when there is no gold."""
        return self.total.recall

    @property
    def f1(self) -> float | None:
        """``2 tp / (POS + ACT)``; None when there is neither gold nor prediction."""
        return self.total.f1

    @property
    def cor(self) -> int:
        """Matched pairs that are right."""
        return self.total.cor

    @property
    def inc(self) -> int:
        """Matched pairs that are wrong."""
        return self.total.inc

    @property
    def par(self) -> int:
        """Matched pairs that get a part of the credit."""
        return self.total.par

    @property
    def mis(self) -> int:
        """Gold facts without a partner."""
        return self.total.mis

    @property
    def spu(self) -> int:
        """Predictions without a partner."""
        return self.total.spu

    @property
    def tp(self) -> float:
        """The sum of the credits: true positives."""
        return self.total.tp

    @property
    def possible(self) -> int:
        """POS: the gold facts."""
        return self.total.possible

    @property
    def actual(self) -> int:
        """ACT: the predicted facts."""
        return self.total.actual

    @property
    def counts(self) -> Counts:
        """True positives, false positives, false negatives."""
        return self.total.counts

    @property
    def counts_by_document(self) -> Floats:
        """tp, fp, fn of every document, (documents, 3)."""
        return _counts(self.per_doc.columns)

    @property
    def confusion(self) -> dict[str, dict[str, int]]:
        """How often gold of one label was matched with a prediction of another.

        ``confusion[gold][predicted]``, with ``none`` for what has no partner: rows sum to gold, columns to
        predictions. Pairs are those of the matching, whatever the regime says of them.
        """
        names = [*self._alignment.labels, NONE]
        counts = self._alignment.confusion.tolist()
        return {
            row: dict(zip(names, values, strict=True))
            for row, values in zip(names, counts, strict=True)
        }

    @property
    def macro(self) -> float | None:
        """The mean F1 over the labels that have gold; None when none has."""
        return self._average([1.0] * len(self.supported))

    @property
    def weighted(self) -> float | None:
        """The mean F1 over the labels that have gold, weighted by how much they have."""
        return self._average([float(self.per_label[label].possible) for label in self.supported])

    @property
    def supported(self) -> list[str]:
        """The labels that have gold: those that the averages run over."""
        return [
            label
            for label, tally in self.per_label.items()
            if tally.possible and label not in self._apart
        ]

    def _average(self, weights: Sequence[float]) -> float | None:
        values = [self.per_label[label].f1 or 0.0 for label in self.supported]
        return ratio(sum(w * v for w, v in zip(weights, values, strict=True)), sum(weights))
