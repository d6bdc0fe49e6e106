"""doccano JSONL: one object per line, ``label`` triples or ``entities`` with ``relations``; from older
releases ``labels``, ``annotations`` with the numbers of labels, and the text as ``data``.

Labels are all that a stretch has there, so a quote's type and don't care go into them (``QUOTE.direct``,
``PER?``); values, names and notes are lost. Fragments, speakers and cues are relations. doccano keeps offsets
as it gets them, and its page counts UTF-16 units: so does the export, and says so. A file that does not state
its unit is read in the one that cuts fewer words. So is a file that states ``code points``, because doccano's
page may have saved it since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from factharness.convert.jsonish import JsonValue
from factharness.convert.model import (
    CONTINUES,
    LINKS,
    Link,
    MarkedText,
    Notes,
    Read,
    Written,
    in_fragments,
    joined,
    lost_fields,
    plain_label,
)
from factharness.convert.offsets import Unit, to_utf16
from factharness.convert.stretches import (
    MEMBERS,
    accepted,
    look_at_others,
    marked,
    read_objects,
    regions_of,
    stretches,
    text_of,
)

UNIT: Unit = "UTF-16 units"


def read(files: Mapping[str, bytes]) -> Read:
    """The documents of ``.jsonl`` files, or of ``.json`` files with a list of objects."""
    return read_objects(files, _labellings)


def write(documents: Sequence[MarkedText]) -> Written:
    """One file of all documents."""
    notes = Notes()
    lines = []
    for document in documents:
        lost_fields(document, lambda key: key in ("ignore", "type"), notes)
        lines.append(json.dumps(_object(in_fragments(document)), ensure_ascii=False) + "\n")
    return Written({"doccano.jsonl": "".join(lines).encode()}, notes.lines())


def _object(document: MarkedText) -> dict[str, object]:
    numbers = {region.id: number for number, region in enumerate(document.regions)}
    units = to_utf16(document.text)
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
                "start_offset": units[region.spans[0].start],
                "end_offset": units[region.spans[0].end],
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


def _labellings(place: JsonValue, name: str, notes: Notes) -> list[MarkedText]:
    if not accepted(place, notes):
        return []
    text = text_of(place)
    sure = place.get("offsets").value == UNIT
    found = stretches(place, notes)
    regions = regions_of(text, found, place, notes, prefer=UNIT, sure=sure)
    links = []
    for item in place.get("relations").items():
        kind = item.either("type", "label").name("")
        if kind in (*LINKS, CONTINUES):
            links.append(Link(kind, item.get("from_id").name(""), item.get("to_id").name("")))
        else:
            notes.leave_out(f"relation {kind!r}", where=place.file)
    look_at_others(place, (*MEMBERS, "relations"), notes)
    return [joined(marked(place, name, text, regions, links))]
