"""``scores.csv``: the scores of one run or several, one per line, in the columns of ``Run.to_frame()``."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Sequence

from factharness import escape
from factharness.runs.record import COLUMNS, Run, score_cells

_FORMATS = tuple(
    "%.6f" if column in ("precision", "recall", "f1", "low", "high") else "%.12g"
    for column in COLUMNS
)
"""How a number is written, by column."""


def render(runs: Sequence[Run]) -> str:
    """The file with its header. An undefined score is an empty field; label ``*`` is all labels."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    text = functools.cache(escape.csv)  # the same few names stand in every line
    for score in (score for run in runs for score in run.scores.scores):
        if score.row.average == "micro":
            writer.writerow(
                [
                    ""
                    if value is None
                    else text(value)
                    if isinstance(value, str)
                    else number % value
                    for number, value in zip(_FORMATS, score_cells(score), strict=True)
                ]
            )
    return out.getvalue()
