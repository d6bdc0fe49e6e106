"""Handles SIGTERM like Ctrl-C, so that a command cleans up before it ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Terminated(KeyboardInterrupt):
    """Raised in the main thread for SIGTERM; handlers of ``KeyboardInterrupt`` clean up after it too."""


@contextmanager
def terminable() -> Iterator[None]:
    """Raise :class:`Terminated` for SIGTERM inside the block, unless the program has set its own handler."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    ):
        yield
        return
    signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def was_terminated(error: BaseException) -> bool:
    """Whether SIGTERM caused ``error``; click may have replaced the first exception by one of its own."""
    return isinstance(error, Terminated) or isinstance(error.__cause__, Terminated)


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise Terminated
