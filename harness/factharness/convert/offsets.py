"""Converts offsets of other tools: recognises UTF-16 units, checks words, brings texts to normal form.

JavaScript and Java count UTF-16 units, in which a character beyond the basic plane (most emoji) is two.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal

from msgspec import Struct, structs

from factharness.convert.model import MarkedText, Notes
from factharness.errors import GoldError
from factharness.facts import Span
from factharness.gold.anchors import inside_word
from factharness.text import normalise

Unit = Literal["code points", "UTF-16 units"]


class Claim(Struct, frozen=True):
    """A stretch as a file states it: its offsets, its words (None when the file has none), its line."""

    start: int
    end: int
    words: str | None = None
    line: int | None = None


def utf16_length(text: str) -> int:
    """How many UTF-16 units ``text`` has."""
    return len(text) + sum(character > "\uffff" for character in text)


def to_utf16(text: str) -> list[int]:
    """The UTF-16 offset of each code point of ``text``, and of its end."""
    return list(accumulate((1 + (character > "\uffff") for character in text), initial=0))


def resolve(
    text: str,
    claims: Sequence[Claim],
    file: str,
    *,
    prefer: Unit = "code points",
    sure: bool = False,
) -> tuple[list[Span], Unit]:
    """The spans of ``claims`` in code points, and the unit in which the file counts.

    The unit matters only when the text has characters of two UTF-16 units. Then it is the unit under which
    every stretch has the words that the file states; without words, the one under which fewer edges cut a word.
    On a tie it is ``prefer``; with ``sure``, only ``prefer`` is tried. Raises :class:`GoldError` for a stretch
    that is empty, ends beyond the text or has other words.
    """
    other: Unit = "UTF-16 units" if prefer == "code points" else "code points"
    astral = utf16_length(text) != len(text)
    units: tuple[Unit, ...] = (prefer, other) if astral and not sure else (prefer,)
    readings = [(unit, _convert(text, claims, unit)) for unit in units]
    best = min(readings, key=lambda reading: _badness(text, claims, reading[1]))
    unit, spans = best
    resolved = []
    for claim, span in zip(claims, spans, strict=True):
        if span is None:
            raise GoldError(
                f"[{claim.start}, {claim.end}) is no stretch of a text of {len(text)} characters",
                file=file,
                line=claim.line,
                remedy="check that text and annotation belong together",
            )
        if claim.words is not None and not _same(claim.words, span.of(text)):
            raise GoldError(
                f"[{claim.start}, {claim.end}) is {span.of(text)[:40]!r} in the text, "
                f"the annotation says {claim.words[:40]!r}",
                file=file,
                line=claim.line,
                remedy="check that text and annotation belong together",
            )
        resolved.append(span)
    return resolved, unit


def _convert(text: str, claims: Sequence[Claim], unit: Unit) -> list[Span | None]:
    table = to_utf16(text) if unit == "UTF-16 units" else None
    spans: list[Span | None] = []
    for claim in claims:
        start, end = claim.start, claim.end
        if table is not None:
            places = []
            for offset in (start, end):
                at = bisect_left(table, offset)
                places.append(at if at < len(table) and table[at] == offset else -1)
            start, end = places
        spans.append(Span(start, end) if 0 <= start < end <= len(text) else None)
    return spans


def _badness(text: str, claims: Sequence[Claim], spans: Sequence[Span | None]) -> tuple[int, int]:
    wrong = cut = 0
    for claim, span in zip(claims, spans, strict=True):
        if span is None:
            wrong += 1
        elif claim.words is not None:
            wrong += not _same(claim.words, span.of(text))
        else:
            cut += inside_word(text, span.start) + inside_word(text, span.end)
            cut += text[span.start].isspace() or text[span.end - 1].isspace()
    return wrong, cut


def _same(said: str, found: str) -> bool:
    """Whether two texts are equal when a run of white space counts as one space, as browsers show it."""
    return said == found or re.sub(r"\s+", " ", said) == re.sub(r"\s+", " ", found)


def in_normal_form(marked: MarkedText) -> tuple[MarkedText, Notes]:
    """``marked`` with its text in normal form 1 and the offsets of its regions adapted.

    A region of nothing but removed characters (a run of spaces) is left out.
    """
    text = normalise(marked.text)
    if text == marked.text:
        return marked, Notes()
    origins = _origins(marked.text)
    notes = Notes()
    regions = []
    for region in marked.regions:
        places = [
            [bisect_left(origins, edge) for edge in (span.start, span.end)] for span in region.spans
        ]
        spans = tuple(Span(start, end) for start, end in places if start < end)
        if spans:
            regions.append(structs.replace(region, spans=spans))
        else:
            notes.leave_out(f"{region.label!r} of white space only")
    kept = {region.id for region in regions}
    links = tuple(link for link in marked.links if {link.source, link.target} <= kept)
    return structs.replace(marked, text=text, regions=tuple(regions), links=links), notes


def _origins(raw: str) -> list[int]:
    """For each character of the normal form of ``raw``, the offset in ``raw`` it comes from; ascending."""
    composed: list[tuple[str, int]] = []
    for start, segment in _segments(raw):
        composed += [(character, start) for character in unicodedata.normalize("NFC", segment)]
    kept: list[tuple[str, int]] = []
    for character, origin in composed:
        last = kept[-1][0] if kept else "\n"
        if character in " \t":
            if last not in " \n":
                kept.append((" ", origin))
        elif character == "\n":
            if last == " ":
                kept.pop()
            if kept and [item[0] for item in kept[-2:]] != ["\n", "\n"]:
                kept.append((character, origin))
        else:
            kept.append((character, origin))
    while kept and kept[-1][0] in " \n":
        kept.pop()
    return [origin for _, origin in kept]


def _segments(raw: str) -> Iterator[tuple[int, str]]:
    """``raw`` in pieces that NFC composes separately, line ends as ``\\n``, without byte-order marks."""
    start, segment = 0, ""
    for position, character in enumerate(raw):
        if character == "\ufeff" or (character == "\n" and raw[position - 1 : position] == "\r"):
            continue
        character = "\n" if character == "\r" else character
        if segment and not _apart(segment, character):
            segment += character
            continue
        if segment:
            yield start, segment
        start, segment = position, character
    if segment:
        yield start, segment


def _apart(segment: str, character: str) -> bool:
    """Whether ``character`` composes with nothing of ``segment``."""
    if character < "\u0300":
        return True
    if unicodedata.combining(character):
        return False
    whole = unicodedata.normalize("NFC", segment + character)
    return whole == unicodedata.normalize("NFC", segment) + unicodedata.normalize("NFC", character)
