"""The output of an extraction on a cluster: a folder of parts, each with a marker once it is complete.

A part and its marker are published together, under a lock, by whoever is first: a second attempt at the part
leaves them as they are. Whatever is killed leaves only files whose names begin with a dot.

A command that ends with parts missing leaves a file that says so, under the same lock: an attempt that still
runs, or begins after that, publishes nothing. A command that is killed cannot leave it; the attempts that are
under way then go on, and the next command finds their parts.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from factharness.corpus.cut import Cut
from factharness.corpus.journal import KEPT, Sitting, decoded
from factharness.errors import OutputError
from factharness.extracted.forms import form_of
from factharness.extracted.reading import marker
from factharness.files import make_folder, write_bytes, writing

ABOUT = "extraction.json"
ENDED = ".ended"
"""Stands in the folder from the end of an extraction until the next one into it begins."""

_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""What file systems without locks answer."""


class PartReport(Struct, frozen=True):
    """What is in a part: its numbers, the first articles that failed, its size in bytes and its digest.

    ``without`` counts, by part of a combination, the articles on which it failed. ``ids`` has the digest of
    each article's id, in order: no process sees all ids, but one can compare these.
    """

    number: int
    articles: int
    errors: int
    facts: int
    failed: tuple[tuple[str, str], ...]
    without: dict[str, int]
    ids: bytes
    size: int = 0
    sha256: str = ""


class About(Struct, frozen=True):
    """What an extraction into a folder is: the back end, and how the input was cut."""

    sitting: Sitting
    cut: Cut


def part_file(folder: Path, number: int) -> Path:
    """The file of a part, with the ending of the folder's name."""
    return folder / f"part-{number:05}{form_of(folder).ending}"


def complete(folder: Path, number: int) -> PartReport | None:
    """The report of a part that is complete; None when it is not, or its file has another size."""
    file = part_file(folder, number)
    try:
        report = msgspec.json.decode(marker(file).read_bytes(), type=PartReport)
        return report if file.stat().st_size == report.size else None
    except (OSError, msgspec.DecodeError):
        return None


def publish(folder: Path, lines: Path, report: PartReport) -> PartReport:
    """Make the part of the JSON lines in the file ``lines``, which is removed. Returns the report of the part
    that is there, which may be that of another attempt. Raises ``OutputError``, also when the extraction has
    ended."""
    file, made = part_file(folder, report.number), lines.with_suffix(".made")
    with writing(folder, KEPT):
        with made.open("wb") as stream:
            form_of(folder).write((article for _, article in decoded(lines)), stream)
            stream.flush()
            os.fsync(stream.fileno())
        with made.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        whole = msgspec.structs.replace(report, size=made.stat().st_size, sha256=digest)
        try:
            with locked(folder / ".publishing", wait=True):
                check_goes_on(folder)
                there = complete(folder, report.number)
                if there is None:
                    os.replace(made, file)
                    write_bytes(marker(file), msgspec.json.encode(whole))
            lines.unlink()
        finally:
            made.unlink(missing_ok=True)
    return there or whole


def check_goes_on(folder: Path) -> None:
    """Raise ``OutputError`` when the extraction into a folder has ended, with parts missing or not."""
    if (folder / ENDED).exists():
        raise OutputError("the extraction has ended", file=folder, remedy="run it again to go on")


@contextmanager
def opened(folder: Path, about: About, *, resume: bool = False) -> Iterator[None]:
    """Open a folder of parts, new or to be continued, and lock it against other commands until the block ends.

    After that no attempt publishes a part. When the block ends without an error, what abandoned attempts have
    left is removed. Raises ``OutputError``.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(
            "is a file; an extraction on a cluster writes a folder of parts",
            file=folder,
            remedy="name another",
        )
    stored = begun(folder)
    if stored is None and folder.is_dir() and any(folder.iterdir()):
        raise OutputError(
            "exists already, and no extraction wrote it", file=folder, remedy="name another folder"
        )
    if resume and stored is None:
        raise OutputError(
            "there is no extraction to continue",
            file=folder,
            remedy="check its name, or begin one without --resume",
        )
    if stored is not None:
        differences = stored.sitting.differences(about.sitting)
        differences += [] if stored.cut == about.cut else ["the input, or the size of its parts"]
        if differences:
            raise OutputError(
                f"was begun otherwise: {'; '.join(differences)}",
                file=folder,
                remedy="go on with the same, or name another folder",
            )
    make_folder(folder)
    if stored is None:
        write_bytes(folder / ABOUT, msgspec.json.format(msgspec.json.encode(about)))
    with locked(folder / ".extracting", wait=False):
        (folder / ENDED).unlink(missing_ok=True)
        try:
            yield
        finally:
            # On a disk that is full it cannot be said; no part fits there either.
            with suppress(OSError), locked(folder / ".publishing", wait=True):
                (folder / ENDED).touch()
        for left in folder.glob(".part-*"):
            left.unlink(missing_ok=True)


def begun(folder: Path) -> About | None:
    """What was begun in a folder; None when nothing was. Raises ``OutputError``."""
    file = folder / ABOUT
    if not file.exists():
        return None
    try:
        return msgspec.json.decode(file.read_bytes(), type=About)
    except (OSError, msgspec.DecodeError) as error:
        raise OutputError(
            f"is not what an extraction wrote: {error}", file=file, remedy="name another folder"
        ) from error


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold a lock until the block or this process ends; none on Windows, or where the file system has none.

    Without ``wait``, raises ``OutputError`` when another process holds it.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise OutputError(
                "another extraction is writing it",
                file=path.parent,
                remedy="wait for it, or name another folder",
            ) from error
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        yield
