"""Scoring dates: their spans and types as any labelled span, and their TIMEX3 values.

=====================  ==============================================================================
regime                 a matched pair is correct when
=====================  ==============================================================================
``strict``             same span, same type
``overlap``            any overlap (TempEval-3 relaxed match)
``type``               any overlap, same type
``value``              any overlap, same canonical value; F1 = 2V / (gold + predicted), as TempEval-3 has it
``value-granular``     any overlap, and one value contains the other (2020-03 and 2020-03-01)
``value-interval``     any overlap, and the stretches the values name have a moment in common
=====================  ==============================================================================

The regimes of :mod:`factharness.score.regimes` hold for dates too, the type being the label; ``exact`` is
TempEval-3's strict match, which leaves the type out. Value *accuracy* is V over the matched pairs:
true positives of ``value`` over those of ``overlap``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from factharness.errors import ScoreError
from factharness.score.overlap import Ints
from factharness.score.regime_score import RegimeScore
from factharness.score.regimes import SPAN_REGIMES, check_regimes, judge
from factharness.score.spans import Scores, Sides, judged
from factharness.score.tally import Alignment, Cells, Judged, Judgement
from factharness.score.timex import overlapping_values, same_or_coarser, same_value

DateRow: TypeAlias = tuple[Hashable, int, int, str, str | None]

VALUE_REGIMES: dict[str, Callable[[str | None, str | None], bool]] = {
    "value": same_value,
    "value-granular": same_or_coarser,
    "value-interval": overlapping_values,
}
DATE_REGIMES = ("strict", "overlap", "type", *VALUE_REGIMES)


def score_dates(
    gold: Iterable[DateRow],
    pred: Iterable[DateRow],
    *,
    regimes: Iterable[str] = DATE_REGIMES,
    ignore: Iterable[DateRow] = (),
    texts: Mapping[Any, str] | None = None,
    docs: Iterable[Hashable] = (),
) -> Scores:
    """Match predicted dates with gold dates by span and type, and score the pairs under each of the regimes.

    Rows are ``(document, start, end, type, value)``. A value of None means that the date was not resolved; it
    equals None and no other value. The other arguments, the result and the errors are those of
    :func:`factharness.score.score_spans`.

    >>> s = score_dates([("a", 0, 5, "DATE", "2024-03-05")], [("a", 0, 9, "DATE", "2024-W10-2")])
    >>> s["strict"].f1, s["value"].f1
    (0.0, 1.0)
    """
    asked = check_regimes(regimes, (*SPAN_REGIMES, *DATE_REGIMES))
    named = list(docs)
    table = DateTable(gold, pred, ignore, named)
    scores = Scores()
    for regime in asked:
        if regime in VALUE_REGIMES:
            found: Cells | Judged = Judged(table.alignment, table.judge(regime))
        else:
            found = judged(table.alignment, regime, texts)
        scores[regime] = RegimeScore(regime, table.alignment, found)
    scores.duplicates = int(table.alignment.pred.repeats.sum())
    scores.ignored = len(table.alignment.ignored)
    gold_units, pred_units = table.alignment.gold, table.alignment.pred
    scores.count_one_sided(table.alignment.docs, gold_units.doc, pred_units.doc, named)
    return scores


class DateTable:
    """Matched dates with their values."""

    def __init__(
        self,
        gold: Iterable[DateRow],
        pred: Iterable[DateRow],
        ignore: Iterable[DateRow] = (),
        docs: Iterable[Hashable] = (),
    ) -> None:
        gold, ignore, pred = list(gold), list(ignore), list(pred)
        said = [_value(row, "gold") for row in gold + ignore], [_value(row, "pred") for row in pred]
        codes = {v: i for i, v in enumerate(sorted({v for side in said for v in side if v}))}
        more = [_codes(side, codes) for side in said]
        self.sides = Sides.of(
            [row[:4] for row in gold],
            [row[:4] for row in pred],
            [row[:4] for row in ignore],
            docs,
            gold_more=more[0],
            pred_more=more[1],
        )
        self.alignment: Alignment = self.sides.align()
        self._gold = [said[0][row] for row in self.sides.gold_row]
        self._pred = [said[1][row] for row in self.sides.pred_row]

    def judge(self, regime: str) -> Judgement:
        """Judge the matched dates under a regime."""
        if regime not in VALUE_REGIMES:
            return judge(self.alignment, regime)
        right = VALUE_REGIMES[regime]
        pairs = zip(self.alignment.g.tolist(), self.alignment.p.tolist(), strict=True)
        correct = [right(self._gold[g], self._pred[p]) for g, p in pairs]
        return Judgement(np.array(correct, dtype=bool), free=True)


def _value(row: Sequence[Any], side: str) -> str | None:
    if not isinstance(row, (list, tuple)) or len(row) != 5:
        raise ScoreError(f"{side}: {row!r} is not (document, start, end, type, value)")
    value = row[4]
    if value is not None and not isinstance(value, str):
        raise ScoreError(f"{side}: a value is text or None, not {value!r} in {row!r}")
    return value


def _codes(values: Sequence[str | None], index: Mapping[str, int]) -> Ints:
    return np.array([index[v] + 1 if v else 0 for v in values], dtype=np.int64)
