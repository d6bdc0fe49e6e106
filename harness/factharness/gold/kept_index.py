"""The index of the articles of a gold set that are kept (:mod:`factharness.gold.store`), and their entries.

A set that is in use holds an entry of each of its articles. What many of them have in common (language, tags,
``meta``) stands in the index once, and is one object in the entries of all.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec
from msgspec import Raw, Struct

from factharness.gold.articles import ArticleEntry, place_of

T = TypeVar("T")

_ARRAY = struct.Struct(">BI")
"""In MessagePack, what comes before the members of an array: 0xDD, and how many they are."""


class FileHashes(Struct, frozen=True, array_like=True):
    """What an article was read from.

    ``file`` is a hash of the name and the bytes of its file. Of a withheld article, ``name`` is the SHA-256 in
    its header, under which its text is attached, and ``text`` a hash of the attached bytes.
    """

    file: bytes
    name: str = ""
    text: bytes = b""

    @property
    def content(self) -> bytes:
        """What tells these bytes from others, as in :class:`~factharness.gold.articles.ArticleEntry`."""
        return self.file + self.text


class KeptRow(Struct, frozen=True, array_like=True, gc=False):
    """An article in the file: its source, where its own bytes are, and its entry. ``meta`` and ``common`` are
    places in :attr:`Index.metas` and :attr:`Index.commons`."""

    source: FileHashes
    kept: bytes
    id: str
    withheld: bool
    unconfirmed: bool
    characters: int
    digest: str
    meta: int
    common: int


class _Common(Struct, frozen=True, array_like=True):
    """What articles have in common beside ``meta``."""

    lang: str
    prelabel: str
    phenomena: tuple[str, ...]


class Index(Struct, frozen=True, array_like=True):
    """The articles of a file. ``digest`` is that of the set, empty unless the set has these articles alone."""

    code: bytes = b""
    digest: str = ""
    metas: Sequence[dict[str, str]] = ()
    commons: Sequence[_Common] = ()
    rows: Sequence[KeptRow] = ()

    def entry(self, row: KeptRow, path: str) -> ArticleEntry:
        """The entry of one of the rows, for its file at ``path``."""
        common = self.commons[row.common]
        return ArticleEntry(
            row.id,
            place_of(path, row.id),
            common.lang,
            self.metas[row.meta],
            common.prelabel,
            row.withheld,
            common.phenomena,
            row.unconfirmed,
            row.characters,
            row.digest,
            row.source.content,
            row.kept,
        )


class _Pool(Generic[T]):
    """Values by number, equal ones under one number."""

    def __init__(self) -> None:
        self.values: list[T] = []
        self._numbers: dict[bytes, int] = {}

    def number(self, value: T) -> int:
        number = self._numbers.setdefault(msgspec.msgpack.encode(value), len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


class GrowingIndex:
    """An index that is given the articles one by one. Their rows are in memory as they are written."""

    def __init__(self) -> None:
        self._metas: _Pool[dict[str, str]] = _Pool()
        self._commons: _Pool[_Common] = _Pool()
        self._rows = bytearray()
        self._size = 0
        self._encode = msgspec.msgpack.Encoder().encode
        self._index = Index(metas=self._metas.values, commons=self._commons.values)

    def __len__(self) -> int:
        """How many articles it was given."""
        return self._size

    def add(self, source: FileHashes, entry: ArticleEntry, kept: bytes) -> ArticleEntry:
        """Take in an article that is kept at the place ``kept``, and return its entry with that place, and
        with the first of equal values that articles have in common."""
        row = KeptRow(
            source,
            kept,
            entry.id,
            entry.withheld,
            entry.unconfirmed,
            entry.characters,
            entry.digest,
            self._metas.number(entry.meta),
            self._commons.number(_Common(entry.lang, entry.prelabel, entry.phenomena)),
        )
        self._rows += self._encode(row)
        self._size += 1
        return self._index.entry(row, entry.path)

    def encoded(self, code: bytes, digest: str) -> bytes:
        """An :class:`Index` of the articles so far, in MessagePack."""
        rows = Raw(_ARRAY.pack(0xDD, self._size) + self._rows)
        return self._encode((code, digest, self._metas.values, self._commons.values, rows))
