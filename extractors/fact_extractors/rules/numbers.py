"""French numbers in words and in Roman figures, with the forms of Belgium, Switzerland and Québec."""

from __future__ import annotations

from functools import cache

_UNITS = (
    "zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = {
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "huitante": 80,
    "octante": 80,
    "nonante": 90,
    "quatre-vingt": 80,
}
_VALUES = {word: value for value, word in enumerate(_UNITS)} | _TENS
_VALUES |= {"une": 1, "cent": 100, "cents": 100, "mille": 1000, "mil": 1000, "quatre-vingts": 80}
_COLLECTIVE = {
    "demi-douzaine": 6,
    "huitaine": 8,
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
}

_small = "|".join(sorted((*_UNITS[1:], "une"), key=len, reverse=True))
_ten = "|".join(sorted((word.replace("-", "[- ]") for word in _TENS), key=len, reverse=True))
_under_100 = rf"(?:(?:{_ten}s?)(?:[- ](?:et[- ])?(?:{_small}))?|{_small})"
_under_1000 = rf"(?:(?:(?:{_small})[- ])?cents?(?:[- ]{_under_100})?|{_under_100})"

WRITTEN = rf"(?:(?:(?:{_small})[- ])?mil(?:le)?(?:[- ]{_under_1000})?|{_under_1000})(?![a-z-])"
"""A number in words, as a regular expression over bare text."""

YEAR = (
    rf"(?:(?:mil(?:le)?[- ])?(?:(?:{_small})[- ])cents?[- ]{_under_100}|"
    rf"mil[- ](?:{_small})[- ]cents?|deux[- ]mille[- ]{_under_100})(?![a-z-])"
)
"""A year in words, as a regular expression over bare text: *mil neuf cent dix*, *dix-neuf cent dix*."""

STARTS = frozenset(word.split("-")[0] for word in _VALUES) - {"zero"}
"""The words a written number can start with."""


def value(text: str) -> float | None:
    """The value of a number in figures or in (bare) words; None when it is none."""
    figures = text.replace(" ", "").replace("\n", "").replace(",", ".")
    if figures[:1].isdigit():
        try:
            return float(figures)
        except ValueError:
            return None
    if text in _COLLECTIVE:
        return _COLLECTIVE[text]
    total = group = 0
    words = text.replace("quatre vingt", "quatre-vingt").replace("quatre-vingt", "quatrevingt")
    for word in words.replace("-", " ").split():
        amount = {"quatrevingt": 80, "quatrevingts": 80, "et": 0}.get(word, _VALUES.get(word))
        if amount is None:
            return None
        if amount == 100:
            group = max(group, 1) * 100
        elif amount == 1000:
            total, group = max(group, 1) * 1000, 0
        else:
            group += amount
    return total + group


_STEMS = {"cinq": "cinqu", "neuf": "neuv", "dix-neuf": "dix-neuv"}
_ORDINALS = {
    _STEMS.get(word, word.removesuffix("e")) + "ieme": value
    for value, word in enumerate((*_UNITS, "vingt", "vingt et un", "vingt-et-un"))
    if value > 1
}
_ORDINALS |= {"premier": 1, "second": 2, "vingt-et-unieme": 21}


def ordinal(word: str) -> int | None:
    """The value of an ordinal in (bare) words, up to twenty-one, as the centuries need it."""
    return _ORDINALS.get(word)


def ordinals() -> tuple[str, ...]:
    """*premier*, *deuxieme* ... *vingt et unieme*."""
    return tuple(_ORDINALS)


def collective() -> tuple[str, ...]:
    """*dizaine*, *vingtaine* ..."""
    return tuple(_COLLECTIVE)


@cache
def roman() -> dict[str, int]:
    """The Roman figures of the centuries, in lower case, up to XXX."""
    tens, units = ("", "x", "xx"), ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    figures = {ten + unit: 10 * i + j for i, ten in enumerate(tens) for j, unit in enumerate(units)}
    del figures[""]
    return figures | {"xxx": 30}
