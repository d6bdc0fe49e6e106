"""Writes a gold article as a gold file, for new articles, imports and adjudications.

The format cannot hold everything that a :class:`GoldArticle` can; what is left out is returned as notes.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from msgspec import Struct

from factharness.facts import (
    Article,
    Date,
    Entity,
    GoldArticle,
    GoldFact,
    Quote,
    Span,
    label_of,
    spans_of,
)
from factharness.gold.anchors import Range, describe
from factharness.gold.fact_line import TEXT_KEYS
from factharness.gold.format import write_fact
from factharness.gold.header import Header, Labelling, write_header
from factharness.gold.tree import (
    QUOTE,
    Anchor,
    Comment,
    Document,
    FactLine,
    Fragment,
    Mention,
    Offsets,
    Paragraph,
    Passage,
    kind_of_label,
)
from factharness.text import nfc, normalise, paragraphs, sha256

_LABEL = re.compile(r"[A-Z][A-Z0-9_]*(?:\.[a-z]+)*")
_KEYED = re.compile(r"[a-z]+:(?:[ \t]|$)")


def header_for(article: Article, *, labels: Labelling, **more: object) -> Header:
    """A header for an article in full text; ``more`` are further fields of :class:`Header`.

    The article needs a date of publication.
    """
    if article.published is None:
        raise ValueError(f"{article.id}: a gold file needs a date of publication")
    return Header(
        id=article.id,
        lang=article.lang,
        published=article.published,
        text="full",
        sha256=sha256(article.text),
        meta=dict(article.meta),
        labels=labels,
        **more,  # type: ignore[arg-type]
    )


class Loss(Struct, frozen=True):
    """What a gold file cannot hold: the ``whole`` fact, or only the part of it that ``why`` names."""

    fact: GoldFact
    why: str
    whole: bool

    def __str__(self) -> str:
        span = spans_of(self.fact.fact)[0]
        return f"{label_of(self.fact.fact)} [{span.start}, {span.end}): {self.why}"


def compose(
    header: Header, gold: GoldArticle, *, in_words: bool = True
) -> tuple[Document, tuple[Loss, ...]]:
    """The gold file of an article whose text is in normal form, and what could not be carried.

    A speaker or cue in a paragraph where the quote has no words is carried by name only; an entity or a date
    that crosses a paragraph break is not. ``in_words`` is as for :class:`Composer`.
    """
    composer = Composer(gold.article.text, in_words=in_words)
    for fact in gold.facts:
        composer.add(fact)
    return composer.document(header, gold.path), tuple(composer.losses)


class Composer:
    """The paragraphs of one text in normal form, filled with fact lines.

    ``losses`` are the facts that no line can hold; ``in_words`` writes places as words, else as offsets.
    """

    def __init__(self, text: str, *, in_words: bool = True) -> None:
        if normalise(text) != text:
            raise ValueError("the text is not in normal form")
        self.parts = paragraphs(text) if text else []
        self.offsets = [offset for offset, _ in self.parts]
        self.lines: list[list[FactLine | Comment]] = [[] for _ in self.parts]
        self.losses: list[Loss] = []
        self.text = text
        self.in_words = in_words
        self.quotes = 0

    def document(self, header: Header, path: str = "") -> Document:
        """What was added, under a header."""
        blocks = tuple(
            Passage(Paragraph(0, part, len(part)), tuple(lines))
            for (_, part), lines in zip(self.parts, self.lines, strict=True)
        )
        return Document(header, write_header(header), (), blocks, path)

    def remark(self, fact: GoldFact, mark: str) -> list[tuple[int, Comment]]:
        """Add a fact as comments that start with ``mark``, to be uncommented by hand; returns them, each with
        the index of its paragraph."""
        before = [len(lines) for lines in self.lines]
        self.add(fact)
        remarks: list[tuple[int, Comment]] = []
        for index, (lines, length) in enumerate(zip(self.lines, before, strict=True)):
            for place in range(length, len(lines)):
                line = lines[place]
                if isinstance(line, FactLine):
                    lines[place] = comment = Comment(0, f"# {mark} {write_fact(line)}")
                    remarks.append((index, comment))
        return remarks

    def add(self, fact: GoldFact) -> None:
        """Add the lines of a fact."""
        label = QUOTE if isinstance(fact.fact, Quote) else label_of(fact.fact)
        expected = kind_of_label(label)
        if not _LABEL.fullmatch(label) or (isinstance(fact.fact, Entity) and expected != "entity"):
            self._lost(fact, f"{label!r} is not a label of the format", whole=True)
        elif spans_of(fact.fact)[-1].end > len(self.text):
            self._lost(fact, "it ends past the text", whole=True)
        elif isinstance(fact.fact, Quote):
            self._add_quote(fact, fact.fact)
        else:
            self._add_span(fact, fact.fact, label)

    def _lost(self, fact: GoldFact, why: str, *, whole: bool = False) -> None:
        self.losses.append(Loss(fact, why, whole))

    def _describe(self, place: Range, index: int, *, shorten: bool = False) -> Fragment:
        if not self.in_words:
            return Offsets(*place)
        return describe(place, self.parts[index][1], shorten=shorten)

    def _places(self, span: Span) -> list[tuple[int, Range]]:
        """The pieces of a span by paragraph, without the breaks between."""
        pieces = []
        first = max(0, bisect_right(self.offsets, span.start) - 1)
        for index in range(first, bisect_left(self.offsets, span.end)):
            offset, part = self.parts[index]
            start, end = max(span.start - offset, 0), min(span.end - offset, len(part))
            if start < end:
                pieces.append((index, (start, end)))
        return pieces

    def _single(self, span: Span) -> tuple[int, Range] | None:
        """The one paragraph that holds the whole of a span."""
        pieces = self._places(span)
        if len(pieces) == 1 and pieces[0][1][1] - pieces[0][1][0] == len(span):
            return pieces[0]
        return None

    def _add_span(self, fact: GoldFact, inner: Entity | Date, label: str) -> None:
        placed = self._single(inner.span)
        if placed is None:
            self._lost(fact, "it crosses a paragraph break", whole=True)
            return
        index, place = placed
        value = None
        if isinstance(inner, Date) and inner.value is not None:
            value = _one_line(inner.value)
            if not value or _KEYED.match(value):
                self._lost(fact, f"its value {inner.value!r} cannot be written")
                value = None
        self.lines[index].append(
            FactLine(
                0,
                label,
                Anchor((self._describe(place, index),)),
                ignore=fact.ignore,
                value=value,
                texts=self._texts(fact),
            )
        )

    def _add_quote(self, fact: GoldFact, quote: Quote) -> None:
        pieces: dict[int, list[Range]] = {}
        for span in quote.content:
            for index, place in self._places(span):
                pieces.setdefault(index, []).append(place)
        if not pieces:
            self._lost(fact, "it stands between two paragraphs", whole=True)
            return
        mentions: dict[int, dict[str, Mention]] = {index: {} for index in pieces}
        first = min(pieces)
        self._mention("by", quote.speaker, quote.speaker_name, fact, mentions, first)
        self._mention("cue", quote.cue, None, fact, mentions, first)
        if fact.attributes.get("to"):
            mentions[first]["to"] = Mention(name=_one_line(fact.attributes["to"]))
        name = None
        if len(pieces) > 1:
            self.quotes += 1
            name = f"q{self.quotes}"
        for index, places in pieces.items():
            fragments = tuple(self._describe(place, index, shorten=True) for place in places)
            opening = index == first
            self.lines[index].append(
                FactLine(
                    0,
                    QUOTE,
                    Anchor(fragments, continues=not opening),
                    ignore=fact.ignore and opening,
                    id=name,
                    value=quote.type if opening else None,
                    texts=self._texts(fact) if opening else {},
                    mentions=mentions[index],
                )
            )

    def _mention(
        self,
        key: str,
        span: Span | None,
        name: str | None,
        fact: GoldFact,
        mentions: dict[int, dict[str, Mention]],
        first: int,
    ) -> None:
        """Put a speaker or a cue on the line of its paragraph, else its name on the first line."""
        name = _one_line(name or "") or None
        placed = self._single(span) if span is not None and span.end <= len(self.text) else None
        if placed is not None and placed[0] in mentions:
            index, place = placed
            mentions[index][key] = Mention(self._describe(place, index), name=name)
            return
        if span is not None:
            self._lost(fact, f"its {key}: stands in another paragraph")
        if key == "by" and (name or not fact.ignore):
            words = _one_line(span.of(self.text)) if span is not None else ""
            mentions[first][key] = Mention(name=name or words or None)

    def _texts(self, fact: GoldFact) -> dict[str, str]:
        """The attributes the format knows for that kind of fact."""
        label = QUOTE if isinstance(fact.fact, Quote) else label_of(fact.fact)
        known = TEXT_KEYS[kind_of_label(label)]
        texts = {}
        for key, text in fact.attributes.items():
            clean = _one_line(text)
            if key in known and clean:
                texts[key] = clean
            elif key != "to" or not isinstance(fact.fact, Quote):
                self._lost(fact, f"its attribute {key!r} has no place in the format")
        return texts


def _one_line(text: str) -> str:
    """``text`` as a field can hold it: NFC, no line end or tab, no run of spaces, trimmed."""
    text = nfc(text.replace("\ufeff", "").encode("utf-8", "replace").decode())
    return " ".join(part for part in re.split(r"[ \t\r\n\0]+", text) if part)
