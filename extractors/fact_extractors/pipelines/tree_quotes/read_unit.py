"""A unit with its tree, to which the modules that attribute speech add the quotations that they find."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from fact_extractors.pipelines.tree_quotes import cues, speakers
from fact_extractors.pipelines.tree_quotes.cues import TreeCue
from fact_extractors.pipelines.tree_quotes.phrases import Speaker
from fact_extractors.pipelines.tree_quotes.tree import Tree
from fact_extractors.pipelines.tree_quotes.units import Unit, UnitMark, word_count
from factharness.facts import QuoteType

Stretch = tuple[int, int]
_BETWEEN = re.compile(r"[\s,.!?…»”\"]*")
_RELATIVE = frozenset(("qui", "que", "qu'", "dont", "où", "lequel", "laquelle"))
_EDGE = " \u00a0\u202f\n\t,;:–—-"


@dataclass
class TreeQuote:
    """A quotation that was found: its fragments, who said it, by which cue.

    ``way`` names the way that found it. ``named`` is a mention of the speaker elsewhere, where none
    stands beside the speech.
    """

    content: list[Stretch]
    type: QuoteType
    speaker: Stretch | None
    cue: Stretch | None
    way: str
    named: Stretch | None = None


@dataclass
class ReadUnit:
    """A unit with its tree, its cues, and the quotations found in it so far."""

    text: str
    folded: str
    unit: Unit
    tree: Tree
    cues: list[TreeCue] = field(init=False)
    drafts: list[TreeQuote] = field(default_factory=list)
    spent: set[int] = field(default_factory=set)
    """The verbs of the cues that have their quotation."""

    def __post_init__(self) -> None:
        self.cues = cues.find(self.tree)
        self.by_verb = {cue.verb: cue for cue in self.cues}
        self._marks = sorted(self.unit.marks)
        self._opens = [mark.start for mark in self._marks]

    def subject(self, cue: TreeCue) -> Speaker | None:
        """Who is the subject of a cue."""
        return speakers.subject(self.tree, cue, self.by_verb)

    @cached_property
    def _main_verbs(self) -> list[int]:
        """The finite verbs that stand in no relative or adverbial clause."""
        return [
            index
            for index in range(len(self.tree))
            if cues.is_finite(self.tree, index) and not self._is_subordinate(index)
        ]

    def _is_subordinate(self, index: int) -> bool:
        tree = self.tree
        if tree[index].relation in ("aux", "cop"):
            index = tree[index].head
        return tree[index].dep.startswith(("acl", "advcl")) and any(
            tree[i].relation == "mark" or tree[i].lower in _RELATIVE for i in tree.dependents[index]
        )

    def states(self, first: int, end: int) -> bool:
        """Whether a main clause has its verb among the words ``[first, end)``."""
        place = bisect_left(self._main_verbs, first)
        return place < len(self._main_verbs) and self._main_verbs[place] < end

    def cues_from(self, index: int) -> Sequence[TreeCue]:
        """The cues whose verb stands at a word of the tree or behind it."""
        return self.cues[bisect_left(self.cues, index, key=lambda cue: cue.verb) :]

    @property
    def marks(self) -> Sequence[UnitMark]:
        """The stretches in quotation marks, in their order."""
        return self._marks

    def mark_over(self, offset: int) -> UnitMark | None:
        """The stretch in marks that has ``offset`` in it."""
        place = bisect_right(self._opens, offset) - 1
        return self._marks[place] if place >= 0 and offset < self._marks[place].end else None

    def marks_in(self, start: int, end: int) -> list[UnitMark]:
        """The stretches in marks that share a character with ``[start, end)``."""
        first = bisect_right(self._opens, start) - 1
        first += not (first >= 0 and self._marks[first].end > start)
        return self._marks[max(first, 0) : bisect_left(self._opens, end)]

    def mark_before(self, offset: int) -> UnitMark | None:
        """The stretch in marks that ends right before ``offset``, a comma or a stop apart."""
        place = bisect_left(self._opens, offset) - 1
        if place < 0 or self._marks[place].end > offset:
            return None
        mark = self._marks[place]
        return mark if _BETWEEN.fullmatch(self.text, mark.end, offset) else None

    def mark_behind(self, offset: int) -> UnitMark | None:
        """The stretch in marks that starts right behind ``offset``, white space apart."""
        while offset < len(self.text) and self.text[offset].isspace():
            offset += 1
        place = bisect_left(self._opens, offset)
        found = place < len(self._marks) and self._marks[place].start == offset
        return self._marks[place] if found else None

    def trimmed(self, start: int, end: int) -> Stretch:
        """A stretch without the spaces, commas, dashes and stops at its ends, and with whole marks.

        It may be empty.
        """
        while start < end and self.text[start] in _EDGE:
            start += 1
        while end > start and (self.text[end - 1] in _EDGE or self._closes_clause(end)):
            end -= 1
        if start >= end:
            return start, start
        first, last = self.mark_over(start), self.mark_over(end - 1)
        if first is not None and (first.first >= start or start > first.start):
            start = min(start, first.start)
        if last is not None:
            end = max(end, last.end)
        return start, end

    def _closes_clause(self, end: int) -> bool:
        return self.text[end - 1] == "." and self.mark_over(end - 1) is None

    def words(self, stretch: Stretch) -> int:
        """How many words a stretch has."""
        return word_count(self.text, *stretch)

    def type_of(self, content: Sequence[Stretch]) -> QuoteType:
        """Direct when all words are in marks, mixed when some are, indirect without marks."""
        inside = outside = 0
        for start, end in content:
            at = start
            for mark in self.marks_in(start, end):
                outside += self.words((at, max(at, mark.start)))
                inside += 1
                at = mark.end
            outside += self.words((at, end)) if at < end else 0
        if not inside:
            return "indirect"
        return "mixed" if outside else "direct"

    def is_taken(self, start: int, end: int) -> bool:
        """Whether a quotation has words of ``[start, end)``."""
        return any(a < end and start < b for draft in self.drafts for a, b in draft.content)

    def add(
        self,
        content: Sequence[Stretch],
        speaker: Speaker | Stretch | None,
        cue: TreeCue | Stretch | None,
        way: str,
        type_: QuoteType | None = None,
    ) -> bool:
        """Note a quotation, unless it has no words or shares some with one noted before."""
        parts = sorted(part for part in content if part[0] < part[1] and self.words(part))
        merged: list[Stretch] = []
        for start, end in parts:
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        if not merged or any(self.is_taken(*part) for part in merged):
            return False
        if isinstance(cue, TreeCue):
            self.spent.add(cue.verb)
            cue = (cue.start, cue.end)
        self.drafts.append(
            TreeQuote(merged, type_ or self.type_of(merged), _stretch(speaker), cue, way)
        )
        return True


def _stretch(speaker: Speaker | Stretch | None) -> Stretch | None:
    return None if speaker is None else (speaker[0], speaker[1])
