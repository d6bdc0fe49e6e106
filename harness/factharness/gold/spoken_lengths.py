"""Compares lengths of time in words with values: « cinq ans » is P5Y and not P5M."""

from __future__ import annotations

import re
from typing import NamedTuple

from factharness.gold.numerals import GROUP, NUMERAL, number

_HOUR, _DAY = 3600, 86400
# By the word: in how many seconds or months the unit counts.
_SECONDS = {
    "seconde": 1,
    "minute": 60,
    "heure": _HOUR,
    "h": _HOUR,
    "jour": _DAY,
    "journée": _DAY,
    "semaine": 7 * _DAY,
}
_MONTHS = {
    "mois": 1,
    "trimestre": 3,
    "semestre": 6,
    "an": 12,
    "année": 12,
    "décennie": 120,
    "siècle": 1200,
    "millénaire": 12000,
}
_UNIT = rf"(?P<unit>{'|'.join((*_SECONDS, *_MONTHS))})s?"
_ADJECTIVE = (
    r"(?:(?:prochain|dernier|dernière|premier|première|long|longue|petit|petite|bon|bonne)e?s? )?"
)
_SOME = r"(?:quelques|plusieurs|des|de longues|de longs|de nombreux|de nombreuses)"
_LENGTH = re.compile(
    rf"(?:(?:ces|les) )?(?P<number>{NUMERAL} |{GROUP}|{_SOME} )?{_ADJECTIVE}{_UNIT}"
    rf"(?P<half> et demie?)?",
)
_PLURAL = re.compile(r"s mois$|(?<!moi)s$")
_NUMBER = re.compile(f"{NUMERAL} |{GROUP}")
_PARTS = re.compile(r"(?:une? )?(?P<part>demi-|demie |quart d'|trois quarts d')" + _UNIT)
_CLOCKED = re.compile(r"([0-9]+) ?(?:h|heures?)(?: et)? ?([0-9]{1,2})(?: ?(?:min|minutes?))?")
_EACH = re.compile(r"(?:tous les|toutes les|aux|chaque|par) ")
_VALUE = re.compile(r"(?P<number>[0-9.]+|X)(?P<unit>[A-Z]+)")
_DATE_UNITS = {
    "Y": (12, "months"),
    "M": (1, "months"),
    "Q": (3, "months"),
    "DE": (120, "months"),
    "CE": (1200, "months"),
    "ML": (12000, "months"),
    "W": (7 * _DAY, "seconds"),
    "D": (_DAY, "seconds"),
    "H": (6, "months"),
}
_TIME_UNITS = {"H": (_HOUR, "seconds"), "M": (60, "seconds"), "S": (1, "seconds")}


class _Length(NamedTuple):
    """How much, None for a vague number, of months or seconds; ``step`` is the size of a vague unit."""

    amount: float | None
    of: str
    step: float = 0


def contradicted_length(words: str, value: str) -> str | None:
    """How a number and a unit contradict a duration; None when they agree or cannot be read.

    ``words`` are in lower case, with spaces and apostrophes folded. A length told in another unit is the same
    length: « quarante-huit heures » may be PT48H or P2D.
    """
    each = _EACH.match(words)
    said, given = _said(words[each.end() :] if each else words, bool(each)), _given(value)
    if said is None or given is None:
        return None
    agree = said.of == given.of and (
        said.step == given.step
        if said.amount is None
        else given.amount is not None and abs(said.amount - given.amount) < 1e-6
    )
    return None if agree else f"{words!r} is not {value}"


def _said(words: str, each: bool) -> _Length | None:
    """The length in the words; a unit without a number is one of it behind « tous les », else some of it."""
    clocked = _CLOCKED.fullmatch(words)
    if clocked:
        return _Length(int(clocked[1]) * _HOUR + int(clocked[2]) * 60, "seconds")
    part = _PARTS.fullmatch(words)
    if part:
        share = (
            0.5 if part["part"].startswith("demi") else 0.75 if "trois" in part["part"] else 0.25
        )
        step, of = _unit(part["unit"])
        return _Length(share * step, of)
    found = _LENGTH.fullmatch(words)
    if not found:
        return None
    step, of = _unit(found["unit"])
    told = found["number"]
    if told is None:
        plural = _PLURAL.search(words)
        return _Length(None, of, step) if plural and not each else _Length(step, of)
    if _NUMBER.fullmatch(told):
        return _Length((number(told.strip()) + (0.5 if found["half"] else 0)) * step, of)
    return _Length(None, of, step)


def _unit(word: str) -> tuple[float, str]:
    return (_SECONDS[word], "seconds") if word in _SECONDS else (_MONTHS[word], "months")


def _given(value: str) -> _Length | None:
    """A TIMEX3 duration; None for units that words are not compared with (week-ends, seasons, nights)."""
    if not value.startswith("P"):
        return None
    days, _, clock = value[1:].partition("T")
    parts = [(found, _DATE_UNITS) for found in _VALUE.finditer(days)]
    parts += [(found, _TIME_UNITS) for found in _VALUE.finditer(clock)]
    if not parts or any(found["unit"] not in units for found, units in parts):
        return None
    families = {units[found["unit"]][1] for found, units in parts}
    if len(families) > 1:
        return None
    of = families.pop()
    if any(found["number"] == "X" for found, _ in parts):
        (found, units) = parts[0]
        return _Length(None, of, units[found["unit"]][0])
    return _Length(
        sum(float(found["number"]) * units[found["unit"]][0] for found, units in parts), of
    )
