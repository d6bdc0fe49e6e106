"""Finds the words of an article that the caret visits, the ends of its sentences, and its quotation marks."""

from __future__ import annotations

import re
from typing import NamedTuple

from factharness.facts import Span
from factharness.text import fold

_WORD = re.compile(
    r"[nNoO]'[A-ZÀ-Þ]\w+|"  # N'Djamena, O'Brien
    r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu)'(?=\w)|"
    r"aujourd'hui|presqu'[iîÎI]\w+|prud'\w+|"
    r"[A-ZÀ-Þ](?:\.-?[A-ZÀ-Þ])+\.?|[A-ZÀ-Þ]\.(?=[ -]?[A-ZÀ-Þ])|MM?\.|"  # U.S.A., J.-P., M.
    r"\d+(?:[.,:]\d+)*(?:er|e|re|h\d*)?(?:-\w+)*|"
    r"\w+(?:[-\u2011]\w+)*(?:'\w+(?:[-\u2011]\w+)*)*|[&%€$£°]",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…]+(?=[\s»”\"’)\]]|\Z)|\n")
_ABBREVIATED = frozenset(("m", "mm", "me", "mgr", "dr", "pr", "st", "av", "etc", "cf", "no", "art"))
_GOES_ON = re.compile(r"[\s»”\")\]]*[a-zà-ÿœ,;:]")
_BEFORE_CASE = re.compile(r"\w+\Z")

PAIRS = {"«": "»", "“": "”", "„": "“", '"': '"'}
"""Opening mark to closing mark."""


class Marked(NamedTuple):
    """A stretch in quotation marks, ``[start, end)`` with its marks."""

    start: int
    end: int


def words(text: str) -> list[Span]:
    """The words and figures of ``text``; an elided article (``l’``, ``qu’``) is a word of its own."""
    return [Span(*found.span()) for found in _WORD.finditer(fold(text))]


def sentence_ends(text: str) -> list[int]:
    """Where the sentences of ``text`` end, without the point that closes them; in order.

    A line or paragraph ends a sentence. The point of an abbreviation or an initial does not, nor do marks of
    exclamation or question after which the sentence goes on in lower case.
    """
    ends: list[int] = []
    for stop in _SENTENCE_END.finditer(text):
        at = stop.start()
        if stop.group() != "\n":
            before = _BEFORE_CASE.search(text, max(0, at - 6), at)
            short = before.group() if before is not None else ""
            initial = len(short) == 1 and short.isupper()
            if stop.group() == "." and (initial or short.lower() in _ABBREVIATED):
                continue
            if _GOES_ON.match(text, stop.end()):
                continue
        while at > 0 and text[at - 1] in " \n":
            at -= 1
        if at > (ends[-1] if ends else 0):
            ends.append(at)
    last = len(text.rstrip(" .!?…\n"))
    return [*ends, last] if last > (ends[-1] if ends else 0) else ends


def marked(text: str) -> list[Marked]:
    """The stretches of ``text`` in quotation marks, by their start; one left open ends with its paragraph."""
    found: list[Marked] = []
    open_marks: list[tuple[str, int]] = []
    for at, mark in enumerate(text):
        if mark == "\n" and text[at - 1 : at] == "\n":
            found += [Marked(start, at - 1) for _, start in open_marks if start < at - 1]
            open_marks = []
            continue
        closes = next(
            (n for n in reversed(range(len(open_marks))) if PAIRS[open_marks[n][0]] == mark), None
        )
        if closes is not None:
            found.append(Marked(open_marks[closes][1], at + 1))
            del open_marks[closes:]
        elif mark in PAIRS and len(open_marks) < 8:
            open_marks.append((mark, at))
    found += [Marked(start, len(text)) for _, start in open_marks if start < len(text)]
    return sorted(found)
