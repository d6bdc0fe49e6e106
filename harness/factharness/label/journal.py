"""The journal of an article that is being labelled: every batch, on disk before the file is replaced.

A journal is a file of JSON lines in the user's state folder, never in the set. The line of a batch names the
hashes of the gold file before and after it, so that the next start knows whether the file has it; a line after
that says that the file was replaced. At most the last batch is missing from the file.

What the file cannot hold, such as which paragraphs were gone through, is read from the journal.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path

import msgspec
from msgspec import Struct

from factharness.errors import OutputError
from factharness.files import flush_folder, state_folder, write_bytes, writing
from factharness.label.operations import Operation
from factharness.label.wire import Refused

REMEDY = "make room, or check the permissions; nothing was written"
KEPT_DAYS = 90
"""How many days a journal is kept that nobody adds to and whose batches are all in the gold file."""

_BINARY = getattr(os, "O_BINARY", 0)
"""Has Windows write line ends as they are; 0 elsewhere."""


class JournalLine(Struct, frozen=True, omit_defaults=True):
    """A line of the journal.

    The line of a batch has the ``tab`` that sent it and its ``number`` in that tab; its operations; the hash of
    the gold file before it (``base``) and after it (``hash``); the hash of the article's ``text``; and
    ``refused`` when a conflict kept it out of the file. A line with ``written`` says that the file, which has
    this hash, was replaced after the batch before. A line with ``visited`` has the paragraphs that were gone
    through, in place of earlier lines that were removed.
    """

    tab: str = ""
    number: int = 0
    operations: tuple[Operation, ...] = ()
    base: str = ""
    hash: str = ""
    text: str = ""
    refused: bool = False
    written: str | None = None
    visited: tuple[int, ...] = ()


class Journal:
    """The open journal of one gold file, locked until it is closed."""

    def __init__(self, path: Path) -> None:
        """Open the journal of the gold file at ``path``. Raises ``Refused`` when another server has it."""
        self._place = journal_of(path)
        with writing(self._place, REMEDY):
            self._place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _locked(self._place.with_suffix(".lock"), path)
            self._file = _appending(self._place)
            flush_folder(self._place.parent)
        self._before = 0
        try:
            self.entries = list(self._read())
        except BaseException:
            self.release()
            raise

    def batch(self, entry: JournalLine) -> None:
        """Add a batch; it is on disk when the call returns.

        When writing fails, what was written of it is cut off.
        """
        self._before = self._file.seek(0, os.SEEK_END)
        try:
            self._append(entry)
            os.fsync(self._file.fileno())
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(self._before)
            raise OutputError(
                f"cannot be written: {error.strerror}", file=self._place, remedy=REMEDY
            ) from error
        self.entries.append(entry)

    def withdraw(self) -> None:
        """Remove the last batch, whose file could not be written."""
        self.entries.pop()
        self._file.truncate(self._before)

    def written(self, digest: str) -> None:
        """Record that the file was replaced.

        Without this line, the hash of the file shows it, until somebody changes the file.
        """
        entry = JournalLine(written=digest)
        with suppress(OSError):
            self._append(entry)
        self.entries.append(entry)

    def pending(self, digest: str) -> JournalLine | None:
        """The batch that the file, which has the hash ``digest`` now, may lack."""
        last = self.entries[-1] if self._is_open_ended() else None
        return None if last is None or last.hash == digest else last

    def visited(self, text: str) -> set[int]:
        """The paragraphs that were gone through of the text with this hash."""
        return _visited(self.entries, text)

    def close(self, text: str, *, finished: bool) -> None:
        """Close the journal, summed up in one line, or removed when the article is ``finished``.

        Batches that a conflict kept out of the file stay in it. It stays as it is when the file may lack the
        last batch.
        """
        if not self._is_open_ended():
            kept = [entry for entry in self.entries if entry.refused]
            visited = sorted(self.visited(text))
            if visited and not finished:
                kept.insert(0, JournalLine(text=text, visited=tuple(visited)))
            with suppress(OSError, OutputError):
                if kept:
                    self._rewrite(kept)
                else:
                    self._place.unlink(missing_ok=True)
        self.release()

    def _is_open_ended(self) -> bool:
        """Whether the last line is a batch, and none says that it was written."""
        last = self.entries[-1] if self.entries else None
        return last is not None and bool(last.operations) and not last.refused

    def release(self) -> None:
        """Close the journal as it is, so that another server may open it."""
        self._file.close()
        with suppress(OSError):
            self._place.with_suffix(".lock").unlink()
        self._lock.close()

    def _read(self) -> Iterator[JournalLine]:
        """The lines; one that was cut short when the program was killed is removed."""
        self._file.seek(0)
        end = 0
        decoder = msgspec.json.Decoder(JournalLine)
        for line in self._file.read().splitlines(keepends=True):
            try:
                entry = decoder.decode(line)
            except (msgspec.DecodeError, ValueError) as error:
                if line.endswith(b"\n"):
                    raise OutputError(
                        f"is not a journal: {error}",
                        file=self._place,
                        remedy="move it away: what it has is then not restored",
                    ) from None
                break
            if not line.endswith(b"\n"):
                break
            end += len(line)
            yield entry
        self._file.truncate(end)

    def _append(self, entry: JournalLine) -> None:
        data = memoryview(msgspec.json.encode(entry) + b"\n")
        while data:
            data = data[self._file.write(data) :]

    def _rewrite(self, entries: Sequence[JournalLine]) -> None:
        lines = b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
        write_bytes(self._place, lines)
        self._file.close()
        self._file = _appending(self._place)


def visited_before(path: Path, text: str) -> set[int]:
    """The paragraphs that were gone through of a gold file that no page has open, of the text with this hash.

    Empty where there is no journal, or none that can be read: opening the file says what is wrong with it.
    """
    try:
        lines = journal_of(path).read_bytes().splitlines(keepends=True)
        whole = [line for line in lines if line.endswith(b"\n")]
        return _visited([msgspec.json.decode(line, type=JournalLine) for line in whole], text)
    except (OSError, ValueError):
        return set()


def _visited(entries: Sequence[JournalLine], text: str) -> set[int]:
    of_text = [entry for entry in entries if entry.text == text and not entry.refused]
    found = {number for entry in of_text for number in entry.visited}
    for entry in of_text:
        found.update(
            operation.visit for operation in entry.operations if operation.visit is not None
        )
    return found


def journal_of(path: Path) -> Path:
    """Where the journal of the gold file at ``path`` is."""
    real = os.path.realpath(path)
    digest = hashlib.sha256(os.fsencode(real)).hexdigest()[:16]
    return journal_folder() / f"{digest}-{Path(real).stem[:60]}.jsonl"


def journal_folder() -> Path:
    """Where all journals of this user are."""
    return state_folder() / "label"


def prune() -> None:
    """Remove the journals that nobody has touched for long and whose batches are all in their files."""
    oldest = time.time() - KEPT_DAYS * 24 * 3600
    for place in journal_folder().glob("*.jsonl"):
        with suppress(OSError, msgspec.DecodeError, ValueError):
            lines = place.read_bytes().splitlines()
            entries = [msgspec.json.decode(line, type=JournalLine) for line in lines]
            if place.stat().st_mtime < oldest and not any(
                entry.refused or (entry.operations and entry is entries[-1]) for entry in entries
            ):
                place.unlink()


def _appending(place: Path) -> FileIO:
    """Open for reading anywhere and writing at the end; unbuffered, so that a kill loses nothing written."""
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND | _BINARY, 0o600)
    return FileIO(descriptor, "a+b")


def _locked(lock: Path, path: Path) -> FileIO:
    """The lock file of a journal, locked until it is closed or this process ends; on Windows not locked."""
    file = _appending(lock)
    if sys.platform == "win32":
        return file
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise Refused(
            409,
            f"{path.name} is open in another labelling page, of a server that was started before",
            "label it there, or end that server with Ctrl-C",
        ) from None
    with suppress(FileNotFoundError):
        if os.path.samestat(os.fstat(file.fileno()), lock.stat()):
            return file
    file.close()  # the server that held it has ended since it was opened here, and removed it
    return _locked(lock, path)
