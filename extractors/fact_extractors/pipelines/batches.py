"""Articles in batches, so that one that cannot be read costs only itself: here, or in worker processes.

What Python raises is caught where it happens. A process that dies takes its batch with it: the batches under
way are then read again, each apart, and those that die again article by article.

:mod:`factharness.backends.workers` has another pool that survives a death. That one spawns processes, here or
on a cluster, and each builds the back end from its options. The workers here are forked from a back end that is
loaded: they share the memory of its model, and know the components that a plug-in has registered.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import Pipe, get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from typing import TypeAlias

from factharness.errors import ExtractionError
from factharness.extractor import Outcome
from factharness.facts import Article

Batch: TypeAlias = Sequence[Article]
Read: TypeAlias = Callable[[Batch], list[Outcome]]

CHARACTERS = 200_000
"""A batch ends at this size even when it is short of articles."""

AHEAD = 2
"""Batches under way per worker: one at work, and one so that nobody waits for the reading."""


def batched(articles: Iterable[Article], size: int) -> Iterator[Batch]:
    """The articles in order, at most ``size`` at a time."""
    batch: list[Article] = []
    characters = 0
    for article in articles:
        batch.append(article)
        characters += len(article.text)
        if len(batch) >= size or characters >= CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def isolated(read: Read, batch: Batch, who: str) -> list[Outcome]:
    """One outcome per article; when ``read`` raises, each article is read anew by itself."""
    try:
        return read(batch)
    except Exception as error:
        if len(batch) == 1:
            return [ExtractionError(f"{who}: {type(error).__name__}: {error}")]
    return [outcome for article in batch for outcome in isolated(read, [article], who)]


def can_fork() -> bool:
    """Whether this system can start a process that has all that this one has."""
    return "fork" in get_all_start_methods()


def in_processes(
    read: Read, batches: Iterator[Batch], count: int, who: str
) -> Iterator[list[Outcome]]:
    """The outcomes of each batch, in order, read by ``count`` processes at once.

    ``batches`` is taken from no further than the workers need. The workers are forked: they have ``read`` and
    all that it reads with from this process. Needs :func:`can_fork`.
    """

    def apart(batch: Batch) -> list[Outcome]:
        with _workers(read, 1) as pool:
            try:
                return _submitted(pool, batch).result()
            except BrokenProcessPool as error:
                raise ChildProcessError(
                    "the process that read the article died (killed, or out of memory)"
                ) from error

    while True:
        with _workers(read, count) as pool:
            under_way: deque[tuple[Batch, Future[list[Outcome]]]] = deque()
            while True:
                for batch in islice(batches, AHEAD * count - len(under_way)):
                    under_way.append((batch, _submitted(pool, batch)))
                if not under_way:
                    return
                if isinstance(under_way[0][1].exception(), BrokenProcessPool):
                    break
                yield under_way.popleft()[1].result()
        for batch, future in under_way:
            broken = isinstance(future.exception(), BrokenProcessPool)
            yield isolated(apart, batch, who) if broken else future.result()


@contextmanager
def _workers(read: Read, count: int) -> Iterator[ProcessPoolExecutor]:
    from_parent, end = Pipe(duplex=False)
    # Forked, whatever the default start method is: a worker started anew would load the model again, and would
    # not have the components that plug-ins have registered here.
    forked = get_context("fork")
    pool = ProcessPoolExecutor(count, forked, initializer=_begin, initargs=(read, from_parent, end))
    try:
        yield pool
    except BaseException:
        end.send(None)  # what the workers do is no longer wanted, and may never end
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        from_parent.close()
        end.close()


def _submitted(pool: ProcessPoolExecutor, batch: Batch) -> Future[list[Outcome]]:
    try:
        return pool.submit(_work, batch)
    except BrokenProcessPool as error:
        future: Future[list[Outcome]] = Future()
        future.set_exception(error)
        return future


# In a worker, the function that reads a batch. Given once: sending it with every batch would send the model.
_read: Read


def _begin(read: Read, from_parent: Connection, end: Connection) -> None:
    global _read
    _read = read
    end.close()  # with this copy open, the worker would not notice that its parent is gone
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)  # else torch waits for ever for the threads of the parent
    threading.Thread(target=_end_with, args=(from_parent,), daemon=True).start()


def _work(batch: Batch) -> list[Outcome]:
    return _read(batch)


def _end_with(from_parent: Connection) -> None:
    """End this worker when it is told to, or when the process that started it is gone."""
    wait([from_parent])
    os._exit(1)
