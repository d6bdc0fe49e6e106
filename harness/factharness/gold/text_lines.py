"""Tells the lines of a gold file that are text from its facts, also where their ``>`` was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from factharness.errors import GoldError
from factharness.labels import DATE_LABELS

_LINE_MARK = re.compile(r">[ \t]?|[ \t]+")
"""What stands before the text of a line, or instead of its ``>``."""
_SENTENCE_END = re.compile(r"[.!?…:»”\"][»”\") ]*$")
_FACT = re.compile(rf"(?:QUOTE|{'|'.join(DATE_LABELS)})\??[ \t]")
_LABEL = re.compile(r"[A-Z][A-Z0-9_]*(?:\.[a-z]+)*\??[ \t]")
_INDENTED_LABEL = re.compile(rf"[ \t]+{_LABEL.pattern}")
_WRONG_MARKS = (
    (re.compile(r"(?!>)"), "a line of text without >", "write > and a space before it"),
    (re.compile(r">(?![ \t]|$)"), "no space after >", "write > and a space before the text"),
)


def is_text(lines: Sequence[str], index: int) -> bool:
    """Whether a line is text of a paragraph: it starts with ``>``, or was typed without it."""
    return _marked(lines[index]) or _lacks_mark(lines, index)


def wrong_marks(lines: Sequence[str], number: int) -> Iterator[GoldError]:
    """The mistakes in the ``>`` of a paragraph whose first line is ``number``, one of each kind.

    The paragraph can be read all the same, so that its facts are not wrong too.
    """
    if all(line.startswith("> ") for line in lines):
        return
    for pattern, message, remedy in _WRONG_MARKS:
        wrong = [index for index, line in enumerate(lines) if pattern.match(line)]
        if wrong:
            yield GoldError(message, line=number + wrong[0], remedy=remedy)


def without_mark(line: str) -> str:
    """A line of text without its ``>`` and the space behind it, or without its indentation."""
    mark = _LINE_MARK.match(line)
    return line[mark.end() :] if mark else line


def _marked(line: str) -> bool:
    return line.startswith(">") and not line.startswith(">~")


def _lacks_mark(lines: Sequence[str], index: int) -> bool:
    """Whether a line without ``>`` can only be text.

    It has several words and no field, and does not start as a fact does. It starts as a sentence does without
    the indentation of facts, ends as one, or stands between lines of text. A paragraph that opens with a word
    in capitals looks like a fact, and is a long one.
    """
    line = lines[index]
    if _INDENTED_LABEL.match(line):
        return False
    words = len(line.split())
    if words < 4 or line.lstrip(" \t")[0] in "#>" or " | " in line:
        return False
    start = line.lstrip(" \t")
    looks_like_a_fact = bool(_LABEL.match(start))
    if looks_like_a_fact and (words < 12 or _FACT.match(start)):
        return False
    inside = 0 < index < len(lines) - 1 and _marked(lines[index - 1]) and _marked(lines[index + 1])
    opens = start == line and not looks_like_a_fact and not line[0].islower()
    return inside or opens or bool(_SENTENCE_END.search(line))
