"""The regimes of entities and dates: when a matched pair counts as correct.

=================  ==================================================================  =====================
regime             correct when                                                        source
=================  ==================================================================  =====================
``strict``         same span, same label                                               CoNLL; SemEval-2013 9.1
``normalised``     as strict after :func:`~factharness.score.trim.trimmed`             own
``exact``          same span, label free                                               SemEval-2013 9.1
``type``           any overlap, same label                                             SemEval-2013 9.1
``partial``        same span 1, any overlap one half, label free                       SemEval-2013 9.1
``typed-partial``  as partial, and the label must agree                                own
``overlap``        any overlap, label free                                             TempEval-3 relaxed
``iou@τ``          IoU >= τ, same label (0 < τ <= 1)                                   own
``token``          per word: same label                                                own
``char``           per character: same label                                           own
=================  ==================================================================  =====================

Sources: CoNLL-2003 (Tjong Kim Sang & De Meulder 2003), SemEval-2013 task 9.1 (Segura-Bedmar et al. 2013),
TempEval-3 (UzZaman et al. 2013). ``own``: of this project, defined with examples in ``docs/scoring.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction

import numpy as np

from factharness.errors import ScoreError, unknown
from factharness.score.overlap import Bools, Floats
from factharness.score.tally import Alignment, Judgement

_IOU = re.compile(r"iou@(0?\.\d+|[01](?:\.\d+)?)")


def _half(alignment: Alignment) -> Floats:
    return np.where(alignment.same_span, 1.0, 0.5)


ON_PAIRS: dict[str, Callable[[Alignment], Judgement]] = {
    "strict": lambda a: Judgement(a.same_span & a.same_label),
    "exact": lambda a: Judgement(a.same_span, free=True),
    "type": lambda a: Judgement(a.same_label),
    "partial": lambda a: Judgement(_half(a), free=True),
    "typed-partial": lambda a: Judgement(_half(a) * a.same_label),
    "overlap": lambda a: Judgement(np.ones(len(a.g), dtype=bool), free=True),
}
"""Regimes that judge each matched pair by its spans and labels."""

BY_LENGTH = ("token", "char")
NORMALISED = "normalised"
SPAN_REGIMES = (*ON_PAIRS, NORMALISED, *BY_LENGTH, "iou@0.5")


def threshold(regime: str) -> Fraction | None:
    """The τ of ``iou@τ``; None for any other regime. Raises :class:`ScoreError` unless 0 < τ <= 1."""
    if not regime.startswith("iou@"):
        return None
    number = _IOU.fullmatch(regime)
    value = Fraction(number[1]) if number else Fraction(0)
    if not 0 < value <= 1:
        raise ScoreError(
            f"{regime!r} needs a threshold above 0 and up to 1", remedy="as in iou@0.5"
        )
    return value


def at_least(alignment: Alignment, least: Fraction) -> Bools:
    """Whether IoU >= ``least`` per pair, decided in whole numbers so that 0.8 means four fifths."""
    union = alignment.gold.size[alignment.g] + alignment.pred.size[alignment.p] - alignment.shared
    reached: Bools = alignment.shared * least.denominator >= union * least.numerator
    return reached


def judge(alignment: Alignment, regime: str) -> Judgement:
    """Judge the pairs of an alignment under a regime. Raises :class:`ScoreError` for an unknown regime."""
    least = threshold(regime)
    if least is not None:
        return Judgement(at_least(alignment, least) & alignment.same_label)
    return ON_PAIRS[regime](alignment)


def check_regimes(regimes: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """``regimes`` once each, in order; :class:`ScoreError` names one that is not ``known`` or ``iou@τ``."""
    asked, names = tuple(dict.fromkeys(regimes)), tuple(known)
    for regime in asked:
        if threshold(regime) is None and regime not in names:
            message, remedy = unknown("regime", regime, names)
            raise ScoreError(message, remedy=remedy)
    return asked
