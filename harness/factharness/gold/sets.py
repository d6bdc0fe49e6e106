"""Reads gold sets: folders of gold files, with the articles that were left out and why."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field

from factharness.errors import GoldError, unknown
from factharness.facts import GoldArticle
from factharness.files import cache_folder, listed, read_bytes, read_text, write_text
from factharness.gold.header import read_toml
from factharness.gold.parse import read_document, to_article
from factharness.gold.syntax import Document
from factharness.gold.withhold import attach
from factharness.labels import SCHEME
from factharness.names import REMEDY, name_problem
from factharness.text import normalise, sha256

SET_FILE = "set.toml"
SET_KEYS = (
    "name",
    "version",
    "scheme",
    "title",
    "description",
    "licence",
    "credit",
    "texts",
    "articles",
    "seen",
)

EVERY = "all"
"""In ``[seen]`` of ``set.toml``: a back end was developed with every article of the set."""


class Origin(Struct, frozen=True):
    """Where the text of one article is published: a path in the repository, the SHA-256 of its bytes."""

    path: str
    sha256: str


class SetInfo(Struct, frozen=True):
    """What ``set.toml`` says. ``texts`` and ``articles`` say where withheld texts are published.

    ``seen`` has, by the name of a back end, the ids of the articles it was developed or trained with, or
    :data:`EVERY`.
    """

    name: str
    version: str = "0"
    scheme: str = SCHEME
    licence: dict[str, str] | str = ""
    repository: str = ""
    commit: str = ""
    articles: dict[str, Origin] = field(default_factory=dict)
    seen: dict[str, tuple[str, ...] | Literal["all"]] = field(default_factory=dict)
    path: str = ""


class Skipped(Struct, frozen=True):
    """A withheld article, or paragraphs of one, whose text is not here."""

    id: str
    path: str
    reason: str
    remedy: str


class GoldSet(Struct, frozen=True):
    """The articles of a folder, by id. ``digest`` is the first 6 hex digits of a hash over everything that can
    change a score: ids, texts, dates, languages, facts, don't-care marks, layers skipped. ``seen`` has, by the
    name of a back end, the ids of the articles it was developed or trained with."""

    name: str
    version: str
    scheme: str
    digest: str
    articles: tuple[GoldArticle, ...]
    skipped: tuple[Skipped, ...] = ()
    path: str = ""
    seen: dict[str, frozenset[str]] = field(default_factory=dict)

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
    info = read_set(folder) if folder.is_dir() else SetInfo(_own_name(folder))
    articles: list[GoldArticle] = []
    skipped: list[Skipped] = []
    seen: dict[str, str] = {}
    for file in files:
        article, left_out = _load(file)
        skipped += left_out
        if article is None:
            continue
        if article.article.id in seen:
            raise GoldError(
                f"the id {article.article.id!r} is also that of {seen[article.article.id]}",
                file=file,
                remedy="give each article its own id",
            )
        seen[article.article.id] = str(file)
        articles.append(article)
    articles.sort(key=lambda item: item.article.id)
    known = {*(item.article.id for item in articles), *(left_out.id for left_out in skipped)}
    return GoldSet(
        info.name,
        info.version,
        info.scheme,
        digest(articles),
        tuple(articles),
        tuple(skipped),
        str(folder),
        {name: _seen(info, name, known) for name in info.seen},
    )


def _seen(info: SetInfo, backend: str, known: Collection[str]) -> frozenset[str]:
    """The articles that a back end has seen, by ``set.toml``; ``GoldError`` for one that is not there."""
    named = info.seen[backend]
    if named == EVERY:
        return frozenset(known)
    for name in named:
        if name not in known:
            message, remedy = unknown("article", name, known)
            raise GoldError(
                f"[seen] {backend}: {message}", file=Path(info.path) / SET_FILE, remedy=remedy
            )
    return frozenset(named)


def load_file(path: str | Path) -> GoldArticle:
    """The gold article in a file; a withheld one with its attached text.

    Raises :class:`GoldError` when the text of a withheld one is not attached.
    """
    article, skipped = _load(Path(path))
    if article is None:
        raise GoldError(skipped[0].reason, file=path, remedy=skipped[0].remedy)
    return article


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


def read_set(folder: Path) -> SetInfo:
    """What ``set.toml`` says; without one, the folder's name and version ``0``."""
    file = folder / SET_FILE
    if not file.exists():
        return SetInfo(_own_name(folder), path=str(folder))
    data = read_toml(read_text(file), file)
    texts = data.pop("texts", {})
    for table, known in ((data, SET_KEYS), (texts, ("repository", "commit"))):
        for key in table if isinstance(table, dict) else ():
            if key not in known:
                message, remedy = unknown("key", key, known)
                raise GoldError(message, file=file, remedy=remedy)
    if "version" in data and isinstance(data["version"], int | float):
        data["version"] = str(data["version"])
    try:
        info = msgspec.convert({"name": folder.resolve().name} | texts | data, SetInfo)
    except (msgspec.ValidationError, TypeError) as error:
        raise GoldError(str(error), file=file, remedy="correct set.toml") from None
    problem = name_problem(info.name)
    if problem:
        raise GoldError(f"name {problem}", file=file, remedy=REMEDY)
    return msgspec.structs.replace(info, path=str(folder))


def _own_name(path: Path) -> str:
    """The name of a set that has no ``set.toml``: its folder's, or its only file's."""
    name = path.resolve().name.removesuffix(".gold")
    problem = name_problem(name)
    if problem:
        raise GoldError(
            f"cannot name the set: {problem}",
            file=path,
            remedy='rename it, or give the folder a set.toml with name = "…"',
        )
    return name


def digest(articles: list[GoldArticle]) -> str:
    """Six hex digits over ids, texts, dates, languages and facts; the order of the articles is no matter."""
    parts = sorted(
        (
            item.article.id,
            sha256(item.article.text),
            str(item.article.published),
            item.article.lang,
            sorted(item.skip),
            [(fact.fact, fact.ignore) for fact in item.facts],
        )
        for item in articles
    )
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:6]


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


def _load(path: Path) -> tuple[GoldArticle | None, tuple[Skipped, ...]]:
    stored = read_document(path)
    document, skipped = with_text(stored)
    if document.errors:
        raise document.errors[0]
    if document.header.text == "withheld":
        return None, skipped
    withheld = stored.header.text == "withheld"
    return msgspec.structs.replace(to_article(document), withheld=withheld), skipped


def _how_to_get(path: str) -> str:
    """The command that brings the text: from where the set says it is published, else from the user. Passes
    kept in folders inside a set (``by/anna``) are served by that set."""
    for folder in list(Path(path).parents)[:3]:
        if (folder / SET_FILE).exists():
            try:
                if read_set(folder).repository:
                    return f"factharness gold fetch {folder}"
            except GoldError:
                pass
            break
    return f"factharness gold attach {path} TEXT.txt"
