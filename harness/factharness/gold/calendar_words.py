"""Says a calendar value of TIMEX3, a day or something longer, as a French noun phrase: « mardi 5 mars 2024 ».

Where a part of the value is unknown (X), the phrase says so: « un mardi de 2024 », « le 13 d’un mois non
précisé ». The value of a SET recurs: « chaque mardi de 2024 », « le 13 de chaque mois ».
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from factharness.gold.french import NBSP, Phrase, bare, elided, ordinal, roman
from factharness.gold.timex import MONTHS, WEEKDAYS

_GREGORIAN = date(1582, 10, 15)
"""Weekdays of earlier days are left out: people counted by another calendar."""

SEASONS = {"SP": "printemps", "SU": "été", "FA": "automne", "WI": "hiver"}
FEMININE = ("nuit", "journée", "semaine", "année")

_VALUE = re.compile(
    r"(?P<fiscal>FY)?(?P<era>BC)?(?P<year>[0-9X]{4})"
    r"(?:-W(?P<week>[0-9X]{2})(?:-(?:(?P<weekend>WE)|(?P<weekday>[1-7X])))?"
    r"|-(?P<quarter>Q)(?P<which_quarter>[1-4X])|-(?P<half>H)(?P<which_half>[12X])|-(?P<season>SP|SU|FA|WI)"
    r"|-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?)?"
)
_LONGER = re.compile(r"(?P<era>BC)?(?P<digits>[0-9]{1,3})")


class _Year(NamedTuple):
    """A year alone, behind a name (« mars 2024 »), and behind a noun without one (« un mois de 2024 »)."""

    alone: Phrase
    direct: str
    of: str


def calendar(value: str, *, each: bool) -> Phrase:
    """The phrase of a well-formed calendar value; ``each`` is true for one that recurs, that of a SET."""
    if longer := _LONGER.fullmatch(value):
        return _longer(longer["digits"], _era(longer))
    day = day_of(value)
    if day is not None:
        return _named(day_words(day))
    found = _VALUE.fullmatch(value)
    if not found:
        raise ValueError(f"{value!r} is not a calendar value")
    year = _year(found["year"], _era(found), each=each)
    if found["fiscal"]:
        return Phrase(f"exercice{year.direct}", "l’", f"exercice{year.direct}")
    if found["week"]:
        return _week(found, year, each=each)
    for noun, number in (("trimestre", found["which_quarter"]), ("semestre", found["which_half"])):
        if number == "X":
            return some(noun, each=each, of=year.of)
        if number:
            return _named(f"{ordinal(int(number))} {noun}{year.direct}")
    if found["season"]:
        return _season(SEASONS[found["season"]], found, year, each=each)
    if found["day"]:
        return _loose_day(found["day"], found["month"], year, each=each)
    return _month(found["month"], year, each=each) if found["month"] else year.alone


def day_of(value: str) -> date | None:
    """The calendar day that a value (with or without a clock time behind it) names, or None."""
    try:
        if found := re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?=T|$)", value):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.match(r"([0-9]{4})-W([0-9]{2})-([1-7])(?=T|$)", value):
            return date.fromisocalendar(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return None


def day_words(day: date, *, year: bool = True, month: bool = True) -> str:
    """« mardi 5 mars 2024 », « vendredi 1er mars », « lundi 4 »."""
    weekday = f"{WEEKDAYS[day.weekday()]} " if day >= _GREGORIAN else ""
    number = ordinal(1) if day.day == 1 else str(day.day)
    words = weekday + number
    if month:
        words += NBSP + MONTHS[day.month - 1]
    return f"{words} {day.year}" if year else words


def stretch_words(first: date, last: date) -> tuple[str, str]:
    """Two days at most a week apart, the first without the month and the year that both share."""
    shown = day_words(first, year=first.year != last.year, month=first.month != last.month)
    return shown, day_words(last)


def some(noun: str, *, each: bool, of: str = "") -> Phrase:
    """« un mardi de 2024 », « une semaine non précisée »; of a SET, « chaque mardi de 2024 »."""
    if each:
        return bare(f"chaque {noun}{of}")
    e = "e" if noun in FEMININE else ""
    return bare(f"un{e} {noun}{of or f' non précisé{e}'}")


def _named(words: str) -> Phrase:
    """A masculine phrase that stands without its article when it is alone: « le » mardi 5 mars."""
    return Phrase(words, "le ", words)


def _era(found: re.Match[str]) -> str:
    return " avant notre ère" if found["era"] else ""


def _year(digits: str, era: str, *, each: bool) -> _Year:
    if digits == "XXXX":
        of_any = " de chaque année" if each else " d’une année non précisée"
        return _Year(some("année", each=each, of=era), of_any + era, era)
    if digits.isdigit():
        number = f"{int(digits)}{era}"
        if era:
            return _Year(
                Phrase(f"an {number}", "l’", f"an {number}"), f" {number}", f" de l’an {number}"
            )
        return _Year(bare(number), f" {number}", f" de {number}")
    known = digits.rstrip("X")
    if known.isdigit():
        ends = [int(known + end * (4 - len(known))) for end in ("90" if era else "09")]
        among = f"une année de {ends[0]} à {ends[1]}{era}"
    else:
        among = f"une année {digits}{era} (X{NBSP}: chiffre inconnu)"
    return _Year(bare(among), f" d’{among}", f" d’{among}")


def _longer(digits: str, era: str) -> Phrase:
    """A decade, of which the value is three digits, a century (two) or a millennium (one)."""
    if len(digits) < 3:
        noun = "siècle" if len(digits) == 2 else "millénaire"
        return _named(f"{roman(int(digits) + 1)}{NBSP}{noun}{era}")
    ends = [f"{int(digits + end)}" for end in ("90" if era else "09")]
    words = f"années {ends[0]} à {ends[1]}{era}"
    return Phrase(words, "les ", words)


def _week(found: re.Match[str], year: _Year, *, each: bool) -> Phrase:
    noun = "week-end" if found["weekend"] else "semaine"
    weekday = found["weekday"]
    if weekday:
        noun = "jour" if weekday == "X" else WEEKDAYS[int(weekday) - 1]
    if found["week"] == "XX":
        return some(noun, each=each, of=year.of)
    week = _named_week(found, year)
    if weekday == "X":
        return some(noun, each=each, of=f" {week.of}")
    if weekday:
        return _named(f"{noun} {week.of}")
    if not found["weekend"]:
        return week
    monday = _monday(found)
    if monday is None:
        return _named(f"week-end {week.of}")
    saturday, sunday = stretch_words(monday + timedelta(5), monday + timedelta(6))
    return _named(f"week-end du {saturday} au {sunday}")


def _named_week(found: re.Match[str], year: _Year) -> Phrase:
    monday = _monday(found)
    if monday is None:
        number = int(found["week"]) if found["week"].isdigit() else found["week"]
        words = f"semaine {number}{year.of or year.direct}"
    else:
        words = "semaine du {} au {}".format(*stretch_words(monday, monday + timedelta(6)))
    return Phrase(words, "la ", words)


def _monday(found: re.Match[str]) -> date | None:
    """The first day of a week of our era whose whole stretch the calendar has."""
    monday = None if found["era"] else day_of(f"{found['year']}-W{found['week']}-1")
    return monday if monday is not None and monday <= date.max - timedelta(6) else None


def _season(noun: str, found: re.Match[str], year: _Year, *, each: bool) -> Phrase:
    """A season; a winter is named after both its years."""
    if found["year"] == "XXXX":
        return some(noun, each=each, of=year.of)
    words = noun + year.direct
    if noun == "hiver" and found["year"].isdigit():
        begins = int(found["year"])
        words = f"hiver {begins}-{begins - 1 if found['era'] else begins + 1}{_era(found)}"
    article = "le " if noun == "printemps" else "l’"
    return Phrase(article + words, article, words)


def _month(digits: str, year: _Year, *, each: bool) -> Phrase:
    if digits == "XX":
        return some("mois", each=each, of=year.of)
    if not digits.isdigit():
        return _named(f"mois {digits}{year.of or year.direct}")
    return bare(MONTHS[int(digits) - 1] + year.direct)


def _loose_day(digits: str, month: str, year: _Year, *, each: bool) -> Phrase:
    """A day that is no single day of our calendar: something is unknown, or it is before our era."""
    if digits == "XX":
        of = year.of if month == "XX" else f" {_month(month, year, each=each).of}"
        return some("jour", each=each, of=of)
    number = str(int(digits)) if digits.isdigit() else digits
    number = ordinal(1) if number == "1" else number
    if month.isdigit():
        return _named(f"{number}{NBSP}{MONTHS[int(month) - 1]}{year.direct}")
    words = f"{number} {elided('de', _month(month, year, each=each).words)}"
    return Phrase(f"le {words}", "le ", words)
