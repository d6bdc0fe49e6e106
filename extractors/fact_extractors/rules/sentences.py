"""Where sentences end, for rules that look no further than one."""

from __future__ import annotations

import re
from bisect import bisect_right

_END = re.compile(r"[.!?…](?:[ \u00a0\u202f]?[»”\"])?(?=\s+[^\sa-zà-ÿ,;:)])|\n")
_NO_END = re.compile(
    r"(?:\b(?:MM?|Mr|Dr|Pr|Me|Mgr|St|Ste|av|apr|art|chap|vol|env|tél|janv|févr|avr|juil|sept|oct|nov|déc|"
    r"no|éd|p|cf|etc|hab|dir|lt|col|gén|cap|J|[A-ZÀ-Þ]))$"
)


class Sentences:
    """The sentence boundaries of a text, found once, asked many times."""

    def __init__(self, text: str) -> None:
        self.starts = [0]
        for match in _END.finditer(text):
            if text[match.start()] == "." and _NO_END.search(
                text, max(0, match.start() - 6), match.start()
            ):
                continue
            self.starts.append(match.end())
        self.length = len(text)

    def around(self, at: int) -> tuple[int, int]:
        """The sentence that holds offset ``at``, half-open."""
        place = bisect_right(self.starts, at)
        end = self.starts[place] if place < len(self.starts) else self.length
        return self.starts[place - 1], end
