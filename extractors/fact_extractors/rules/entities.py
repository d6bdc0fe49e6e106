"""Named entities: the type of each candidate name, within one article.

A candidate's type comes from the name itself (a known name, a head noun), from what stands beside it, or from the
same name elsewhere in the article: one name has one type, a surname is its full name's, an acronym its expansion's.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from fact_extractors.rules.lexicon import context, given_names, key
from fact_extractors.rules.names import Candidate, Candidates
from factharness.facts import Entity, Span

_SPEECH_AFTER = re.compile(r",? (?:a|ont|avait) \w+é\b|, \d{2} ans|,? \(\d{2} ans\)")
_PLACE_BEFORE = frozenset(
    ("à", "en", "depuis", "vers", "près", "dans", "entre", "jusqu'à", "hors", "sur")
)
_ACRONYM = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ0-9&-]{1,7}$")
_ROAD = re.compile(r"(?:A|N|D|RN|RD|E)\d{1,4}$")


class Found(NamedTuple):
    """A named entity and the id of the rule that typed it."""

    entity: Entity
    rule: str


class _Typing:
    """The types of one article's names."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.scan = Candidates(text)
        self.candidates = self.scan.scan()
        self.votes: dict[str, Counter[str]] = {}
        self.surnames: dict[str, str] = {}
        self.inside: set[str] = set()

    def name(self, candidate: Candidate) -> str:
        return key(self.text[candidate.start : candidate.end])

    def vote(self, name: str, label: str, weight: int) -> None:
        self.votes.setdefault(name, Counter())[label] += weight

    def own(self, candidate: Candidate) -> tuple[str, str, int]:
        """Label, rule and weight that a candidate gets by itself and its neighbours; weight 0 for none."""
        if candidate.label:
            return candidate.label, candidate.rule, 6 if candidate.rule == "known" else 9
        tokens = self.scan.tokens
        name = self.name(candidate)
        first, last = tokens[candidate.first], tokens[candidate.last]
        words = context()
        single = candidate.first == candidate.last
        given = (
            key(first.text) in given_names() or key(first.text).partition("-")[0] in given_names()
        )
        label, weight = self._before(candidate)
        if label == "PER" and weight >= 8:
            return "PER", "title", weight
        if _ROAD.match(name):
            return "LOC", "road", 9
        if not single and given and not first.text.isupper():
            return "PER", "given-name", 7
        if label:
            return label, f"before-{label.lower()}", weight
        if _ACRONYM.match(name) and name not in words.acronyms and not self._shouted(candidate):
            return "ORG", "acronym", 3
        if _SPEECH_AFTER.match(self.text, candidate.end) and not single:
            return "PER", "speech", 4
        if not single and candidate.last - candidate.first <= 3:
            return "PER", "two-capitals", 2
        if single and given and not candidate.initial:
            return "PER", "first-name", 2
        return "", "", 0

    def _before(self, candidate: Candidate) -> tuple[str, int]:
        """What the word before a candidate says."""
        index = candidate.first
        tokens, words = self.scan.tokens, context()
        if not self.scan.adjacent(index):
            return "", 0
        before = tokens[index - 1]
        label = words.before.get(before.low)
        if label == "PER":
            return "PER", 8
        if label is not None and not before.capital:
            return label, 5
        if before.low in _PLACE_BEFORE:
            return "LOC", 4 if before.low in ("à", "en") else 2
        if before.low in (
            "au",
            "aux",
            "du",
            "le",
            "la",
            "l'",
            "d'",
            "de",
            "les",
        ) and self.scan.adjacent(index - 1):
            further = tokens[index - 2]
            if before.low in ("d'", "de", "du") and words.before.get(further.low) == "LOC":
                return "LOC", 4
        return "", 0

    def _shouted(self, candidate: Candidate) -> bool:
        """Whether the candidate stands in a line of capitals, where an acronym shows nothing."""
        start = self.text.rfind("\n", 0, candidate.start) + 1
        end = self.text.find("\n", candidate.end)
        line = self.text[start : end if end >= 0 else len(self.text)]
        letters = [c for c in line[:200] if c.isalpha()]
        return sum(c.isupper() for c in letters) > 0.7 * len(letters)

    def run(self) -> list[Found]:
        typed = [(candidate, *self.own(candidate)) for candidate in self.candidates]
        for candidate, label, _, weight in typed:
            if weight:
                name = self.name(candidate)
                self.vote(name, label, weight)
                if label == "PER" and weight >= 2:
                    self._surname(candidate)
        found = []
        for candidate, label, rule, weight in typed:
            decided = self._decide(candidate, label, rule, weight)
            if decided is not None:
                found.append(
                    Found(Entity(Span(candidate.start, candidate.end), decided[0]), decided[1])
                )
        return found

    def _surname(self, candidate: Candidate) -> None:
        tokens = self.scan.tokens[candidate.first : candidate.last + 1]
        if len(tokens) < 2:
            return
        rest = tokens[1:]
        while rest and rest[0].low in context().particles and len(rest) > 1:
            self.surnames[key(self.text[rest[0].start : rest[-1].end])] = "PER"
            rest = rest[1:]
        self.surnames[key(self.text[rest[0].start : rest[-1].end])] = "PER"
        self.surnames[key(rest[-1].text)] = "PER"

    def _decide(
        self, candidate: Candidate, label: str, rule: str, weight: int
    ) -> tuple[str, str] | None:
        name = self.name(candidate)
        if rule == "title":
            return label, rule
        votes = self.votes.get(name)
        if name in self.surnames and (not votes or votes.most_common(1)[0][1] < 6):
            return "PER", "surname"
        if votes:
            best, score = votes.most_common(1)[0]
            if best != label or not weight:
                return best, "same-name"
            if candidate.initial and weight <= 2 and candidate.first == candidate.last:
                return None
            return label, rule
        if candidate.initial:
            return None
        if candidate.first == candidate.last and self.scan.tokens[candidate.first].text.isupper():
            return None
        return "ORG", "default"


def find(text: str) -> list[Found]:
    """The named entities of ``text``, in order and apart from each other. Linear in its length."""
    return _Typing(text).run()
