"""Escapes the output of commands, and sends the output of back ends to standard error.

Labels, names and words that a command prints may contain sequences that control a terminal or a CI host, so a
command runs with both streams :func:`escaped`. A back end may print anything, so its code runs :func:`aside`,
with both streams on standard error: standard output contains what the command prints and nothing else.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

from factharness.escape import terminal

_TAIL = 80
"""How many characters of an unfinished line are kept, to recognise a CI command that is written in pieces."""


class Escaped(io.TextIOBase):
    """A text stream that escapes each line with :func:`factharness.escape.terminal` and writes it to ``below``.

    With ``turns`` a carriage return ends a line, as in progress bars; otherwise it is escaped.
    """

    def __init__(self, below: TextIO, *, turns: bool = False) -> None:
        self._below, self._turns, self._line = below, turns, ""

    def write(self, text: str) -> int:
        """Write ``text`` escaped; returns its length."""
        if not isinstance(text, str):
            raise TypeError(f"a text stream, which cannot write {type(text).__name__}")
        new = text.replace("\r\n", "\n").replace("\r", "\n") if self._turns else text
        line = self._line + new
        before, after = terminal(self._line), terminal(line)
        if after.startswith(before):
            self._below.write(after[len(before) :])
        else:  # with what was written before, it would be a command
            self._below.write(f"\\{terminal(new)}")
        last = line.rpartition("\n")[2]
        self._line = last if len(last) <= _TAIL else f"x{last[-_TAIL:]}"
        return len(text)

    def flush(self) -> None:
        """Flush the stream below."""
        self._below.flush()

    def close(self) -> None:
        """Do nothing: the stream below belongs to somebody else, and what is written is in it already.

        Else the end of this object would flush it once more, where it may be a closed pipe or a full disk.
        """

    def isatty(self) -> bool:
        """Whether the stream below is a terminal."""
        return self._below.isatty()

    def fileno(self) -> int:
        """The descriptor of the stream below. Raises ``OSError`` where it has none."""
        return self._below.fileno()

    def writable(self) -> bool:
        """Always true."""
        return True

    def reconfigure(self, **options: Any) -> None:
        """Reconfigure the stream below, where it can be."""
        if hasattr(self._below, "reconfigure"):
            self._below.reconfigure(**options)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream below."""
        return self._below.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """How the stream below writes characters that its encoding lacks."""
        return self._below.errors

    @property
    def rich_proxied_file(self) -> TextIO:
        """The unescaped stream. rich looks for it under this name, and its colours must not be escaped."""
        return raw(self._below)


def raw(stream: TextIO) -> TextIO:
    """The unescaped stream under ``stream``, for styled text and workflow commands, escaped already."""
    while (below := getattr(stream, "rich_proxied_file", None)) is not None:
        stream = below
    return stream


@contextmanager
def escaped() -> Iterator[None]:
    """Escape everything that is printed inside the block."""
    out, err = (None if one is None else _escaping(one) for one in (sys.stdout, sys.stderr))
    with _replaced(out, err):
        yield


@contextmanager
def aside() -> Iterator[None]:
    """Send to standard error everything that Python, C or started processes print inside the block."""
    if sys.stdout is None or sys.stderr is None:
        yield
        return
    sys.stdout.flush()
    one = _escaping(sys.stderr, turns=True)
    with _descriptor_aside(raw(sys.stdout)), _replaced(one, one):
        yield


def aside_for_good() -> None:
    """Do what :func:`aside` does until this process ends: for a worker, which prints no results itself."""
    if sys.stderr is not None:
        sys.stdout = sys.stderr = _escaping(sys.stderr, turns=True)
        with suppress(OSError):
            os.dup2(2, 1)


def _escaping(stream: TextIO, *, turns: bool = False) -> TextIO:
    return cast(TextIO, Escaped(stream, turns=turns))


@contextmanager
def _replaced(out: TextIO | None, err: TextIO | None) -> Iterator[None]:
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err  # None: the stream is closed
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


@contextmanager
def _descriptor_aside(out: TextIO) -> Iterator[None]:
    """Make descriptor 1 the same as 2, where it is that of ``out`` and no test has taken its place."""
    saved = None
    with suppress(OSError, ValueError):
        if out.fileno() == 1:
            saved = os.dup(1)
            os.dup2(2, 1)
    try:
        yield
    finally:
        if saved is not None:
            _flush_c()
            os.dup2(saved, 1)
            os.close(saved)


def _flush_c() -> None:
    """Flush the buffers of C, whose content would else go to what descriptor 1 is later."""
    with suppress(Exception):  # only some systems have a libc of that kind
        import ctypes

        ctypes.CDLL(None).fflush(None)
