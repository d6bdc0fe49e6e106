"""spaCy's JSON: objects with ``text``, ``ents`` and span groups, as ``Doc.to_json`` has them, or pairs
``[text, {"entities": [[start, end, label]]}]``. No spaCy is needed.

The span group ``facts`` holds every fragment of every region, with its label (``QUOTE.direct``, ``PER?``),
its region's id, and a date's value as ``kb_id``; ``ents`` the outermost counted entities and dates, for
training. What a label cannot say is under ``fields``, and links under ``links``, so nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from factharness.convert.jsonish import Place
from factharness.convert.model import (
    Link,
    Marked,
    Notes,
    Read,
    Region,
    Written,
    from_plain_label,
    plain_label,
)
from factharness.convert.offsets import Claim, resolve
from factharness.convert.text import decode_raw, read_json
from factharness.convert.tokens import flat
from factharness.facts import Span

GROUP = "facts"
IN_LABEL = ("ignore", "type")


def read(files: Mapping[str, bytes]) -> Read:
    """The documents of ``.json`` files (a list, or one object) and ``.jsonl`` files (one per line)."""
    documents: list[Marked] = []
    notes = Notes()
    for file, raw in files.items():
        source = decode_raw(raw, file)
        stem = PurePath(file).stem
        if file.endswith(".jsonl"):
            numbered = [
                Place(read_json(line, file, number), file, number)
                for number, line in enumerate(source.split("\n"), 1)
                if line.strip()
            ]
        else:
            found = read_json(source, file)
            numbered = list(
                Place(found if isinstance(found, list) else [found], file, None).items()
            )
        for number, place in enumerate(numbered, 1):
            documents.append(from_object(place, f"{stem}-{number}", notes))
    return Read(tuple(documents), notes)


def write(documents: Sequence[Marked]) -> Written:
    """One file of all documents. Nothing is lost."""
    objects = [to_object(document) for document in documents]
    return Written({"spacy.json": json.dumps(objects, ensure_ascii=False, indent=1).encode()})


def to_object(document: Marked) -> dict[str, Any]:
    """A document as JSON."""
    return {
        "text": document.text,
        "ents": [
            {"start": region.spans[0].start, "end": region.spans[-1].end, "label": region.label}
            for region in flat(document, Notes())
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


def extras(document: Marked) -> dict[str, Any]:
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


def from_object(place: Place, name: str, notes: Notes) -> Marked:
    """A document from JSON."""
    if isinstance(place.value, list):
        text_place, *rest = place.items()
        return _simple(text_place.text(), rest[0] if rest else text_place, "entities", name, notes)
    text = place.get("text").text()
    groups = place.get("spans").value
    if not isinstance(groups, Mapping) or GROUP not in groups:
        return _simple(text, place, "ents", name, notes)
    stretches = list(place.get("spans").get(GROUP).items())
    claims = [Claim(item.get("start").number(), item.get("end").number()) for item in stretches]
    spans, _ = resolve(text, claims, place.file, sure=True)
    parts: list[tuple[str, Span, str, str]] = [
        (
            item.get("id").name(f"T{number}"),
            span,
            item.get("label").text(),
            item.get("kb_id").text(""),
        )
        for number, (item, span) in enumerate(zip(stretches, spans, strict=True))
    ]
    return assemble(text, parts, place.get("_"), name)


def assemble(
    text: str, parts: Sequence[tuple[str, Span, str, str]], more: Place, name: str
) -> Marked:
    """A document from the fragments of its regions (id, span, label, value) and its extras."""
    if more.value is None:
        more = Place({}, more.file, more.line, more.path)
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
    return Marked(
        more.get("id").name(name),
        text,
        tuple(regions),
        tuple(links),
        more.get("published").day(),
        more.get("lang").text("fr"),
        more.get("meta").strings(),
    )


def _simple(text: str, place: Place, key: str, name: str, notes: Notes) -> Marked:
    """Entities alone, as triples or as objects."""
    claims: list[Claim] = []
    labels: list[str] = []
    for item in place.get(key).items():
        if isinstance(item.value, list):
            parts = list(item.items())
            if len(parts) < 3:
                raise item.error("is not [start, end, label]")
            start, end, label = parts[:3]
        else:
            start, end, label = item.get("start"), item.get("end"), item.get("label")
        claims.append(Claim(start.number(), end.number()))
        labels.append(label.text())
    spans, unit = resolve(text, claims, place.file)
    if unit != "code points":
        notes.add(f"offsets in {unit}, converted")
    regions = tuple(
        Region(f"T{number}", (span,), *from_plain_label(label))
        for number, (span, label) in enumerate(zip(spans, labels, strict=True), 1)
    )
    return Marked(name, text, regions)
