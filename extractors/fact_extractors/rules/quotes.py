"""Quotations: what was said, by whom, and which words say so.

Every marked stretch of a sentence is tried with one way of attributing speech after the other
(:data:`.quotes_in_marks.WAYS`), then every cue that is left (:data:`.indirect_quotes.WAYS`); the first way that
fits makes the quotation. Marks inside marks are read in the same way, as a text of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from fact_extractors.rules import entities as names
from fact_extractors.rules import indirect_quotes, quotes_in_marks
from fact_extractors.rules.attribution import Draft, Reader
from fact_extractors.rules.noun_phrases import Stretch
from fact_extractors.rules.people import People
from factharness.facts import Entity, Quote, Span


class FoundQuote(Struct, frozen=True, gc=False):
    """A quotation and the id of the way it was attributed."""

    quote: Quote
    rule: str


def _read(reader: Reader) -> list[Draft]:
    before = None
    for sentence in reader.told.sentences:
        for mark in sentence.marks:
            if not reader.is_covered(mark.open, mark.close):
                for way in quotes_in_marks.WAYS:
                    if way(reader, sentence, mark, before):
                        break
        for cue in sentence.cues:
            if cue.start not in reader.spent:
                for report in indirect_quotes.WAYS:
                    if report(reader, sentence, cue):
                        break
        before = sentence
    return reader.drafts


def _moved(stretch: Stretch | None, by: int) -> Span | None:
    if stretch is None or stretch[0] >= stretch[1]:
        return None
    return Span(stretch[0] + by, stretch[1] + by)


def _made(draft: Draft, offset: int) -> FoundQuote | None:
    """The quotation of a draft, ``offset`` characters further on."""
    content = [span for part in sorted(set(draft.content)) if (span := _moved(part, offset))]
    if not content or any(a.end > b.start for a, b in pairwise(content)):
        return None
    speaker, cue = _moved(draft.by.speaker, offset), _moved(draft.by.cue, offset)
    return FoundQuote(Quote(tuple(content), draft.type, speaker, None, cue), draft.rule)


def _nested(reader: Reader) -> list[FoundQuote]:
    """The quotations with a cue of their own inside the outer marks."""
    found = []
    for outer in reader.told.outer:
        first, last = outer.inner
        if any(first <= m.open and m.close <= last for m in reader.told.nested_in(outer)):
            inner = reader.text[first:last]
            for draft in _read(Reader(inner)):
                if (
                    draft.type == "direct"
                    and draft.by.cue is not None
                    and draft.rule != "incise-inside"
                ):
                    made = _made(draft, first)
                    found += [] if made is None else [made]
    return found


def find(text: str, entities: Sequence[Entity] | None = None) -> list[FoundQuote]:
    """The quotations of ``text``, by the place they start at. Linear in its length.

    ``entities`` are those of the text when the caller has them; the names of the speakers come from them.
    """
    reader = Reader(text)
    found = [made for draft in _read(reader) if (made := _made(draft, 0)) is not None]
    found = sorted(found + _nested(reader), key=lambda f: f.quote.content[0])
    if not found:
        return []
    if entities is None:
        entities = [f.entity for f in names.find(text)]
    people = People(text, entities)
    return [_named(f, people) for f in found]


def _named(found: FoundQuote, people: People) -> FoundQuote:
    quote = found.quote
    if quote.speaker is None:
        return found
    name = people.name(quote.speaker, quote.content[0].start)
    return replace(found, quote=replace(quote, speaker_name=name))
