"""A time limit on a blocking exchange: when it is over, the connection or process it waits for is ended.

Time limits of sockets are per operation, and a signal reaches one thread only. So a timer ends what the
exchange waits for, and the exchange fails with an error of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST = 64 * 1024 * 1024
"""Bytes of an answer that are read: far beyond any article's facts, far below what fills a memory."""


@contextmanager
def deadline(seconds: float, cut: Callable[[], None]) -> Iterator[threading.Event]:
    """Call ``cut`` from another thread unless the block ends within so many seconds.

    The event yielded is set when it was called.
    """
    passed = threading.Event()

    def ring() -> None:
        passed.set()
        cut()

    timer = threading.Timer(max(seconds, 0), ring)
    timer.daemon = True
    timer.start()
    try:
        yield passed
    finally:
        timer.cancel()
