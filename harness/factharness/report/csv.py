"""``scores.csv``: the scores of one run or several, one per line, in the columns of ``Run.to_frame()``."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Callable, Sequence

from factharness import escape
from factharness.runs.record import COLUMNS, Run, score_cells

_RATIOS = frozenset({"precision", "recall", "f1", "low", "high"})


def render(runs: Sequence[Run]) -> str:
    """The file with its header. An undefined score is an empty field; label ``*`` is all labels."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    shown = functools.cache(escape.csv)  # the same few names stand in every line
    for score in (score for run in runs for score in run.scores.scores):
        if score.row.average == "micro":
            cells = zip(COLUMNS, score_cells(score), strict=True)
            writer.writerow([_field(column, value, shown) for column, value in cells])
    return out.getvalue()


def _field(column: str, value: str | float | None, shown: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return shown(value)
    return f"{value:.6f}" if column in _RATIOS else f"{value:.12g}"
