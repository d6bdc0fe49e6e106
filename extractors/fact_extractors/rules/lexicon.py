"""Known names: places, institutions, given names; and the words that tell what an unknown name is.

Lists of the project's own under ``data/``, with the countries and cities that babel names in French.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from fact_extractors.rules.data import document, table, words
from fact_extractors.words import replaced

_PLAIN = {"’": "'", "\u00a0": " ", "\u202f": " ", "‑": "-"}
LABELS = ("PER", "ORG", "LOC", "MISC")


def key(name: str) -> str:
    """The form under which a name is looked up: plain apostrophes and spaces."""
    return name if name.isascii() else replaced(name, _PLAIN)


class WordLists(NamedTuple):
    """The word lists of ``entities.toml``: word to label, or sets of words."""

    heads: dict[str, str]
    before: dict[str, str]
    of: dict[str, str]
    stop: frozenset[str]
    rubrics: frozenset[str]
    acronyms: frozenset[str]
    links: frozenset[str]
    particles: frozenset[str]
    suffixes: dict[str, str]
    portfolios: frozenset[str]
    peoples: frozenset[str]


@cache
def names() -> dict[str, str]:
    """Every known name with its label."""
    from babel import Locale

    locale = Locale("fr")
    found: dict[str, str] = {}
    for zone in locale.time_zones.values():
        if "city" in zone:
            found[key(zone["city"])] = "LOC"
    for code, name in locale.territories.items():
        if not (code.isdigit() and int(code) < 10) and code not in (
            "ZZ",
            "XA",
            "XB",
            "EU",
            "UN",
            "EZ",
        ):
            found[key(name).partition(" (")[0]] = "LOC"
    found |= {key(name): "LOC" for name in words("places", "name")}
    found |= {key(row["name"]): row["label"] for row in table("named")}
    return {plain_capital(name): label for name, label in found.items()} | found


_PLAIN_CAPITALS = str.maketrans("ÀÂÇÈÉÊÎÔÙ", "AACEEEIOU")


def plain_capital(name: str) -> str:
    """A name as it is often written, without the accent of its capitals: *Egypte*, *Ile-de-France*."""
    return name.translate(_PLAIN_CAPITALS)


@cache
def with_accents() -> dict[str, str]:
    """The known places of one word that a capital without its accent hides: *Égypte* for *Egypte*."""
    known = names()
    accented = [name for name in known if name.isalpha() and plain_capital(name) != name]
    return {plain_capital(name): name for name in accented if known[name] == "LOC"}


@cache
def without_article() -> dict[str, str]:
    """The known names that begin with an article, without it: *Monde*, as in *au Monde*."""
    return {
        name.partition(" ")[2]: label
        for name, label in names().items()
        if name.startswith(("Le ", "Les "))
    }


@cache
def given_names() -> dict[str, str]:
    """Given names with their gender (``m``, ``f`` or empty)."""
    found = {row["name"]: row["gender"] for row in table("given_names")}
    return {plain_capital(name): gender for name, gender in found.items()} | found


@lru_cache(maxsize=1 << 12)
def is_given_name(word: str) -> bool:
    """Whether ``word`` is a given name, simple or hyphenated (*Jean-Loup*)."""
    name = key(word)
    return name in given_names() or ("-" in name and name.partition("-")[0] in given_names())


@cache
def context() -> WordLists:
    """The words that tell what a name is."""
    data = document("entities")
    heads = {w: label for label in ("MISC", "LOC", "ORG") for w in data["head"].get(label, ())}
    before = {w: label for label in LABELS for w in data["before"].get(label, ())}
    of = {w: label for label in LABELS for w in data["of"].get(label, ())}
    offices = dict.fromkeys(document("phrases")["office"], "PER")
    stop = data["stop"]
    return WordLists(
        heads,
        offices | before,
        of,
        frozenset(stop["word"]),
        frozenset(stop["rubric"]),
        frozenset(stop["acronym"]),
        frozenset(stop["link"]),
        frozenset(stop["particle"]),
        {w: label for label in LABELS for w in data["suffix"].get(label, ())},
        frozenset(stop["portfolio"]),
        frozenset(stop["people"]),
    )
