"""Who said it and which words say so: what every way of attributing speech shares.

A :class:`Reader` holds one article while its quotations are found: the narrator's text, the quotes
so far, the cues that are spent. The ways themselves are in :mod:`.marked` and :mod:`.unmarked`.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from typing import NamedTuple

from fact_extractors.rules import speakers
from fact_extractors.rules.narration import NarratedSentence, Narration
from fact_extractors.rules.speakers import Stretch
from fact_extractors.rules.verbs import Cue
from fact_extractors.rules.words import without_pictures
from factharness.facts import QuoteType

_WORDS = re.compile(r"[\w\x00](?:.*[\w\x00])?", re.DOTALL)
"""From the first word to the last, blotted out or not: without the punctuation and bullets around."""

_IN_DOCUMENT = re.compile(r"\s*(?:[^,;:.«»\x00]{1,30} )?(?:dans|sur)\s+")


class Attribution(NamedTuple):
    """Cue and speaker; either may be missing."""

    cue: Stretch | None = None
    speaker: Stretch | None = None


class Draft(NamedTuple):
    """A quotation in the making: its fragments, type and attribution, the way it was found and where."""

    content: tuple[Stretch, ...]
    type: QuoteType
    by: Attribution
    rule: str
    sentence: NarratedSentence


class Reader:
    """The state of one article."""

    def __init__(self, text: str) -> None:
        self.text = without_pictures(text)
        self.told = Narration(self.text)
        self.drafts: list[Draft] = []
        self.spent: set[int] = set()
        self._covered: list[Stretch] = []
        self._ends: list[int] = []
        self._subjects: dict[int, Stretch | None] = {}

    def add(self, draft: Draft, *cues: Cue) -> None:
        """Keep a quotation; its cues serve no other one."""
        self.drafts.append(draft)
        self.spent |= {cue.start for cue in cues}
        self._covered += draft.content
        for part in (*draft.content, draft.by.cue, draft.by.speaker):
            if part is not None:
                insort(self._ends, part[1])

    def carry_on(self, mark: Stretch, sentence: NarratedSentence) -> None:
        """Let the last quotation go on in the marks of another sentence."""
        last = self.drafts[-1]
        self.drafts[-1] = last._replace(content=(*last.content, mark), sentence=sentence)
        self.cover(*mark)
        insort(self._ends, mark[1])

    def cover(self, start: int, end: int) -> None:
        """Mark a stretch as told for."""
        self._covered.append((start, end))

    def is_covered(self, start: int, end: int) -> bool:
        """Whether a quotation already holds the stretch."""
        return any(a <= start and end <= b for a, b in self._covered[-12:])

    def here(self, sentence: NarratedSentence) -> list[Draft]:
        """The quotations of a sentence so far."""
        found = []
        for draft in reversed(self.drafts):
            if draft.sentence is not sentence:
                break
            found.append(draft)
        return found[::-1]

    def begin(self, sentence: NarratedSentence, at: int) -> int:
        """Where the part of ``sentence`` that holds ``at`` begins: after the last quote, cue or speaker."""
        place = bisect_right(self._ends, at)
        return max(sentence.start, self._ends[place - 1]) if place else sentence.start

    def words_between(self, start: int, end: int) -> str:
        """The narrator's words between two offsets, without what is no word around them."""
        words = _WORDS.search(self.told.folded, start, end)
        return words.group() if words is not None else ""

    def subject(self, sentence: NarratedSentence, cue: Cue) -> Stretch | None:
        """The subject of a cue: its inverted pronoun, what follows *selon*, what stands before a verb."""
        if cue.pronoun is not None:
            return cue.pronoun
        if cue.mood == "source":
            return speakers.after(self.text, self.told.folded, cue.end, sentence.end)
        if cue.start not in self._subjects:
            start = max(
                [sentence.start, *(m.close for m in sentence.marks if m.close <= cue.start)]
            )
            found = speakers.before(self.text, self.told.folded, start, cue.start)
            self._subjects[cue.start] = found
        return self._subjects[cue.start] or self._coordinated(sentence, cue)

    def _coordinated(self, sentence: NarratedSentence, cue: Cue) -> Stretch | None:
        """That of the cue before, for a cue without a subject: *et ajoute*, *en promettant*."""
        for draft in reversed(self.here(sentence)):
            if (
                draft.by.speaker is not None
                and draft.by.cue is not None
                and draft.by.cue[0] < cue.start
            ):
                return draft.by.speaker
        earlier = [c for c in sentence.cues if c.end <= cue.start and c.mood != "source"]
        if earlier:
            return self.subject(sentence, earlier[-1])
        return speakers.first(self.text, self.told.folded, sentence.start, cue.start)

    def incise(self, sentence: NarratedSentence, cue: Cue) -> Attribution:
        """Cue and speaker of an incise, where the subject follows its verb, or the document it was read in."""
        document = _IN_DOCUMENT.match(self.told.folded, cue.end) if "read" in cue.uses else None
        if document is not None:
            by = speakers.after(self.text, self.told.folded, document.end(), sentence.end)
            return Attribution((cue.start, cue.end), by)
        if cue.pronoun is not None:
            return Attribution((cue.start, cue.end), cue.pronoun)
        find = speakers.after if cue.mood == "source" else speakers.after_verb
        by = find(self.text, self.told.folded, cue.end, sentence.end)
        return Attribution((cue.start, cue.end), by)
