# ruff: noqa: ARG001 (all makers have one signature)
"""Makes values of lengths, units, clock times, nights and recurring times, for the rules of ``dates.toml``.

One maker per ``make`` of the rules; their signature is :data:`~.fields.Maker`.
"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from fact_extractors.rules import numbers, timex
from fact_extractors.rules.fields import (
    PARTS,
    UNITS,
    WEEKDAYS,
    Fields,
    Options,
    calendar_day,
    day_number,
    maker,
    mod,
    month_number,
    prefixed,
    strictness,
    with_part,
)
from fact_extractors.rules.timex import Context, Value

_MINUTES = {
    "trois quarts": 45, "un quart": 15, "et un quart": 15, "pile": 0,
    "et demi": 30, "et demie": 30, "et quart": 15, "moins le quart": -15, "moins dix": -10,
    "moins cinq": -5, "moins vingt": -20, "moins vingt-cinq": -25,
}  # fmt: skip

_THOUSANDS = {"mille": 1_000, "millier": 1_000, "million": 1_000_000, "milliard": 1_000_000_000}


def _moved(base: date | None, unit: str, by: int) -> str | None:
    """``base`` moved by so many units, at the granularity of the unit."""
    if base is None:
        return None
    if unit == "D":
        return timex.iso(timex.add_days(base, by))
    if unit in ("W", "WE"):
        return timex.week(timex.add_days(base, 7 * by), unit == "WE")
    if unit == "M":
        return timex.month_of(base.year, base.month + by)
    if unit in ("Q", "H"):
        size = 3 if unit == "Q" else 6
        index = base.year * (12 // size) + (base.month - 1) // size + by
        year_, number = divmod(index, 12 // size)
        return f"{year_:04d}-{unit}{number + 1}" if 1 <= year_ <= 9999 else None
    if unit == "Y":
        return timex.year_of(base.year + by)
    years = {"DE": 10, "CE": 100, "ML": 1000}.get(unit)
    if years is None or not 1 <= base.year + by * years <= 9999:
        return None
    return f"{(base.year + by * years) // years:0{4 - len(str(years)) + 1}d}"


def _base(context: Context, from_anchor: bool, unit_code: str = "") -> date | None:
    """The day to count from: the last date of the text (its first day), or the reference.

    Days and weeks are counted from a day.
    """
    if from_anchor and unit_code in ("D", "W", "WE") and context.anchor_day is not None:
        return context.anchor_day
    if not from_anchor or context.anchor is None:
        return context.reference
    text = context.anchor
    part_of_year = _first_month(text)
    if part_of_year is not None:
        return part_of_year
    try:
        if text[4:6] == "-W":
            return date.fromisocalendar(int(text[:4]), int(text[6:8]), 1)
        parts = [int(part) for part in text[:10].split("-")]
        year_, month_, day_ = [*parts, 1, 1][:3]
        return timex.make_date(year_, month_, day_)
    except ValueError:
        return context.reference


def _first_month(text: str) -> date | None:
    """The first day of a season, a quarter or a half-year."""
    code = text[5:7]
    starts = dict(timex.SEASONS.values())
    starts |= {f"Q{n + 1}": 3 * n + 1 for n in range(4)} | {"H1": 1, "H2": 7}
    return timex.make_date(int(text[:4]), starts[code], 1) if code in starts else None


@maker
def unit(fields: Fields, options: Options, context: Context) -> Value | None:
    """A unit of the calendar by its place: *cette année*, *le mois dernier*, *la semaine suivante*."""
    code = prefixed(UNITS, fields["unit_one"])
    by = options["by"] or strictness(fields) * ("by" in options)
    base = _base(context, bool(options.get("anchored")), code)
    if code == "WE" and base is not None and not options.get("anchored"):
        if by > 0 and base.weekday() < 4:
            by = 0
        elif by == 0 and context.told().tense == "past" and base.weekday() < 4:
            by = -1
    return Value("DATE", _moved(base, code, by), mod(fields))


@maker
def last_weekend(fields: Fields, options: Options, context: Context) -> Value | None:
    """*le dernier week-end*."""
    return unit({**fields, "unit_one": "week-end"}, {"by": -1}, context)


@maker
def week_of(fields: Fields, options: Options, context: Context) -> Value | None:
    """*la semaine du 5 mars*."""
    weekend = fields["unit_one"].startswith("week")
    if not weekend and not fields["unit_one"].startswith("sem"):
        return None
    return Value("DATE", timex.week(calendar_day(fields, context), weekend))


def _length(fields: Fields) -> tuple[float | None, str] | None:
    """Number (None: vague) and unit of a length of time."""
    word = fields.get("unit") or fields.get("unit_time")
    code = prefixed(UNITS, word) if word else None
    if code is None:
        return None
    if "collective" in fields:
        return numbers.value(fields["collective"]), code
    number = numbers.value(fields["number"]) if "number" in fields else None
    if number is not None and "thousands" in fields:
        number *= _THOUSANDS[fields["thousands"].rstrip("s")]
    return number, code


def _half_past(context: Context, options: Options, code: str, by: int, sign: int) -> str | None:
    """*un an et demi*, *deux mois et demi* from the base, to the month; None for other units."""
    base = _base(context, bool(options.get("anchored")), code)
    if code == "Y":
        return _moved(base, "M", 12 * by + 6 * sign)
    if code == "M" and (moved := timex.add_days(base, 15 * sign)) is not None:
        return _moved(moved, "M", by)
    return None


@maker
def shift(fields: Fields, options: Options, context: Context) -> Value | None:
    """So long before or after the reference, or the last date of the text."""
    length = _length(fields)
    if length is None:
        return None
    number, code = length
    sign = options["sign"]
    if code.startswith("T"):
        return Value("TIME", None)
    if number is None:
        if options.get("anchored"):
            return Value("DATE", None)
        return Value("DATE", "PAST_REF" if sign < 0 else "FUTURE_REF")
    if number != int(number) or number > 10_000_000:
        return Value("DATE", None)
    by = sign * int(number)
    if "half" in fields:
        return Value("DATE", _half_past(context, options, code, by, sign))
    if code == "D" and number in (8, 15):  # huit jours, quinze jours: one week, two
        by = sign * (7 if number == 8 else 14) if fields.get("number", "")[:1].isalpha() else by
    return Value("DATE", _moved(_base(context, bool(options.get("anchored")), code), code, by))


@maker
def duration(fields: Fields, options: Options, context: Context) -> Value | None:
    """A length of time."""
    length = _length(fields)
    if length is None:
        return None
    number, code = length
    time, letter = ("T", code[1:]) if code.startswith("T") else ("", code)
    if letter == "H" and not time:
        letter = "M"
        number = None if number is None else number * 6
    if number is None:
        return Value("DURATION", f"P{time}X{letter}")
    if "quarters" in fields:
        if number != int(number) or code != "TH":
            return None
        return Value("DURATION", f"PT{int(number)}H{_MINUTES[fields['quarters']]}M")
    if "half" in fields:
        if time and letter == "H":
            return Value("DURATION", f"PT{int(number)}H30M")
        if letter == "Y":
            return Value("DURATION", f"P{int(number)}Y6M")
        number += 0.5
    amount = str(int(number)) if number == int(number) else f"{number:g}"
    return Value("DURATION", f"P{time}{amount}{letter}")


@maker
def years_and_months(fields: Fields, options: Options, context: Context) -> Value | None:
    """*trois ans et six mois*."""
    years, months = numbers.value(fields["number"]), numbers.value(fields["months"])
    return Value("DURATION", f"P{years:g}Y{months:g}M")


@maker
def duration_figures(fields: Fields, options: Options, context: Context) -> Value | None:
    """Hours, minutes and seconds in figures: *3 h 20*."""
    text = "PT"
    for name, letter in (("hours", "H"), ("minutes", "M"), ("seconds", "S")):
        if name in fields:
            amount = numbers.value(fields[name])
            text += "" if amount is None else f"{amount:g}{letter}"
    return Value("DURATION", text)


@maker
def constant(fields: Fields, options: Options, context: Context) -> Value | None:
    """*demi-heure*, *sept jours sur sept*: type and value stand in the rule."""
    return Value(options["type"], options["value"])


def _clock(fields: Fields) -> tuple[int, int] | None:
    if "noon" in fields:
        hour = 12 if fields["noon"] == "midi" else 0 if "minute_word" in fields else 24
    else:
        hour = (
            int(fields["hour"])
            if "hour" in fields
            else int(numbers.value(fields["hour_word"]) or 0)
        )
    minute = int(fields.get("minute", "0"))
    if "minute_word" in fields:
        word = fields["minute_word"]
        minute = _MINUTES[word] if word in _MINUTES else int(numbers.value(word) or 0)
    if fields.get("part", "")[:2] in ("so", "ap") and hour < 12:
        hour += 12
    total = hour * 60 + minute
    if total < 0:
        total += 24 * 60
    if total > 24 * 60:
        return None
    return divmod(total, 60)


@maker
def clock(fields: Fields, options: Options, context: Context) -> Value | None:
    """A clock time, with its day when there is one."""
    time = _clock(fields)
    if time is None:
        return None
    own = any(name in fields for name in ("weekday", "day", "deictic", "day_word", "this", "eve"))
    day_ = calendar_day(fields, context) if own else context.day
    if context.night and not own and time[0] < 12:
        day_ = timex.add_days(day_, 1)
    prefix = timex.iso(day_) or ""
    return Value("TIME", f"{prefix}T{time[0]:02d}:{time[1]:02d}")


@maker
def part(fields: Fields, options: Options, context: Context) -> Value | None:
    """A part of a day the context knows; no temporal expression without one."""
    return None if context.day is None else with_part(context.day, fields)


@maker
def night(fields: Fields, options: Options, context: Context) -> Value | None:
    """A night between two days, valued on the first."""
    own = dict(fields)
    for name in ("month", "year"):
        if name not in own and f"{name}_end" in own:
            own[name] = own[f"{name}_end"]
    if context.told().tense is None:
        context = context.in_tense("past")
    first = calendar_day(own, context)
    if first is not None and "day_end" in own and "day" in own and "month" not in fields:
        last = int(own["day_end"].rstrip("er "))
        if last < first.day and "month_end" in fields:  # du 31 au 1er mars: the end names the month
            end = calendar_day({**own, "day": own["day_end"]}, context)
            first = timex.add_days(end, -1)
    return with_part(first, {"part": "nuit"})


@maker
def set(fields: Fields, options: Options, context: Context) -> Value | None:
    """A recurring time."""
    if "day" in fields or "day_word" in fields:
        month_ = month_number(fields)
        return Value(
            "SET", f"XXXX-{'XX' if month_ is None else f'{month_:02d}'}-{day_number(fields):02d}"
        )
    for name in ("weekdays", "weekday"):
        if name in fields:
            return Value("SET", f"XXXX-WXX-{WEEKDAYS.index(fields[name][:3]) + 1}")
    if "month_name" in fields:
        return Value("SET", f"XXXX-{month_number(fields):02d}")
    if "season" in fields:
        return Value("SET", f"XXXX-{timex.SEASONS[fields['season']][0]}")
    if "part" in fields:
        return Value("SET", f"XXXX-XX-XXT{PARTS[fields['part'][:2]]}")
    word = fields.get("unit") or fields.get("unit_time") or fields.get("unit_per", "")
    made = duration({"number": fields.get("number", "1"), "unit": word}, {}, context)
    return None if made is None else replace(made, type="SET")
