"""The page of ``factharness compare A B -o diff.html``: the numbers of both, and the facts that differ.

It has the articles and the list of mistakes of :mod:`factharness.report.html`, with two back ends, of which
only those facts are listed that one has right and the other has not, or that are wrong in another way.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from factharness.errors import HarnessError
from factharness.report.comparison import table
from factharness.report.html import articles, mistakes, shown
from factharness.report.html.page import Part, page
from factharness.report.html.sides import Side
from factharness.report.table import Table
from factharness.runs.comparison import Comparison
from factharness.runs.texts import Texts
from factharness.score.counts import ALL
from factharness.score.stats import Metric

WIDE = frozenset({"articles", "95 %", "p", "W/T/L", "detectable"})
"""The columns that a narrow screen leaves out."""
METRICS = {"f1": "F1"}
"""Measures whose name is not what is shown."""


def render(
    comparisons: Sequence[Comparison],
    texts: Texts,
    metric: Metric = "f1",
    *,
    with_texts: bool = False,
    all_articles: bool = False,
) -> str:
    """The page. ``texts`` are those of the base; ``all_articles`` draws all articles of large runs, too.
    Raises ``HarnessError`` for several pairs of back ends."""
    pairs = list(dict.fromkeys((one.base[1], one.head[1]) for one in comparisons))
    if len(pairs) > 1:
        raise HarnessError(
            f"a page shows the difference of two back ends, and here are {len(pairs)} pairs",
            remedy=f"name one of them on each side, as RUN:{pairs[0][0]} RUN:{pairs[0][1]}",
        )
    sides = _sides(comparisons[0])
    some = shown.limited(sides[0].run) and articles.drawn(sides) and not all_articles
    only = shown.by_changes(sides) if some else None
    data = articles.data(sides, texts, with_texts=with_texts, difference=True, only=only)
    base, head = sides
    tables = [_shown(table(one, metric), sides) for one in comparisons]
    context = {
        "base": base.name,
        "head": head.name,
        "runs": [side.run.manifest.id for side in sides],
        "tables": [(one.goldset, made) for one, made in zip(comparisons, tables, strict=True)],
        "wide": WIDE,
        "drawn": bool(data),
    }
    parts = [
        Part("difference", "Difference", context),
        mistakes.part(sides, difference=True),
        articles.part(sides, difference=True),
    ]
    note = shown.note(base.run, "changes") if some else ""
    return page(f"{head.name} against {base.name}", parts, data, note=note)


def _shown(made: Table, sides: Sequence[Side]) -> Table:
    """The table with the words of the page, and without the labels where it has no row of a label."""
    names = ("before", "after") if sides[0].run is not sides[1].run else [one.name for one in sides]
    titles = {"base": names[0], "head": names[1]}
    columns = [
        replace(column, name=f"{titles[first]} {METRICS.get(rest, rest)}")
        if first in titles
        else column
        for column in made.columns
        for first, _, rest in [column.name.partition(" ")]
    ]
    label = [column.name for column in columns].index("label")
    kept = [n for n in range(len(columns)) if n != label or {row[n] for row in made.rows} != {ALL}]
    rows = [tuple(row[n] for n in kept) for row in made.rows]
    return replace(made, columns=tuple(columns[n] for n in kept), rows=tuple(rows))


def _sides(comparison: Comparison) -> list[Side]:
    """Base and head, by the names of their back ends; of two runs, they may have the same name."""
    (base, first), (head, second) = comparison.base, comparison.head
    if base is head or base.path == head.path:
        return [Side(first, base, first), Side(second, base, second)]
    return [Side(f"{first}, before", base, first), Side(f"{second}, after", head, second)]
