"""Rows of facts in CSV: UTF-8, with a header; no field is a formula for a spreadsheet.

An empty field is None. Texts are written by :func:`factharness.escape.csv_field`, which can be undone. The
fragments of a quote are written ``8:30;45:61``, the failed parts of a combination as a JSON object.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec

from factharness.escape import csv_field, csv_text
from factharness.extracted.columns import COLUMNS, INTEGERS, FactRow, RowError
from factharness.facts import Span
from factharness.text import unmarked

_TO_QUOTE = re.compile('[",\r\n]')

_LONGEST_FIELD = 2**31 - 1
"""A quote, or an error, may be longer than the 128 KB that Python's reader takes by default."""


def write(rows: Iterable[FactRow], file: IO[bytes]) -> None:
    """Write rows into an open file."""
    file.write(_line(COLUMNS))
    for row in rows:
        file.write(_line(_field(getattr(row, name)) for name in COLUMNS))


def read(file: IO[bytes]) -> Iterator[tuple[int, FactRow]]:
    """The rows of an open file, each with the number of its first line. Raises ``RowError``."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader((line.decode() for line in unmarked(file)), strict=True)
    line = 1
    try:
        header = next(reader, [])
        if header != list(COLUMNS):
            raise ValueError(f"the columns are {','.join(header)}, not {','.join(COLUMNS)}")
        line = reader.line_num + 1
        for fields in reader:
            if fields:
                yield line, _row(fields)
            line = reader.line_num + 1
    except (csv.Error, ValueError, TypeError, msgspec.DecodeError) as error:
        raise RowError(line, str(error)) from error


def _line(fields: Iterable[str]) -> bytes:
    """A line; Python's writer would leave a lone carriage return without quotation marks in some versions."""
    quoted = (
        '"' + field.replace('"', '""') + '"' if _TO_QUOTE.search(field) else field
        for field in fields
    )
    return (",".join(quoted) + "\n").encode()


def _field(value: Any) -> str:
    """A value of any column as text."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(f"{span.start}:{span.end}" for span in value)
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else csv_field(str(value))


def _row(fields: list[str]) -> FactRow:
    """A line as a row. Raises ``ValueError``, ``TypeError`` or ``msgspec.DecodeError``."""
    if len(fields) != len(COLUMNS):
        raise ValueError(f"{len(fields)} fields, not {len(COLUMNS)}")
    return FactRow(
        **{
            name: _value(name, field)
            for name, field in zip(COLUMNS, fields, strict=True)
            if field != ""
        }
    )


def _value(name: str, field: str) -> Any:
    if name in INTEGERS:
        return int(field)
    if name == "fragments":
        return tuple(Span(*map(int, span.split(":"))) for span in field.split(";"))
    if name == "without":
        return msgspec.json.decode(field, type=dict[str, str])
    return csv_text(field)
