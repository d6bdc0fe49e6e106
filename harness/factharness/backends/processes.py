"""Processes on this machine that work for this one.

They are started while interruptions are held back, end with the process that they work for, and are stopped,
with the programs that they started, as soon as nobody needs their results.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from factharness.backends.descendants import descendants, kill
from factharness.backends.printed import aside_for_good

_log = logging.getLogger("factharness")

GRACE = 0.5
"""Seconds that workers have to clean up when their results are no longer needed; then they are killed."""

ENDING = (signal.SIGINT, signal.SIGTERM)
"""Signals that end a program."""


class _Pool(ProcessPoolExecutor):
    """A process pool that holds interruptions back while it starts its workers."""

    def submit(self, *work: Any, **more: Any) -> Future[Any]:
        """Submit work; a worker that is started for it inherits the blocked signals."""
        with _held_back():
            return super().submit(*work, **more)


@contextmanager
def processes(jobs: int) -> Iterator[tuple[Executor, int]]:
    """A pool of ``jobs`` processes, and their number. When the block fails they are stopped, else awaited."""
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
def terminable() -> Iterator[None]:
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
