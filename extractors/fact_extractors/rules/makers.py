# ruff: noqa: ARG001 (all makers have one signature)
"""What the rules of ``dates.toml`` mean that name a place in the calendar: days, months, years, seasons.

One maker per ``make`` of the rules; their signature is :data:`~.fields.Maker`.
"""

from __future__ import annotations

import re
from datetime import date

from fact_extractors.rules import named_days, numbers, timex
from fact_extractors.rules.fields import (
    Fields,
    Options,
    calendar_day,
    day_number,
    maker,
    mod,
    month_number,
    prefixed,
    strictness,
    weekday_number,
    with_part,
    year_number,
)
from fact_extractors.rules.timex import Context, Value

_ORDINAL_ENDING = re.compile(r"[ \n]?(?:ieme|eme|er|e|ᵉ)$")
_ORDINALS = {"prem": 1, "1": 1, "deux": 2, "seco": 2, "2": 2, "troi": 3, "3": 3, "quat": 4, "4": 4}


@maker
def day(fields: Fields, options: Options, context: Context) -> Value | None:
    """A day by name and number."""
    number, month, year = day_number(fields), month_number(fields), year_number(fields, context)
    if number and month and timex.make_date(year or 2000, month, number) is None:
        return None
    return with_part(calendar_day(fields, context), fields)


@maker
def today(fields: Fields, options: Options, context: Context) -> Value | None:
    """So many ``days`` from the day of speaking."""
    return with_part(timex.add_days(context.reference, options["days"]), fields)


@maker
def anchored(fields: Fields, options: Options, context: Context) -> Value | None:
    """So many ``days`` from the last date of the text."""
    anchor = context.anchor_day or context.reference
    return with_part(timex.add_days(anchor, options["days"]), fields)


@maker
def named(fields: Fields, options: Options, context: Context) -> Value | None:
    """A public holiday or another named day."""
    name, year = fields["named"].replace("\n", " "), year_number(fields, context)
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
        found = timex.choose(days, context, strict=strictness(fields))
    if fields.get("part") == "nuit" and name in ("noel", "nouvel an"):
        shift -= 1  # a night is valued on its first day
    return with_part(timex.add_days(found, shift), fields)


@maker
def month(fields: Fields, options: Options, context: Context) -> Value | None:
    """A month of a year, or the one that fits the tense."""
    number, year, reference = month_number(fields), year_number(fields, context), context.reference
    assert number is not None
    if year is None and reference is not None:
        today = timex.make_date(reference.year, reference.month, 1)
        starts = [
            timex.make_date(y, number, 1) for y in range(reference.year - 1, reference.year + 2)
        ]
        chosen = timex.choose(starts, context._replace(reference=today), strict=strictness(fields))
        year = None if chosen is None else chosen.year
    value = None if year is None else timex.month_of(year, number)
    return Value("DATE", value, mod(fields))


@maker
def year(fields: Fields, options: Options, context: Context) -> Value | None:
    """A year."""
    number = year_number(fields, context)
    if number is None or not 1000 <= number < 2200:
        return None
    return Value("DATE", timex.year_of(number), mod(fields))


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
    return Value("DATE", f"{number // 10:03d}", mod(fields))


@maker
def century(fields: Fields, options: Options, context: Context) -> Value | None:
    """The century prefix: *XXe siècle* is 19, *IIe siècle av. J.-C.* BC01."""
    figure = fields.get("roman") or fields["nth"]
    figure = _ORDINAL_ENDING.sub("", figure)
    number = int(figure) if figure.isdigit() else numbers.roman().get(figure)
    if number is None:
        return None
    era = "BC" if "bc" in fields else ""
    return Value("DATE", f"{era}{number - 1:02d}", mod(fields))


@maker
def season(fields: Fields, options: Options, context: Context) -> Value | None:
    """A season; the winter bears the year it starts in."""
    code, first = timex.SEASONS[fields["season"]]
    year_given = year_number(fields, context)
    if year_given is None and context.reference is not None:
        reference = context.reference
        starts = [
            timex.make_date(y, first, 1) for y in range(reference.year - 2, reference.year + 2)
        ]
        strict = strictness(fields)
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
    return Value("DATE", value, mod(fields))


@maker
def back_to_school(fields: Fields, options: Options, context: Context) -> Value | None:
    """*la rentrée*: September."""
    return month({**fields, "month": "septembre"}, options, context)


@maker
def quarter(fields: Fields, options: Options, context: Context) -> Value | None:
    """A quarter (``months`` 3) or a half-year (``months`` 6)."""
    ordinal = fields["ordinal"]
    number: int | None = prefixed(_ORDINALS, ordinal[1:] if ordinal[1:].isdigit() else ordinal)
    if number is None or number > 12 // options["months"]:
        return None
    year_given = year_number(fields, context)
    if year_given is None and context.reference is not None:
        reference = context.reference
        start = (number - 1) * options["months"] + 1
        days = [timex.make_date(reference.year + y, start, 1) for y in (-1, 0, 1)]
        chosen = timex.choose(days, context, strict=strictness(fields), plausible=False)
        year_given = None if chosen is None else chosen.year
    letter = "Q" if options["months"] == 3 else "H"
    value = None if year_given is None else f"{year_given:04d}-{letter}{number}"
    return Value("DATE", value, mod(fields))


@maker
def nth_day(fields: Fields, options: Options, context: Context) -> Value | None:
    """*le dernier jour d'octobre*."""
    start = month(fields, options, context)
    if start is None or start.value is None:
        return start
    year_, month_ = int(start.value[:4]), int(start.value[5:7])
    number: int | None = prefixed(_ORDINALS, fields["ordinal"])
    if number is not None:
        return Value("DATE", timex.iso(timex.make_date(year_, month_, number)))
    following = timex.make_date(year_ + month_ // 12, month_ % 12 + 1, 1)
    return Value("DATE", timex.iso(timex.add_days(following, -1)))


@maker
def day_of_month(fields: Fields, options: Options, context: Context) -> Value | None:
    """*le 15 du mois prochain*."""
    number, reference = day_number(fields), context.reference
    if number is None or not fields["unit_one"].startswith("mois"):
        return None
    if reference is None:
        return Value("DATE", None)
    index = reference.year * 12 + reference.month - 1 + strictness(fields)
    return Value("DATE", timex.iso(timex.make_date(index // 12, index % 12 + 1, number)))


@maker
def weekday_of_week(fields: Fields, options: Options, context: Context) -> Value | None:
    """*mercredi de la semaine prochaine*."""
    number, reference = weekday_number(fields), context.reference
    if number is None or not fields["unit_one"].startswith("sem"):
        return None
    if reference is None:
        return Value("DATE", None)
    shift = 7 * strictness(fields) + number - reference.weekday()
    return Value("DATE", timex.iso(timex.add_days(reference, shift)))


@maker
def weekday_following(fields: Fields, options: Options, context: Context) -> Value | None:
    """*le mardi suivant*: the first one after the last day of the text."""
    number, day_ = weekday_number(fields), context.anchor_day or context.reference
    if number is None or day_ is None:
        return Value("DATE", None)
    return Value("DATE", timex.iso(timex.add_days(day_, (number - day_.weekday() - 1) % 7 + 1)))
