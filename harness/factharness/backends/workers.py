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
import logging
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from factharness.backends import apart
from factharness.backends.cluster import connected, naming_this_host
from factharness.backends.combination import Combined
from factharness.backends.descendants import descendants, kill
from factharness.backends.execute import predict, timed
from factharness.backends.printed import aside_for_good
from factharness.backends.recipe import AnyRecipe, Runnable
from factharness.errors import BackendError, SuiteError
from factharness.extractor import load
from factharness.facts import Article, Prediction

Timed: TypeAlias = tuple[Prediction, float]
Opener: TypeAlias = Callable[[int], AbstractContextManager[tuple[Executor, int]]]
"""A function that makes a pool of workers and returns it with the number of its workers."""

_log = logging.getLogger("factharness")

BATCH = 32
"""The most articles in a batch: few, so that all workers get some; many, for models that read in batches."""

ALONE = 2
"""How often an article that is read alone must have ended its process before it is given up: once, something
else may have killed it."""

AHEAD = 2
"""Batches under way per worker: one that is being extracted, and one that waits, so that no worker is idle."""

GRACE = 0.5
"""Seconds that workers have to clean up when their results are no longer needed; then they are killed."""

ENDING = (signal.SIGINT, signal.SIGTERM)
"""Signals that end a program."""

AGAIN = 5.0
"""Seconds after which the timer fires again: longer than a back end needs to clean up after the first time."""


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
    batches = (articles[start : start + size] for start in starts)
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
            with _alarm(timeout):
                made = list(timed(predict(extractor, [article])))
        except _OutOfTimeError:
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
    open_pool = _processes if place.dask is None else functools.partial(_cluster, place.dask)
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
    with _terminable():
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


class _Pool(ProcessPoolExecutor):
    """A process pool that holds interruptions back while it starts its workers."""

    def submit(self, *work: Any, **more: Any) -> Future[Any]:
        """Submit work; a worker that is started for it inherits the blocked signals."""
        with _held_back():
            return super().submit(*work, **more)


@contextmanager
def _processes(jobs: int) -> Iterator[tuple[Executor, int]]:
    others = set(active_children())
    # Spawned, not forked: a forked child inherits locks of threads it does not have.
    pool = _Pool(
        jobs,
        mp_context=get_context("spawn"),
        initializer=_begin_worker,
        initargs=(_log.level,),
    )
    try:
        yield pool, jobs
    except BaseException:
        # Nobody needs the results any more that the workers still compute, and that may take forever.
        _stop(set(active_children()) - others)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _stop(processes: Iterable[BaseProcess]) -> None:
    """Tell workers to end; after ``GRACE`` seconds kill those that have not, and the programs they started."""
    left = list(processes)
    programs = descendants(process.pid for process in left)
    end = time.monotonic() + GRACE
    while left and time.monotonic() < end:
        # Repeatedly, because a signal that arrives just before a worker begins to wait does not wake it.
        for process in left:
            process.terminate()
        wait([process.sentinel for process in left], GRACE / 10)
        left = [process for process in left if process.is_alive()]
    programs |= descendants(process.pid for process in left)
    for process in left:
        process.kill()
    kill(programs)


@contextmanager
def _held_back() -> Iterator[None]:
    """Hold back signals that end a program, also in the processes that are started in the block."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker(level: int) -> None:
    """Set up a worker: it prints to standard error only, logs from ``level`` on, and ends with its parent.

    It ignores interruptions, which the system sends to all processes of a terminal: the parent handles them.
    """
    aside_for_good()
    if level:
        _log.setLevel(level)
        _log.addHandler(logging.StreamHandler())
    signal.signal(signal.SIGINT, lambda *_: None)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    _end_with_parent()


class _TerminatedError(KeyboardInterrupt):
    """Raised when this worker is to end.

    A ``KeyboardInterrupt``: back ends catch ``Exception``, and ``blamed`` turns all but ``KeyboardInterrupt``.
    """


@contextmanager
def _terminable() -> Iterator[None]:
    """Raise in a worker that is told to end, so that the back end can clean up, such as end its programs."""
    if parent_process() is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    told = False

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal told
        if not told:  # a second signal must not interrupt the cleaning up
            told = True
            raise _TerminatedError

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except _TerminatedError:
        os._exit(1)
    finally:
        signal.signal(signal.SIGTERM, before)


def _end_with_parent() -> None:
    """End this worker when the process that started it is gone; a killed parent cannot tell its workers."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


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


class _OutOfTimeError(KeyboardInterrupt):
    """Raised when the time of an article is over.

    A ``KeyboardInterrupt``, because back ends catch ``Exception`` and would continue with the article.
    """


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt the block after ``seconds``, on systems with ``SIGALRM``.

    The timer fires again every ``AGAIN`` seconds, because a bare ``except`` in the extractor may swallow the
    first exception. The block has timed out in any case.
    """
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    rung = False

    def ring(_number: int, _frame: FrameType | None) -> None:
        nonlocal rung
        rung = True
        raise _OutOfTimeError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if rung:
        raise _OutOfTimeError
