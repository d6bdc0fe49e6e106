"""A gold file as a tree: header, paragraphs, fact lines, comments; words as they are typed, not looked up.

A :class:`Document` is what reading, formatting, withholding and attaching work on; the mistakes that were met
on the way are in ``errors``, so that a check can list them all and a run can stop at the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from factharness.errors import GoldError
from factharness.facts import QUOTE_TYPES, Kind, QuoteType
from factharness.gold.header import Header
from factharness.labels import DATE_LABELS

QUOTE = "QUOTE"

_KINDS: dict[str, Kind] = {QUOTE: "quote", **dict.fromkeys(DATE_LABELS, "date")}
_QUOTE_TYPES: dict[str | None, QuoteType] = {name: name for name in QUOTE_TYPES}


# These are many and cannot form a reference cycle: with `gc=False` the garbage collector does not visit them.
class Words(Struct, frozen=True, gc=False):
    """Words as they stand in the paragraph; ``nth`` (from 1) says which hit when there are several."""

    text: str
    nth: int | None = None


class Elided(Struct, frozen=True, gc=False):
    """The first and the last words of a stretch, what lies between left out."""

    head: str
    tail: str


class Offsets(Struct, frozen=True, gc=False):
    """Code points of the paragraph, half-open."""

    start: int
    end: int


Fragment: TypeAlias = Words | Elided | Offsets


class Anchor(Struct, frozen=True, gc=False):
    """The words of a fact: its fragments; ``continues`` when it continues a quote of an earlier paragraph."""

    fragments: tuple[Fragment, ...]
    continues: bool = False


class Mention(Struct, frozen=True, gc=False):
    """Who speaks, to whom, or the cue: words in the paragraph, or another quote, and a resolved name."""

    fragment: Fragment | None = None
    ref: str | None = None
    name: str | None = None


class FactLine(Struct, frozen=True, gc=False):
    """One fact, or the continuation of a quote. ``kind`` follows from ``label``."""

    line: int
    label: str
    anchor: Anchor
    ignore: bool = False
    id: str | None = None
    value: str | None = None
    texts: dict[str, str] = {}
    mentions: dict[str, Mention] = {}

    @property
    def kind(self) -> Kind:
        """The layer the label belongs to."""
        return kind_of_label(self.label)


class Comment(Struct, frozen=True, gc=False):
    """A line that starts with ``#``, without its indentation."""

    line: int
    text: str


class Paragraph(Struct, frozen=True, gc=False):
    """A paragraph: its text, or None when it is withheld; ``hash16`` is "" when the text is here."""

    line: int
    text: str | None
    length: int
    hash16: str = ""


class Passage(Struct, frozen=True, gc=False):
    """A paragraph and the lines under it."""

    paragraph: Paragraph
    lines: tuple[FactLine | Comment, ...] = ()

    def facts(self) -> Iterator[FactLine]:
        """The fact lines, comments left out."""
        return (line for line in self.lines if isinstance(line, FactLine))


class Document(Struct, frozen=True):
    """A gold file. ``header_source`` is the header as typed, comments included; ``normal`` is False when
    a paragraph was not in normal form and has been normalised on reading."""

    header: Header
    header_source: str
    opening: tuple[Comment, ...]
    blocks: tuple[Passage, ...]
    path: str = ""
    normal: bool = True
    errors: tuple[GoldError, ...] = ()


def kind_of_label(label: str) -> Kind:
    """``QUOTE`` is a quote, the four TIMEX3 types are dates, all else is an entity."""
    return _KINDS.get(label, "entity")


def quote_type(line: FactLine) -> QuoteType | None:
    """The type a quote's line states."""
    return _QUOTE_TYPES.get(line.value)
