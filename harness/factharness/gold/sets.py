"""Reads gold sets: folders of gold files, with the articles that were left out and why."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct, field

from factharness.errors import GoldError, unknown
from factharness.facts import KINDS, Article, GoldArticle, Kind
from factharness.files import cache_folder, decode, listed, read_bytes, read_text, write_text
from factharness.gold.articles import (
    ArticleEntry,
    GoldArticles,
    RunningDigest,
    digest,
    digest_of_one,
    entry_of,
)
from factharness.gold.kept_index import FileHashes
from factharness.gold.parse import to_article
from factharness.gold.set_file import (
    EVERY,
    OTHER_KINDS,
    SET_FILE,
    SetInfo,
    own_name,
    read_set,
    set_folder,
)
from factharness.gold.store import Store, file_hash, kept_gold, kept_text, text_hash
from factharness.gold.syntax import read
from factharness.gold.toml_mistakes import line_of
from factharness.gold.tree import Document
from factharness.gold.withhold import attach
from factharness.scheme import Scheme
from factharness.text import normalise

KEPT = 16_000_000
FACT_SIZE = 400
"""A set keeps articles in memory up to about ``KEPT`` bytes, of which a fact takes about ``FACT_SIZE``."""


class Skipped(Struct, frozen=True):
    """A withheld article, or paragraphs of one, whose text is not here."""

    id: str
    path: str
    reason: str
    remedy: str


class GoldSet(Struct, frozen=True):
    """The articles of a folder, by id; :func:`load_set` gives a sequence that reads each text when it is asked
    for. ``digest`` is the first 6 hex digits of a hash over everything that can change a score: ids, texts,
    dates, languages, facts, don't-care marks, layers skipped. ``seen`` has, by the name of a back end and by
    kind, the ids of the articles it was developed or trained with."""

    name: str
    version: str
    scheme: Scheme
    digest: str
    articles: Sequence[GoldArticle]
    skipped: tuple[Skipped, ...] = ()
    path: str = ""
    seen: dict[str, dict[Kind, frozenset[str]]] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """``name@version#digest``, as in the signature of a number."""
        return f"{self.name}@{self.version}#{self.digest}"


def load_set(path: str | Path) -> GoldSet:
    """The gold set in a folder; of a single gold file, a set of one article.

    Only ``*.gold`` directly in the folder are read. Raises :class:`GoldError` at the first mistake.
    """
    folder = Path(path)
    files = gold_files(folder)
    info = read_set(folder) if folder.is_dir() else SetInfo(own_name(folder))
    in_order = sorted(files, key=lambda file: file.stem)
    store = Store(folder if folder.is_dir() else None, _attached)
    read = _Reader(store.path)
    entries, skipped, found = _unchanged(store, in_order) or _read_all(store, in_order, read)
    articles = GoldArticles(sorted(entries, key=lambda entry: entry.id), read, read.text)
    known = {*(entry.id for entry in entries), *(left_out.id for left_out in skipped)}
    return GoldSet(
        info.name,
        info.version,
        info.scheme,
        found or digest(articles),
        articles,
        tuple(skipped),
        str(folder),
        {name: _seen(info, name, known) for name in info.seen},
    )


def _unchanged(
    store: Store, files: Sequence[Path]
) -> tuple[list[ArticleEntry], list[Skipped], str] | None:
    """What :func:`_read_all` returns, for a set whose files have not changed since they were kept; else None.

    Reads no article.
    """
    kept = store.unchanged(files)
    return kept and (kept[0], [], kept[1])


def _read_all(
    store: Store, files: Sequence[Path], read: _Reader
) -> tuple[list[ArticleEntry], list[Skipped], str]:
    """The entries of all articles, what was left out, and the digest of the set.

    The articles that are here in full are kept in ``store``. Raises :class:`GoldError` at the first
    mistake.
    """
    entries: dict[str, ArticleEntry] = {}
    skipped: list[Skipped] = []
    running = RunningDigest()
    with store.writing() as writer:
        for file in files:
            loaded = _load(file, store)
            skipped += loaded.skipped
            if loaded.article is None:
                continue
            hashed = running.add(loaded.article, loaded.text)
            entry = entry_of(loaded.article, loaded.content, digest_of_one(hashed))
            if entry.id in entries:
                raise GoldError(
                    f"the id {entry.id!r} is also that of {entries[entry.id].path}",
                    file=file,
                    remedy="give each article its own id",
                )
            if loaded.source is not None:
                entry = writer.add(loaded.source, entry, loaded.article)
            entries[entry.id] = entry
            read.keep(loaded.article)
        in_order = list(entries) == sorted(entries)
        by_id = sorted(entries.values(), key=lambda entry: entry.id)
        found = running.digest() if in_order else digest(GoldArticles(by_id, read))
        writer.finish(found if len(writer) == len(files) else "")
    return list(entries.values()), skipped, found


class _Reader:
    """Reads the article of an entry as it was when the set was loaded: from the kept articles, else from its
    gold file.

    The first articles stay in memory, up to a bound, so that a set of ordinary size is read once.
    """

    def __init__(self, store: Path | None) -> None:
        self._store = store
        self._kept: dict[str, GoldArticle] = {}
        self._room = KEPT

    def keep(self, gold: GoldArticle) -> None:
        """Keep an article if there is room for it and for all before it."""
        self._room -= len(gold.article.text) + FACT_SIZE * len(gold.facts)
        if self._room >= 0:
            self._kept[gold.article.id] = gold

    def __call__(self, entry: ArticleEntry) -> GoldArticle:
        """The article. Raises :class:`GoldError` when it is not kept, and its file or its attached
        text is not what it was."""
        gold = self._kept.get(entry.id)
        if gold is not None:
            return gold
        kept = kept_gold(self._store, entry.content, entry.kept, entry.path)
        gold = kept or _from_file(entry)
        self.keep(gold)
        return gold

    def text(self, entry: ArticleEntry) -> Article:
        """The article without its gold, in less time; otherwise as :meth:`__call__`."""
        if self._room < 0 and entry.id not in self._kept:
            text = kept_text(self._store, entry.content, entry.kept)
            if text is not None:
                return text
        return self(entry).article


def _from_file(entry: ArticleEntry) -> GoldArticle:
    loaded = _load(Path(entry.path))
    if loaded.article is None or loaded.content != entry.content:
        raise GoldError(
            "was changed while it was in use",
            file=entry.path,
            remedy="start again when nothing writes into the gold set",
        )
    return loaded.article


def _seen(info: SetInfo, backend: str, known: Collection[str]) -> dict[Kind, frozenset[str]]:
    """The articles that a back end has seen, by kind; ``GoldError`` for one that is not there."""
    said = info.seen[backend]
    by_kind = (
        dict.fromkeys(KINDS, said)
        if not isinstance(said, dict)
        else {kind: said.get(kind, said.get(OTHER_KINDS, ())) for kind in KINDS}
    )
    for name in {name for named in by_kind.values() if named != EVERY for name in named}:
        if name not in known:
            message, remedy = unknown("article", name, known)
            file = Path(info.path) / SET_FILE
            line = line_of(read_text(file), ["seen", backend])
            raise GoldError(f"[seen] {backend}: {message}", file=file, line=line, remedy=remedy)
    every = frozenset(known)
    return {kind: every if named == EVERY else frozenset(named) for kind, named in by_kind.items()}


def load_file(path: str | Path) -> GoldArticle:
    """The gold article in a file; a withheld one with its attached text.

    Raises :class:`GoldError` when the text of a withheld one is not attached.
    """
    loaded = _load(Path(path))
    if loaded.article is None:
        (skipped,) = loaded.skipped
        raise GoldError(skipped.reason, file=path, remedy=skipped.remedy)
    return loaded.article


def gold_files(path: Path) -> list[Path]:
    """The ``*.gold`` directly in a folder, by name, hidden ones left out; of a file, itself."""
    if not path.is_dir():
        return [path]
    found = listed(path, ".gold")
    if not found:
        raise GoldError(
            "no .gold file in this folder",
            file=path,
            remedy="a gold set is a folder of .gold files; make one with factharness gold new",
        )
    return found


def text_folder() -> Path:
    """Where attached and fetched texts lie, outside version control: ``$FACTHARNESS_TEXTS``, else ``texts`` in
    the user's cache folder (:func:`factharness.files.cache_folder`)."""
    named = os.environ.get("FACTHARNESS_TEXTS")
    return Path(named) if named else cache_folder() / "texts"


def store_text(document: Document, text: str) -> tuple[Path, tuple[int, ...]]:
    """Attach ``text`` to a withheld file: it is verified and kept under the file's sha256.

    Returns where, and the lines of the paragraphs that are not in it. Raises :class:`GoldError` when less than
    half of the text is.
    """
    _, missing = attach(document, text)
    target = text_folder() / f"{document.header.sha256}.txt"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GoldError(
            f"cannot be made: {error.strerror}",
            file=target.parent,
            remedy="set FACTHARNESS_TEXTS to a folder that may be written",
        ) from None
    write_text(target, normalise(text) + "\n")
    return target, missing


def with_text(document: Document) -> tuple[Document, tuple[Skipped, ...]]:
    """A withheld document with its attached text, as far as it is here; a full one as it is."""
    header, path = document.header, document.path
    if header.text == "full" or document.errors:
        return document, ()
    stored = text_folder() / f"{header.sha256}.txt"
    if not stored.is_file():
        return document, (
            Skipped(header.id, path, "its text is withheld and not attached", _how_to_get(path)),
        )
    try:
        full, missing = attach(document, read_bytes(stored).decode("utf-8", "replace"))
    except GoldError as error:
        return document, (
            Skipped(
                header.id, path, f"its attached text is damaged: {error.message}", _how_to_get(path)
            ),
        )
    if not missing:
        return full, ()
    lines = ", ".join(str(line) for line in missing)
    return full, (
        Skipped(
            header.id,
            path,
            f"{len(missing)} of {len(document.blocks)} paragraphs differ in the attached text "
            f"(line{'s' * (len(missing) > 1)} {lines}); the others are used",
            _how_to_get(path),
        ),
    )


class _Loaded(Struct, frozen=True):
    """What is in a gold file: its article, None when its text is withheld and not here, and what was left out.
    ``content`` is as in an entry; ``source`` is None for an article that is not to be kept; ``text`` is the
    SHA-256 of the text, empty where it was not looked at."""

    article: GoldArticle | None
    skipped: tuple[Skipped, ...]
    content: bytes
    source: FileHashes | None = None
    text: str = ""


def _load(path: Path, store: Store | None = None) -> _Loaded:
    """What is in a gold file, from ``store`` if it is kept there."""
    raw = read_bytes(path)
    hashed = file_hash(path, raw)
    found = store and store.found(hashed, str(path))
    if found:
        source, kept = found
        return _Loaded(kept, (), source.content, source)
    stored = read(decode(raw, path), str(path))
    withheld = stored.header.text == "withheld"
    name = stored.header.sha256 if withheld else ""
    before = text_hash(_attached(name))
    document, skipped = with_text(stored)
    if document.errors:
        raise document.errors[0]
    if document.header.text == "withheld":
        return _Loaded(None, skipped, b"")
    article = to_article(document)
    if withheld:
        article = msgspec.structs.replace(article, withheld=True)
    source = FileHashes(hashed, name, before)
    # A text that another process attached in between may not be the one that was read.
    keep = not skipped and text_hash(_attached(name)) == before
    return _Loaded(
        article, skipped, source.content, source if keep else None, document.header.sha256
    )


def _attached(name: str) -> bytes | None:
    """The bytes of the text that is attached under a SHA-256; None when there is none, or no name."""
    if not name:
        return None
    with suppress(GoldError):
        return read_bytes(text_folder() / f"{name}.txt")
    return None


def _how_to_get(path: str) -> str:
    """The command that brings the text: from where the set says it is published, else from the user. For a
    second labelling in a folder inside a set (``by/anna``), that set says where."""
    folder = set_folder(Path(path))
    if folder is not None:
        with suppress(GoldError):
            if read_set(folder).repository:
                return f"factharness gold fetch {folder}"
    return f"factharness gold attach {path} TEXT.txt"
