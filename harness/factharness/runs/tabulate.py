"""Makes the tables of a run from the counts of its articles, while these come in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from factharness.facts import KINDS, Kind
from factharness.runs.leads import against_parts, leads, tested_columns
from factharness.runs.record import BackendOnSet, CountRecord, Manifest, RunScores, ScoreRecord
from factharness.runs.suite import SEEN, UNSEEN
from factharness.score import ALL, CountRow, ScoreRow
from factharness.score.aggregation import Aggregate, KeptColumn, ScoredColumn, drawn
from factharness.score.count_columns import CountColumns, columns_of
from factharness.score.overlap import Bools
from factharness.score.slices import Slices, slices_of
from factharness.score.stats import DRAWS, detectable

BLOCK = 500
"""How many articles are counted together: enough to count them fast, and few in memory at a time."""

Split: TypeAlias = Mapping[Kind, Collection[str]]
"""By kind, the articles that are seen."""

Metadata: TypeAlias = Mapping[str, Mapping[str, str]]
"""By the id of an article, what its slices are made of."""


class ReadBy(Struct, frozen=True):
    """A back end on a gold set: how many articles it was given, and which of them it has seen."""

    goldset: str
    backend: str
    articles: int
    seen: Split


class TableBuilder:
    """The tables of a run, to which counts are added in blocks, each article of a back end in one block.

    ``manifest`` need not name the articles yet; ``metadata`` is theirs, by gold set. ``read`` are all back ends
    that were scored, on each gold set.
    """

    def __init__(
        self, manifest: Manifest, metadata: Mapping[str, Metadata], read: Sequence[ReadBy]
    ) -> None:
        tested = set(tested_columns(manifest))
        by_set = {name: slices_of(articles, manifest.slices) for name, articles in metadata.items()}
        self._parts = {
            (one.goldset, one.backend): _Part(
                by_set[one.goldset],
                {**_seen_by_some(read, one.goldset), **one.seen},
                tested,
            )
            for one in read
        }

    def add(self, goldset: str, backend: str, columns: Iterable[CountColumns]) -> None:
        """Add the counts of a block of articles."""
        self._parts[goldset, backend].add(columns)

    def finish(
        self, manifest: Manifest, on_sets: Sequence[BackendOnSet], *, draws: int = DRAWS
    ) -> RunScores:
        """The rows of the tables, in the order of ``on_sets``, and who leads.

        An interval has ``draws`` random draws, from the seed that its signature names; with 0 there are none.
        """
        judged: list[BackendOnSet] = []
        scores: list[ScoreRecord] = []
        for one in on_sets:
            part = self._parts[one.goldset, one.backend]
            judged.append(replace(one, detectable=_detectable(manifest, part)))
            left_out = one.errors.keys() | {*one.unread}
            for row in part.rows(left_out, draws, one.signature.seed):
                label = "" if row.label == ALL else f".{row.label}"
                signature = one.signature.of(f"{row.kind}{label}.f1", row.regime)
                scores.append(ScoreRecord(one.goldset, one.backend, row, signature))
        return RunScores(
            tuple(judged),
            tuple(scores),
            tuple(leads(manifest, self._column)),
            parts=tuple(against_parts(manifest, self._column)),
        )

    def _column(self, goldset: str, backend: str, column: ScoredColumn) -> KeptColumn | None:
        part = self._parts.get((goldset, backend))
        return None if part is None else part.column(column)


class _Part:
    """The counts of one back end on one gold set; ``split`` has the articles that are slices of their own."""

    def __init__(self, slices: Slices, split: Split, tested: Collection[ScoredColumn]) -> None:
        # Only the columns of the tables get intervals: 10 000 draws for every label and regime would take
        # longer than some back ends.
        self._tested = tested
        self._articles = tuple(slices.numbers) if split else ()
        self._whole = Aggregate(slices, tested.__contains__)
        self._seen: dict[Kind, tuple[Bools, Aggregate]] = {}
        for kind, names in split.items():
            known = frozenset(names)
            seen = np.array([name in known for name in self._articles], dtype=bool)
            halves = slices.others({SEEN: seen, UNSEEN: ~seen})
            self._seen[kind] = seen, Aggregate(halves, lambda _: False)

    def add(self, columns: Iterable[CountColumns]) -> None:
        """Add the counts of a block of articles."""
        for one in columns:
            self._whole.add(one)
            if one.kind in self._seen:
                self._seen[one.kind][1].add(one)

    def column(self, column: ScoredColumn) -> KeptColumn | None:
        """The counts of a tested column; None when no article has a row for it."""
        return self._whole.column(*column)

    def rows(self, left_out: Collection[str], draws: int, seed: int) -> Iterator[ScoreRow]:
        """The rows of all slices, then those of seen and unseen articles where both are among the scored ones:
        all but those that are ``left_out``."""
        for row in self._whole.rows():
            column = row.kind, row.label, row.regime
            if draws and (row.slice, row.average) == (ALL, "micro") and column in self._tested:
                counts = self._whole.over_articles(*column)
                if counts is not None:
                    low, high = drawn(counts, draws=draws, seed=seed)
                    row = replace(row, low=low, high=high)
            yield row
        scored = np.array([name not in left_out for name in self._articles], dtype=bool)
        for seen, aggregate in self._seen.values():
            if {True, False} == {*seen[scored].tolist()}:
                yield from aggregate.rows()


def tabulate(
    manifest: Manifest,
    counts: Iterable[CountRecord],
    on_sets: Sequence[BackendOnSet],
    *,
    draws: int = DRAWS,
) -> RunScores:
    """Make the rows of the tables from counts; needs neither gold nor predictions.

    The counts of a back end on an article must stand together: those of one block of articles are in memory at
    a time. ``draws`` is the number of random draws of an interval.
    """
    metadata = {
        goldset.name: {article.id: article.meta for article in goldset.articles}
        for goldset in manifest.goldsets
    }
    read = [
        ReadBy(one.goldset, one.backend, one.articles + len(one.errors), one.seen)
        for one in on_sets
    ]
    tables = TableBuilder(manifest, metadata, read)
    for (goldset, backend), rows in _blocks(counts):
        tables.add(goldset, backend, columns_of(rows))
    return tables.finish(manifest, on_sets, draws=draws)


def _blocks(counts: Iterable[CountRecord]) -> Iterator[tuple[tuple[str, str], list[CountRow]]]:
    """The rows of at most :data:`BLOCK` articles, with their gold set and back end."""
    pair, articles, rows = ("", ""), 0, list[CountRow]()
    for record in counts:
        new = not rows or (record.goldset, record.backend) != pair
        if new or record.row.article != rows[-1].article:
            articles += 1
        if rows and (new or articles > BLOCK):
            yield pair, rows
            articles, rows = 1, []
        pair = record.goldset, record.backend
        rows.append(record.row)
    if rows:
        yield pair, rows


def _detectable(manifest: Manifest, part: _Part) -> dict[Kind, float]:
    found: dict[Kind, float] = {}
    for kind in KINDS:
        column = part.column((kind, ALL, manifest.main_regime(kind)))
        least = detectable(column.counts) if column is not None else None
        if least is not None:
            found[kind] = round(least, 6)
    return found


def _seen_by_some(read: Sequence[ReadBy], goldset: str) -> dict[Kind, set[str]]:
    """Per kind, the articles that any back end has seen; back ends that have seen all articles are left out."""
    seen: dict[Kind, set[str]] = {}
    for one in read:
        if one.goldset == goldset:
            for kind, articles in one.seen.items():
                if len(articles) < one.articles:
                    seen.setdefault(kind, set()).update(articles)
    return seen
