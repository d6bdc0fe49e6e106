"""Tables as plain text for a terminal, as Markdown and as LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from factharness import escape
from factharness.report.table import Column, Table


def render(tables: Iterable[Table]) -> str:
    """Aligned plain text, one table under the other."""
    return "\n\n".join(_block(_escaped(table, escape.line), "simple") for table in tables)


def markdown(tables: Iterable[Table]) -> str:
    """GitHub-flavoured Markdown, a heading per table."""
    return (
        "\n\n".join(
            _block(_escaped(table, escape.markdown), "github", mark="### ") for table in tables
        )
        + "\n"
    )


def latex(tables: Iterable[Table]) -> str:
    """LaTeX ``tabular``s with ``booktabs`` rules, the titles as comments, the notes as paragraphs."""
    needs = "% These tables need \\usepackage{booktabs} and \\usepackage[T1]{fontenc}."
    return "\n\n".join([*map(_tabular, tables), needs]) + "\n"


def _escaped(table: Table, escaped: Callable[[str], str]) -> Table:
    return Table(
        title=escaped(table.title),
        columns=tuple(Column(escaped(column.name), column.align) for column in table.columns),
        rows=tuple(tuple(map(escaped, row)) for row in table.rows),
        notes=tuple(map(escaped, table.notes)),
    )


def _block(table: Table, style: str, mark: str = "") -> str:
    from tabulate import tabulate

    # Cells are text already; tabulate must not read numbers back out of them.
    grid = tabulate(
        table.rows,
        headers=table.header,
        tablefmt=style,
        disable_numparse=True,
        colalign=[column.align for column in table.columns],
    )
    notes = "".join(f"\n{note}" for note in table.notes)
    return f"{mark}{table.title}\n\n{grid}{notes and chr(10) + notes}"


def _tabular(table: Table) -> str:
    shown = _escaped(table, escape.latex)
    header, *rows = (" & ".join(row) + r" \\" for row in (shown.header, *shown.rows))
    lines = [
        f"% {escape.line(table.title)}",
        rf"\begin{{tabular}}{{{''.join(column.align[0] for column in table.columns)}}}",
        *(r"\toprule", header, r"\midrule", *rows, r"\bottomrule"),
        r"\end{tabular}",
        *(f"\n{note}" for note in shown.notes),
    ]
    return "\n".join(lines)
