"""A table of formatted cells, which :mod:`factharness.report.text` prints as text, Markdown or LaTeX."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from factharness.score.stats import FEW_ARTICLES

UNDEFINED = "–"
UNCLAIMED = "n/a"


class Column(Struct, frozen=True):
    """The heading of a column, and whether its cells are aligned left or right."""

    name: str
    align: Literal["left", "right"] = "right"


class Table(Struct, frozen=True):
    """A titled table of formatted cells, with notes to stand under it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The headings."""
        return tuple(column.name for column in self.columns)


def score(value: float | None) -> str:
    """A score between 0 and 1 as it is printed; undefined is a dash."""
    return UNDEFINED if value is None else f"{value:.3f}"


def count(value: float) -> str:
    """A count as it is printed: whole where it is whole."""
    return f"{value:g}" if value % 1 else f"{value:.0f}"


def few_articles(articles: int) -> Iterator[str]:
    """The note under a table of scores on few articles; nothing when there are enough."""
    if articles < FEW_ARTICLES:
        yield f"Fewer than {FEW_ARTICLES} articles: only large differences can be told apart."
