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
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
from msgspec import Struct

from factharness.errors import HarnessError
from factharness.facts import Fact, Kind, Prediction
from factharness.runs.record import ArticleResult, FactRef, GoldFacts, MatchRecord, Words
from factharness.score import Match
from factharness.score.rows import ArticleCounts

T = TypeVar("T")

GOLD = "gold.jsonl.gz"
BACKENDS = "backends"

_LEVEL = 2
"""How hard the files are compressed: the default of gzip takes twice as long, and a fifth less room."""


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
    counts: ArticleCounts = {}
    matches: tuple[_MatchLine, ...] = ()


def backend_file(folder: Path, backend: str) -> Path:
    """The file in a run directory that holds the results of a back end."""
    return folder / BACKENDS / f"{backend}.jsonl.gz"


class Files:
    """The large files of a run directory, while they are written; a context manager.

    ``backends`` are those that get a file. Articles are written in the order of the run, to each file. All
    methods raise ``OSError``.
    """

    def __init__(self, folder: Path, backends: Iterable[str]) -> None:
        with ExitStack() as opened:
            self._gold = opened.enter_context(_Lines(folder / GOLD))
            self._backends = {
                name: opened.enter_context(_Lines(backend_file(folder, name))) for name in backends
            }
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> bool | None:
        return self._opened.__exit__(*error)

    def gold(self, facts: GoldFacts) -> None:
        """Write the gold facts of one article."""
        self._gold.write(facts)

    def result(self, backend: str, result: ArticleResult) -> None:
        """Write what a back end did on one article."""
        self._backends[backend].write(_line(result))


def write_results(folder: Path, backend: str, results: Iterable[ArticleResult]) -> None:
    """Write what one back end did, article by article. Raises ``OSError``."""
    with _Lines(backend_file(folder, backend)) as lines:
        for result in results:
            lines.write(_line(result))


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
        result.numbers,
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
        line.counts,
        tuple(
            Match(line.id, m.kind, m.gold, m.pred, m.label, m.predicted, m.iou, m.right, m.ignored)
            for m in line.matches
        ),
    )


class _Lines:
    """A compressed file of one JSON value per line, while it is written; a context manager.

    The same values give the same bytes: no file name, no time.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self._file = path.open("wb")
        self._packed = gzip.GzipFile("", "wb", compresslevel=_LEVEL, fileobj=self._file, mtime=0)
        self._encode = msgspec.json.Encoder().encode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._file:
            self._packed.close()
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())

    def write(self, value: object) -> None:
        """Add a line."""
        self._packed.write(self._encode(value) + b"\n")


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
