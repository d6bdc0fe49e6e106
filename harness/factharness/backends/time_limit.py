"""Interrupts a block of code whose time is over."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 5.0
"""Seconds after which the timer fires again: longer than a back end needs to clean up after the first time."""


class OutOfTimeError(KeyboardInterrupt):
    """Raised when the time of an article is over.

    A ``KeyboardInterrupt``, because back ends catch ``Exception`` and would continue with the article.
    """


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
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
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if rung:
        raise OutOfTimeError
