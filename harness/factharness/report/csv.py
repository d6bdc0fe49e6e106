"""``scores.csv``: the scores of one run or several, one per line, in the columns of ``Run.to_frame()``."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from factharness import escape
from factharness.runs.record import COLUMNS, Run, score_cells

_RATIOS = frozenset({"precision", "recall", "f1", "low", "high"})


def render(runs: Sequence[Run]) -> str:
    """The whole file with its header; undefined is an empty field, label ``*`` is all labels.

    Averages over labels or articles are no sums of counts and are left out; ``scores.json`` has them.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for score in (score for run in runs for score in run.scores.scores):
        if score.row.average == "micro":
            cells = zip(COLUMNS, score_cells(score), strict=True)
            writer.writerow([_field(column, value) for column, value in cells])
    return out.getvalue()


def _field(column: str, value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return escape.csv(value)
    return f"{value:.6f}" if column in _RATIOS else f"{value:.12g}"
