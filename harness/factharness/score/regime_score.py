"""The scores of one regime, as a caller reads them: over all facts, by label and by document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from factharness.score.counts import NONE, Counts, ratio
from factharness.score.overlap import Bools, Floats
from factharness.score.tally import Alignment, Cells, Judged, Tally, tally_of


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
        """``apart`` names labels that have a row of their own and are not counted in ``total``."""
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


def _counts(columns: Floats) -> Floats:
    """tp, fp, fn of every column of :class:`Cells`, (columns, 3)."""
    cor, inc, par, mis, _, tp, predicted = columns
    return np.stack([tp, predicted - tp, cor + inc + par + mis - tp], axis=1)
