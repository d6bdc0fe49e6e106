"""Prodigy's JSONL: a task per line, with ``text``, ``tokens``, ``spans``, ``relations``, ``answer``, ``meta``.

A span begins and ends with a token and has no fields, so a quote's type and don't care go into its label
(``QUOTE.direct``, ``PER?``); relations link the parts of quotes. What spans cannot say stands beside them under
``facts``, a member of our own that Prodigy passes on: the fields, and the place of what was widened to whole
tokens. It is taken back for spans that are still where it says, with the label it says.

Tasks answered with ``reject`` or ``ignore`` are skipped. A task that several people answered is there once for
each of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import structs

from factharness.convert.jsonish import JsonValue
from factharness.convert.model import (
    CONTINUES,
    LINKS,
    Link,
    MarkedText,
    Notes,
    Read,
    Region,
    Written,
    in_fragments,
    joined,
    plain_label,
)
from factharness.convert.offsets import Claim, resolve
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
from factharness.convert.tokens import Token, covering, on_tokens, tokenise
from factharness.facts import Span

OWN = "facts"
IN_LABEL = ("ignore", "type")
_Place = tuple[int, int, str]
"""Start, end and label: what tells one span from another."""


def read(files: Mapping[str, bytes]) -> Read:
    """The tasks of ``.jsonl`` files that were accepted."""
    return read_objects(files, _labellings)


def write(documents: Sequence[MarkedText]) -> Written:
    """One file of all tasks."""
    notes = Notes()
    lines = [json.dumps(_task(document, notes), ensure_ascii=False) for document in documents]
    return Written(
        {"prodigy.jsonl": "".join(line + "\n" for line in lines).encode()}, notes.lines()
    )


def _task(document: MarkedText, notes: Notes) -> dict[str, Any]:
    tokens = tokenise(document.text)
    parts = in_fragments(document)
    own = {region.id: region for region in parts.regions}
    placed = on_tokens(parts, tokens, notes)
    at = {
        region.id: (region.spans[0].start, region.spans[0].end, plain_label(region))
        for region in placed.regions
    }
    again = _again(at)
    lost = again | _parts_of(again, placed.links)
    spans: dict[_Place, dict[str, Any]] = {}
    facts = []
    for region in placed.regions:
        place = at[region.id]
        if region.id in again:
            notes.leave_out(f"a second {place[2]} at one place")
        if region.id in lost or place in spans:
            continue
        fields = {key: text for key, text in region.fields.items() if key not in IN_LABEL}
        spans[place] = _span(place, tokens)
        first = own[region.id].spans[0]
        moved = [first.start, first.end] if first != region.spans[0] else None
        if moved or fields:
            facts.append({"span": list(place), "place": moved, "fields": fields})
    relations = [
        _relation(link.label, spans[at[link.source]], spans[at[link.target]])
        for link in placed.links
        if link.source not in lost and at[link.target] in spans
    ]
    return {
        "text": document.text,
        "id": document.id,
        "published": None if document.published is None else document.published.isoformat(),
        "lang": document.lang,
        "meta": document.meta,
        "tokens": [
            {
                "text": token.text,
                "start": token.start,
                "end": token.end,
                "id": number,
                "ws": token.after.startswith(" "),
            }
            for number, token in enumerate(tokens)
        ],
        "spans": list(spans.values()),
        "relations": relations,
        OWN: facts,
        "answer": "accept",
    }


def _again(at: Mapping[str, _Place]) -> set[str]:
    """The regions at the place of an earlier one; not the speakers and cues, which two quotes may share."""
    first: dict[_Place, str] = {}
    return {
        name
        for name, place in at.items()
        if first.setdefault(place, name) != name and place[2] not in LINKS.values()
    }


def _parts_of(regions: set[str], links: Sequence[Link]) -> set[str]:
    """What links lead to from these regions, and from no other one."""
    parts: set[str] = set()
    while True:
        gone = regions | parts
        kept = {link.target for link in links if link.source not in gone}
        more = {link.target for link in links if link.source in gone} - kept - gone
        if not more:
            return parts
        parts |= more


def _span(place: _Place, tokens: Sequence[Token]) -> dict[str, Any]:
    start, end, label = place
    inside = covering(tokens, Span(start, end))
    return {
        "start": start,
        "end": end,
        "token_start": inside[0],
        "token_end": inside[-1],
        "label": label,
    }


def _relation(label: str, head: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """A relation; ``head`` and ``child`` are the last tokens of the spans, as Prodigy numbers them."""
    return {
        "head": head["token_end"],
        "child": child["token_end"],
        "head_span": head,
        "child_span": child,
        "label": label,
    }


def _labellings(place: JsonValue, name: str, notes: Notes) -> list[MarkedText]:
    if not accepted(place, notes):
        return []
    text = text_of(place)
    found = stretches(place, notes)
    regions = regions_of(text, found, place, notes)
    ids: dict[_Place, str] = {}
    for stretch, region in zip(found, regions, strict=True):
        ids.setdefault((stretch.claim.start, stretch.claim.end, stretch.label), region.id)
    links = list(_links(place, ids, notes))
    own = _own(place, text)
    whole = [
        _restored(region, own[key]) if (key := _key(region)) in own else region
        for region in regions
    ]
    look_at_others(place, (*MEMBERS, "relations", OWN), notes)
    document = joined(marked(place, name, text, whole, links))
    return [structs.replace(document, annotator=place.get("_annotator_id").name(""))]


def _key(region: Region) -> _Place:
    return region.spans[0].start, region.spans[0].end, plain_label(region)


def _own(place: JsonValue, text: str) -> dict[_Place, tuple[Span | None, dict[str, str]]]:
    """What stands beside the spans: by the span, its own place where it was widened, and its fields."""
    own = {}
    for item in place.get(OWN).items():
        three = list(item.get("span").items())
        if len(three) != 3:
            raise item.get("span").error("is not [start, end, label]")
        key = three[0].number(), three[1].number(), three[2].text()
        edges = [number.number() for number in item.get("place").items()]
        span = None
        if edges:
            if len(edges) != 2:
                raise item.get("place").error("is not [start, end]")
            (span,), _ = resolve(text, [Claim(edges[0], edges[1])], place.file, sure=True)
        own[key] = span, item.get("fields").strings()
    return own


def _restored(region: Region, said: tuple[Span | None, dict[str, str]]) -> Region:
    span, fields = said
    return structs.replace(
        region, spans=region.spans if span is None else (span,), fields=region.fields | fields
    )


def _links(place: JsonValue, ids: Mapping[_Place, str], notes: Notes) -> Iterator[Link]:
    """The relations between spans, as links between their regions."""
    counts: dict[str, int] = defaultdict(int)
    for item in place.get("relations").items():
        label = item.get("label").name("")
        ends = [item.get("head_span"), item.get("child_span")]
        if label not in (*LINKS, CONTINUES) or any(end.value is None for end in ends):
            counts[label] += 1
            continue
        source, target = (
            ids.get(
                (end.get("start").number(), end.get("end").number(), end.get("label").text()), ""
            )
            for end in ends
        )
        yield Link(label, source, target)
    for label, times in counts.items():
        notes.leave_out(f"relation {label!r}", times, where=place.file)
