"""A variant with the mistakes of scanned newspapers: letters taken for others, words broken at line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from factharness.variants.data import document
from factharness.variants.offsets import Edit


def ocr(text: str, random: Random) -> Iterator[Edit]:
    """Some letters as a scanner confuses them, and lines of a newspaper column.

    ``data/ocr.toml`` says what is confused with what and how often, how long a line is, and how often a word is
    broken.
    """
    settings = document("ocr")
    confusions: dict[str, list[str]] = settings["confusions"]
    rate: float = settings["rate"]
    shown = sorted(confusions, key=len, reverse=True)
    pieces = re.compile("|".join(map(re.escape, shown)) + r"|[\s\S]")
    breaks = dict(_line_ends(text, settings["line"], settings["broken"], random))
    place = 0
    while piece := pieces.match(text, place):
        place = piece.end()
        new = piece[0]
        if new in confusions and random.random() < rate:
            new = random.choice(confusions[new])
        # A line ends after any character of a piece, and only after its last one can that be written.
        ends = [breaks[end] for end in range(piece.start() + 1, piece.end() + 1) if end in breaks]
        if ends:
            new = new.removesuffix(" ") + ends[-1]
        if new != piece[0]:
            yield Edit(piece.start(), piece.end(), new)


def _line_ends(text: str, width: int, broken: float, random: Random) -> Iterator[tuple[int, str]]:
    """The offsets after which a line ends, with what is written there: ``-`` and a line break, or the break.

    The share ``broken`` of the long words that do not fit into their line is broken; all other words go to the
    next line.
    """
    start = 0
    for word in re.finditer(r"\S+", text):
        paragraph = text.rfind("\n", start, word.start())
        if paragraph >= 0:
            start = paragraph + 1
        if word.end() - start <= width:
            continue
        letters = re.search(r"\w{7,}", word[0])
        if letters is not None and random.random() < broken:
            start = word.start() + letters.start() + random.randint(3, len(letters[0]) - 3)
            yield start, "-\n"
        elif word.start() > start and text[word.start() - 1] == " ":
            start = word.start()
            yield start, "\n"
