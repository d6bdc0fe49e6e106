"""Articles in text files: the id of each is its path without ``.txt``, and its name may begin with a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from factharness.corpus.entries import Entry, has_controls
from factharness.errors import writable
from factharness.facts import Article, Prediction


def read(file: Path, name: str) -> Iterator[Entry]:
    """The one entry of a file. ``name`` is its path as the id has it, with ``.txt``."""
    identity = writable(name.removesuffix(".txt"))
    if has_controls(identity):
        yield Prediction(ascii(identity), error="the file's name has control characters")
        return
    try:
        if not file.is_file():
            raise OSError("not a file, or a link to none")
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Prediction(identity, error=f"{file.name} is not UTF-8: {error}")
    except OSError as error:
        yield Prediction(identity, error=f"{file.name} cannot be read: {error.strerror or error}")
    else:
        yield Article(identity, text, _day(file.name))


def _day(name: str) -> date | None:
    """The day with which a name begins; None when it begins with none."""
    try:
        return date.fromisoformat(name[:10])
    except ValueError:
        return None
