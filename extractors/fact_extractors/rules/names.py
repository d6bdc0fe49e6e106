"""Candidate names: where capitals, known names and head nouns say that a name stands, and how far it reaches.

:mod:`.entities` decides the type of a candidate; some candidates bring a type with them (a known name, a head
noun).
"""

from __future__ import annotations

import re
from itertools import compress, count
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from fact_extractors.rules.cased_words import CASED
from fact_extractors.rules.heads import Heads, lists
from fact_extractors.rules.lexicon import context
from fact_extractors.rules.tokens import Scan
from fact_extractors.words import PerWord

_ROMAN = re.compile(r"[IVX]+(?:e|er|ème)$")
_CLOSING = re.compile(r"\s*[»”\"]")
_SPOKEN = re.compile(
    r"a|ai|as|ont|est|sont|es|suis|sommes|était|sera|va|vont|fait|faut|peut|doit|veut|dit|c'|n'|ne|se|s'|j'|"
    r"\w+(?:ez|ons|ait|aient|era|ront|ra)"
)


_RANKS = frozenset(
    ("général", "maréchal", "amiral", "colonel", "commandant", "lieutenant", "vicomte", "marquis")
)
_FORMAL = frozenset((
    "pape", "président", "présidente", "roi", "reine", "prince", "princesse", "ministre", "maire",
    "général", "colonel", "capitaine", "commandant", "amiral", "maréchal", "docteur", "professeur",
    "professeure", "maître", "monsieur", "madame", "sir", "lord", "lady", "cardinal", "sénateur", "député",
    "députée", "sultan", "émir", "chancelier", "chancelière",
))  # fmt: skip
"""Titles and functions that stay outside of a name, with a capital too."""


def _may_open_name(text: str) -> bool:
    """Whether a name may start with a word: a head noun, a particle, or one with a capital that is neither a
    Roman figure nor a form of address."""
    word = CASED[text]
    if word.capital:
        return word.elided or not (word.title or _ROMAN.match(text))
    return word.low in lists().any_case or word.low in context().particles


_MAY_OPEN = PerWord(_may_open_name)
_text = attrgetter("text")


class Candidate(Struct, frozen=True, order=True, gc=False):
    """A stretch that may be a name.

    ``label``, ``rule``   the type it brings with it and why; empty when nothing says yet
    ``first``, ``last``   its first and last token
    ``initial``           whether its capital may be that of a sentence
    """

    start: int
    end: int
    label: str
    rule: str
    first: int
    last: int
    initial: bool


class Candidates:
    """The candidates of one text."""

    def __init__(self, text: str) -> None:
        self.scan = Scan(text)
        self.heads = Heads(self.scan)
        self.words = self.scan.words

    def find(self) -> list[Candidate]:
        """The candidates, in order and apart from each other."""
        found: list[Candidate] = []
        reached = 0
        any_case = lists().any_case
        may_open = map(_MAY_OPEN.__getitem__, map(_text, self.words))
        for index in compress(count(), may_open):
            if index < reached:
                continue
            candidate = None
            token = self.words[index]
            if token.capital:
                candidate = self._capital(index)
            elif token.low in any_case:
                candidate = self._made(index, self.heads.headed(index))
            elif self._is_with_particle(index):
                end = self.scan.linked(index, True)
                candidate = (
                    None
                    if end is None
                    else self.make(index, self.scan.chunk_end(end), "PER", "title")
                )
            if candidate is not None:
                found.append(candidate)
                reached = candidate.last + 1
        return found

    def _is_with_particle(self, index: int) -> bool:
        """Whether a name starts with a particle: *Me van den Abeele*, *le général de Gaulle*."""
        if not self.scan.joined[index]:
            return False
        before = self.words[index - 1]
        if before.title:
            return True
        ranked = before.low in _RANKS
        return ranked and self.scan.next_capital(index) and not self.scan.place(index + 1)

    def make(self, first: int, last: int, label: str, rule: str) -> Candidate:
        """The candidate that spans two tokens."""
        return Candidate(
            self.scan.starts[first],
            self.scan.ends[last],
            label,
            rule,
            first,
            last,
            first in self.scan.opening,
        )

    def _made(self, index: int, name: tuple[int, str, str] | None) -> Candidate | None:
        return None if name is None else self.make(index, *name)

    def _capital(self, index: int) -> Candidate | None:
        token = self.words[index]
        words = context()
        if token.elided:
            return self._article_title(index)
        if token.low in words.rubrics and index in self.scan.opening:
            return None
        known = self.scan.known_at(index)
        if known is None and token.text in words.acronyms:
            return None
        if (known is None or known[0] == index) and self._is_no_part(index):
            return None
        if token.low in words.particles and known is None and self._is_with_particle(index):
            end = self.scan.linked(index, True)
            return (end and self.make(index, self.scan.chunk_end(end), "PER", "title")) or None
        capital_head = self.heads.head_at(index, lists().capital)
        longer = self.heads.head_at(index, lists().any_case)
        if known is None and longer is not None and longer[0] > (capital_head or (index,))[0]:
            headed = self._made(index, self.heads.headed(index))
            return headed or self.make(index, *longer, "head")
        if known is not None and known[1] == "MISC" and self.heads.is_year(known[0] + 1):
            known = known[0] + 1, "MISC"
        if capital_head is not None:
            headed = self._made(index, self.heads.institution(index, *capital_head))
            if headed is not None and (known is None or headed.last > known[0]):
                return headed
        if token.text == "Mars" and self._planet(index):
            return self.make(index, index, "LOC", "known")
        if token.low in words.stop and token.low not in ("le", "la", "les"):
            if known is not None and known[0] > index:
                return self.make(index, known[0], known[1], "known")
            return None
        if token.low in words.stop and (known is None or known[0] == index):
            return self._article_title(index)
        if token.low in lists().any_case and (known is None or known[0] == index):
            headed = self._made(index, self.heads.headed(index))
            if headed is not None:
                return headed
        last = self.scan.chunk_end(index)
        named = self._named_before(index)
        if named and known is None and last - index < 3:
            extended = self._made(index, self.heads.institution(index, last, named))
            if extended is not None and extended.last > last:
                return replace(extended, rule=f"before-{named.lower()}")
        if known is not None and known[0] >= last:
            return self.make(index, known[0], known[1], "known")
        if token.low in words.stop and last == index:
            return None
        return self.make(index, last, "", "")

    def _is_no_part(self, index: int) -> bool:
        """Whether a word with a capital is no part of the name behind it.

        *le Camerounais Anton Brel*, *le Pape François*, *Ouragan Ludo : 39 morts*.
        """
        if self.scan.is_people(index):
            return True
        if not self.scan.next_capital(index):
            return False
        low = self.words[index].low
        if low in _FORMAL:
            return True
        kind = context().before.get(low, "")
        return (
            index in self.scan.opening
            and kind in ("MISC", "LOC", "ORG")
            and low not in lists().capital
        )

    def _planet(self, index: int) -> bool:
        """Whether *Mars* is no month: a capital inside a sentence, without a day or a year beside it."""
        beside = self.words[max(0, index - 1) : index] + self.words[index + 1 : index + 2]
        return index not in self.scan.opening and not any(t.text[0].isdigit() for t in beside)

    def _named_before(self, index: int) -> str:
        """ORG or MISC when such a noun stands before: *le collectif Soufflets libres*."""
        if not self.scan.joined[index] or index in self.scan.opening:
            return ""
        before = self.words[index - 1].low
        label = "ORG" if before == "chez" else context().before.get(before, "")
        return label if label in ("ORG", "MISC") else ""

    def _article_title(self, index: int) -> Candidate | None:
        """A title that starts with its article: *L'Écho des Crêtes*, *Les Dormeurs du canal*."""
        if self.scan.after_mark(index):
            return self._marked_title(index)
        if index in self.scan.opening:
            known = self.scan.known_at(index)
            return (
                self.make(index, known[0], known[1], "known")
                if known and known[0] > index
                else None
            )
        if not self.scan.next_capital(index) or self.words[index + 1].low in context().stop:
            return None
        last = self.scan.chunk_end(index + 1)
        headed = self.heads.institution(index + 1, last, "ORG")
        if headed is not None:
            last = headed[0]
        return self.make(index, last, self._named_before(index) or "ORG", "article-title")

    def _marked_title(self, index: int) -> Candidate | None:
        """The title of a work in marks: *« Les Dormeurs du canal »*; a sentence is none."""
        close = _CLOSING.search(
            self.scan.text, self.scan.starts[index], self.scan.starts[index] + 80
        )
        if close is None:
            return None
        last = index
        while last + 1 < len(self.words) and self.scan.ends[last + 1] <= close.start():
            last += 1
            low = self.words[last].low
            if _SPOKEN.fullmatch(low) or (low not in context().links and low in context().stop):
                return None
        if (
            last == index
            or last - index > 6
            or self.scan.text[self.scan.ends[last] : close.start()].strip()
        ):
            return None
        return self.make(index, last, "MISC", "title")
