"""Says in French how far a date is from the publication: « jour de la publication », « trois mois avant … ».

A day is counted in days up to 31, then in whole months, from 24 of them on in whole years; « plus de » says
that something is over. A week, month, quarter, half-year or year is counted in its own unit from that of the
publication, as « deux semaines avant celle de la publication »; weeks, quarters and half-years no further than
eight. Seasons, decades, centuries and what lies in no known year have no distance.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from factharness.gold.calendar_words import day_of
from factharness.gold.french import elided, spelt

_MOST_DAYS = 31
_MOST_MONTHS = 24
_MOST_UNITS = 8
_PERIOD = re.compile(
    r"(?P<era>BC)?(?P<year>[0-9]{4})"
    r"(?:-(?P<M>[0-9]{2})|-Q(?P<Q>[1-4])|-H(?P<H>[12])|-W(?P<week>[0-9]{2})(?:-WE)?)?"
)


def distance(value: str, published: date) -> str | None:
    """How far one value (no range) is from the day of publication; None where no distance is said."""
    day = day_of(value)
    if day is not None:
        return _of_day(day, published)
    found = units_from(value, published)
    if found is None:
        return None
    unit, number = found
    if unit == "M":
        return (
            f"{_months(abs(number))} {_from(number, 'celui')}"
            if number
            else "mois de la publication"
        )
    if unit == "Y":
        years = f"{spelt(abs(number), 'an')} {_from(number, 'l’année')}"
        return years if number else "année de la publication"
    noun, that = {
        "W": ("semaine", "celle"),
        "Q": ("trimestre", "celui"),
        "H": ("semestre", "celui"),
    }[unit]
    if not number:
        return f"{that} de la publication"
    if abs(number) > _MOST_UNITS:
        return None
    return f"{spelt(abs(number), noun, feminine=that == 'celle')} {_from(number, that)}"


def units_from(value: str, published: date) -> tuple[str, int] | None:
    """The unit of a value (D, W, M, Q, H or Y) and how many of them it is after that of the publication.

    None for what is no such unit, or lies in no known year.
    """
    day = day_of(value)
    if day is not None:
        return "D", (day - published).days
    found = _PERIOD.fullmatch(value)
    if not found:
        return None
    year = 1 - int(found["year"]) if found["era"] else int(found["year"])
    if found["week"]:
        monday = None if found["era"] else day_of(f"{found['year']}-W{found['week']}-1")
        own = published - timedelta(published.weekday())
        return None if monday is None else ("W", (monday - own).days // 7)
    for unit, months in (("M", 1), ("Q", 3), ("H", 6)):
        if number := found[unit]:
            own_number = (published.month - 1) // months + 1
            return unit, (year - published.year) * (12 // months) + int(number) - own_number
    return "Y", year - published.year


def _of_day(day: date, published: date) -> str:
    days = (day - published).days
    if -1 <= days <= 1:
        return f"{('jour', 'lendemain', 'veille')[days]} de la publication"
    if abs(days) <= _MOST_DAYS:
        return f"{spelt(abs(days), 'jour')} {_from(days)}"
    first, last = sorted((day, published))
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return f"{_months(months, exact=first.day == last.day)} {_from(days)}"


def _months(months: int, *, exact: bool = True) -> str:
    """A number of whole months: in months up to 24, then in whole years."""
    said = spelt(months, "mois")
    if months >= _MOST_MONTHS:
        years, over = divmod(months, 12)
        said, exact = spelt(years, "an"), exact and not over
    return said if exact else f"plus {elided('de', said)}"


def _from(distance: int, period: str = "") -> str:
    """« avant la publication », « après celle de la publication »."""
    side = "après" if distance > 0 else "avant"
    return f"{side} {period} de la publication" if period else f"{side} la publication"
