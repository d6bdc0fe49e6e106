"""Finds words in a text whose quotation marks are of another kind: ``"oui"`` finds ``« oui »``.

What stands beside a mark of the words says whether it opens or closes. Spaces between it and the words that it
encloses may be there or not, those outside of it must be. The work grows with the words and the text, whatever
stands in them: no part of the words fits a text in two ways, and they are compared only where all but marks and
spaces fits.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

_BEFORE_OPENING = " '([-–—"
_BEHIND_CLOSING = " .,;:!?…)]-–—"
_QUOTATION_MARK = re.compile(r"[«»“”]")
_SPACED_MARK = re.compile(r" *([«»“”\"]) *")
_SPACES = re.compile(" *")

Range = tuple[int, int]


class _Part(NamedTuple):
    """The words up to a mark.

    ``words``  without spaces at their ends
    ``left``   how many spaces stand before them at least, and at most
    ``right``  how many spaces stand behind them
    ``marks``  the marks that may follow, those of the same kind and of others; empty at the end of the words
    """

    words: str
    left: Range
    right: Range
    marks: str


def straight(words: str) -> str:
    """``words`` with a straight mark for each of another kind."""
    return _QUOTATION_MARK.sub('"', words)


def places(words: str, text: str) -> Iterator[Range]:
    """The places in ``text`` of ``words`` that have straight marks, from left to right; they may overlap."""
    parts = list(_parts(words))
    before = len(words) - len(words.lstrip(" "))
    for first in _likely(words, text):
        start = first
        while start and first - start <= before and text[start - 1] == " ":
            start -= 1
        for at in range(start, first + 1):
            end = _end(parts, text, at)
            if end is not None:
                yield at, end


def _likely(words: str, text: str) -> Iterator[int]:
    """Where the first character of ``words`` that is no space stands in ``text``, for each place where the
    words fit when marks of all kinds, and the spaces beside them, count as equal."""
    needle = _SPACED_MARK.sub('"', words.strip(" "))
    found = list(_SPACED_MARK.finditer(text))
    hay = _SPACED_MARK.sub('"', text)
    shifts = [0, *(mark.end() for mark in found)]
    # Where each mark stands in ``hay``: all spaces beside those before it are gone.
    marks, gone = [], 0
    for mark in found:
        marks.append(mark.start() - gone)
        gone += len(mark.group()) - 1
    at = hay.find(needle)
    while at >= 0:
        behind = bisect_left(marks, at)  # how many marks stand before it
        if hay[at] == '"':
            yield found[behind].start(1)
        else:
            yield at if not behind else shifts[behind] + at - marks[behind - 1] - 1
        at = hay.find(needle, at + 1)


def _parts(words: str) -> Iterator[_Part]:
    pieces = words.split('"')
    begins = 0  # how many spaces may stand behind a mark, or not
    for left, right in pairwise(pieces):
        opens = not left or (left[-1] in _BEFORE_OPENING and right[:1] not in ("", " "))
        closes = not right or (right[0] in _BEHIND_CLOSING and left[-1:] not in ("", " "))
        if opens == closes:
            yield _part(left, begins, 1, '«»“”"')
            begins = 1
        elif opens:
            yield _part(left, begins, 0, '«“"')
            begins = 1
        else:
            yield _part(left, begins, 1, '»”"')
            begins = 0
    yield _part(pieces[-1], begins, 0, "")


def _part(words: str, begins: int, ends: int, marks: str) -> _Part:
    """The part for ``words``, which end at ``marks``. ``begins`` and ``ends`` are 1 where the words follow, or
    precede, a mark on whose inner side a space may be there or not, else 0."""
    words = words.removeprefix(" " * begins).removesuffix(" " * ends)
    bare = words.strip(" ")
    if not bare:
        return _Part("", (len(words), len(words) + begins + ends), (0, 0), marks)
    left = len(words) - len(words.lstrip(" "))
    right = len(words) - left - len(bare)
    return _Part(bare, (left, left + begins), (right, right + ends), marks)


def _end(parts: list[_Part], text: str, at: int) -> int | None:
    """Where the parts end that stand in ``text`` from ``at`` on; None when they do not."""
    for words, (fewest, most), right, marks in parts:
        spaces = _spaces(text, at)
        if not words and not marks:
            return at + min(spaces, most) if spaces >= fewest else None
        if not fewest <= spaces <= most or not text.startswith(words, at + spaces):
            return None
        at += spaces + len(words)
        spaces = _spaces(text, at) if words else 0
        if not marks:
            return at + right[0] if spaces >= right[0] else None
        if not right[0] <= spaces <= right[1]:
            return None
        at += spaces
        if at == len(text) or text[at] not in marks:
            return None
        at += 1
    return at


def _spaces(text: str, at: int) -> int:
    """How many spaces stand at ``at``."""
    run = _SPACES.match(text, at)
    return run.end() - at if run else 0
