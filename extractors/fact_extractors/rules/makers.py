# ruff: noqa: ARG001 (all makers have one signature)
"""Makes values of places in the calendar, for the rules of ``dates.toml``: days, months, years, seasons.

One maker per ``make`` of the rules; their signature is :data:`~.fields.Maker`.
"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from fact_extractors.rules import named_days, numbers, timex
from fact_extractors.rules.fields import (
    EVES,
    WEEKDAYS,
    Fields,
    Options,
    calendar_day,
    day_number,
    maker,
    mod,
    month_number,
    ordinal_number,
    strictness,
    weekday_number,
    with_part,
    year_number,
)
from fact_extractors.rules.timex import Context, Value


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
    shift = EVES.get(fields.get("eve", ""), 0)
    if fields.get("part") == "nuit" and name in ("noel", "nouvel an"):
        shift -= 1  # a night is valued on its first day
    if year is not None:
        found = timex.add_days(named_days.day(name, year), shift)
    elif context.reference is None:
        found = None
    else:
        years = range(context.reference.year - 1, context.reference.year + 2)
        days = [timex.add_days(named_days.day(name, y), shift) for y in years]
        found = timex.choose(days, context, strict=strictness(fields), plausible=shift == 0)
    return with_part(found, fields)


@maker
def eve_of_day(fields: Fields, options: Options, context: Context) -> Value | None:
    """*le lendemain du 13 février*."""
    found = calendar_day(fields, context)
    return with_part(timex.add_days(found, EVES[fields["eve"]]), fields)


@maker
def month(fields: Fields, options: Options, context: Context) -> Value | None:
    """A month of a year, or the one that fits the tense."""
    number, year, reference = month_number(fields), year_number(fields, context), context.reference
    assert number is not None
    if year is None and not strictness(fields):
        year = context.year
    if year is None and reference is not None:
        today = timex.make_date(reference.year, reference.month, 1)
        starts = [
            timex.make_date(y, number, 1) for y in range(reference.year - 1, reference.year + 2)
        ]
        chosen = timex.choose(starts, replace(context, reference=today), strict=strictness(fields))
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


def _roman(figure: str) -> int | None:
    """The value of a Roman ordinal: the *i* of *XIIIème* is one of the figure, that of *XIIieme* is not."""
    known = numbers.roman()
    readings = (figure.removesuffix(ending).rstrip() for ending in ("eme", "ieme", "er", "e"))
    return next((known[reading] for reading in readings if reading in known), None)


@maker
def century(fields: Fields, options: Options, context: Context) -> Value | None:
    """The century prefix: *XXe siècle* is 19, *IIe siècle av. J.-C.* BC01."""
    if "nth" in fields:
        number = ordinal_number({"ordinal": fields["nth"]})
    elif "nth_word" in fields:
        number = numbers.ordinal(fields["nth_word"])
    else:
        number = _roman(fields["roman"])
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
    per_year = 12 // options["months"]
    number = ordinal_number(fields)
    if number is None or number > per_year:
        return None
    number = number if number > 0 else per_year + 1 + number
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


def _month_meant(fields: Fields, context: Context) -> tuple[int, int] | None:
    """Year and month of *d'octobre 2015*, *du mois prochain*."""
    if "month" in fields:
        start = month(fields, {}, context)
        value = None if start is None else start.value
        return None if value is None else (int(value[:4]), int(value[5:7]))
    if context.reference is None:
        return None
    index = context.reference.year * 12 + context.reference.month - 1 + strictness(fields)
    return index // 12, index % 12 + 1


@maker
def nth_day(fields: Fields, options: Options, context: Context) -> Value | None:
    """*le dernier jour d'octobre*, *le premier dimanche du mois prochain*, *la deuxième semaine de mai*.

    A week belongs to the month of its Thursday, as in ISO 8601, a week-end to that of its Saturday. Without
    a verb that tells a time, *le premier lundi du mois* comes back each month.
    """
    number, weekday = ordinal_number(fields), weekday_number(fields)
    found = _month_meant(fields, context)
    if (
        "month" not in fields
        and not strictness(fields)
        and context.told().tense not in ("past", "future")
    ):
        return Value("SET", "P1M") if weekday is not None else Value("DATE", None)
    if number is None or found is None:
        return Value("DATE", None)
    unit = fields.get("unit_one", "")
    if unit:
        weekday = 3 if unit.startswith("sem") else 5
    first = timex.make_date(*found, 1)
    days = [timex.add_days(first, n) for n in range(31)]
    days = [d for d in days if d is not None and d.month == found[1]]
    if weekday is not None:
        days = [d for d in days if d is not None and d.weekday() == weekday]
    place = number - 1 if number > 0 else number
    if not -len(days) <= place < len(days):
        return None
    if unit:
        return Value("DATE", timex.week(days[place], unit.startswith("week")))
    return with_part(days[place], fields)


@maker
def day_of_month(fields: Fields, options: Options, context: Context) -> Value | None:
    """*le 15 du mois prochain*."""
    number, reference = day_number(fields), context.reference
    if number is None or not fields.get("unit_one", "mois").startswith("mois"):
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
    by, base = strictness(fields), reference
    if "after" in fields or "before" in fields:
        by, base = (1 if "after" in fields else -1), context.anchor_day or reference
    if base is None:
        return Value("DATE", None)
    return with_part(timex.add_days(base, 7 * by + number - base.weekday()), fields)


@maker
def weekday_in_weeks(fields: Fields, options: Options, context: Context) -> Value | None:
    """*lundi en huit*, *lundi en quinze*: the next Monday, and one or two weeks more."""
    weeks = 1 if fields["weeks"] == "huit" else 2
    ahead = context.in_tense("future")
    day_ = calendar_day(fields, ahead)
    return Value("DATE", timex.iso(timex.add_days(day_, 7 * weeks)))


@maker
def weekdays_away(fields: Fields, options: Options, context: Context) -> Value | None:
    """*deux dimanches plus tard*: the second one after the last day of the text."""
    number, day_ = numbers.value(fields["number"]), context.reference
    if options.get("anchored"):
        day_ = context.anchor_day or day_
    if day_ is None or number is None or not 1 <= number < 1000:
        return Value("DATE", None)
    weekday, weeks = WEEKDAYS.index(fields["weekdays"][:3]), int(number) - 1
    if options["sign"] > 0:
        return Value(
            "DATE",
            timex.iso(timex.add_days(day_, (weekday - day_.weekday() - 1) % 7 + 1 + 7 * weeks)),
        )
    return Value(
        "DATE",
        timex.iso(timex.add_days(day_, -((day_.weekday() - weekday - 1) % 7 + 1 + 7 * weeks))),
    )


@maker
def weekday_following(fields: Fields, options: Options, context: Context) -> Value | None:
    """*le mardi suivant*: the first one after the last day of the text."""
    number, day_ = weekday_number(fields), context.anchor_day or context.reference
    if number is None or day_ is None:
        return Value("DATE", None)
    return Value("DATE", timex.iso(timex.add_days(day_, (number - day_.weekday() - 1) % 7 + 1)))
