"""Article text: one normal form, its hash, its paragraphs, and folding for look-ups."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

BOM = codecs.BOM_UTF8
"""The byte order mark that some editors write before a text in UTF-8; it is no part of the text."""

PARAGRAPH_BREAK = "\n\n"

_BREAK = re.compile(r"\n{2,}")
_MANY = 100
_MANY_MARKS = re.compile(rf"[^\w\x00-\u02ff]{{{_MANY},}}")
"""Many combining marks, which are neither letters nor digits and stand behind the Latin blocks, or other signs
that are so."""
_MARKS_IN_ONE = [(each, unicodedata.normalize("NFD", each)) for each in "\u0f73\u0f75\u0f81"]
"""The characters that are no marks of their own but are decomposed into marks, with these."""
_FOLD = (*((mark, "'") for mark in "’‘ʼ"), *((space, " ") for space in "\u00a0\u202f\u2009"))


def unmarked(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a file, the first one without a byte order mark."""
    for number, line in enumerate(lines):
        yield line if number else line.removeprefix(BOM)


def normalise(raw: str) -> str:
    """Normalisation 1 of the gold format.

    NFC; CRLF and CR to LF; byte-order marks removed; runs of space and tab to one space; each line trimmed of
    them; two or more newlines to one paragraph break; none at the ends. NBSP, NNBSP and ’ are kept.
    Idempotent.
    """
    text = nfc(raw.replace("\ufeff", ""))
    text = one_line_end(text).replace("\t", " ")
    while "  " in text:  # several times faster than a pattern
        text = text.replace("  ", " ")
    if "\n" in text:
        text = text.replace(" \n", "\n").replace("\n ", "\n")
        text = _BREAK.sub(PARAGRAPH_BREAK, text)
    return text.strip(" \n")


def nfc(text: str) -> str:
    """``text`` in NFC, in time that grows with its length.

    ``unicodedata`` orders the marks of a letter in time that grows with the square of their number, unless they
    are in order. No writing puts a hundred marks on a letter, but a file may.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    for character, parts in _MARKS_IN_ONE:
        text = text.replace(character, parts)
    # Every run of twice as many marks has all of one window: most texts have none at a window's start.
    if any(map(unicodedata.combining, text[::_MANY])) and any(
        all(map(unicodedata.combining, text[start : start + _MANY]))
        for start in range(0, len(text), _MANY)
    ):
        text = _MANY_MARKS.sub(lambda run: _in_order(run[0]), text)
    return unicodedata.normalize("NFC", text)


def _in_order(run: str) -> str:
    """The marks between any two other characters, by their combining class; those of one class stay as they
    are. This is how Unicode orders them, so that the text means the same."""
    between = groupby(run, lambda character: unicodedata.combining(character) > 0)
    return "".join(
        character
        for _, characters in between
        for character in sorted(characters, key=unicodedata.combining)
    )


def one_line_end(text: str) -> str:
    """``text`` with ``\\n`` for every CRLF and CR."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def sha256(text: str) -> str:
    """Hex SHA-256 of the UTF-8 bytes of ``text``."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def paragraphs(text: str) -> list[tuple[int, str]]:
    """The paragraphs of a normalised text, each with the offset it starts at."""
    found, start = [], 0
    for part in text.split(PARAGRAPH_BREAK):
        found.append((start, part))
        start += len(part) + len(PARAGRAPH_BREAK)
    return found


def fold(text: str) -> str:
    """``text`` with apostrophes as ``'`` and no-break and thin spaces as a space; same length."""
    if text.isascii():
        return text
    for character, plain in _FOLD:  # several times faster than str.translate
        text = text.replace(character, plain)
    return text
