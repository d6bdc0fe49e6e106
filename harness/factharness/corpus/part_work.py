"""What a worker of a cluster does with a part: reads it, extracts, and publishes it, in a process of its own.

The process writes a line per article. When it dies, the lines that it wrote stay; the articles after them are
read one at a time by a new process, and the article on which a process dies again gets the error.
"""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from factharness.backends import apart, workers
from factharness.backends.recipe import AnyRecipe, Runnable
from factharness.corpus import parts
from factharness.corpus.cut import InputPart, read
from factharness.corpus.entries import Entry
from factharness.corpus.extraction import HERE, ExtractionCounts, predictions
from factharness.corpus.journal import KEPT, Ledger, appending, whole_lines
from factharness.errors import BackendError
from factharness.extracted.article import ExtractedArticle, extracted
from factharness.facts import Article
from factharness.files import writing


class Work(Struct, frozen=True):
    """What all parts have in common: the back end, the folder of the output, and the working directory of the
    command, in which relative paths of options are meant."""

    recipe: AnyRecipe
    folder: str
    directory: str


class Again(Struct, frozen=True):
    """How a part goes on after a process died. ``singly`` is the number of articles up to which each is read
    alone; ``fatal`` says how the process died on the first article that is missing."""

    singly: int = 0
    fatal: str | None = None


def work_on(encoded: bytes, number: int, encoded_part: bytes) -> bytes:
    """Make a part, unless it is complete, and return its report. Runs in a thread of a worker.

    What is given and returned is JSON. Raises ``HarnessError``.
    """
    folder = Path(msgspec.json.decode(encoded, type=Work).folder)
    report = parts.complete(folder, number)
    if report is None:
        lines = folder / f".part-{number:05}-{uuid.uuid4().hex}.jsonl"
        try:
            report = _attempt(encoded, number, encoded_part, lines)
        finally:
            with suppress(OSError):
                lines.unlink(missing_ok=True)
    return msgspec.json.encode(report)


def _attempt(encoded: bytes, number: int, part: bytes, lines: Path) -> parts.PartReport:
    again = Again()
    while True:
        try:
            with apart.lent(encoded) as process:
                try:
                    process.call(prepare, encoded)
                except apart.DiedError as error:
                    raise BackendError(
                        f"the process died while it loaded the back end: {error}"
                    ) from error
                return process.call(make, encoded, number, part, str(lines), again)
        except apart.DiedError as error:
            done = 0
            if lines.exists():
                with appending(lines) as file:
                    done = whole_lines(file)
            if done < again.singly:
                again = Again(again.singly, f"the process died: {error}")
            else:
                again = Again(done + workers.BATCH)


def prepare(encoded: bytes) -> None:
    """Build and load the back end in the process of its own. Raises ``BackendError``."""
    _loaded(encoded)


@lru_cache(maxsize=1)
def _loaded(encoded: bytes) -> Runnable:
    """The back end, built and loaded once per process."""
    work = msgspec.json.decode(encoded, type=Work)
    with suppress(OSError):
        os.chdir(work.directory)
    extractor = work.recipe.build()
    workers.load_all(extractor)
    return extractor


def make(
    encoded: bytes, number: int, encoded_part: bytes, lines: str, again: Again
) -> parts.PartReport:
    """Extract what is missing in the file ``lines`` and publish the part. Runs in a process of its own."""
    work = msgspec.json.decode(encoded, type=Work)
    part: InputPart = msgspec.json.decode(encoded_part, type=InputPart)
    counts, place, entries = ExtractionCounts(), Path(lines), read(part)
    with writing(work.folder, KEPT):
        file = appending(place)
    with file:
        ledger = Ledger(place, file)
        for _, article in ledger.lines():
            next(entries)
            counts.add(article)
        for article in _extracted(work.recipe, _loaded(encoded), entries, counts.articles, again):
            ledger.append(article)
            counts.add(article)
    report = parts.PartReport(
        number,
        counts.articles,
        counts.errors,
        counts.facts,
        tuple(counts.failed),
        counts.without,
    )
    return parts.publish(Path(work.folder), place, report)


def _extracted(
    recipe: AnyRecipe, extractor: Runnable, entries: Iterator[Entry], done: int, again: Again
) -> Iterator[ExtractedArticle]:
    if again.fatal is not None:
        entry = next(entries)
        name = entry.id if isinstance(entry, Article) else entry.article_id
        yield ExtractedArticle(name, error=again.fatal)
        done += 1
    singly = itertools.islice(entries, max(0, again.singly - done))
    for some in itertools.chain(([entry] for entry in singly), [entries]):
        with closing(predictions(recipe, extractor, iter(some), HERE)) as batches:
            for batch in batches:
                for entry, prediction in batch:
                    text = entry.text if isinstance(entry, Article) else ""
                    yield extracted(prediction, text)
