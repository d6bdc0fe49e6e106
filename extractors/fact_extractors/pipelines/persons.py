"""Finds a speaker among the persons that a pipeline named in an article."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from fact_extractors.rules.sentences import Sentences
from factharness.facts import Quote, Span

_DASH = re.compile(r"\s*[—–-]\s*")
_PRONOUNS = {"il", "elle", "ils", "elles", "on", "ce", "celui-ci", "celle-ci"}


class Persons:
    """The persons that a model named in an article, in the order of the text."""

    def __init__(self, text: str, persons: Iterable[tuple[int, int]]) -> None:
        self.text = text
        self._sentences = Sentences(text)
        self._persons = sorted(persons)

    def _from(self, offset: int) -> int:
        """The place of the first person that starts at ``offset`` or later."""
        return bisect_left(self._persons, (offset,))

    def nearest(self, quote: Quote) -> Span | None:
        """The person named closest to the cue in its sentence, outside what is quoted."""
        cue = quote.cue
        assert cue is not None
        low, high = self._sentences.around(cue.start)
        here = self._from(cue.start)
        sides = range(here - 1, self._from(low) - 1, -1), range(here, self._from(high))
        beside = [next((p for n in side if (p := self._outside(n, quote))), None) for side in sides]
        return min(
            (person for person in beside if person is not None),
            key=lambda p: max(p.start - cue.end, cue.start - p.end),
            default=None,
        )

    def _outside(self, place: int, quote: Quote) -> Span | None:
        """The person at a place, unless it is named in what is quoted."""
        person = Span(*self._persons[place])
        return None if any(person.overlaps(part) for part in quote.content) else person

    def signature(self, quote: Quote) -> Span | None:
        """The person named after a dash that follows the marks: « … » — Jeanne Aubry."""
        dash = _DASH.match(self.text, quote.content[-1].end)
        if dash is None:
            return None
        place = self._from(dash.end())
        named = self._persons[place : place + 1]
        return Span(*named[0]) if named and named[0][0] == dash.end() else None

    def name(self, speaker: Span) -> str:
        """The name behind a mention: for a pronoun the person named last before it, else its own words."""
        mention = speaker.of(self.text)
        return mention if mention.lower() not in _PRONOUNS else self.antecedent(speaker) or mention

    def antecedent(self, pronoun: Span) -> str | None:
        """The person named last before a pronoun of the third person singular."""
        if pronoun.of(self.text).lower() not in ("il", "elle"):
            return None
        place = self._from(pronoun.start) - 1
        while place >= 0 and self._persons[place][1] > pronoun.start:
            place -= 1
        return self.text[slice(*self._persons[place])] if place >= 0 else None
