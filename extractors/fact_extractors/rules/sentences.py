"""Finds where sentences end, for rules that look at one sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from fact_extractors.words import PerWord

_END = re.compile(r"[.!?…\n](?:(?<=\n)|(?:[ \u00a0\u202f]?[»”\"])?(?=\s+[^\sa-zà-ÿ,;:)]))")
_ABBREVIATION = re.compile(
    r"(?:\b(?:MM?|Mr|Dr|Pr|Me|Mgr|St|Ste|av|apr|art|chap|vol|env|tél|janv|févr|avr|juill?|sept|oct|nov|déc|"
    r"no|éd|p|cf|etc|hab|dir|lt|col|gén|cap|J|[A-ZÀ-Þ]))$"
)
_NO_END = PerWord(lambda word: _ABBREVIATION.search(word) is not None)
"""Whether a stop behind a word ends no sentence."""
_LONGEST = 6
"""Characters of the longest abbreviation, and one before it."""

_SHORT_WEEKDAY = re.compile(r"\b(?:lun|mar|mer|jeu|vend?|sam|dim)\.\s\d", re.IGNORECASE)
"""*sam. 14*: a stop that ends no sentence, because the number of the day comes after it."""


@lru_cache(maxsize=2)
def sentences(text: str) -> Sentences:
    """The sentences of a text: those of dates and names are found once."""
    return Sentences(text)


class Sentences:
    """The sentence boundaries of a text, found once, asked many times."""

    def __init__(self, text: str) -> None:
        self.starts = [0]
        for match in _END.finditer(text):
            stop = match.start()
            if text[stop] == "." and (
                _NO_END[text[max(0, stop - _LONGEST) : stop].rpartition(" ")[2]]
                or (
                    text[stop + 2 : stop + 3].isdecimal()
                    and _SHORT_WEEKDAY.search(text, max(0, stop - 5), stop + 3)
                )
            ):
                continue
            self.starts.append(match.end())
        self.length = len(text)

    def around(self, at: int) -> tuple[int, int]:
        """The sentence that holds offset ``at``, half-open."""
        place = bisect_right(self.starts, at)
        end = self.starts[place] if place < len(self.starts) else self.length
        return self.starts[place - 1], end
