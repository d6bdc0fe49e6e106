"""Runs a back end on a corpus of any length, in memory that does not grow with the corpus.

The corpus is read only as far as the workers need: a fixed number of batches is under way, and the next is read
when the oldest has been written. Predictions are in the order of the input.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from msgspec import Struct, field

from factharness.backends import workers
from factharness.backends.combination import Combined
from factharness.backends.recipe import AnyRecipe, Runnable
from factharness.corpus import journal
from factharness.corpus.entries import Entry
from factharness.corpus.seen_ids import SeenIds
from factharness.corpus.sources import Corpus
from factharness.errors import HarnessError
from factharness.extracted.article import ExtractedArticle, extracted
from factharness.extracted.forms import form_of
from factharness.facts import Article, Prediction

Batch = list[Entry]

HERE = workers.Placement()
"""In this process."""

NAMED = 10
"""How many articles are named where many may be meant."""


class ExtractionCounts(Struct):
    """How far an extraction is. ``before`` counts the articles that were there when it was continued, ``total``
    those of the input; it is None until they are counted. ``unread`` says that the rest was not read, because
    too many had failed.

    ``failed`` has the first articles that failed, with their errors, and ``repeated`` the first ids that an
    earlier article has, of ``repeats`` in all; at most :data:`NAMED` each. ``ids`` are those of all articles.

    Of a back end that is made of others, ``missing`` are the parts that are unavailable, with the reason, and
    ``without`` those that failed on some articles, with their number: the others decided.
    """

    articles: int = 0
    errors: int = 0
    facts: int = 0
    before: int = 0
    total: int | None = None
    unread: bool = False
    missing: dict[str, str] = {}
    without: dict[str, int] = {}
    failed: list[tuple[str, str]] = []
    repeats: int = 0
    repeated: list[str] = []
    ids: SeenIds = field(default_factory=SeenIds)

    @classmethod
    def of(cls, extractor: Runnable) -> ExtractionCounts:
        """Those of an extraction that has not begun."""
        missing = extractor.missing if isinstance(extractor, Combined) else {}
        return cls(missing=missing)

    def add(self, article: ExtractedArticle) -> None:
        """Count an article."""
        self.articles += 1
        for part in article.without:
            self.without[part] = self.without.get(part, 0) + 1
        if article.error is not None:
            self.errors += 1
            if len(self.failed) < NAMED:
                self.failed.append((article.id, article.error))
        self.facts += len(article.facts or ())
        if self.ids.add(article.id):
            self.repeats += 1
            if len(self.repeated) < NAMED and article.id not in self.repeated:
                self.repeated.append(article.id)


def extract(
    recipe: AnyRecipe,
    corpus: Corpus,
    place: Path,
    *,
    where: workers.Placement = HERE,
    shard: tuple[int, int] | None = None,
    resume: bool = False,
    listen: Callable[[ExtractionCounts], None] = lambda _: None,
) -> ExtractionCounts:
    """Extract from every article of the corpus into the file ``place``, or from those still missing there.

    The ending of its name says in which form. ``shard`` (K, N) takes every N-th entry, from the K-th on. With
    ``resume``, there must be something to continue. ``listen`` is told after each article. Raises
    ``BackendError`` when the back end cannot be used, ``HarnessError`` when the input cannot be read or is not
    the one from which the file was begun, ``OutputError`` when the file cannot be written.
    """
    form_of(place)  # refused before a model is loaded
    extractor = recipe.build()
    sitting = journal.Sitting.begun(recipe, extractor, corpus.path, shard)
    entries = sharded(corpus.entries(), shard)
    tally = ExtractionCounts.of(extractor)
    with journal.opened(place, sitting, resume=resume) as out:
        for number, line in out.lines():
            _same(next(entries, None), line, place, number)
            tally.add(line)
        tally.before = tally.articles
        listen(tally)
        with closing(predictions(recipe, extractor, entries, where)) as batches:
            for batch in batches:
                with out.batch():
                    for entry, prediction in batch:
                        text = entry.text if isinstance(entry, Article) else ""
                        article = extracted(prediction, text)
                        out.append(article)
                        tally.add(article)
                        listen(tally)
    return tally


def sharded(entries: Iterator[Entry], shard: tuple[int, int] | None) -> Iterator[Entry]:
    """Every N-th entry, from the K-th on; all of them without a shard."""
    if shard is None:
        return entries
    part, parts = shard
    return itertools.islice(entries, part - 1, None, parts)


def predictions(
    recipe: AnyRecipe, extractor: Runnable, entries: Iterator[Entry], where: workers.Placement
) -> Generator[Iterator[tuple[Entry, Prediction]]]:
    """Yield batches of entries, each with its prediction, in order. Read each batch before the next.

    ``extractor`` was built by the recipe; it is used when everything runs in this process.
    """
    waiting: deque[Batch] = deque()

    def batches() -> Iterator[list[Article]]:
        while batch := list(itertools.islice(entries, workers.BATCH)):
            waiting.append(batch)
            yield [entry for entry in batch if isinstance(entry, Article)]

    made: Generator[Iterable[workers.Timed]] = (
        _here(recipe, extractor, batches())
        if where.here
        else workers.spread(recipe, batches(), where)
    )
    with closing(made):
        for timed in made:
            yield _merged(waiting.popleft(), iter(timed))


def _here(
    recipe: AnyRecipe, extractor: Runnable, batches: Iterator[list[Article]]
) -> Generator[Iterator[workers.Timed]]:
    loaded = False
    for batch in batches:
        if not loaded:
            workers.load_all(extractor)
            loaded = True
        yield workers.run(recipe, extractor, batch, HERE)


def _merged(batch: Batch, made: Iterator[workers.Timed]) -> Iterator[tuple[Entry, Prediction]]:
    """The entries of a batch with their predictions; an unreadable entry is its own."""
    for entry in batch:
        yield entry, next(made)[0] if isinstance(entry, Article) else entry


def _same(entry: Entry | None, line: ExtractedArticle, place: Path, number: int) -> None:
    """Raise ``HarnessError`` unless the line of the output is about ``entry``, which the input has there."""
    name = None if entry is None else entry.id if isinstance(entry, Article) else entry.article_id
    if name != line.id:
        raise HarnessError(
            f"is of {line.id!r}, where the input has {'nothing' if name is None else repr(name)}",
            file=place,
            line=number,
            remedy="go on with the same input, or name another file",
        )
