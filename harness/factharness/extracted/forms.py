"""The forms in which an extraction is written, by the ending of the file's name: JSON lines, CSV, Parquet."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import Struct

from factharness.errors import OutputError
from factharness.extracted import columns, csv_table, parquet_table
from factharness.extracted.article import ExtractedArticle
from factharness.text import unmarked

Numbered = Iterator[tuple[int, bytes]]
"""JSON lines of articles, each with the number of the line, or of the first row, where it stands."""


class OutputForm(Struct, frozen=True):
    """A form of output.

    ``write`` writes articles into an open file, one after the other. ``read`` yields them again from an open
    file, as JSON lines with their numbers; it raises ``RowError`` at what is not of this form. ``need`` raises
    ``HarnessError`` when a library is missing.
    """

    ending: str
    write: Callable[[Iterable[ExtractedArticle], IO[bytes]], None]
    read: Callable[[IO[bytes]], Numbered]
    need: Callable[[Path], None] = lambda _: None


def _write_lines(articles: Iterable[ExtractedArticle], file: IO[bytes]) -> None:
    for article in articles:
        file.write(msgspec.json.encode(article) + b"\n")


def _read_lines(file: IO[bytes]) -> Numbered:
    return enumerate(unmarked(file), 1)


def _write_packed(articles: Iterable[ExtractedArticle], file: IO[bytes]) -> None:
    # Without name and time, so that the same articles give the same bytes.
    with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        _write_lines(articles, packed)  # type: ignore[arg-type]


def _read_packed(file: IO[bytes]) -> Numbered:
    with gzip.GzipFile(fileobj=file) as lines:
        yield from _read_lines(lines)  # type: ignore[arg-type]


def _table(ending: str, table: Any, need: Callable[[Path], None] = lambda _: None) -> OutputForm:
    def write(articles: Iterable[ExtractedArticle], file: IO[bytes]) -> None:
        table.write(columns.rows(articles), file)

    def read(file: IO[bytes]) -> Numbered:
        for number, article in columns.articles(table.read(file)):
            yield number, msgspec.json.encode(article)

    return OutputForm(ending, write, read, need)


JSON_LINES = OutputForm(".jsonl", _write_lines, _read_lines)
FORMS = (
    JSON_LINES,
    OutputForm(".jsonl.gz", _write_packed, _read_packed),
    _table(".csv", csv_table),
    _table(".parquet", parquet_table, parquet_table.need),
)


def form_of(path: Path) -> OutputForm:
    """The form that the ending of a file's name stands for. Raises ``OutputError`` for another ending, and
    ``HarnessError`` when the form needs a library that is not installed."""
    for form in FORMS:
        if path.name.endswith(form.ending):
            form.need(path)
            return form
    known = ", ".join(form.ending for form in FORMS)
    raise OutputError(
        f"unknown kind of output {path.suffix or path.name!r}",
        file=path,
        remedy=f"end its name with one of {known}",
    )
