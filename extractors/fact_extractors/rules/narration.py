"""The narrator's view of a text: quoted speech is masked; it has sentences and cues.

Inside the outer quotation marks every character is replaced by a filler, so that neither commas nor
verbs of the speaker are taken for the narrator's; offsets stay those of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct

from fact_extractors import words
from fact_extractors.rules import verbs
from fact_extractors.rules.sentences import sentences
from fact_extractors.rules.verbs import Cue
from fact_extractors.speech import quotation_marks
from fact_extractors.speech.quotation_marks import MarkedStretch

FILLER = "\x00"
_STRONG = ".!?…"
_LONGEST, _MOST = 1200, 16
"""Characters, and cues with marked stretches, of a sentence that are read together: text without stops is read
in pieces. Each cue is weighed against all that stands beside it; people write a dozen into one at most."""
_NEXT = re.compile(r"\s+[^\sa-zà-ÿ,;:)–—-]")


class NarratedSentence(Struct, frozen=True, gc=False):
    """One sentence of the narrator: its stretch, its outer marked stretches and its cues, in order."""

    start: int
    end: int
    marks: list[MarkedStretch]
    cues: list[Cue]
    paragraph: int


def _open(mark: MarkedStretch) -> int:
    return mark.open


def _outermost(found: Iterable[MarkedStretch]) -> Iterator[MarkedStretch]:
    """The stretches, in the order of opening, that stand in none of the others."""
    reached = 0
    for mark in found:
        if mark.open >= reached:
            yield mark
            reached = mark.close


def _masked(text: str, outer: list[MarkedStretch]) -> str:
    """``text`` with the inside of the marks filled, but a sentence end before the closing mark kept."""
    parts, reached = [], 0
    for mark in outer:
        first, last = mark.inner
        if last <= first:
            continue
        parts += [text[reached:first], FILLER * (last - first)]
        reached = last
    return "".join([*parts, text[reached:]])


class Narration:
    """The narrator's view of a text.

    ``text``       the text itself
    ``masked``     the text with quoted speech filled
    ``folded``     the masked text in lower case (accents kept)
    ``spoken``     the whole text in lower case
    ``sentences``  its sentences
    """

    def __init__(self, text: str) -> None:
        self.text = text
        found = quotation_marks.stretches(text)
        self.nested = list(_outermost(m for m in found if m.depth > 0))
        self.outer = [m for m in found if m.depth == 0 and m.inner[1] > m.inner[0]]
        self.outer += self._dialogue()
        self.outer.sort(key=lambda m: m.open)
        self.masked = _masked(text, self.outer)
        self.folded = words.lower_all(self.masked)
        self.spoken = words.lower_all(text)
        self.cues = verbs.find(self.folded, 0, len(text))
        self.sentences = list(self._sentences())

    def _dialogue(self) -> list[MarkedStretch]:
        """Lines of dialogue, where the text has several, or one with an incise: else a dash opens a byline or a
        list."""
        lines = quotation_marks.dialogue(self.text)
        both = sorted([*self.outer, *lines], key=_open)
        if any(a.close > b.open for a, b in pairwise(both)):
            return []
        return lines if len(lines) > 1 or any(self._cut_by_incise(line) for line in lines) else []

    def _cut_by_incise(self, line: MarkedStretch) -> bool:
        """Whether a verb of saying with an inverted pronoun stands in a line of dialogue."""
        return any(c.pronoun for c in verbs.find(words.lower_all(self.text), *line.inner))

    def _boundaries(self) -> list[int]:
        found = set(sentences(self.masked).starts)
        for mark in self.outer:
            ends = self.text[mark.inner[1] - 1] in _STRONG
            if (ends and _NEXT.match(self.masked, mark.close)) or not mark.closed:
                found.add(mark.close)
        return list(self._pieces(sorted(found)))

    def _pieces(self, starts: list[int]) -> Iterator[int]:
        """``starts``, and between distant ones further starts, never inside marks."""
        opens = [m.open for m in self.outer]
        heads = sorted([*opens, *(c.start for c in self.cues)]) + [len(self.text)] * (_MOST + 1)
        for start, end in zip(starts, [*starts[1:], len(self.text)], strict=True):
            yield start
            while True:
                start = min(start + _LONGEST, heads[bisect_left(heads, start) + _MOST])
                place = bisect_left(opens, start) - 1 if start < end else -1
                if place >= 0:
                    start = max(start, self.outer[place].close)
                if start >= end:
                    break
                yield start

    def _sentences(self) -> list[NarratedSentence]:
        starts = self._boundaries()
        ends = [*starts[1:], len(self.text)]
        opens = [m.open for m in self.outer]
        cue_starts = [c.start for c in self.cues]
        found, paragraph, counted = [], 0, 0
        mark = cue = 0
        for start, end in zip(starts, ends, strict=True):
            while start < end and self.text[start].isspace():
                start += 1
            if start >= end:
                continue
            paragraph += self.text.count("\n\n", counted, start)
            counted = start
            marks, cues = bisect_left(opens, end, mark), bisect_left(cue_starts, end, cue)
            found.append(
                NarratedSentence(start, end, self.outer[mark:marks], self.cues[cue:cues], paragraph)
            )
            mark, cue = marks, cues
        return found

    def is_nested(self, at: int) -> bool:
        """Whether ``at`` stands in marks inside marks."""
        place = bisect_left(self.nested, at, key=_open) - 1
        return place >= 0 and at < self.nested[place].close

    def nested_in(self, outer: MarkedStretch) -> list[MarkedStretch]:
        """The marked stretches inside an outer one, without those inside another of them."""
        first = bisect_left(self.nested, outer.open, key=_open)
        return self.nested[first : bisect_left(self.nested, outer.close, key=_open)]
