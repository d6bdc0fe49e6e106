"""The table of ``factharness compare``: two back ends or two runs side by side. Pure: data in, text out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from factharness.facts import KINDS
from factharness.report.table import Table, TextColumn
from factharness.runs.comparison import Comparison, Flipped
from factharness.runs.tables.cells import UNDEFINED, score
from factharness.score.counts import FEW_ARTICLES


def table(comparison: Comparison, metric: str, flips: Sequence[Flipped] = ()) -> Table:
    """A row per kind, label and regime: both numbers, their difference, its interval and its tests.

    A note counts ``flips``.
    """
    cells = []
    for row in comparison.rows:
        d = row.difference
        cells.append(
            (
                row.kind,
                row.label,
                row.regime,
                str(d.articles),
                score(d.first),
                score(d.second),
                _signed(d.difference),
                UNDEFINED if d.low is None else f"{_signed(d.low)} – {_signed(d.high)}",
                f"{d.p:.4f}",
                f"{row.adjusted:.4f}",
                f"{d.wins}/{d.ties}/{d.losses}",
                UNDEFINED if d.detectable is None else f"± {d.detectable:.3f}",
            )
        )
    left = [TextColumn(name, "left") for name in ("kind", "label", "regime")]
    names = ["articles", f"base {metric}", f"head {metric}", "difference", "95 %", "p", "p (Holm)"]
    columns = [*left, *map(TextColumn, [*names, "W/T/L", "detectable"])]
    notes = tuple(_notes(comparison, flips))
    return Table(comparison.title, tuple(columns), tuple(cells), notes)


def _signed(value: float | None) -> str:
    return UNDEFINED if value is None else f"{value:+.3f}"


def _notes(comparison: Comparison, flips: Sequence[Flipped]) -> Iterator[str]:
    rows = comparison.rows
    first = rows[0].difference
    if min(row.difference.articles for row in rows) < FEW_ARTICLES:
        yield f"Fewer than {FEW_ARTICLES} articles: only large differences can be told apart."
    methods = {row.difference.method for row in rows}
    yield (
        f"p: paired {' and '.join(sorted(methods))} over articles; intervals: paired bootstrap, "
        f"{first.draws} draws, seed {first.seed}; detectable: with 80 % power at 5 %."
    )
    base, head = (
        next(backend for backend in run.manifest.backends if backend.name == name)
        for run, name in (comparison.base, comparison.head)
    )
    for kind in KINDS:
        if (kind in base.kinds) != (kind in head.kinds):
            alone = comparison.names[kind in head.kinds]
            yield f"Not compared: {kind}, as only {alone} looks for it."
    if base.map != head.map:
        yield f"Label maps: base {base.map}, head {head.map}."
    if comparison.repeats:
        yield "The two are runs of one back end: what differs between them is chance."
    if flips:
        times = Counter(flip.change for flip in flips)
        yield (
            f"Flips: + {times['gained']} gained, - {times['lost']} lost, "
            f"! {times['wrong']} newly wrong, ~ {times['mended']} no longer wrong."
        )


def data(
    comparisons: Sequence[Comparison], flips: Sequence[Sequence[Flipped]]
) -> list[dict[str, object]]:
    """The comparisons as values for JSON: rows, and the ``flips`` of each, which may be none."""
    return [
        {
            "goldset": comparison.goldset,
            "base": comparison.base[1],
            "head": comparison.head[1],
            "rows": comparison.rows,
            "flips": [
                {
                    "change": flip.change,
                    "match": flip.match,
                    "line": str(flip),
                    "gold": flip.gold,
                    "base": flip.base.pred if flip.base else None,
                    "head": flip.head.pred if flip.head else None,
                }
                for flip in flipped
            ],
        }
        for comparison, flipped in zip(comparisons, flips, strict=True)
    ]
