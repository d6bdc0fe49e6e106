"""Tells which characters many spans cover; each question takes a binary search, not a look at every span."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from factharness.facts import Span


class Covered:
    """The characters that some spans cover; the spans may overlap. They are sorted at the first question."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._unsorted = tuple(spans)
        self._starts: list[int] = []
        self._ends: list[int] = []

    def times(self, span: Span) -> int:
        """How many of the spans overlap ``span``: all that begin before its end, less those that end before it
        begins."""
        if self._unsorted:
            self._starts = sorted(span.start for span in self._unsorted)
            self._ends = sorted(span.end for span in self._unsorted)
            self._unsorted = ()
        return bisect_left(self._starts, span.end) - bisect_right(self._ends, span.start)

    def touches(self, span: Span) -> bool:
        """Whether one of the spans overlaps ``span``."""
        return self.times(span) > 0
