"""Variants of typography: straight quotation marks and apostrophes, and spaces as copying leaves them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from factharness.variants.offsets import Edit

_SPACE = "[ \u00a0\u202f\u2009]"
_MARKS = re.compile(rf"«{_SPACE}?|{_SPACE}?»|[“”„‟]|[‘’ʼ‛]")
_SPACES = re.compile(_SPACE)

NO_BREAK, DOUBLED = 0.08, 0.06
"""The shares of ordinary spaces that become a no-break space, and two spaces."""


def straight_quotes(text: str, _random: Random) -> Iterator[Edit]:
    """Quotation marks as ``"``, without the space inside them; apostrophes and single marks as ``'``."""
    for mark in _MARKS.finditer(text):
        yield Edit(*mark.span(), "'" if mark[0] in "‘’ʼ‛" else '"')


def spaces(text: str, random: Random) -> Iterator[Edit]:
    """No-break and thin spaces as ordinary ones; of the ordinary ones some no-break, some doubled."""
    for space in _SPACES.finditer(text):
        if space[0] != " ":
            yield Edit(*space.span(), " ")
            continue
        chance = random.random()
        if chance < NO_BREAK:
            yield Edit(*space.span(), "\u00a0")
        elif chance < NO_BREAK + DOUBLED:
            yield Edit(*space.span(), "  ")
