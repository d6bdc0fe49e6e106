"""Tells whether two names of speakers name the same person or body."""

from __future__ import annotations

import re
import unicodedata

from factharness.text import fold


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_TITLES = _words(
    "m mm mme mmes mlle mlles dr pr me mgr st ste sir lord lady monsieur madame mademoiselle messieurs "
    "mesdames maitre docteur professeur monseigneur ministre president presidente premier premiere "
    "general generale colonel commandant capitaine depute deputee senateur senatrice maire roi reine "
    "prince princesse pape directeur directrice secretaire chancelier chanceliere "
    "l le la les un une des du de d au aux"
)
_PRONOUNS = _words(
    "il elle ils elles on je tu nous vous lui leur eux celui-ci celle-ci ceux-ci celles-ci celui-la celle-la "
    "ce dernier derniere derniers dernieres interesse interessee qui moi"
)
_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def name_tokens(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents, punctuation, and the titles and articles in front.

    Hyphens stay inside a word. The last word is never taken for a title.

    >>> name_tokens("M. Sergueï  Lavrov"), name_tokens("le président Jean-Yves Le Drian")
    (('serguei', 'lavrov'), ('jean-yves', 'le', 'drian'))
    """
    plain = unicodedata.normalize("NFD", fold(name).casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    tokens = _TOKEN.findall(bare.replace("œ", "oe").replace("æ", "ae"))
    while len(tokens) > 1 and tokens[0] in _TITLES:
        tokens = tokens[1:]
    return tuple(tokens)


def same_name(left: str, right: str) -> bool:
    """Equal after :func:`name_tokens`, or one is the end of the other: « Lavrov » and « Sergueï Lavrov ».

    A hyphenated first name is one word, so « Marie Le Pen » is not the end of « Jean-Marie Le Pen ».
    """
    a, b = name_tokens(left), name_tokens(right)
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    return long[len(long) - len(short) :] == short


def names_somebody(mention: str) -> bool:
    """Whether a mention is a name rather than a pronoun, which says nothing away from its place."""
    tokens = name_tokens(mention)
    return bool(tokens) and not all(token in _PRONOUNS for token in tokens)
