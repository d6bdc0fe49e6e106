"""The prediction cache: stored predictions, each under a key that :func:`key` makes.

The key is a hash of the article and of the back end's :func:`factharness.backends.registry.identity`. The cache
is one SQLite file that several processes can use at once (write-ahead log). When the file is read-only, a run
warns once and only reads it; after any other error it warns once and goes on without the cache. Failures of a
back end are not stored, so that an article that failed is tried again.
"""

from __future__ import annotations

import hashlib
import math
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

import msgspec

from factharness.errors import HarnessError, OutputError
from factharness.facts import Article, Prediction
from factharness.files import cache_folder

SCHEMA = """
CREATE TABLE IF NOT EXISTS predictions (
    key BLOB PRIMARY KEY, prediction BLOB NOT NULL, seconds REAL NOT NULL
) WITHOUT ROWID
"""

FLUSH = 32
FLUSH_SECONDS = 1.0
"""Predictions are committed when there are this many, or after so many seconds; a killed run loses no more."""

PATIENCE = 30.0
"""Seconds to wait for another process that is writing."""

CLEAR = "clear it with `factharness cache clear`"

_COUNT = "SELECT count(key) FROM predictions"
_LOOKUP = 500


def default_path() -> Path:
    """The path of the user's cache: ``predictions.sqlite`` in :func:`factharness.files.cache_folder`."""
    return cache_folder() / "predictions.sqlite"


def key(article: Article, fingerprint: Mapping[str, str]) -> bytes:
    """The cache key of a prediction, 16 bytes: a hash of the whole article and of ``fingerprint``.

    ``fingerprint`` is the result of :func:`factharness.backends.registry.identity`. Whatever else must make a
    stored prediction unusable is added there.
    """
    encoded = msgspec.json.encode((article, dict(fingerprint)), order="deterministic")
    return hashlib.blake2b(encoded, digest_size=16).digest()


def _decoded(encoded: bytes) -> Prediction | None:
    """The prediction in a row; None when the row cannot be read as a prediction."""
    try:
        return msgspec.json.decode(encoded, type=Prediction)
    except (msgspec.DecodeError, ValueError, TypeError, RecursionError):
        return None


class Cache:
    """Stored predictions; a context manager. Calls ``warn`` once when the cache cannot be used."""

    def __init__(self, path: Path | None, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._pending: list[tuple[bytes, bytes, float]] = []
        self._db: sqlite3.Connection | None = None
        self._writable = True
        self._flushed = time.monotonic()
        self._path = path
        self._trouble: Exception | None = None
        if path is not None:
            self._open(path)

    def _open(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
            self._db.execute("SELECT count(*) FROM sqlite_master")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(SCHEMA)
        except (OSError, sqlite3.OperationalError) as error:
            self._readonly(error)
        except sqlite3.Error as error:
            self._give_up(error)

    @property
    def usable(self) -> bool:
        """Whether predictions can be read from it."""
        return self._db is not None

    def get(self, keys: Iterable[bytes]) -> dict[bytes, tuple[Prediction, float]]:
        """Key to (prediction, seconds it took), for those of ``keys`` that are stored.

        A row that cannot be read as a prediction is ignored.
        """
        wanted = list(keys)
        found: dict[bytes, tuple[Prediction, float]] = {}
        try:
            for start in range(0, len(wanted), _LOOKUP):
                if self._db is None:
                    break
                some = wanted[start : start + _LOOKUP]
                marks = ",".join("?" * len(some))
                query = f"SELECT key, prediction, seconds FROM predictions WHERE key IN ({marks})"
                for name, encoded, seconds in self._db.execute(query, some):
                    prediction = _decoded(encoded)
                    if prediction and isinstance(seconds, float) and 0 <= seconds < math.inf:
                        found[name] = prediction, seconds
        except sqlite3.Error as error:
            self._give_up(error)
        return found

    def put(self, name: bytes, prediction: Prediction, seconds: float) -> None:
        """Store a prediction; an error is not stored."""
        if self._db is None or not self._writable or prediction.error is not None:
            return
        self._pending.append((name, msgspec.json.encode(prediction), seconds))
        if len(self._pending) >= FLUSH or time.monotonic() - self._flushed > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Commit what is pending."""
        pending, self._pending = self._pending, []
        self._flushed = time.monotonic()
        self._commit("INSERT OR REPLACE INTO predictions VALUES (?, ?, ?)", pending)

    def forget(self, names: Iterable[bytes]) -> None:
        """Drop those predictions, pending or committed."""
        dropped = set(names)
        self._pending = [row for row in self._pending if row[0] not in dropped]
        self._commit("DELETE FROM predictions WHERE key = ?", [(name,) for name in dropped])

    def _commit(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if self._db is None or not self._writable or not rows:
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(statement, rows)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._give_up(error)

    def size(self) -> tuple[int, int]:
        """Predictions kept, and the bytes of the file. Raises ``HarnessError`` when the cache is broken."""
        if self._path is None:
            return 0, 0
        try:
            if self._db is None:
                raise self._trouble or OSError("it is closed")
            (count,) = self._db.execute(_COUNT).fetchone()
            return count, self._path.stat().st_size
        except (sqlite3.Error, OSError) as error:
            raise HarnessError(
                f"the prediction cache is broken: {error}", file=self._path, remedy=CLEAR
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.flush()
        if self._db is not None:
            self._db.close()
            self._db = None

    def _readonly(self, error: Exception) -> None:
        """Open the file for reading when it cannot be written."""
        if self._db is not None:
            self._db.close()
            self._db = None
        try:
            if self._path is not None and self._path.is_file():
                self._db = sqlite3.connect(
                    f"{self._path.absolute().as_uri()}?immutable=1", uri=True
                )
                self._db.execute("SELECT count(*) FROM predictions")
                self._db.execute("PRAGMA query_only=ON")
        except (OSError, sqlite3.Error):
            self._db = None
        self._give_up(error, keep=self._db is not None)

    def _give_up(self, error: Exception, *, keep: bool = False) -> None:
        self._writable, self._trouble = False, error
        if not keep and self._db is not None:
            self._db.close()
            self._db = None
        what = "is only read" if keep else "is not used"
        self._warn(
            f"the prediction cache {self._path} {what} in this run: {error}; "
            f"{CLEAR}, or use --no-cache"
        )


def clear(path: Path) -> int | None:
    """Remove all predictions from the cache at ``path``; delete the file when it is broken.

    Returns how many there were, or None when it was broken. Raises ``OutputError`` when another process is
    writing into it, and when it cannot be removed.
    """
    try:
        if not os.path.lexists(path):
            return 0
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as db:
            (count,) = db.execute(_COUNT).fetchone()
            db.execute("DELETE FROM predictions")
            db.execute("VACUUM")
        return int(count)
    except sqlite3.Error as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise OutputError(
                "is in use by another process", file=path, remedy="clear it when that has ended"
            ) from error
    except OSError:  # the removal below fails for the same reason, and reports it
        pass
    try:
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
        for suffix in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot be removed: {error.strerror}", file=path, remedy="remove it by hand"
        ) from error
    return None
