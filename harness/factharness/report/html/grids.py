"""Grids of labels: F1 by back end and label with seven tints, and what each back end takes for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from msgspec import Struct

from factharness.escape import visible
from factharness.facts import KINDS, Kind
from factharness.report.html.numerals import count, score, short
from factharness.runs.record import BackendOnSet, Confusion, Run
from factharness.score import ALL, ScoreRow
from factharness.score.counts import NONE
from factharness.score.quote_regimes import APART

KIND_TITLES: dict[Kind, str] = {"entity": "Entities", "date": "Dates", "quote": "Quotes"}
STEPS = 7
FEWEST = 5
"""A row of a confusion matrix with fewer facts than this has no tint: the share of one in one says nothing."""
NOTHING = "nothing"
"""The heading of the column of missed gold, and of the row of predictions that are not in gold."""


class GridCell(Struct, frozen=True):
    """A cell: its text, its tint (0 is none, 6 the strongest), the address of the mistakes that it counts, and
    what a screen reader says of it."""

    text: str
    step: int = 0
    href: str = ""
    says: str = ""


class HeatColumn(Struct, frozen=True):
    """A label and how many gold facts have it; ``first`` begins a kind."""

    label: str
    kind: Kind
    gold: str
    first: bool


class Heat(Struct, frozen=True):
    """F1 of each back end on each label. ``groups`` are the kinds, each with how many columns it has."""

    groups: tuple[tuple[str, int], ...]
    columns: tuple[HeatColumn, ...]
    rows: tuple[tuple[str, tuple[GridCell, ...]], ...]


class Matrix(Struct, frozen=True):
    """Gold by row, predicted by column, of back ends that confuse alike."""

    title: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[GridCell, ...]], ...]


def mistakes(**query: str) -> str:
    """The address of a filtered list of mistakes."""
    return f"#mistakes?{urlencode(query, safe='/', errors='replace')}"


def heat(
    run: Run, goldset: str, scores: Mapping[tuple[str, str, Kind, str, str], ScoreRow]
) -> Heat:
    """The heat map of a gold set: labels that its gold has, the most frequent first."""
    backends = [one.backend for one in run.scores.backends if one.goldset == goldset]
    columns: list[HeatColumn] = []
    groups: list[tuple[str, int]] = []
    for kind in KINDS:
        regime = run.manifest.main_regime(kind)
        gold: dict[str, float] = {}
        for (where, _, its_kind, label, its_regime), row in scores.items():
            if (where, its_kind, its_regime) == (goldset, kind, regime) and label != ALL:
                gold[label] = max(gold.get(label, 0), row.counts.gold)
        labels = sorted(
            (label for label in gold if gold[label]),
            key=lambda label: (kind == "quote" and label in APART, -gold[label], label),
        )
        columns += [
            HeatColumn(label, kind, count(gold[label]), label == labels[0]) for label in labels
        ]
        if labels:
            groups.append((KIND_TITLES[kind], len(labels)))
    claimed = {backend.name: backend.kinds for backend in run.manifest.backends}
    rows = []
    for name in backends:
        cells = []
        for column in columns:
            cell = scores.get(
                (goldset, name, column.kind, column.label, run.manifest.main_regime(column.kind))
            )
            cells.append(_heat_cell(name, column, cell, claimed=column.kind in claimed[name]))
        rows.append((name, tuple(cells)))
    return Heat(tuple(groups), tuple(columns), tuple(rows))


def _heat_cell(name: str, column: HeatColumn, row: ScoreRow | None, *, claimed: bool) -> GridCell:
    if not claimed:
        return GridCell("n/a")
    if row is None or row.f1 is None:
        return GridCell("–")
    return GridCell(
        short(row.f1),
        step(row.f1),
        mistakes(backend=name, kind=column.kind, label=column.label),
        f"F1 {score(row.f1)}, {name} on {visible(column.label)}: its mistakes",
    )


def step(share: float) -> int:
    """One of seven tints for a number between 0 and 1."""
    return min(STEPS - 1, int(share * STEPS))


def matrices(on_sets: Sequence[BackendOnSet]) -> list[list[Matrix]]:
    """The confusion matrices of a gold set, kind by kind; back ends with the same one share it."""
    found = []
    for kind in KINDS:
        alike: dict[str, tuple[Confusion, list[str]]] = {}
        for on_set in on_sets:
            cells = on_set.confusion.get(kind)
            if cells:
                alike.setdefault(repr(sorted(cells.items())), (cells, []))[1].append(on_set.backend)
        if alike:
            found.append([_matrix(kind, tuple(names), cells) for cells, names in alike.values()])
    return found


def _matrix(kind: Kind, names: tuple[str, ...], cells: Confusion) -> Matrix:
    labels = {*cells, *(label for row in cells.values() for label in row)} - {NONE}
    order = sorted(labels, key=lambda label: (-sum(cells.get(label, {}).values()), label))
    columns = [*order, NONE]
    rows = []
    for gold in columns:
        counts = cells.get(gold, {})
        whole = sum(counts.values())
        if gold == NONE and not whole:
            continue
        rows.append(
            (
                _shown(gold),
                tuple(_confused(kind, names, gold, said, counts, whole) for said in columns),
            )
        )
    return Matrix(KIND_TITLES[kind].lower(), names, tuple(map(_shown, columns)), tuple(rows))


def _confused(
    kind: Kind, names: tuple[str, ...], gold: str, said: str, counts: Mapping[str, int], whole: int
) -> GridCell:
    number = counts.get(said, 0)
    if not number:
        return GridCell("")
    if gold == said:
        return GridCell(count(number))
    if said == NONE:
        query = {"what": "missed", "label": gold}
        says = f"{number} {visible(gold)} missed"
    elif gold == NONE:
        query = {"what": "spurious", "said": said}
        says = f"{number} {visible(said)} not in gold"
    else:
        query = {"label": gold, "said": said}
        says = f"{number} {visible(gold)} taken for {visible(said)}"
    href = mistakes(backend=names[0], kind=kind, **query)
    tint = step(number / whole) if whole >= FEWEST else 0
    return GridCell(count(number), tint, href, f"{says} by {names[0]}")


def _shown(label: str) -> str:
    return NOTHING if label == NONE else label
