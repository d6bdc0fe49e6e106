"""Nouns of nationality and of origin: *le Camerounais*, *une Suissesse*, *l’Afro-Américaine*.

They are no names, but a name may follow them: *le Camerounais Anton Brel*.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from fact_extractors.rules.data import document

_BY_ENDING = re.compile(r"\w{2,}(?:[aeoi]is|ien|éen|ain|ol|ois|an|and)(?:e|ne)?s?")
"""Words that may say where somebody is from, the names of towns and regions included: *Lyonnaise*."""

_FEMININE = (("ien", "ienne"), ("éen", "éenne"), ("ton", "tonne"), ("sse", "ssesse"), ("c", "que"))


@cache
def _forms() -> frozenset[str]:
    """The nationalities of ``entities.toml`` in both genders and numbers."""
    found: set[str] = set()
    for word in document("entities")["nationality"]["word"]:
        other = next((word.removesuffix(m) + f for m, f in _FEMININE if word.endswith(m)), "")
        feminine = other or (word if word.endswith("e") else word + "e")
        found |= {word, feminine, word if word.endswith("s") else word + "s", feminine + "s"}
    return frozenset(found)


@lru_cache(maxsize=1 << 12)
def is_nationality(low: str) -> bool:
    """Whether a word in lower case is a noun of nationality: *américaine*, *sud-africain*."""
    return low in _forms() or ("-" in low and low.rpartition("-")[2] in _forms())


def may_be_origin(low: str) -> bool:
    """Whether a word in lower case ends as nouns of origin do."""
    return is_nationality(low) or _BY_ENDING.fullmatch(low) is not None
