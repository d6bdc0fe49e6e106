"""Keeps the articles of a gold set as they were read, so that files that have not changed are not parsed again.

There is one file per folder of gold in :func:`kept_folder`: the articles one after the other, an index of
them (:mod:`factharness.gold.kept_index`), and at the end the length and a hash of the index. An article is
found by what it was read from: the name and the bytes of its file, the bytes of its attached text, and the code
of this package. What cannot be read, or is not what was written, counts as not kept; what cannot be written is
not kept. Neither is an error, since the article can be parsed again. A file is replaced in one step, so that
several processes can read and write at once.
"""

from __future__ import annotations

import hashlib
import os
import struct
import sys
import tempfile
from binascii import crc32
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import IO, Any, Self, TypeVar, get_type_hints

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import astuple, replace

from factharness.errors import OutputError
from factharness.facts import Article, GoldArticle
from factharness.files import cache_folder, read_bytes
from factharness.gold.articles import ArticleEntry
from factharness.gold.kept_index import FileHashes, GrowingIndex, Index, KeptRow

LIMIT = 500_000_000
"""The bytes that all sets together may take; the sets that were not used for the longest time go first."""

SUFFIX = ".articles"
_BUFFER = 1 << 18
"""So many bytes are written at once."""

T = TypeVar("T")

_END = struct.Struct("<Q 16s")
_PLACE = struct.Struct("<I I I")
"""Where the bytes of an article start, how many they are, and their checksum."""


def _fields(kind: type[Struct], **other: Any) -> Any:
    """The type of a tuple of the fields of ``kind``; ``other`` gives other types for some of them."""
    types = get_type_hints(kind) | other
    return tuple[*(types[name] for name in kind.__struct_fields__)]  # type: ignore[misc]


# msgspec has no union of dates and moments, and takes the zone from a moment: they are kept as ISO 8601.
_OWN = _fields(Article, published=str | None)
_INDEX = msgspec.msgpack.Decoder(Index)
_GOLD = msgspec.msgpack.Decoder(_fields(GoldArticle, article=_OWN))
_TEXT = msgspec.msgpack.Decoder(
    _fields(GoldArticle, **(dict.fromkeys(GoldArticle.__struct_fields__, Raw) | {"article": _OWN}))
)


class Store:
    """The kept articles of the gold set in ``folder``; when that is None, nothing is kept.

    ``attached`` takes the SHA-256 in a header and gives the bytes of the text attached under it, None when
    there are none. ``path`` is the file of the articles.
    """

    def __init__(self, folder: Path | None, attached: Callable[[str], bytes | None]) -> None:
        self._attached = attached
        self.path: Path | None = None
        self._index = Index()
        if folder is not None:
            name = hashlib.blake2b(os.fsencode(os.path.abspath(folder)), digest_size=16).hexdigest()
            self.path = kept_folder() / f"{name}{SUFFIX}"
            self._index = _read_index(self.path)
        self._by_file = {row.source.file: row for row in self._index.rows}

    def unchanged(self, files: Sequence[Path]) -> tuple[list[ArticleEntry], str] | None:
        """The entries and the digest of the set, when ``files`` are exactly what it was read from; else None.

        ``files`` are in the order in which they were kept.
        """
        index = self._index
        if not index.digest or len(files) != len(index.rows) or self.path is None:
            return None
        entries = []
        for file, row in zip(files, index.rows, strict=True):
            if file_hash(file, read_bytes(file)) != row.source.file or not self._same_text(row):
                return None
            entries.append(index.entry(row, str(file)))
        with suppress(OSError):
            os.utime(self.path)
        return entries, index.digest

    def found(self, file: bytes, path: str) -> tuple[FileHashes, GoldArticle] | None:
        """The kept article with this hash of its file (:func:`file_hash`), and what it was read from.

        ``path`` becomes the path of the article. None when the article is not kept, or its attached text has
        changed.
        """
        row = self._by_file.get(file)
        if row is None or not self._same_text(row):
            return None
        gold = kept_gold(self.path, row.source.content, row.kept, path)
        return None if gold is None else (row.source, gold)

    def _same_text(self, row: KeptRow) -> bool:
        """Whether the attached text is the one that the article was read from."""
        return not row.source.name or text_hash(self._attached(row.source.name)) == row.source.text

    def writing(self) -> _Writer:
        """A context manager that keeps articles anew; what was kept before goes when it is finished."""
        return _Writer(self.path)


def kept_gold(file: Path | None, content: bytes, kept: bytes, path: str) -> GoldArticle | None:
    """The article that was read from ``content``, at the place ``kept`` in ``file``; None when it is not there.

    ``path`` becomes the path of the article. Looks at no gold file.
    """
    return _found(partial(_decode, path=path), file, content, kept)


def kept_text(file: Path | None, content: bytes, kept: bytes) -> Article | None:
    """As :func:`kept_gold`, but without the gold."""
    return _found(_decode_text, file, content, kept)


def _found(
    decode: Callable[[bytes], T], file: Path | None, content: bytes, kept: bytes
) -> T | None:
    if file is None or not kept:
        return None
    start, length, check = _PLACE.unpack(kept)
    try:
        with open(file, "rb", buffering=0) as stream:
            stream.seek(start)
            encoded = stream.read(length)
        return decode(encoded) if _check(content, encoded) == check else None
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


class _Writer:
    """Writes articles into a file beside the one that it replaces. Writes nothing more after an error."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._index = GrowingIndex()
        self._stream: IO[bytes] | None = None
        self._size = 0
        self._temporary = ""
        if path is not None:
            with suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                opened, self._temporary = tempfile.mkstemp(dir=path.parent, suffix=SUFFIX)
                self._stream = open(opened, "wb", buffering=_BUFFER)  # noqa: SIM115 - closed by `_end`

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __len__(self) -> int:
        """How many articles were given to be kept."""
        return len(self._index)

    def add(self, source: FileHashes, entry: ArticleEntry, gold: GoldArticle) -> ArticleEntry:
        """Keep an article, and return its entry, as ``GrowingIndex.add`` does."""
        kept = b""
        if self._stream is not None:
            encoded = _encode(gold)
            kept = _PLACE.pack(self._size, len(encoded), _check(source.content, encoded))
            self._write(encoded)
        return self._index.add(source, entry, kept)

    def finish(self, digest: str) -> None:
        """Put the file in its place. ``digest`` is empty when the set has articles that were not kept."""
        encoded = self._index.encoded(code(), digest)
        self._write(encoded + _END.pack(len(encoded), _hash(encoded)))
        if self._stream is None or self._path is None:
            return
        try:
            self._stream.close()
            os.replace(self._temporary, self._path)
        except OSError:
            self._end()
            return
        self._stream = None
        _evict(self._path)

    def _write(self, data: bytes) -> None:
        self._size += len(data)
        try:
            if self._stream is not None and self._size <= LIMIT:
                self._stream.write(data)
            else:
                self._end()
        except OSError:
            self._end()

    def _end(self) -> None:
        """Remove the unfinished file."""
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
            with suppress(OSError):
                os.unlink(self._temporary)
            self._stream = None


def kept_folder() -> Path:
    """Where the articles are kept: ``gold`` in :func:`factharness.files.cache_folder`."""
    return cache_folder() / "gold"


def size() -> tuple[int, int]:
    """How many sets are kept, and their bytes."""
    kept = _kept()
    return len(kept), sum(status.st_size for _, status in kept)


def clear() -> int:
    """Remove all that is kept, and return how many sets that were. Raises ``OutputError``."""
    kept = _kept()
    for path, _ in kept:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"cannot be removed: {error.strerror}", file=path, remedy="remove it by hand"
            ) from error
    return len(kept)


def _kept() -> list[tuple[Path, os.stat_result]]:
    """The files in the folder, those that a killed process left included, the last used first."""
    found = []
    with suppress(OSError):
        for path in kept_folder().glob(f"*{SUFFIX}"):
            with suppress(OSError):
                found.append((path, path.stat()))
    return sorted(found, key=lambda kept: kept[1].st_mtime, reverse=True)


def _evict(own: Path) -> None:
    """Remove the sets that are over the limit, but never ``own``, which was just written."""
    room = LIMIT
    for path, status in sorted(_kept(), key=lambda kept: kept[0] != own):
        room -= status.st_size
        if room < 0 and path != own:
            with suppress(OSError):
                path.unlink()


def _read_index(path: Path) -> Index:
    """The index of a file; an empty one when it is damaged, or of another version of the code."""
    try:
        with open(path, "rb") as stream:
            end = stream.seek(-_END.size, os.SEEK_END)
            length, check = _END.unpack(stream.read(_END.size))
            if length > end:
                return Index()
            stream.seek(end - length)
            encoded = stream.read(length)
        if _hash(encoded) != check:
            return Index()
        index = _INDEX.decode(encoded)
    except (OSError, struct.error, msgspec.MsgspecError):
        return Index()
    return index if index.code == code() else Index()


@cache
def code() -> bytes:
    """A hash of the code that reads gold files: Python, msgspec, the modules of this package and beside it.

    In a frozen program, which has no sources, it is a hash of Python and msgspec alone.
    """
    found = hashlib.blake2b(f"{sys.version} {msgspec.__version__}".encode(), digest_size=16)
    here = Path(__file__).parent
    for path in sorted([*here.parent.glob("*.py"), *here.rglob("*.py")]):
        found.update(os.fsencode(path.name) + path.read_bytes())
    return found.digest()


def file_hash(path: Path, raw: bytes) -> bytes:
    """The hash of a file with these bytes."""
    return _hash(os.fsencode(path.name) + b"\0" + raw)


def text_hash(attached: bytes | None) -> bytes:
    """The hash of an attached text; empty when there is none."""
    return b"" if attached is None else _hash(attached)


def _check(content: bytes, encoded: bytes) -> int:
    """A checksum: it tells damaged bytes as a hash does, and costs a fifth of it."""
    return crc32(encoded, crc32(content))


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _encode(gold: GoldArticle) -> bytes:
    article = gold.article
    if article.published is not None:
        article = replace(article, published=article.published.isoformat())
    return msgspec.msgpack.encode((astuple(article), *astuple(gold)[1:]))


def _decode(encoded: bytes, path: str) -> GoldArticle:
    """The article, its path set to ``path``, since the folder may have been named in another way before."""
    own, facts, skip, prelabel, _, withheld, phenomena = _GOLD.decode(encoded)
    return GoldArticle(_article(own), facts, skip, prelabel, path, withheld, phenomena)


def _decode_text(encoded: bytes) -> Article:
    return _article(_TEXT.decode(encoded)[0])


def _article(fields: Sequence[Any]) -> Article:
    name, text, published, lang, meta = fields
    if published is not None:
        published = (datetime if "T" in published else date).fromisoformat(published)
    return Article(name, text, published, lang, meta)
