"""Processes in which the workers of a cluster run back ends, and models stay loaded.

Dask runs tasks in threads, where no time limit can end an article, and a back end that crashes would end the
worker with all that it holds. So each thread of a worker borrows a process from here. It is started as a
program and not by ``multiprocessing``, because the workers of Dask are daemons, which may start no process
that way. Calls and results go through the pipes of the program as pickles.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, TypeVar

from factharness.backends.printed import aside_for_good
from factharness.errors import BackendError
from factharness.extractor import raised

Result = TypeVar("Result")

_PROGRAM = "from factharness.backends.apart import serve; serve()"
_LENGTH = 8
"""The bytes of the number that says how long a message is."""


class DiedError(Exception):
    """The process ended before it had answered; the text says how it ended."""


class Apart:
    """A process that carries out calls one after the other, each in its main thread."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def call(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Call a function of a module, and return or raise what it does. Raises :class:`DiedError`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            _send(self._process.stdin, (function, arguments))
            answer = _receive(self._process.stdout)
        except BrokenPipeError:
            answer = None
        if answer is None:
            raise DiedError(self._end())
        result, error = answer
        if error is not None:
            raise error
        made: Result = result
        return made

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._end()

    def _end(self) -> str:
        """Wait for the end, and say what it was."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        code = self._process.wait()
        if code >= 0:
            return f"it ended with exit code {code}"
        try:
            return f"it was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"it was ended by signal {-code}"


_idle: dict[bytes, list[Apart]] = defaultdict(list)
_lock = threading.Lock()


@contextmanager
def lent(key: bytes) -> Iterator[Apart]:
    """Lend a process for the back end that ``key`` stands for; it stays, with its model, for later calls.

    A process that died in the block is not used again. Idle processes of other back ends are ended, because
    their models take memory.
    """
    with _lock:
        others = [name for name in _idle if name != key]
        useless = [one for name in others for one in _idle.pop(name)]
        process = _idle[key].pop() if _idle[key] else None
    for one in useless:
        one.close()
    process = process or Apart()
    try:
        yield process
    except DiedError:
        raise
    except BaseException:
        process.close()
        raise
    with _lock:
        _idle[key].append(process)


def _send(pipe: IO[bytes], message: object) -> None:
    data = pickle.dumps(message)
    pipe.write(len(data).to_bytes(_LENGTH, "big") + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    """The next message; None when the other side is gone."""
    head = pipe.read(_LENGTH)
    data = pipe.read(int.from_bytes(head, "big"))
    if len(head) < _LENGTH or len(data) < int.from_bytes(head, "big"):
        return None
    return pickle.loads(data)


def serve() -> None:
    """Carry out the calls that come through standard input until it is closed: the program of the process.

    What back ends print goes to standard error. The process ends at once when the one that started it is gone,
    also in the middle of an article.
    """
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    aside_for_good()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def read() -> None:
        while (message := _receive(calls)) is not None:
            waiting.put(message)
        os._exit(1)

    threading.Thread(target=read, daemon=True).start()
    while True:
        function, arguments = waiting.get()
        answer: tuple[object, BaseException | None]
        try:
            answer = function(*arguments), None
        except BaseException as error:
            answer = None, _sendable(error)
        _send(answers, answer)


def _sendable(error: BaseException) -> BaseException:
    """The error, or one that says the same, where it cannot be made again from its pickle."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        kind = BackendError if isinstance(error, BackendError) else RuntimeError
        return kind(raised(error))
    return error
