"""A table of formatted cells, which :mod:`factharness.report.text` prints as text, Markdown or LaTeX."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

Mark: TypeAlias = Literal["best", "ahead"]
"""The best cell of its column; one that is also better than the next by more than chance."""


class TextColumn(Struct, frozen=True):
    """The heading of a column, and whether its cells are aligned left or right."""

    name: str
    align: Literal["left", "right"] = "right"


class Table(Struct, frozen=True):
    """A titled table of formatted cells, with notes to stand under it.

    ``lines`` are notes that are not to be wrapped, such as commands to copy. ``marks`` has the cells to be
    marked, by row and column. A table without columns is a heading, notes, or both.
    """

    title: str
    columns: tuple[TextColumn, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    level: Literal[1, 2] = 2

    @property
    def header(self) -> tuple[str, ...]:
        """The headings."""
        return tuple(column.name for column in self.columns)
