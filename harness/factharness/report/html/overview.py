"""The part Overview: sentences, the gate's verdict, tables, charts, cost, and what the numbers are signed with.

Everything is in the file when it opens; the script only sorts, switches to another regime or label, and copies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from factharness import escape
from factharness.backends.environment import Hardware
from factharness.facts import KINDS, Kind
from factharness.report import FORMATS
from factharness.report.html import charts, differences, grids, numerals, sentences, tables
from factharness.report.html.page import Part
from factharness.report.html.verdict import meaning, verdict
from factharness.runs.record import BackendOnSet, GoldSetRecord, Run
from factharness.runs.side_by_side import Name
from factharness.runs.tables import of_run
from factharness.runs.tables.block import Block, Row, Section
from factharness.score import ALL, Counts, ScoreRow

FAILURES_SHOWN = 20
_COST_ON_PHONES = {"seconds", "rate", "errors"}


class CostRow(Struct, frozen=True):
    """What a back end cost: its cells, and where the loading and the extracting end, in percent."""

    name: str
    cells: tuple[str, ...]
    loading: float
    extracting: float


class Cost(Struct, frozen=True):
    """Where the time went, over all gold sets."""

    headings: tuple[tuple[str, str], ...]
    """The headings, each with its class: ``wide`` where a phone has no room for it."""
    notes: tuple[str, ...]
    scale: charts.Scale
    rows: tuple[CostRow, ...]


class Failure(Struct, frozen=True):
    """A back end that failed on an article, and how."""

    backend: str
    article: str
    error: str


class ForestLine(Struct, frozen=True):
    """A line of the forest plot: a pair, by which names it is called, and where it is drawn."""

    first: Markup
    second: Markup
    pair: differences.BackendPair
    mark: charts.Mark | None


class ForestGroup(Struct, frozen=True):
    """The lines of one measure, and sentences on back ends that are alike in every article."""

    title: str
    lines: tuple[ForestLine, ...]
    alike: tuple[Markup, ...]


class Forest(Struct, frozen=True):
    """The differences on a gold set: their scale, and their lines by measure."""

    scale: charts.Scale
    groups: tuple[ForestGroup, ...]
    lines: int
    draws: str


class SetView(Struct, frozen=True):
    """Everything about one gold set."""

    goldset: GoldSetRecord
    result: sentences.SetResult
    tables: tuple[tables.ScoreTable, ...]
    scale: charts.Scale
    panels: tuple[tuple[str, charts.Panel], ...]
    costs: tuple[tuple[str, charts.CostPanel], ...]
    forest: Forest | None
    heat: grids.Heat
    matrices: list[list[grids.Matrix]]
    failures: tuple[Failure, ...]
    more_failures: int
    notes: tuple[str, ...]

    @property
    def columns(self) -> int:
        """How many columns the widest table has, which all others are drawn as wide as."""
        return max((len(table.columns) for table in self.tables), default=0)


Counted = Mapping[tuple[str, Kind, str], differences.Counted]
"""The counts per article of everything that is compared, by gold set, kind and regime."""

Compared = Mapping[str, Sequence[differences.ComparedMeasure]]
"""The differences between back ends, by gold set."""


def part(
    run: Run, counts: Counted, compared: Compared, only: Collection[Name] | None = None
) -> Part:
    """The part Overview of the page. ``only``: the articles that the page draws; all without it."""
    return Part("overview", "Overview", {**_context(run, counts, compared), "only": only})


def data(run: Run) -> dict[str, object]:
    """What its script needs: every stored score, and the tables as Markdown."""
    return {"scores": tables.stored(run), "markdown": FORMATS["md"]([run])}


def _context(run: Run, counts: Counted, compared: Compared) -> dict[str, Any]:
    blocks = of_run(run)
    scale = tables.scale_of(blocks.sections)
    sets = [
        _set(run, goldset, section, scale, counts, compared[goldset.name])
        for goldset, section in zip(run.manifest.goldsets, blocks.sections, strict=True)
    ]
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
        "meaning": meaning,
        "sets": sets,
        "wide": _wide(sets),
        "cost": _cost(blocks.cost),
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
    section: Section,
    scale: charts.Scale,
    counts: Counted,
    compared: Sequence[differences.ComparedMeasure],
) -> SetView:
    scores = run.over_all_articles()
    on_sets = [one for one in run.scores.backends if one.goldset == goldset.name]
    failures = tuple(
        Failure(on_set.backend, article, escape.brief(error))
        for on_set in on_sets
        for article, error in on_set.errors.items()
    )
    shown = tuple(tables.score_table(block, scale) for block in section.kinds)
    return SetView(
        goldset,
        _result(run, goldset, on_sets, compared, counts),
        shown,
        scale,
        tuple(_panels(run, goldset.name, scores)),
        tuple(_cost_panels(run, on_sets, scores)),
        _forest(run, compared),
        grids.heat(run, goldset.name, scores),
        grids.matrices(on_sets),
        failures[:FAILURES_SHOWN],
        max(0, len(failures) - FAILURES_SHOWN),
        tuple(tables.legend(section, shown)),
    )


def _wide(sets: Sequence[SetView]) -> list[str]:
    """The headings of the columns of scores for which a phone has no room."""
    columns = [column for one in sets for table in one.tables for column in table.columns]
    return list(dict.fromkeys(column.heading for column in columns if "wide" in column.place))


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
    compared: Sequence[differences.ComparedMeasure],
    counts: Counted,
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
        tuple(_seen(goldset.name, kinds, on_sets, counts)),
    )


def _seen(
    goldset: str,
    kinds: Sequence[sentences.KindResult],
    on_sets: Sequence[BackendOnSet],
    counts: Counted,
) -> Iterator[sentences.SeenGold]:
    """The back ends that are ahead with facts of their own on articles that they have seen."""
    for on_set in on_sets:
        by_number: dict[int, list[Kind]] = {}
        found: dict[Kind, sentences.Unseen] = {}
        for kind in kinds:
            pair, seen = kind.lead, set(on_set.seen.get(kind.kind, ())) - on_set.errors.keys()
            if on_set.backend not in kind.best or on_set.backend in kind.borrowed:
                continue
            by_number.setdefault(len(seen), []).append(kind.kind)
            if not seen or pair is None or on_set.backend not in pair.first:
                continue
            sides = counts[goldset, kind.kind, kind.regime]
            other = sentences.without_borrowers(pair.second, kind.borrowed)[0]
            f1 = [
                sum((sides[name][a] for a in sides[name] if a not in seen), Counts()).f1
                for name in (on_set.backend, other)
            ]
            if f1[0] is not None and f1[1] is not None:
                found[kind.kind] = sentences.Unseen(kind.kind, f1[0], other, f1[1])
        claimed = {kind.kind for kind in kinds if on_set.backend in kind.f1}
        for number, alike in by_number.items():
            if number:
                yield sentences.SeenGold(
                    on_set.backend,
                    number,
                    tuple(found[kind] for kind in alike if kind in found),
                    tuple(alike) if set(alike) != claimed else (),
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


def _cost_panels(
    run: Run,
    on_sets: Sequence[BackendOnSet],
    scores: Mapping[tuple[str, str, Kind, str, str], ScoreRow],
) -> Iterator[tuple[str, charts.CostPanel]]:
    """F1 against the seconds of an article, a panel per kind that has both; all have the same axis of F1."""
    placed: dict[Kind, list[tuple[str, float, float]]] = {}
    for on_set in on_sets:
        for kind in KINDS:
            regime = run.manifest.main_regime(kind)
            row = scores.get((on_set.goldset, on_set.backend, kind, ALL, regime))
            if row and row.f1 is not None and on_set.articles and on_set.seconds > 0:
                seconds = on_set.seconds / on_set.articles
                placed.setdefault(kind, []).append((on_set.backend, seconds, row.f1))
    low = charts.panel_low(f1 for points in placed.values() for _, _, f1 in points)
    for kind, points in placed.items():
        yield tables.KIND_TITLES[kind], charts.cost_panel(points, low)


def _forest(run: Run, compared: Sequence[differences.ComparedMeasure]) -> Forest | None:
    if not compared:
        return None
    borrowed = {backend.name: backend.borrows for backend in run.manifest.backends}
    found = [pair.difference for measure in compared for pair in measure.pairs]
    reach = [value for one in found for value in (one.low, one.high, one.difference)]
    # The bands, too, must be seen whole.
    bands = [min(1.0, one.detectable) for one in found if one.detectable is not None]
    reach += [sign * band for band in bands for sign in (-1, 1)]
    scale = charts.difference_scale(reach)
    groups = []
    for measure in compared:
        lenders = {name: borrowed[name].get(measure.kind, "") for name in borrowed}
        lines = []
        for pair in measure.pairs:
            one = pair.difference
            mark = charts.marked(scale, one.difference, one.low, one.high, one.detectable)
            first, second = (
                sentences.named(sentences.without_borrowers(side, lenders))
                for side in (pair.first, pair.second)
            )
            lines.append(ForestLine(first, second, pair, mark))
        groups.append(
            ForestGroup(
                f"{tables.KIND_TITLES[measure.kind]}, {measure.regime} F1",
                tuple(lines),
                tuple(
                    sentences.alike(names, lenders, measure.articles)
                    for names in measure.alike
                    if len(names) > 1
                ),
            )
        )
    times = sorted({one.draws for one in found})
    return Forest(scale, tuple(groups), len(found), numerals.count(times[0]) if times else "")


def _cost(block: Block) -> Cost:
    """The block of costs with a bar per row: loading, then extracting, on one scale of seconds."""

    def seconds(row: Row, name: str) -> float:
        value = row.values.get(name)
        return float(value) if isinstance(value, int | float) else 0.0

    ends = [seconds(row, "load_seconds") + seconds(row, "seconds") for row in block.rows]
    scale = charts.seconds_scale(max(ends, default=0.0))
    columns = block.columns[1:]
    rows = [
        CostRow(
            str(row.values["backend"]),
            tuple(block.shown(row, column) for column in columns),
            scale.at(seconds(row, "load_seconds")),
            scale.at(end),
        )
        for row, end in zip(block.rows, ends, strict=True)
    ]
    return Cost(
        tuple((one.heading, "" if one.name in _COST_ON_PHONES else "wide") for one in columns),
        tuple(column.meaning for column in columns if column.meaning),
        scale,
        tuple(rows),
    )
