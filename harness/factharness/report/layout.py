"""Lays out the tables of a run: which blocks in which order, which columns, and what stands under them.

The blocks are :mod:`factharness.runs.tables`; what comes out are tables of formatted cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from factharness.report.table import Mark, Table, TextColumn
from factharness.report.text import width_of
from factharness.runs.record import Run
from factharness.runs.tables import block as data
from factharness.runs.tables import of_run

NARROW = 80
"""The columns of a terminal up to which only those columns are shown that always are."""

Choice: TypeAlias = Callable[[data.Block], Sequence[data.Column]]
"""Chooses the columns of a block that are shown."""


def tables(
    run: Run, choose: Choice, marks: str, *, detail: bool = True, verbose: bool = False
) -> Iterator[Table]:
    """The tables of a run.

    ``choose``
        see :data:`Choice`; :func:`narrow`, :func:`every`, :func:`fitting`.
    ``marks``
        the sentence of the legend that says how the best of a column is marked.
    ``detail``
        whether labels, slices and confusion matrices follow the comparison.
    ``verbose``
        whether the signatures of the numbers stand under them.
    """
    made = of_run(run)
    shown: list[tuple[data.Block, Sequence[data.Column]]] = []

    def laid(block: data.Block) -> Table:
        columns = choose(block)
        shown.append((block, columns))
        return table(block, columns)

    for section in made.sections:
        yield Table(section.title, level=1)
        yield from map(laid, section.main)
        yield Table("", notes=section.notes, lines=section.left_out + section.signatures * verbose)
        if detail:
            yield from map(laid, section.labels + section.slices + section.confusions)
    yield from map(laid, made.costs)
    yield Table("", notes=tuple(_legend(shown, marks)))


def narrow(block: data.Block) -> list[data.Column]:
    """The columns that are always shown."""
    return [column for column in block.columns if not column.wide]


def fitting(room: int) -> Choice:
    """The columns that are always shown, and of the others as many as fit into ``room``."""

    def choose(block: data.Block) -> list[data.Column]:
        chosen = narrow(block)
        # The last ones first: these are the regimes that the suite asks for.
        for more in reversed([column for column in block.columns if column.wide]):
            wider = [column for column in block.columns if column in chosen or column is more]
            if room > NARROW and width_of(table(block, wider)) <= room:
                chosen = wider
        return chosen

    return choose


def every(block: data.Block) -> list[data.Column]:
    """All columns."""
    return list(block.columns)


def table(block: data.Block, columns: Sequence[data.Column]) -> Table:
    """A block with formatted cells."""
    marks: dict[tuple[int, int], Mark] = {}
    for r, row in enumerate(block.rows):
        for c, column in enumerate(columns):
            if column.name in row.best:
                marks[r, c] = "ahead" if column.name in row.ahead else "best"
    return Table(
        title=block.title,
        columns=tuple(
            TextColumn(column.heading, "left" if column.format == "text" else "right")
            for column in columns
        ),
        rows=tuple(tuple(block.shown(row, column) for column in columns) for row in block.rows),
        marks=marks,
    )


def _legend(shown: Sequence[tuple[data.Block, Sequence[data.Column]]], marks: str) -> Iterator[str]:
    """A sentence for each column that is shown and each sign that is used."""
    yield from data.legend(shown)
    rows = [row for block, _ in shown for row in block.rows]
    if any(row.best for row in rows):
        yield marks
