"""A gold file that is being checked, and what a check finds in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

from factharness.facts import GoldFact, Span
from factharness.gold.tree import Document
from factharness.scheme import Scheme
from factharness.text import paragraphs

_STOP = re.compile(r"\n|[.!?…:;](?=\s)")
"""The end of a sentence, of a part of one before a colon, or of a line."""


class Finding(NamedTuple):
    """What a check found on a line: what is wrong, and what to do.

    An error is surely wrong, a warning probably. ``rule`` is the number of the guideline that says so, "" where
    the format does. ``place`` is the stretch of the text that it is about, for a line that has no fact.
    """

    line: int
    message: str
    remedy: str
    level: Literal["error", "warning"] = "error"
    rule: str = ""
    place: Span | None = None


class Checked(Struct, frozen=True):
    """A file that is being checked: as it is, and with its text when that is attached; its facts; its text
    (None when the text is missing); the scheme of its labels."""

    document: Document
    attached: Document
    facts: tuple[GoldFact, ...]
    text: str | None
    scheme: Scheme

    def words(self, span: Span) -> str:
        """The words of a span; empty when the text is missing."""
        return span.of(self.text) if self.text is not None else ""

    def before(self, span: Span) -> str:
        """The words of its paragraph before a span, forty characters at most."""
        return (self.text or "")[max(self._paragraph_start(span), span.start - 40) : span.start]

    def sentence(self, span: Span) -> str:
        """The sentence in which a span starts, or the part of it behind a colon."""
        text = self.text or ""
        stops = _stops(text)
        # What stands before the span alone says where it stops: a mark needs a space behind it there.
        before = bisect_right(stops, span.start, key=lambda stop: stop + (text[stop] != "\n") + 1)
        start = self._paragraph_start(span)
        if before:
            start = max(start, stops[before - 1] + 1)
        behind = bisect_left(stops, span.start)
        return text[start : stops[behind] if behind < len(stops) else len(text)]

    def _paragraph_start(self, span: Span) -> int:
        starts = _paragraph_starts(self.text or "")
        return starts[bisect_right(starts, span.start) - 1]

    def paragraphs(self) -> Iterator[tuple[tuple[int, str], int]]:
        """Each paragraph of the text with its offset, and its line in the file; none without the text."""
        if self.text is not None:
            lines = [block.paragraph.line for block in self.attached.blocks]
            yield from zip(paragraphs(self.text), lines, strict=False)

    def labelled(self, kind: str) -> bool:
        """Whether the layer is labelled in this file (the header's ``skip`` does not name it)."""
        return kind not in self.document.header.labels.skip


@lru_cache(maxsize=16)
def _stops(text: str) -> list[int]:
    """Where :data:`_STOP` stands in a text, in which the sentences of many facts are looked for."""
    return [stop.start() for stop in _STOP.finditer(text)]


@lru_cache(maxsize=16)
def _paragraph_starts(text: str) -> list[int]:
    return [start for start, _ in paragraphs(text)]


Check: TypeAlias = Callable[[Checked], Iterator[Finding]]
