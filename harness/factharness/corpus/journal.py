"""The output of an extraction: a file to which lines are added, and a journal that says how it was made.

``OUT`` has one line per article, in the order of the input, so the number of its lines says how far the
extraction is. ``OUT.journal`` gets a line each time the extraction begins or continues. A process that is
killed leaves at most one incomplete line, which is cut off when the extraction continues.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from factharness.errors import BackendError, HarnessError, OutputError
from factharness.facts import Fact, Prediction
from factharness.files import writing

FORMAT = 1

KEPT = "what is in it stays; mend the cause and run the same command again"
"""What to do when the output cannot be written."""

_BLOCK = 1 << 16


class OutputLine(Struct, frozen=True, omit_defaults=True):
    """A line of the output: an article's facts, or the error with which the back end failed."""

    id: str
    facts: tuple[Fact, ...] | None = None
    error: str | None = None


class Sitting(Struct, frozen=True):
    """A line of the journal: an extraction was begun or continued.

    It says when, and with which back end and input. ``at`` is how many articles the output had already.
    """

    started: str
    at: int
    input: str
    backend: str
    options: dict[str, Any]
    fingerprint: dict[str, str]
    shard: tuple[int, int] | None
    version: str
    format: int = FORMAT

    def differences(self, other: Sitting) -> list[str]:
        """Why the two cannot write into the same file."""
        mine, theirs = self._identity(), other._identity()
        return [
            f"{part} {mine.get(part)} against {theirs.get(part)}"
            for part in sorted(mine.keys() | theirs.keys())
            if mine.get(part) != theirs.get(part)
        ]

    def _identity(self) -> dict[str, object]:
        return {
            "format": self.format,
            "back end": self.backend,
            "shard": self.shard,
            **{f"option {name}": value for name, value in self.options.items()},
            **self.fingerprint,
        }


class Ledger:
    """An open output. Read all ``lines`` that it has already, then ``append``."""

    def __init__(self, place: Path, file: FileIO) -> None:
        self._place, self._file = place, file

    def lines(self) -> Iterator[OutputLine]:
        """The lines that the output has already. Raises ``HarnessError`` at one that no extraction wrote."""
        decoder = msgspec.json.Decoder(OutputLine)
        with self._place.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield decoder.decode(line)
                except (msgspec.DecodeError, ValueError) as error:
                    raise HarnessError(
                        f"is not what an extraction writes: {error}",
                        file=self._place,
                        line=number,
                        remedy=_again(self._place),
                    ) from error

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Remove the lines of the block when the back end did not yield one outcome per article."""
        end = self._file.seek(0, os.SEEK_END)
        try:
            yield
        except BackendError:
            with writing(self._place, KEPT):
                self._file.truncate(end)
            raise

    def append(self, prediction: Prediction) -> None:
        """Add an article; the operating system has it when the call returns."""
        line = OutputLine(prediction.article_id, prediction.facts, prediction.error)
        with writing(self._place, KEPT):
            _write(self._file, line)


@contextmanager
def opened(place: Path, sitting: Sitting) -> Iterator[Ledger]:
    """Open the output at ``place``, new or to be continued, and lock it until the block ends.

    Raises ``OutputError`` when it cannot be written, when another extraction is writing it, when it was begun
    with another back end or shard than ``sitting``, and when no extraction wrote it.
    """
    with ExitStack() as files:
        with writing(place, KEPT):
            if place.exists() and not place.is_file():
                raise OutputError(
                    "is no file", file=place, remedy="name one: an extraction goes on from its end"
                )
            place.parent.mkdir(parents=True, exist_ok=True)
            journal = files.enter_context(_appending(_journal(place)))
            _lock(journal, place)
            _check(journal, place, sitting)
            file = files.enter_context(_appending(place))
            _write(journal, msgspec.structs.replace(sitting, at=_whole_lines(file)))
            os.fsync(journal.fileno())
        yield Ledger(place, file)
        with writing(place, KEPT):
            os.fsync(file.fileno())


def _journal(place: Path) -> Path:
    return place.with_name(f"{place.name}.journal")


def _check(journal: FileIO, place: Path, sitting: Sitting) -> None:
    """Raise when the output was begun by another back end, on another shard, or not by an extraction."""
    _whole_lines(journal)
    journal.seek(0)
    first = journal.readline()
    if not first:
        if place.exists() and place.stat().st_size:
            raise OutputError(
                "exists already, and no extraction wrote it", file=place, remedy="name another file"
            )
        return
    try:
        begun = msgspec.json.decode(first, type=Sitting)
    except (msgspec.DecodeError, ValueError) as error:
        raise OutputError(
            f"is not a journal: {error}", file=_journal(place), remedy=_again(place)
        ) from error
    differences = begun.differences(sitting)
    if differences:
        raise OutputError(
            f"was begun otherwise: {'; '.join(differences)}", file=place, remedy=_again(place)
        )


def _appending(path: Path) -> FileIO:
    """Open for reading anywhere and writing at the end. Unbuffered: no written data is left in this process."""
    return open(path, "a+b", buffering=0)


def _whole_lines(file: FileIO) -> int:
    """Cut off an incomplete last line. Returns the number of lines that are left."""
    file.seek(0)
    lines = end = size = 0
    while block := file.read(_BLOCK):
        lines += block.count(b"\n")
        if b"\n" in block:
            end = size + block.rindex(b"\n") + 1
        size += len(block)
    if end < size:
        file.truncate(end)
    return lines


def _write(file: FileIO, value: object) -> None:
    """One JSON value and a line end, in as many writes as it takes."""
    data = memoryview(msgspec.json.encode(value) + b"\n")
    while data:
        data = data[file.write(data) :]


def _lock(journal: FileIO, place: Path) -> None:
    """Lock the journal until it is closed or this process ends; on Windows, do nothing.

    Raises ``OutputError`` when another extraction holds the lock.
    """
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise OutputError(
            "another extraction is writing it",
            file=place,
            remedy="wait for it, or name another file",
        ) from error


def _again(place: Path) -> str:
    return f"name another file, or remove it and {_journal(place).name} to begin again"
