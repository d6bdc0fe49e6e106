"""Estimates how many more articles a gold set needs until it can show a difference between two back ends.

The answer comes from how the differences between the two vary from article to article in a stored run. It
assumes that further articles are like those of the run.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from msgspec import Struct

from factharness.errors import HarnessError, unknown
from factharness.facts import KINDS, Kind
from factharness.runs.record import Run
from factharness.score import ALL, Counts
from factharness.score.comparison import RowKey
from factharness.score.stats import articles_needed, detectable

ALSO: tuple[tuple[Kind, str], ...] = (("date", "value"), ("quote", "joint"))
"""Regimes besides the main one of each kind: whether a date's value, a quote's speaker is right, too."""


class Need(Struct, frozen=True):
    """One kind and regime of one gold set: what two back ends differ by, and what it takes to show it.

    ``difference`` is ``second`` minus ``first`` in F1 on ``articles`` articles; ``detectable`` the least
    difference that these show; ``needed`` how many articles show the difference that was asked for, None
    when the two do not differ from article to article.
    """

    goldset: str
    kind: Kind
    regime: str
    first: str
    second: str
    articles: int
    difference: float
    detectable: float | None
    needed: int | None

    def more(self, articles: int) -> int | None:
        """How many are missing when the set has ``articles``."""
        return None if self.needed is None else max(0, self.needed - articles)


def needs(
    run: Run, difference: float, *, backends: Sequence[str] = (), goldset: str | None = None
) -> list[Need]:
    """A row per gold set, kind and regime of the run, for the two ``backends``, else for the two best ones.

    ``goldset`` limits the rows to one set. Raises ``HarnessError`` when a name is not in the run, or there are
    no two back ends with the same kind.
    """
    known = [one.name for one in run.manifest.backends]
    for name in backends:
        if name not in known:
            message, remedy = unknown("back end", name, known)
            raise HarnessError(message, file=run.path, remedy=remedy)
    found = [
        need
        for held in run.manifest.goldsets
        if goldset in (None, held.name)
        for need in _of_set(run, held.name, difference, backends)
    ]
    if not found:
        raise HarnessError(
            "no two back ends of this run find the same kind of fact",
            file=run.path,
            remedy="run the two that are to be compared together: factharness run -b A -b B",
        )
    return found


def _of_set(run: Run, goldset: str, difference: float, backends: Sequence[str]) -> Iterator[Need]:
    wanted: list[RowKey] = [(kind, ALL, run.manifest.main_regime(kind)) for kind in KINDS]
    wanted += [(kind, ALL, regime) for kind, regime in ALSO]
    tables: dict[RowKey, dict[str, dict[str, Counts]]] = {key: {} for key in wanted}
    borrows = {one.name: one.borrows for one in run.manifest.backends}
    for record in run.counts():
        row = record.row
        table = tables.get((row.kind, row.label, row.regime))
        # A back end that borrows a kind would be compared with the one that it borrows from.
        borrowed = row.kind in borrows[record.backend]
        if record.goldset == goldset and table is not None and not borrowed:
            table.setdefault(record.backend, {})[row.article] = row.counts
    for (kind, _, regime), sides in tables.items():
        pair = backends if backends else _best(sides)
        if len(pair) == 2 and all(name in sides for name in pair):
            yield _need(goldset, kind, regime, (pair[0], pair[1]), sides, difference)


def _best(sides: dict[str, dict[str, Counts]]) -> list[str]:
    """The two back ends with the highest F1, the better one last; fewer when there are fewer."""
    f1 = {name: sum(side.values(), Counts()).f1 for name, side in sides.items()}
    ranked = sorted((value, name) for name, value in f1.items() if value is not None)
    return [name for _, name in ranked[-2:]]


def _need(
    goldset: str,
    kind: Kind,
    regime: str,
    names: tuple[str, str],
    sides: dict[str, dict[str, Counts]],
    difference: float,
) -> Need:
    first, second = (sides[name] for name in names)
    articles = sorted(first.keys() & second.keys())
    values = [[side[article] for article in articles] for side in (first, second)]
    f1 = [sum(side, Counts()).f1 or 0.0 for side in values]
    return Need(
        goldset,
        kind,
        regime,
        *names,
        articles=len(articles),
        difference=f1[1] - f1[0],
        detectable=detectable(values[0], values[1]),
        needed=articles_needed(values[0], values[1], difference),
    )


def newest(runs: Sequence[Run], goldset: str) -> Run | None:
    """The newest of the runs, which come oldest first, that scored at least two back ends on a gold set."""
    for run in reversed(runs):
        scored = {one.backend for one in run.scores.backends if one.goldset == goldset}
        if any(itertools.combinations(scored, 2)):
            return run
    return None
