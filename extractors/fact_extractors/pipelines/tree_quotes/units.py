"""Cuts an article into units, the texts that a parser is shown, and translates their offsets back.

A parser takes a stop inside quotation marks for the end of the sentence, and what is said for a part of the
narrator's clause. So a unit is a paragraph in which each stretch of speech that stands for itself is replaced
by one short clause, and which has no other quotation marks; what such a stretch says is a unit of its own where
there may be something to find in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fact_extractors.speech.quotation_marks import MarkedStretch, quoted
from fact_extractors.speech.verbs import forms
from fact_extractors.words import lower

STAND_IN = "« C’est vrai »"
_STOPS = ".!?…"
_STOP_INSIDE = re.compile(r"[.!?…][ \u00a0\u202f]+\w")
_WORD = re.compile(r"[^\W_]+")
_INVERTED = re.compile(r"\w-(?:t-)?(?:ils?|elles?|on)\b")
_PERFECT = re.compile(r", (?:a|ont|avait|avaient) \w+[éit] ")
_ENDS_BEFORE = ':.!?…\n»”"–—-,;('
_CUT = re.compile(r"[.!?…»](?=\s)")


class UnitMark(NamedTuple):
    """A stretch in quotation marks.

    ``start``, ``end``
        with its marks; ``first``, ``last``: without them and the spaces beside them.
    ``held``
        whether it stands for itself, so that the sentence around it is one without its words.
    ``closed``
        whether its closing mark was found.
    ``carried``
        whether it carries on the speech of the paragraph before.
    ``nested``
        the stretches in marks inside it.
    """

    start: int
    end: int
    first: int
    last: int
    held: bool
    carried: bool
    closed: bool
    nested: list[UnitMark]


class UnitPiece(NamedTuple):
    """A part ``[at, stop)`` of a unit's text, which is ``[start, end)`` of the article.

    ``mark`` is the stretch in marks whose words it shows, or which it stands for where that is held.
    """

    at: int
    stop: int
    start: int
    end: int
    mark: UnitMark | None

    @property
    def stands_in(self) -> bool:
        """Whether it shows something else than the article's own words."""
        return self.mark is not None and self.mark.held


class Unit(NamedTuple):
    """What a parser is shown at a time.

    ``text`` is made of ``pieces``; ``marks`` are the stretches in quotation marks among them. ``inside`` is the
    stretch that the unit is the content of, None for the narrator's text.
    """

    text: str
    pieces: tuple[UnitPiece, ...]
    marks: tuple[UnitMark, ...]
    inside: UnitMark | None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the article that ``[start, end)`` of the unit's text stands for."""
        first, last = self._piece(start), self._piece(end - 1)
        begin = first.start if first.stands_in else first.start + start - first.at
        stop = last.end if last.stands_in else last.start + end - last.at
        return begin, max(begin + 1, min(stop, last.end))

    def _piece(self, at: int) -> UnitPiece:
        place = bisect_right(self.pieces, at, key=lambda piece: piece.at) - 1
        return self.pieces[max(place, 0)]


def units(text: str, limit: int) -> list[Unit]:
    """The units of an article, each of at most ``limit`` characters, in the order of the text."""
    marks = _marks(text)
    found: list[Unit] = []
    place = 0
    for start, end in _paragraphs(text, marks):
        first = place
        while place < len(marks) and marks[place].start < end:
            place += 1
        here = marks[first:place]
        found += _packed(text, start, end, here, limit, None)
        for mark in here:
            if mark.nested or _may_hold_an_incise(text, mark):
                found += _packed(text, mark.first, mark.last, mark.nested, limit, mark)
    return found


def _marks(text: str) -> list[UnitMark]:
    """The outer stretches in marks, each with those that stand right in it."""
    outer: list[UnitMark] = []
    for stretch in quoted(text):
        if stretch.inner[0] >= stretch.inner[1]:
            continue
        held = _held(text, stretch)
        mark = UnitMark(
            stretch.open, stretch.close, *stretch.inner, held, stretch.continues, stretch.closed, []
        )
        if not outer or mark.start >= outer[-1].end:
            outer.append(mark)
        elif stretch.depth == 1 and mark.end <= outer[-1].end:
            outer[-1].nested.append(mark)
    return outer


def _before(text: str, at: int) -> str:
    """The last character before ``at`` that is no space; the line end counts, ``""`` at the start."""
    while at > 0 and text[at - 1] in " \u00a0\u202f":
        at -= 1
    return text[at - 1 : at]


def _behind(text: str, at: int) -> str:
    while at < len(text) and text[at] in " \u00a0\u202f":
        at += 1
    return text[at : at + 1]


def word_count(text: str, start: int, end: int) -> int:
    """How many words ``text[start:end]`` has."""
    return sum(1 for _ in _WORD.finditer(text, start, end))


def _held(text: str, stretch: MarkedStretch) -> bool:
    """Whether a stretch is speech that stands for itself: whole sentences, or what a colon announces."""
    first, last = stretch.inner
    if first >= last:
        return False
    if not stretch.closed or stretch.continues:
        return True
    before, behind = _before(text, stretch.open), _behind(text, stretch.close)
    whole = text[last - 1] in _STOPS + "," or _STOP_INSIDE.search(text, first, last) is not None
    opens = before == "" or before in _ENDS_BEFORE
    if text[first].isupper() and (opens or whole):
        return True
    words = word_count(text, first, last)
    if before == ":" and words >= 3:
        return True
    starts = before == "" or before in ".!?…\n"
    return (whole and words >= 4) or (behind == "," and words >= 3 and starts)


def _paragraphs(text: str, marks: Sequence[UnitMark]) -> Iterator[tuple[int, int]]:
    """The lines of a text that are not blank; lines that one pair of marks holds together are one."""
    place = 0
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        while place < len(marks) and marks[place].start < end:
            if marks[place].end > end:
                end = text.find("\n", marks[place].end)
                end = len(text) if end < 0 else end
            place += 1
        if not text[start:end].isspace() and start < end:
            yield start, end
        start = end + 1


def _may_hold_an_incise(text: str, mark: UnitMark) -> bool:
    """Whether speech has a word in it that may say who speaks: « Oui, dit-il, nous irons. »"""
    said = lower(text[mark.first : mark.last])
    if mark.closed and "," not in said and not any(stop in said for stop in "!?…"):
        return False
    known = forms()
    return (_INVERTED.search(said) or _PERFECT.search(said)) is not None or any(
        word.group() in known for word in _WORD.finditer(said)
    )


def _packed(
    text: str,
    start: int,
    end: int,
    marks: Sequence[UnitMark],
    limit: int,
    inside: UnitMark | None,
) -> Iterator[Unit]:
    """A stretch of the article as units: one, or several where it is longer than ``limit``."""
    stand_in = STAND_IN[: max(limit, 1)]
    parts: list[str] = []
    pieces: list[UnitPiece] = []
    length = 0

    def full() -> Iterator[Unit]:
        nonlocal parts, pieces, length
        if pieces:
            own = dict.fromkeys(piece.mark.start for piece in pieces if piece.mark is not None)
            yield Unit("".join(parts), tuple(pieces), tuple(known[at] for at in own), inside)
        parts, pieces, length = [], [], 0

    known = {mark.start: mark for mark in marks}
    for first, last, mark in _pieces(start, end, marks):
        whole = mark is not None and mark.held
        while first < last:
            room = limit - length
            shown = stand_in if whole else text[first : min(last, first + limit)]
            if len(shown) > room and pieces and (whole or room <= limit // 2):
                yield from full()
                continue
            if not whole and last - first > room:
                shown = shown[: _cut(shown, room)]
            stop = last if whole else first + len(shown)
            pieces.append(UnitPiece(length, length + len(shown), first, stop, mark))
            parts.append(shown)
            length += len(shown)
            first = stop
    yield from full()


def _pieces(
    start: int, end: int, marks: Sequence[UnitMark]
) -> Iterator[tuple[int, int, UnitMark | None]]:
    """The stretches that a unit is made of, those in marks with their marks if they are held, else without."""
    at = start
    for mark in marks:
        yield at, mark.start, None
        if mark.held:
            yield mark.start, mark.end, mark
        else:
            yield mark.first, mark.last, mark
        at = mark.end
    yield at, end, None


def _cut(text: str, room: int) -> int:
    """Where a text is cut that must fit ``room`` characters: behind a sentence, else a word, else anywhere."""
    stops = [match.end() for match in _CUT.finditer(text, room // 2, room)]
    if stops:
        return stops[-1]
    space = text.rfind(" ", 1, room)
    return space + 1 if space > 0 else max(room, 1)
