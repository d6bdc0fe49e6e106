"""The words of a text as names see them: capitals, elisions, runs of capitals, known names."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from fact_extractors.rules.lexicon import context, is_given_name, key, names
from fact_extractors.rules.sentences import Sentences

_TOKEN = re.compile(
    r"[NO]['’][A-Z]\w+|(?:[ldnsmtjcLDNSMTJC]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)['’](?=\w)|"
    r"[A-Z](?:\.-?[A-Z])*\.(?=[ \u00a0-]?[A-ZÀ-Þvd])|MM?\.|Mgr\.?|[DMPS][ert]\.|"
    r"\d+(?:[-‑][A-ZÀ-Þ]\w+)+|\d+(?:[.,]\d+)*|"
    r"\w+(?:[-‑'’]\w+)*|&"
)
_OPENERS = '«“"(‹[—–:•'
_ARABIC_ARTICLE = re.compile(r"(?:al|el|an|as|ash|ad|ar|at|az)-[A-ZÀ-Þ]")
_LONGEST = 12
"""Tokens a run of capitals has at most."""

TITLES = frozenset(("m", "mm", "mme", "mmes", "mlle", "me", "mgr", "dr", "pr"))
"""Forms of address, without their point."""

_FOREIGN_LINKS = frozenset((
    "van", "von", "der", "den", "ben", "bin", "ibn", "al", "el", "da", "di", "dos", "&", "lès", "of", "the",
))  # fmt: skip
_FIGURE_ENDS = re.compile(r"(?![.,:]\d)(?:$|[,.;:)»”\"\n]|[ \u00a0][»,;:!?)])")


class CasedToken(NamedTuple):
    """A word of the text: ``[start, end)``, as it stands, in lower case, and whether a capital leads it."""

    start: int
    end: int
    text: str
    low: str
    capital: bool


@cache
def _known() -> dict[str, list[tuple[str, str]]]:
    """Known names by their first word, the longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, label in names().items():
        match = _TOKEN.match(name)
        if match is not None:
            found.setdefault(match.group(), []).append((name, label))
    return {first: sorted(e, key=lambda pair: -len(pair[0])) for first, e in found.items()}


def tokens(text: str) -> list[CasedToken]:
    """The words of ``text``."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        low = word.lower().replace("’", "'") if not word.islower() else word.replace("’", "'")
        capital = word[0].isupper() or _ARABIC_ARTICLE.match(word) is not None
        found.append(CasedToken(match.start(), match.end(), word, low, capital))
    return found


class Scan:
    """One text cut into tokens.

    ``starts`` holds the tokens whose capital may be that of a sentence.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = key(text)
        self.tokens = tokens(text)
        self.starts = set()
        sentences = Sentences(text)
        boundaries = iter([*sentences.starts, len(text) + 1])
        edge = next(boundaries)
        for index, token in enumerate(self.tokens):
            fresh = False
            while edge <= token.start:
                fresh, edge = True, next(boundaries)
            before = self.text[max(0, token.start - 2) : token.start].strip()
            if fresh or (before and before[-1] in _OPENERS):
                self.starts.add(index)

    def adjacent(self, index: int) -> bool:
        """Whether token ``index`` follows the one before with nothing but a space between."""
        if not 0 < index < len(self.tokens):
            return False
        gap = self.text[self.tokens[index - 1].end : self.tokens[index].start]
        return gap in ("", " ", "\u00a0", "\u202f")

    def next_capital(self, index: int) -> bool:
        """Whether a word with a capital follows."""
        return self.adjacent(index + 1) and self.tokens[index + 1].capital

    def known_at(self, index: int) -> tuple[int, str] | None:
        """The last token and the label of the longest known name that starts at ``index``."""
        start = self.tokens[index].start
        for name, label in _known().get(key(self.tokens[index].text), ()):
            if not self.plain.startswith(name, start):
                continue
            end = start + len(name)
            last = index
            while last < len(self.tokens) and self.tokens[last].end < end:
                last += 1
            if last < len(self.tokens) and self.tokens[last].end == end:
                return last, label
        return None

    def chunk_end(self, index: int) -> int:
        """The last token of the run of capitals that starts at ``index``."""
        last = index
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
