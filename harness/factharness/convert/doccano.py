"""doccano JSONL: one object per line, ``label`` triples or ``entities`` with ``relations``.

Labels are all that a stretch has there, so a quote's type and don't care go into them (``QUOTE.direct``,
``PER?``); values, names and notes are lost. Fragments, speakers and cues are relations. Offsets are code
points; other people's may be UTF-16 units, which is recognised, as doccano states no words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from factharness.convert.jsonish import Place
from factharness.convert.model import (
    CONTINUES,
    LINKS,
    Link,
    Marked,
    Notes,
    Read,
    Region,
    Written,
    from_plain_label,
    in_fragments,
    joined,
    lost_fields,
    plain_label,
)
from factharness.convert.offsets import Claim, resolve
from factharness.convert.text import decode_raw, read_json

UNIT = "code points"


def read(files: Mapping[str, bytes]) -> Read:
    """The documents of ``.jsonl`` files."""
    documents: list[Marked] = []
    notes = Notes()
    for file, raw in files.items():
        for number, line in enumerate(decode_raw(raw, file).split("\n"), 1):
            if line.strip():
                place = Place(read_json(line, file, number), file, number)
                documents.append(_document(place, f"{PurePath(file).stem}-{number}", notes))
    return Read(tuple(documents), notes)


def write(documents: Sequence[Marked]) -> Written:
    """One file of all documents."""
    notes = Notes()
    lines = []
    for document in documents:
        lost_fields(document, lambda key: key in ("ignore", "type"), notes)
        lines.append(json.dumps(_object(in_fragments(document)), ensure_ascii=False) + "\n")
    return Written({"doccano.jsonl": "".join(lines).encode()}, notes.lines())


def _object(document: Marked) -> dict[str, object]:
    numbers = {region.id: number for number, region in enumerate(document.regions)}
    return {
        "id": document.id,
        "text": document.text,
        "published": None if document.published is None else document.published.isoformat(),
        "lang": document.lang,
        "meta": document.meta,
        "offsets": UNIT,
        "entities": [
            {
                "id": numbers[region.id],
                "label": plain_label(region),
                "start_offset": region.spans[0].start,
                "end_offset": region.spans[0].end,
            }
            for region in document.regions
        ],
        "relations": [
            {
                "id": number,
                "type": link.label,
                "from_id": numbers[link.source],
                "to_id": numbers[link.target],
            }
            for number, link in enumerate(document.links)
        ],
    }


def _document(place: Place, name: str, notes: Notes) -> Marked:
    text = place.get("text").text()
    claims: list[Claim] = []
    ids: list[str] = []
    labels: list[str] = []
    for item in place.get("entities").items():
        claims.append(
            Claim(
                item.get("start_offset").number(), item.get("end_offset").number(), None, place.line
            )
        )
        ids.append(item.get("id").name(f"e{len(ids)}"))
        labels.append(item.get("label").text())
    for key in ("label", "labels"):
        for item in place.get(key).items():
            parts = list(item.items())
            if len(parts) != 3:
                raise item.error("is not [start, end, label]")
            claims.append(Claim(parts[0].number(), parts[1].number(), None, place.line))
            ids.append(f"l{len(ids)}")
            labels.append(parts[2].text())
    sure = place.get("offsets").value == UNIT
    spans, unit = resolve(text, claims, place.file, sure=sure)
    if unit != UNIT:
        notes.add(f"offsets in {unit}, converted")
    regions = []
    for key, span, label in zip(ids, spans, labels, strict=True):
        bare, fields = from_plain_label(label)
        regions.append(Region(key, (span,), bare, fields))
    links = []
    for item in place.get("relations").items():
        kind = item.get("type").text()
        if kind not in (*LINKS, CONTINUES):
            notes.leave_out(f"relation {kind!r}")
            continue
        links.append(Link(kind, item.get("from_id").name(""), item.get("to_id").name("")))
    return joined(
        Marked(
            place.get("id").name(name),
            text,
            tuple(regions),
            tuple(links),
            place.get("published").day(),
            place.get("lang").text("fr"),
            place.get("meta").strings(),
        )
    )
