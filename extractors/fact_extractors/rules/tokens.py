"""Answers questions about neighbouring words: runs of capitals, known names, what precedes a person's name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache

from fact_extractors.rules.cased_words import cut, first_word
from fact_extractors.rules.lexicon import context, is_given_name, key, names, without_article
from fact_extractors.rules.nationalities import is_nationality, may_be_origin
from fact_extractors.rules.sentences import sentences

_BEFORE_SHORT = frozenset(("au", "du", "aux", "des", "le", "les"))
_OF = frozenset(("de", "du", "des", "d'", "la", "le", "l'", "les", "à", "aux", "au"))
_MEDIA = frozenset(
    ("agence", "chaîne", "quotidien", "journal", "hebdomadaire", "magazine", "radio", "site")
)
_LONGEST = 12
"""Tokens a run of capitals has at most."""

_DETERMINERS = frozenset((
    "le", "la", "l'", "les", "un", "une", "des", "du", "au", "aux", "ce", "cet", "cette", "ces", "autre",
    "autres", "deux", "trois", "quatre", "cinq", "six", "dix", "jeune", "jeunes", "compatriote",
))  # fmt: skip
_FOREIGN_LINKS = frozenset((
    "van", "von", "der", "den", "ben", "bin", "ibn", "al", "el", "da", "di", "dos", "&", "lès", "of", "the",
))  # fmt: skip
_FIGURE_ENDS = re.compile(r"(?![.,:]\d)(?:$|[,.;:)»”\"\n]|[ \u00a0][»,;:!?)])")


@cache
def _known() -> dict[str, tuple[str, ...]]:
    """Known names by their first word, the longest first."""
    return _by_first_word(names())


@cache
def _without_article() -> dict[str, tuple[str, ...]]:
    """The rest of the known names that begin with an article, as in *au Monde*."""
    return _by_first_word(without_article())


def _by_first_word(named: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in named:
        found.setdefault(first_word(name), []).append(name)
    return {first: tuple(sorted(e, key=len, reverse=True)) for first, e in found.items() if first}


class Scan:
    """One text cut into words.

    ``words``, ``starts``, ``ends``, ``joined``
        see :class:`~.cased_words.CutText`.
    ``plain``
        the text as names are looked up in it.
    ``opening``
        the words whose capital may be that of a sentence.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = key(text)
        self.words, self.starts, self.ends, self.joined, self.opening = cut(text)
        self.opening |= {bisect_left(self.starts, start) for start in sentences(text).starts}

    def next_capital(self, index: int) -> bool:
        """Whether a word with a capital follows."""
        return self.joined[index + 1] and self.words[index + 1].capital

    def known_at(self, index: int) -> tuple[int, str] | None:
        """The last token and the label of the longest known name that starts at ``index``."""
        start = self.starts[index]
        first = self.words[index].key
        last = self._last_of(index, _known().get(first, ()))
        if last is not None:
            return last, names()[self.plain[start : self.ends[last]]]
        if self.joined[index] and self.words[index - 1].text in _BEFORE_SHORT:
            last = self._last_of(index, _without_article().get(first, ()))
            if last is not None:
                return last, without_article()[self.plain[start : self.ends[last]]]
        return None

    def _last_of(self, index: int, known: tuple[str, ...]) -> int | None:
        """The last token of the first of the names ``known`` that stands at ``index`` in whole tokens."""
        start = self.starts[index]
        if not self.plain.startswith(known, start):  # most words start none: all are tried at once
            return None
        for name in known:
            end = start + len(name)
            last = bisect_left(self.ends, end, index)
            if (
                last < len(self.ends)
                and self.ends[last] == end
                and self.plain.startswith(name, start)
            ):
                return last
        return None

    def is_people(self, index: int) -> bool:
        """Whether a noun of nationality stands there, and not the name of a country: *le Suisse Anton Brel*."""
        token = self.words[index]
        if not token.capital or index == 0 or token.text.isupper() or token.low.startswith("saint"):
            return False
        before = self.words[index - 1].low if self.joined[index] else ""
        if before == "au" and token.key in without_article():
            return False  # « au Parisien »
        named = self.next_capital(index)
        if token.key in names():
            masculine = before in ("le", "au", "du", "un")
            return (
                is_nationality(token.low)
                and named
                and (
                    masculine
                    or before in ("une", "autre")
                    or is_given_name(self.words[index + 1].text)
                )
            )
        if before not in _DETERMINERS and not before.isdigit():
            return is_nationality(token.low) and named
        if is_nationality(token.low):
            return True
        return (
            named
            and may_be_origin(token.low)
            and not is_given_name(token.text)
            and is_given_name(self.words[index + 1].text)
        )

    def chunk_end(self, index: int, head: int | None = None) -> int:
        """The last token of the run of capitals that starts at ``index``, of a name that starts at ``head``."""
        last = index
        head = index if head is None else head
        while True:
            ahead = last + 1
            if not self.joined[ahead] or last - index >= _LONGEST:
                return last
            token = self.words[ahead]
            if token.capital and not token.elided:
                if token.title:
                    return last
                if token.low in ("le", "la", "les") and not is_given_name(self.words[index].text):
                    return last
                if last == index and is_given_name(token.text) and self.place(index):
                    return last
                if self.is_person_behind(ahead, head):
                    return last
                last = ahead
                continue
            if self.numbered(ahead):
                last = ahead
                continue
            person = is_given_name(self.words[index].text) or self.titled(index)
            end = self.linked(ahead, person)
            if end is None:
                return last
            last = end

    def is_person_behind(self, ahead: int, index: int) -> bool:
        """Whether the name of a body ends before ``ahead``, and a person's follows.

        *l’AFP Anne Vial*, *le chef de l’ONU Ban Ki-moon*, *le président de la République Jean Morel*.
        """
        if not self.next_capital(ahead) or self.words[ahead].text.isupper():
            return False
        given = is_given_name(self.words[ahead].text)
        if given and self.words[ahead - 1].text.isdigit():
            return True
        known = self.known_at(index)
        if known is not None and known[0] != ahead - 1:
            return False
        if self._of_office(index):
            return given or known is not None
        if known is not None:
            return given and known[1] == "ORG"
        if not given or index == 0 or not self.joined[index]:
            return False
        acronym = self.words[index].text.isupper() and 2 < len(self.words[index].text) < 7
        before = self.words[index - 1].low
        return (acronym and before in _DETERMINERS) or before in _MEDIA

    def _of_office(self, index: int) -> bool:
        """Whether a function of somebody goes before: *le secrétaire général de l’* …"""
        at = index - 1
        while at > 0 and self.joined[at + 1] and self.words[at].low in _OF:
            at -= 1
        if not 0 <= at < index - 1 or not self.joined[at + 1]:
            return False
        words = context().before
        low = self.words[at].low
        further = self.words[at - 1].low if at and self.joined[at] else ""
        return words.get(low) == "PER" or words.get(further) == "PER"

    def linked(self, index: int, person: bool) -> int | None:
        """The token after one or two link words at ``index`` that the name goes on with."""
        words = context()
        allowed = words.particles if person else _FOREIGN_LINKS
        ahead = index
        while ahead < len(self.words) and ahead < index + 3 and self.joined[ahead]:
            token = self.words[ahead]
            if token.capital and ahead > index:
                return ahead if token.low not in words.stop else None
            if token.low not in allowed:
                return None
            ahead += 1
        return None

    def place(self, index: int) -> bool:
        """Whether one token is the name of a place: *Catalogne* in *la Catalogne Carles Puigdemont*."""
        return names().get(self.words[index].key) == "LOC" and not is_given_name(
            self.words[index].text
        )

    def numbered(self, index: int) -> bool:
        """Whether the figure at ``index`` belongs to the name before it: *Luma 3*, *France 3 Bretagne*."""
        token = self.words[index]
        if not token.text[0].isdigit() or len(token.text) > 3 or "-" in token.text:
            return False
        if _FIGURE_ENDS.match(self.text[self.ends[index] : self.ends[index] + 2]):
            return True
        return self.joined[index + 1] and self.words[index + 1].capital

    def titled(self, index: int) -> bool:
        """Whether a noun of persons stands before: *le pêcheur*, *Mme*."""
        if index == 0 or not self.joined[index]:
            return False
        return context().before.get(self.words[index - 1].low) == "PER"

    def after_mark(self, index: int) -> bool:
        """Whether quotation marks open right before."""
        before = self.text[max(0, self.starts[index] - 2) : self.starts[index]].strip()
        return before.endswith(("«", "“", '"'))
