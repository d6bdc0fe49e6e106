"""Cuts the edges of spans before they are compared: one function for quotes, one for names.

Quotes lose their marks, spaces and closing punctuation; names lose those, and an article or a title in front.
A span that would lose everything is left as it is.
"""

from __future__ import annotations

import re

from factharness.text import fold

MARKS = "«»‹›\"“”„‟'‘’‚‛"
SPACES = " \t\r\n\u00a0\u202f\u2009\u200b\u2060\ufeff"
CLOSING = ".,;:!?…"
DASHES = "—–"
_BEFORE = frozenset(MARKS + SPACES + DASHES)
_AFTER = _BEFORE | frozenset(CLOSING)

_LEADING = re.compile(
    r"(?:(?:l|d|qu)'|(?:le|la|les|un|une|des|du|de|au|aux)\s+"
    r"|(?:mme|mmes|mlle|mlles|mm|m|dr|pr|me|mgr|st|ste)\b\.?\s*(?=\S)"
    r"|(?:monsieur|madame|mademoiselle|messieurs|mesdames|maître|docteur|professeur|monseigneur)\s+)",
    re.IGNORECASE,
)


def quote_trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """``[start, end)`` without quotation marks, dashes and spaces at both ends and closing punctuation."""
    left, right = start, end
    while left < right and text[left] in _BEFORE:
        left += 1
    while left < right and text[right - 1] in _AFTER:
        right -= 1
    return (left, right) if left < right else (start, end)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """``[start, end)`` without marks, spaces, closing punctuation, and articles and titles in front.

    Articles: l' d' qu' le la les un une des du de au aux. Titles: M. MM. Mme Mlle Dr Pr Me Mgr St Ste and
    the full words. Case does not matter; the last word of a span is never taken for a title.
    """
    left, right = quote_trimmed(text, start, end)
    folded = fold(text[start:end])
    while found := _LEADING.match(folded, left - start, right - start):
        if start + found.end() >= right:
            break
        left, right = quote_trimmed(text, start + found.end(), right)
    return left, right
