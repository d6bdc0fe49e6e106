"""TIMEX3 values: one canonical form, and the stretch of time a value stands for.

Sources: TimeML 1.2.1 (TIMEX3 ``value``), ISO 8601, TempEval-3 (UzZaman et al. 2013), and the annotation
guidelines ``fr-news-1``.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WEEK = re.compile(r"(\d{4})-W(\d{1,2})(?:-(WE|[1-7]))?")
_CLOCK = re.compile(
    r"T(\d{1,2})(?::?(\d{2}))?(?::?(\d{2})(?:[.,]\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?"
)
_DURATION = re.compile(r"P(?:[\dX.,]+(?:ML|CE|DE|[YQMWD]))*(?:T(?:[\dX.,]+[HMS])+)?")
_AMOUNT = re.compile(r"([\dX.,]+)(ML|CE|DE|[YQMWDHS])")
_UNSPECIFIED = re.compile(r"(?<=\d)X+$|(?:-(?:XX|WXX|W?X))+$")

_MONTHS = {"ML": 12000, "CE": 1200, "DE": 120, "Y": 12, "Q": 3, "M": 1}
_SECONDS = {"W": 604800, "D": 86400, "H": 3600, "M": 60, "S": 1}
_PARTS = {
    "MO": (5, 12),
    "MI": (11, 14),
    "AF": (12, 18),
    "DT": (6, 18),
    "EV": (18, 22),
    "NI": (20, 30),
}
_SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


@lru_cache(maxsize=4096)
def canonical(value: str) -> str:
    """The one form of all ways to write a TIMEX3 value; what is no such value is returned in capitals.

    - capitals, no spaces, months, days, weeks and hours in two digits: ``2024-3-5`` is ``2024-03-05``;
    - a week with its day is that day: ``2024-W10-2`` is ``2024-03-05``;
    - trailing unspecified places are dropped: ``198X`` is ``198``, ``2024-XX-XX`` is ``2024``;
    - clock times to the minute unless the seconds are not zero, without zone; ``T24:00`` is the next day's
      ``T00:00``; ``2024-03-05T19`` is ``2024-03-05T19:00``;
    - durations in the largest units that hold them whole, years and months apart from weeks, days and
      clock units: ``P12M`` is ``P1Y``, ``P7D`` is ``P1W``, ``PT90M`` is ``PT1H30M``, ``P3DE`` is ``P30Y``.
      ``P1M`` is not ``P30D``. Vague ones (``PXD``) stay;
    - ``AU`` (autumn) is ``FA``; both ends of ``a/b`` are brought to this form.
    """
    text = re.sub(r"\s+", "T", value.strip().upper()) if _spaced(value) else _squeezed(value)
    if "/" in text:
        return "/".join(canonical(part) if part else part for part in text.split("/"))
    if _DURATION.fullmatch(text) and text not in ("P", "PT"):
        return _duration(text)
    text = _UNSPECIFIED.sub("", text) if re.match(r"\d", text) else text
    day, mark, clock = text.partition("T")
    if not mark:
        return _calendar(text)
    exact = _CLOCK.fullmatch("T" + clock)
    if not exact:
        return _calendar(day) + mark + clock
    hour, minute, second = int(exact[1]), exact[2] or "00", exact[3] or "00"
    day = _calendar(day)
    if hour == 24 and minute == second == "00" and (midnight := _date(day)):
        return f"{midnight + timedelta(days=1)}T00:00" if midnight < date.max else text
    return f"{day}T{hour:02}:{minute}" + (f":{second}" if second != "00" else "")


def same_value(gold: str | None, predicted: str | None) -> bool:
    """Equal in canonical form; an unresolved value (None) equals only another one."""
    if gold is None or predicted is None:
        return gold is predicted
    return canonical(gold) == canonical(predicted)


def same_or_coarser(gold: str | None, predicted: str | None) -> bool:
    """Equal, or one names a stretch of the calendar that contains the other's: 2020-03 and 2020-03-01."""
    if same_value(gold, predicted):
        return True
    if gold is None or predicted is None:
        return False
    left, right = canonical(gold), canonical(predicted)
    if left.startswith(right + "T") or right.startswith(left + "T"):
        return True
    a, b = interval(left), interval(right)
    if a is None or b is None:
        return False
    return (a[0] <= b[0] and b[1] <= a[1]) or (b[0] <= a[0] and a[1] <= b[1])


def overlapping_values(gold: str | None, predicted: str | None) -> bool:
    """Equal, or the stretches of the calendar they name have a moment in common."""
    if same_or_coarser(gold, predicted):
        return True
    if gold is None or predicted is None:
        return False
    a, b = interval(canonical(gold)), interval(canonical(predicted))
    return a is not None and b is not None and a[0] < b[1] and b[0] < a[1]


def interval(value: str) -> tuple[datetime, datetime] | None:
    """The half-open stretch a canonical calendar value stands for; None when it names none.

    Durations, sets, clock times without a day and references to past, present and future name none. Parts of
    the day (hours): morning 5-12, midday 11-14, afternoon 12-18, day 6-18, evening 18-22, night 20-6. Seasons
    are the meteorological ones; the winter of a year begins in its December.
    """
    try:
        if "/" in value:
            first, _, last = value.partition("/")
            a, b = interval(first), interval(last)
            return (a[0], b[1]) if a and b and a[0] < b[1] else None
        day, mark, clock = value.partition("T")
        if mark:
            return _within(day, clock)
        return _stretch(value)
    except (ValueError, OverflowError):
        return None


def _spaced(value: str) -> bool:
    """Whether a blank stands for the T between day and clock."""
    return bool(re.fullmatch(r"\s*\d{4}-\d{1,2}-\d{1,2}\s+\d{1,2}:\d{2}.*", value, re.DOTALL))


def _squeezed(value: str) -> str:
    return re.sub(r"\s+", "", value.upper())


def _calendar(text: str) -> str:
    """The part of a value before its T."""
    if day := _DAY.fullmatch(text):
        return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    if month := re.fullmatch(r"(\d{4})-(\d{1,2})", text):
        return f"{month[1]}-{int(month[2]):02}"
    if week := _WEEK.fullmatch(text):
        plain = f"{week[1]}-W{int(week[2]):02}"
        if week[3] == "WE" or not week[3]:
            return plain + ("-WE" if week[3] else "")
        try:
            return date.fromisocalendar(int(week[1]), int(week[2]), int(week[3])).isoformat()
        except ValueError:
            return f"{plain}-{week[3]}"
    if autumn := re.fullmatch(r"(\d{4})-AU", text):
        return f"{autumn[1]}-FA"
    return text


def _duration(text: str) -> str:
    """A duration in the largest units; as written when it is vague, odd or zero."""
    days, _, clock = text[1:].partition("T")
    months, seconds = Fraction(0), Fraction(0)
    for part, in_clock in ((days, False), (clock, True)):
        for number, unit in _AMOUNT.findall(part):
            try:
                amount = Fraction(number.replace(",", "."))
            except ValueError:
                return text
            if unit in _MONTHS and not in_clock:
                months += amount * _MONTHS[unit]
            else:
                seconds += amount * _SECONDS[unit]
    if months.denominator != 1 or seconds.denominator != 1 or not (months or seconds):
        return text
    years, month = divmod(int(months), 12)
    day, second = divmod(int(seconds), 86400)
    hour, second = divmod(second, 3600)
    minute, second = divmod(second, 60)
    week = 0
    if not (months or hour or minute or second or day % 7):
        week, day = divmod(day, 7)
    date_part = _units((years, "Y"), (month, "M"), (week, "W"), (day, "D"))
    time_part = _units((hour, "H"), (minute, "M"), (second, "S"))
    return "P" + date_part + ("T" + time_part if time_part else "")


def _units(*amounts: tuple[int, str]) -> str:
    return "".join(f"{amount}{unit}" for amount, unit in amounts if amount)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _within(day: str, clock: str) -> tuple[datetime, datetime] | None:
    """A part of a day, or a clock time to its minute or second."""
    calendar = _date(day)
    if calendar is None:
        return None
    midnight = datetime(calendar.year, calendar.month, calendar.day)
    if clock in _PARTS:
        first, last = _PARTS[clock]
        return midnight + timedelta(hours=first), midnight + timedelta(hours=last)
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    start = midnight + timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    return start, start + (timedelta(seconds=1) if seconds else timedelta(minutes=1))


def _stretch(value: str) -> tuple[datetime, datetime] | None:
    """A day, week, weekend, month, quarter, half, season, year, decade or century."""
    if calendar := _date(value):
        start = datetime(calendar.year, calendar.month, calendar.day)
        return start, start + timedelta(days=1)
    if week := _WEEK.fullmatch(value):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        start = datetime(monday.year, monday.month, monday.day)
        return start + timedelta(days=5 if week[3] else 0), start + timedelta(days=7)
    if not (parts := re.fullmatch(r"(\d{2,4})(?:-(\d{2}|Q[1-4]|H[12]|SP|SU|FA|WI))?", value)):
        return None
    year, rest = parts[1], parts[2]
    if rest is None:
        span = 10 ** (4 - len(year))
        return _months(int(year) * span, 1, 12 * span)
    if len(year) != 4:
        return None
    if rest in _SEASONS:
        return _months(int(year), _SEASONS[rest], 3)
    if rest[0] == "Q":
        return _months(int(year), 3 * int(rest[1]) - 2, 3)
    if rest[0] == "H":
        return _months(int(year), 6 * int(rest[1]) - 5, 6)
    return _months(int(year), int(rest), 1)


def _months(year: int, month: int, length: int) -> tuple[datetime, datetime]:
    last = year * 12 + month - 1 + length
    return datetime(year, month, 1), datetime(last // 12, last % 12 + 1, 1)
