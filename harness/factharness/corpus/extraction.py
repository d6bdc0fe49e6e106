"""Runs a back end on a corpus of any length, in memory that does not grow with the corpus.

The corpus is read only as far as the workers need: a fixed number of batches is under way, and the next is read
when the oldest has been written. Predictions are in the order of the input.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from factharness import __version__
from factharness.backends import workers
from factharness.corpus import journal
from factharness.corpus.sources import Corpus, Entry
from factharness.errors import HarnessError
from factharness.extractor import Extractor, load
from factharness.facts import Article, Prediction

Batch = list[Entry]


class ExtractionCounts(Struct):
    """How far an extraction is. ``before`` counts the articles that were there when it was continued."""

    articles: int = 0
    errors: int = 0
    facts: int = 0
    before: int = 0

    def add(self, facts: Sequence[object] | None) -> None:
        """Count an article with its facts; ``facts`` is None when the back end failed on it."""
        self.articles += 1
        self.errors += facts is None
        self.facts += len(facts or ())


def extract(
    recipe: workers.Recipe,
    corpus: Corpus,
    place: Path,
    *,
    jobs: int = 1,
    shard: tuple[int, int] | None = None,
    listen: Callable[[ExtractionCounts], None] = lambda _: None,
) -> ExtractionCounts:
    """Extract from every article of the corpus into the file ``place``, or from those still missing there.

    ``shard`` (K, N) takes every N-th entry, from the K-th on. ``listen`` is told after each article. Raises
    ``BackendError`` when the back end cannot be used, ``HarnessError`` when the input cannot be read or is not
    the one from which the file was begun, ``OutputError`` when the file cannot be written.
    """
    extractor = recipe.build()
    sitting = journal.Sitting(
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        at=0,
        input=str(corpus.path),
        backend=recipe.use,
        options=recipe.options,
        fingerprint=recipe.identity(extractor),
        shard=shard,
        version=__version__,
    )
    entries = sharded(corpus.entries(), shard)
    tally = ExtractionCounts()
    with journal.opened(place, sitting) as out:
        for line in out.lines():
            _same(next(entries, None), line, place, tally.articles + 1)
            tally.add(line.facts)
        tally.before = tally.articles
        listen(tally)
        with closing(predictions(recipe, extractor, entries, jobs)) as batches:
            for batch in batches:
                with out.batch():
                    for prediction in batch:
                        out.append(prediction)
                        tally.add(prediction.facts)
                        listen(tally)
    return tally


def sharded(entries: Iterator[Entry], shard: tuple[int, int] | None) -> Iterator[Entry]:
    """Every N-th entry, from the K-th on; all of them without a shard."""
    if shard is None:
        return entries
    part, parts = shard
    return itertools.islice(entries, part - 1, None, parts)


def predictions(
    recipe: workers.Recipe, extractor: Extractor, entries: Iterator[Entry], jobs: int
) -> Generator[Iterator[Prediction]]:
    """Yield batches of predictions, one prediction per entry, in order. Read each batch before the next.

    ``extractor`` was built by the recipe; it is used when everything runs in this process.
    """
    waiting: deque[Batch] = deque()

    def batches() -> Iterator[list[Article]]:
        while batch := list(itertools.islice(entries, workers.BATCH)):
            waiting.append(batch)
            yield [entry for entry in batch if isinstance(entry, Article)]

    place = workers.Placement(jobs)
    made: Generator[Iterable[workers.Timed]] = (
        workers.spread(recipe, batches(), place)
        if jobs > 1
        else _here(recipe, extractor, batches())
    )
    with closing(made):
        for timed in made:
            yield _merged(waiting.popleft(), iter(timed))


def _here(
    recipe: workers.Recipe, extractor: Extractor, batches: Iterator[list[Article]]
) -> Generator[Iterator[workers.Timed]]:
    loaded = False
    for batch in batches:
        if not loaded:
            load(extractor)
            loaded = True
        yield workers.run(recipe, extractor, batch, workers.Placement())


def _merged(batch: Batch, made: Iterator[workers.Timed]) -> Iterator[Prediction]:
    """The predictions of a batch's articles, and its unreadable entries in their places."""
    for entry in batch:
        yield next(made)[0] if isinstance(entry, Article) else entry


def _same(entry: Entry | None, line: journal.OutputLine, place: Path, number: int) -> None:
    """Raise ``HarnessError`` when a line of the output is not of the entry at that place in the input."""
    name = None if entry is None else entry.id if isinstance(entry, Article) else entry.article_id
    if name != line.id:
        raise HarnessError(
            f"is of {line.id!r}, where the input has {'nothing' if name is None else repr(name)}",
            file=place,
            line=number,
            remedy="go on with the same input, or name another file",
        )
