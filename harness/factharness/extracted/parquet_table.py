"""Rows of facts in Parquet, typed: whole numbers, texts, and for the fragments of a quote a list of pairs."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec

from factharness.errors import HarnessError
from factharness.extracted.columns import COLUMNS, INTEGERS, FactRow, RowError
from factharness.facts import Span

ROWS = 65_536
"""Rows of a group, which are held at once when it is written."""

_READ = 4096
"""Rows that are held at once when a file is read."""


def need(path: object) -> None:
    """Raise ``HarnessError`` about the file ``path`` when pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise HarnessError(
            "Parquet needs pyarrow, which is not installed",
            file=path,
            remedy="pip install 'factharness[parquet]'",
        ) from error


def write(rows: Iterable[FactRow], file: IO[bytes]) -> None:
    """Write rows into an open file. The same rows give the same bytes."""
    from pyarrow import Table
    from pyarrow.parquet import ParquetWriter

    schema = _schema()
    left = iter(rows)
    with ParquetWriter(file, schema) as writer:
        while group := list(itertools.islice(left, ROWS)):
            values = {name: [_cell(getattr(row, name)) for row in group] for name in COLUMNS}
            writer.write_table(Table.from_pydict(values, schema=schema))


def read(file: IO[bytes]) -> Iterator[tuple[int, FactRow]]:
    """The rows of an open file, numbered from 1. Raises ``RowError``."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    number = 0
    try:
        with ParquetFile(file) as table:
            names = table.schema_arrow.names
            if names != list(COLUMNS):
                raise ValueError(f"the columns are {','.join(names)}, not {','.join(COLUMNS)}")
            for batch in table.iter_batches(batch_size=_READ):
                for held in batch.to_pylist():
                    number += 1
                    yield number, _row(held)
    except (ArrowException, ValueError, TypeError) as error:
        raise RowError(number, str(error)) from error


def _schema() -> Any:
    import pyarrow as pa

    span = pa.struct([("start", pa.int64()), ("end", pa.int64())])
    special = {"fragments": pa.list_(span), **dict.fromkeys(INTEGERS, pa.int64())}
    return pa.schema([(name, special.get(name, pa.string())) for name in COLUMNS])


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        return [{"start": span.start, "end": span.end} for span in value]
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else value


def _row(held: dict[str, Any]) -> FactRow:
    fragments, without = held["fragments"], held["without"]
    held["fragments"] = fragments and tuple(Span(**span) for span in fragments)
    held["without"] = without and msgspec.json.decode(without, type=dict[str, str])
    return FactRow(**held)
