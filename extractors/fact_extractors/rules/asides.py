"""Asides: adverbs and locutions that may stand anywhere around a verb of saying.

*a **pour sa part** ajouté*, *conclut **tout simplement** Anne Vial*, *précise **noir sur blanc** que …*. They
are listed in ``data/phrases.toml``.
"""

from __future__ import annotations

import re
from functools import cache

from fact_extractors.rules.data import document

_REACH = 90
"""Characters that asides beside each other have at most."""


@cache
def pattern() -> str:
    """A regular expression for one aside, in lower case, without the spaces around it.

    Those that start with the same letter stand together: a word with another one is ruled out at once.
    """
    by_letter: dict[str, list[str]] = {}
    for aside in document("phrases")["aside"]:
        letter = aside[0] if aside[0].isalpha() else ""
        by_letter.setdefault(letter, []).append(aside.removeprefix(letter))
    grouped = (f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return rf"(?:{'|'.join(grouped)})(?![\w'-])"


@cache
def _some() -> re.Pattern[str]:
    return re.compile(rf"(?:[,\s]*(?<![\w']){pattern()}(?:\s*,)?)+(?=\s)")


@cache
def _whole() -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern()}[,\s]*)+")


@cache
def _last() -> re.Pattern[str]:
    return re.compile(rf"(?:[,\s]+{pattern()})+$")


def past(folded: str, start: int, end: int) -> int:
    """Where the asides that stand at ``start`` end; ``start`` when there are none."""
    found = _some().match(folded, start, min(end, start + _REACH))
    return found.end() if found else start


def is_aside(folded: str, start: int, end: int) -> bool:
    """Whether a stretch is an aside and nothing else."""
    return _whole().fullmatch(folded, start, end) is not None


def back_over(folded: str, start: int, end: int) -> int:
    """Where ``folded[start:end]`` ends without the asides at its end."""
    found = _last().search(folded, max(start, end - _REACH), end)
    return found.start() if found else end
