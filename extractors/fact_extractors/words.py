"""Folded copies of a text: what the rules read, offset for offset the same length as the original.

``lower`` keeps the accents (the verbs need them: *affirme* is not *affirmé*), ``bare`` drops them (dates
and lexicons do not: *fevrier*, *aout*).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import accumulate, compress, count
from typing import TypeVar

WORD = re.compile(r"\w+")
T = TypeVar("T")

_PLAIN = {"’": "'", "‘": "'", "ʼ": "'", "\u2011": "-", "ᵉ": "e", "ʳ": "r"} | dict.fromkeys(
    "\u00a0\u2002\u2003\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f", " "
)
_CAPITALS = {
    code: chr(code).lower()
    for code in range(0x41, 0x250)
    if chr(code).isupper() and len(chr(code).lower()) == 1
}
_ACCENTS = "àâäáãåçéèêëîïíìôöóòõûüùúÿñ"
_BARE = {letter: unicodedata.normalize("NFD", letter)[0] for letter in _ACCENTS}


def replaced(text: str, characters: Mapping[str, str]) -> str:
    """``text`` with some characters replaced; faster than ``str.translate``, which looks at every character."""
    for special, plain in characters.items():
        text = text.replace(special, plain)
    return text


def lower(text: str) -> str:
    """``text`` in lower case, with ``'`` for every apostrophe and a space for no-break spaces."""
    folded = text.lower()
    if len(folded) != len(text):  # İ and its like grow when lowered
        folded = text.translate(_CAPITALS)
    return folded if folded.isascii() else replaced(folded, _PLAIN)


@lru_cache(maxsize=4)
def lower_all(text: str) -> str:
    """:func:`lower` of a whole article: found once for all that read it."""
    return lower(text)


_PICTURES = re.compile(
    r"[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff]"
    r"[\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]*"
)
"""Arrows, dingbats and emoji, with what joins or varies them; not the signs of units (°, ℃, €)."""
_FOOTNOTES = re.compile(r"[\[¹²³⁴-⁹](?:(?<=\[)\d{1,3}\]|(?<!\[)[¹²³⁴-⁹]*)")
"""The numbers of footnotes: *[1]*, *¹*. What else is meant by a raised figure (*m²*) is no word either."""
_NEITHER = re.compile(
    r"[^\[¹²³⁴-⁹\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff"
    r"\U0001f000-\U0001faff]*+"
)
"""Text that holds none of the two: most texts, and quicker to know than to look for each."""


def without_pictures(text: str) -> str:
    """``text`` with spaces for arrows, dingbats, emoji and numbers of footnotes, no words; same length."""
    if _NEITHER.fullmatch(text):
        return text
    for signs in (_PICTURES, _FOOTNOTES):
        text = signs.sub(lambda picture: " " * len(picture.group()), text)
    return text


def unaccented(folded: str) -> str:
    """``folded`` without the accents of French; same length."""
    return folded if folded.isascii() else replaced(folded, _BARE)


def bare(text: str) -> str:
    """``text`` in lower case and without accents; same length."""
    return unaccented(lower(text))


class PerWord(dict[str, T]):
    """A table of the results of ``of`` by word: it is called once for each distinct word.

    A text has few distinct words, and the next text has mostly the same. When the table has ``most`` words, it
    is emptied; what is longer than any word is not kept.
    """

    _LONGEST = 48

    def __init__(self, of: Callable[[str], T], most: int = 1 << 15) -> None:
        super().__init__()
        self._of, self._most = of, most

    def __missing__(self, word: str) -> T:
        found = self._of(word)
        if len(word) <= self._LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[word] = found
        return found


class Lookout:
    """Finds the matches of a pattern in texts, those that ``wanted`` accepts.

    The pattern may not look beyond a space. So it is searched once in each distinct chunk between two spaces,
    and a text is only split and looked up, which costs a small part of a search.
    """

    def __init__(self, pattern: re.Pattern[str], wanted: Callable[[str], bool] = bool) -> None:
        self._pattern, self._wanted = pattern, wanted
        self._by_chunk = PerWord(self._inside)

    def _inside(self, chunk: str) -> tuple[tuple[str, int], ...]:
        """The matches in one chunk, each with its place there."""
        found = []
        for match in self._pattern.finditer(chunk):
            word = match.group()
            if self._wanted(word):
                found.append((word, match.start()))
        return tuple(found)

    def places(
        self, text: str, start: int = 0, end: int | None = None
    ) -> Iterator[tuple[str, int]]:
        """The matches in ``text[start:end]``, each with the place in ``text`` where it starts."""
        chunks = text[start:end].split(" ")
        found = list(map(self._by_chunk.__getitem__, chunks))
        if not any(found):
            return
        letters = list(accumulate(map(len, chunks), initial=start))
        for spaces in compress(count(), found):
            at = letters[spaces] + spaces
            for word, offset in found[spaces]:
                yield word, at + offset

    def first_in(self, text: str) -> int:
        """Where the first match in ``text`` starts; -1 for none."""
        at = 0
        for chunk in text.split(" "):
            if found := self._by_chunk[chunk]:
                return at + found[0][1]
            at += len(chunk) + 1
        return -1

    def any_in(self, text: str) -> bool:
        """Whether ``text`` holds a match."""
        return any(map(self._by_chunk.__getitem__, text.split(" ")))


def back_over(text: str, end: int, characters: str) -> int:
    """Where ``text[:end]`` ends without the ``characters`` at its end; copies nothing."""
    while end > 0 and text[end - 1] in characters:
        end -= 1
    return end
