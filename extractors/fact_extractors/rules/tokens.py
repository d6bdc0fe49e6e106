"""The words of a text as names see them: capitals, elisions, runs of capitals, known names."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from itertools import accumulate

from msgspec import Struct

from fact_extractors.rules.lexicon import context, is_given_name, key, names, without_article
from fact_extractors.rules.nationalities import is_nationality, may_be_origin
from fact_extractors.rules.sentences import sentences

_TOKEN = re.compile(
    r"([NO]['’][A-Z]\w+|(?:[ldnsmtjcLDNSMTJC]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)['’](?=\w)|"
    r"[A-Z](?:\.-?[A-Z])*\.(?=[ \u00a0-]?[A-ZÀ-Þvd])|MM?\.|Mgr\.?|[DMPS][ert]\.|"
    r"\d+(?:[-‑][A-ZÀ-Þ]\w+)+|\d+(?:[.,]\d+)*|"
    r"\w+(?:[-‑'’]\w+)*|&)"
)
_OPENERS = tuple('«“"(‹[—–:•')
_ARABIC_ARTICLE = re.compile(r"(?:al|el|an|as|ash|ad|ar|at|az)-[A-ZÀ-Þ]")
_BEFORE_SHORT = frozenset(("au", "du", "aux", "des", "le", "les"))
_OF = frozenset(("de", "du", "des", "d'", "la", "le", "l'", "les", "à", "aux", "au"))
_MEDIA = frozenset(
    ("agence", "chaîne", "quotidien", "journal", "hebdomadaire", "magazine", "radio", "site")
)
_BESIDE = frozenset(("", " ", "\u00a0", "\u202f"))
_LONGEST = 12
"""Tokens a run of capitals has at most."""

TITLES = frozenset(("m", "mm", "mme", "mmes", "mlle", "me", "mgr", "dr", "pr"))
"""Forms of address, without their point."""

_DETERMINERS = frozenset((
    "le", "la", "l'", "les", "un", "une", "des", "du", "au", "aux", "ce", "cet", "cette", "ces", "autre",
    "autres", "deux", "trois", "quatre", "cinq", "six", "dix", "jeune", "jeunes", "compatriote",
))  # fmt: skip
_FOREIGN_LINKS = frozenset((
    "van", "von", "der", "den", "ben", "bin", "ibn", "al", "el", "da", "di", "dos", "&", "lès", "of", "the",
))  # fmt: skip
_FIGURE_ENDS = re.compile(r"(?![.,:]\d)(?:$|[,.;:)»”\"\n]|[ \u00a0][»,;:!?)])")


class CasedToken(Struct, frozen=True, gc=False):
    """A word of the text: ``[start, end)``, as it stands, in lower case, and whether a capital leads it.

    ``beside``: whether nothing but a space stands before it.
    """

    start: int
    end: int
    text: str
    low: str
    capital: bool
    beside: bool


@cache
def _known() -> dict[str, list[tuple[str, str]]]:
    """Known names by their first word, the longest first."""
    return _by_first_word(names())


@cache
def _without_article() -> dict[str, list[tuple[str, str]]]:
    """The rest of the known names that begin with an article, as in *au Monde*."""
    return _by_first_word(without_article())


def _by_first_word(named: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, label in named.items():
        match = _TOKEN.match(name)
        if match is not None:
            found.setdefault(match.group(), []).append((name, label))
    return {first: sorted(e, key=lambda pair: -len(pair[0])) for first, e in found.items()}


def tokens(text: str) -> list[CasedToken]:
    """The words of ``text``."""
    parts = _TOKEN.split(text)  # a gap, a word, a gap ... a word, a gap
    words = parts[1::2]
    if not words:
        return []
    ends = list(accumulate(map(len, parts)))
    low, capital = zip(*map(_cased, words), strict=True)
    beside = map(_BESIDE.__contains__, parts[:-1:2])
    return list(map(CasedToken, ends[:-1:2], ends[1::2], words, low, capital, beside))


@lru_cache(maxsize=1 << 14)
def _cased(word: str) -> tuple[str, bool]:
    """A word in lower case with plain apostrophes, and whether a capital leads it."""
    capital = word[0].isupper() or _ARABIC_ARTICLE.match(word) is not None
    return word.lower().replace("’", "'"), capital


class Scan:
    """One text cut into tokens.

    ``starts`` holds the tokens whose capital may be that of a sentence.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = key(text)
        self.tokens = tokens(text)
        self.starts = self._starts()

    def _starts(self) -> set[int]:
        places = [token.start for token in self.tokens]
        found = {bisect_left(places, start) for start in sentences(self.text).starts}
        for index, token in enumerate(self.tokens):
            if not token.beside:
                before = self.text[self.tokens[index - 1].end if index else 0 : token.start]
                if before[-2:].strip().endswith(_OPENERS):
                    found.add(index)
        return found

    def adjacent(self, index: int) -> bool:
        """Whether token ``index`` follows the one before with nothing but a space between."""
        return 0 < index < len(self.tokens) and self.tokens[index].beside

    def next_capital(self, index: int) -> bool:
        """Whether a word with a capital follows."""
        return self.adjacent(index + 1) and self.tokens[index + 1].capital

    def known_at(self, index: int) -> tuple[int, str] | None:
        """The last token and the label of the longest known name that starts at ``index``."""
        start = self.tokens[index].start
        first = key(self.tokens[index].text)
        known = _known().get(first, [])
        if self.adjacent(index) and self.tokens[index - 1].text in _BEFORE_SHORT:
            known = known + _without_article().get(first, [])
        for name, label in known:
            if not self.plain.startswith(name, start):
                continue
            end = start + len(name)
            last = index
            while last < len(self.tokens) and self.tokens[last].end < end:
                last += 1
            if last < len(self.tokens) and self.tokens[last].end == end:
                return last, label
        return None

    def is_people(self, index: int) -> bool:
        """Whether a noun of nationality stands there, and not the name of a country: *le Suisse Anton Brel*."""
        token = self.tokens[index]
        if not token.capital or index == 0 or token.text.isupper() or token.low.startswith("saint"):
            return False
        before = self.tokens[index - 1].low if self.adjacent(index) else ""
        if before == "au" and key(token.text) in without_article():
            return False  # « au Parisien »
        named = self.next_capital(index)
        if key(token.text) in names():
            masculine = before in ("le", "au", "du", "un")
            return (
                is_nationality(token.low)
                and named
                and (
                    masculine
                    or before in ("une", "autre")
                    or is_given_name(self.tokens[index + 1].text)
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
            and is_given_name(self.tokens[index + 1].text)
        )

    def chunk_end(self, index: int, head: int | None = None) -> int:
        """The last token of the run of capitals that starts at ``index``, of a name that starts at ``head``."""
        last = index
        head = index if head is None else head
        while True:
            ahead = last + 1
            if not self.adjacent(ahead) or last - index >= _LONGEST:
                return last
            token = self.tokens[ahead]
            if token.capital and not token.text.endswith(("'", "’")):
                if token.low.rstrip(".") in TITLES:
                    return last
                if token.low in ("le", "la", "les") and not is_given_name(self.tokens[index].text):
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
            person = is_given_name(self.tokens[index].text) or self.titled(index)
            end = self.linked(ahead, person)
            if end is None:
                return last
            last = end

    def is_person_behind(self, ahead: int, index: int) -> bool:
        """Whether the name of a body ends before ``ahead``, and a person's follows.

        *l’AFP Anne Vial*, *le chef de l’ONU Ban Ki-moon*, *le président de la République Jean Morel*.
        """
        if not self.next_capital(ahead) or self.tokens[ahead].text.isupper():
            return False
        given = is_given_name(self.tokens[ahead].text)
        if given and self.tokens[ahead - 1].text.isdigit():
            return True
        known = self.known_at(index)
        if known is not None and known[0] != ahead - 1:
            return False
        if self._of_office(index):
            return given or known is not None
        if known is not None:
            return given and known[1] == "ORG"
        if not given or index == 0 or not self.adjacent(index):
            return False
        acronym = self.tokens[index].text.isupper() and 2 < len(self.tokens[index].text) < 7
        before = self.tokens[index - 1].low
        return (acronym and before in _DETERMINERS) or before in _MEDIA

    def _of_office(self, index: int) -> bool:
        """Whether a function of somebody goes before: *le secrétaire général de l’* …"""
        at = index - 1
        while at > 0 and self.adjacent(at + 1) and self.tokens[at].low in _OF:
            at -= 1
        if not 0 <= at < index - 1 or not self.adjacent(at + 1):
            return False
        words = context().before
        low = self.tokens[at].low
        further = self.tokens[at - 1].low if at and self.adjacent(at) else ""
        return words.get(low) == "PER" or words.get(further) == "PER"

    def linked(self, index: int, person: bool) -> int | None:
        """The token after one or two link words at ``index`` that the name goes on with."""
        words = context()
        allowed = words.particles if person else _FOREIGN_LINKS
        ahead = index
        while ahead < len(self.tokens) and ahead < index + 3 and self.adjacent(ahead):
            token = self.tokens[ahead]
            if token.capital and ahead > index:
                return ahead if token.low not in words.stop else None
            if token.low not in allowed:
                return None
            ahead += 1
        return None

    def place(self, index: int) -> bool:
        """Whether one token is the name of a place: *Catalogne* in *la Catalogne Carles Puigdemont*."""
        return names().get(key(self.tokens[index].text)) == "LOC" and not is_given_name(
            self.tokens[index].text
        )

    def after_title(self, index: int) -> bool:
        """Whether a form of address stands before: *Me van den Abeele*."""
        return self.adjacent(index) and self.tokens[index - 1].low.rstrip(".") in TITLES

    def numbered(self, index: int) -> bool:
        """Whether the figure at ``index`` belongs to the name before it: *Luma 3*, *France 3 Bretagne*."""
        token = self.tokens[index]
        if not token.text[0].isdigit() or len(token.text) > 3 or "-" in token.text:
            return False
        if _FIGURE_ENDS.match(self.text[token.end : token.end + 2]):
            return True
        return self.adjacent(index + 1) and self.tokens[index + 1].capital

    def titled(self, index: int) -> bool:
        """Whether a noun of persons stands before: *le pêcheur*, *Mme*."""
        if index == 0 or not self.adjacent(index):
            return False
        return context().before.get(self.tokens[index - 1].low) == "PER"

    def after_mark(self, index: int) -> bool:
        """Whether quotation marks open right before."""
        before = self.text[max(0, self.tokens[index].start - 2) : self.tokens[index].start].strip()
        return before.endswith(("«", "“", '"'))
