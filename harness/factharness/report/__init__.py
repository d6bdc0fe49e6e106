"""Renders runs, comparisons, trends and verdicts as text: data in, text out.

:data:`FORMATS` has the formats of ``factharness report``. The columns of the tables are in
:mod:`factharness.report.summary`, those of ``scores.csv`` in :mod:`factharness.runs.record`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factharness.report.table import Table
    from factharness.runs.record import Run
    from factharness.runs.texts import Texts


def _text(runs: Sequence[Run]) -> str:
    from factharness.report import summary, text

    return text.render(table for run in runs for table in summary.tables(run)) + "\n"


def _tables(runs: Sequence[Run]) -> list[Table]:
    """For each run its tables of scores, and its confusion matrices."""
    from factharness.report.summary import confusions, tables

    return [table for run in runs for table in (*tables(run), *confusions(run))]


def _markdown(runs: Sequence[Run]) -> str:
    from factharness.report import text

    return text.markdown(_tables(runs))


def _csv(runs: Sequence[Run]) -> str:
    from factharness.report import csv

    return csv.render(runs)


def _json(runs: Sequence[Run]) -> str:
    import msgspec

    from factharness import escape

    whole = [{"run": run.manifest, "scores": run.scores} for run in runs]
    return escape.json(msgspec.json.format(msgspec.json.encode(whole), indent=1).decode()) + "\n"


def _latex(runs: Sequence[Run]) -> str:
    from factharness.report import text

    return text.latex(_tables(runs))


def _junit(runs: Sequence[Run]) -> str:
    from factharness.report import gate

    return gate.junit(runs)


FORMATS: Mapping[str, Callable[[Sequence[Run]], str]] = {
    "txt": _text,
    "md": _markdown,
    "csv": _csv,
    "json": _json,
    "tex": _latex,
    "junit.xml": _junit,
}
"""Suffix of a file to the function that renders runs in that format."""


def renderings(run: Run, texts: Texts) -> dict[str, str]:  # noqa: ARG001
    """The files for readers that every run writes into its directory beside its data: name to content."""
    return {"summary.md": _markdown([run]), "scores.csv": _csv([run])}
