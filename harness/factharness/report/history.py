"""Makes the trend over runs: tables with a row per run and the F1 of each back end and kind.

F1 is over all labels, under the first regime of the suite. There are several tables when scores cannot be
compared: a table has only scores on the same gold (all articles the same), scheme and first regime.
A back end with another label map has a column of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from factharness.facts import KINDS, Kind
from factharness.report.table import Table, TextColumn
from factharness.runs.record import BackendOnSet, Run
from factharness.runs.tables.cells import score

COMMIT = 8
"""Digits of a commit that are shown."""

Values: TypeAlias = tuple[float | None, ...]


class Series(Struct, frozen=True):
    """One line of a trend: a back end on one kind of facts; a value per run, None where the run has none."""

    backend: str
    kind: Kind
    values: Values


class Trend(Struct, frozen=True):
    """The runs on one gold, oldest first, and the scores of each back end; ``title`` names gold and regime."""

    title: str
    runs: tuple[Run, ...]
    series: tuple[Series, ...]


def trends(runs: Sequence[Run]) -> list[Trend]:
    """A trend per gold, scheme and first regime, in the order in which they were first measured."""
    grouped: dict[tuple[str, str, str], list[Run]] = {}
    for run in runs:
        for on_set in run.scores.backends:
            key = on_set.signature.gold, on_set.signature.scheme, run.manifest.regimes[0]
            group = grouped.setdefault(key, [])
            if run not in group[-1:]:
                group.append(run)
    return [_trend(gold, regime, group) for (gold, _, regime), group in grouped.items()]


def _trend(gold: str, regime: str, runs: Sequence[Run]) -> Trend:
    found: dict[tuple[str, str, Kind], dict[int, float | None]] = {}
    maps: dict[str, set[str]] = {}
    for number, run in enumerate(runs):
        for on_set in run.scores.backends:
            if on_set.signature.gold != gold:
                continue
            maps.setdefault(on_set.backend, set()).add(on_set.signature.map)
            for kind, value in _scores(run, on_set).items():
                key = on_set.backend, on_set.signature.map, kind
                found.setdefault(key, {})[number] = value
    series = [
        Series(
            backend if len(maps[backend]) == 1 else f"{backend} ({map_})",
            kind,
            tuple(values.get(number) for number in range(len(runs))),
        )
        for (backend, map_, kind), values in found.items()
    ]
    return Trend(
        f"{gold}, F1, regime {regime}",
        tuple(runs),
        tuple(sorted(series, key=lambda one: (KINDS.index(one.kind), one.backend))),
    )


def _scores(run: Run, on_set: BackendOnSet) -> dict[Kind, float | None]:
    return {
        score.row.kind: score.row.f1
        for score in run.rows()
        if (score.goldset, score.backend) == (on_set.goldset, on_set.backend)
    }


def table(trend: Trend) -> Table:
    """A row per run, a column per back end and kind."""
    rows = [
        (
            run.manifest.started[:16].replace("T", " "),
            run.manifest.suite,
            (run.manifest.commit or "–")[:COMMIT],
            *(score(series.values[number]) for series in trend.series),
            str(sum(len(one.errors) for one in run.scores.backends)),
        )
        for number, run in enumerate(trend.runs)
    ]
    return Table(
        trend.title,
        (
            *(TextColumn(name, "left") for name in ("started (UTC)", "suite", "commit")),
            *(TextColumn(f"{series.backend} {series.kind}") for series in trend.series),
            TextColumn("errors"),
        ),
        tuple(rows),
    )
