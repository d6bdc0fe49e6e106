"""Tables as plain text for a terminal, as Markdown and as LaTeX."""

from __future__ import annotations

import itertools
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from factharness import escape
from factharness.report.table import Mark, Table, TextColumn

_SIGNS: dict[Mark | None, str] = {"best": "△", "ahead": "▲", None: " "}
"""What follows a marked cell where text cannot be bold."""

_STYLES: dict[Mark, str] = {"best": "\x1b[1m", "ahead": "\x1b[1;4m"}
_PLAIN = "\x1b[0m"

_TEST = "better than the next by more than chance (paired test, Holm, p < 0.05)"
MARKS = {
    "text": f"△ best of its column; ▲ and {_TEST}.",
    "styled": f"Bold: best of its column; underlined: {_TEST}.",
    "markdown": f"Bold: best of its column; ▲ {_TEST}.",
    "latex": f"Bold: best of its column; underlined: {_TEST}.",
}
"""How each target marks the best of a column, as its legend says it."""


def render(tables: Iterable[Table], width: int | None = None, *, styled: bool = False) -> str:
    """Aligned plain text, one table under the other.

    With a ``width``, notes are wrapped and wide tables are folded: the columns that do not fit stand below,
    after the columns of words at the left, which say what a row is of; in a table of words alone, after the
    first one. ``styled`` marks cells in the style of a terminal instead of by signs; that text is for a stream
    that does not escape it.
    """
    escaped = _on_terminal if styled else escape.line
    parts = (_text(_escaped(table, escaped), width, styled=styled) for table in tables)
    return "\n\n".join(filter(None, parts))


def width_of(table: Table) -> int:
    """How many columns of a terminal a table needs as text, its notes and title left out."""
    return _width(_grid(_escaped(table, escape.line), _AIRY, styled=False))


def markdown(tables: Iterable[Table]) -> str:
    """GitHub-flavoured Markdown, a heading per table."""
    parts = (_markdown(_marked(_escaped(table, escape.markdown), _bold)) for table in tables)
    return "\n\n".join(filter(None, parts)) + "\n"


def latex(tables: Iterable[Table]) -> str:
    """LaTeX ``tabular``s with ``booktabs`` rules, the titles as comments, the notes as paragraphs."""
    needs = "% These tables need \\usepackage{booktabs} and \\usepackage[T1]{fontenc}."
    return "\n\n".join([*map(_latex, tables), needs]) + "\n"


def _escaped(table: Table, escaped: Callable[[str], str]) -> Table:
    return replace(
        table,
        title=escaped(table.title),
        columns=tuple(TextColumn(escaped(column.name), column.align) for column in table.columns),
        rows=tuple(tuple(map(escaped, row)) for row in table.rows),
        notes=tuple(map(escaped, table.notes)),
        lines=tuple(map(escaped, table.lines)),
    )


def _on_terminal(text: str) -> str:
    return escape.terminal(escape.line(text))


def _marked(table: Table, mark: Callable[[str, Mark | None], str]) -> Table:
    """The table with ``mark`` applied to all cells of the columns that have a marked one."""
    columns = {column for _, column in table.marks}
    return replace(
        table,
        rows=tuple(
            tuple(
                mark(cell, table.marks.get((r, c))) if c in columns else cell
                for c, cell in enumerate(row)
            )
            for r, row in enumerate(table.rows)
        ),
    )


def _bold(cell: str, mark: Mark | None) -> str:
    return f"**{cell}**{' ▲' * (mark == 'ahead')}" if mark else cell


def _text(table: Table, width: int | None, *, styled: bool) -> str:
    notes = "\n".join([*(_wrapped(note, width) for note in table.notes), *table.lines])
    grids = _folded(table, width, styled=styled)
    return "\n\n".join(filter(None, [_wrapped(table.title, width), *grids, notes]))


def _wrapped(text: str, width: int | None) -> str:
    if width is None:
        return text
    return textwrap.fill(
        text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


_AIRY, _TIGHT = "  ", " "
"""What stands between the columns of a grid, and between those of one that is else too wide."""


def _folded(table: Table, width: int | None, *, styled: bool) -> Iterator[str]:
    """The table as one grid, or as several of at most ``width`` where that is possible."""
    places = list(range(len(table.columns)))
    keys = [*itertools.takewhile(lambda n: table.columns[n].align == "left", places)]
    if not 0 < len(keys) < len(places):  # no words, or words alone: the first column names the rows
        keys = places[:1]
    while places:
        fits = len(places)
        grid = _grid(_only(table, places), _AIRY, styled=styled)
        while width is not None and _width(grid) > width and fits > len(keys) + 1:
            tight = _grid(_only(table, places[:fits]), _TIGHT, styled=styled)
            if _width(tight) <= width:
                grid = tight
                break
            fits -= 1
            grid = _grid(_only(table, places[:fits]), _AIRY, styled=styled)
        yield grid
        places = [*keys, *places[fits:]] if fits < len(places) else []


def _only(table: Table, places: Sequence[int]) -> Table:
    """The table with these columns."""
    return replace(
        table,
        columns=tuple(table.columns[place] for place in places),
        rows=tuple(tuple(row[place] for place in places) for row in table.rows),
        marks={
            (row, n): mark
            for (row, column), mark in table.marks.items()
            for n, place in enumerate(places)
            if place == column
        },
    )


def _grid(table: Table, gap: str, *, styled: bool) -> str:
    """Aligned columns under their headings and a rule."""
    signed = {column for _, column in table.marks} if not styled else set()
    lines = [
        table.header,
        *(
            tuple(
                cell + (_SIGNS[table.marks.get((r, c))] if c in signed else "")
                for c, cell in enumerate(row)
            )
            for r, row in enumerate(table.rows)
        ),
    ]
    widths = [max(map(_cells, column)) for column in zip(*lines, strict=True)]
    shown = [
        gap.join(
            _padded(cell, width, column.align, table.marks.get((r, c)) if styled else None)
            for c, (cell, width, column) in enumerate(zip(line, widths, table.columns, strict=True))
        ).rstrip()
        for r, line in enumerate(lines, -1)
    ]
    return "\n".join([shown[0], gap.join("-" * width for width in widths), *shown[1:]])


def _padded(cell: str, width: int, align: str, mark: Mark | None) -> str:
    space = " " * (width - _cells(cell))
    text = f"{_STYLES[mark]}{cell}{_PLAIN}" if mark else cell
    return text + space if align == "left" else space + text


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes: two for a wide character, none for an accent of its own."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(c) in ("Mn", "Me", "Cf")
        else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def _width(grid: str) -> int:
    """The width of a grid: that of its rule."""
    return len(grid.split("\n")[1])


def _markdown(table: Table) -> str:
    heading = f"{'##' if table.level == 1 else '###'} {table.title}" if table.title else ""
    grid = _piped(table) if table.columns else ""
    # Two spaces before a line end keep the lines apart.
    return "\n\n".join(filter(None, [heading, grid, "  \n".join(table.notes + table.lines)]))


def _piped(table: Table) -> str:
    """Aligned columns between pipes; a heading has two more spaces, as authors of Markdown leave them."""
    widths = [
        max([_cells(name) + 2, *map(_cells, cells)])
        for name, *cells in zip(table.header, *table.rows, strict=True)
    ]
    lines = [
        [
            _padded(cell, width, column.align, None)
            for cell, width, column in zip(line, widths, table.columns, strict=True)
        ]
        for line in (table.header, *table.rows)
    ]
    head, *rows = (f"| {' | '.join(line)} |" for line in lines)
    return "\n".join([head, f"|{'|'.join('-' * (width + 2) for width in widths)}|", *rows])


def _latex(table: Table) -> str:
    shown = _marked(_escaped(table, escape.latex), _emphasised)
    header, *rows = (" & ".join(row) + r" \\" for row in (shown.header, *shown.rows))
    grid = [
        rf"\begin{{tabular}}{{{''.join(column.align[0] for column in table.columns)}}}",
        *(r"\toprule", header, r"\midrule", *rows, r"\bottomrule"),
        r"\end{tabular}",
    ]
    lines = [
        *([f"% {escape.line(table.title)}"] if table.title else []),
        *(grid if table.columns else []),
        *(f"\n{note}" for note in shown.notes + shown.lines),
    ]
    return "\n".join(lines)


def _emphasised(cell: str, mark: Mark | None) -> str:
    bold = rf"\textbf{{{cell}}}" if mark else cell
    return rf"\underline{{{bold}}}" if mark == "ahead" else bold
