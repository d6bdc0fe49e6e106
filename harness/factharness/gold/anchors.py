"""Finds the place of quoted words in a paragraph, and the shortest words that find a given place.

Words are looked for with apostrophes and no-break spaces folded, so that ``l'été`` finds ``l’été``. Where they
do not stand as they are, all quotation marks are equal, so that ``"oui"`` finds ``« oui »``. A hit may not
start or end inside a word. All offsets here are code points of one paragraph, half-open.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache

from factharness.errors import GoldError
from factharness.escape import cited
from factharness.gold import other_marks
from factharness.gold.misspelt import did_you_mean
from factharness.gold.tree import Elided, Fragment, Offsets, Paragraph, Words
from factharness.text import fold

LONG = 50
"""A fragment of a quote that is longer, in code points, is written ``first words <...> last words``."""
END = 15
"""How many code points of each end are written at least."""
INDEXED = 5000
"""A text of so many code points gets an index of its words; a shorter one is read from its start."""
FIRST_MARK = "\u0300"
"""The first combining character of Unicode."""

Range = tuple[int, int]
_OUTSIDE = " '.,;:()-"
"""The commonest characters beside a word; none is a part of one."""
_PART = re.compile(r"[^\W_]+|[\W_]")
"""A run of letters and digits, or one character of another kind."""


@lru_cache(maxsize=1 << 14)
def hits(words: str, text: str) -> Sequence[Range]:
    """Every place in ``text`` where ``words`` stand as whole words, by offset.

    Quotation marks are looked for as they are. When the words stand nowhere so, marks of one kind find those of
    another, with or without a space inside them; a hit has the marks and no space outside of them.
    """
    found = _hits(words, text)
    if found:
        return found
    needle = other_marks.straight(_folded(words))
    if '"' not in needle or not any(map(str.isalnum, words)):
        return ()
    likely = other_marks.places(needle, _folded(text))
    return tuple(each for each in likely if _whole(text, *each))


def _hits(words: str, text: str) -> Sequence[Range]:
    needle, hay = _one_line(words), _folded(text)
    if not needle:
        return ()
    length = len(needle)
    if len(hay) < INDEXED:
        return tuple(_read_through(needle, hay, text))
    ranges = [(start, start + length) for start in _places(needle, hay)]
    return tuple(each for each in ranges if _whole(text, *each))


def _read_through(needle: str, hay: str, text: str) -> list[Range]:
    """The hits of the folded ``needle`` in ``hay``, which is ``text`` folded, looked for from its start."""
    found = []
    start = hay.find(needle)
    while start != -1:
        end = start + len(needle)
        if _whole(text, start, end):
            found.append((start, end))
        start = hay.find(needle, start + 1)
    return found


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch neither starts nor ends inside a word."""
    return not (inside_word(text, start) or inside_word(text, end))


def _places(needle: str, hay: str) -> list[int]:
    """Where ``needle`` stands in a long text, also inside words and overlapping itself."""
    places = _parts(hay)
    parts = [(places.get(part[0], ()), part.start()) for part in _PART.finditer(needle)]
    rarest, before = min(parts, key=lambda part: len(part[0]))
    starts = (place - before for place in rarest if place >= before)
    return [start for start in starts if hay.startswith(needle, start)]


def locate(fragment: Fragment, paragraph: Paragraph) -> Range:
    """The place of ``fragment`` in the paragraph. Raises :class:`GoldError` for no place, or several."""
    text = paragraph.text
    if isinstance(fragment, Words) and text is not None:
        alone = _alone(fragment.text, text) if fragment.nth is None else None
        return alone or _chosen(fragment, text, hits(fragment.text, text))
    if isinstance(fragment, Offsets):
        if fragment.end > paragraph.length:
            raise GoldError(
                f"<{fragment.start}:{fragment.end}> ends past the paragraph's {paragraph.length} "
                "characters",
                remedy="correct the offsets",
            )
        return fragment.start, fragment.end
    if text is None or isinstance(fragment, Words):
        raise GoldError(
            "words under a withheld paragraph", remedy="attach the text, or write <start:end>"
        )
    return _locate_elided(fragment, text)


def _alone(words: str, text: str) -> Range | None:
    """The place of words that stand as whole words in a short text exactly once.

    None in all other cases, where :func:`hits` decides. Most words of gold are of this simple kind, which is
    found several times faster.
    """
    if not words or len(text) >= INDEXED:
        return None
    hay = _folded(text)
    start = hay.find(words)  # what stands in a folded text is folded
    if start == -1 or hay.find(words, start + 1) != -1:
        found = _read_through(_one_line(words), hay, text)
        return found[0] if len(found) == 1 else None
    end = start + len(words)
    if (not start or hay[start - 1] in _OUTSIDE) and (end == len(hay) or hay[end] in _OUTSIDE):
        return start, end
    return (start, end) if _whole(text, start, end) else None


def _chosen(fragment: Words, text: str, found: Sequence[Range]) -> Range:
    """Which of the places ``found`` the fragment means. Raises :class:`GoldError`."""
    if not found:
        raise GoldError(
            f"{cited(fragment.text)} does not stand in the paragraph above",
            remedy=_why(fragment, text),
        )
    if fragment.nth is not None:
        if not 1 <= fragment.nth <= len(found):
            raise GoldError(
                f"{cited(fragment.text)} stands {_times(len(found))} in the paragraph, "
                f"there is no <#{fragment.nth}>",
                remedy=f"write <#1> to <#{len(found)}>" if len(found) > 1 else "remove the <#…>",
            )
        return found[fragment.nth - 1]
    if len(found) > 1:
        raise GoldError(
            f"{cited(fragment.text)} stands {_times(len(found))} in the paragraph",
            remedy=f"say which with <#1> to <#{len(found)}>",
        )
    return found[0]


def describe(place: Range, text: str, *, shorten: bool = False) -> Fragment:
    """The fragment that finds ``place`` again: words, with ``<#n>`` when they stand there more than once,
    shortened by ``<...>`` if asked; offsets where no words can say it (inside a word, on a space)."""
    start, end = place
    if shorten and end - start > LONG:
        elided = _elide(place, text)
        if elided is not None:
            return elided
    words = text[start:end].replace("\n", " ")
    found = hits(words, text) if words.strip(" \t") == words else ()
    index = bisect_left(found, place)
    if index == len(found) or found[index] != place:
        return Offsets(start, end)
    return Words(words, index + 1 if len(found) > 1 else None)


def _one_line(text: str) -> str:
    return fold(text).replace("\n", " ")


_folded = lru_cache(maxsize=1024)(_one_line)
"""As :func:`_one_line`, kept, since many words are looked for in the same text."""


@lru_cache(maxsize=16)
def _parts(hay: str) -> Mapping[str, Sequence[int]]:
    """Where each part of a long text stands: looking up the rarest part of some words reads far less of it
    than looking for the words from its start. It takes a hundred times the room of the text."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    start = 0
    for part in _PART.findall(hay):  # which leaves out no character
        places[part].append(start)
        start += len(part)
    return places


def inside_word(text: str, position: int) -> bool:
    """Whether ``position`` lies between two characters of one word (letters, digits, marks)."""
    if not 0 < position < len(text):
        return False
    left, right = text[position - 1], text[position]
    return (left.isalnum() or _is_mark(left)) and (right.isalnum() or _is_mark(right))


def _is_mark(character: str) -> bool:
    return character >= FIRST_MARK and unicodedata.category(character).startswith("M")


def _locate_elided(fragment: Elided, text: str) -> Range:
    head, tail = _alone(fragment.head, text), _alone(fragment.tail, text)
    if head and tail and head[1] <= tail[0]:
        return head[0], tail[1]
    heads, tails = hits(fragment.head, text), hits(fragment.tail, text)
    for words, found in ((fragment.head, heads), (fragment.tail, tails)):
        if not found:
            raise GoldError(
                f"{cited(words)} does not stand in the paragraph above",
                remedy=did_you_mean(words, text) or "quote the exact words on both sides of <...>",
            )
    pairs: list[Range] = []
    for start, end in heads[:2]:
        first = bisect_left(tails, (end, end))
        pairs += [(start, tail_end) for _, tail_end in tails[first : first + 2]]
    if len(pairs) > 1:
        raise GoldError(
            f"{cited(fragment.head)} <...> {cited(fragment.tail)} can be read in more than one way",
            remedy="quote more words on each side of <...>",
        )
    if not pairs:
        raise GoldError(
            f"{cited(fragment.tail)} does not stand after {cited(fragment.head)}",
            remedy="write the first words, <...>, then the last words",
        )
    return pairs[0]


def _elide(place: Range, text: str) -> Elided | None:
    """The shortest unambiguous ``head <...> tail``, each end of at least ``END`` characters."""
    start, end = place
    words = _folded(text)
    head, tail = start + END - 1, end - END
    for _ in range(12):
        head, tail = words.find(" ", head + 1, end), words.rfind(" ", start, tail)
        if head == -1 or tail < head:
            return None
        ends = (text[start:head].replace("\n", " "), text[tail + 1 : end].replace("\n", " "))
        if any(part.strip(" \t") != part for part in ends):
            continue
        candidate = Elided(*ends)
        with suppress(GoldError):
            if _locate_elided(candidate, text) == place:
                return candidate
    return None


def _why(fragment: Words, text: str) -> str:
    """The remedy for words that were not found, for the most likely cause."""
    if _folded(fragment.text) in _folded(text):
        return "the words start or end inside a longer word: quote whole words"
    if hits(fragment.text.casefold(), text.casefold()):
        return "the paragraph has them in other capitals: quote the exact words"
    near = did_you_mean(fragment.text, text)
    return near or "quote the exact words of the paragraph above the fact"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
