"""Reads a day or moment of publication: ISO 8601, or a French date as it stands on a page."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from factharness.gold.timex import MONTHS, WEEKDAYS
from factharness.text import fold

_CLOCK = r"(?:,? +(?:a +)?|t)(?P<hour>[0-9]{1,2}) ?[h:] ?(?P<minute>[0-9]{2})?"
_SPOKEN = re.compile(
    r"(?:publie )?(?:le )?(?:(?P<weekday>[a-z]+),? )?(?P<day>[0-9]{1,2})(?:er)? (?P<month>[a-z]+)\.? "
    rf"(?P<year>[0-9]{{4}})(?:{_CLOCK})?"
)
_DIGITS = re.compile(
    r"(?:publie )?(?:le )?(?:(?P<weekday>[a-z]+),? )?(?P<day>[0-9]{1,2})(?P<mark>[/.-])(?P<month>[0-9]{1,2})"
    rf"(?P=mark)(?P<year>[0-9]{{4}})(?:{_CLOCK})?"
)


def read_published(typed: str) -> date | datetime:
    """A day, or a moment when a clock time is there; `2024-03-05T18:30:00+01:00`, « mardi 5 mars 2024 18h30 »,
    « 1er mars 2024 à 18 h », `05/03/2024`, `5.3.2024 18:30`.

    In digits the day comes before the month. Raises ``ValueError`` with what is wrong, also for a weekday that
    the day is not.
    """
    text = typed.strip()
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        plain = " ".join(_plain(text).split())
    found = _SPOKEN.fullmatch(plain) or _DIGITS.fullmatch(plain)
    if found is None:
        raise ValueError(
            f"{typed!r} is not a date such as 2024-03-05, 2024-03-05T18:30:00+01:00, 5 mars 2024, "
            "mardi 5 mars 2024 18h30 or 05/03/2024"
        )
    try:
        day = date(int(found["year"]), _month(found["month"]), int(found["day"]))
        hour, minute = found["hour"], found["minute"]
        moment = datetime(day.year, day.month, day.day, int(hour or 0), int(minute or 0))
    except ValueError as error:
        raise ValueError(f"{typed!r} is not a date: {error}") from None
    _check_weekday(found["weekday"], day, typed)
    return day if hour is None else moment


def _month(name: str) -> int:
    """The number of a month, from digits, its name, or the first letters of one name only."""
    if name.isdigit():
        return int(name)
    fitting = [number for number, month in enumerate(MONTHS, 1) if _plain(month).startswith(name)]
    if len(fitting) != 1 or len(name) < 3:
        raise ValueError(f"{name!r} is not a month")
    return fitting[0]


def _check_weekday(name: str | None, day: date, typed: str) -> None:
    """Raise ``ValueError`` unless ``day`` is the weekday of that name; no name fits every day."""
    right = WEEKDAYS[day.weekday()]
    if name is not None and name != right:
        known = name in WEEKDAYS
        raise ValueError(
            f"{typed!r}: {day} is a {right}" if known else f"{typed!r}: {name!r} is not a weekday"
        )


def _plain(text: str) -> str:
    """``text`` in small letters without accents, no-break spaces as spaces."""
    apart = unicodedata.normalize("NFD", fold(text).casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))
