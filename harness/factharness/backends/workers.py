"""Runs a back end in this process, in several processes, or on a Dask cluster.

In all three, a failure is the error of one article only. When a worker process dies, the results of the batches
under way are lost; these batches are run again one article at a time, and an article that ends a process twice
when it is read alone gets the error. So a process that is killed from outside costs nothing but time.

A back end may have worker processes of its own, as spaCy's has with ``n_process``: those are forked from the
loaded model (``fact_extractors.pipelines.batches``). Here each process builds the back end anew: it may be on
another machine, and a fork would inherit the locks of threads that it does not have.
"""

from __future__ import annotations

import functools
import itertools
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from factharness.backends import apart
from factharness.backends.cluster import connected, naming_this_host
from factharness.backends.combination import Combined
from factharness.backends.execute import predict, timed
from factharness.backends.processes import processes, terminable
from factharness.backends.recipe import AnyRecipe, Runnable
from factharness.backends.time_limit import OutOfTimeError, alarm
from factharness.errors import BackendError, SuiteError
from factharness.extractor import load
from factharness.facts import Article, Prediction

Timed: TypeAlias = tuple[Prediction, float]
Opener: TypeAlias = Callable[[int], AbstractContextManager[tuple[Executor, int]]]
"""A function that makes a pool of workers and returns it with the number of its workers."""

BATCH = 32
"""The most articles in a batch: few, so that all workers get some; many, for models that read in batches."""

ALONE = 2
"""How often an article that is read alone must have ended its process before it is given up: once, something
else may have killed it."""

AHEAD = 2
"""Batches under way per worker: one that is being extracted, and one that waits, so that no worker is idle."""


class Placement(Struct, frozen=True):
    """Where to run: ``jobs`` processes here, or a Dask scheduler's address.

    With ``isolate``, a single job has a process of its own, too, so that this one outlives the back end.
    """

    jobs: int = 1
    dask: str | None = None
    isolate: bool = False

    @property
    def here(self) -> bool:
        """Whether the back end runs in this process."""
        return self.dask is None and self.jobs == 1 and not self.isolate

    @classmethod
    def parse(cls, executor: str, jobs: int, *, isolate: bool = False) -> Placement:
        """What ``--executor`` (``local`` or ``dask:ADDRESS``), ``--jobs`` and ``--isolate`` mean."""
        if executor == "local":
            return cls(jobs, isolate=isolate)
        kind, _, address = executor.partition(":")
        if kind != "dask" or not address:
            raise SuiteError(f"unknown executor {executor!r}", remedy="use local or dask:ADDRESS")
        return cls(jobs, address)


def run(
    recipe: AnyRecipe, extractor: Runnable, articles: Sequence[Article], place: Placement
) -> Generator[Timed]:
    """Yield a prediction per article, in order, each with the seconds that it took.

    ``extractor`` is the extractor of the recipe, built and loaded in this process; it is used when everything
    runs in this process. Raises ``BackendError`` when the back end cannot be used at all.
    """
    if place.here:
        yield from _here(extractor, articles, recipe.timeout)
        return
    size = max(1, min(BATCH, -(-len(articles) // (4 * place.jobs))))
    starts = range(0, len(articles), size)
    batches = (list(articles[start : start + size]) for start in starts)
    with closing(spread(recipe, batches, place)) as made_by_batch:
        for made in made_by_batch:
            yield from made


def _here(
    extractor: Runnable, articles: Sequence[Article], timeout: float | None
) -> Iterator[Timed]:
    if isinstance(extractor, Combined):
        yield from _together(extractor, articles, timeout)
        return
    if timeout is None:
        yield from timed(predict(extractor, articles))
        return
    # One article at a time: a limit per article means nothing for a batch.
    for article in articles:
        try:
            with alarm(timeout):
                made = list(timed(predict(extractor, [article])))
        except OutOfTimeError:
            made = [(Prediction(article.id, error=f"took more than {timeout:g} s"), timeout)]
        yield from made


def _together(
    combined: Combined, articles: Sequence[Article], timeout: float | None
) -> Iterator[Timed]:
    """Each plug-in reads the batch once; what one of them fails on, the others decide."""
    made = {name: _here(one, articles, timeout) for name, one in combined.extractors.items()}
    answered = zip(*made.values(), strict=True)
    for article, answers in zip(articles, answered, strict=True):
        said = {name: prediction for name, (prediction, _) in zip(made, answers, strict=True)}
        yield combined.join(article, said), sum(seconds for _, seconds in answers)


def spread(
    recipe: AnyRecipe, batches: Iterator[Sequence[Article]], place: Placement
) -> Generator[list[Timed]]:
    """Yield the predictions of each batch, in order, from several processes or a cluster.

    ``batches`` is read only as far as the workers need. Raises ``BackendError`` when the back end cannot be
    used at all.
    """
    open_pool = processes if place.dask is None else functools.partial(_cluster, place.dask)
    waiting: deque[Sequence[Article]] = deque()
    size = place.jobs

    def fill() -> bool:
        waiting.extend(itertools.islice(batches, max(0, AHEAD * size - len(waiting))))
        return bool(waiting)

    while fill():
        with open_pool(place.jobs) as (pool, found):
            size = found
            futures: deque[Future[bytes]] = deque()
            while fill():
                try:
                    for batch in itertools.islice(waiting, len(futures), None):
                        futures.append(pool.submit(_work, recipe, batch))
                    made = _result(futures.popleft())
                except BackendError:
                    _cancel(futures)
                    raise
                except Exception:  # a worker died; the class of the error depends on the pool
                    _cancel(futures)
                    break
                waiting.popleft()
                yield made
        # Only these batches may have been under way; an article of one of them killed the worker.
        for _ in range(min(len(waiting), size + 1)):
            yield list(_one_by_one(recipe, waiting.popleft(), open_pool))


def _one_by_one(
    recipe: AnyRecipe, articles: Sequence[Article], open_pool: Opener
) -> Iterator[Timed]:
    waiting = deque(articles)
    deaths = 0  # of processes, one after the other, on the first of these articles
    while waiting:
        with open_pool(1) as (pool, _):
            while waiting:
                try:
                    made = _result(pool.submit(_work, recipe, [waiting[0]]))
                except BackendError:
                    raise
                except Exception as error:
                    deaths += 1
                    if deaths < ALONE:
                        break
                    how = error if isinstance(error, apart.DiedError) else type(error).__name__
                    what = f"the process died: {how}"
                    yield Prediction(waiting.popleft().id, error=what), 0.0
                    deaths = 0
                    break
                waiting.popleft()
                deaths = 0
                yield from made


def _result(future: Future[bytes]) -> list[Timed]:
    return msgspec.json.decode(future.result(), type=list[Timed])


def _cancel(futures: Iterable[Future[bytes]]) -> None:
    for future in futures:
        future.cancel()


def _work(recipe: AnyRecipe, articles: Sequence[Article]) -> bytes:
    """Extract in a worker. Returns JSON, because bytes cost less to send than objects."""
    with terminable():
        extractor = _built(msgspec.json.encode(recipe), threading.get_ident())
        return msgspec.json.encode(list(_here(extractor, articles, recipe.timeout)))


@functools.lru_cache(maxsize=8)
def _built(encoded: bytes, _thread: int) -> Runnable:
    """Build and load the back end, once per worker and thread, as a model may not work in two threads."""
    recipe: AnyRecipe = msgspec.json.decode(encoded, type=AnyRecipe)
    extractor = recipe.build()
    load_all(extractor)
    return extractor


def load_all(extractor: Runnable) -> None:
    """Load the model of a back end, or of all its parts. Raises ``BackendError``."""
    if isinstance(extractor, Combined):
        extractor.load()
    else:
        load(extractor)


@contextmanager
def _cluster(address: str, jobs: int) -> Iterator[tuple[Executor, int]]:
    with connected(address) as client, client.get_executor(retries=0, pure=False) as pool:
        yield _Isolating(pool), max(jobs, sum(client.ncores().values()))


class _Isolating(Executor):
    """An executor whose workers run what is submitted in processes of their own, which stay."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool

    def submit(self, *work: Any, **_more: Any) -> Future[Any]:
        """Submit ``_work``, a recipe and articles."""
        return self._pool.submit(_work_apart, *work)


def _work_apart(
    work: Callable[..., bytes], recipe: AnyRecipe, articles: Sequence[Article]
) -> bytes:
    with naming_this_host(), apart.lent(msgspec.json.encode(recipe)) as process:
        return process.call(work, recipe, articles)
