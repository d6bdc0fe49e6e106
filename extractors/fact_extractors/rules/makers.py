# ruff: noqa: ARG001 (all makers have one signature)
"""What the rules of ``dates.toml`` mean: one maker per ``make``, from the fields of a match to a value.

A maker takes the fields (bare text by field name), the options of its rule and the context, and gives a
:class:`~.timex.Value`, or None when the match is no temporal expression after all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from fact_extractors.rules import named_days, numbers, timex
from fact_extractors.rules.timex import Context, Value

Fields: TypeAlias = Mapping[str, str]
Options: TypeAlias = Mapping[str, Any]
Maker: TypeAlias = Callable[[Fields, Options, Context], Value | None]

MAKERS: dict[str, Maker] = {}

_MONTHS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_PARTS = {"ma": "MO", "au": "MO", "ap": "AF", "so": "EV", "nu": "NI", "mi": "MI"}
_EDGES = {"debut": "START", "fin": "END", "mi": "MID", "milieu": "MID", "courant": "MID"}
_UNITS = {
    "jour": "D", "sema": "W", "mois": "M", "an": "Y", "ann": "Y", "dece": "DE", "sie": "CE", "trim": "Q",
    "heur": "TH", "h": "TH", "minu": "TM", "min": "TM", "mn": "TM", "seco": "TS", "s": "TS", "quin": "W",
    "mill": "ML", "seme": "H", "week": "WE",
}  # fmt: skip
_ORDINAL_ENDING = re.compile(r"[ \n]?(?:ieme|eme|er|e|ᵉ)$")
_MINUTES = {
    "et demi": 30, "et demie": 30, "et quart": 15, "moins le quart": -15, "moins dix": -10,
    "moins cinq": -5, "moins vingt": -20,
}  # fmt: skip
_DEICTIC = {"hier": -1, "avant-hier": -2, "aujourd'hui": 0, "demain": 1, "apres-demain": 2}
_ORDINALS = {"prem": 1, "1": 1, "deux": 2, "seco": 2, "2": 2, "troi": 3, "3": 3, "quat": 4, "4": 4}


def maker(function: Maker) -> Maker:
    """Register a maker under its name."""
    MAKERS[function.__name__] = function
    return function


def _prefixed(table: Mapping[str, Any], word: str) -> Any:
    """The entry of ``table`` under the longest prefix of ``word``."""
    return next((table[word[:n]] for n in range(len(word), 0, -1) if word[:n] in table), None)


def _month(fields: Fields) -> int | None:
    if "mm" in fields:
        return int(fields["mm"])
    name = fields.get("month") or fields.get("month_name")
    return None if name is None else next(i for i, m in enumerate(_MONTHS, 1) if name.startswith(m))


def _day(fields: Fields) -> int | None:
    if "day_word" in fields:
        word = fields["day_word"]
        return 1 if word == "premier" else int(numbers.value(word) or 0) or None
    return int(fields["day"].rstrip("er ")) if "day" in fields else None


def _weekday(fields: Fields) -> int | None:
    return _WEEKDAYS.index(fields["weekday"][:3]) if "weekday" in fields else None


def _year(fields: Fields, context: Context) -> int | None:
    if "year" in fields:
        return int(fields["year"])
    if "year_short" in fields:
        short = int(fields["year_short"])
        pivot = context.reference.year % 100 + 10 if context.reference else 40
        return short + (2000 if short <= pivot else 1900)
    return None


def _strict(fields: Fields) -> int:
    return -1 if "last" in fields else 1 if "next" in fields else 0


def _mod(fields: Fields) -> str | None:
    return _EDGES.get(fields.get("edge", ""))


def calendar_day(fields: Fields, context: Context) -> date | None:
    """The day that weekday, day, month and year (whichever are there) name."""
    reference = context.reference
    day, month, year, weekday = (
        _day(fields),
        _month(fields),
        _year(fields, context),
        _weekday(fields),
    )
    if "deictic" in fields:
        return timex.add_days(reference, _DEICTIC[fields["deictic"]])
    if day is None:
        return (
            timex.weekday(weekday, context, strict=_strict(fields)) if weekday is not None else None
        )
    if month is not None and year is not None:
        return timex.make_date(year, month, day)
    if reference is None:
        return None
    if month is not None:
        years = range(reference.year - 1, reference.year + 2)
        days = [timex.make_date(y, month, day) for y in years]
        if not any(days):
            years = range(reference.year - 4, reference.year + 5)
            days = [timex.make_date(y, month, day) for y in years]
    else:
        months = range(reference.month - 12, reference.month + 13)
        days = [
            timex.make_date(reference.year + (m - 1) // 12, (m - 1) % 12 + 1, day) for m in months
        ]
    if weekday is not None:
        on_weekday = [d for d in days if d is not None and d.weekday() == weekday]
        if on_weekday:  # the weekday says more than the tense
            return timex.choose(on_weekday, context._replace(tense=None), strict=_strict(fields))
    return timex.choose(days, context, strict=_strict(fields))


def _with_part(day: date | None, fields: Fields) -> Value:
    value = timex.iso(day)
    part = _PARTS.get(fields.get("part", "")[:2])
    if value is not None and part is not None:
        value += f"T{part}"
    return Value("DATE", value, _mod(fields))


@maker
def day(fields: Fields, options: Options, context: Context) -> Value | None:
    """A day by name and number."""
    number, month, year = _day(fields), _month(fields), _year(fields, context)
    if number and month and timex.make_date(year or 2000, month, number) is None:
        return None
    return _with_part(calendar_day(fields, context), fields)


@maker
def today(fields: Fields, options: Options, context: Context) -> Value | None:
    """So many ``days`` from the day of speaking."""
    return _with_part(timex.add_days(context.reference, options["days"]), fields)


@maker
def anchored(fields: Fields, options: Options, context: Context) -> Value | None:
    """So many ``days`` from the last date of the text."""
    anchor = context.anchor_day or context.reference
    return _with_part(timex.add_days(anchor, options["days"]), fields)


@maker
def named(fields: Fields, options: Options, context: Context) -> Value | None:
    """A public holiday or another named day."""
    name, year = fields["named"].replace("\n", " "), _year(fields, context)
    shift = options.get("days", 0)
    if isinstance(shift, list):  # one number per fact
        shift = shift[int(fields["fact"]) - 1]
    if year is not None:
        found = named_days.day(name, year)
    elif context.reference is None:
        found = None
    else:
        years = range(context.reference.year - 1, context.reference.year + 2)
        days = [named_days.day(name, y) for y in years]
        found = timex.choose(days, context, strict=_strict(fields))
    if fields.get("part") == "nuit" and name in ("noel", "nouvel an"):
        shift -= 1  # a night is valued on its first day
    return _with_part(timex.add_days(found, shift), fields)


@maker
def month(fields: Fields, options: Options, context: Context) -> Value | None:
    """A month of a year, or the one that fits the tense."""
    number, year, reference = _month(fields), _year(fields, context), context.reference
    assert number is not None
    if year is None and reference is not None:
        today = timex.make_date(reference.year, reference.month, 1)
        starts = [
            timex.make_date(y, number, 1) for y in range(reference.year - 1, reference.year + 2)
        ]
        chosen = timex.choose(starts, context._replace(reference=today), strict=_strict(fields))
        year = None if chosen is None else chosen.year
    value = None if year is None else timex.month_of(year, number)
    return Value("DATE", value, _mod(fields))


@maker
def year(fields: Fields, options: Options, context: Context) -> Value | None:
    """A year in figures."""
    return Value("DATE", timex.year_of(int(fields["year"])), _mod(fields))


@maker
def years(fields: Fields, options: Options, context: Context) -> Value | None:
    """A span of years in one word: *2019-2022*."""
    first, last = int(fields["year"]), int(fields["until"])
    return Value("DATE", f"{first:04d}/{last:04d}") if first < last else None


@maker
def year_bc(fields: Fields, options: Options, context: Context) -> Value | None:
    """A year before our era."""
    number = numbers.value(fields["number"])
    return None if number is None or number >= 10000 else Value("DATE", f"BC{int(number):04d}")


@maker
def decade(fields: Fields, options: Options, context: Context) -> Value | None:
    """The decade prefix: *années 80* is 198."""
    written = fields.get("decade_word")
    number = int(numbers.value(written) or 0) if written else int(fields["decade"])
    if number < 100:
        number += 1900 if number >= 20 else 2000
    return Value("DATE", f"{number // 10:03d}", _mod(fields))


@maker
def century(fields: Fields, options: Options, context: Context) -> Value | None:
    """The century prefix: *XXe siècle* is 19."""
    figure = fields.get("roman") or fields["nth"]
    figure = _ORDINAL_ENDING.sub("", figure)
    number = int(figure) if figure.isdigit() else numbers.roman().get(figure)
    if number is None:
        return None
    era = "BC" if "bc" in fields else ""
    return Value("DATE", f"{era}{number - (0 if era else 1):02d}", _mod(fields))


@maker
def season(fields: Fields, options: Options, context: Context) -> Value | None:
    """A season; the winter bears the year it starts in."""
    code, first = timex.SEASONS[fields["season"]]
    year_given = _year(fields, context)
    if year_given is None and context.reference is not None:
        reference = context.reference
        starts = [
            timex.make_date(y, first, 1) for y in range(reference.year - 2, reference.year + 2)
        ]
        strict = _strict(fields)
        begun = [s for s in starts if s is not None and s <= reference]
        running = begun[-1] if begun and (reference - begun[-1]).days < 92 else None
        if running is not None and strict == 0:
            chosen: date | None = running
        elif running is not None and strict < 0:
            chosen = timex.choose([s for s in begun if s != running], context, strict=-1)
        else:
            chosen = timex.choose(starts, context, strict=strict)
        year_given = None if chosen is None else chosen.year
    value = None if year_given is None else f"{year_given:04d}-{code}"
    return Value("DATE", value, _mod(fields))


@maker
def back_to_school(fields: Fields, options: Options, context: Context) -> Value | None:
    """*la rentrée*: September."""
    return month({**fields, "month": "septembre"}, options, context)


@maker
def quarter(fields: Fields, options: Options, context: Context) -> Value | None:
    """A quarter (``months`` 3) or a half-year (``months`` 6)."""
    ordinal = fields["ordinal"]
    number: int | None = _prefixed(_ORDINALS, ordinal[1:] if ordinal[1:].isdigit() else ordinal)
    if number is None or number > 12 // options["months"]:
        return None
    year_given = _year(fields, context)
    if year_given is None and context.reference is not None:
        reference = context.reference
        start = (number - 1) * options["months"] + 1
        days = [timex.make_date(reference.year + y, start, 1) for y in (-1, 0, 1)]
        chosen = timex.choose(days, context, strict=_strict(fields), plausible=False)
        year_given = None if chosen is None else chosen.year
    letter = "Q" if options["months"] == 3 else "H"
    value = None if year_given is None else f"{year_given:04d}-{letter}{number}"
    return Value("DATE", value, _mod(fields))


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
    size = {"DE": 10, "CE": 100, "ML": 1000}.get(unit)
    if size is None or not 1 <= base.year + by * size <= 9999:
        return None
    return f"{(base.year + by * size) // size:0{4 - len(str(size)) + 1}d}"


def _base(context: Context, from_anchor: bool, unit_code: str = "") -> date | None:
    """The day to count from: the last date of the text (its first day), or the reference.

    Days and weeks are counted from a day.
    """
    if from_anchor and unit_code in ("D", "W", "WE") and context.anchor_day is not None:
        return context.anchor_day
    if not from_anchor or context.anchor is None:
        return context.reference
    text = context.anchor
    try:
        if text[4:6] == "-W":
            return date.fromisocalendar(int(text[:4]), int(text[6:8]), 1)
        parts = [int(part) for part in text[:10].split("-")]
        year_, month_, day_ = [*parts, 1, 1][:3]
        return timex.make_date(year_, month_, day_)
    except ValueError:
        return context.reference


@maker
def unit(fields: Fields, options: Options, context: Context) -> Value | None:
    """A unit of the calendar by its place: *cette année*, *le mois dernier*, *la semaine suivante*."""
    code = _prefixed(_UNITS, fields["unit_one"])
    by = options["by"] or _strict(fields) * ("by" in options)
    base = _base(context, bool(options.get("anchored")), code)
    if code == "WE" and base is not None and not options.get("anchored"):
        if by > 0 and base.weekday() < 4:
            by = 0
        elif by == 0 and context.tense == "past" and base.weekday() < 4:
            by = -1
    return Value("DATE", _moved(base, code, by), _mod(fields))


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
    code = _prefixed(_UNITS, word) if word else None
    if code is None:
        return None
    if "collective" in fields:
        return numbers.value(fields["collective"]), code
    return (numbers.value(fields["number"]) if "number" in fields else None), code


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
    if "half" in fields:
        if time and letter == "H":
            return Value("DURATION", f"PT{int(number)}H30M")
        if letter == "Y":
            return Value("DURATION", f"P{int(number)}Y6M")
        number += 0.5
    amount = str(int(number)) if number == int(number) else f"{number:g}"
    return Value("DURATION", f"P{time}{amount}{letter}")


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
        hour = 12 if fields["noon"] == "midi" else 0
    else:
        hour = (
            int(fields["hour"])
            if "hour" in fields
            else int(numbers.value(fields["hour_word"]) or 0)
        )
    minute = int(fields.get("minute", "0"))
    if "minute_word" in fields:
        word = fields["minute_word"]
        minute = _MINUTES.get(word) or int(numbers.value(word) or 0)
    if fields.get("part", "")[:2] in ("so", "ap") and hour < 12:
        hour += 12
    total = hour * 60 + minute
    if total < 0 or total > 24 * 60:
        return None
    return divmod(total, 60)


@maker
def clock(fields: Fields, options: Options, context: Context) -> Value | None:
    """A clock time, with its day when there is one."""
    time = _clock(fields)
    if time is None:
        return None
    own = any(name in fields for name in ("weekday", "day", "deictic", "day_word"))
    day_ = calendar_day(fields, context) if own else context.day
    prefix = timex.iso(day_) or ""
    return Value("TIME", f"{prefix}T{time[0]:02d}:{time[1]:02d}")


@maker
def part(fields: Fields, options: Options, context: Context) -> Value | None:
    """A part of a day the context knows; no temporal expression without one."""
    return None if context.day is None else _with_part(context.day, fields)


@maker
def night(fields: Fields, options: Options, context: Context) -> Value | None:
    """A night between two days, valued on the first."""
    own = dict(fields)
    for name in ("month", "year"):
        if name not in own and f"{name}_end" in own:
            own[name] = own[f"{name}_end"]
    if context.tense is None:
        context = context._replace(tense="past")
    first = calendar_day(own, context)
    if first is not None and "day_end" in own and "day" in own and "month" not in fields:
        last = int(own["day_end"].rstrip("er "))
        if last < first.day and "month_end" in fields:  # du 31 au 1er mars: the end names the month
            end = calendar_day({**own, "day": own["day_end"]}, context)
            first = timex.add_days(end, -1)
    return _with_part(first, {"part": "nuit"})


@maker
def set(fields: Fields, options: Options, context: Context) -> Value | None:
    """A recurring time."""
    if "day" in fields:
        month_ = _month(fields)
        return Value(
            "SET", f"XXXX-{'XX' if month_ is None else f'{month_:02d}'}-{_day(fields):02d}"
        )
    for name in ("weekdays", "weekday"):
        if name in fields:
            return Value("SET", f"XXXX-WXX-{_WEEKDAYS.index(fields[name][:3]) + 1}")
    if "month_name" in fields:
        return Value("SET", f"XXXX-{_month(fields):02d}")
    if "season" in fields:
        return Value("SET", f"XXXX-{timex.SEASONS[fields['season']][0]}")
    if "part" in fields:
        return Value("SET", f"XXXX-XX-XXT{_PARTS[fields['part'][:2]]}")
    word = fields.get("unit") or fields.get("unit_time") or fields.get("unit_per", "")
    made = duration({"number": fields.get("number", "1"), "unit": word}, {}, context)
    return None if made is None else made._replace(type="SET")
