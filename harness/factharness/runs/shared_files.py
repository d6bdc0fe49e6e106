"""Reads results and matches from run directories of the first format; :mod:`factharness.runs.parts` does so for
the second, and both give the same types.

::

    predictions/<backend>.jsonl    a line per article: its facts or its error
    matches.jsonl                  a line per matched, missed or spurious fact
    counts.jsonl                   a line per article, kind, label and regime

``matches.jsonl`` and ``counts.jsonl`` hold all back ends. An article has many lines in them, which may be
apart, so all results of a back end are held in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from factharness.errors import HarnessError
from factharness.runs.record import ArticleResult, CountRecord, MatchRecord, PredictionRecord, Words
from factharness.score import CountRow
from factharness.score.rows import article_counts
from factharness.text import unmarked

T = TypeVar("T")

_Key = tuple[str, str]
"""Gold set and article."""


def read_results(folder: Path, backend: str) -> Iterator[ArticleResult]:
    """What one back end did, article by article. Raises ``HarnessError``."""
    counts: dict[_Key, list[CountRow]] = {}
    for count in _lines(folder / "counts.jsonl", CountRecord):
        if count.backend == backend:
            counts.setdefault((count.goldset, count.row.article), []).append(count.row)
    matches: dict[_Key, list[MatchRecord]] = {}
    for match in _matches(folder, backend):
        matches.setdefault((match.goldset, match.match.article), []).append(match)
    for line in _lines(folder / "predictions" / f"{backend}.jsonl", PredictionRecord):
        key = line.goldset, line.prediction.article_id
        words: list[Words] = [("",)] * len(line.prediction.facts or ())
        for match in matches.get(key, ()):
            if match.match.pred is not None and match.pred is not None:
                words[match.match.pred] = (match.pred.words,)
        yield ArticleResult(
            line.goldset,
            line.prediction,
            line.seconds,
            line.cached,
            tuple(words),
            article_counts(counts.get(key, ())),
            tuple(match.match for match in matches.get(key, ())),
        )


def with_gold(
    folder: Path, backend: str, _results: Iterable[ArticleResult]
) -> Iterator[MatchRecord]:
    """The matches of one back end with the facts they are of. Raises ``HarnessError``."""
    return _matches(folder, backend)


def _matches(folder: Path, backend: str) -> Iterator[MatchRecord]:
    return (one for one in _lines(folder / "matches.jsonl", MatchRecord) if one.backend == backend)


def _lines(path: Path, type_: type[T]) -> Iterator[T]:
    decoder = msgspec.json.Decoder(type_)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(unmarked(file), 1):
                try:
                    yield decoder.decode(line)
                except (msgspec.DecodeError, ValueError, RecursionError) as error:
                    raise HarnessError(
                        str(error), file=path, line=number, remedy="run again"
                    ) from error
    except OSError as error:
        raise HarnessError(
            f"cannot be read: {error.strerror}", file=path, remedy="run again"
        ) from error
