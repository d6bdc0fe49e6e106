"""Rewrites a text, and maps the offsets of the old text to the new one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from msgspec import Struct

from factharness.facts import Span


class Edit(Struct, frozen=True, array_like=True):
    """The characters ``[start, end)`` of the old text, at least one, and what stands in their place.

    To insert text, replace the character before or after it by that character and the text: so it is clear to
    which of the two the new text belongs.
    """

    start: int
    end: int
    text: str


class OffsetMap(Struct, frozen=True):
    """Where the offsets of the old text are in the new one: a map that never decreases.

    ``old`` and ``new`` have the two ends of each edit, from 0 to the lengths of the texts. Between two edits
    the texts are alike; a place inside an edit goes as far into the new characters as it can.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]

    def of(self, place: int) -> int:
        """The offset in the new text of an offset in the old one."""
        at = bisect_right(self.old, place) - 1
        beyond = self.new[at] + place - self.old[at]
        return min(beyond, self.new[at + 1]) if at + 1 < len(self.new) else beyond

    def carried(self, span: Span) -> Span | None:
        """The span of the new text with the same words; None when nothing is left of it."""
        start, end = self.of(span.start), self.of(span.end)
        return Span(start, end) if start < end else None


def rewrite(text: str, edits: Iterable[Edit]) -> tuple[str, OffsetMap]:
    """The text after ``edits``, which are in order and do not overlap, and the map of its offsets."""
    old, new, parts = [0], [0], [""]
    for edit in edits:
        if not old[-1] <= edit.start < edit.end <= len(text):
            raise ValueError(f"{edit} is out of order, empty, or beyond the text")
        parts += [text[old[-1] : edit.start], edit.text]
        start = new[-1] + edit.start - old[-1]
        old += [edit.start, edit.end]
        new += [start, start + len(edit.text)]
    parts.append(text[old[-1] :])
    return "".join(parts), OffsetMap(tuple(old), tuple(new))
