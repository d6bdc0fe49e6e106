"""The lines of a baseline, which are packed: those of many articles would fill the memory."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import eq
from typing import TypeAlias

import msgspec
from msgspec import Struct

from factharness.facts import Kind

Key: TypeAlias = tuple[str, str, str, Kind]
"""The key of a line: gold set, back end, article, kind."""

Numbers: TypeAlias = tuple[int | float, int | float, int | float]
"""tp, fp, fn, written as they are read: a whole number stays one."""

FAST = 1
"""The level of the compression: of a line little is left at any level."""


class BaselineLine(Struct, frozen=True, forbid_unknown_fields=True):
    """The results of one back end for one kind of facts in one article."""

    goldset: str
    backend: str
    article: str
    kind: Kind
    gold: str
    """The digest of the article's gold."""
    counts: dict[str, dict[str, Numbers]]
    """Label to regime to (tp, fp, fn)."""
    found: tuple[str, ...]
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """The sort key; no two lines have the same."""
        return self.goldset, self.backend, self.article, self.kind


class Lines:
    """The lines of a baseline, in the order of their keys.

    They are made of ``lines``, in which those of one back end on one article stand together; each time that
    they are read, they are unpacked.
    """

    def __init__(self, lines: Iterable[BaselineLine] = ()) -> None:
        packed = {}
        self._length = 0
        for place, group in groupby(lines, key=lambda line: line.key[:3]):
            its = sorted(group, key=lambda line: line.kind)
            packed[place] = zlib.compress(msgspec.json.encode(its), FAST)
            self._length += len(its)
        self._packed = {place: packed[place] for place in sorted(packed)}

    @property
    def places(self) -> Collection[tuple[str, str, str]]:
        """The gold set, back end and article of the lines, each once."""
        return self._packed.keys()

    def __iter__(self) -> Iterator[BaselineLine]:
        for packed in self._packed.values():
            yield from _unpacked(packed)

    def __len__(self) -> int:
        return self._length

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Lines):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]

    def of(self, goldset: str, backend: str, article: str) -> dict[Kind, BaselineLine]:
        """By kind, the lines of one back end on one article."""
        packed = self._packed.get((goldset, backend, article))
        return {} if packed is None else {line.kind: line for line in _unpacked(packed)}


_decode = msgspec.json.Decoder(list[BaselineLine]).decode


def _unpacked(packed: bytes) -> list[BaselineLine]:
    return _decode(zlib.decompress(packed))
