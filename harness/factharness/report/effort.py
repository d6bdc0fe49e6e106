"""The table of ``gold plan``: how many articles two back ends need to be told apart. Data in, text out."""

from __future__ import annotations

from collections.abc import Sequence

from factharness.report.table import Table, TextColumn
from factharness.runs.effort import Need
from factharness.runs.tables.cells import UNDEFINED
from factharness.score.counts import FEW_ARTICLES


def table(
    needs: Sequence[Need], difference: float, articles: int | None, minutes: float | None
) -> Table:
    """A row per kind and regime of one gold set. ``articles`` is how many the set has now, where that is known,
    else those of the run; ``minutes`` how long one takes to label."""
    columns = [TextColumn(name, "left") for name in ("kind", "regime", "back ends")]
    names = ["articles", "difference", "detectable now", "articles needed", "more"]
    columns += map(TextColumn, [*names, *["hours"] * (minutes is not None)])
    rows = []
    for need in needs:
        more = need.more(need.articles if articles is None else articles)
        row = [
            need.kind,
            need.regime,
            f"{need.first}, {need.second}",
            str(need.articles),
            f"{need.difference:+.3f}",
            UNDEFINED if need.detectable is None else f"{need.detectable:.3f}",
            _number(need.needed),
            _number(more),
        ]
        if minutes is not None:
            row.append(UNDEFINED if more is None else f"{more * minutes / 60:.1f}")
        rows.append(tuple(row))
    title = f"Articles of {needs[0].goldset} until a difference of {difference:g} in F1 shows"
    return Table(title, tuple(columns), tuple(rows), tuple(_notes(needs, articles)))


def _notes(needs: Sequence[Need], articles: int | None) -> list[str]:
    scored = max(need.articles for need in needs)
    notes = [
        "Power 80 %, level 5 %, two-sided, from how the two vary from article to article in the run; further"
        " articles are taken to be like these."
    ]
    if articles is not None and articles != scored:
        notes.append(f"The set has {articles} articles now, the run {scored}; more is from now.")
    if scored < FEW_ARTICLES:
        notes.append(f"Fewer than {FEW_ARTICLES} articles: the spread itself is a rough guess.")
    if any(need.needed is None for need in needs):
        notes.append(f"{UNDEFINED}: the two do not differ in any article.")
    return notes


def _number(value: int | None) -> str:
    return UNDEFINED if value is None else f"{value:,}"
