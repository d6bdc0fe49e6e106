"""Variants that change letter by letter: no accents, capitals, letters and their accents apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from random import Random

from factharness.variants.offsets import Edit

_LIGATURES = {
    "æ": "ae",
    "œ": "oe",
    "Æ": "AE",
    "Œ": "OE",
    "ß": "ss",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
}


def no_accents(text: str, _random: Random) -> Iterator[Edit]:
    """Letters without their accents, ligatures as two letters."""
    for place, letter in enumerate(text):
        bare = "".join(
            _LIGATURES.get(each, each)
            for each in unicodedata.normalize("NFD", letter)
            if not unicodedata.combining(each)
        )
        if bare != letter:
            yield Edit(place, place + 1, bare)


def capitals(text: str, _random: Random) -> Iterator[Edit]:
    """Everything in capitals; accents stay."""
    for place, letter in enumerate(text):
        if letter.upper() != letter:
            yield Edit(place, place + 1, letter.upper())


def nfd(text: str, _random: Random) -> Iterator[Edit]:
    """Each accented letter as a letter and an accent (Unicode's form NFD), as macOS writes file names."""
    for letter in _letters(text):
        apart = unicodedata.normalize("NFD", letter[0])
        if apart != letter[0]:
            yield Edit(*letter.span(), apart)


def _letters(text: str) -> Iterator[re.Match[str]]:
    """Each character with the accents that follow it, since NFD also brings accents into an order."""
    marks = "".join({letter for letter in text if unicodedata.combining(letter)})
    return re.finditer(rf"[\s\S][{re.escape(marks)}]*" if marks else r"[\s\S]", text)
