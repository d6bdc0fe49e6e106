"""Finds the paragraphs of a pasted text, and makes a name for it when it is in no file."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, TypeAlias

from factharness.text import PARAGRAPH_BREAK, normalise

Breaks: TypeAlias = Literal["auto", "blank", "lines"]
"""What ends a paragraph: an empty line, every line end, or what :func:`paragraphed` takes for it."""

WRAPPED = 120
"""Editors and mail programs break lines at fewer characters than this."""

_ENDS_A_SENTENCE = re.compile(r"[.!?…»”\"][\s\u00a0\u202f]*$")
_LETTERS = re.compile(r"[a-z0-9]+")


def paragraphed(raw: str, breaks: Breaks = "auto") -> tuple[str, bool]:
    """``raw`` in normal form with an empty line between its paragraphs, and whether each of its lines was made
    one.

    ``auto`` takes each line for a paragraph in a text without any empty line in which at least half of the
    lines end a sentence, or one has more than ``WRAPPED`` characters: lines that were broken for their width
    do neither.
    """
    text = normalise(raw)
    lines = [line for line in text.split("\n") if line]
    if breaks == "blank" or len(lines) < 2:
        return text, False
    if breaks == "auto" and (PARAGRAPH_BREAK in text or not _one_line_each(lines)):
        return text, False
    return PARAGRAPH_BREAK.join(lines), True


def _one_line_each(lines: list[str]) -> bool:
    ended = sum(bool(_ENDS_A_SENTENCE.search(line)) for line in lines)
    return 2 * ended >= len(lines) or max(map(len, lines)) > WRAPPED


def slug(text: str, words: int = 5) -> str:
    """The first words of the first line as a part of an id: small letters without accents, hyphens between;
    empty for a line without a letter."""
    plain = unicodedata.normalize(
        "NFD", text.partition("\n")[0].casefold().replace("œ", "oe").replace("æ", "ae")
    )
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return "-".join(_LETTERS.findall(bare)[:words])
