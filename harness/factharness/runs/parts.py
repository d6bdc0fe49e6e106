"""Writes and reads the large files of a run directory: one compressed JSON line per article.

::

    gold.jsonl.gz                  a line per article: its gold facts with their words and lines
    backends/<name>.jsonl.gz       a line per article: what one back end answered, matched and scored

Both files have the articles in the same order, so that they are read side by side and no reader needs more
than one article in memory. A line of a back end is also a record of :mod:`factharness.score.records`.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from factharness.errors import HarnessError
from factharness.facts import Fact, Kind, Prediction
from factharness.runs.record import ArticleResult, FactRef, GoldFacts, MatchRecord, Words
from factharness.score import CountRow, Counts, Match, SemEval

T = TypeVar("T")

GOLD = "gold.jsonl.gz"
BACKENDS = "backends"

_Numbers = tuple[int | float, ...]
"""tp, fp, fn, and where a regime has them cor, inc, par, mis, spu."""


class _MatchLine(Struct, array_like=True):
    """A :class:`Match` without its article."""

    kind: Kind
    gold: int | None
    pred: int | None
    label: str | None
    predicted: str | None
    iou: float
    right: tuple[str, ...]
    ignored: bool


class _Line(Struct, omit_defaults=True):
    """An :class:`ArticleResult`; ``counts`` by kind, regime and label."""

    goldset: str
    id: str
    seconds: float
    facts: tuple[Fact, ...] | None = None
    error: str | None = None
    cached: bool = False
    used: dict[str, float] = {}
    without: dict[str, str] = {}
    words: tuple[Words, ...] = ()
    counts: dict[Kind, dict[str, dict[str, _Numbers]]] = {}
    matches: tuple[_MatchLine, ...] = ()


def backend_file(folder: Path, backend: str) -> Path:
    """The file in a run directory that holds the results of a back end."""
    return folder / BACKENDS / f"{backend}.jsonl.gz"


def write_gold(folder: Path, lines: Iterable[GoldFacts]) -> None:
    """Write the gold facts of every article. Raises ``OSError``."""
    _write(folder / GOLD, lines)


def write_results(folder: Path, backend: str, results: Iterable[ArticleResult]) -> None:
    """Write what one back end did, article by article. Raises ``OSError``."""
    _write(backend_file(folder, backend), map(_line, results))


def read_gold(folder: Path) -> Iterator[GoldFacts]:
    """The gold facts of every article, in the order of the run. Raises ``HarnessError``."""
    return _read(folder / GOLD, GoldFacts)


def read_results(folder: Path, backend: str) -> Iterator[ArticleResult]:
    """What one back end did, article by article, in the order of the run. Raises ``HarnessError``."""
    return map(_result, _read(backend_file(folder, backend), _Line))


def with_gold(
    folder: Path, backend: str, results: Iterable[ArticleResult]
) -> Iterator[MatchRecord]:
    """The matches in ``results``, each with its gold fact and its predicted fact.

    ``results`` must be in the order of the run. Raises ``HarnessError``.
    """
    golds = read_gold(folder)
    for result in results:
        name = result.goldset, result.prediction.article_id
        gold = next((gold for gold in golds if (gold.goldset, gold.id) == name), None)
        if gold is None:
            raise HarnessError(
                f"has no gold of {'/'.join(name)} where {backend} has a result",
                file=folder / GOLD,
                remedy="run again",
            )
        yield from matched(folder, backend, result, gold)


def matched(
    folder: Path, backend: str, result: ArticleResult, gold: GoldFacts
) -> Iterator[MatchRecord]:
    """The matches of one article, each with its gold fact and its predicted fact. Raises ``HarnessError``."""
    facts = result.prediction.facts or ()
    for match in result.matches:
        g, p = match.gold, match.pred
        try:
            yield MatchRecord(
                result.goldset,
                backend,
                match,
                None if g is None else FactRef.of(gold.facts[g], gold.words[g], gold.lines[g]),
                None if p is None else FactRef.of(facts[p], result.words[p]),
            )
        except IndexError as error:
            raise HarnessError(
                f"has a match of a fact that {result.goldset}/{gold.id} does not have",
                file=backend_file(folder, backend),
                remedy="run again",
            ) from error


def _line(result: ArticleResult) -> _Line:
    counts: dict[Kind, dict[str, dict[str, _Numbers]]] = {}
    for row in result.counts:
        counted = row.counts.tp, row.counts.fp, row.counts.fn
        more = () if row.semeval is None else msgspec.structs.astuple(row.semeval)
        counts.setdefault(row.kind, {}).setdefault(row.regime, {})[row.label] = (*counted, *more)
    return _Line(
        result.goldset,
        result.prediction.article_id,
        result.seconds,
        result.prediction.facts,
        result.prediction.error,
        result.cached,
        result.prediction.used,
        result.prediction.without,
        result.words,
        counts,
        tuple(
            _MatchLine(m.kind, m.gold, m.pred, m.label, m.predicted, m.iou, m.right, m.ignored)
            for m in result.matches
        ),
    )


def _result(line: _Line) -> ArticleResult:
    return ArticleResult(
        line.goldset,
        Prediction(line.id, line.facts, line.error, line.used, line.without),
        line.seconds,
        line.cached,
        line.words,
        tuple(
            CountRow(
                line.id,
                kind,
                label,
                regime,
                Counts(*numbers[:3]),
                SemEval(*map(int, numbers[3:])) if len(numbers) > 3 else None,
            )
            for kind, by_regime in line.counts.items()
            for regime, by_label in by_regime.items()
            for label, numbers in by_label.items()
        ),
        tuple(
            Match(line.id, m.kind, m.gold, m.pred, m.label, m.predicted, m.iou, m.right, m.ignored)
            for m in line.matches
        ),
    )


def _write(path: Path, values: Iterable[object]) -> None:
    """One JSON value per line, compressed. The same values give the same bytes: no file name, no time."""
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed:
            encode = msgspec.json.Encoder().encode
            for value in values:
                packed.write(encode(value) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path, type_: type[T]) -> Iterator[T]:
    decode = msgspec.json.Decoder(type_).decode
    number = 0
    try:
        with gzip.open(path, "rb") as file:
            for line in file:
                number += 1
                yield decode(line)
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise HarnessError(
            f"cannot be read: {error}", file=path, line=number or None, remedy="run again"
        ) from error
