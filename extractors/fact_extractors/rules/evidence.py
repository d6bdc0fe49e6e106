"""Guesses the type of a name from the words beside it: nouns and articles before it, appositions behind it."""

from __future__ import annotations

import re
from itertools import pairwise

from fact_extractors.rules.heads import is_adjective
from fact_extractors.rules.lexicon import context
from fact_extractors.rules.names import Candidate
from fact_extractors.rules.nationalities import is_nationality
from fact_extractors.rules.tokens import Scan

PLACE_BEFORE = frozenset(
    ("à", "en", "depuis", "vers", "près", "dans", "entre", "jusqu'à", "hors", "sur")
)
_ARTICLES = frozenset(("le", "la", "l'", "les", "un", "une", "du", "des", "au", "aux"))
_NUMBERED = re.compile(r"\d{1,3}|(?=\w*\d)[A-Z0-9][\w-]*")
_MODEL = re.compile(r"[A-Z][A-Za-z]{0,3}-?\d{2,4}[A-Za-z]{0,3}")
"""How the name of a model or of an edition ends, and such a name in one word: *Airbus A320*, *A320neo*."""

_CHRISTENED = frozenset(
    (
        "baptisé",
        "baptisée",
        "baptisés",
        "baptisées",
        "rebaptisé",
        "rebaptisée",
        "intitulé",
        "intitulée",
    )
)
_NAMED = _CHRISTENED | {
    "nommé",
    "nommée",
    "appelé",
    "appelée",
    "dénommé",
    "dénommée",
    "surnommé",
    "surnommée",
    "dit",
    "dite",
}
_APPOSITION = re.compile(
    r"(?:,| est| était) (?P<article>(?:une?|les?|la|son|sa|leur) |l['’])?"
    r"(?P<noun>[a-zà-ÿ][\w-]+)(?: (?P<other>[a-zà-ÿ][\w-]+))?"
)

_TOWARDS = frozenset((
    "face", "grâce", "lié", "liée", "liés", "liées", "quant", "hommage", "confié", "confiée", "appartient",
    "appartenant", "opposé", "opposée", "revient", "reproche", "donné", "remis", "vendu", "vendue",
))  # fmt: skip
"""Words whose *à* leads to no place: *face à Cesson*, *hommage à Barbara*."""

Hint = tuple[str, int]
"""A label and its weight; ``("", 0)`` for none."""


class Evidence:
    """The words beside the names of one text."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan

    def has_body_before_of(self, candidate: Candidate) -> bool:
        """Whether the noun of a body stands before *of*: *University of Nairobi*."""
        inside = self.scan.words[candidate.first : candidate.last + 1]
        suffixes = context().suffixes
        return any(
            link.low == "of" and suffixes.get(noun.low) == "ORG" for noun, link in pairwise(inside)
        )

    def before(self, candidate: Candidate) -> Hint:
        """What the words before a candidate say."""
        index = candidate.first
        words, lists = self.scan.words, context()
        if not self.scan.joined[index]:
            return "", 0
        before = words[index - 1]
        label = lists.before.get(before.low)
        if label == "PER" or (before.capital and self.scan.is_people(index - 1)):
            return "PER", 8
        if label is not None and (not before.capital or index - 1 in self.scan.opening):
            return label, 5
        label = self._noun_before(index)
        if label:
            return label, 5
        further = words[index - 2].low if index > 1 and self.scan.joined[index - 1] else ""
        third = (
            words[index - 3].low if index > 2 and further and self.scan.joined[index - 2] else ""
        )
        if further == "de" and before.text.islower() and lists.before.get(third) == "ORG":
            return "ORG", 4
        if before.low == "chez":
            return "ORG", 4
        if before.low in ("à", "au", "aux") and further in _TOWARDS:
            return "", 0
        if before.low in PLACE_BEFORE:
            return "LOC", 4 if before.low in ("à", "en") else 2
        if before.low in ("d'", "de", "du"):
            if lists.before.get(further) == "LOC":
                return "LOC", 4
            if label := lists.of.get(third if further.isdigit() else further):
                return label, 3
        if before.low in ("au", "aux"):
            return "LOC", 2
        if before.low in _ARTICLES and further == "dans":
            return "LOC", 3
        if before.low == "de" and candidate.last == candidate.first + 1:
            return ("LOC", 3) if words[index].low in _ARTICLES else ("", 0)
        if before.low in ("d'", "de", "du"):
            return "LOC", 1
        return "", 0

    def is_beside(self, candidate: Candidate) -> bool:
        """Whether the noun that tells the type stands right before: *la société Martin Frères*."""
        return self.scan.words[candidate.first - 1].low in context().before

    def _noun_before(self, index: int) -> str:
        """The label that a noun gives over adjectives and participles: *la sonde spatiale Akatsuki*."""
        words, lists = self.scan.words, context()
        at, named = index - 1, False
        while at > 0 and index - at < 4 and self.scan.joined[at] and not words[at].capital:
            low = words[at].low
            if low in _NAMED:
                named = True
            elif not is_adjective(low):
                break
            at -= 1
        if at == index - 1:
            return ""
        label = lists.before.get(words[at].low, "") if not words[at].capital else ""
        if label in ("ORG", "MISC", "LOC") and (label != "LOC" or named):
            return label
        if label == "PER" and all(is_nationality(words[n].low) for n in range(at + 1, index)):
            return label
        return "MISC" if named and words[index - 1].low in _CHRISTENED else ""

    def after(self, candidate: Candidate) -> Hint:
        """What an apposition or *est* says: *Slingshot, une application*, *Vial, maire de Brest*."""
        match = _APPOSITION.match(self.scan.text, candidate.end)
        if match is None:
            return "", 0
        lists = context()
        noun = match["noun"].lower()
        label = lists.before.get(noun, "")
        if not label and (other := match["other"]):
            label = lists.before.get(other.lower(), "")
        if label == "PER" and (match["article"] or noun not in lists.before):
            return "", 0
        if label in ("ORG", "MISC", "LOC") and not match["article"]:
            return "", 0
        return (label, 4) if label else ("", 0)

    def is_numbered(self, candidate: Candidate) -> bool:
        """Whether a name ends as that of a model or an edition does: *Airbus A320*, *Solar Impulse 2*."""
        last = self.scan.words[candidate.last].text
        if candidate.first == candidate.last:
            return _MODEL.fullmatch(last) is not None
        return _NUMBERED.fullmatch(last) is not None

    def is_defined(self, candidate: Candidate) -> bool:
        """Whether an article stands before, as it does not before the name of a person."""
        index = candidate.first
        return self.scan.joined[index] and self.scan.words[index - 1].low in _ARTICLES

    def is_common(self, candidate: Candidate) -> bool:
        """Whether it seems to be a common noun with a capital: *la Congrégation pour la foi*."""
        if candidate.first != candidate.last or not self.is_defined(candidate):
            return False
        ahead = candidate.last + 1
        if not self.scan.joined[ahead]:
            return False
        following = self.scan.words[ahead]
        return following.low in ("de", "du", "des", "d'", "pour") or (
            following.text.islower() and is_adjective(following.low)
        )
