"""Suggests what was meant by quoted words that are not in the paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from heapq import nlargest

from factharness.text import fold

ALIKE = 0.7
"""How alike two stretches are that may be the same words: 1.0 is the same."""
LOOKED_AT = 1000
"""How many words of a paragraph are looked at, and how many characters of the words that were quoted are
compared: so much work and no more."""
LONG = 60

_WORD = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*")


def did_you_mean(words: str, text: str) -> str | None:
    """What to do about ``words`` that do not stand in ``text``; None when nothing there is like them.

    Of a few words, the stretch of the text that is most like them; of many, where they leave the text.
    """
    near = _departure(words, text) if len(words) > LONG else _most_alike(words, text)
    return near and re.sub(r"\s", " ", near)


def _most_alike(words: str, text: str) -> str | None:
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(_plain(words))

    def roughly(stretch: str) -> float:
        matcher.set_seq1(_plain(stretch))
        return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio()

    def exactly(stretch: str) -> float:
        matcher.set_seq1(_plain(stretch))
        return matcher.ratio()

    count = len(_WORD.findall(fold(words)))
    likely = nlargest(5, dict.fromkeys(_stretches(text, count)), key=roughly)
    best = max(likely, key=exactly, default="")
    return f"did you mean {best!r}?" if best and exactly(best) >= ALIKE else None


def _stretches(text: str, count: int) -> Iterator[str]:
    """The stretches of about ``count`` words."""
    places = [
        found.span() for _, found in zip(range(LOOKED_AT), _WORD.finditer(fold(text)), strict=False)
    ]
    for size in (count, count + 1, count - 1):
        if size > 0:
            for (start, _), (_, end) in zip(places, places[size - 1 :], strict=False):
                yield text[start:end]


def _departure(words: str, text: str) -> str | None:
    """Where words that begin as the text does go on otherwise."""
    needle, hay = _plain(words), _plain(text)
    ends = [found.end() for found in _WORD.finditer(needle)]
    low, high = 0, len(ends) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if needle[: ends[middle]] in hay else (low, middle - 1)
    start = hay.find(needle[: ends[low]]) if ends else -1
    if low < 2 or start == -1 or needle in hay:
        return None
    behind = " ".join(words[: ends[low]].split()[-3:])
    there = " ".join(text[start + ends[low] :].split()[:4])
    return f"behind {behind!r} the paragraph has {there!r}"


def _plain(words: str) -> str:
    return fold(words).casefold() if len(fold(words).casefold()) == len(words) else fold(words)
