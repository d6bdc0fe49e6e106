"""Finds the words of a paragraph that stand in quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_left

_MARKS = {"«": "»", "“": "”"}
OPENING, CLOSING = '«“"', '»”"'
"""The marks that open and close; the straight one does both."""
_MARK = re.compile(r'[«»“”"]')


def marked(paragraph: str) -> list[tuple[int, int]]:
    """The outermost stretches in quotation marks, marks included; an unclosed one runs to the paragraph's end,
    an unopened one from its start. Straight marks count in pairs, when their number is even."""
    found: list[tuple[int, int]] = []
    depth: list[tuple[str, int]] = []
    straight: list[int] = []
    for mark in _MARK.finditer(paragraph):
        character, index = mark[0], mark.start()
        if character == '"':
            straight.append(index)
        elif character in _MARKS:
            depth.append((_MARKS[character], index))
        elif depth and depth[-1][0] == character:
            _, start = depth.pop()
            if not depth:
                found.append((start, index + 1))
        elif not depth and not found:
            found.append((0, index + 1))
    if depth:
        found.append((depth[0][1], len(paragraph)))
    if len(straight) % 2 == 0:
        # Apart and in order, so that only the last one that starts before a pair can enclose it.
        outer = [(0, 0), *found]
        pairs = zip(straight[::2], straight[1::2], strict=True)
        found += [
            (start, end + 1)
            for start, end in pairs
            if end >= outer[bisect_left(outer, (start + 1,)) - 1][1]
        ]
    return sorted(found)
