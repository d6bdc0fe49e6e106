"""The comparison of a run as HTML for a notebook: the blocks per kind, the best of a column in bold."""

from __future__ import annotations

from collections.abc import Iterator

from factharness.escape import markup
from factharness.runs.record import Run
from factharness.runs.tables import of_run
from factharness.runs.tables.block import Block


def html(run: Run) -> str:
    """Headings, tables and notes, without style or script."""
    parts = []
    for section in of_run(run).sections:
        parts.append(f"<h3>{markup(section.title)}</h3>")
        parts += map("".join, map(_table, section.main))
        parts += [f"<p>{markup(note)}</p>" for note in section.notes + section.left_out]
    return "\n".join(parts)


def _table(block: Block) -> Iterator[str]:
    columns = [column for column in block.columns if not column.wide]
    yield f"<h4>{markup(block.title)}</h4><table><thead><tr>"
    for column in columns:
        yield f'<th scope="col" title="{markup(column.meaning)}">{markup(column.heading)}</th>'
    yield "</tr></thead><tbody>"
    for row in block.rows:
        yield "<tr>"
        for column in columns:
            cell = markup(block.shown(row, column))
            yield f"<td>{f'<b>{cell}</b>' if column.name in row.best else cell}</td>"
        yield "</tr>"
    yield "</tbody></table>"
