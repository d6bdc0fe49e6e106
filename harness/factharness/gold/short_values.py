"""Reads what a labeller types for the value of a date as a TIMEX3 value: ``-3``, ``2 ans``.

The table of forms is in docs/gold-format.md. A whole TIMEX3 value stands for itself; the few that look like a
short form (``20``, the century) need ``=`` before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from factharness.errors import GoldError
from factharness.facts import DATE_TYPES, DateType
from factharness.gold import short_forms as forms
from factharness.gold.calendar_words import SEASONS, day_of
from factharness.gold.distances import units_from
from factharness.gold.short_days import FormContext, day_of_words, day_or_longer
from factharness.gold.timex import MONTHS, WEEKDAYS, malformed

_OF_A_DATE = "type 0, -3, +1s, lun, 12/3, 12/3/19, mars, mars 19, 2019, 9h30, lun 9h30, 2 ans, or a whole value"
_OF_A_LENGTH = (
    "type 2 ans, 3s (weeks), 6m (months), 20min, 1h30, x ans (some), or a whole value: P2Y"
)
_OFFSET_UNITS = {"D": "", "W": "s", "M": "m", "Q": "t", "Y": "a"}


class Expanded(Struct, frozen=True):
    """The type and the TIMEX3 value that a typed form stands for."""

    type: DateType
    value: str


def expand(
    typed: str,
    published: date,
    *,
    type: DateType | None = None,
    words: str = "",
    day: date | None = None,
) -> Expanded:
    """The type and the value of a typed form.

    ``published`` is the day or moment of publication. ``type`` is what the date is labelled with so far: for a
    SET, ``lun`` is every Monday; for a DURATION, ``2h`` is a length. The result has another type where the
    value demands it. ``words`` are those of the date: a form that says a day only takes their clock time or
    part of the day; a clock time only takes their day; ``+`` and ``-`` alone are the next and the last of the
    day that they name. ``day`` is the day that the text around the date tells of, for words that name
    no day.

    Raises ``GoldError`` when the form cannot be read; its remedy says what can be.
    """
    moment = published if isinstance(published, datetime) else None
    own_day = published.date() if isinstance(published, datetime) else published
    context = FormContext(own_day, moment, type, forms.plain(words), day)
    ends = [_value(end.strip(), context) for end in typed.split("..")]
    value = "/".join(ends)
    if len(ends) > 2 or (len(ends) == 2 and not _fitting(value)):
        raise GoldError(f"{typed!r} is no range of two dates", remedy="type 15/6..17/6")
    fitting = _fitting(value)
    if not fitting:
        raise GoldError(str(malformed(type or "DATE", value)), remedy=_OF_A_DATE)
    # A part of a day would be well formed as a TIME too; by D5 it is a DATE.
    part_of_day = type == "TIME" and "DATE" in fitting and not typed.strip().startswith("=")
    return Expanded(type if type in fitting and not part_of_day else fitting[0], value)


def shortest(type: DateType, value: str, published: date, words: str = "") -> str:
    """The shortest form of which ``expand`` makes this type and well-formed value, with these words."""
    wanted = Expanded(type, value)
    forms_of_it = sorted(_forms(type, value, published), key=len)
    return next(form for form in forms_of_it if _expands_to(form, wanted, published, words))


def _fitting(value: str) -> list[DateType]:
    """The types for which a value is well formed."""
    return [kind for kind in DATE_TYPES if malformed(kind, value) is None]


def _value(typed: str, context: FormContext) -> str:
    text = forms.plain(typed)
    if text.startswith("="):
        return typed[1:].strip().upper()
    if text in forms.REFERENCE_KEYS:
        return forms.REFERENCE_KEYS[text]
    of_a_length = context.type == "DURATION"
    if of_a_length and text.isdigit() and len(text) < 4:
        raise GoldError(f"{typed}: of what?", remedy=_OF_A_LENGTH)
    if value := _length(text, context) or _day_and_clock(text, context):
        return value
    if value := day_or_longer(text, context):
        return _with_hour_of_words(value, context)
    if _fitting(typed.upper()):
        return typed.upper()
    if re.match(r"[0-9x]{4}-|[tp][0-9]", text):
        raise GoldError(str(malformed(context.type or "DATE", typed.upper())), remedy=_OF_A_DATE)
    raise GoldError(
        f"{typed!r} is no {'length of time' if of_a_length else 'date'}",
        remedy=_OF_A_LENGTH if of_a_length else _OF_A_DATE,
    )


def _length(text: str, context: FormContext) -> str | None:
    """``2 ans``, ``2a 6m``, ``1h30``, ``x ans``; of a SET a unit alone too, as ``s`` for every week."""
    if forms.OFFSET.fullmatch(text):
        return None
    if context.type != "DURATION" and forms.CLOCK_IN_WORDS.fullmatch(text):
        return None
    if context.comes_back and text in forms.UNITS and len(text) == 1:
        text = f"1{text}"
    if pair := forms.TWO_CLOCK_UNITS.fullmatch(text):
        larger, smaller = ("H", "M") if pair["unit"] == "h" else ("M", "S")
        return f"PT{int(pair['number'])}{larger}{int(pair['rest'])}{smaller}"
    longer = shorter = ""
    at = 0
    while at < len(text):
        found = forms.AMOUNT.match(text, at)
        if not found:
            return None
        number = "X" if found["number"] in ("x", "quelques") else found["number"].replace(",", ".")
        if found["unit"] in forms.UNITS:
            longer += number + forms.UNITS[found["unit"]]
        else:
            shorter += number + forms.CLOCK_UNITS[found["unit"]]
        at = found.end()
    return f"P{longer}{'T' if shorter else ''}{shorter}" if at else None


def _day_and_clock(text: str, context: FormContext) -> str | None:
    """``lun 9h30``, ``12/3 soir``, ``9h30``."""
    found = forms.DAY_AND_CLOCK.fullmatch(text)
    if not found:
        return None
    ending = _ending(found.groupdict())
    if found["day"]:
        day = day_or_longer(found["day"], context)
        if day is None or malformed("TIME", f"{day}T09:00"):
            raise GoldError(
                f"{found['day']!r} is no day", remedy="type lun 9h30, 12/3 9h30, 0 9h30 or -1 soir"
            )
        return day + ending
    if context.comes_back:
        return f"XXXX-XX-XX{ending}" if found["part"] else ending
    known = day_of_words(context, "") or context.day
    if known is None and found["part"]:
        raise GoldError(
            f"{text}: of which day?", remedy=f"type 0 {text}, lun {text} or 12/3 {text}"
        )
    return f"{known or ''}{ending}"


def _ending(found: dict[str, str | None]) -> str:
    """The clock time or part of a day that was matched, as a value ends: ``T09:30``, ``TEV``."""
    if part := found.get("part"):
        return f"T{forms.PARTS[part]}"
    if name := found.get("named"):
        return "T24:00" if name == "minuit" else "T12:00"
    second = f":{found['second']}" if found["second"] else ""
    ending = f"T{int(found['hour'] or 0):02}:{found['minute'] or '00'}{second}"
    if wrong := malformed("TIME", ending):
        raise GoldError(wrong, remedy="hours go to 24, minutes to 59")
    return ending


def _with_hour_of_words(value: str, context: FormContext) -> str:
    """The value of a day with the clock time or part of the day that its words say (« mardi matin »)."""
    if day_of(value) is None or "T" in value:
        return value
    found = forms.CLOCK_IN_WORDS.search(context.words) or forms.PART_IN_WORDS.search(context.words)
    return value + _ending(found.groupdict()) if found else value


def _expands_to(form: str, wanted: Expanded, published: date, words: str) -> bool:
    try:
        return expand(form, published, type=wanted.type, words=words) == wanted
    except GoldError:
        return False


def _forms(type: DateType, value: str, published: date) -> Iterator[str]:
    """Forms that may stand for a value, the clearest first."""
    yield from (value, f"={value}")
    yield from (key for key, reference in forms.REFERENCE_KEYS.items() if reference == value)
    first, slash, last = value.partition("/")
    if slash:
        yield f"{shortest(type, first, published)}..{shortest(type, last, published)}"
    elif value.startswith("P"):
        yield from _of_a_length(value)
    else:
        day, _, ending = value.partition("T")
        endings = list(_of_an_hour(ending)) if ending else [""]
        days = [*_of_a_day(day, published)] if day else [""]
        yield from (f"{one} {hour}".strip() for hour in endings for one in days)


def _of_a_length(value: str) -> Iterator[str]:
    longer, _, shorter = value[1:].partition("T")
    said = []
    for part, units in ((longer, forms.UNITS), (shorter, forms.CLOCK_UNITS)):
        words = {code: word for word, code in reversed(units.items())}
        for number, code in re.findall(
            r"([0-9.]+|X)(DE|CE|ML|WE|SP|SU|FA|WI|MO|AF|EV|NI|[A-Z])", part
        ):
            said.append(f"{number.lower()}{words.get(code, '?')}")
    yield "".join(said)
    yield "".join(said).removeprefix("1")
    yield "".join(said).removesuffix("min")


def _of_an_hour(ending: str) -> Iterator[str]:
    hour, _, minute = ending.partition(":")
    yield from (word for word, code in reversed(forms.PARTS.items()) if code == ending)
    if hour.isdigit():
        yield f"{int(hour)}h{minute if minute != '00' else ''}"


def _names(value: str, month: str) -> list[str]:
    """The weekday, the month, the season or the week-end that a value is called by."""
    day = day_of(value)
    if day is not None:
        return [WEEKDAYS[day.weekday()]]
    if value.startswith("XXXX-WXX-") and value[-1].isdigit():
        return [WEEKDAYS[int(value[-1]) - 1]]
    if value.endswith("-WE"):
        return ["we"]
    if month.isdigit():
        return [MONTHS[int(month) - 1]]
    return [SEASONS[month]] if month in SEASONS else []


def _of_a_day(value: str, published: date) -> Iterator[str]:
    year, _, rest = value.partition("-")
    month, _, number = rest.partition("-")
    names = [forms.shortest_name(name) for name in _names(value, month)]
    yield from (sign + name for name in names for sign in ("", "-", "+"))
    yield from (f"{name} {year[2:]}" for name in names)
    own = published.date() if isinstance(published, datetime) else published
    if units := units_from(value, own):
        unit = "we" if value.endswith("WE") else _OFFSET_UNITS.get(units[0], "?")
        yield f"{units[1]:+}{unit}" if units[1] else f"0{unit}"
    yield rest.lower()
    if month.isdigit() and number.isdigit():
        figures = f"{int(number)}/{int(month)}"
        yield from (number.lstrip("0"), figures, f"-{figures}", f"+{figures}")
        yield from (f"{figures}/{year[2:]}", f"{figures}/{year}")
    yield number.lstrip("0")
    digits = year.removeprefix("BC")
    if digits.isdigit() and len(digits) == 2:
        yield f"{int(digits) + 1}e{' av' if year != digits else ''}"
    elif year != digits and digits.isdigit():
        yield f"{int(digits)} av"
