"""Cuts an input into parts that can be read apart, without reading the articles, and reads a part.

JSON lines are cut at line ends, Parquet at its row groups, text and gold files are put together; a packed file
is one part. A part says where it is read, so that it can be sent to another machine that sees the same files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from factharness.corpus import json_lines, parquet_rows
from factharness.corpus.entries import Entry, unreadable
from factharness.corpus.sources import KINDS, PARQUET, Corpus, InputKind
from factharness.errors import HarnessError
from factharness.text import unmarked

LEAST = 1 << 20
"""The bytes of a part of a small input: seconds of work for rules, minutes for a model."""

MOST_PARTS = 10_000
"""Larger inputs have larger parts, so that a folder of parts stays one that can be listed."""

MOST_FILES = 1000
"""The most files in a part, however small they are, so that its description stays short."""


class SourceFile(Struct, frozen=True):
    """A file of the input: its path, how it is called in ids and messages, and its size in bytes."""

    path: str
    name: str
    size: int


class LinesPart(Struct, frozen=True, tag=True):
    """The lines of a file from byte ``start`` to byte ``end``, both at line ends."""

    file: SourceFile
    start: int
    end: int


class RowsPart(Struct, frozen=True, tag=True):
    """The row groups of a Parquet file from ``start`` to ``end``; before them are ``before`` rows."""

    file: SourceFile
    start: int
    end: int
    before: int


class FilesPart(Struct, frozen=True, tag=True):
    """Whole files, one after the other."""

    files: tuple[SourceFile, ...]


InputPart: TypeAlias = LinesPart | RowsPart | FilesPart


class Cut(Struct, frozen=True):
    """How an input is cut: the bytes of a part, and a digest of the names, sizes and change times of its files.

    The same input is cut in the same way again.
    """

    input: str
    part_size: int
    digest: str

    @staticmethod
    def of(corpus: Corpus, part_size: int | None) -> Cut:
        """The cut of an input as it is; without ``part_size``, parts that suit its size."""
        digest, total = hashlib.sha256(), 0
        for file in _files(corpus):
            changed = Path(file.path).stat().st_mtime_ns
            digest.update(
                f"{file.path}\0{file.size}\0{changed}\n".encode(errors="backslashreplace")
            )
            total += file.size
        size = part_size or max(LEAST, total // MOST_PARTS)
        return Cut(str(corpus.path), size, digest.hexdigest())


def _files(corpus: Corpus) -> Iterator[SourceFile]:
    try:
        for path in corpus.files():
            # As the workers see it, whose working directory may be another.
            size = path.stat().st_size
            yield SourceFile(str(path.absolute()), corpus.name_of(path), size)
    except OSError as error:
        raise unreadable(error.filename or corpus.path, error.strerror or error) from error


def parts(corpus: Corpus, size: int) -> Iterator[InputPart]:
    """The parts of an input, in order, of about ``size`` bytes each. Raises ``HarnessError``."""
    for file in _files(corpus) if corpus.kind.count is not None else ():
        if corpus.kind is PARQUET:
            yield from _row_parts(file, size)
        elif file.path.endswith(".gz"):
            yield FilesPart((file,))
        else:
            yield from _line_parts(file, size)
    if corpus.kind.count is None:
        yield from _file_parts(_files(corpus), size)


def _line_parts(file: SourceFile, size: int) -> Iterator[LinesPart]:
    start = 0
    with open(file.path, "rb") as stream:
        while start < file.size:
            stream.seek(start + size - 1)
            stream.readline()
            end = min(stream.tell(), file.size)
            yield LinesPart(file, start, end)
            start = end


def _row_parts(file: SourceFile, size: int) -> Iterator[RowsPart]:
    start = rows = held = before = 0
    with parquet_rows.opened(Path(file.path)) as table:
        groups = table.metadata.num_row_groups
        for number in range(groups):
            group = table.metadata.row_group(number)
            rows, held = rows + group.num_rows, held + group.total_byte_size
            if held >= size or number + 1 == groups:
                yield RowsPart(file, start, number + 1, before)
                start, before, rows, held = number + 1, before + rows, 0, 0


def _file_parts(files: Iterable[SourceFile], size: int) -> Iterator[FilesPart]:
    held: list[SourceFile] = []
    total = 0
    for file in files:
        held.append(file)
        total += file.size
        if total >= size or len(held) == MOST_FILES:
            yield FilesPart(tuple(held))
            held, total = [], 0
    if held:
        yield FilesPart(tuple(held))


def read(part: InputPart) -> Iterator[Entry]:
    """The entries of a part.

    A line that is no article is named by the place of the part and its number there, since the lines before the
    part are not counted: ``from byte 1048576 line 3``. Raises ``HarnessError`` when a file is not here, or not
    as it was cut.
    """
    for file in part.files if isinstance(part, FilesPart) else (part.file,):
        _check(file)
    try:
        if isinstance(part, FilesPart):
            for file in part.files:
                yield from _kind(file).read(Path(file.path), file.name)
        elif isinstance(part, RowsPart):
            groups = range(part.start, part.end)
            with parquet_rows.opened(Path(part.file.path)) as table:
                yield from parquet_rows.entries(table, part.file.name, groups, part.before + 1)
        else:
            at = f"{part.file.name} from byte {part.start}".lstrip()
            with _lines(part) as lines:
                yield from json_lines.entries(lines, at if part.start else part.file.name)
    except OSError as error:
        raise unreadable(error.filename or file.path, error.strerror or error) from error


def count(part: InputPart) -> int:
    """How many entries a part has, which takes no more than to read its bytes.

    Raises ``OSError`` or ``HarnessError`` when it cannot be read.
    """
    if isinstance(part, FilesPart):
        counts = (_kind(file).count for file in part.files)
        return sum(
            1 if one is None else one(Path(file.path))
            for one, file in zip(counts, part.files, strict=True)
        )
    if isinstance(part, RowsPart):
        with parquet_rows.opened(Path(part.file.path)) as table:
            groups = range(part.start, part.end)
            return sum(table.metadata.row_group(number).num_rows for number in groups)
    with _lines(part) as lines:
        return json_lines.count_of(lines)


@contextmanager
def _lines(part: LinesPart) -> Iterator[Iterable[bytes]]:
    with open(part.file.path, "rb") as stream:
        stream.seek(part.start)
        lines = _until(part.end, part.start, stream)
        yield lines if part.start else unmarked(lines)


def _until(end: int, at: int, lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        at += len(line)
        if at > end:
            return
        yield line


def _kind(file: SourceFile) -> InputKind:
    return next(kind for kind in KINDS if kind.has(file.path))


def _check(file: SourceFile) -> None:
    try:
        size = Path(file.path).stat().st_size
    except OSError as error:
        raise HarnessError(
            f"cannot be read: {error.strerror}",
            file=file.path,
            remedy="put the input where every worker sees it at this path",
        ) from error
    if size != file.size:
        raise HarnessError(
            f"has {size} bytes, and had {file.size} where it was cut",
            file=file.path,
            remedy="put the same input where every worker sees it at this path",
        )
