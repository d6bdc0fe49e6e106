"""Reads typed forms of a day or something longer: ``-3``, ``+1s``, ``lun``, ``12/3``, ``mars 19``, ``21e``."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

from msgspec import Struct

from factharness.errors import GoldError
from factharness.facts import DateType
from factharness.gold import nearest
from factharness.gold import short_forms as forms
from factharness.gold.calendar_words import day_of
from factharness.gold.nearest import Tense
from factharness.gold.timex import MONTHS, WEEKDAYS


class FormContext(Struct, frozen=True):
    """What a form is read with: the publication; the type of the date, its plain words, the day around them."""

    published: date
    moment: datetime | None
    type: DateType | None
    words: str
    day: date | None

    @property
    def comes_back(self) -> bool:
        """Whether the date is a SET: a part that is not typed is then unknown (X), and not the nearest one."""
        return self.type == "SET"


def day_or_longer(text: str, context: FormContext) -> str | None:
    """The value of a plain form; None when it is none of these.

    Raises ``GoldError`` for a day that the calendar has not.
    """
    for read in (_tense_alone, _offset, _figures, _weekday_and_day, _by_name, _other):
        if value := read(text, context):
            return value
    return None


def day_of_words(context: FormContext, tense: Tense) -> date | None:
    """The day that the words of the date name: « lundi », « 5 mars », « hier »."""
    found = forms.DAY_IN_WORDS.search(context.words)
    if not found:
        return None
    if found["weekday"]:
        return nearest.weekday(WEEKDAYS.index(found["weekday"]), context.published, tense)
    if found["deictic"]:
        return nearest.moved(context.published, forms.DAYS_FROM_NOW[found["deictic"]])
    return _dated(
        int(found["number"]), int(forms.NAMES[found["month"]][1]), found["year"], context, tense
    )


def _tense_alone(text: str, context: FormContext) -> str | None:
    if text not in ("+", "-"):
        return None
    day = day_of_words(context, cast(Tense, text))
    if day is None:
        raise GoldError(
            f"{text}: the words name no weekday and no day", remedy=f"type {text}lun or {text}12/3"
        )
    return day.isoformat()


def _offset(text: str, context: FormContext) -> str | None:
    """So many units from the publication; the value is as coarse as the unit."""
    if text in forms.DAYS_FROM_NOW:
        text = f"{forms.DAYS_FROM_NOW[text]:+}"
    found = forms.OFFSET.fullmatch(text)
    if not found:
        return None
    number = int(found["sign"] + (found["number"] or "1")) if found["sign"] else 0
    unit = found["unit"] or found["own"] or "j"
    if unit == "we" and not found["number"]:
        return nearest.weekend(context.published, cast(Tense, found["sign"]))
    try:
        return _moved(number, unit, context)
    except (OverflowError, ValueError):
        raise GoldError(f"{text} is beyond the calendar", remedy="type the whole value") from None


def _moved(number: int, unit: str, context: FormContext) -> str:
    own = context.published
    if unit in ("h", "min"):
        if context.moment is None:
            raise GoldError("the publication has no hour", remedy="type the hour: 9h30, 0 9h30")
        minutes = number * (60 if unit == "h" else 1)
        return (context.moment + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")
    if unit == "j":
        return (own + timedelta(number)).isoformat()
    if unit in ("s", "we"):
        year, week, _ = (own + timedelta(weeks=number)).isocalendar()
        return f"{year:04}-W{week:02}{'-WE' if unit == 'we' else ''}"
    months = {"m": 1, "t": 3, "a": 12}[unit]
    year, period = divmod((own.year * 12 + own.month - 1) // months + number, 12 // months)
    if not 0 < year < 10_000:
        raise ValueError(f"no year {year}")
    return f"{year:04}" + {"m": f"-{period + 1:02}", "t": f"-Q{period + 1}", "a": ""}[unit]


def _figures(text: str, context: FormContext) -> str | None:
    """``12``, ``12/3``, ``12/3/19``, ``3/2019``."""
    if forms.NUMBER.fullmatch(text) and not _is_long(context.words):
        if context.comes_back:
            return f"XXXX-XX-{int(text):02}"
        day = nearest.day_of_month(int(text), context.published)
        if day is None:
            raise GoldError(
                f"no month has a day {text}", remedy="type 12 or 12/3; a year has four digits"
            )
        return day.isoformat()
    if found := forms.MONTH_AND_YEAR.fullmatch(text):
        return f"{found['year']}-{int(found['month']):02}"
    found = forms.IN_FIGURES.fullmatch(text)
    if not found:
        return None
    tense = cast(Tense, found["tense"] or "")
    return _named_day(int(found["day"]), int(found["month"]), found["year"], context, tense)


def _is_long(words: str) -> bool:
    """Whether words are those of a century or a millennium, whose values are one or two figures."""
    return "siecle" in words or "millenaire" in words


def _named_day(day: int, month: int, year: str | None, context: FormContext, tense: Tense) -> str:
    exact = _dated(day, month, year, context, tense)
    if context.comes_back and not year:
        return f"XXXX-{month:02}-{day:02}"
    return exact.isoformat()


def _dated(day: int, month: int, year: str | None, context: FormContext, tense: Tense) -> date:
    """The day with this number in this month: of ``year``, else of the year that the tense means."""
    if not 1 <= month <= 12:
        raise GoldError(f"there is no month {month}", remedy="type the day first, as in 25/12")
    if year:
        found = nearest.real_day(nearest.full_year(year, context.published), month, day)
    else:
        found = nearest.day_of_year(day, month, context.published, tense)
    if found is None:
        name = f"{MONTHS[month - 1]} {year}" if year else MONTHS[month - 1]
        raise GoldError(f"there is no {day} {name}", remedy="type another day, as in 12/3")
    return found


def _weekday_and_day(text: str, context: FormContext) -> str | None:
    """``lun 12/3``, of which the weekday is compared with the day."""
    found = forms.WEEKDAY_AND_DAY.fullmatch(text)
    names = forms.named(found["weekday"]) if found else []
    if not found or len(names) != 1 or names[0] not in WEEKDAYS:
        return None
    value = _figures(found["day"], context) or _by_name(found["day"], context)
    day = None if value is None else day_of(value)
    if day is None:
        return None
    weekday = WEEKDAYS[day.weekday()]
    if weekday != names[0]:
        raise GoldError(
            f"{value} is a {weekday}, not a {names[0]}", remedy=f"type {weekday[:3]} or another day"
        )
    return value


def _by_name(text: str, context: FormContext) -> str | None:
    """``lun``, ``-lun``, ``mars``, ``mars 19``, ``5 mars 2019``, ``ete``; three letters are enough."""
    found = forms.NAMED.fullmatch(text)
    names = forms.named(found["name"]) if found else []
    if not found or not names:
        return None
    if len(names) > 1:
        raise GoldError(f"{text!r} may be {' or '.join(names)}", remedy="type one letter more")
    kind, code = forms.NAMES[names[0]]
    tense, day, year = cast(Tense, found["tense"] or ""), found["day"], found["year"]
    if kind == "month" and day:
        return _named_day(int(day), int(code), year, context, tense)
    if day or (kind == "weekday" and year):
        return None
    if context.comes_back and not year:
        return f"XXXX-WXX-{int(code) + 1}" if kind == "weekday" else f"XXXX-{code.zfill(2)}"
    if kind == "weekday":
        return nearest.weekday(int(code), context.published, tense).isoformat()
    if year:
        return f"{nearest.full_year(year, context.published):04}-{code.zfill(2)}"
    if kind == "month":
        return nearest.month_of_year(int(code), context.published, tense)
    return nearest.season(code, context.published, tense)


def _other(text: str, context: FormContext) -> str | None:
    """``we``, ``q3`` and other ends of values in their year, ``21e`` (century), ``500 av`` (before our era)."""
    if text == "we":
        return "XXXX-WXX-WE" if context.comes_back else nearest.weekend(context.published)
    if forms.IN_OWN_YEAR.fullmatch(text):
        return f"{'XXXX' if context.comes_back else f'{context.published.year:04}'}-{text.upper()}"
    if found := forms.CENTURY.fullmatch(text):
        return (
            f"{'BC' if found['before'] else ''}{int(found['number']) - 1:02}"
            if int(found["number"])
            else None
        )
    if found := forms.BEFORE_OUR_ERA.fullmatch(text):
        return f"BC{int(found['year']):04}"
    return None
