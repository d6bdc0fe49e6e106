"""Quotations over the words and mentions of a pipeline; shared by spaCy and Stanza.

Marks, reporting verbs and the limits of what is said are the rules' business
(:mod:`fact_extractors.rules.quotes`). What a pipeline adds is who said it: the subject of the reporting
verb where the words have a tree, and otherwise the named persons that the model found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fact_extractors.reading import LabelView, Reading, Token
from factharness.facts import Quote

_SUBJECT = ("nsubj", "nsubj:pass", "nsubj:caus", "csubj")
_VERBAL = {"VERB", "AUX"}
_RELATIVE = {"qui", "lequel", "laquelle", "lesquels", "lesquelles"}
# What a noun phrase drags along that does not say who it is.
_LOOSE = {
    "acl:relcl",
    "advcl",
    "parataxis",
    "conj",
    "cc",
    "punct",
    "advmod",
    "discourse",
    "dislocated",
}


class Tree:
    """The words of an article with their dependents at hand."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.children: dict[int, list[int]] = defaultdict(list)
        for index, token in enumerate(tokens):
            if token.head not in (index, -1):
                self.children[token.head].append(index)

    def within(self, start: int, end: int) -> list[int]:
        """The indices of the tokens that overlap ``[start, end)``."""
        return [i for i, t in enumerate(self.tokens) if t.start < end and start < t.end]

    def child(self, index: int, relations: Sequence[str]) -> int | None:
        """The first dependent in one of the relations, tried in their order."""
        for relation in relations:
            for child in self.children[index]:
                if self.tokens[child].dep == relation:
                    return child
        return None

    def source(self, start: int, end: int) -> int | None:
        """The word that names who speaks, for a cue at ``[start, end)``; None when the tree has none."""
        cue = self.within(start, end)
        for index in cue:
            if self.tokens[index].pos not in _VERBAL and self.tokens[index].dep == "case":
                return self.tokens[index].head  # selon, pour, d'après
        verbs = [i for i in cue if self.tokens[i].pos in _VERBAL]
        top = [i for i in verbs if self.tokens[i].head not in verbs]
        return self._subject(top[0], set()) if top else None

    def _subject(self, verb: int, seen: set[int]) -> int | None:
        """The subject of a verb: its own, its agent, its antecedent, or that of the verb it hangs on."""
        if verb in seen:
            return None
        seen.add(verb)
        token = self.tokens[verb]
        passive = self.child(verb, ("aux:pass",)) is not None
        agent = self.child(verb, ("obl:agent",))
        if agent is not None:
            return agent
        subject = None if passive else self.child(verb, _SUBJECT)
        if subject is not None:
            if self.tokens[subject].text.lower() not in _RELATIVE:
                return subject
            return token.head if token.dep == "acl:relcl" else None
        if token.dep in ("conj", "xcomp", "ccomp", "advcl", "aux", "cop") and token.head >= 0:
            return self._subject(token.head, seen)
        if token.dep == "acl" and token.head >= 0:
            return token.head
        return None

    def phrase(self, index: int) -> tuple[int, int]:
        """The noun phrase of a word, from its determiner to its complements and appositions.

        Out: relative clauses and participles after a comma, what is coordinated, and the preposition that
        governs the phrase.
        """
        low, high = self._reach(index, top=True)
        return self.tokens[low].start, self.tokens[high].end

    def _reach(self, index: int, *, top: bool) -> tuple[int, int]:
        low = high = index
        for child in self.children[index]:
            token = self.tokens[child]
            if token.dep in _LOOSE or (top and token.dep == "case"):
                continue
            if token.dep.startswith("acl") and child > index and self._comma(index, child):
                continue
            left, right = self._reach(child, top=False)
            low, high = min(low, left), max(high, right)
        return low, high

    def _comma(self, left: int, right: int) -> bool:
        return any(self.tokens[i].text == "," for i in range(left + 1, right))


def quotes(text: str, reading: Reading, labels: LabelView) -> list[Quote]:
    """The quotations of an article."""
    return []
