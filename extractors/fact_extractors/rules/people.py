"""Finds the full name of a speaker who is mentioned as *elle*, *M. Lavoie*, *la ministre*, *le collectif*.

Reads the entities of the article from left to right; a pronoun is the last person that agrees, a
surname the full name it ends, a function the person it was given to.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, cached_property

from fact_extractors import words
from fact_extractors.rules.data import document
from fact_extractors.rules.lexicon import given_names, key
from fact_extractors.words import Lookout
from factharness.facts import Entity, Span

_MASCULINE = re.compile(
    r"(?:^|\W)(?:m\.|monsieur|le|son|un|il|lui|ce|celui-ci|frère|père|fils|mari)\W*$"
)
_FEMININE = re.compile(
    r"(?:^|\W)(?:mme|mlle|madame|la|sa|une|elle|cette|celle-ci|sœur|mère|fille|épouse)\W*$"
)
_STOP = re.compile(r"[.;:!?»«\n]")
_HE = frozenset(("il", "lui", "celui-ci", "ce dernier", "l'intéressé"))
_SHE = frozenset(("elle", "celle-ci", "cette dernière", "l'intéressée"))


@cache
def _offices() -> Lookout:
    """Where the words stand that name a function."""
    return Lookout(words.WORD, frozenset(document("phrases")["office"]).__contains__)


class People:
    """The persons and organisations of one article, for resolving the mentions of speakers."""

    def __init__(self, text: str, entities: Sequence[Entity]) -> None:
        self.text = text
        self.folded = words.lower_all(text)
        self.entities = sorted(
            (e for e in entities if e.label in ("PER", "ORG")), key=lambda e: e.span
        )
        self.starts = [e.span.start for e in self.entities]
        self.full: dict[str, str] = {}
        self.gender: dict[str, str] = {}
        self._met: list[tuple[Entity, str]] = []
        for entity in self.entities:
            if entity.label == "PER":
                self._meet(entity)

    def _meet(self, entity: Entity) -> None:
        """Learn the full name, the gender and the function of a person."""
        name = entity.span.of(self.text)
        first, _, rest = name.partition(" ")
        if rest:
            self.full.setdefault(key(rest), name)
            self.full.setdefault(key(name.rpartition(" ")[2]), name)
        full = self.full.get(key(name), name)
        left = self.folded[max(0, entity.span.start - 12) : entity.span.start]
        gender = given_names().get(key(first).partition("-")[0], "") if rest else ""
        if not gender and _FEMININE.search(left):
            gender = "f"
        if not gender and _MASCULINE.search(left):
            gender = "m"
        if gender:
            self.gender.setdefault(full, gender)
        self._met.append((entity, full))

    @cached_property
    def function(self) -> dict[str, str]:
        """Who was last called by a function, by that function."""
        found: dict[str, str] = {}
        for entity, full in self._met:
            around = self.folded[max(0, entity.span.start - 90) : entity.span.start]
            around = _STOP.split(around)[-1]
            around += " " + _STOP.split(self.folded[entity.span.end : entity.span.end + 60], 1)[0]
            for word, _ in _offices().places(around):
                found[word] = full
        return found

    def _within(self, span: Span, label: str) -> Entity | None:
        place = bisect_left(self.starts, span.start)
        for entity in self.entities[place : place + 8]:
            if entity.label == label and entity.span.end <= span.end + 1:
                return entity
        return None

    def _last(self, at: int, gender: str) -> str | None:
        place = bisect_left(self.starts, at)
        for entity in reversed(self.entities[max(0, place - 40) : place]):
            if entity.label == "PER":
                name = entity.span.of(self.text)
                full = self.full.get(key(name), name)
                if self.gender.get(full, gender) == gender:
                    return full
        return None

    def name(self, mention: Span, at: int) -> str | None:
        """The full name of the speaker mentioned at ``mention``, of a quotation that starts at ``at``.

        None when nobody is named.
        """
        folded = self.folded[mention.start : mention.end]
        if folded in _HE or folded in _SHE:
            return self._last(min(mention.start, at), "m" if folded in _HE else "f")
        person = self._within(mention, "PER")
        if person is not None:
            name = person.span.of(self.text)
            return self.full.get(key(name), name)
        organisation = self._within(mention, "ORG")
        if organisation is not None:
            return organisation.span.of(self.text)
        for word in words.WORD.findall(folded)[:4]:
            if word in self.function:
                return self.function[word]
        return None
