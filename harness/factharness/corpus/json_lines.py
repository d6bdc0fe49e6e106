"""Articles in JSON lines, plain or packed by gzip: ``{"id": "a", "text": "…", "published": "2024-03-05"}``."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from factharness.corpus.entries import Entry, entry_of, place_of, unreadable
from factharness.facts import Prediction
from factharness.text import unmarked


def read(file: Path, name: str = "") -> Iterator[Entry]:
    """The entries of a file; blank lines are left out. ``name`` stands before ``line 17`` in messages."""
    with _opened(file) as lines:
        yield from entries(unmarked(lines), name)


def entries(lines: Iterable[bytes], name: str = "", first: int = 1) -> Iterator[Entry]:
    """The entries of lines that follow each other, of which the first has the number ``first`` in its file."""
    decoder = msgspec.json.Decoder(dict[str, Any])
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        place = place_of(name, "line", number)
        try:
            yield entry_of(decoder.decode(line), place)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            yield Prediction(place, error=f"{place} is not a JSON object: {error}")


def count(file: Path) -> int:
    """How many entries a file has."""
    with _opened(file) as lines:
        return count_of(unmarked(lines))


def count_of(lines: Iterable[bytes]) -> int:
    """How many of the lines are entries."""
    return sum(bool(line.strip()) for line in lines)


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    packed = file.suffix == ".gz"
    try:
        with cast(IO[bytes], gzip.open(file)) if packed else file.open("rb") as lines:
            yield lines
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise unreadable(file, error) from error
