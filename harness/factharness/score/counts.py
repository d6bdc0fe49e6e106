"""Counts that add up, and the rows they are stored and reported in."""

from __future__ import annotations

from msgspec import Struct

from factharness.facts import Kind

ALL = "*"
"""The label, or slice, that stands for all of them together."""

NONE = "none"
"""The row and column of the confusion matrix for facts without a partner."""

FEW_ARTICLES = 20
"""Below this many articles a number deserves a warning."""


def ratio(part: float, whole: float) -> float | None:
    """``part / whole``, None (undefined, printed "–") when ``whole`` is 0."""
    return part / whole if whole else None


# A run holds tens of thousands of these. They cannot form a reference cycle, so the garbage collector need not
# visit them.
class Counts(Struct, frozen=True, gc=False):
    """True positives, false positives, false negatives; fractions where a regime gives partial credit."""

    # Written as it is read: a whole number stays one in JSON.
    tp: int | float = 0
    fp: int | float = 0
    fn: int | float = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def gold(self) -> float:
        """How many gold facts were counted."""
        return self.tp + self.fn

    @property
    def pred(self) -> float:
        """How many predicted facts were counted."""
        return self.tp + self.fp

    @property
    def precision(self) -> float | None:
        """``tp / (tp + fp)``."""
        return ratio(self.tp, self.pred)

    @property
    def recall(self) -> float | None:
        """``tp / (tp + fn)``."""
        return ratio(self.tp, self.gold)

    @property
    def f1(self) -> float | None:
        """``2 tp / (2 tp + fp + fn)``; undefined only when there is neither gold nor prediction."""
        return ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


class SemEval(Struct, frozen=True, gc=False):
    """SemEval-2013 counts (task 9.1): correct, incorrect, partial, missed, spurious; they add up.

    In the row of a label, ``inc`` is counted under the gold's label.
    """

    cor: int = 0
    inc: int = 0
    par: int = 0
    mis: int = 0
    spu: int = 0

    def __add__(self, other: SemEval) -> SemEval:
        return SemEval(
            self.cor + other.cor,
            self.inc + other.inc,
            self.par + other.par,
            self.mis + other.mis,
            self.spu + other.spu,
        )


class CountRow(Struct, frozen=True, gc=False):
    """The stored unit: what one back end got on one article, for one label under one regime.

    The label ``*`` is all labels together; its row is written too, since for some regimes it is not the sum
    of the others.
    """

    article: str
    kind: Kind
    label: str
    regime: str
    counts: Counts
    semeval: SemEval | None = None
    """None in runs that were stored without."""
