"""The score tables of the overview: a table per kind, on one grid, with the interval drawn beside the name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from factharness.facts import KINDS, Kind
from factharness.report.html import charts
from factharness.report.html.numerals import between, count, score
from factharness.runs.record import GoldSetRecord, Run
from factharness.score import ALL, ScoreRow

KIND_TITLES: dict[Kind, str] = {"entity": "Entities", "date": "Dates", "quote": "Quotes"}


class ShownColumn(Struct, frozen=True):
    """A column: its heading, and what it shows of the stored counts (``f1:partial``), for the script."""

    heading: str
    shows: str
    meaning: str = ""
    place: str = ""
    """``wide`` and ``wider`` for what narrow screens have no room for."""


class ShownCell(Struct, frozen=True):
    """A cell. ``value`` is what is sorted by; ``best`` of its column, or ``surely`` better than the next."""

    text: str
    value: float | None = None
    best: bool = False
    surely: bool = False


class ShownRow(Struct, frozen=True):
    """A back end: its signs (seen gold, borrowed), its interval as a chart, and its cells."""

    name: str
    signs: str
    borrowed: bool
    mark: charts.Mark | None
    cells: tuple[ShownCell, ...]


class ScoreTable(Struct, frozen=True):
    """A table of one kind on one gold set."""

    goldset: str
    kind: Kind
    title: str
    caption: str
    columns: tuple[ShownColumn, ...]
    rows: tuple[ShownRow, ...]


EXTRA: dict[Kind, tuple[ShownColumn, ...]] = {
    "entity": (),
    "date": (
        ShownColumn(
            "value F1", "f1:value", "F1 of dates whose value is right, missed ones counted"
        ),
        ShownColumn(
            "value acc.", "share:value/overlap", "share of right values among dates found", "wide"
        ),
    ),
    "quote": (
        ShownColumn("IoU .3 F1", "f1:iou@0.3", "F1 of content from an IoU of 0.3", "wide"),
        ShownColumn(
            "joint F1", "f1:joint", "F1 of content from an IoU of 0.3 with the right speaker"
        ),
        ShownColumn("speaker", "f1:speaker", "share of right speakers among quotes found", "wide"),
        ShownColumn("cue", "f1:cue", "share of right cues among quotes found", "wide"),
    ),
}
CAPTIONS: dict[Kind, str] = {
    "entity": "Right when span and label are both right.",
    "date": "Right when span and type are; the value is judged apart.",
    "quote": "Direct and mixed; indirect ones are counted apart. Right when the content is, to the character.",
}
Scores = Mapping[tuple[str, str, Kind, str, str], ScoreRow]


def columns(run: Run, kind: Kind) -> tuple[ShownColumn, ...]:
    """The columns of a kind after the interval."""
    more = tuple(
        ShownColumn(f"{regime} F1", f"f1:{run.manifest.main_regime(kind) and regime}")
        for regime in run.manifest.regimes[1:]
    )
    head = (
        ShownColumn("pred.", "pred", place="wide"),
        ShownColumn("P", "precision"),
        ShownColumn("R", "recall"),
        ShownColumn("F1", "f1"),
        ShownColumn("95 %", "interval", place="wide"),
    )
    return (*head, *(more if kind == "entity" else ()), *EXTRA[kind])


def tables(run: Run, goldset: GoldSetRecord, scores: Scores) -> list[ScoreTable]:
    """The tables of a gold set, the best back end first."""
    return [_table(run, goldset, kind, scores) for kind in KINDS]


def _table(run: Run, goldset: GoldSetRecord, kind: Kind, scores: Scores) -> ScoreTable:
    regime = run.manifest.main_regime(kind)
    shown = columns(run, kind)
    found = [
        (backend, row)
        for backend in run.manifest.backends
        if kind in backend.kinds
        and (row := scores.get((goldset.name, backend.name, kind, ALL, regime)))
    ]
    found.sort(key=lambda item: -1 if item[1].f1 is None else -item[1].f1)
    scale = scale_of(run)
    rows = []
    for backend, row in found:
        cells = []
        for column in shown:
            value = _value(column.shows, goldset.name, backend.name, kind, row, scores)
            if column.shows == "interval":
                cells.append(ShownCell(between(row.low, row.high), row.low))
            elif column.shows == "pred":
                cells.append(ShownCell(count(row.counts.pred), row.counts.pred))
            else:
                cells.append(ShownCell(score(value), value))
        rows.append(
            ShownRow(
                backend.name,
                "†" * (kind in backend.borrows),
                kind in backend.borrows,
                charts.marked(scale, row.f1, row.low, row.high),
                tuple(cells),
            )
        )
    gold = max((row.counts.gold for _, row in found), default=0)
    return ScoreTable(
        goldset.name,
        kind,
        KIND_TITLES[kind],
        f"{count(gold)} in gold. {CAPTIONS[kind]}",
        shown,
        tuple(_with_best(rows)),
    )


def _with_best(rows: Sequence[ShownRow]) -> Iterator[ShownRow]:
    from msgspec.structs import replace

    for row in rows:
        cells = []
        for place, cell in enumerate(row.cells):
            values = [other.cells[place].value or 0 for other in rows if not other.borrowed]
            best = (
                bool(values)
                and place not in (0, 4)
                and cell.value == max(values)
                and not row.borrowed
            )
            cells.append(replace(cell, best=best, surely=best and place == 3))
        yield replace(row, cells=tuple(cells))


def _value(
    shows: str, goldset: str, backend: str, kind: Kind, row: ScoreRow, scores: Scores
) -> float | None:
    if shows in ("precision", "recall", "f1"):
        value: float | None = getattr(row, shows)
        return value
    what, _, regimes = shows.partition(":")
    found = [scores.get((goldset, backend, kind, row.label, name)) for name in regimes.split("/")]
    if what == "f1":
        return found[0].f1 if found[0] else None
    if what == "share" and found[0] and found[1] and found[1].counts.tp:
        return found[0].counts.tp / found[1].counts.tp
    return None


def scale_of(run: Run) -> charts.Scale:
    """The one scale of all intervals of a run."""
    ends = [value for score in run.rows() for value in (score.row.low, score.row.f1)]
    return charts.score_scale(ends)


def stored(run: Run) -> dict[str, Any]:
    """Every score for the script: gold set, kind, label, regime, back end to tp, fp, fn and the interval."""
    found: dict[str, Any] = {}
    for (goldset, backend, kind, label, regime), row in run.over_all_articles().items():
        numbers = [row.counts.tp, row.counts.fp, row.counts.fn]
        if row.low is not None and row.high is not None:
            numbers += [round(row.low, 4), round(row.high, 4)]
        by_label = found.setdefault(goldset, {}).setdefault(kind, {})
        by_label.setdefault(label, {}).setdefault(regime, {})[backend] = numbers
    return found


class Choice(Struct, frozen=True):
    """An entry of a switch: its value ``kind:name`` and its text."""

    value: str
    text: str


class Switches(Struct, frozen=True):
    """What can be switched to, by kind: other regimes and single labels. ``common`` are the suite's regimes."""

    common: tuple[Choice, ...]
    regimes: tuple[tuple[str, tuple[Choice, ...]], ...]
    labels: tuple[tuple[str, tuple[Choice, ...]], ...]


def switches(run: Run) -> Switches:
    """The regimes and labels that the run has scores of."""
    rows = run.over_all_articles()
    regimes, labels = [], []
    for kind in KINDS:
        keys = [key for key in rows if key[2] == kind]
        asked = {run.manifest.regimes[0], *run.manifest.regimes}
        names = sorted({key[4] for key in keys} - asked - {"speaker", "cue"})
        if names:
            entries = tuple(Choice(f"{kind}:{name}", name) for name in names)
            regimes.append((KIND_TITLES[kind], entries))
        names = sorted({key[3] for key in keys} - {ALL})
        if names:
            entries = tuple(Choice(f"{kind}:{name}", name) for name in names)
            labels.append((KIND_TITLES[kind], entries))
    common = tuple(Choice(regime, regime) for regime in run.manifest.regimes)
    return Switches(common, tuple(regimes), tuple(labels))
