"""Reads French number words, also those for a group: « trois », « une dizaine de »."""

from __future__ import annotations

import re

_UNITS = re.findall(
    r"\w+",
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
)
_TENS = {
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "huitante": 80,
    "octante": 80,
    "nonante": 90,
}
_VALUES = {word: number for number, word in enumerate(_UNITS)} | _TENS | {"une": 1, "vingts": 20}
_FACTORS = {"cent": 100, "cents": 100, "mille": 1000, "million": 10**6, "millions": 10**6}
_GROUPS = {
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
}
_WORD = "|".join(sorted((*_VALUES, *_FACTORS), key=len, reverse=True))
NUMERAL = rf"(?:[0-9]{{1,3}}(?: [0-9]{{3}})+|[0-9]+(?:,[0-9]+)?|(?:{_WORD})(?:(?:-| et |-et-| )(?:{_WORD}))*)"
"""A number in figures (``11 000``, ``2,5``) or in words (``septante et un``), lower case, spaces folded."""
GROUP = rf"une (?:{'|'.join(_GROUPS)}) (?:de |d')"
"""``une dizaine de``: a number that is told as a group."""


def number(words: str) -> float:
    """The number that words matched by :data:`NUMERAL` or :data:`GROUP` name."""
    if words[0].isdigit():
        return float(words.replace(" ", "").replace(",", "."))
    total, current = 0, 0
    for word in re.findall(r"\w+", words):
        if word in _GROUPS:
            return _GROUPS[word]
        if word.startswith("vingt") and current % 100 == 4:
            current += 76  # quatre-vingts
        elif word in _VALUES:
            current += _VALUES[word]
        elif word in ("cent", "cents"):
            current = (current or 1) * 100
        elif word in _FACTORS:
            total, current = total + (current or 1) * _FACTORS[word], 0
    return total + current
