"""The speaker and the cue of a quotation: what every way of attributing speech shares.

A :class:`Reader` holds one article while its quotations are found: the narrator's text, the quotes
so far, the cues that are spent. The ways themselves are in :mod:`.quotes_in_marks` and
:mod:`.indirect_quotes`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from fact_extractors.rules import clauses, speakers, subjects
from fact_extractors.rules.data import document
from fact_extractors.rules.narration import NarratedSentence, Narration
from fact_extractors.rules.noun_phrases import Stretch
from fact_extractors.rules.verbs import Cue
from fact_extractors.speech import odd_marks
from fact_extractors.words import without_pictures
from factharness.facts import QuoteType

_WORDS = re.compile(r"[\w\x00](?:.*[\w\x00])?", re.DOTALL)
"""From the first word to the last, masked or not: without the punctuation and bullets around."""

_OPENERS = ("", "mais", "et", "or", "car")
"""What may stand before *selon X* at the head of a clause."""

_TO_COMMA = re.compile(r"[^,;:.\n]{0,80},\s+")
_IN_DOCUMENT = re.compile(r"\s*(?:[^,;:.«»\x00]{1,30} )?(?:dans|sur)\s+")


class Attribution(Struct, frozen=True, gc=False):
    """Cue and speaker; either may be missing."""

    cue: Stretch | None = None
    speaker: Stretch | None = None


@cache
def _wishes() -> frozenset[str]:
    return frozenset(document("phrases")["wish"])


def said_with(cue: Cue) -> Stretch | None:
    """Where a cue stands; None for a verb of wishing, which attributes no words."""
    return None if cue.lemma in _wishes() else (cue.start, cue.end)


class Draft(Struct, frozen=True, gc=False):
    """A quotation in the making: its fragments, type and attribution, the way it was found and where.

    The fragments are a list, since further ones are added when the quotation goes on.
    """

    content: list[Stretch]
    type: QuoteType
    by: Attribution
    rule: str
    sentence: NarratedSentence


def _start(sentence: NarratedSentence) -> int:
    return sentence.start


class Reader:
    """The state of one article."""

    def __init__(self, text: str) -> None:
        self.text = odd_marks.usual(without_pictures(text))
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
        self.drafts[-1].content.append(mark)
        self.drafts[-1] = replace(self.drafts[-1], sentence=sentence)
        self.cover(*mark)
        insort(self._ends, mark[1])

    def cover(self, start: int, end: int) -> None:
        """Note that a stretch belongs to a quotation."""
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

    def part(self, sentence: NarratedSentence, at: int) -> int:
        """Where the part of ``sentence`` that holds ``at`` begins, a semicolon being an end too."""
        begin = self.begin(sentence, at)
        return max(begin, self.told.folded.rfind("; ", begin, at) + 1)

    def words_between(self, start: int, end: int) -> str:
        """The narrator's words between two offsets, without spaces and punctuation around them."""
        words = _WORDS.search(self.told.folded, start, end)
        return words.group() if words is not None else ""

    def opens_clause(self, begin: int, at: int) -> bool:
        """Whether a clause begins at ``at``: nothing stands before it in its part, or a conjunction."""
        folded = self.told.folded
        return self.words_between(begin, at).strip(" ,") in _OPENERS or clauses.opens(
            folded, begin, at
        )

    def subject(self, sentence: NarratedSentence, cue: Cue) -> Stretch | None:
        """The subject of a cue: its inverted pronoun, what follows *selon*, what stands before a verb."""
        if cue.pronoun is not None:
            return cue.pronoun
        if cue.mood == "source":
            return self.source(sentence, cue)
        if cue.start not in self._subjects:
            marks = [m.close for m in sentence.marks if m.close <= cue.start]
            while marks and self._is_nickname(sentence, marks[-1]):
                del marks[-1]
            start = max([sentence.start, *marks])
            found = subjects.before(
                self.text, self.told.folded, start, cue.start, plural=cue.plural
            )
            self._subjects[cue.start] = found
        return self._subjects[cue.start] or self._coordinated(sentence, cue)

    def _subject_before(self, sentence: NarratedSentence) -> Stretch | None:
        """Who the sentence before is about: the subject of *Et ajoute que …*."""
        place = bisect_left(self.told.sentences, sentence.start, key=_start) - 1
        if place < 0:
            return None
        before = self.told.sentences[place]
        return speakers.first(self.text, self.told.folded, before.start, before.end)

    def _is_nickname(self, sentence: NarratedSentence, close: int) -> bool:
        """Whether the marks that end at ``close`` hold a nickname: *Ophélie « la Muraille » Dos Santos*."""
        mark = next(m for m in sentence.marks if m.close == close)
        inside = subjects.NICKNAME.match(self.told.folded, mark.open - 1)
        return inside is not None and self.text[inside.end()].isupper()

    def _coordinated(self, sentence: NarratedSentence, cue: Cue) -> Stretch | None:
        """The subject of the cue before, for a cue without one of its own: *et ajoute*, *en promettant*."""
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
        if self.words_between(sentence.start, cue.start) in ("et", "mais", "puis"):
            return self._subject_before(sentence)
        return speakers.first(self.text, self.told.folded, sentence.start, cue.start)

    def with_main_subject(
        self, sentence: NarratedSentence, cue: Cue, by: Attribution, end: int
    ) -> Attribution:
        """An attribution with the subject behind the quotation for speaker, where a gerund stands first."""
        if by.speaker is not None or cue.mood != "gerund":
            return by
        comma = _TO_COMMA.match(self.told.folded, end, sentence.end)
        if comma is None:
            return by
        speaker = speakers.first(self.text, self.told.folded, comma.end(), sentence.end)
        return replace(by, speaker=speaker)

    def incise(self, sentence: NarratedSentence, cue: Cue) -> Attribution:
        """Cue and speaker of an incise, where the subject follows its verb, or the document it was read in."""
        document = _IN_DOCUMENT.match(self.told.folded, cue.end) if "read" in cue.uses else None
        if document is not None:
            by = speakers.after(self.text, self.told.folded, document.end(), sentence.end)
            return Attribution((cue.start, cue.end), by)
        if cue.pronoun is not None:
            return Attribution((cue.start, cue.end), cue.pronoun)
        if cue.mood == "source":
            return Attribution((cue.start, cue.end), self.source(sentence, cue))
        by = speakers.after_verb(
            self.text, self.told.folded, cue.end, sentence.end, plural=cue.plural
        )
        return Attribution((cue.start, cue.end), by)

    def source(self, sentence: NarratedSentence, cue: Cue) -> Stretch | None:
        """Who or what is named after *selon*."""
        opening = self.opens_clause(self.begin(sentence, cue.start), cue.start)
        return speakers.after(
            self.text, self.told.folded, cue.end, sentence.end, opening=opening, plural=True
        )
