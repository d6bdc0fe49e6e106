"""What a worker of a cluster does with a part: reads it, extracts, and publishes it, in a process of its own.

The process writes a line per article. When it dies, the lines that it wrote stay; the articles after them are
read one at a time by a new process, and an article on which two processes die that way gets the error. When the
command has ended without this part, the process stops.
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
from factharness.backends.cluster import naming_this_host
from factharness.backends.recipe import AnyRecipe, Runnable
from factharness.corpus import parts
from factharness.corpus.cut import InputPart, read
from factharness.corpus.entries import Entry
from factharness.corpus.extraction import HERE, ExtractionCounts, predictions
from factharness.corpus.journal import KEPT, Ledger, appending, whole_lines
from factharness.corpus.seen_ids import digest
from factharness.errors import BackendError, OutputError
from factharness.extracted.article import ExtractedArticle, extracted
from factharness.facts import Article
from factharness.files import writing


class Work(Struct, frozen=True):
    """What all parts have in common: the back end, the folder of the output, and the working directory of the
    command, in which relative paths of options are meant."""

    recipe: AnyRecipe
    folder: str
    directory: str


class Retry(Struct, frozen=True):
    """How a part goes on after a process died. ``singly`` is the number of articles up to which each is read
    alone; on the first article that is missing, ``deaths`` processes have died that read it alone, the last one
    as ``how`` says."""

    singly: int = 0
    at: int = 0
    deaths: int = 0
    how: str = ""

    @property
    def fatal(self) -> bool:
        """Whether the first article that is missing is given up."""
        return self.deaths == workers.ALONE

    def then(self, done: int, how: str) -> Retry:
        """After one more death, when ``done`` articles are there."""
        if done >= self.singly:
            return Retry(done + workers.BATCH)
        return Retry(self.singly, done, 1 + (self.deaths if self.at == done else 0), how)


def work_on(encoded: bytes, number: int, encoded_part: bytes) -> bytes:
    """Make a part, unless it is complete, and return its report. Runs in a thread of a worker.

    What is given and returned is JSON; the digests of the ids stay in the marker. Raises ``HarnessError``, and
    reads nothing, when the extraction has ended.
    """
    folder = Path(msgspec.json.decode(encoded, type=Work).folder)
    report = parts.complete(folder, number)
    if report is None:
        parts.check_goes_on(folder)
        lines = folder / f".part-{number:05}-{uuid.uuid4().hex}.jsonl"
        try:
            with naming_this_host():
                report = _attempt(encoded, number, encoded_part, lines)
        finally:
            with suppress(OSError):
                lines.unlink(missing_ok=True)
    return msgspec.json.encode(msgspec.structs.replace(report, ids=b""))


def _attempt(encoded: bytes, number: int, part: bytes, lines: Path) -> parts.PartReport:
    again, loads = Retry(), 0  # loads: those in a row in which the process died
    while True:
        loads += 1
        try:
            with apart.lent(encoded) as process:
                process.call(prepare, encoded)
                loads = 0
                return process.call(make, encoded, number, part, str(lines), again)
        except apart.DiedError as error:
            if loads == workers.ALONE:
                raise BackendError(
                    f"the process died while it loaded the back end: {error}"
                ) from error
            if not loads:
                again = again.then(_written(lines), str(error))


def _written(lines: Path) -> int:
    """How many articles are in the file, without an incomplete one."""
    if not lines.exists():
        return 0
    with appending(lines) as file:
        return whole_lines(file)


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
    encoded: bytes, number: int, encoded_part: bytes, lines: str, again: Retry
) -> parts.PartReport:
    """Extract what is missing in the file ``lines`` and publish the part. Runs in a process of its own.

    Raises ``OutputError`` when the extraction has ended, or somebody has removed the file meanwhile.
    """
    work = msgspec.json.decode(encoded, type=Work)
    part: InputPart = msgspec.json.decode(encoded_part, type=InputPart)
    counts, place, entries, ids = ExtractionCounts(), Path(lines), read(part), bytearray()
    with writing(work.folder, KEPT):
        file = appending(place)
    with file:
        ledger = Ledger(place, file)
        for _, article in ledger.lines():
            next(entries)
            counts.add(article)
            ids += digest(article.id)
        for article in _extracted(work.recipe, _loaded(encoded), entries, counts.articles, again):
            if counts.articles % workers.BATCH == 0:
                parts.check_goes_on(Path(work.folder))
                if not place.exists():
                    raise OutputError("was removed while it was written", file=place, remedy=KEPT)
            ledger.append(article)
            counts.add(article)
            ids += digest(article.id)
    report = parts.PartReport(
        number,
        counts.articles,
        counts.errors,
        counts.facts,
        tuple(counts.failed),
        counts.without,
        bytes(ids),
    )
    return parts.publish(Path(work.folder), place, report)


def _extracted(
    recipe: AnyRecipe, extractor: Runnable, entries: Iterator[Entry], done: int, again: Retry
) -> Iterator[ExtractedArticle]:
    if again.fatal:
        entry = next(entries)
        name = entry.id if isinstance(entry, Article) else entry.article_id
        yield ExtractedArticle(name, error=f"the process died: {again.how}")
        done += 1
    singly = itertools.islice(entries, max(0, again.singly - done))
    for some in itertools.chain(([entry] for entry in singly), [entries]):
        with closing(predictions(recipe, extractor, iter(some), HERE)) as batches:
            for batch in batches:
                for entry, prediction in batch:
                    text = entry.text if isinstance(entry, Article) else ""
                    yield extracted(prediction, text)
