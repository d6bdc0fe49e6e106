"""Articles in the rows of Parquet files: columns ``id``, ``text`` and, if there is one, ``published``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from factharness.corpus.entries import Entry, entry_of, place_of, unreadable
from factharness.errors import HarnessError

ROWS = 1024
"""Rows of a file that are held at once."""

_COLUMNS = ("id", "text", "published")


def read(file: Path, name: str = "") -> Iterator[Entry]:
    """The entries of a file. ``name`` stands before ``row 17`` in messages."""
    with opened(file) as table:
        yield from entries(table, name)


def entries(
    table: Any, name: str = "", groups: Iterable[int] | None = None, first: int = 1
) -> Iterator[Entry]:
    """The entries of an open file, or of some of its row groups; ``first`` is the number of the first row."""
    columns = [column for column in _COLUMNS if column in table.schema_arrow.names]
    chosen = None if groups is None else list(groups)
    number = first
    for batch in table.iter_batches(batch_size=ROWS, columns=columns, row_groups=chosen):
        for row in batch.to_pylist():
            yield entry_of(row, place_of(name, "row", number))
            number += 1


def count(file: Path) -> int:
    """How many rows a file has."""
    with opened(file) as table:
        return int(table.metadata.num_rows)


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    """The file as pyarrow's ``ParquetFile``. Raises ``HarnessError`` when it is none, or without pyarrow."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise HarnessError(
            "reading Parquet needs pyarrow, which is not installed",
            file=file,
            remedy="pip install 'factharness[parquet]'",
        ) from error
    try:
        with ParquetFile(file) as table:
            yield table
    except ArrowException as error:
        raise unreadable(file, error) from error
