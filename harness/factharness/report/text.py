"""Tables as plain text for a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from factharness.report.table import Table


def render(tables: Iterable[Table]) -> str:
    """Aligned plain text, one table under the other."""
    return "\n\n".join(_block(table, "simple", f"{table.title}\n") for table in tables)


def markdown(tables: Iterable[Table]) -> str:
    """GitHub-flavoured Markdown, a heading per table."""
    return "\n\n".join(_block(table, "github", f"### {table.title}\n") for table in tables) + "\n"


def latex(tables: Iterable[Table]) -> str:
    """LaTeX ``tabular``s with ``booktabs`` rules, the titles as comments."""
    return (
        "\n\n".join(_block(table, "latex_booktabs", f"% {table.title}") for table in tables) + "\n"
    )


def _block(table: Table, style: str, heading: str) -> str:
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
    return f"{heading}\n{grid}{notes and chr(10) + notes}"
