"""Keeps a back end from ending this process by ``os._exit``, which could exit with 0 as if all were well.

A native library can still end the process. Only another process can notice that: ``--isolate`` runs the back
end in a process of its own.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

ENDED = 2
"""The exit code of a process that a thread of a back end ends as if all were well."""

_exit = os._exit

_SYSTEM = sys.modules[_exit.__module__]
"""The module that defines ``_exit``, and from which ``os`` imports it."""

_log = logging.getLogger("factharness")
_lock = threading.Lock()
_inside: list[tuple[int, int]] = []
"""The process and thread of each block that is open."""


@contextmanager
def staying() -> Iterator[None]:
    """Make ``os._exit`` raise ``SystemExit`` inside the block, as ``sys.exit`` does.

    In a process that the block forks, ``os._exit`` works as usual. In another thread of this process it ends
    the process, with the code :data:`ENDED` in place of 0.
    """
    entry = os.getpid(), threading.get_ident()
    with _lock:
        _inside.append(entry)
        os._exit = _SYSTEM._exit = _stay  # type: ignore[attr-defined]
    try:
        yield
    finally:
        with _lock:
            _inside.remove(entry)
            if not _inside:
                os._exit = _SYSTEM._exit = _exit  # type: ignore[attr-defined]


def _stay(status: int) -> NoReturn:
    here = os.getpid()
    if (here, threading.get_ident()) in _inside:
        raise SystemExit(status)
    if status == 0 and any(process == here for process, _ in _inside):
        _log.error("factharness: a thread of the back end ended the program")
        _exit(ENDED)
    _exit(status)
