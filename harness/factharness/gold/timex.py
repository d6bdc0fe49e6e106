"""TIMEX3 values: which are well formed for a type, and which contradict the words they stand for.

After TimeML 1.2.1 (Saurí et al. 2006) and ISO 8601, as the guidelines narrow them: a decade is its three first
digits, a century its two first, seasons are WI SP SU FA, parts of a day MO MI AF EV NI DT.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from factharness.text import fold

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
MODIFIERS = (
    "BEFORE",
    "AFTER",
    "ON_OR_BEFORE",
    "ON_OR_AFTER",
    "LESS_THAN",
    "MORE_THAN",
    "EQUAL_OR_LESS",
    "EQUAL_OR_MORE",
    "START",
    "MID",
    "END",
    "APPROX",
)
REFERENCES = ("PRESENT_REF", "PAST_REF", "FUTURE_REF")

_YEAR = r"(?:BC)?[0-9X]{4}"
_DAY = rf"{_YEAR}-[0-9X]{{2}}-[0-9X]{{2}}|{_YEAR}-W[0-9X]{{2}}-[1-7X]"
_PART = r"T(?:MO|MI|AF|EV|NI|DT)"
_DATE = re.compile(
    rf"(?:BC)?[0-9]{{1,3}}|{_YEAR}(?:-(?:Q[1-4X]|H[12X]|SP|SU|FA|WI))?|FY{_YEAR}"
    rf"|{_YEAR}-[0-9X]{{2}}|{_YEAR}-W[0-9X]{{2}}(?:-WE)?|(?:{_DAY})(?:{_PART})?"
)
_CLOCK = r"T[0-9X]{2}(?::[0-9X]{2}(?::[0-9X]{2})?)?"
_TIME = re.compile(rf"(?:{_DAY})?(?:{_CLOCK}|{_PART})")
_NUMBER = r"(?:[0-9]{1,12}(?:\.[0-9]{1,6})?|X)"
_DURATION = re.compile(
    rf"P(?=.)(?:{_NUMBER}(?:Y|M|W|D|Q|H|DE|CE|ML|WE|SP|SU|FA|WI|MO|AF|EV|NI))*"
    rf"(?:T(?:{_NUMBER}(?:H|M|S|MO|MI|AF|EV|NI))+)?"
)
_CALENDAR = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_HOUR = re.compile(r"T([0-9]{2})(?::([0-9]{2}))?(?::([0-9]{2}))?")
_COUNTED = (
    ("month", 12, re.compile(rf"{_YEAR}-([0-9]{{2}})(?!\d)")),
    ("day", 31, re.compile(rf"{_YEAR}-[0-9X]{{2}}-([0-9]{{2}})")),
    ("week", 53, re.compile(rf"{_YEAR}-W([0-9]{{2}})")),
)
"""What is counted in a year or a month, up to which number, and where it stands in a value."""
_SPOKEN = re.compile(
    r"(?:(?:ce|cette|la|le)? ?(?:nuit|soir|soirée|matin|matinée|après-midi|journée) (?:de |du )|ce )?"
    rf"(?P<weekday>{'|'.join(WEEKDAYS)})?(?: |$)?"
    rf"(?:(?P<day>[0-9]{{1,2}})(?:er)?(?: (?P<month>{'|'.join(MONTHS)})(?: (?P<year>[0-9]{{4}}))?)?)?"
    r"(?![\w-])",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)  # several checks ask this of each date
def malformed(kind: str, value: str) -> str | None:
    """What is wrong with ``value`` as the value of a DATE, TIME, DURATION or SET; None when nothing is."""
    if kind == "SET":
        wrong = [_wrong_date(value), _wrong_time(value), _wrong_duration(value)]
        return None if None in wrong else f"{value!r} is neither a date, a time nor a duration"
    if kind == "DURATION":
        return _wrong_duration(value)
    wrong_one = _wrong_date if kind == "DATE" else _wrong_time
    first, slash, last = value.partition("/")
    return wrong_one(first) or (wrong_one(last) if slash else None)


def contradiction(words: str, value: str) -> str | None:
    """How the weekday, the day, the month or the year in ``words`` contradicts a calendar day ``value``.

    Only what stands at the head of the words is read (« mardi 5 mars 2024 », « nuit de vendredi à samedi »),
    and only a value that is one calendar day is compared.
    """
    day = _calendar_day(value)
    if day is None or "/" in value:
        return None
    found = _SPOKEN.match(fold(words).replace("\n", " "))
    if not found:
        return None
    weekday = found["weekday"] and WEEKDAYS.index(found["weekday"].lower())
    if weekday is not None and weekday != day.weekday():
        return f"{value[:10]} is a {WEEKDAYS[day.weekday()]}, the words say {found['weekday']}"
    if not found["month"]:
        return None
    said = (int(found["day"]), MONTHS.index(found["month"].lower()) + 1)
    if said != (day.day, day.month):
        return f"{value[:10]} is the {day.day} {MONTHS[day.month - 1]}, the words say {found[0].strip()}"
    if found["year"] and int(found["year"]) != day.year:
        return f"{value[:10]} lies in {day.year}, the words say {found['year']}"
    return None


def _calendar_day(value: str) -> date | None:
    found = _CALENDAR.match(value)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _wrong_date(value: str) -> str | None:
    if value in REFERENCES:
        return None
    if not _DATE.fullmatch(value):
        return f"{value!r} is not the value of a DATE"
    return _off_calendar(value)


def _wrong_time(value: str) -> str | None:
    if not _TIME.fullmatch(value):
        return f"{value!r} is not the value of a TIME"
    hour = _HOUR.search(value)
    if hour and any(
        part and int(part) > limit for part, limit in zip(hour.groups(), (24, 59, 60), strict=True)
    ):
        return f"{value!r} is no time of day"
    return _off_calendar(value)


def _wrong_duration(value: str) -> str | None:
    return None if _DURATION.fullmatch(value) else f"{value!r} is not the value of a DURATION"


def _off_calendar(value: str) -> str | None:
    if _CALENDAR.match(value) and _calendar_day(value) is None:
        return f"{value!r} is no day of the calendar"
    for noun, last, pattern in _COUNTED:
        found = pattern.match(value)
        if found and not 1 <= int(found[1]) <= last:
            return f"{value!r} has no {noun} {found[1]}"
    return None
