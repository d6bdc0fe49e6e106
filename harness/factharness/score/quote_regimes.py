"""Names the regimes of quotes, and those that need special treatment; :mod:`factharness.score.quotes` says what
each counts."""

from __future__ import annotations

from fractions import Fraction

FOUND = Fraction(3, 10)
"""The smallest IoU at which a matched quote counts as found; it is the lowest of the content regimes."""

ALIASES = {"strict": "exact", "partial": "proportional"}
ACCURACIES = ("speaker", "cue")
"""Regimes that count only the found quotes."""
CONTENT_REGIMES = ("exact", "iou@0.8", "iou@0.5", "iou@0.3", "proportional")
QUOTE_REGIMES = (*CONTENT_REGIMES, *ACCURACIES, "joint", "joint-cue")
APART = ("indirect",)
UNEVEN = ("proportional",)
"""Regimes whose credits may be any fraction; those of all others are whole numbers or halves."""
