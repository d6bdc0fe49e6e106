"""Keeps commands working when standard output is closed, full, or in an encoding without French typography.

In none of these cases does a command behave differently or print a traceback: a closed pipe has its own exit
code, a character that the encoding lacks is written in plain letters, and a full disk is an error with a
message.
"""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console

CLOSED_PIPE = 141
"""The exit code when the program that reads the output has ended: the one that SIGPIPE would give."""

PLAINLY = "factharness.plain"
"""The name of the codec error handler that writes characters that an encoding lacks in plain letters."""

PLAIN = {
    **dict.fromkeys("‘’‚‹›′", "'"),
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("“”„", "''"),
    "«": "<<",
    "»": ">>",
    "≤": "<=",
    "≥": ">=",
    "±": "+/-",
    "×": "x",
    "→": "->",
    "·": ".",
    "œ": "oe",
    "Œ": "OE",
    "æ": "ae",
    "Æ": "AE",
    "€": "EUR",
    "•": "*",
    "†": "+",
    "△": "^",
    "▲": "!",
}
"""The plain letters for a character that an encoding lacks.

No ``"`` and no backslash, as the output may be JSON.
"""


class ClosedPipe(Exception):
    """The program that reads the output has ended.

    This is not an ``OSError``, because click turns the ``OSError`` of a closed pipe into exit code 1.
    """


def prepare() -> None:
    """Let the standard streams write any text.

    When a standard stream is closed, its descriptor is opened on the null device, so that no file that is
    opened later gets the number 0, 1 or 2.
    """
    with suppress(OSError):
        while (spare := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(spare)
    codecs.register_error(PLAINLY, _plain)
    for stream in _streams():
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=PLAINLY)


@contextmanager
def telling_closed_pipes() -> Iterator[None]:
    """Raise :class:`ClosedPipe` where writing into a closed pipe would raise ``BrokenPipeError``."""
    try:
        yield
    except BrokenPipeError as error:
        raise ClosedPipe from error


def complain(message: str) -> None:
    """Print an error on standard error; when that fails too, the exit code is the only sign of it."""
    with suppress(OSError, ValueError):
        click.echo(message, err=True)


def abandon() -> None:
    """Discard output that cannot be written: else Python tries again at its end, and exits with 120."""
    for stream in _streams():
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:
                os.dup2(nowhere.fileno(), stream.fileno())


def console() -> Console:
    """A rich console on standard output that raises :class:`ClosedPipe` instead of handling a closed pipe."""
    from rich.console import Console

    class _Console(Console):
        def on_broken_pipe(self) -> None:
            raise ClosedPipe

    return _Console(highlight=False, soft_wrap=True)


def _streams() -> list[TextIO]:
    return [stream for stream in (sys.stdout, sys.stderr) if stream is not None]


def _plain(error: UnicodeError) -> tuple[str, int]:
    """A codec error handler: writes characters that the encoding lacks in plain letters, or as ``?``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_letters, error.object[error.start : error.end])), error.end


def _letters(character: str) -> str:
    if character in PLAIN:
        return PLAIN[character]
    bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return bare if bare and all(one.isalnum() or one in " ." for one in bare) else "?"
