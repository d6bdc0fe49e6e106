"""Quotations over the words and mentions of a pipeline; shared by spaCy and Stanza.

Marks, reporting verbs and the limits of what is said are the rules' business
(:mod:`fact_extractors.rules.quotes`). What a pipeline adds is who said it: the subject of the reporting
verb where the words have a tree, and otherwise the named persons that the model found.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from msgspec import structs

from fact_extractors.pipelines.reading import LabelView, ModelReading, ParsedWord, trimmed
from fact_extractors.rules.sentences import Sentences
from factharness.facts import Quote, Span

_SUBJECT = ("nsubj", "nsubj:pass", "nsubj:caus", "csubj")
_PARTICLES = {"punct", "advmod", "expl:subj", "expl:comp", "expl:pv", "expl:pass", "iobj", "obj"}
_RELATIVE = {"qui", "lequel", "laquelle", "lesquels", "lesquelles"}
_PRONOUNS = {"il", "elle", "ils", "elles", "on", "ce", "celui-ci", "celle-ci"}
_DASH = re.compile(r"\s*[—–-]\s*")
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


_WIDEST = 200
"""Words to either side that a phrase, or the subject of a verb, is looked for in, and steps up the tree: a text
without stops is one sentence of thousands of words."""


class Tree:
    """The words of an article with their dependents at hand."""

    def __init__(self, tokens: Sequence[ParsedWord]) -> None:
        self.tokens = tokens
        self._ends = [token.end for token in tokens]
        self.children: dict[int, list[int]] = defaultdict(list)
        for index, token in enumerate(tokens):
            if token.head not in (index, -1):
                self.children[token.head].append(index)

    def within(self, start: int, end: int) -> list[int]:
        """The indices of the tokens that overlap ``[start, end)``."""
        first = index = bisect_right(self._ends, start)
        while index < len(self.tokens) and self.tokens[index].start < end:
            index += 1
        return list(range(first, index))

    def _dependents(self, index: int, centre: int) -> list[int]:
        """The dependents of a word that stand near ``centre``, in their order."""
        found = self.children.get(index, [])
        first, last = centre - _WIDEST, centre + _WIDEST
        return found[bisect_left(found, first) : bisect_right(found, last)]

    def child(self, index: int, relations: Sequence[str]) -> int | None:
        """The first dependent in one of the relations, tried in their order."""
        dependents = self._dependents(index, index)
        for relation in relations:
            for child in dependents:
                if self.tokens[child].dep == relation:
                    return child
        return None

    def source(self, start: int, end: int) -> int | None:
        """The word that names who speaks, for a cue at ``[start, end)``; None when the tree has none."""
        cue = self.within(start, end)
        top = [i for i in cue if self.tokens[i].head == i or self.tokens[i].head not in cue]
        for index in top:
            if self.tokens[index].dep == "case" and self.tokens[index].head >= 0:
                return self.tokens[index].head  # selon, pour, d'après
        verb = next((i for i in top if self.tokens[i].dep not in _PARTICLES), None)
        return None if verb is None else self._subject(verb, set())

    def _subject(self, verb: int, seen: set[int]) -> int | None:
        """The subject of a verb: its own, its agent, its antecedent, or that of the verb it hangs on."""
        if verb in seen or len(seen) > _WIDEST:
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
        low, high = self._reach(index, index)
        return self.tokens[low].start, self.tokens[high].end

    def _reach(self, index: int, top: int) -> tuple[int, int]:
        """The first and the last word that hang on ``index`` in the phrase of ``top``."""
        low = high = index
        for child in self._dependents(index, top):
            token = self.tokens[child]
            if token.dep in _LOOSE or (index == top and token.dep == "case"):
                continue
            if token.dep.startswith("acl") and child > index and self._comma(index, child):
                continue
            left, right = self._reach(child, top)
            low, high = min(low, left), max(high, right)
        return low, high

    def _comma(self, left: int, right: int) -> bool:
        return any(self.tokens[i].text == "," for i in range(left + 1, right))


class Persons:
    """The persons that a model named in an article, in the order of the text."""

    def __init__(self, text: str, reading: ModelReading, labels: LabelView) -> None:
        self._text = text
        self._sentences = Sentences(text)
        self._persons = sorted(
            (m.start, m.end) for m in reading.mentions if labels.gold_label(m.label) == "PER"
        )

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
        dash = _DASH.match(self._text, quote.content[-1].end)
        if dash is None:
            return None
        place = self._from(dash.end())
        named = self._persons[place : place + 1]
        return Span(*named[0]) if named and named[0][0] == dash.end() else None

    def antecedent(self, pronoun: Span) -> str | None:
        """The person named last before a pronoun of the third person singular."""
        if pronoun.of(self._text).lower() not in ("il", "elle"):
            return None
        place = self._from(pronoun.start) - 1
        while place >= 0 and self._persons[place][1] > pronoun.start:
            place -= 1
        return self._text[slice(*self._persons[place])] if place >= 0 else None


def prepare_quotes() -> None:
    """Load what :func:`quotes` needs, so that the first article does not take longer than the others."""
    from fact_extractors.rules import quotes as rules

    rules.find("« Oui », a dit mardi Claire Dumoulin.")


def quotes(text: str, reading: ModelReading, labels: LabelView) -> list[Quote]:
    """The quotations of an article, in the order of the text."""
    from fact_extractors.rules import quotes as rules

    found = [each.quote for each in rules.find(text)]
    if not found:
        return []
    persons = Persons(text, reading, labels)
    tree = Tree(reading.tokens()) if reading.parsed else None
    return [_attributed(quote, text, tree, persons) for quote in found]


def _attributed(quote: Quote, text: str, tree: Tree | None, persons: Persons) -> Quote:
    """The quotation with its speaker: the rules', else the tree's, else the nearest named person."""
    speaker, name = quote.speaker, quote.speaker_name
    if speaker is None and name is None:
        if quote.cue is None:
            speaker = persons.signature(quote)
        else:
            speaker = _by_tree(quote, text, tree) or persons.nearest(quote)
        name = None if speaker is None else speaker.of(text)
    if name is not None and name.lower() in _PRONOUNS and speaker is not None:
        name = persons.antecedent(speaker) or name
    return structs.replace(quote, speaker=speaker, speaker_name=name)


def _by_tree(quote: Quote, text: str, tree: Tree | None) -> Span | None:
    if tree is None or quote.cue is None:
        return None
    source = tree.source(quote.cue.start, quote.cue.end)
    if source is None:
        return None
    span = trimmed(text, *tree.phrase(source))
    inside = span is None or any(span.overlaps(part) for part in quote.content)
    return None if inside else span
