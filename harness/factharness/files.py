"""Reads text files, with a clear error when that fails; writes files completely or not at all."""

from __future__ import annotations

import io
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from factharness.errors import GoldError, OutputError
from factharness.text import nfc, one_line_end

_BINARY = getattr(os, "O_BINARY", 0)  # only Windows has it

MAX_BYTES = 20_000_000
"""The largest file that is read, in bytes: much more than an article has, much less than fills the memory."""


def read_bytes(path: str | Path, *, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file. Raises :class:`GoldError` when it is missing, unreadable or over ``limit`` bytes."""
    try:
        with open(path, "rb", buffering=0) as stream:
            found = os.fstat(stream.fileno())
            if found.st_size > limit:
                raise GoldError(
                    f"the file has {found.st_size:,} bytes, more than the {limit:,} that are read",
                    file=path,
                    remedy="split it, or check that it is the file you meant",
                )
            if stat.S_ISREG(found.st_mode):
                return stream.readall()
            return io.BufferedReader(stream).read(limit + 1)  # a pipe or a device may have no end
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise GoldError(
            f"cannot be read: {reason}", file=path, remedy="check the path and its permissions"
        ) from None


def decode(raw: bytes, path: str | Path) -> str:
    """``raw``, which is UTF-8, as text in NFC with ``\\n`` line ends and no byte-order mark.

    Raises :class:`GoldError` for a binary file, and for bytes that are not UTF-8.
    """
    if b"\x00" in raw:
        raise GoldError("is a binary file, not text", file=path, remedy="name a UTF-8 text file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise GoldError(
            f"is not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}",
            file=path,
            line=line,
            remedy="save the file as UTF-8",
        ) from None
    return unify(text)


def unify(text: str) -> str:
    """``text`` in NFC, with ``\\n`` line ends and no byte-order mark."""
    return nfc(one_line_end(text).replace("\ufeff", ""))


def read_text(path: str | Path) -> str:
    """The text of a file, decoded by :func:`decode`."""
    return decode(read_bytes(path), path)


def listed(folder: Path, *suffixes: str) -> list[Path]:
    """The entries of a folder whose name ends in one of ``suffixes`` (without suffixes, all of them), by name.

    Names that begin with a dot are left out: editors and systems write files of their own with such names, like
    ``._a.gold`` and ``.#a.gold``. Raises :class:`GoldError` when the folder cannot be listed.
    """
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise GoldError(
            f"cannot be listed: {error.strerror}",
            file=folder,
            remedy="check the path and its permissions",
        ) from None
    return [
        folder / name
        for name in names
        if not name.startswith(".") and name.endswith(suffixes or "")
    ]


@contextmanager
def writing(
    path: str | Path, remedy: str = "check that the folder exists and may be written"
) -> Iterator[None]:
    """Turn an error of the file system in the block into an :class:`OutputError` about ``path``.

    A ``path`` with a NUL, which no system can have, is such an error. Whatever else the block raises passes
    unchanged: it is not about the file.
    """
    if "\0" in os.fspath(path):
        raise OutputError("cannot be written: embedded null character", file=path, remedy=remedy)
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot be written: {reason}", file=path, remedy=remedy) from error


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write ``data`` by :func:`replacing`."""
    with replacing(path) as stream:
        stream.write(data)


@contextmanager
def replacing(path: str | Path, temporary: str | Path | None = None) -> Iterator[IO[bytes]]:
    """A file to write into, beside ``path`` under a temporary name.

    It takes the place of ``path`` when the block ends, and is removed when the block fails. It is flushed to
    disk, renamed, and the folder is flushed: after the block, the new content stays even if the power fails. A
    file that is replaced keeps its permissions; a symbolic link stays a link. A device or a pipe, such as
    ``/dev/stdout``, cannot be replaced, so the data is written into it. Raises :class:`OutputError`.

    A caller that holds a lock on ``path`` may name the ``temporary`` file itself: what a killed process left
    there is then overwritten.
    """
    with writing(path):
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as stream:
                yield stream
            return
        target = Path(os.path.realpath(path))
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~umask()
        if temporary is None:
            opened, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:60]}.")
        else:
            opened = os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | _BINARY, 0o600)
        try:
            with open(opened, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, mode)
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
        flush_folder(target.parent)


def flush_folder(folder: str | Path) -> None:
    """Flush the names of a folder's files to disk; nothing where the system or the permissions forbid it."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_folder(path: str | Path) -> None:
    """Make a folder and its parents where they are missing. Raises :class:`OutputError`."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot be made: {error.strerror}", file=path, remedy="name another folder"
        ) from None


def write_text(path: str | Path, text: str) -> None:
    """:func:`write_bytes` of ``text`` in UTF-8."""
    write_bytes(path, text.encode("utf-8"))


def umask() -> int:
    """The permissions that new files of this process do not get. Python can read them only by setting them."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def cache_folder() -> Path:
    """The folder for this user's caches: ``$XDG_CACHE_HOME/factharness`` or ``~/.cache/factharness`` on Linux,
    the usual place for caches on other systems.

    For a user without a home, as in some containers, it is in the folder for temporary files.
    """
    return _user_folder("user_cache_path")


def state_folder() -> Path:
    """The folder for what a program has to remember of this user's work: ``$XDG_STATE_HOME/factharness`` or
    ``~/.local/state/factharness`` on Linux; without a home as :func:`cache_folder`."""
    return _user_folder("user_state_path")


def config_folder() -> Path:
    """The folder for this user's settings: ``$XDG_CONFIG_HOME/factharness`` or ``~/.config/factharness`` on
    Linux; without a home as :func:`cache_folder`."""
    return _user_folder("user_config_path")


def _user_folder(function: str) -> Path:
    """The folder that a function of platformdirs gives for factharness."""
    import platformdirs

    try:
        folder: Path = getattr(platformdirs, function)("factharness", appauthor=False)
    except RuntimeError:  # no home; older versions leave a ~ in the path instead
        folder = Path()
    return folder if folder.is_absolute() else Path(tempfile.gettempdir()) / "factharness"
