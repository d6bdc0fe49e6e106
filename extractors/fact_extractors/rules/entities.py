"""Named entities: the type of each candidate name, within one article.

A candidate's type comes from the name itself (a known name, a head noun), from what stands beside
it, or from the same name elsewhere in the article: one name has one type, a surname is its full
name's, an acronym its expansion's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct

from fact_extractors import words
from fact_extractors.rules import named_days
from fact_extractors.rules.evidence import PLACE_BEFORE, Evidence
from fact_extractors.rules.heads import is_adjective
from fact_extractors.rules.lexicon import context, is_given_name, names
from fact_extractors.rules.lines import ends_of_line
from fact_extractors.rules.names import Candidate, Candidates
from factharness.facts import Entity, Span

_SPEECH_AFTER = re.compile(r",? (?:a|ont|avait) \w+é\b|, \d{2} ans|,? \(\d{2} ans\)")
_PLACES = PLACE_BEFORE | {"au", "aux", "de", "du", "la"}
_ACRONYM = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ0-9&-]{1,7}$")
_TOWN = re.compile(
    r"^Sainte?-|-(?:sur|sous|lès|les|le|la|en|aux|du|de)-|^Mont-|^Château-|^Val-|^Villeneuve"
)
_DATELINE = re.compile(r" ?(?:\([A-Z][^()\n]{1,20}\))? ?(?:[–—-] |, \d{1,2}(?:er)? )")
_ROAD = re.compile(r"(?:A|N|D|RN|RD|E)\d{1,4}$")


_LETTERED = frozenset(
    (
        "groupe",
        "poule",
        "zone",
        "ligne",
        "bâtiment",
        "classe",
        "série",
        "plan",
        "catégorie",
        "hépatite",
    )
)
"""Nouns that a letter follows: *Groupe B*."""
_JOINED = re.compile(r", (?:et |ou )?| (?:et|ou) ")

Typed: TypeAlias = tuple[Candidate, str, str, int]
"""A candidate with its label, the rule that gave it, and its weight; weight 0 for none."""


@cache
def _no_names() -> frozenset[str]:
    """Bare names that are no entities."""
    return frozenset((*named_days.names(), "republique", "etat"))


_IS_NONE = words.PerWord(lambda name: words.bare(name) in _no_names())
"""Whether a name is that of no entity."""


class FoundEntity(Struct, frozen=True, gc=False):
    """A named entity and the id of the rule that typed it."""

    entity: Entity
    rule: str


class _Typing:
    """The types of one article's names."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = Candidates(text)
        self.scan = found.scan
        self.evidence = Evidence(found.scan)
        self.candidates = found.find()
        self.shouted = {c.start for c in self.candidates if self._is_shouted(c)}
        self.votes: dict[str, dict[str, int]] = {}
        self.surnames: dict[str, str] = {}
        self.leaning: defaultdict[str, int] = defaultdict(int)
        self.inside: set[str] = set()

    def name(self, candidate: Candidate) -> str:
        return self.scan.plain[candidate.start : candidate.end]

    def vote(self, name: str, label: str, weight: int) -> None:
        votes = self.votes.setdefault(name, {})
        votes[label] = votes.get(label, 0) + weight

    def own(self, candidate: Candidate) -> tuple[str, str, int]:
        """Label, rule and weight that a candidate gets by itself and its neighbours; weight 0 for none."""
        if candidate.rule == "article-title" and candidate.label == "ORG":
            label, weight = self.evidence.before(candidate)
            if label in ("LOC", "MISC") and weight >= 3:
                return label, f"before-{label.lower()}", weight
        if candidate.rule == "known" and candidate.label == "MISC":
            place = self.evidence.before(candidate)
            if place == ("LOC", 4):  # « à Dakar » is no rally
                return "LOC", "before-loc", 6
        if candidate.label:
            weight = {"known": 6, "article-title": 3}.get(candidate.rule, 9)
            return candidate.label, candidate.rule, weight
        tokens = self.scan.words
        name = self.name(candidate)
        first, last = tokens[candidate.first], tokens[candidate.last]
        lists = context()
        single = candidate.first == candidate.last
        given = is_given_name(first.text)
        label, weight = self.evidence.before(candidate)
        if label == "PER" and weight >= 8:
            return "PER", "title", weight
        if _ROAD.match(name):
            return "LOC", "road", 9
        if not single and last.low in lists.suffixes:
            return lists.suffixes[last.low], "suffix", 6
        if not single and self.evidence.has_body_before_of(candidate):
            return "ORG", "suffix", 6
        if not single and self.evidence.is_numbered(candidate) and first.key in names():
            return "ORG" if names()[first.key] == "LOC" else "MISC", "numbered", 5
        if (
            not single
            and label in ("ORG", "MISC")
            and weight == 5
            and self.evidence.is_beside(candidate)
        ):
            return label, f"before-{label.lower()}", 6
        if not single and given and not first.text.isupper():
            return "PER", "given-name", 7
        if _TOWN.search(name):
            return "LOC", "town", 5
        if weight < 4:
            apposed, strength = self.evidence.after(candidate)
            if apposed:
                return apposed, "apposition", strength
        if self.evidence.is_numbered(candidate) and weight < 4 and not given:
            return "MISC", "numbered", 3
        acronym = (
            _ACRONYM.match(name) is not None
            and name not in lists.acronyms
            and candidate.start not in self.shouted
        )
        if acronym and weight <= 2:
            return "ORG", "acronym", 3
        if label:
            return label, f"before-{label.lower()}", weight
        if _SPEECH_AFTER.match(self.text, candidate.end) and not single:
            return "PER", "speech", 4
        if not single and self.evidence.is_defined(candidate):
            return "ORG", "article", 2
        if not single and candidate.last - candidate.first <= 3:
            return "PER", "two-capitals", 2
        if single and given and not candidate.initial:
            return "PER", "first-name", 2
        return "", "", 0

    def _is_shouted(self, candidate: Candidate) -> bool:
        """Whether the candidate stands in a line of capitals, where an acronym shows nothing."""
        if not self.text[candidate.start : candidate.end].isupper():
            return False
        if self._dateline(candidate.start, candidate.end):
            return True
        reach = max(0, candidate.start - 60)
        start = max(self.text.rfind("\n", reach, candidate.start) + 1, reach)
        end = self.text.find("\n", candidate.end, candidate.end + 60)
        line = self.text[start : end if end >= 0 else candidate.end + 60]
        letters = list(filter(str.isalpha, line))
        return sum(map(str.isupper, letters)) > 0.7 * len(letters)

    def run(self) -> list[FoundEntity]:
        self._bind_acronyms()
        typed = [(candidate, *self.own(candidate)) for candidate in self.candidates]
        for candidate, label, _, weight in typed:
            if candidate.start in self.shouted:
                continue
            if weight < 2 and not candidate.initial:
                self.leaning[self.name(candidate)] += 1 if weight else -1
            if weight > 1:
                self.vote(self.name(candidate), label, weight)
                if label == "PER" and weight >= 2:
                    self._surname(candidate)
        typed = self._enumerated(typed)
        found = []
        for candidate, label, rule, weight in typed:
            if candidate.start in self.shouted or self._no_name(candidate):
                continue
            ends = ends_of_line(self.text, candidate.start, candidate.end)
            if ends:
                found += [FoundEntity(Entity(Span(*end), "LOC"), "line") for end in ends]
                continue
            decided = self._decide(candidate, label, rule, weight)
            if decided is not None:
                found.append(
                    FoundEntity(
                        Entity(Span(candidate.start, candidate.end), decided[0]), decided[1]
                    )
                )
        return sorted(found + self._shouts(found), key=lambda f: f.entity.span)

    def _enumerated(self, typed: list[Typed]) -> list[Typed]:
        """Names without a type of their own have that of their neighbour: *Arras, Comines et Lille*."""
        known = list(typed)
        for step in (1, -1):
            places = range(len(known)) if step > 0 else range(len(known) - 1, -1, -1)
            for at in places:
                candidate, _, _, weight = known[at]
                beside = at - step
                if weight > 0 or candidate.label or not 0 <= beside < len(known):
                    continue
                left, right = sorted((candidate, known[beside][0]))
                if not _JOINED.fullmatch(self.text, left.end, right.start):
                    continue
                label, given = known[beside][1], known[beside][3]
                if self.votes.get(self.name(candidate)) is None and given >= 2:
                    known[at] = candidate, label, "enumeration", 2
                    self.vote(self.name(candidate), label, 2)
        return known

    def _bind_acronyms(self) -> None:
        """« Réseau Delta vivant (RDV) », « Porrentruy (JU) »: what stands in parentheses is the name again."""
        for left, right in pairwise(self.candidates):
            if (
                right.first == right.last
                and self.text.startswith(")", right.end)
                and self.text[left.end : right.start].strip() == "("
            ):
                short = self.name(right)
                label = left.label or ("LOC" if len(short) == 2 else "")
                if label in ("ORG", "LOC", "MISC") and (label != "LOC" or short.isupper()):
                    self.vote(short, label, 7)

    def _no_name(self, candidate: Candidate) -> bool:
        """Portfolios and named days, which are no entities."""
        if candidate.label:
            return False
        tokens, lists = self.scan.words, context()
        if _IS_NONE[self.name(candidate)]:
            return True
        if self._people(candidate):
            return True
        if len(tokens[candidate.last].text) == 1 and tokens[candidate.first].low in _LETTERED:
            return True
        index = candidate.first - 1
        while index > 0 and tokens[index].low in (
            "de",
            "du",
            "des",
            "la",
            "l'",
            "aux",
            "à",
            "d'",
            "les",
        ):
            index -= 1
        linked = index < candidate.first - 1
        if index > 0 and is_adjective(tokens[index].low) and not tokens[index].capital:
            index -= 1
        return linked and tokens[index].low in lists.portfolios

    def _people(self, candidate: Candidate) -> bool:
        """Whether a plural after an article names a people: *les Kurdes*, *17 Égyptiens*."""
        index = candidate.first
        if candidate.first != candidate.last or not self.scan.joined[index]:
            return False
        token, before = self.scan.words[index], self.scan.words[index - 1]
        plural = token.low.endswith("s") and not token.text.isupper() and "-" not in token.text
        counted = (
            before.low in ("les", "des", "aux", "ces", "deux", "trois", "nos")
            or before.text.isdigit()
        )
        return plural and counted and is_adjective(_singular(token.low))

    def _shouts(self, found: list[FoundEntity]) -> list[FoundEntity]:
        """The names of the article where they stand in a line of capitals."""
        if not self.shouted:
            return []
        names = {f.entity.span.of(self.scan.plain).upper(): f.entity.label for f in found}
        added = []
        starts, ends = self.scan.starts, self.scan.ends
        for candidate in self.candidates:
            if candidate.start not in self.shouted:
                continue
            index = candidate.first
            while index <= candidate.last:
                for last in range(min(candidate.last, index + 5), index - 1, -1):
                    start, end = starts[index], ends[last]
                    label = names.get(self.scan.plain[start:end]) or self._dateline(start, end)
                    if label:
                        added.append(FoundEntity(Entity(Span(start, end), label), "capitals"))
                        index = last
                        break
                index += 1
        return added

    def _dateline(self, start: int, end: int) -> str:
        """LOC for the place a dispatch starts with: « PARIS, 5 mars », « RIMOUSKI — »."""
        first = start == 0 or self.text[start - 1] == "\n"
        return "LOC" if first and _DATELINE.match(self.text, end) else ""

    def _surname(self, candidate: Candidate) -> None:
        if candidate.first == candidate.last:
            return
        scan, first = self.scan, candidate.first + 1
        while first < candidate.last and scan.words[first].low in context().particles:
            self.surnames[scan.plain[scan.starts[first] : candidate.end]] = "PER"
            first += 1
        self.surnames[scan.plain[scan.starts[first] : candidate.end]] = "PER"
        self.surnames[scan.words[candidate.last].key] = "PER"

    def _decide(
        self, candidate: Candidate, label: str, rule: str, weight: int
    ) -> tuple[str, str] | None:
        name = self.name(candidate)
        if rule == "title":
            return label, rule
        votes = self.votes.get(name)
        if name in self.surnames and (not votes or max(votes.values()) < 4 or rule == "known"):
            at_place = (
                self.scan.words[candidate.first - 1].low in _PLACES if candidate.first else False
            )
            if rule != "known" or not (at_place and self.scan.joined[candidate.first]):
                return "PER", "surname"
        if votes:
            best = max(votes, key=votes.__getitem__)
            if best != label or not weight:
                return best, "same-name"
            if candidate.initial and weight <= 2 and candidate.first == candidate.last:
                return None
            return label, rule
        if self.leaning[name] > 0:
            return "LOC", "after-de"
        if candidate.initial:
            return None
        if candidate.first == candidate.last and self.scan.words[candidate.first].text.isupper():
            return None
        if self.evidence.is_common(candidate):
            return None
        return "ORG", "default"


def _singular(plural: str) -> str:
    """The singular of a plural in -s, as an adjective :func:`is_adjective` knows when it names a people."""
    single = plural.removesuffix("s")
    return "russe" if single in context().peoples else single


def find(text: str) -> list[FoundEntity]:
    """The named entities of ``text``, in order and apart from each other. Linear in its length."""
    return _Typing(text).run()
