"""The score tables of the overview: the blocks of :mod:`factharness.runs.tables` on one grid, their switches.

Beside each name the interval of F1 is drawn, on one scale down the page. The script reads from each heading
what its column shows of the stored counts, and so can show another regime or label.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from factharness.facts import KINDS, Kind
from factharness.report.html import charts
from factharness.report.html.numerals import between, count, score
from factharness.runs.record import Run, stored_regime
from factharness.runs.tables.block import Block, Column, Row, Section
from factharness.runs.tables.kinds import SHOWN
from factharness.score import ALL
from factharness.score.quote_regimes import ACCURACIES, APART

KIND_TITLES: dict[Kind, str] = {"entity": "Entities", "date": "Dates", "quote": "Quotes"}
_NOT_SHOWN = {"backend", "articles", "gold", "tp", "fp", "fn"}
"""Columns of a block that stand elsewhere on the page: beside the row, in the caption, in the other numbers."""
_FIRST = ("pred", "precision", "recall", "f1", "low")
_QUIET = {"pred", "low"}
MOST_MORE = 4
"""Columns that are shown beside those that all kinds have; the switch shows the other regimes."""
_ON_PHONES = {"precision", "recall", "f1", "typed_partial", "value_f1", "joint"}


class ShownColumn(Struct, frozen=True):
    """A column: its heading and what it means, what it shows of the stored counts (``f1:partial``), and where
    how: ``wide`` where a phone has no room for it, ``dim`` where it only explains the others."""

    heading: str
    meaning: str
    shows: str
    place: str

    @property
    def width(self) -> str:
        """The class of its width."""
        return {"interval": "c-ci", "pred": "c-n"}.get(
            self.shows, "c-n" if ":" not in self.shows else "c-w"
        )


class ShownCell(Struct, frozen=True):
    """A cell. ``value`` is what is sorted by; ``best`` of its column, or ``surely`` better than the next."""

    text: str
    value: float | None
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
    """A block on the page. Its scores are of ``label``; ``*`` is all labels of the kind."""

    name: str
    kind: Kind
    label: str
    title: str
    caption: str
    columns: tuple[ShownColumn, ...]
    rows: tuple[ShownRow, ...]


def scale_of(sections: Sequence[Section]) -> charts.Scale:
    """The one scale of all intervals of the page."""
    rows = [row for section in sections for block in section.kinds for row in block.rows]
    return charts.score_scale(_number(row, name) for row in rows for name in ("low", "f1"))


def score_table(block: Block, scale: charts.Scale) -> ScoreTable:
    """A block of a kind, the best back end first."""
    label = block.name if block.name in APART else ALL
    kind: Kind = next((kind for kind in KINDS if kind == block.name), "quote")
    shown = sorted((one for one in block.columns if one.name not in _NOT_SHOWN), key=_order)
    del shown[len(_FIRST) + MOST_MORE :]
    rows = sorted(block.rows, key=lambda row: -(_number(row, "f1") or 0))
    gold = [number for row in rows if (number := _number(row, "gold")) is not None]
    meaning = next((one.meaning for one in block.columns if one.name == "f1"), "")
    title, _, what = block.title.partition(", ")
    among = f"{count(max(gold))} in gold{what and ', '}{what}." if gold else "Nothing was scored."
    return ScoreTable(
        block.name,
        kind,
        label,
        title,
        f"{among} {meaning}",
        tuple(_column(kind, column) for column in shown),
        tuple(_row(row, shown, scale) for row in rows),
    )


def _order(column: Column) -> int:
    """The columns that all kinds have first; what only some suites ask for last."""
    if column.name in _FIRST:
        return _FIRST.index(column.name)
    return len(_FIRST) + column.wide


def _column(kind: Kind, column: Column) -> ShownColumn:
    regimes = {
        shown.column.name: f"share:{shown.regime}/{shown.among}"
        if shown.among
        else f"f1:{shown.regime}"
        for shown in SHOWN[kind]
    }
    if column.name == "low":
        shows = "interval"
    elif column.name.startswith("f1_"):
        shows = f"f1:{column.name[3:]}"
    else:
        shows = regimes.get(column.name, column.name)
    place = "" if column.name in _ON_PHONES else "wide"
    if column.name in _QUIET:
        place += " dim"
    return ShownColumn(column.heading, column.meaning, shows, place)


def _row(row: Row, shown: Sequence[Column], scale: charts.Scale) -> ShownRow:
    low, high = _number(row, "low"), _number(row, "high")
    cells = []
    for column in shown:
        value = _number(row, column.name)
        if column.format == "interval":
            text = between(low, high)
        elif column.format == "count":
            text = score(None) if value is None else count(value)
        else:
            text = score(value)
        best, ahead = column.name in row.best, column.name in row.ahead
        cells.append(ShownCell(text, value, best, ahead))
    return ShownRow(
        str(row.values["backend"]),
        row.signs,
        bool(row.borrowed),
        charts.marked(scale, _number(row, "f1"), low, high),
        tuple(cells),
    )


def _number(row: Row, name: str) -> float | None:
    value = row.values.get(name)
    return value if isinstance(value, int | float) else None


def legend(sections: Section, tables: Sequence[ScoreTable]) -> Iterator[str]:
    """What the columns mean, a sentence each; then what a reader must know of this gold set."""
    meanings = [column.meaning for table in tables for column in table.columns if column.meaning]
    captions = " ".join(table.caption for table in tables)
    yield from (meaning for meaning in dict.fromkeys(meanings) if meaning not in captions)
    yield from sections.notes


def stored(run: Run) -> dict[str, Any]:
    """Every score for the script: gold set, kind, label, regime, back end to tp, fp, fn and the interval."""
    found: dict[str, Any] = {}
    for (goldset, backend, kind, label, regime), row in run.over_all_articles().items():
        numbers = [row.counts.tp, row.counts.fp, row.counts.fn]
        if row.low is not None and row.high is not None:
            numbers += [row.low, row.high]
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
        asked = {stored_regime(kind, regime) for regime in run.manifest.regimes}
        names = sorted({key[4] for key in keys} - asked - set(ACCURACIES))
        if names:
            entries = tuple(Choice(f"{kind}:{name}", name) for name in names)
            regimes.append((KIND_TITLES[kind], entries))
        names = sorted({key[3] for key in keys} - {ALL})
        if names:
            entries = tuple(Choice(f"{kind}:{name}", name) for name in names)
            labels.append((KIND_TITLES[kind], entries))
    common = tuple(Choice(regime, regime) for regime in run.manifest.regimes)
    return Switches(common, tuple(regimes), tuple(labels))
