"""The TOML header of a gold file, as a value: read, checked, and written."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct, ValidationError, convert, field

from factharness.errors import GoldError, unknown
from factharness.facts import KINDS, Kind
from factharness.gold.plain_toml import plain
from factharness.labels import SCHEME
from factharness.names import REMEDY, name_problem

_DIGEST = re.compile(r"[0-9a-f]{64}|")

FORMAT = 1
FORMS = ("full", "withheld")
SOURCE_KEYS = ("outlet", "url", "author", "path", "credit")
LICENCE_KEYS = ("text", "labels")
LABELS_KEYS = ("scheme", "by", "status", "prelabel", "proposed", "accepted", "skip")
REQUIRED = ("gold", "id", "lang", "published", "text", "sha256")
KEYS = (
    "gold",
    "id",
    "title",
    "lang",
    "published",
    "source",
    "licence",
    "meta",
    "phenomena",
    "labels",
    "text",
    "sha256",
)

Form: TypeAlias = Literal["full", "withheld"]
_Count: TypeAlias = Annotated[int, Meta(ge=0)]


class Labelling(Struct, frozen=True, forbid_unknown_fields=True):
    """Who labelled the file and how: ``skip`` has the layers that were not labelled in this file.

    ``prelabel`` is the back end whose facts were shown before labelling, ``"none"`` when it was done from the
    text alone. ``proposed`` is how many facts of back ends the labeller was shown, before or after labelling,
    and ``accepted`` how many of these were taken; both are None when nobody counted.
    """

    scheme: str = SCHEME
    by: tuple[str, ...] = ()
    status: str = ""
    prelabel: str = "none"
    proposed: _Count | None = None
    accepted: _Count | None = None
    skip: tuple[Kind, ...] = ()


class Header(Struct, frozen=True):
    """Everything a gold file says before ``+++``. An empty ``sha256`` waits for ``fmt --rehash``."""

    id: str
    lang: str
    published: date | datetime
    text: Form
    sha256: str
    title: str = ""
    source: dict[str, str] = field(default_factory=dict)
    licence: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    phenomena: tuple[str, ...] = ()
    labels: Labelling = Labelling()


def read_toml(source: str, path: object = None) -> dict[str, Any]:
    """``source`` as TOML 1.0; :class:`GoldError` with the line otherwise."""
    simple = plain(source)
    if simple is not None:
        return simple
    try:
        return tomllib.loads(source)
    except (ValueError, RecursionError, TypeError) as error:
        found = re.search(r"at line (\d{1,9})", str(error))
        message = re.sub(r" \(at .*\)$", "", str(error)) or type(error).__name__
        raise GoldError(
            f"not TOML: {message}",
            file=path,
            line=int(found[1]) if found else 1,
            remedy='a line reads key = "value"',
        ) from None


class _Typed(Struct, forbid_unknown_fields=True):
    """A header as msgspec can check it: all but its day, and that its id is a name."""

    gold: Literal[1]
    id: str
    lang: Annotated[str, Meta(min_length=1)]
    published: Any
    text: Form
    sha256: Annotated[str, Meta(pattern=rf"\A(?:{_DIGEST.pattern})\Z")]
    title: str = ""
    source: dict[Literal["outlet", "url", "author", "path", "credit"], str] = {}
    licence: dict[Literal["text", "labels"], str] = {}
    meta: dict[str, str] = {}
    phenomena: tuple[str, ...] = ()
    labels: Labelling = Labelling()


def read_header(source: str, path: object = None) -> Header:
    """The header in ``source``, the lines before ``+++``. Raises :class:`GoldError` at the first mistake."""
    data = read_toml(source, path)
    try:
        typed = convert(data, _Typed)
    except ValidationError:
        return _read_by_key(data, source, path)
    if not isinstance(typed.published, date) or name_problem(typed.id):
        return _read_by_key(data, source, path)
    return Header(
        typed.id,
        typed.lang,
        typed.published,
        typed.text,
        typed.sha256,
        typed.title,
        typed.source,  # type: ignore[arg-type]
        typed.licence,  # type: ignore[arg-type]
        typed.meta,
        typed.phenomena,
        typed.labels,
    )


def _read_by_key(data: Mapping[str, Any], source: str, path: object) -> Header:
    """As :func:`read_header`, key by key, which takes longer and can say what is wrong, and where."""
    table = _TomlTable(data, source, path)
    table.only(KEYS, "header key")
    for key in REQUIRED:
        if key not in table.data:
            raise table.error(f"the header lacks {key!r}", f"add {key} = …", key)
    if table.data["gold"] != FORMAT or isinstance(table.data["gold"], bool):
        raise table.error(
            f"gold = {table.data['gold']!r} is not a version of the format",
            "write gold = 1",
            "gold",
        )
    labels = table.table("labels")
    labels.only(LABELS_KEYS, "key of labels")
    return Header(
        id=table.identifier("id"),
        lang=table.string("lang"),
        published=table.day("published"),
        text=table.choice("text", FORMS),  # type: ignore[arg-type]
        sha256=table.digest("sha256"),
        title=table.string("title", ""),
        source=table.strings("source", SOURCE_KEYS),
        licence=table.strings("licence", LICENCE_KEYS),
        meta=table.strings("meta"),
        phenomena=table.listed("phenomena"),
        labels=Labelling(
            scheme=labels.string("scheme", SCHEME),
            by=labels.listed("by"),
            status=labels.string("status", ""),
            prelabel=labels.string("prelabel", "none"),
            proposed=labels.count("proposed"),
            accepted=labels.count("accepted"),
            skip=labels.listed("skip", KINDS),  # type: ignore[arg-type]
        ),
    )


def write_header(header: Header) -> str:
    """``header`` as TOML, in the fixed order of keys, what is empty left out."""
    table: dict[str, object] = {
        "gold": FORMAT,
        "id": header.id,
        "title": header.title,
        "lang": header.lang,
        "published": header.published,
        "source": header.source,
        "licence": header.licence,
        "meta": header.meta,
        "phenomena": header.phenomena,
        "labels": _labels_table(header.labels),
        "text": header.text,
        "sha256": header.sha256,
    }
    lines = [
        f"{key:<9} = {toml_value(value)}"
        for key, value in table.items()
        if value not in ("", {}, ()) or key in REQUIRED
    ]
    return "\n".join(lines) + "\n"


def with_labels(source: str, labels: Labelling) -> str | None:
    """``source``, the header as typed, with other ``labels``; None when these are typed in a way that is not
    recognised.

    Recognised are ``labels = { … }`` on one line, a table ``[labels]``, and no labels at all.
    """
    wanted = _labels_table(labels)
    typed = tomllib.loads(source).get("labels", {})
    table = {key: wanted[key] for key in (*typed, *wanted) if key in wanted}
    inline = re.compile(r"(?m)^([ \t]*labels[ \t]*=[ \t]*)\{[^\n]*\}([ \t]*(?:#[^\n]*)?)$")
    if inline.search(source):
        changed = inline.sub(lambda line: line[1] + toml_value(table) + line[2], source, count=1)
    elif not typed:
        line = f"labels    = {toml_value(table)}\n"
        changed = re.sub(r"(?m)^(?=[ \t]*text[ \t]*=)", lambda _: line, source, count=1)
    else:
        head, opening, rest = source.partition("[labels]")
        body, following, after = re.split(r"(?m)(^[ \t]*\[|\Z)", rest, maxsplit=1)
        for key in LABELS_KEYS:
            if key in typed and key not in table:
                body = re.sub(rf"(?m)^[ \t]*{key}[ \t]*=[^\n]*\n", "", body)
            elif key in typed and typed[key] != _plain(table[key]):
                value = toml_value(table[key])
                entry = re.compile(rf"(?m)^([ \t]*{key}[ \t]*=[ \t]*)[^\n#]*?(?=[ \t]*(?:#|$))")
                body = entry.sub(lambda line, value=value: line[1] + value, body)
            elif key in table and key not in typed:
                body = f"\n{key} = {toml_value(table[key])}{body}"
        changed = head + opening + body + following + after
    try:
        same = read_header(changed).labels == labels
    except GoldError:
        return None
    return changed if same else None


def _labels_table(labels: Labelling) -> dict[str, object]:
    """What is written of ``labels``: what is empty is left out."""
    table = {key: getattr(labels, key) for key in LABELS_KEYS}
    return {key: value for key, value in table.items() if value not in ("", (), None)}


def _plain(value: object) -> object:
    """``value`` as TOML gives it back."""
    return list(value) if isinstance(value, tuple) else value


def toml_value(value: object) -> str:
    """``value`` as TOML on one line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        members = [f"{toml_key(key)} = {toml_value(item)}" for key, item in value.items()]
        return f"{{ {', '.join(members)} }}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    return str(value)


def toml_key(key: str) -> str:
    """``key`` bare where TOML allows it, else quoted."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else toml_value(key)


class _TomlTable:
    """One TOML table and where it stands, so that an error can name the line of a key."""

    def __init__(self, data: Mapping[str, Any], source: str, path: object) -> None:
        self.data, self.source, self.path = data, source, path

    def error(self, message: str, remedy: str, key: str) -> GoldError:
        return GoldError(message, file=self.path, line=line_of(self.source, key), remedy=remedy)

    def only(self, known: Sequence[str], what: str) -> None:
        for key in self.data:
            if key not in known:
                message, remedy = unknown(what, key, known)
                raise self.error(message, remedy, key)

    def string(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if not isinstance(value, str) or (value == "" and default is None):
            raise self.error(f"{key} is not a string", f'write {key} = "…"', key)
        return value

    def identifier(self, key: str) -> str:
        value = self.string(key)
        problem = name_problem(value)
        if problem:
            raise self.error(f"{key} {problem}", REMEDY, key)
        return value

    def count(self, key: str) -> int | None:
        value = self.data.get(key)
        if value is None or (type(value) is int and value >= 0):
            return value
        raise self.error(f"{key} is not a number of facts", f"write {key} = 12", key)

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        value = self.string(key)
        if value not in known:
            message, remedy = unknown(f"{key} =", value, known)
            raise self.error(message, remedy, key)
        return value

    def day(self, key: str) -> date | datetime:
        value = self.data[key]
        if not isinstance(value, date):
            raise self.error(
                f"{key} is not a date", f"write {key} = 2024-03-05, without quotes", key
            )
        return value

    def digest(self, key: str) -> str:
        value = self.string(key, "")
        if not _DIGEST.fullmatch(value):
            raise self.error(
                f"{key} is not a SHA-256", "64 hex digits; gold fmt --rehash writes it", key
            )
        return value

    def table(self, key: str) -> _TomlTable:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.error(f"{key} is not a table", f'write {key} = {{ name = "…" }}', key)
        return _TomlTable(value, self.source, self.path)

    def strings(self, key: str, known: tuple[str, ...] | None = None) -> dict[str, str]:
        inner = self.table(key)
        if known is not None:
            inner.only(known, f"key of {key}")
        return {name: inner.string(name, "") for name in inner.data}

    def listed(self, key: str, known: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or {type(item) for item in value} - {str}:
            raise self.error(f"{key} is not a list of strings", f'write {key} = ["…"]', key)
        for item in value:
            if known is not None and item not in known:
                message, remedy = unknown(f"member of {key}", item, known)
                raise self.error(message, remedy, key)
        return tuple(value)


def line_of(source: str, key: str) -> int:
    """The line of ``source`` that sets ``key``; the last one when none does."""
    pattern = re.compile(rf'(?:^|[\s{{,.\[])["\']?{re.escape(key)}["\']?\s*[=.\]]')
    lines = source.split("\n")
    for number, line in enumerate(lines, 1):
        if pattern.search(line.split("#")[0]):
            return number
    return max(1, len(lines) - 1)
