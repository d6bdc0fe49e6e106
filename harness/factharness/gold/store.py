"""Keeps the articles of a gold set as they were read, so that files that have not changed are not parsed again.

There is one file per folder of gold in :func:`kept_folder`: the articles one after the other, an index of
them, and at the end the length and a hash of the index. An article is found by what it was read from: the
name and the bytes of its file, the bytes of its attached text, and the code of this package. What cannot be
read, or is not what was written, counts as not kept; what cannot be written is not kept. Neither is an
error, since the article can be parsed again. A file is replaced in one step, so that several processes can
read and write at once.
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
from functools import cache
from pathlib import Path
from typing import IO, Any, Self, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import astuple, replace

from factharness.errors import OutputError
from factharness.facts import Article, GoldArticle
from factharness.files import cache_folder, read_bytes
from factharness.gold.articles import ArticleEntry

LIMIT = 500_000_000
"""The bytes that all sets together may take; the sets that were not used for the longest time go first."""

SUFFIX = ".articles"
_END = struct.Struct("<Q 16s")


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


class _Row(Struct, frozen=True, array_like=True):
    """An article in the file: its source, its entry in bytes, and where its own bytes are."""

    source: FileHashes
    entry: bytes
    start: int
    length: int
    check: int


class _Index(Struct, frozen=True, array_like=True):
    """The articles of a file. ``digest`` is that of the set, empty unless the set has these articles alone."""

    code: bytes = b""
    digest: str = ""
    rows: tuple[_Row, ...] = ()


def _fields(kind: type[Struct], **other: Any) -> Any:
    """The type of a tuple of the fields of ``kind``; ``other`` gives other types for some of them."""
    types = get_type_hints(kind) | other
    return tuple[*(types[name] for name in kind.__struct_fields__)]  # type: ignore[misc]


# msgspec has no union of dates and moments, and takes the zone from a moment: they are kept as ISO 8601.
_INDEX = msgspec.msgpack.Decoder(_Index)
_ENTRY = msgspec.msgpack.Decoder(_fields(ArticleEntry, published=str | None))
_ARTICLE = msgspec.msgpack.Decoder(
    _fields(GoldArticle, article=_fields(Article, published=str | None))
)


class Store:
    """What is kept of the gold set in ``folder``; nothing is, and nothing will be, when that is None.

    ``attached`` takes the SHA-256 in a header and gives the bytes of the text attached under it, None when
    there are none.
    """

    def __init__(self, folder: Path | None, attached: Callable[[str], bytes | None]) -> None:
        self._attached = attached
        self._path: Path | None = None
        self._use(_Index())
        if folder is not None:
            name = hashlib.blake2b(os.fsencode(os.path.abspath(folder)), digest_size=16).hexdigest()
            self._path = kept_folder() / f"{name}{SUFFIX}"
            self._use(_read_index(self._path))

    def _use(self, index: _Index) -> None:
        self._index = index
        self._by_file = {row.source.file: row for row in index.rows}
        self._by_content = {row.source.content: row for row in index.rows}

    def unchanged(self, files: Sequence[Path]) -> tuple[list[ArticleEntry], str] | None:
        """The entries and the digest of the set, when ``files`` are exactly what it was read from; else None.

        ``files`` are in the order in which they were kept.
        """
        index = self._index
        if not index.digest or len(files) != len(index.rows) or self._path is None:
            return None
        entries = []
        for file, row in zip(files, index.rows, strict=True):
            if file_hash(file, read_bytes(file)) != row.source.file or not self._same_text(row):
                return None
            try:
                entries.append(_decode_entry(row.entry, str(file)))
            except (ValueError, msgspec.MsgspecError):
                return None
        with suppress(OSError):
            os.utime(self._path)
        return entries, index.digest

    def source(self, file: bytes) -> FileHashes | None:
        """What the article of a file was read from, by the hash of the file (:func:`file_hash`); None when it
        is not kept, or its attached text is another one now."""
        row = self._by_file.get(file)
        return row.source if row and self._same_text(row) else None

    def article(self, content: bytes, path: str) -> GoldArticle | None:
        """The article that was read from ``content``, as that of the file at ``path``; None when it is not
        kept. Looks at no file of gold."""
        row = self._by_content.get(content)
        if row is None or self._path is None:
            return None
        try:
            with open(self._path, "rb", buffering=0) as stream:
                stream.seek(row.start)
                encoded = stream.read(row.length)
            return _decode(encoded, path) if _check(row.source, encoded) == row.check else None
        except (OSError, ValueError, msgspec.MsgspecError):
            return None

    def _same_text(self, row: _Row) -> bool:
        """Whether the attached text is the one that the article was read from."""
        return not row.source.name or text_hash(self._attached(row.source.name)) == row.source.text

    def writing(self) -> _Writer:
        """A context manager that keeps articles anew; what was kept before goes when it is finished."""
        return _Writer(self._path, self._use)


class _Writer:
    """Writes articles into a file beside the one that it replaces. Writes nothing more after an error."""

    def __init__(self, path: Path | None, use: Callable[[_Index], None]) -> None:
        self._path, self._use = path, use
        self._rows: list[_Row] = []
        self._stream: IO[bytes] | None = None
        self._size = 0
        self._temporary = ""
        if path is not None:
            with suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                opened, self._temporary = tempfile.mkstemp(dir=path.parent, suffix=SUFFIX)
                self._stream = open(opened, "wb")  # noqa: SIM115 - closed by `_end`

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __len__(self) -> int:
        """How many articles were written."""
        return len(self._rows)

    def add(self, source: FileHashes, entry: ArticleEntry, gold: GoldArticle) -> None:
        """Keep an article."""
        if self._stream is None:
            return
        encoded = _encode(gold)
        check = _check(source, encoded)
        self._rows.append(_Row(source, _encode_entry(entry), self._size, len(encoded), check))
        self._write(encoded)

    def finish(self, digest: str) -> None:
        """Put the file in its place. ``digest`` is empty when the set has articles that were not kept."""
        index = _Index(code(), digest, tuple(self._rows))
        encoded = msgspec.msgpack.encode(index)
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
        self._use(index)
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


def _read_index(path: Path) -> _Index:
    """The index of a file; an empty one when it is damaged, or of another version of the code."""
    try:
        with open(path, "rb") as stream:
            end = stream.seek(-_END.size, os.SEEK_END)
            length, check = _END.unpack(stream.read(_END.size))
            if length > end:
                return _Index()
            stream.seek(end - length)
            encoded = stream.read(length)
        if _hash(encoded) != check:
            return _Index()
        index = _INDEX.decode(encoded)
    except (OSError, struct.error, msgspec.MsgspecError):
        return _Index()
    return index if index.code == code() else _Index()


@cache
def code() -> bytes:
    """A hash of what makes an article of the bytes of a file: Python, msgspec, and the modules of this package
    and beside it. Where there are no sources, as in a frozen program, of Python and msgspec alone."""
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


def _check(source: FileHashes, encoded: bytes) -> int:
    """A checksum: it tells damaged bytes as a hash does, and costs a fifth of it."""
    return crc32(encoded, crc32(source.file))


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _encode(gold: GoldArticle) -> bytes:
    return msgspec.msgpack.encode((_plain(gold.article), *astuple(gold)[1:]))


def _decode(encoded: bytes, path: str) -> GoldArticle:
    """The article, its path set to ``path``, since the folder may have been named in another way before."""
    own, *others = _ARTICLE.decode(encoded)
    article = Article(*own)
    moment = _moment(article.published)
    if moment is not None:
        article = replace(article, published=moment)
    return replace(GoldArticle(article, *others), path=path)


def _encode_entry(entry: ArticleEntry) -> bytes:
    return msgspec.msgpack.encode(_plain(entry))


def _decode_entry(encoded: bytes, path: str) -> ArticleEntry:
    entry = ArticleEntry(*_ENTRY.decode(encoded))
    return replace(entry, path=path, published=_moment(entry.published))


def _plain(value: Article | ArticleEntry) -> tuple[Any, ...]:
    """The fields of ``value``, when it was published as text."""
    return (
        astuple(value)
        if value.published is None
        else astuple(replace(value, published=value.published.isoformat()))
    )


def _moment(published: Any) -> date | datetime | None:
    """What :func:`_plain` wrote."""
    if published is None:
        return None
    return (datetime if "T" in published else date).fromisoformat(published)
