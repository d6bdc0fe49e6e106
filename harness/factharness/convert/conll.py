"""CoNLL columns, tags read in any scheme and written in IOB2 or IOBES: one token per line, a blank line after
each paragraph of the text, ``-DOCSTART-`` before each document. Which tokens and blank lines there are depends
on the text alone.

They hold entities and dates in one flat layer on whole tokens: quotes, don't-care facts, values, inner names
and the white space between tokens are left out; the tokens come back parted by one space, those of CoNLL-U as
it says. What a scheme does not allow (``I-PER`` after ``O`` in BIO) is repaired as conlleval does, discarded
or refused, and counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec import Struct

from factharness.convert.columns import START, Sentence, TokenSection, read_columns
from factharness.convert.model import MarkedText, Notes, Read, Region, TagReading, Written
from factharness.convert.tags import names_in, scheme_of, tags_of
from factharness.convert.text import read_texts
from factharness.convert.tokens import Token, flat, tokenise
from factharness.facts import Span

_BLANK_LINE = re.compile(r"\n\s*?\n|\r\s*?\r")


class Conll(Struct, frozen=True):
    """CoNLL columns, CoNLL-U among them. ``scheme`` is that of writing; reading takes any."""

    scheme: str = "iob2"
    reading: TagReading = TagReading()

    def read(self, files: Mapping[str, bytes]) -> Read:
        """The documents of column files, blank lines between sentences."""
        return read_texts(files, self._documents)

    def _documents(self, source: str, file: str, notes: Notes) -> Iterator[MarkedText]:
        sections = read_columns(source, file, notes)
        scheme = scheme_of(_tags(sections))
        for section in sections:
            yield _document(section, file, notes, scheme, self.reading)

    def write(self, documents: Sequence[MarkedText]) -> Written:
        """One file of all documents."""
        notes = Notes()
        lines: list[str] = []
        for document in documents:
            notes.leave_out("white space between tokens")
            lines.append(f"{START} {document.id} O\n\n")
            tokens = tokenise(document.text)
            regions = _in_one_paragraph(flat(document, tokens, notes), document.text, notes)
            for token, tag in zip(tokens, tags_of(tokens, regions, self.scheme), strict=True):
                lines.append(f"{token.text}\t{tag}\n")
                if _ends_paragraph(token):
                    lines.append("\n")
            lines.append("\n")
        return Written({f"{self.scheme}.conll": "".join(lines).encode()}, notes.lines())


def _ends_paragraph(token: Token) -> bool:
    """Whether a blank line follows a token."""
    return bool(_BLANK_LINE.search(token.after))


def _in_one_paragraph(regions: Sequence[Region], text: str, notes: Notes) -> list[Region]:
    """The regions that no blank line cuts, since a name ends with its sentence; the others are noted."""
    kept = []
    for region in regions:
        if _BLANK_LINE.search(text, region.spans[0].start, region.spans[-1].end):
            notes.leave_out(f"{region.label} across paragraphs")
        else:
            kept.append(region)
    return kept


def _tags(sections: Sequence[TokenSection]) -> list[str]:
    """The tags of a file, O between sentences."""
    tags: list[str] = []
    for section in sections:
        for sentence in section.sentences:
            tags += [*(word.tag for word in sentence.words), "O"]
    return tags


def _document(
    section: TokenSection, file: str, notes: Notes, scheme: str, reading: TagReading
) -> MarkedText:
    stem = PurePath(file).stem
    name = section.name or (f"{stem}-{section.count}" if section.count else stem)
    text = _Text()
    regions: list[Region] = []
    for sentence in section.sentences:
        places = text.add(sentence)
        tags = [word.tag for word in sentence.words]
        lines = [word.line for word in sentence.words]
        for first, last, label in names_in(tags, lines, file, notes, scheme, reading):
            solid = [place for place in places[first : last + 1] if place is not None]
            if not solid:
                notes.leave_out("a name of empty tokens", where=file)
                continue
            inside = [word.inside for word in sentence.words[first : last + 2]]
            if inside[0] or any(inside[last - first + 1 :]):
                notes.add("a name that ends inside a token of several words, taken to its end")
            span = Span(solid[0].start, solid[-1].end)
            regions.append(Region(f"T{len(regions) + 1}", (span,), label))
    return MarkedText(name, text.whole(), tuple(regions), file=file)


class _Text:
    """A text that grows by sentences, a line each."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.gap = ""

    def add(self, sentence: Sentence) -> list[Span | None]:
        """Add a sentence; the places of its words, None of an empty one."""
        if sentence.paragraph and self.parts:
            self.gap = "\n\n"
        elif self.gap:
            self.gap = "\n"
        places: list[Span | None] = []
        for word in sentence.words:
            if word.text:
                start = self.length + len(self.gap)
                self.parts += [self.gap, word.text]
                self.length = start + len(word.text)
                self.gap = " " if word.spaced else ""
                places.append(Span(start, self.length))
            else:
                places.append(places[-1] if word.inside and places else None)
        return places

    def whole(self) -> str:
        """The text."""
        return "".join(self.parts)
