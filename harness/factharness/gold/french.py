"""French words for numbers and small grammar: figures, plurals, articles fused with a preposition.

A number never parts from the noun behind it at the end of a line: the space between them is a no-break space.
"""

from __future__ import annotations

from typing import NamedTuple

NBSP = "\u00a0"
NNBSP = "\u202f"
"""The narrow no-break space, which parts the thousands of a figure."""

_WORDS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
_VOWELS = "aeiouyâàéèêëîïôœ"
_INVARIABLE = ("s", "x", "z", "après-midi")
_ROMAN = (
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


class Phrase(NamedTuple):
    """A noun phrase: as it stands alone, and what follows a preposition: article (may be empty), words.

    « mardi 5 mars 2024 » alone, « avant le mardi 5 mars 2024 »; « 9 h, jour non précisé » alone, « avant 9 h ».
    """

    alone: str
    article: str
    words: str

    @property
    def definite(self) -> str:
        """The phrase behind a preposition that does not fuse: « le mardi 5 mars »."""
        return self.article + self.words

    @property
    def of(self) -> str:
        """The phrase behind *de*: « du mardi 5 mars », « de l’été », « d’avril »."""
        if not self.article:
            return elided("de", self.words)
        return {"le ": "du ", "les ": "des "}.get(self.article, "de " + self.article) + self.words

    @property
    def to(self) -> str:
        """The phrase behind *à*: « au mardi 5 mars », « à l’été », « à avril »."""
        return {"le ": "au ", "les ": "aux "}.get(self.article, "à " + self.article) + self.words


def bare(words: str) -> Phrase:
    """A phrase that never has an article: « mars 2024 », « chaque mardi », « 20 minutes »."""
    return Phrase(words, "", words)


def elided(word: str, following: str) -> str:
    """``following`` behind *de* or *le*, which lose their e before a vowel: « d’avril », « de mars »."""
    return f"{word[:-1]}’{following}" if following[0].lower() in _VOWELS else f"{word} {following}"


def figure(number: str) -> str:
    """A number in figures, from digits with an optional decimal point: « 12 000 », « 1,5 », « 7 » for 007."""
    whole, _, fraction = number.partition(".")
    grouped = f"{int(whole):,}" if int(whole) >= 10_000 else str(int(whole))
    fraction = fraction.rstrip("0")
    return grouped.replace(",", NNBSP) + (f",{fraction}" if fraction else "")


def plural(noun: str) -> str:
    """The plural of a regular noun: *ans*, *mois*, *week-ends*."""
    return noun if noun.endswith(_INVARIABLE) else noun + "s"


def counted(number: str, noun: str) -> str:
    """A number in figures and its noun, which is plural from two on: « 20 minutes », « 1,5 an », « 0 jour »."""
    return f"{figure(number)}{NBSP}{plural(noun) if float(number) >= 2 else noun}"


def spelt(number: int, noun: str, *, feminine: bool = False) -> str:
    """A whole number and its noun, the number in words where it is one word up to sixteen: « seize mois »."""
    if number >= len(_WORDS):
        return counted(str(number), noun)
    word = "une" if feminine and number == 1 else _WORDS[number]
    return f"{word} {plural(noun) if number >= 2 else noun}"


def ordinal(number: int, *, feminine: bool = False) -> str:
    """A number of a series in figures: « 1er », « 1re », « 2e »."""
    return f"{number}{('re' if feminine else 'er') if number == 1 else 'e'}"


def roman(number: int) -> str:
    """A number from 1 to 100 of a series in Roman figures, as of centuries: « Ier », « XXIe »."""
    figures, rest = "", number
    for value, letters in _ROMAN:
        while rest >= value:
            figures, rest = figures + letters, rest - value
    return figures + ("er" if number == 1 else "e")
