"""Cuts a text into words with what matters for names: capitals, elisions, initials, what stands close to what.

A text is split at its spaces, and each distinct chunk between two of them is cut once (see
:class:`~fact_extractors.words.PerWord`): texts have most of their chunks in common.
"""

from __future__ import annotations

import re
from itertools import accumulate, repeat
from typing import NamedTuple

from msgspec import Struct

from fact_extractors.rules.lexicon import key
from fact_extractors.words import PerWord

_WORD = re.compile(
    r"([NO]['’][A-Z]\w+|(?:[ldnsmtjcLDNSMTJC]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)['’](?=\w)|"
    r"[A-Z](?:\.-?[A-Z])*\.(?=[ \u00a0-]?[A-ZÀ-Þvd])|MM?\.|Mgr\.?|[DMPS][ert]\.|"
    r"\d+(?:[-‑][A-ZÀ-Þ]\w+)+|\d+(?:[.,]\d+)*|"
    r"\w+(?:[-‑'’]\w+)*|&)"
)
_INITIAL = re.compile(r"\. (?<=[A-Z]\. )(?=[A-ZÀ-Þvd])")
"""The one place where a word depends on what stands behind the next space: the point of *J. Morel*."""
_ARABIC_ARTICLE = re.compile(r"(?:al|el|an|as|ash|ad|ar|at|az)-[A-ZÀ-Þ]")
_OPENERS = tuple('«“"(‹[—–:•')
_CLOSE = frozenset(("", "\u00a0", "\u202f"))
_PAST_END = 8
"""How far a look ahead may go beyond the last word."""

TITLES = frozenset(("m", "mm", "mme", "mmes", "mlle", "me", "mgr", "dr", "pr"))
"""Forms of address, without their point."""


class CasedWord(Struct, frozen=True, gc=False):
    """What a word shows by itself.

    ``text``, ``low``  as it stands, and in lower case with plain apostrophes
    ``key``            the form under which names are looked up
    ``capital``        whether a capital leads it
    ``elided``         whether it ends with an apostrophe
    ``title``          whether it is a form of address
    """

    text: str
    low: str
    key: str
    capital: bool
    elided: bool
    title: bool


class CutText(NamedTuple):
    """The words of a text, each with what the lists hold at its place.

    ``starts``, ``ends``  where it stands
    ``joined``            whether nothing but a space stands between it and the one before; the list goes on
                          beyond the last word, with False
    ``opened``            the places of the words before which an opening mark, a parenthesis, a dash, a bullet
                          or a colon stands
    """

    words: list[CasedWord]
    starts: list[int]
    ends: list[int]
    joined: list[bool]
    opened: set[int]


class _Placed(NamedTuple):
    """A word between two spaces, with its place there and the flags of :class:`CutText`."""

    word: CasedWord
    start: int
    end: int
    joined: bool
    opened: bool


class _Chunk(NamedTuple):
    """The words between two spaces.

    ``ends``: nothing stands behind the last one. ``opens``: what stands at the end opens what follows.
    """

    words: tuple[_Placed, ...]
    ends: bool
    opens: bool


def _cased(text: str) -> CasedWord:
    low = text.lower().replace("’", "'")
    capital = text[0].isupper() or _ARABIC_ARTICLE.match(text) is not None
    elided = text.endswith(("'", "’"))
    return CasedWord(text, low, key(text), capital, elided, low.rstrip(".") in TITLES)


CASED = PerWord(_cased)
"""The words as they stand."""


def _cut(chunk: str) -> _Chunk:
    parts = _WORD.split(chunk)  # a gap, a word, a gap ... a word, a gap
    ends = list(accumulate(map(len, parts)))
    placed = [
        _Placed(
            CASED[parts[n]],
            ends[n - 1],
            ends[n],
            parts[n - 1] in (_CLOSE if n > 1 else ("",)),
            parts[n - 1][-2:].strip().endswith(_OPENERS),
        )
        for n in range(1, len(parts), 2)
    ]
    return _Chunk(tuple(placed), bool(placed) and parts[-1] == "", parts[-1].endswith(_OPENERS))


_CUT = PerWord(_cut)


def first_word(name: str) -> str:
    """The first word of a name, as it stands; empty when it has none."""
    match = _WORD.match(name)
    return match.group() if match else ""


def cut(text: str) -> CutText:
    """The words of ``text``."""
    text = _INITIAL.sub(".\u00a0", text)
    words: list[CasedWord] = []
    starts: list[int] = []
    ends: list[int] = []
    joined: list[bool] = []
    opened: set[int] = set()
    at, close, led = 0, False, False  # what the chunk before says of the first word of this one
    for chunk in text.split(" "):
        placed, closes, opens = _CUT[chunk]
        for word, start, end, beside, behind in placed:
            if behind or (led and beside):
                opened.add(len(words))
            words.append(word)
            starts.append(at + start)
            ends.append(at + end)
            joined.append(beside and close)
            close, led = True, False
        close, led = closes, opens
        at += len(chunk) + 1
    joined += repeat(False, _PAST_END)
    return CutText(words, starts, ends, joined, opened)
