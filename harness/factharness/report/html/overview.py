"""The part Overview: sentences, the gate's verdict, tables, charts, cost, and what the numbers are signed with.

Everything is in the file when it opens; the script only sorts, switches to another regime or label, and copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from factharness import escape
from factharness.backends.environment import Hardware
from factharness.facts import KINDS, Kind
from factharness.report.html import charts, differences, grids, numerals, sentences, tables
from factharness.report.html.verdict import verdict
from factharness.runs.record import BackendOnSet, GoldSetRecord, Run, ScoreRow
from factharness.score import ALL

FAILURES_SHOWN = 20


class Cost(Struct, frozen=True):
    """What a back end cost on a gold set. ``loading`` and ``extracting`` end where its bar does, in percent."""

    name: str
    load: float
    seconds: float
    rate: float | None
    cached: str
    errors: int
    loading: float
    extracting: float


class Failure(Struct, frozen=True):
    """A back end that failed on an article, and how."""

    backend: str
    article: str
    error: str


class Power(Struct, frozen=True):
    """A line of the forest plot: a pair, and where it is drawn."""

    pair: differences.Pair
    mark: charts.Mark | None


class Group(Struct, frozen=True):
    """The lines of one measure, and the back ends that are alike in every article."""

    title: str
    lines: tuple[Power, ...]
    alike: tuple[tuple[str, ...], ...]
    articles: int


class Forest(Struct, frozen=True):
    """The differences on a gold set: their scale, and their lines by measure."""

    scale: charts.Scale
    groups: tuple[Group, ...]
    lines: int
    draws: str


class SetView(Struct, frozen=True):
    """Everything about one gold set."""

    goldset: GoldSetRecord
    result: sentences.SetResult
    tables: tuple[tables.ScoreTable, ...]
    scale: charts.Scale
    panels: tuple[tuple[str, charts.Panel], ...]
    forest: Forest | None
    heat: grids.Heat
    matrices: tuple[grids.Matrix, ...]
    cost: tuple[Cost, ...]
    cost_scale: charts.Scale
    failures: tuple[Failure, ...]
    more_failures: int
    notes: tuple[str, ...]

    @property
    def columns(self) -> int:
        """How many columns the widest table has, which all others are drawn as wide as."""
        return max(len(table.columns) for table in self.tables)


def context(
    run: Run, counts: Mapping[tuple[str, Kind, str], differences.Counted]
) -> dict[str, Any]:
    """What the template of the overview is given. ``counts`` are those of everything that is compared."""
    sets = [_set(run, goldset, counts) for goldset in run.manifest.goldsets]
    unavailable = {
        backend.name: escape.brief(backend.unavailable)
        for backend in run.manifest.backends
        if backend.unavailable
    }
    results = [one.result for one in sets]
    return {
        "run": run.manifest,
        "headline": sentences.headline(results, list(unavailable)),
        "lead": sentences.lead(results, unavailable),
        "verdict": verdict(run),
        "sets": sets,
        "switches": tables.switches(run),
        "signatures": [str(one.signature.of("*", "*")) for one in run.scores.backends],
        "measured": _measured(run),
        "made": _made(run),
        "panel": charts,
        "n": numerals,
        "visible": escape.line,
    }


def _set(
    run: Run,
    goldset: GoldSetRecord,
    counts: Mapping[tuple[str, Kind, str], differences.Counted],
) -> SetView:
    scores = run.over_all_articles()
    asked = differences.measures(run.manifest)
    compared = differences.compare(goldset.name, counts, asked)
    on_sets = [one for one in run.scores.backends if one.goldset == goldset.name]
    failures = tuple(
        Failure(on_set.backend, article, escape.brief(error))
        for on_set in on_sets
        for article, error in on_set.errors.items()
    )
    return SetView(
        goldset,
        _result(run, goldset, on_sets, compared),
        tuple(tables.tables(run, goldset, scores)),
        tables.scale_of(run),
        tuple(_panels(run, goldset.name, scores)),
        _forest(compared),
        grids.heat(run, goldset.name, scores),
        tuple(grids.matrices(on_sets)),
        *_costs(run, on_sets),
        failures[:FAILURES_SHOWN],
        max(0, len(failures) - FAILURES_SHOWN),
        tuple(_notes(run, goldset)),
    )


def _notes(run: Run, goldset: GoldSetRecord) -> Iterator[str]:
    yield ""


def _measured(run: Run) -> str:
    """On what was measured: ``40 articles of depeches, 4 back ends, strict.``"""
    manifest = run.manifest
    sets = ", ".join(
        f"{numerals.plural(len(one.articles), 'article')} of {one.name}"
        for one in manifest.goldsets
    )
    backends = numerals.plural(len({one.backend for one in run.scores.backends}), "back end")
    part = f", narrowed by {' '.join(manifest.narrowed)}" if manifest.narrowed else ""
    if manifest.shard is not None:
        part += f", shard {manifest.shard[0]} of {manifest.shard[1]}"
    return f"{sets}, {backends}, {manifest.regimes[0]}{escape.line(part)}."


def _made(run: Run) -> str:
    """By what the run was made: versions, commit, machine, time."""
    manifest, machine = run.manifest, run.manifest.hardware
    libraries = [f"{name} {version}" for name, version in manifest.libraries.items()]
    parts = [
        f"factharness {manifest.version}, Python {manifest.python}, {', '.join(libraries)}",
        f"commit {manifest.commit[:12]}" if manifest.commit else "",
        ", ".join(
            filter(
                None, [machine.processor, f"{machine.cores} cores", _memory(machine), *machine.gpus]
            )
        ),
        manifest.platform,
        f"{numerals.seconds(manifest.seconds)} s in all, begun {manifest.started}",
    ]
    return escape.line(". ".join(filter(None, parts))) + "."


def _memory(machine: Hardware) -> str:
    return f"{machine.memory / 2**30:.0f} GiB" if machine.memory else ""


def _result(
    run: Run,
    goldset: GoldSetRecord,
    on_sets: Sequence[BackendOnSet],
    compared: Sequence[differences.Measure],
) -> sentences.SetResult:
    """The numbers that the sentences are made from."""
    rows = {
        (score.backend, score.row.kind): score.row
        for score in run.rows()
        if score.goldset == goldset.name
    }
    kinds = []
    for kind in KINDS:
        regime = run.manifest.main_regime(kind)
        ours = {name: row for (name, its_kind), row in rows.items() if its_kind == kind}
        kinds.append(
            sentences.KindResult(
                kind,
                max((row.counts.gold for row in ours.values()), default=0),
                regime,
                {name: row.f1 for name, row in ours.items() if row.f1 is not None},
                next((m for m in compared if (m.kind, m.regime) == (kind, regime)), None),
                {
                    backend.name: backend.borrows[kind]
                    for backend in run.manifest.backends
                    if kind in backend.borrows
                },
                min(
                    (one.detectable[kind] for one in on_sets if kind in one.detectable),
                    default=None,
                ),
            )
        )
    return sentences.SetResult(
        goldset.name,
        len(goldset.articles),
        kinds,
        {one.backend: len(one.errors) for one in on_sets if one.errors},
    )


def _panels(
    run: Run, goldset: str, scores: Mapping[tuple[str, str, Kind, str, str], ScoreRow]
) -> Iterator[tuple[str, charts.Panel]]:
    """Precision against recall, a panel per kind that has both; all panels have the same axes."""
    placed: dict[Kind, list[tuple[str, float, float]]] = {}
    for kind in KINDS:
        for backend in run.manifest.backends:
            row = scores.get((goldset, backend.name, kind, ALL, run.manifest.main_regime(kind)))
            if row and row.precision is not None and row.recall is not None:
                placed.setdefault(kind, []).append((backend.name, row.precision, row.recall))
    values = [value for points in placed.values() for _, *pair in points for value in pair]
    low = charts.panel_low(values)
    for kind, points in placed.items():
        yield tables.KIND_TITLES[kind], charts.panel(points, low)


def _forest(compared: Sequence[differences.Measure]) -> Forest | None:
    if not compared:
        return None
    found = [pair.difference for measure in compared for pair in measure.pairs]
    reach = [value for one in found for value in (one.low, one.high, one.difference)]
    scale = charts.difference_scale(reach)
    groups = []
    for measure in compared:
        lines = []
        for pair in measure.pairs:
            one = pair.difference
            mark = charts.marked(scale, one.difference, one.low, one.high, one.detectable)
            lines.append(Power(pair, mark))
        title = f"{tables.KIND_TITLES[measure.kind]}, {measure.regime} F1"
        same = tuple(names for names in measure.alike if len(names) > 1)
        groups.append(Group(title, tuple(lines), same, measure.articles))
    times = sorted({one.draws for one in found})
    return Forest(scale, tuple(groups), len(found), numerals.count(times[0]) if times else "")


def _costs(run: Run, on_sets: Sequence[BackendOnSet]) -> tuple[tuple[Cost, ...], charts.Scale]:
    """Where the time went: loading, then extracting, on one scale of seconds."""
    load = {backend.name: backend.load_seconds for backend in run.manifest.backends}
    longest = max((load[one.backend] + one.seconds for one in on_sets), default=0.0)
    scale = charts.seconds_scale(longest)
    costs = []
    for one in on_sets:
        tried = one.articles + len(one.errors)
        costs.append(
            Cost(
                one.backend,
                load[one.backend],
                one.seconds,
                one.articles / one.seconds if one.seconds else None,
                "no"
                if not one.cached
                else "all"
                if one.cached == tried
                else f"{one.cached} of {tried}",
                len(one.errors),
                scale.at(load[one.backend]),
                scale.at(load[one.backend] + one.seconds),
            )
        )
    return tuple(costs), scale
