"""Keeps results that were computed, so that they are not computed again from the same input.

A value is found by all that it was worked out from, and by the code that did it. There is one file per value in
:func:`kept_folder`; what cannot be read, or is not what was written, counts as not kept, and what cannot be
written is not kept. Neither is an error, since the value can be worked out again. Several processes can read
and write at once, since a file is put in its place in one step.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from factharness.errors import OutputError
from factharness.files import cache_folder

LIMIT = 200_000_000
"""The bytes that all values together may take; those that were not used for the longest time go first."""

MANY = 500
"""The results on more articles than this take much room, and are seldom asked for twice."""

SUFFIX = ".value"
_CHECK = 16  # the bytes of the hash before a value

T = TypeVar("T")


class Kept:
    """The values in a folder; None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def of_few(self, articles: int) -> Kept:
        """This object; for results on more than :data:`MANY` articles, one that keeps nothing."""
        return self if articles <= MANY else NOTHING

    def of(self, what: str, given: Callable[[], object], kind: type[T], work: Callable[[], T]) -> T:
        """The result of ``work``, of the type ``kind``: the kept one if it was computed from the same input.

        ``what`` names the work. ``given`` returns its input: all that the result depends on, except the code of
        factharness and of the packages it needs. The input is made of values that msgspec can encode, without
        sets, since sets have no order.
        """
        if self._folder is None:
            return work()
        path = self._path(self._folder, what, given())
        try:
            stored = path.read_bytes()
            if stored[:_CHECK] == _hash(stored[_CHECK:]):
                value = msgspec.msgpack.decode(stored[_CHECK:], type=kind)
                os.utime(path)
                return value
        except (OSError, ValueError, msgspec.MsgspecError):
            pass
        value = work()
        with suppress(OSError):
            _write(path, msgspec.msgpack.encode(value))
        return value

    @staticmethod
    def _path(folder: Path, what: str, given: object) -> Path:
        name = hashlib.blake2b(code() + f"{what}\0".encode(), digest_size=16)
        name.update(msgspec.msgpack.encode(given))
        return folder / f"{name.hexdigest()}{SUFFIX}"


NOTHING = Kept(None)


def kept_folder() -> Path:
    """Where values are kept: ``results`` in :func:`factharness.files.cache_folder`."""
    return cache_folder() / "results"


def size() -> tuple[int, int]:
    """How many values are kept, and their bytes."""
    files = _files(kept_folder())
    return len(files), sum(status.st_size for _, status in files)


def clear() -> int:
    """Remove all values, and return how many there were. Raises ``OutputError``."""
    files = _files(kept_folder())
    for path, _ in files:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"cannot be removed: {error.strerror}", file=path, remedy="remove it by hand"
            ) from error
    return len(files)


@cache
def code() -> bytes:
    """A hash of the code that computes values: Python, the packages that factharness needs, its own modules.

    In a frozen program, which has no sources, the modules are not in it.
    """
    from importlib import metadata

    found = hashlib.blake2b(sys.version.encode(), digest_size=16)
    for package in ("msgspec", "numpy", "holidays", "babel"):
        with suppress(metadata.PackageNotFoundError):
            found.update(f"{package} {metadata.version(package)}\0".encode())
    here = Path(__file__).parent
    for path in sorted(here.rglob("*.py")):
        found.update(os.fsencode(path.relative_to(here)) + b"\0" + _hash(path.read_bytes()))
    return found.digest()


def _write(path: Path, value: bytes) -> None:
    """Put a file in its place. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    opened, temporary = tempfile.mkstemp(dir=path.parent, suffix=SUFFIX)
    try:
        with open(opened, "wb") as stream:
            stream.write(_hash(value) + value)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    _evict(path)


def _files(folder: Path) -> list[tuple[Path, os.stat_result]]:
    """The files in a folder, those that a killed process left included, the last used first."""
    found = []
    with suppress(OSError):
        for path in folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                found.append((path, path.stat()))
    return sorted(found, key=lambda each: each[1].st_mtime, reverse=True)


def _evict(own: Path) -> None:
    """Remove the values that are over the limit, but never ``own``, which was just written."""
    room = LIMIT
    for path, status in sorted(_files(own.parent), key=lambda each: each[0] != own):
        room -= status.st_size
        if room < 0 and path != own:
            with suppress(OSError):
                path.unlink()


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_CHECK).digest()
