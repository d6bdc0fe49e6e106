"""``scores.csv``: every score of one run or several, one per line, in fixed columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from factharness import escape
from factharness.runs.record import Run

COLUMNS = (
    "goldset", "backend", "kind", "label", "regime", "slice", "articles",
    "gold", "pred", "tp", "fp", "fn", "precision", "recall", "f1",
)  # fmt: skip


def render(runs: Sequence[Run]) -> str:
    """The whole file with its header; undefined is an empty field, label ``*`` is all labels."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for score in (score for run in runs for score in run.scores.scores):
        row, counts = score.row, score.row.counts
        if (
            row.average != "micro"
        ):  # the other averages are no sums of counts; they are in scores.json
            continue
        writer.writerow(
            (
                *map(escape.csv, (score.goldset, score.backend, row.kind, row.label, row.regime, row.slice)),
                row.articles,
                *(f"{value:.12g}" for value in (counts.gold, counts.pred, counts.tp, counts.fp, counts.fn)),
                *(
                    "" if value is None else f"{value:.6f}"
                    for value in (row.precision, row.recall, row.f1)
                ),
            )
        )  # fmt: skip
    return out.getvalue()
