"""Writes a run directory completely or not at all: under a hidden name, and renamed when it is complete.

The hidden directory is beside the final one, and its process holds a lock on it. A hidden directory without a
lock was left by a process that was killed; the next run into the same folder removes it.

While a run is being replaced, a file beside it marks it as outdated, so that ``check`` does not take the old
run for the new one when the new one fails.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from factharness.errors import Inconclusive, OutputError
from factharness.files import umask, writing

PIECES = ("run.json", "scores.json", "gold.jsonl.gz", "backends")
"""What every run directory holds."""

MORE_PIECES = ("variants",)
"""What a run directory may hold besides."""

FIRST_PIECES = ("counts.jsonl", "matches.jsonl", "predictions")
"""What run directories of the first format hold in place of the last two."""

RENDERINGS = frozenset({".csv", ".html", ".json", ".md", ".sarif", ".tex", ".txt", ".xml"})
"""Suffixes of what is rendered from a run and may lie beside its pieces."""

REMEDY = "choose a folder with -o"

_UNFINISHED = ".unfinished-run"
_LONG = 200
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h


class _Head(Struct):
    """What every version of ``run.json`` has."""

    format: int
    id: str
    suite: str
    started: str


@contextmanager
def new_folder(place: Path, *, force: bool = False) -> Iterator[Path]:
    """A new directory to write into that becomes ``place`` when the block ends well, and nothing otherwise.

    ``force`` allows ``place`` to be a run, which stays as it is until then. Raises ``OutputError`` when the
    directory cannot be made or ``place`` is taken.
    """
    with writing(place, REMEDY):
        place = Path(os.path.realpath(place))  # replace the target of a symbolic link, not the link
        _refuse_taken(place, force=force)
        place.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(place.parent)
    with _unfinished(place) as folder:
        yield folder
        with writing(place, REMEDY):
            folder.chmod(0o777 & ~umask())
            if _taken(place):
                _refuse_taken(place, force=force)
                _exchange(folder, place)
            else:
                folder.rename(place)
            _mark(place).unlink(missing_ok=True)


def outdate(place: Path) -> None:
    """Mark the run at ``place``, if there is one, as outdated until a new one has replaced it.

    Raises ``OutputError`` when what is there was not written by a run.
    """
    with writing(place, REMEDY):
        place = Path(os.path.realpath(place))
        _refuse_taken(place, force=True)
        if _taken(place):
            _mark(place).write_text("the run that was to replace this one has not completed\n")


def refuse_outdated(place: Path) -> None:
    """Raise ``Inconclusive`` when the run at ``place`` was to be replaced, and that has not completed."""
    mark = _mark(Path(os.path.realpath(place)))
    if mark.exists():
        raise Inconclusive(
            "this is an earlier run: the one that was to replace it has not completed",
            file=place,
            remedy=f"run again, or remove {mark} to take this one",
        )


def _mark(place: Path) -> Path:
    name = place.name
    if len(os.fsencode(name)) > _LONG:
        # The hash keeps different names different after they are cut.
        name = f"{name[:60]}-{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}"
    return place.with_name(f".{name}.outdated")


def _taken(place: Path) -> bool:
    return place.exists() and (not place.is_dir() or any(place.iterdir()))


def _refuse_taken(place: Path, *, force: bool) -> None:
    if not _taken(place):
        return
    foreign = _foreign(place)
    if foreign is not None:
        raise OutputError(
            f"exists already, and {foreign}", file=place, remedy="name another folder with -o"
        )
    if not force:
        raise OutputError(
            "exists already",
            file=place,
            remedy="replace it with --force, name another folder with -o, "
            f"or take what it has into another one with `run --resume {place} -o OTHER`",
        )


def _foreign(place: Path) -> str | None:
    """Why a directory must not be replaced: no run wrote it, or it holds other files too. None: it may be."""
    try:
        msgspec.json.decode((place / "run.json").read_bytes(), type=_Head)
    except (OSError, msgspec.DecodeError, ValueError, RecursionError):
        return "no run wrote it"
    for path in sorted(place.iterdir()):
        if path.name not in (*PIECES, *MORE_PIECES, *FIRST_PIECES) and (
            path.is_dir() or path.suffix not in RENDERINGS
        ):
            return f"{path.name!r} in it is not of a run"
    return None


@contextmanager
def _unfinished(place: Path) -> Iterator[Path]:
    """A new directory beside ``place``, locked, and removed when the block ends."""
    with writing(place, REMEDY):
        while True:
            prefix = f".{place.name[:60]}-"
            made = tempfile.mkdtemp(prefix=prefix, suffix=_UNFINISHED, dir=place.parent)
            folder = Path(made)
            lock = _locked(folder, wait=True)
            if folder.exists():  # another run may have removed it before it was locked
                break
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _remove_abandoned(parent: Path) -> None:
    """Remove the unfinished directories of runs that have ended; none on a system without locks."""
    for folder in parent.glob(f".*{_UNFINISHED}"):
        lock = _locked(folder, wait=False)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked(folder: Path, *, wait: bool) -> int | None:
    """A descriptor that locks a directory until it is closed or its process ends; None when that fails."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:  # another process has the lock, or the file system has no locks
        os.close(descriptor)
        return None
    return descriptor


def _exchange(new: Path, old: Path) -> None:
    """Swap two directories: in one step where the system can, else in two, and back when the second fails."""
    if _exchanged(new, old):
        return
    aside = new.with_name(f"{new.name}.before")
    old.rename(aside)
    try:
        new.rename(old)
    except BaseException:
        aside.rename(old)
        raise
    with suppress(OSError):
        aside.rename(new)


def _exchanged(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        rename = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):  # an older C library
        return False
    one_, other_ = os.fsencode(one), os.fsencode(other)
    return bool(rename(_AT_FDCWD, one_, _AT_FDCWD, other_, _RENAME_EXCHANGE) == 0)
