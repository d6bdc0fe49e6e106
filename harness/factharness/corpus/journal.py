"""The output of an extraction: a file to which lines are added, and a journal that says how it was made.

One line per article is added, in the order of the input, so the number of lines says how far the extraction is.
Of an output in JSON lines, they are added to ``OUT`` itself; of another form, to ``OUT.part.jsonl``, from
which ``OUT`` is made in one step when the last article was extracted. ``OUT.journal`` gets a line each time
the extraction begins or continues. A process that is killed leaves at most one incomplete line, which is cut
off when the extraction continues.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from factharness import __version__
from factharness.backends.recipe import AnyRecipe, Recipe, Runnable, identity_of
from factharness.errors import BackendError, HarnessError, OutputError
from factharness.extracted.article import ExtractedArticle
from factharness.extracted.forms import JSON_LINES, OutputForm, form_of
from factharness.extracted.reading import stored
from factharness.files import replacing, writing

FORMAT = 2

KEPT = "what is in it stays; mend the cause and run the same command again"
"""What to do when the output cannot be written."""

_BLOCK = 1 << 16


class Sitting(Struct, frozen=True):
    """A line of the journal: an extraction was begun or continued. A *sitting* lasts until the command ends.

    The line says when, and with which back end and input. ``at`` is how many articles the output had already.
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

    @classmethod
    def begun(
        cls,
        recipe: AnyRecipe,
        extractor: Runnable,
        source: Path,
        shard: tuple[int, int] | None = None,
    ) -> Sitting:
        """A sitting that begins now: ``extractor``, built by the recipe, reads ``source``."""
        return cls(
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            at=0,
            input=str(source),
            backend=recipe.use if isinstance(recipe, Recipe) else recipe.name,
            options=recipe.options if isinstance(recipe, Recipe) else {},
            fingerprint=identity_of(recipe, extractor),
            shard=shard,
            version=__version__,
        )

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


class Completion(Struct, frozen=True):
    """The last line of the journal: the input was read to its end, and had so many articles."""

    completed: int


class Ledger:
    """An open output. Read all ``lines`` that it has already, then ``append``."""

    def __init__(self, place: Path, file: FileIO) -> None:
        self._place, self._file = place, file

    def lines(self) -> Iterator[tuple[int, ExtractedArticle]]:
        """The lines that the output has already, numbered.

        Raises ``HarnessError`` at a line that no extraction wrote.
        """
        return decoded(self._place)

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

    def append(self, article: ExtractedArticle) -> None:
        """Add an article; the operating system has it when the call returns."""
        with writing(self._place, KEPT):
            _write(self._file, article)


class FinishedLedger:
    """The ledger of an output that was complete, and is not of JSON lines: nothing can be added to it."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def lines(self) -> Iterator[tuple[int, ExtractedArticle]]:
        """As :meth:`Ledger.lines`."""
        return decoded(self._place)

    def batch(self) -> AbstractContextManager[None]:
        """As :meth:`Ledger.batch`."""
        return nullcontext()

    def append(self, article: ExtractedArticle) -> None:
        """Raise ``OutputError``."""
        raise OutputError(
            f"is complete, and the input goes on with {article.id!r}",
            file=self._place,
            remedy="name another file; to one that ends with .jsonl more can be added",
        )


def history(place: Path) -> tuple[Sitting, int | None]:
    """How the output at ``place`` was begun, and how many articles it has, None when it is not complete.

    Raises ``HarnessError`` when there is no journal of it.
    """
    journal = _journal(place)
    try:
        lines = journal.read_bytes().splitlines()
        last: Sitting | Completion = (
            msgspec.json.decode(lines[-1], type=Completion)
            if b'"completed"' in lines[-1]
            else msgspec.json.decode(lines[-1], type=Sitting)
        )
        begun = msgspec.json.decode(lines[0], type=Sitting)
    except (OSError, IndexError, msgspec.DecodeError) as error:
        raise HarnessError(
            f"cannot be read as a journal: {error}",
            file=journal,
            remedy="name what `extract --shard K/N` wrote, with its journal beside it",
        ) from error
    return begun, last.completed if isinstance(last, Completion) else None


@contextmanager
def opened(
    place: Path, sitting: Sitting, *, resume: bool = False
) -> Iterator[Ledger | FinishedLedger]:
    """Open the output at ``place``, new or to be continued, and lock it until the block ends.

    When the block ends without an error, the output is complete. Raises ``OutputError`` when it cannot be
    written, when another extraction is writing it, when it was begun with another back end or shard than
    ``sitting``, when no extraction wrote it, and, with ``resume``, when there is none to continue.
    """
    form = form_of(place)
    lines = place if form is JSON_LINES else place.with_name(f"{place.name}.part.jsonl")
    with ExitStack() as files:
        with writing(place, KEPT):
            if place.exists() and not place.is_file():
                raise OutputError(
                    "is no file", file=place, remedy="name one: an extraction goes on from its end"
                )
            begun = [file for file in (place, lines) if file.exists()]
            if resume and not (begun and _journal(place).exists()):
                raise OutputError(
                    "there is no extraction to continue",
                    file=place,
                    remedy="check its name, or begin one without --resume",
                )
            place.parent.mkdir(parents=True, exist_ok=True)
            journal = files.enter_context(appending(_journal(place)))
            _lock(journal, place)
            _check(journal, place, lines, sitting)
            complete = place.exists() and not lines.exists()
            if not complete:
                file = files.enter_context(appending(lines))
                _write(journal, msgspec.structs.replace(sitting, at=whole_lines(file)))
                os.fsync(journal.fileno())
        if complete:
            yield FinishedLedger(place)
            return
        yield Ledger(lines, file)
        with writing(place, KEPT):
            os.fsync(file.fileno())
            _write(journal, Completion(whole_lines(file)))
            os.fsync(journal.fileno())
        if lines != place:
            _complete(place, lines, form)


def _complete(place: Path, lines: Path, form: OutputForm) -> None:
    """Make the output of its lines, in one step; the lines are removed when it is on the disk."""
    with replacing(place, place.with_name(f"{place.name}.part")) as file:
        form.write((article for _, article in decoded(lines)), file)
    lines.unlink()


def decoded(place: Path) -> Iterator[tuple[int, ExtractedArticle]]:
    """The articles in a file that an extraction wrote, numbered."""
    decoder = msgspec.json.Decoder(ExtractedArticle)
    for line in stored(place):
        try:
            yield line.number, decoder.decode(line.data)
        except (msgspec.DecodeError, ValueError) as error:
            raise HarnessError(
                f"is not what an extraction writes: {error}",
                file=place,
                line=line.number,
                remedy="name another file, or remove it and its .journal to begin again",
            ) from error


def _journal(place: Path) -> Path:
    return place.with_name(f"{place.name}.journal")


def _check(journal: FileIO, place: Path, lines: Path, sitting: Sitting) -> None:
    """Raise when the output was begun by another back end, on another shard, or not by an extraction."""
    whole_lines(journal)
    journal.seek(0)
    first = journal.readline()
    if not first:
        for file in (place, lines):
            if file.exists() and file.stat().st_size:
                raise OutputError(
                    "exists already, and no extraction wrote it",
                    file=file,
                    remedy="name another file",
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


def appending(path: Path) -> FileIO:
    """Open for reading anywhere and writing at the end. Unbuffered: no written data is left in this process."""
    return open(path, "a+b", buffering=0)


def whole_lines(file: FileIO) -> int:
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
