"""Standard output and error as they are: closed, full, or in an encoding that lacks French typography.

None of that may change what a command does or turn into a traceback: a closed pipe has an exit code of its own,
what an encoding lacks is written in plain letters, and a full disk is an error that says so.
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
"""The exit code when nobody reads the output any more: that of a program ended by SIGPIPE."""

PLAINLY = "factharness.plain"
"""The name of the error handler that writes what an encoding lacks in plain letters."""

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
}
"""What stands for a character in an encoding that lacks it. Never a ``"`` or a backslash: it may be in JSON."""


class ClosedPipe(Exception):
    """Nobody reads the output any more. No ``OSError``, since click turns a closed pipe into exit code 1."""


def prepare() -> None:
    """Make the standard streams fit for any text, and let no file take the place of one that is closed."""
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
    """Print an error; when that cannot be done either, the exit code has to say it alone."""
    with suppress(OSError, ValueError):
        click.echo(message, err=True)


def abandon() -> None:
    """Let go of what cannot be written out: the interpreter would try again at its end, and exit with 120."""
    for stream in _streams():
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:
                os.dup2(nowhere.fileno(), stream.fileno())


def console() -> Console:
    """A rich console on standard output that leaves closed pipes to others."""
    from rich.console import Console

    class _Console(Console):
        def on_broken_pipe(self) -> None:
            raise ClosedPipe

    return _Console(highlight=False, soft_wrap=True)


def _streams() -> list[TextIO]:
    return [stream for stream in (sys.stdout, sys.stderr) if stream is not None]


def _plain(error: UnicodeError) -> tuple[str, int]:
    """An error handler of codecs: what the encoding lacks, in plain letters, or as ``?``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_letters, error.object[error.start : error.end])), error.end


def _letters(character: str) -> str:
    if character in PLAIN:
        return PLAIN[character]
    bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return bare if bare and all(one.isalnum() or one in " ." for one in bare) else "?"
