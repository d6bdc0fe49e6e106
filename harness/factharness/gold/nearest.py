"""Chooses which Monday, 12 March, March or summer is meant: the nearest to the publication, the last, the next.

The tense is a sign: ``"-"`` is the last one, the publication's own included; ``"+"`` the next one, the
publication's own not; ``""`` the nearest, of two equally near ones the past one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, TypeAlias

Tense: TypeAlias = Literal["-", "+", ""]

_SEASON_STARTS = {"SP": (3, 20), "SU": (6, 21), "FA": (9, 22), "WI": (12, 21)}
_HALF_A_SEASON = timedelta(46)


def weekday(number: int, published: date, tense: Tense = "") -> date:
    """The day with this number of the week, from 0 for Monday."""
    around = (moved(published, days) for days in range(-6, 8))
    return _pick([day for day in around if day and day.weekday() == number], published, tense)


def weekend(published: date, tense: Tense = "") -> str:
    """The value of a week-end, told by its Saturday: ``2024-W10-WE``."""
    year, week, _ = weekday(5, published, tense).isocalendar()
    return f"{year:04}-W{week:02}-WE"


def day_of_month(day: int, published: date, tense: Tense = "") -> date | None:
    """The day with this number in a month; None when no month has it."""
    first = published.year * 12 + published.month - 1
    months = (divmod(first + offset, 12) for offset in range(-2, 3))
    return _picked([real_day(year, month + 1, day) for year, month in months], published, tense)


def day_of_year(day: int, month: int, published: date, tense: Tense = "") -> date | None:
    """The day with this number in a month of the year; None when no year has it."""
    years = range(published.year - 8, published.year + 9)
    return _picked([real_day(year, month, day) for year in years], published, tense)


def month_of_year(month: int, published: date, tense: Tense = "") -> str:
    """The value of a month: ``2024-03``."""
    ahead = (month - published.month) % 12
    past = {"-": ahead > 0, "+": False, "": ahead >= 6}[tense]
    if tense == "+" and not ahead:
        ahead = 12
    year, index = divmod(published.year * 12 + published.month - 1 + ahead - 12 * past, 12)
    return f"{year:04}-{index + 1:02}"


def season(code: str, published: date, tense: Tense = "") -> str:
    """The value of a season (SP, SU, FA, WI), which has begun when it is the last one: ``2024-SU``."""
    month, day = _SEASON_STARTS[code]
    starts = [
        start for year in (-1, 0, 1) if (start := real_day(published.year + year, month, day))
    ]
    if tense:
        return f"{_pick(starts, published, tense).year:04}-{code}"
    middle = _pick([start + _HALF_A_SEASON for start in starts], published, tense)
    return f"{(middle - _HALF_A_SEASON).year:04}-{code}"


def full_year(digits: str, published: date) -> int:
    """A year of two or four digits; of two, the latest that is not over twenty years after the publication."""
    if len(digits) > 2:
        return int(digits)
    latest = published.year + 20
    return latest - (latest - int(digits)) % 100


def real_day(year: int, month: int, day: int) -> date | None:
    """The day, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def moved(day: date, days: int) -> date | None:
    """The day so many days later, or None when it lies beyond the calendar."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return None


def _picked(days: Iterable[date | None], published: date, tense: Tense) -> date | None:
    real = [day for day in days if day is not None]
    return _pick(real, published, tense) if real else None


def _pick(days: list[date], published: date, tense: Tense) -> date:
    """The one of the days that the tense means; the nearest when that side has none."""
    past = [day for day in days if day <= published]
    coming = [day for day in days if day > published]
    if tense == "-" and past:
        return max(past)
    if tense == "+" and coming:
        return min(coming)
    return min(days, key=lambda day: (abs(day - published), day))
