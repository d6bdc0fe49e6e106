"""spaCy's JSON: objects with ``text``, ``ents`` and span groups, as ``Doc.to_json`` has them, or pairs
``[text, {"entities": [[start, end, label]]}]``. No spaCy is needed. Prodigy's JSONL is read too: ``spans`` is
a list there, and articles that were not accepted are skipped.

The span group ``facts`` holds every fragment of every region, with its label (``QUOTE.direct``, ``PER?``),
its region's id, and a date's value as ``kb_id``; ``ents`` the outermost counted entities and dates, for
training. What a label cannot say is under ``fields``, and links under ``links``, so nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from msgspec import structs

from factharness.convert.jsonish import JsonValue
from factharness.convert.model import (
    Link,
    MarkedText,
    Notes,
    Read,
    Region,
    Written,
    from_plain_label,
    plain_label,
)
from factharness.convert.offsets import Claim, resolve
from factharness.convert.stretches import (
    MEMBERS,
    accepted,
    distinct,
    look_at_others,
    marked,
    read_objects,
    regions_of,
    stretches,
    text_of,
)
from factharness.convert.tokens import counted, outermost
from factharness.facts import Span

GROUP = "facts"
IN_LABEL = ("ignore", "type")


def read(files: Mapping[str, bytes]) -> Read:
    """The documents of ``.json`` files (a list, or one object) and ``.jsonl`` files (one per line)."""
    return read_objects(files, from_object)


def write(documents: Sequence[MarkedText]) -> Written:
    """One file of all documents."""
    objects = [to_object(document) for document in documents]
    return Written({"spacy.json": json.dumps(objects, ensure_ascii=False, indent=1).encode()})


def to_object(document: MarkedText) -> dict[str, Any]:
    """A document as JSON."""
    return {
        "text": document.text,
        "ents": [
            {"start": region.spans[0].start, "end": region.spans[-1].end, "label": region.label}
            for region in outermost(counted(document, Notes()).regions, Notes())
        ],
        "spans": {
            GROUP: [
                {
                    "start": span.start,
                    "end": span.end,
                    "label": plain_label(region),
                    "kb_id": region.fields.get("value", ""),
                    "id": region.id,
                }
                for region in document.regions
                for span in region.spans
            ]
        },
        "_": extras(document),
    }


def extras(document: MarkedText) -> dict[str, Any]:
    """What neither text nor spans can say."""
    fields = {
        region.id: {
            key: text for key, text in region.fields.items() if key not in (*IN_LABEL, "value")
        }
        for region in document.regions
    }
    return {
        "id": document.id,
        "published": None if document.published is None else document.published.isoformat(),
        "lang": document.lang,
        "meta": document.meta,
        "fields": {name: said for name, said in fields.items() if said},
        "links": [[link.label, link.source, link.target] for link in document.links],
    }


def from_object(
    place: JsonValue, name: str, notes: Notes, *, sure: bool = False
) -> list[MarkedText]:
    """A document from JSON; none of one that was not accepted. ``sure``: the offsets are code points."""
    if isinstance(place.value, list):
        text, place = _pair(place)
    else:
        text = text_of(place)
    if not accepted(place, notes):
        return []
    groups = place.get("spans").value
    own = isinstance(groups, Mapping) and GROUP in groups
    parts = _parts(place.get("spans").get(GROUP), text) if own else []
    if own:
        extras = place.get("_")
        document = assemble(text, _at_their_places(parts, extras, text), extras, name)
    else:
        document = marked(place, name, text, ())
    known = [(span.start, span.end, from_plain_label(label)[0]) for _, span, label, _ in parts]
    found = stretches(place, notes, known=known, passed=(GROUP,))
    more = regions_of(text, found, place, notes, sure=sure or own)
    for item in place.get("relations").items():
        notes.leave_out(f"relation {item.get('label').value!r}", where=place.file)
    look_at_others(place, (*MEMBERS, "relations", *("_",) * own), notes)
    regions = (*document.regions, *more)
    names = distinct(region.id for region in regions)
    named = tuple(
        structs.replace(region, id=name) for region, name in zip(regions, names, strict=True)
    )
    return [structs.replace(document, regions=named)]


def _pair(place: JsonValue) -> tuple[str, JsonValue]:
    """The text of ``[text, {…}]``, and the object."""
    parts = list(place.items())
    if len(parts) != 2 or not isinstance(parts[1].value, Mapping):
        raise place.error("is not [text, {…}]")
    return parts[0].text(), parts[1]


def _parts(group: JsonValue, text: str) -> list[tuple[str, Span, str, str]]:
    """The fragments in the group ``facts``: id, span, label and value of each."""
    items = list(group.items())
    claims = [Claim(item.get("start").number(), item.get("end").number()) for item in items]
    spans, _ = resolve(text, claims, group.file, sure=True)
    return [
        (
            item.get("id").name(f"T{number}"),
            span,
            item.get("label").text(),
            item.get("kb_id").text(""),
        )
        for number, (item, span) in enumerate(zip(items, spans, strict=True))
    ]


def _at_their_places(
    parts: Sequence[tuple[str, Span, str, str]], more: JsonValue, text: str
) -> list[tuple[str, Span, str, str]]:
    """Fragments that were widened to tokens, at their own places again, unless somebody moved them."""
    if more.value is None:
        return list(parts)
    places = {
        key: [
            [number.number() for number in item.items()]
            for item in more.get("places").get(key).items()
        ]
        for key in more.get("places").names()
    }
    found = []
    for key, span, label, value in parts:
        first = places[key].pop(0) if places.get(key) else []
        if len(first) == 4 and first[:2] == [span.start, span.end]:
            claim = Claim(first[2], first[3])
            (span,), _ = resolve(text, [claim], more.file, sure=True)
        found.append((key, span, label, value))
    return found


def assemble(
    text: str, parts: Sequence[tuple[str, Span, str, str]], more: JsonValue, name: str
) -> MarkedText:
    """A document from the fragments of its regions (id, span, label, value) and its extras."""
    if more.value is None:
        more = JsonValue({}, more.file, more.line, more.path)
    spans: dict[str, list[Span]] = {}
    labels: dict[str, tuple[str, str]] = {}
    for key, span, label, value in parts:
        spans.setdefault(key, []).append(span)
        labels.setdefault(key, (label, value))
    said = {key: more.get("fields").get(key).strings() for key in more.get("fields").names()}
    regions = []
    for key, (label, value) in labels.items():
        mine = sorted(spans[key])
        if any(left.end > right.start for left, right in pairwise(mine)):
            raise more.error(f"the fragments of {key} overlap")
        bare, fields = from_plain_label(label)
        if value:
            fields["value"] = value
        regions.append(Region(key, tuple(mine), bare, fields | said.get(key, {})))
    links = []
    for item in more.get("links").items():
        three = [part.text() for part in item.items()]
        if len(three) != 3:
            raise item.error("is not [label, from, to]")
        links.append(Link(*three))
    return MarkedText(
        more.get("id").name(name),
        text,
        tuple(regions),
        tuple(links),
        more.get("published").day(),
        more.get("lang").text("fr"),
        more.get("meta").strings(),
    )
