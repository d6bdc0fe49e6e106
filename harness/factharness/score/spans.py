"""Scores labelled spans: the public function, and the alignment that dates and quotes use as well."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct, structs

from factharness.errors import ScoreError
from factharness.score.columns import Row, SpanTable, nameless
from factharness.score.extent import by_character, by_token
from factharness.score.match import match
from factharness.score.overlap import Bools, Ints, Pairs, Units
from factharness.score.regime_score import RegimeScore
from factharness.score.regimes import (
    BY_LENGTH,
    NORMALISED,
    SPAN_REGIMES,
    check_regimes,
    judge,
)
from factharness.score.tally import Alignment, Cells, Judged
from factharness.score.trim import trimmed

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_REGIMES = ("strict", "exact", "partial", "type", "typed-partial", "iou@0.5")


class Scores(dict[str, RegimeScore]):
    """A dict from the name of a regime to its :class:`RegimeScore`.

    ``duplicates`` counts the predictions that repeat another one, ``ignored`` those that were matched with
    don't-care gold. ``gold_only`` and ``pred_only`` count the documents that only one side has and that
    ``docs`` did not name: when both are large, the two sides may use different names for the same documents.
    """

    duplicates: int = 0
    ignored: int = 0
    gold_only: int = 0
    pred_only: int = 0

    def count_one_sided(
        self, docs: Sequence[Hashable], gold: Ints, pred: Ints, named: Iterable[Hashable]
    ) -> None:
        """Set ``gold_only`` and ``pred_only``.

        ``gold`` and ``pred`` hold the document of each unit, as an index into ``docs``.
        """
        known = frozenset(named)
        here = np.zeros((2, len(docs)), dtype=bool)
        for row, codes in zip(here, (gold, pred), strict=True):
            row[codes] = True
        self.gold_only, self.pred_only = (
            sum(docs[code] not in known for code in np.flatnonzero(mine & ~other).tolist())
            for mine, other in (here, here[::-1])
        )

    def __missing__(self, regime: str) -> RegimeScore:
        raise KeyError(f"{regime} was not scored; these were: {', '.join(self)}")

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.values()))

    def to_frame(self) -> pd.DataFrame:
        """A pandas frame with one row per regime and label; label ``*`` is all labels together."""
        import pandas as pd

        rows = []
        for regime, score in self.items():
            for label, tally in {"*": score.total, **score.per_label}.items():
                rows.append(
                    {
                        "regime": regime,
                        "label": label,
                        "gold": tally.possible,
                        "pred": tally.actual,
                        "cor": tally.cor,
                        "inc": tally.inc,
                        "par": tally.par,
                        "mis": tally.mis,
                        "spu": tally.spu,
                        "tp": tally.tp,
                        "precision": tally.precision,
                        "recall": tally.recall,
                        "f1": tally.f1,
                    }
                )
        return pd.DataFrame(rows)


def score_spans(
    gold: Iterable[Row] | SpanTable,
    pred: Iterable[Row] | SpanTable,
    *,
    regimes: Iterable[str] = DEFAULT_REGIMES,
    ignore: Iterable[Row] | SpanTable = (),
    texts: Mapping[Any, str] | None = None,
    docs: Iterable[Hashable] = (),
) -> Scores:
    """Match predicted spans with gold spans, and score the pairs under each of the regimes.

    ``gold``, ``pred``
        rows ``(document, start, end, label)`` with half-open character offsets, in any order, or a
        :class:`~factharness.score.columns.SpanTable`. Spans may nest and cross. A prediction that repeats
        another one is spurious (``.duplicates`` counts them); a gold span that repeats another one is an error.
    ``ignore``
        don't-care gold: a prediction that is matched with it is not counted (``.ignored`` says how many).
    ``texts``
        a mapping from document to text; only the regimes ``normalised`` and ``token`` need it.
    ``docs``
        all documents, also those in which neither side has a span. A document that is not named here and in
        which only one side has spans is scored too (``.gold_only`` and ``.pred_only`` count them).

    Returns :class:`Scores`. What each regime counts, and its source: :mod:`factharness.score.regimes`.
    Raises :class:`~factharness.errors.ScoreError` (a ``ValueError``) for a row that is not a span, a document
    that is None or NaN, a gold span that stands there twice, and an unknown regime.

    >>> s = score_spans([("a", 0, 5, "PER"), ("a", 9, 14, "LOC")], [("a", 0, 5, "PER"), ("a", 9, 12, "LOC")])
    >>> s["strict"].f1, s["partial"].f1, s["type"].per_label["LOC"].recall
    (0.5, 0.75, 1.0)
    """
    asked = check_regimes(regimes, SPAN_REGIMES)
    named = list(docs)
    alignment = Sides.of(gold, pred, ignore, named).align()
    scores = Scores()
    for regime in asked:
        scores[regime] = RegimeScore(regime, alignment, judged(alignment, regime, texts))
    scores.duplicates = int(alignment.pred.repeats.sum())
    scores.ignored = len(alignment.ignored)
    scores.count_one_sided(alignment.docs, alignment.gold.doc, alignment.pred.doc, named)
    return scores


class Sides(Struct, frozen=True):
    """Gold, don't-care gold and predictions, with documents and labels as indices into ``docs`` and ``labels``.

    ``gold_order`` has for each gold unit the row it was made from, and is None where the rows stood in this
    order; the rows of ``ignore`` are numbered after those of gold. ``pred_order`` has the same for predictions.
    """

    docs: Sequence[Hashable]
    labels: Sequence[str]
    gold: Units
    pred: Units
    gold_order: Ints | None
    pred_order: Ints | None

    @classmethod
    def of(
        cls,
        gold: Iterable[Row] | SpanTable,
        pred: Iterable[Row] | SpanTable,
        ignore: Iterable[Row] | SpanTable = (),
        docs: Iterable[Hashable] = (),
        *,
        gold_more: Ints | None = None,
        pred_more: Ints | None = None,
    ) -> Sides:
        """Make both sides from rows or tables.

        The ``more`` columns are those of :meth:`factharness.score.columns.SpanTable.units`."""
        tables = [_table(gold, "gold"), _table(ignore, "ignore"), _table(pred, "pred")]
        # Who names documents counts them in that order (score.evaluation): those come first.
        lists = [checked_docs(docs), *(table.docs for table in tables)]
        lists = [each for n, each in enumerate(lists) if len(each) and each not in lists[:n]]
        alone = len(lists) == 1 and isinstance(lists[0], range)  # no name twice
        names = lists[0] if alone else list(dict.fromkeys(chain(*lists)))
        labels = sorted({name for table in tables for name in table.labels})
        whole, counted = tables[0], None
        if len(tables[1]):
            whole = tables[0].followed_by(tables[1])
            counted = np.arange(len(whole)) < len(tables[0])
        gold_units, gold_order = whole.units(names, labels, counted=counted, more=gold_more)
        twice = gold_units.repeats & gold_units.counted
        if twice.any():
            row = int(_rows(gold_order, gold_units)[twice][0])
            raise ScoreError(
                f"gold, row {row + 1}: {whole.describe(row)} stands there twice",
                remedy="list a gold fact once",
            )
        pred_units, pred_order = tables[2].units(names, labels, more=pred_more)
        return cls(names, labels, gold_units, pred_units, gold_order, pred_order)

    @property
    def gold_row(self) -> Ints:
        """The row that each gold unit was made from."""
        return _rows(self.gold_order, self.gold)

    @property
    def pred_row(self) -> Ints:
        """The row that each predicted unit was made from."""
        return _rows(self.pred_order, self.pred)

    def align(self) -> Alignment:
        """The two sides, matched."""
        return align(self.gold, self.pred, self.docs, self.labels)


def _rows(order: Ints | None, units: Units) -> Ints:
    return np.arange(len(units)) if order is None else order


def checked_docs(docs: Iterable[Hashable]) -> list[Hashable]:
    """``docs`` as a list. Raises :class:`ScoreError` when one of them is None or NaN."""
    named = list(docs)
    if nameless(named):
        raise ScoreError("docs: None and NaN are no documents")
    return named


def align(gold: Units, pred: Units, docs: Sequence[Hashable], labels: Sequence[str]) -> Alignment:
    """Match two sides and set the pairs with don't-care gold apart. All regimes judge this alignment."""
    pairs = match(gold, pred, len(docs))
    counted = gold.counted[pairs.gold]
    apart = np.flatnonzero(~counted)
    ignored = np.stack([pairs.gold[apart], pairs.pred[apart]], axis=1)
    if len(apart):
        pairs = Pairs(*(column[counted] for column in structs.astuple(pairs)))
    scored_pred: Bools = np.ones(len(pred), dtype=bool)
    scored_pred[ignored[:, 1]] = False
    return Alignment(
        docs,
        labels,
        gold,
        pred,
        pairs.gold,
        pairs.pred,
        pairs.shared,
        pairs.exact,
        gold.counted,
        scored_pred,
        ignored,
    )


def cells(alignment: Alignment, regime: str, texts: Mapping[Any, str] | None) -> Cells:
    """The counts of one regime per document and label."""
    found = judged(alignment, regime, texts)
    return found.cells() if isinstance(found, Judged) else found


def judged(alignment: Alignment, regime: str, texts: Mapping[Any, str] | None) -> Judged | Cells:
    """The pairs as a regime judges them; for ``char`` and ``token``, which do not judge pairs, the counts."""
    if regime == "char":
        return by_character(alignment)
    if regime in (NORMALISED, *BY_LENGTH):
        known = _texts(alignment, regime, texts)
        if regime == "token":
            return by_token(alignment, known)
        alignment, regime = normalised(alignment, known), "strict"
    return Judged(alignment, judge(alignment, regime))


def normalised(alignment: Alignment, texts: Mapping[Any, str]) -> Alignment:
    """The same units with trimmed spans, matched anew."""
    gold, pred = alignment.gold, alignment.pred
    sides = []
    for units in (gold, pred):
        ends = [
            trimmed(texts[alignment.docs[doc]], start, end)
            for doc, start, end in zip(
                units.place.tolist(),
                units.start.tolist(),
                units.end.tolist(),
                strict=True,
            )
        ]
        bounds = np.array(ends, dtype=np.int64).reshape(-1, 2)
        sides.append(structs.replace(units, start=bounds[:, 0], end=bounds[:, 1]))
    return align(sides[0], sides[1], alignment.docs, alignment.labels)


def _texts(alignment: Alignment, regime: str, texts: Mapping[Any, str] | None) -> Mapping[Any, str]:
    if texts is None:
        raise ScoreError(
            f"regime {regime!r} looks at the words",
            remedy='give texts={document: text}; in a file, "text" in each record of the gold',
        )
    for doc in alignment.docs:
        if doc not in texts:
            raise ScoreError(f"regime {regime!r} has no text of {doc!r}")
    length = np.array([len(texts[doc]) for doc in alignment.docs], dtype=np.int64)
    for units in (alignment.gold, alignment.pred):
        beyond = np.flatnonzero(units.end > length[units.place])
        if len(beyond):
            doc = int(units.place[beyond[0]])
            raise ScoreError(
                f"a span ends at {units.end[beyond[0]]}, "
                f"the text of {alignment.docs[doc]!r} at {length[doc]}"
            )
    return texts


def _table(rows: Iterable[Row] | SpanTable, side: str) -> SpanTable:
    return rows.checked(side) if isinstance(rows, SpanTable) else SpanTable.of(rows, side)
