"""Reading the fields of a match: the month, the day, the year that its words name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeAlias

from fact_extractors.rules import numbers, timex
from fact_extractors.rules.timex import Context, Value

Fields: TypeAlias = Mapping[str, str]
Options: TypeAlias = Mapping[str, Any]
Maker: TypeAlias = Callable[[Fields, Options, Context], Value | None]
"""A meaning: from the fields (bare text by name), the options of the rule and the context to a value, or None
when the match is no temporal expression after all."""

MAKERS: dict[str, Maker] = {}
"""The makers by name; :mod:`.makers` and :mod:`.lengths` fill it."""

_MONTHS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
PARTS = {"ma": "MO", "au": "MO", "ap": "AF", "so": "EV", "nu": "NI", "mi": "MI"}
_EDGES = {"debut": "START", "fin": "END", "mi": "MID", "milieu": "MID", "courant": "MID"}
UNITS = {
    "jour": "D", "sema": "W", "mois": "M", "an": "Y", "ann": "Y", "dece": "DE", "sie": "CE", "trim": "Q",
    "heur": "TH", "h": "TH", "minu": "TM", "min": "TM", "mn": "TM", "seco": "TS", "s": "TS", "quin": "W",
    "mill": "ML", "seme": "H", "week": "WE",
}  # fmt: skip
_YEARS_BY = (
    (("suivant", "d'apres"), 1, True), (("precedent", "d'avant"), -1, True), (("meme", "-la"), 0, True),
    (("dernier", "derniere", "passe"), -1, False), (("prochain",), 1, False), (("",), 0, False),
)  # fmt: skip
"""*l'an dernier*, *l'année suivante*: how many years from the publication, or (True) from the last date."""
ORDINALS = {
    "premi": 1, "deux": 2, "seco": 2, "troi": 3, "quat": 4, "cinqui": 5, "dern": -1, "avant-dern": -2,
}  # fmt: skip
EVES = {"lendemain": 1, "surlendemain": 2, "veille": -1, "avant-veille": -2}
_DEICTIC = {"hier": -1, "avant-hier": -2, "aujourd'hui": 0, "demain": 1, "apres-demain": 2}


def maker(function: Maker) -> Maker:
    """Register a maker under its name."""
    MAKERS[function.__name__] = function
    return function


def prefixed(table: Mapping[str, Any], word: str) -> Any:
    """The entry of ``table`` under the longest prefix of ``word``."""
    return next((table[word[:n]] for n in range(len(word), 0, -1) if word[:n] in table), None)


def month_number(fields: Fields) -> int | None:
    """The number of the month."""
    if "mm" in fields:
        return int(fields["mm"])
    name = fields.get("month") or fields.get("month_name")
    return None if name is None else _month_named(name)


@cache
def _month_named(name: str) -> int:
    return next(i for i, m in enumerate(_MONTHS, 1) if name.startswith(m))


def day_number(fields: Fields) -> int | None:
    """The day of the month."""
    if "day_word" in fields:
        word = fields["day_word"]
        return (
            1 if word in ("premier", "premiers", "1ers") else int(numbers.value(word) or 0) or None
        )
    return int(fields["day"].rstrip("er ")) if "day" in fields else None


def ordinal_number(fields: Fields) -> int | None:
    """Which one *premier*, *3e* or *dernier* is; -1 for the last, -2 for the one before it."""
    word = fields["ordinal"]
    figures = re.match("t?([0-9]+)", word)
    return int(figures[1]) if figures else prefixed(ORDINALS, word)


def weekday_number(fields: Fields) -> int | None:
    """The weekday, Monday 0."""
    return WEEKDAYS.index(fields["weekday"][:3]) if "weekday" in fields else None


def year_number(fields: Fields, context: Context) -> int | None:
    """The year, in figures or in words; two figures are of this century or the last."""
    if "year" in fields:
        return int(fields["year"])
    if "year_word" in fields:
        return int(numbers.value(fields["year_word"]) or 0) or None
    if "year_short" in fields:
        short = int(fields["year_short"])
        pivot = context.reference.year % 100 + 10 if context.reference else 40
        return short + (2000 if short <= pivot else 1900)
    if "year_by" in fields and context.reference is not None:
        by, anchored = next(
            (by, anchored)
            for words, by, anchored in _YEARS_BY
            if any(word in fields["year_by"] for word in words)
        )
        known = context.anchor if anchored and context.anchor else str(context.reference.year)
        return int(known[:4]) + by if known[:4].isdigit() else None
    return None


def strictness(fields: Fields) -> int:
    """-1 for *dernier*, 1 for *prochain*, else 0."""
    return -1 if "last" in fields else 1 if "next" in fields else 0


def mod(fields: Fields) -> str | None:
    """The TIMEX3 ``mod`` of *début*, *mi-*, *fin*."""
    return _EDGES.get(fields.get("edge", ""))


def _last_on(weekday: int, month: int, day: int, reference: date) -> date | None:
    """The last such day that fell on the weekday; the calendar comes round in eleven years, but for leap days.

    A weekday that contradicts the years beside the publication belongs to a text that is older than it says.
    """
    years = range(reference.year - 1, reference.year - 12, -1)
    days = (timex.make_date(year, month, day) for year in years)
    return next((d for d in days if d is not None and d.weekday() == weekday), None)


def calendar_day(fields: Fields, context: Context) -> date | None:
    """The day that weekday, day, month and year (whichever are there) name."""
    reference = context.reference
    day, month, year, weekday = (
        day_number(fields),
        month_number(fields),
        year_number(fields, context),
        weekday_number(fields),
    )
    if "deictic" in fields:
        return timex.add_days(reference, _DEICTIC[fields["deictic"]])
    if "this" in fields:
        return reference
    if day is None and "eve" in fields:
        return timex.add_days(context.anchor_day or reference, EVES[fields["eve"]])
    if day is None:
        return (
            timex.weekday(weekday, context, strict=strictness(fields))
            if weekday is not None
            else None
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
            return timex.choose(on_weekday, context.in_tense(None), strict=strictness(fields))
        if month is not None:
            return _last_on(weekday, month, day, reference) or timex.choose(days, context)
    return timex.choose(days, context, strict=strictness(fields))


def with_part(day: date | None, fields: Fields) -> Value:
    """The value of a day with the part of day the fields name."""
    value = timex.iso(day)
    part = PARTS.get(fields.get("part", "")[:2])
    if value is not None and part is not None:
        value += f"T{part}"
    return Value("DATE", value, mod(fields))
