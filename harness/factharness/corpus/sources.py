"""Reads articles without gold one after the other, from JSON lines, a folder of text files, or Parquet.

Only one entry is in memory at a time (of a folder, also the names in it). An entry that cannot be read does not
end the corpus: it is yielded as a :class:`Prediction` with the error.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from factharness.errors import HarnessError, unknown, writable
from factharness.facts import Article, Prediction
from factharness.text import unmarked

Entry: TypeAlias = Article | Prediction
"""An article, or a prediction with the error why the article could not be read."""

_CONTROLS = frozenset({"Cc", "Zl", "Zp"})

ROWS = 1024
"""Rows of a Parquet file that are held at once."""


class Corpus(Struct, frozen=True):
    """An input: ``read`` yields its entries in a fixed order, ``size`` counts them without decoding any."""

    path: Path
    read: Callable[[Path], Iterator[Entry]]
    size: Callable[[Path], int]

    def entries(self) -> Iterator[Entry]:
        """The entries, in the same order each time. Raises ``HarnessError`` when the input cannot be read."""
        try:
            yield from self.read(self.path)
        except OSError as error:
            raise _unreadable(error.filename or self.path, error.strerror or error) from error

    def __len__(self) -> int:
        try:
            return self.size(self.path)
        except OSError as error:
            raise _unreadable(error.filename or self.path, error.strerror or error) from error


def find(path: Path) -> Corpus:
    """The corpus at ``path``: a folder, or a file by its suffix. Raises ``HarnessError`` for anything else."""
    if path.is_dir():
        return Corpus(path, _text_files, _count_text_files)
    if not path.exists():
        raise HarnessError(
            "no such input", file=path, remedy=f"name a folder of .txt files, or a {_SUFFIXES} file"
        )
    if path.suffix not in _FILES:
        message, remedy = unknown("kind of input", path.suffix or path.name, _FILES)
        raise HarnessError(message, file=path, remedy=remedy)
    return Corpus(path, *_FILES[path.suffix])


def published(value: object) -> date | datetime | None:
    """The day or moment in a field ``published``: ISO 8601, or a date of Parquet. Raises ``ValueError``."""
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError(f"published is {type(value).__name__}, not a date in ISO 8601")
    try:
        return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"published is {value[:40]!r}, not a date in ISO 8601") from None


def _entry(row: Mapping[str, object], place: str) -> Entry:
    """Make an article of a row, or a prediction with the error when the row is wrong.

    The prediction has the id of the row; when that is missing or wrong, it has ``place``.
    """
    name = row.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool) or name == "":
        return Prediction(place, error=f"{place} has no id: a string or a whole number")
    if _has_controls(str(name)):
        return Prediction(place, error=f"{place} has control characters in its id: {name!r}")
    text = row.get("text")
    if not isinstance(text, str):
        return Prediction(str(name), error=f"{place} has no text: a string")
    try:
        return Article(str(name), text, published(row.get("published")))
    except ValueError as error:
        return Prediction(str(name), error=f"{place}: {error}")


def _has_controls(name: str) -> bool:
    """Whether a name has control characters or line ends, which an id must not have."""
    return any(unicodedata.category(character) in _CONTROLS for character in name)


def _json_lines(path: Path) -> Iterator[Entry]:
    decoder = msgspec.json.Decoder(dict[str, Any])
    with path.open("rb") as file:
        for number, line in enumerate(unmarked(file), 1):
            if not line.strip():
                continue
            place = f"line {number}"
            try:
                yield _entry(decoder.decode(line), place)
            except (msgspec.DecodeError, ValueError, RecursionError) as error:
                yield Prediction(place, error=f"{place} is not a JSON object: {error}")


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(bool(line.strip()) for line in unmarked(file))


def _text_files(path: Path) -> Iterator[Entry]:
    """Each file's id is its path without ``.txt``; a name that begins with a day was published that day."""
    for file in _walk(path):
        name = writable(file.relative_to(path).with_suffix("").as_posix())
        if _has_controls(name):
            yield Prediction(ascii(name), error="the file's name has control characters")
            continue
        try:
            if not file.is_file():
                raise OSError("not a file, or a link to none")
            text = file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            yield Prediction(name, error=f"{file.name} is not UTF-8: {error}")
        except OSError as error:
            yield Prediction(name, error=f"{file.name} cannot be read: {error.strerror or error}")
        else:
            yield Article(name, text, _day(file.name))


def _count_text_files(path: Path) -> int:
    return sum(1 for _ in _walk(path))


def _walk(path: Path) -> Iterator[Path]:
    """The text files under a folder, hidden ones left out. Links to folders are followed, and no folder is read
    twice, so a link to a folder above it does no harm."""
    entered = set()
    for folder, folders, files in os.walk(path, onerror=_raise, followlinks=True):
        if (real := os.path.realpath(folder)) in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(
            (name for name in folders if not name.startswith(".")),
            key=lambda name: (os.path.islink(Path(folder, name)), name),  # links come last
        )
        for name in sorted(files):
            if name.endswith(".txt") and not name.startswith("."):
                yield Path(folder, name)


def _raise(error: OSError) -> None:
    raise error


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name[:10])
    except ValueError:
        return None


def _parquet(path: Path) -> Iterator[Entry]:
    number = 0
    with _open_parquet(path) as table:
        columns = [name for name in ("id", "text", "published") if name in table.schema_arrow.names]
        for batch in table.iter_batches(batch_size=ROWS, columns=columns):
            for row in batch.to_pylist():
                number += 1
                yield _entry(row, f"row {number}")


def _count_rows(path: Path) -> int:
    with _open_parquet(path) as table:
        return int(table.metadata.num_rows)


@contextmanager
def _open_parquet(path: Path) -> Iterator[Any]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise HarnessError(
            "reading Parquet needs pyarrow, which is not installed",
            file=path,
            remedy="pip install 'factharness[parquet]'",
        ) from error
    try:
        with ParquetFile(path) as table:
            yield table
    except ArrowException as error:
        raise _unreadable(path, error) from error


def _unreadable(path: object, reason: object) -> HarnessError:
    return HarnessError(f"cannot be read: {reason}", file=path, remedy="check the input")


_FILES: Mapping[str, tuple[Callable[[Path], Iterator[Entry]], Callable[[Path], int]]] = {
    ".jsonl": (_json_lines, _count_lines),
    ".parquet": (_parquet, _count_rows),
}
_SUFFIXES = " or ".join(_FILES)
