"""``report -o FILE.json``: each run with its manifest, its scores and its tables.

``docs/report.schema.json`` is the schema of what it writes.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from factharness import escape
from factharness.report.schema import DIALECT, dedented
from factharness.runs.record import Manifest, Run, RunScores
from factharness.runs.tables import of_run
from factharness.runs.tables.block import Tables


class RunReport(Struct, frozen=True):
    """One run: the content of ``run.json``, that of ``scores.json``, and the tables."""

    run: Manifest
    scores: RunScores
    tables: Tables


def render(runs: Sequence[Run]) -> str:
    """A list of :class:`RunReport`, indented."""
    whole = [RunReport(run.manifest, run.scores, of_run(run)) for run in runs]
    return escape.json(msgspec.json.format(msgspec.json.encode(whole), indent=1).decode()) + "\n"


def schema() -> str:
    """The JSON Schema of what :func:`render` writes."""
    made = dedented({"$schema": DIALECT, **msgspec.json.schema(list[RunReport])})
    return msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n"
