"""Compares years, months, days, seasons and parts of a day in words with the values of dates."""

from __future__ import annotations

import re
from collections.abc import Callable

from factharness.gold.numerals import NUMERAL, number
from factharness.gold.timex import MONTHS, WEEKDAYS

_STARTS_WITH_YEAR = re.compile(r"[0-9]{4}(?!\w)")
_CENTURY_OR_DECADE = re.compile(r"[0-9]{2,3}")
_YEARS = re.compile(r"[0-9]{2,4}")
"""The value of a year, a decade or a century."""
_SEASON_VALUE = re.compile(r"-(WI|SP|SU|FA)$")
_PERIOD_VALUE = re.compile(r"-([QH][1-4])$")
_DAY_PART_VALUE = re.compile(r"T(MO|MI|AF|EV|NI)$")
_DAY_VALUE = re.compile(r"[0-9X]{4}-[0-9X]{2}-[0-9X]{2}")
_YEAR = re.compile(
    r"(?<![\w-])(?:1[0-9]{3}|20[0-9]{2})(?![\w])|(?<=[0-9]-)(?:1[0-9]{3}|20[0-9]{2})(?!\w)"
)
_BEFORE_OURS = re.compile(r"avant (?:notre ère|j)|av\. ?j")
_MONTH = re.compile(rf"(?<![\w])(?:{'|'.join(MONTHS)})(?!\w)")
_SEASONS = {"hiver": "WI", "printemps": "SP", "été": "SU", "automne": "FA"}
_SEASON = re.compile(rf"(?<![\w-])(?:{'|'.join(_SEASONS)})(?![\w-])")
_ORDINALS = {
    "premier": 1,
    "1er": 1,
    "deuxième": 2,
    "2e": 2,
    "second": 2,
    "troisième": 3,
    "3e": 3,
    "quatrième": 4,
    "4e": 4,
}
_PERIOD = re.compile(rf"(?<!\w)({'|'.join(_ORDINALS)}) (trimestre|semestre)")
_NUMERIC = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?")
_DAY_ALONE = re.compile(rf"(?:(?:{'|'.join(WEEKDAYS)}) )?([0-9]{{1,2}})(?:er)?(?: à .*)?")
_DAY_OF_MONTH = re.compile(rf"(?<![\w-])([0-9]{{1,2}})(?:er)?[ -](?:{'|'.join(MONTHS)})(?!\w)")
_DECADE = re.compile(rf"années? (?:([0-9]{{2,4}})|({NUMERAL}))(?![\w-])")
_CENTURY = re.compile(r"(?<!\w)(?:([ivx]+)|([0-9]{1,2}))(?:e|er|ème) siècle")
_DAY_PARTS = {
    "matin": "MO",
    "matinée": "MO",
    "aube": "MO",
    "après-midi": "AF",
    "midi": "MI",
    "mi-journée": "MI",
    "soir": "EV",
    "soirée": "EV",
    "nuit": "NI",
}
_DAY_PART = re.compile(rf"(?<![\w-])(?:{'|'.join(_DAY_PARTS)})s?(?![\w-])")
_CALENDAR = re.compile(r"(?:[0-9]{4}|XXXX)-([0-9]{2})(?:-([0-9]{2}))?")
_WEEKDAY = re.compile("|".join(WEEKDAYS))
_WEEKLY = re.compile(r"XXXX-WXX-([1-7])")
_ROMAN = {"i": 1, "v": 5, "x": 10}

Reader = Callable[[str, str], "str | None"]


def contradicted_day(words: str, value: str) -> str | None:
    """How the words of a DATE, a TIME or a SET contradict its value; None when nothing is found.

    ``words`` are in lower case, with spaces and apostrophes folded. Only what they say without their sentence
    is read: which year, which month, which season.
    """
    for reader in _READERS:
        wrong = reader(words, value)
        if wrong:
            return wrong
    return None


def _year(words: str, value: str) -> str | None:
    said = set(_YEAR.findall(words))
    if not said:
        return None
    given = {part[:4] for part in value.split("/") if _STARTS_WITH_YEAR.match(part)}
    short = value if _CENTURY_OR_DECADE.fullmatch(value) else None
    if not (given or short):
        return None
    if short:
        return None if any(year.startswith(short) for year in said) else _against(value, words)
    return None if given <= said else _against(value, words)


def _month(words: str, value: str) -> str | None:
    said = {MONTHS.index(name) + 1 for name in _MONTH.findall(words)}
    if not said or "/" in value:
        return None
    if _YEARS.fullmatch(value):
        return f"{value} is coarser than {words!r}"
    given = _CALENDAR.match(value)
    if not given:
        return None
    if int(given[1]) not in said:
        return _against(value, words)
    if given[2] is None and _DAY_OF_MONTH.search(words):
        return f"{value} is coarser than {words!r}"
    return None


def _day(words: str, value: str) -> str | None:
    """A day without its month (« du 15 au 17 juin »), or a date in figures (« 12/09/2012 »)."""
    given = _CALENDAR.match(value)
    if not given or "/" in value:
        return None
    numeric = _NUMERIC.fullmatch(words)
    if numeric and int(numeric[3]) <= 12:
        same = given[1] == numeric[3].zfill(2) and given[2] == numeric[1].zfill(2)
        return None if same and value[:4].endswith(numeric[4] or "") else _against(value, words)
    alone = _DAY_ALONE.fullmatch(words)
    if alone and int(alone[1]) <= 31 and given[2] is not None and int(given[2]) != int(alone[1]):
        return _against(value, words)
    return None


def _season(words: str, value: str) -> str | None:
    said = {_SEASONS[name] for name in _SEASON.findall(words)}
    if len(said) != 1:
        return None
    given = _SEASON_VALUE.search(value)
    if given and given[1] in said:
        return None
    if len(value) == 4 and _YEARS.fullmatch(value):
        return f"{value} is coarser than {words!r}"
    return _against(value, words) if given else None


def _part_of_year(words: str, value: str) -> str | None:
    said = _PERIOD.search(words)
    given = said and _PERIOD_VALUE.search(value)
    if not said or not given:
        return None
    expected = ("Q" if said[2] == "trimestre" else "H") + str(_ORDINALS[said[1]])
    return None if given[1] == expected else _against(value, words)


def _decade(words: str, value: str) -> str | None:
    said = _DECADE.search(words)
    if not said or not _YEARS.fullmatch(value):
        return None
    figures = said[1] or str(int(number(said[2])))
    if len(figures) not in (2, 4) or not figures.endswith("0"):
        return None
    return None if len(value) == 3 and value.endswith(figures[:-1][-3:]) else _against(value, words)


def _century(words: str, value: str) -> str | None:
    said = _CENTURY.search(words)
    if not said or _BEFORE_OURS.search(words) or not re.fullmatch(r"[0-9]+", value):
        return None
    nth = _roman(said[1]) if said[1] else int(said[2])
    return None if value == f"{nth - 1:02d}" else _against(value, words)


def _roman(figures: str) -> int:
    numbers = [_ROMAN[letter] for letter in figures]
    later = [*numbers[1:], 0]
    return sum(one if one >= after else -one for one, after in zip(numbers, later, strict=True))


def _part_of_day(words: str, value: str) -> str | None:
    said = {_DAY_PARTS[name.rstrip("s")] for name in _DAY_PART.findall(words)}
    if len(said) != 1:
        return None
    given = _DAY_PART_VALUE.search(value)
    if given:
        return None if given[1] in said else _against(value, words)
    if _DAY_VALUE.fullmatch(value):
        return f"{value} is coarser than {words!r}"
    return None


def _weekday(words: str, value: str) -> str | None:
    """The weekday of a recurring time; that of a day is compared by its date."""
    given = _WEEKLY.match(value)
    if not given:
        return None
    said = {WEEKDAYS.index(name) + 1 for name in _WEEKDAY.findall(words)}
    return _against(value, words) if said and int(given[1]) not in said else None


def _against(value: str, words: str) -> str:
    return f"{value} is not {words!r}"


_READERS: tuple[Reader, ...] = (
    _year,
    _month,
    _day,
    _season,
    _part_of_year,
    _decade,
    _century,
    _part_of_day,
    _weekday,
)
