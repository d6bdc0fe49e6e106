"""Keeps predictions in a file while a run needs them: those of many articles would fill the memory."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, Self

import msgspec

from factharness.errors import OutputError
from factharness.facts import Prediction
from factharness.runs.record import PredictionRecord

IN_MEMORY = 4_000_000
"""Bytes that are held in memory before there is a file."""


class Records(Protocol):
    """The predictions of a back end on the articles of a gold set, in their order; those that it did not read
    have none. They can be read more than once."""

    def __iter__(self) -> Iterator[PredictionRecord]:
        """Read them from the beginning."""

    def __len__(self) -> int:
        """How many there are."""


class ReadAgain(Records):
    """Predictions that are read by calling ``read``; there are ``length``."""

    def __init__(self, length: int, read: Callable[[], Iterator[PredictionRecord]]) -> None:
        self._length, self._read = length, read

    def __iter__(self) -> Iterator[PredictionRecord]:
        return self._read()

    def __len__(self) -> int:
        return self._length


class InOrder:
    """Reads predictions beside the articles that they are of: articles are asked for in their order."""

    def __init__(self, records: Iterable[PredictionRecord]) -> None:
        self._records = iter(records)
        self._ahead = next(self._records, None)

    def of(self, article: str) -> PredictionRecord | None:
        """The prediction on the article with this id; None when the back end did not read it."""
        found = self._ahead
        if found is None or found.prediction.article_id != article:
            return None
        self._ahead = next(self._records, None)
        return found


class Spill:
    """A file for predictions in ``folder``, without a name where the system allows that; a context manager.

    It is gone when the block ends. Small runs need no file.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        place = None if folder is None else str(folder)
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=place)  # noqa: SIM115 - see `__exit__`
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, data: bytes) -> int:
        """Write ``data`` at the end, and return where it begins. Raises ``OutputError``."""
        start = self._end
        try:
            self._file.seek(start)
            self._file.write(data)
        except OSError as error:  # such as a full disk
            raise OutputError(
                f"predictions cannot be held in a file: {error.strerror}",
                file=self._folder,
                remedy="make room there, or choose a folder with -o",
            ) from error
        self._end += len(data)
        return start

    def read(self, start: int, length: int) -> bytes:
        """The bytes that begin at ``start``. Raises ``OSError``."""
        self._file.seek(start)
        return self._file.read(length)


class Predictions(Records):
    """Predictions in a file. Each article has a place, from 0 to ``articles`` - 1."""

    def __init__(self, spill: Spill, goldset: str, articles: int) -> None:
        self._spill, self._goldset = spill, goldset
        self._start = array("q", [-1]) * articles
        self._length = array("q", [0]) * articles
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(tuple[Prediction, float, bool]).decode

    def put(self, place: int, record: PredictionRecord) -> None:
        """Keep the record of the article at ``place``. Raises ``OutputError``."""
        data = self._encode((record.prediction, record.seconds, record.cached))
        self._start[place], self._length[place] = self._spill.append(data), len(data)

    def __len__(self) -> int:
        return len(self._start) - self._start.count(-1)

    def __iter__(self) -> Iterator[PredictionRecord]:
        for start, length in zip(self._start, self._length, strict=True):
            if start >= 0:
                yield PredictionRecord(
                    self._goldset, *self._decode(self._spill.read(start, length))
                )
