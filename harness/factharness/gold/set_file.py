"""Reads ``set.toml``: name and labels of a gold set, where its texts are published, and who has seen it."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct, field

from factharness.errors import GoldError, unknown
from factharness.facts import Kind
from factharness.files import read_text
from factharness.gold.header import read_toml
from factharness.gold.toml_mistakes import line_of, wrong_type
from factharness.labels import SCHEME
from factharness.names import REMEDY, name_problem
from factharness.scheme import FR_NEWS, Scheme, declared

SET_FILE = "set.toml"
SET_KEYS = (
    "name",
    "version",
    "scheme",
    "labels",
    "checks",
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

OTHER_KINDS: Literal["*"] = "*"
"""In a table of ``[seen]``: the kinds that it does not name."""

SeenArticles: TypeAlias = tuple[str, ...] | Literal["all"]
SeenByKind: TypeAlias = dict[Kind | Literal["*"], SeenArticles]


class Origin(Struct, frozen=True):
    """Where the text of one article is published: a path in the repository, the SHA-256 of its bytes."""

    path: str
    sha256: str


class SetInfo(Struct, frozen=True):
    """What ``set.toml`` says. ``texts`` and ``articles`` say where withheld texts are published.

    ``seen`` has, by the name of a back end, the ids of the articles it was developed or trained with, or
    :data:`EVERY`; or each of these by kind.
    """

    name: str
    version: str = "0"
    scheme: Scheme = FR_NEWS
    licence: dict[str, str] | str = ""
    repository: str = ""
    commit: str = ""
    articles: dict[str, Origin] = field(default_factory=dict)
    seen: dict[str, SeenArticles | SeenByKind] = field(default_factory=dict)
    path: str = ""


def read_set(folder: Path) -> SetInfo:
    """What ``set.toml`` says; without one, the folder's name and version ``0``."""
    file = folder / SET_FILE
    if not file.exists():
        return SetInfo(own_name(folder), path=str(folder))
    return _set_info(folder, folder.resolve().name, read_text(file))


@functools.lru_cache(maxsize=64)
def _set_info(folder: Path, name: str, text: str) -> SetInfo:
    """What ``text``, the content of ``set.toml``, says; kept, since every file of a set asks for it."""
    file = folder / SET_FILE
    data = read_toml(text, file)
    texts = data.pop("texts", {})
    if not isinstance(texts, dict):
        line, remedy = line_of(text, ["texts"]), "write a table [texts]"
        raise GoldError("'texts' must be a table", file=file, line=line, remedy=remedy)
    for table, known in ((data, SET_KEYS), (texts, ("repository", "commit"))):
        for key in table:
            if key not in known:
                message, remedy = unknown("key", key, known)
                way = [key] if table is data else ["texts", key]
                raise GoldError(message, file=file, line=line_of(text, way), remedy=remedy)
    scheme = _scheme(data, text, file)
    if "version" in data and isinstance(data["version"], int | float):
        data["version"] = str(data["version"])
    _check_seen(data.get("seen"), text, file)
    try:
        info = msgspec.convert({"name": name} | texts | data, SetInfo)
    except msgspec.ValidationError as error:
        message, remedy, line = wrong_type(error, text)
        raise GoldError(message, file=file, line=line, remedy=remedy) from None
    problem = name_problem(info.name)
    if problem:
        raise GoldError(f"name {problem}", file=file, line=line_of(text, ["name"]), remedy=REMEDY)
    return msgspec.structs.replace(info, path=str(folder), scheme=scheme)


def _check_seen(seen: object, text: str, file: Path) -> None:
    """Raise for an entry of ``[seen]`` of another form; msgspec would not say which entry it is."""
    for backend, articles in seen.items() if isinstance(seen, dict) else ():
        try:
            msgspec.convert(articles, SeenArticles | SeenByKind)
        except msgspec.ValidationError:
            raise GoldError(
                f'[seen] {backend} is neither "{EVERY}" nor a list of ids, nor a table of these by kind',
                file=file,
                line=line_of(text, ["seen", backend]),
                remedy=f'write {backend} = "{EVERY}", or {backend} = {{ entity = ["…"] }}',
            ) from None


def scheme_of(path: str | Path) -> Scheme:
    """The scheme of the set in whose folder a gold file lies; of a file in no set, ``fr-news-1``.

    A second labelling in a folder inside a set (``by/anna``) has the scheme of that set. Raises
    :class:`GoldError`.
    """
    folder = set_folder(Path(path))
    return FR_NEWS if folder is None else read_set(folder).scheme


def set_folder(path: Path) -> Path | None:
    """The nearest folder with a ``set.toml``, up to two above the one that the file lies in."""
    for folder in list(path.parents)[:3]:
        if (folder / SET_FILE).exists():
            return folder
    return None


def _scheme(data: dict[str, Any], text: str, file: Path) -> Scheme:
    """What ``set.toml`` says of labels, taken out of ``data``, the content of ``text``."""
    line = line_of(text, ["scheme"])
    name, labels = data.pop("scheme", SCHEME), data.pop("labels", None)
    checks = data.pop("checks", [])
    if not isinstance(name, str):
        raise GoldError("scheme is no name", file=file, line=line, remedy='write scheme = "mine-1"')
    if labels is None and name == SCHEME:
        return FR_NEWS
    if not isinstance(labels, dict):
        raise GoldError(
            f"the scheme {name!r} has no labels",
            file=file,
            line=line,
            remedy=f'declare them in a table [labels], or write scheme = "{SCHEME}"',
        )
    try:
        return declared(name, labels, checks, file)
    except GoldError as error:
        error.line = line_of(text, ["labels"])
        raise


def own_name(path: Path) -> str:
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
