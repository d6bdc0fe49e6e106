"""Folded copies of a text: what the rules read, offset for offset the same length as the original.

``lower`` keeps the accents (the verbs need them: *affirme* is not *affirmé*), ``bare`` drops them (dates
and lexicons do not: *fevrier*, *aout*).
"""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"\w+")

_PLAIN = {"’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-"}
_CAPITALS = {
    code: chr(code).lower()
    for code in range(0x41, 0x250)
    if chr(code).isupper() and len(chr(code).lower()) == 1
}
_ACCENTS = "àâäáãåçéèêëîïíìôöóòõûüùúÿñ"
_BARE = {letter: unicodedata.normalize("NFD", letter)[0] for letter in _ACCENTS}


def lower(text: str) -> str:
    """``text`` in lower case, with ``'`` for every apostrophe and a space for no-break spaces."""
    folded = text.lower()
    if len(folded) != len(text):  # İ and its like grow when lowered
        folded = text.translate(_CAPITALS)
    for special, plain in _PLAIN.items():
        folded = folded.replace(special, plain)
    return folded


_PICTURES = re.compile(
    r"[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff]"
    r"[\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]*"
)
"""Arrows, dingbats and emoji, with what joins or varies them; not the signs of units (°, ℃, €)."""


def without_pictures(text: str) -> str:
    """``text`` with spaces for arrows, dingbats and emoji, which are no words; same length."""
    return _PICTURES.sub(lambda picture: " " * len(picture.group()), text)


def unaccented(folded: str) -> str:
    """``folded`` without the accents of French; same length."""
    for letter, plain in _BARE.items():
        folded = folded.replace(letter, plain)
    return folded


def bare(text: str) -> str:
    """``text`` in lower case and without accents; same length."""
    return unaccented(lower(text))


def back_over(text: str, end: int, characters: str) -> int:
    """Where ``text[:end]`` ends without the ``characters`` at its end; copies nothing."""
    while end > 0 and text[end - 1] in characters:
        end -= 1
    return end
