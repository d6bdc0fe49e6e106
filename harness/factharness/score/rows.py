"""The types of stored scores: matches, the counts of an article, the rows of tables.

A reader of a stored run needs these alone, and no arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import astuple

from factharness.facts import Kind
from factharness.score.counts import CountRow, Counts, SemEval

Numbers: TypeAlias = list[int | float]
"""tp, fp, fn, and where a regime has them cor, inc, par, mis, spu."""

LabelCounts: TypeAlias = dict[str, Numbers]
"""By label, the numbers of an article."""

ArticleCounts: TypeAlias = dict[Kind, dict[str, LabelCounts]]
"""All counts of an article: by kind, regime and label."""

Average: TypeAlias = Literal["micro", "macro", "weighted", "article"]


class ScoreRow(Struct, frozen=True, gc=False):
    """One line of a table.

    ``average``
        ``micro``: from the summed counts, the only one that rows of a label have. On the row of all labels also
        ``macro`` (mean over the labels with gold), ``weighted`` (the same, by their gold) and ``article`` (mean
        over the articles where the number is defined); ``averaged`` says over how many.
    ``slice``
        ``*`` or ``key=value`` of the articles' metadata; ``articles`` is how many are in it.
    ``precision``, ``recall``, ``f1``
        None where undefined. ``low`` and ``high``: the interval of F1, when asked for.
    ``semeval``
        the summed SemEval counts of micro rows; None where the counts were stored without.
    """

    kind: Kind
    label: str
    regime: str
    slice: str
    articles: int
    counts: Counts
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None = None
    high: float | None = None
    average: Average = "micro"
    averaged: int | None = None
    semeval: SemEval | None = None


class Match(Struct, frozen=True, gc=False):
    """A gold fact and the predicted fact it was matched with, or a fact without a partner.

    ``gold`` and ``pred`` are indices into ``GoldArticle.facts`` and ``Prediction.facts``; one of them is None
    when the other fact has no partner. ``label`` and ``predicted`` are their labels in the gold's scheme,
    ``right`` the regimes under which the pair is wholly correct. ``ignored``: the gold fact is don't-care, and
    neither of the two is counted.
    """

    article: str
    kind: Kind
    gold: int | None
    pred: int | None
    label: str | None
    predicted: str | None
    iou: float = 0.0
    right: tuple[str, ...] = ()
    ignored: bool = False


def count_row(
    article: str, kind: Kind, label: str, regime: str, numbers: Sequence[int | float]
) -> CountRow:
    """The row with these numbers."""
    semeval = SemEval(*map(int, numbers[3:])) if len(numbers) > 3 else None
    return CountRow(article, kind, label, regime, Counts(*numbers[:3]), semeval)


def numbers_of(row: CountRow) -> Numbers:
    """The numbers of a row."""
    return [*astuple(row.counts), *(() if row.semeval is None else astuple(row.semeval))]


def article_counts(rows: Iterable[CountRow]) -> ArticleCounts:
    """The rows of one article by kind, regime and label, each in the order of the rows."""
    counts: ArticleCounts = {}
    for row in rows:
        by_regime = counts.setdefault(row.kind, {}).setdefault(row.regime, {})
        by_regime[row.label] = numbers_of(row)
    return counts


def rows_of(article: str, counts: ArticleCounts) -> Iterator[CountRow]:
    """The rows of an article with these counts."""
    for kind, by_regime in counts.items():
        for regime, by_label in by_regime.items():
            for label, numbers in by_label.items():
                yield count_row(article, kind, label, regime, numbers)
