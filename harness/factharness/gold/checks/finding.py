"""A gold file that is being checked, and what a check finds in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

from factharness.facts import GoldFact, Span
from factharness.gold.tree import Document
from factharness.scheme import Scheme
from factharness.text import PARAGRAPH_BREAK, paragraphs

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
        stops = _STOP.finditer(text, self._paragraph_start(span), span.start)
        start = max((stop.end() for stop in stops), default=self._paragraph_start(span))
        stop = _STOP.search(text, span.start)
        return text[start : stop.start() if stop else len(text)]

    def _paragraph_start(self, span: Span) -> int:
        found = (self.text or "").rfind(PARAGRAPH_BREAK, 0, span.start)
        return found + len(PARAGRAPH_BREAK) if found != -1 else 0

    def paragraphs(self) -> Iterator[tuple[tuple[int, str], int]]:
        """Each paragraph of the text with its offset, and its line in the file; none without the text."""
        if self.text is not None:
            lines = [block.paragraph.line for block in self.attached.blocks]
            yield from zip(paragraphs(self.text), lines, strict=False)

    def labelled(self, kind: str) -> bool:
        """Whether the layer is labelled in this file (the header's ``skip`` does not name it)."""
        return kind not in self.document.header.labels.skip


Check: TypeAlias = Callable[[Checked], Iterator[Finding]]
