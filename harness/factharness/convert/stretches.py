"""Reads a text and its labelled stretches from JSON of different tools.

Prodigy, doccano, spaCy and many scripts write one object per article: a text, and lists of stretches, each
``[start, end, label]`` or an object with these. Other members of an object, such as labels of the whole text
and unknown lists and objects, are left out and counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec import Struct, structs

from factharness.convert.jsonish import JsonValue
from factharness.convert.model import Link, MarkedText, Notes, Read, Region, from_plain_label
from factharness.convert.offsets import Claim, Unit, resolve
from factharness.convert.text import read_json, read_texts

MEMBERS = ("entities", "ents", "spans", "annotations", "label", "labels")
"""The members of an object that hold stretches; a stretch that is in several is read from the first."""
PASSED = frozenset(
    {"id", "text", "data", "meta", "published", "lang", "offsets", "answer", "tokens", "sents"}
)
"""The members that are read elsewhere, or hold no facts."""


class Stretch(Struct, frozen=True):
    """A labelled stretch as a file states it; ``id`` is None where it has none."""

    claim: Claim
    label: str
    id: str | None = None


def read_objects(
    files: Mapping[str, bytes],
    labellings: Callable[[JsonValue, str, Notes], Iterable[MarkedText]],
) -> Read:
    """The documents of ``.jsonl`` files, one object per line, and of other files, one list or one object.

    ``labellings`` makes those of an object and a name: none of an object that is no article, several of one
    that several people labelled."""

    def documents(source: str, file: str, notes: Notes) -> Iterator[MarkedText]:
        return numbered(
            _objects(source, file), file, lambda place, name: labellings(place, name, notes)
        )

    return read_texts(files, documents)


def numbered(
    places: Iterable[JsonValue],
    file: str,
    labellings: Callable[[JsonValue, str], Iterable[MarkedText]],
) -> Iterator[MarkedText]:
    """The documents that ``labellings`` makes of the objects of a file and of names that count them; an object
    of which it makes none is left out, but counted."""
    for number, place in enumerate(places, 1):
        for made in labellings(place, f"{PurePath(file).stem}-{number}"):
            yield structs.replace(made, file=file)


def _objects(source: str, file: str) -> Iterator[JsonValue]:
    if file.endswith(".jsonl"):
        for number, line in enumerate(source.split("\n"), 1):
            if line.strip():
                yield JsonValue(read_json(line, file, number), file, number)
    else:
        found = read_json(source, file)
        yield from JsonValue(found if isinstance(found, list) else [found], file, None).items()


def text_of(place: JsonValue) -> str:
    """The text of an object: ``text``, or ``data``, as some releases of doccano have it."""
    data = place.get("data")
    named = place.get("text")
    return data.text() if named.value is None and isinstance(data.value, str) else named.text()


def accepted(place: JsonValue, notes: Notes) -> bool:
    """Whether the annotator accepted the article: Prodigy has ``accept``, ``reject`` or ``ignore``."""
    answer = place.get("answer").text("accept")
    if answer != "accept":
        notes.add(f"an article answered {answer!r}, skipped", where=place.file)
    return answer == "accept"


def stretches(
    place: JsonValue,
    notes: Notes,
    *,
    members: Iterable[str] = MEMBERS,
    known: Iterable[tuple[int, int, str]] = (),
    passed: Collection[str] = (),
) -> list[Stretch]:
    """The stretches in the ``members`` of an object; of a member that is an object, those of each of its
    lists but ``passed``.

    Of a stretch that stands in several members, or is ``known`` (start, end, label), there is one."""
    found: list[Stretch] = []
    seen = set(known)
    for member in members:
        value = place.get(member)
        groups = (
            [value.get(name) for name in value.names() if name not in passed]
            if isinstance(value.value, Mapping)
            else [value]
        )
        for group in groups:
            if group.value is not None and not isinstance(group.value, list):
                notes.leave_out("a label of the whole text", where=place.file)
                continue
            fresh = [
                stretch
                for item in group.items()
                if (stretch := _stretch(item, notes)) is not None and _key(stretch) not in seen
            ]
            seen.update(map(_key, fresh))
            found += fresh
    return found


def _key(stretch: Stretch) -> tuple[int, int, str]:
    return stretch.claim.start, stretch.claim.end, stretch.label


def _stretch(item: JsonValue, notes: Notes) -> Stretch | None:
    """The stretch that ``item`` states; None, and a note, if it states none or has no label."""
    words = key = None
    if isinstance(item.value, list):
        start, end, label = _triple(item, notes)
    elif _has_offsets(item):
        start, end = item.either("start", "start_offset"), item.either("end", "end_offset")
        label = item.either("label", "labels")
        said = item.get("text").value
        words = said if isinstance(said, str) else None
        key = item.get("id").name("") or None
        if item.get("kb_id").value:
            notes.leave_out("the link of a stretch to a knowledge base", where=item.file)
    else:
        notes.leave_out("a label of the whole text", where=item.file)
        return None
    claim = Claim(start.number(), end.number(), words, item.line)
    name = label_of(label, notes)
    return None if name is None else Stretch(claim, name, key)


def _triple(item: JsonValue, notes: Notes) -> tuple[JsonValue, JsonValue, JsonValue]:
    parts = list(item.items())
    if len(parts) < 3:
        raise item.error("is not [start, end, label]")
    notes.leave_out("what follows [start, end, label]", len(parts) - 3, where=item.file)
    return parts[0], parts[1], parts[2]


def _has_offsets(item: JsonValue) -> bool:
    keys = ("start", "start_offset", "end", "end_offset")
    return isinstance(item.value, Mapping) and any(item.get(key).value is not None for key in keys)


def label_of(place: JsonValue, notes: Notes) -> str | None:
    """A label: a string, a number (doccano's, where a project's names were not exported), or the first of a
    list; None, and a note, where there is none."""
    labels = list(place.items()) if isinstance(place.value, list) else [place]
    notes.leave_out("a second label of a stretch", len(labels) - 1, where=place.file)
    first = labels[0] if labels else place
    if first.value in (None, "", []):
        notes.leave_out("a stretch without a label", where=place.file)
        return None
    if isinstance(first.value, int) and not isinstance(first.value, bool):
        return str(first.value)
    return first.text()


def regions_of(
    text: str,
    found: Sequence[Stretch],
    place: JsonValue,
    notes: Notes,
    *,
    prefer: Unit = "code points",
    sure: bool = False,
) -> list[Region]:
    """The regions of stretches; :func:`resolve` recognises the unit of their offsets."""
    spans, unit = resolve(
        text, [stretch.claim for stretch in found], place.file, prefer=prefer, sure=sure
    )
    if unit != prefer:
        notes.add(f"offsets in {unit}, converted", where=place.file)
    names = distinct(stretch.id or f"T{number}" for number, stretch in enumerate(found, 1))
    return [
        Region(name, (span,), *from_plain_label(stretch.label))
        for name, span, stretch in zip(names, spans, found, strict=True)
    ]


def distinct(names: Iterable[str]) -> list[str]:
    """``names`` made unique: a name that was there before gets a number at its end."""
    numbers: dict[str, int] = {}
    result = []
    for name in names:
        fresh = name
        while fresh in numbers:
            numbers[name] += 1
            fresh = f"{name}.{numbers[name]}"
        numbers[fresh] = 1
        result.append(fresh)
    return result


def look_at_others(place: JsonValue, read: Collection[str], notes: Notes) -> None:
    """Note the lists and objects of an object that are not read."""
    for name in place.names():
        value = place.get(name).value
        if name in read or name in PASSED or value is None:
            continue
        if isinstance(value, Mapping | list):
            notes.leave_out(f"member {name!r}", len(value), where=place.file)
        elif not name.startswith("_"):
            notes.add(f"member {name!r}, not read", where=place.file)


def marked(
    place: JsonValue, name: str, text: str, regions: Sequence[Region], links: Sequence[Link] = ()
) -> MarkedText:
    """A document with what an object says of it: ``id``, ``published``, ``lang``, ``meta``."""
    return MarkedText(
        place.get("id").name(name),
        text,
        tuple(regions),
        tuple(links),
        place.get("published").day(),
        place.get("lang").text("fr"),
        place.get("meta").strings(),
    )
