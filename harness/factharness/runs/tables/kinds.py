"""The blocks per kind of facts: entities, dates, direct and mixed quotes, indirect quotes.

A row is a back end that claims the kind. Which column shows which regime is in :data:`SHOWN`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from factharness.facts import KINDS, Kind
from factharness.runs.record import (
    BackendOnSet,
    BackendRecord,
    GoldSetRecord,
    Lead,
    Run,
    stored_regime,
)
from factharness.runs.tables.block import BACKEND, Block, Column, Row, Value
from factharness.runs.tables.cells import score
from factharness.score import ALL, ScoreRow
from factharness.score.quote_regimes import APART

CHANCE = 0.05
"""A lead whose p is below this is taken to be more than chance."""

NAME = Column(BACKEND, "back end", "text")

TITLES: dict[Kind, str] = {
    "entity": "Entities",
    "date": "Dates",
    "quote": "Quotes, direct and mixed",
}

_STRICT: dict[Kind, str] = {
    "entity": "F1 of entities: same characters, same label (strict).",
    "date": "F1 of dates: same characters, same type (strict).",
    "quote": "F1 of quotes: same content, without marks and closing punctuation (exact).",
}


class Shown(Struct, frozen=True):
    """A column that only one kind has: the F1 of a regime, or of two regimes the ratio of correct facts."""

    column: Column
    regime: str
    among: str = ""


def _column(name: str, heading: str, meaning: str) -> Column:
    return Column(name, heading, meaning=f"{heading}: {meaning}", compared=True)


SHOWN: dict[Kind, tuple[Shown, ...]] = {
    "entity": (
        Shown(
            _column(
                "typed_partial",
                "typed partial",
                "F1 where another extent with the same label counts one half.",
            ),
            "typed-partial",
        ),
    ),
    "date": (
        Shown(
            _column(
                "value_f1", "value F1", "F1 of the right values, over all gold and predicted dates."
            ),
            "value",
        ),
        Shown(
            _column(
                "value_accuracy", "value acc.", "share of right values among the overlapping dates."
            ),
            "value",
            "overlap",
        ),
    ),
    "quote": (
        Shown(
            _column(
                "speaker", "speaker", "share of the found quotes (IoU ≥ 0.3) with the right one."
            ),
            "speaker",
        ),
        Shown(_column("cue", "cue", "share of the found quotes with the right one."), "cue"),
        Shown(
            _column("content", "content", "F1 of the found quotes; joint cannot exceed it."),
            "iou@0.3",
        ),
        Shown(
            _column("joint", "joint", "F1 of the found quotes that have the right speaker."),
            "joint",
        ),
    ),
}
"""The columns that only one kind has."""

_TESTED = {"value_f1": "value", "joint": "joint"}
"""The columns besides F1 whose leader is tested, with their regime."""

_FREE = {
    "partial": "another extent counts one half, and labels are ignored",
    "proportional": "a quote counts as much as its share of common characters",
    "exact": "same characters, and labels are ignored",
    "overlap": "any overlap, and labels are ignored",
    "type": "any overlap with the same label",
    "normalised": "as strict, but articles, titles and marks around names cost nothing",
}
"""What a regime that a suite asks for counts."""

Scores: TypeAlias = Mapping[tuple[str, str, Kind, str, str], ScoreRow]
"""Rows over all articles by gold set, back end, kind, label, regime: ``Run.over_all_articles``."""


class View(Struct, frozen=True):
    """A run and one of its gold sets, as the blocks look at them."""

    run: Run
    goldset: GoldSetRecord
    scores: Scores

    @property
    def backends(self) -> list[tuple[BackendRecord, BackendOnSet]]:
        """The back ends that ran on the gold set."""
        on_sets = {
            one.backend: one for one in self.run.scores.backends if one.goldset == self.goldset.name
        }
        return [
            (one, on_sets[one.name]) for one in self.run.manifest.backends if one.name in on_sets
        ]

    def claiming(self, kind: Kind) -> list[tuple[BackendRecord, BackendOnSet]]:
        """Those of them that claim to find a kind and read an article of the set."""
        return [
            (backend, on_set)
            for backend, on_set in self.backends
            if kind in backend.kinds and (on_set.articles or on_set.errors)
        ]

    def score(self, backend: str, kind: Kind, label: str, regime: str) -> ScoreRow | None:
        """The row of one number; None where it was not scored."""
        return self.scores.get(
            (self.goldset.name, backend, kind, label, stored_regime(kind, regime))
        )

    def seen(self, on_set: BackendOnSet, kind: Kind) -> int:
        """How many of the scored articles a back end has seen."""
        without = {*on_set.errors, *on_set.unread}
        return sum(name not in without for name in on_set.seen.get(kind, ()))


def kind_blocks(view: View) -> Iterator[Block]:
    """A block per kind that a back end claims; of indirect quotes where there are any."""
    for kind in KINDS:
        if view.claiming(kind):
            yield _block(view, kind, ALL, kind, TITLES[kind])
    for label in APART:
        main = view.run.manifest.main_regime("quote")
        rows = [view.score(one.name, "quote", label, main) for one, _ in view.claiming("quote")]
        if any(row is not None for row in rows):
            yield _block(view, "quote", label, label, f"{label.capitalize()} quotes")


def _block(view: View, kind: Kind, label: str, name: str, title: str) -> Block:
    more = [*SHOWN[kind], *_asked(view.run, kind)]
    main = view.run.manifest.main_regime(kind)
    meaning = (
        _STRICT[kind]
        if main == stored_regime(kind, "strict")
        else f"F1 of {TITLES[kind].lower()}: {_FREE.get(main, main)}."
    )
    columns = (
        NAME,
        Column("articles", "articles", "count", wide=True),
        Column("gold", "gold", "count"),
        Column("pred", "pred", "count"),
        *(Column(each, each, "count", wide=True) for each in ("tp", "fp", "fn")),
        Column("precision", "P", compared=True),
        Column("recall", "R", compared=True),
        Column("f1", "F1", meaning=meaning, compared=True),
        Column(
            "low",
            "95 %",
            "interval",
            meaning="95 %: the interval of F1, by drawing articles again.",
        ),
        *(each.column for each in more),
    )
    rows = [
        Row(
            _values(view, backend.name, kind, label, more),
            seen=view.seen(on_set, kind),
            borrowed=backend.borrows.get(kind, ""),
        )
        for backend, on_set in view.claiming(kind)
    ]
    tests = {
        column: lead
        for column, regime in {"f1": main, **_TESTED}.items()
        for lead in view.run.scores.leads
        if (lead.goldset, lead.kind, lead.label, lead.regime)
        == (view.goldset.name, kind, label, regime)
    }
    return Block(name, title, columns, tuple(marked(rows, columns, tests)))


def _asked(run: Run, kind: Kind) -> Iterator[Shown]:
    """A column for each further regime of the suite that the block does not show."""
    shown = {each.regime for each in SHOWN[kind]} | {run.manifest.main_regime(kind)}
    for regime in dict.fromkeys(stored_regime(kind, name) for name in run.manifest.regimes[1:]):
        if regime not in shown:
            meaning = _FREE.get(regime)
            column = Column(
                f"f1_{regime}",
                f"F1 {regime}",
                meaning=f"F1 {regime}: {meaning}." if meaning else "",
                compared=True,
                wide=True,
            )
            yield Shown(column, regime)


def _values(
    view: View, backend: str, kind: Kind, label: str, more: Sequence[Shown]
) -> dict[str, Value]:
    row = view.score(backend, kind, label, view.run.manifest.regimes[0])
    counts = row.counts if row else None
    values: dict[str, Value] = {
        BACKEND: backend,
        "articles": row.articles if row else None,
        **{
            name: getattr(counts, name, None)
            for name in ("gold", "pred", "tp", "fp", "fn", "precision", "recall", "f1")
        },
        "low": row.low if row else None,
        "high": row.high if row else None,
    }
    for each in more:
        found = view.score(backend, kind, label, each.regime)
        among = view.score(backend, kind, label, each.among) if each.among else None
        values[each.column.name] = (
            None
            if found is None
            else found.f1
            if not each.among
            else found.counts.tp / among.counts.tp
            if among is not None and among.counts.tp
            else None
        )
    return values


def marked(
    rows: Sequence[Row], columns: Sequence[Column], tests: Mapping[str, Lead]
) -> Iterator[Row]:
    """The rows with what each is best in.

    Rows that borrow take no part, nor does a column in which there is only one other row or in which all are
    equal. Scores that print alike are equally good. ``tests`` has the tested leaders by column.
    """
    best: dict[str, set[int]] = {}
    ahead: dict[str, set[int]] = {}
    for column in columns:
        values = {
            place: value
            for place, row in enumerate(rows)
            if column.compared
            and not row.borrowed
            and isinstance(value := row.values.get(column.name), int | float)
        }
        top = {place for place in values if score(values[place]) == score(max(values.values()))}
        if len(top) == len(values):
            continue
        best[column.name] = top
        lead = tests.get(column.name)
        if lead is None or len(top) > 1:
            continue
        (first,) = top
        second = max((place for place in values if place != first), key=values.__getitem__)
        names = [str(rows[place].values[BACKEND]) for place in (first, second)]
        if lead.backend == names[0] and lead.p.get(names[1], 1) < CHANCE:
            ahead[column.name] = top
    for place, row in enumerate(rows):
        yield replace(
            row,
            best=tuple(name for name, places in best.items() if place in places),
            ahead=tuple(name for name, places in ahead.items() if place in places),
        )
