"""Calendar arithmetic on TIMEX3 values: which day *mardi*, *12 mars* or *il y a deux mois* is.

Values follow TIMEX3 (ISO-TimeML, Pustejovsky et al. 2010) as the annotation guidelines narrow it. Every
function returns None where the calendar ends (years 1 and 9999) or where the date does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from fact_extractors.rules.tense import Tense, Told, told_nothing
from factharness.facts import DateType

_IMPLAUSIBLE, _NEAR = 240, 75
"""In days: when the date that the tense asks for is further off than the first number, and the one that it
speaks against nearer than the second, an unsure tense is not believed."""

SEASONS = {"printemps": ("SP", 3), "ete": ("SU", 6), "automne": ("FA", 9), "hiver": ("WI", 12)}
"""Code and first month of the seasons."""


class Value(Struct, frozen=True, gc=False):
    """What a temporal expression means: TIMEX3 ``type``, ``value`` (None: unresolved) and ``mod``."""

    type: DateType
    value: str | None
    mod: str | None = None


class Context(Struct, frozen=True, gc=False):
    """What decides the meaning of an expression besides its words.

    ``reference``
        the day of publication; None leaves relative dates unresolved.
    ``told``
        finds the tense of the clause, which few expressions need.
    ``anchor``, ``anchor_day``
        the value of the last date of the text, and the last day, for *deux ans plus tard*, *le lendemain*.
    ``day``
        the day a clock time or a part of day takes.
    ``night``
        whether that day is the first of a night between two.
    ``year``
        the year that stands before a month: *l'an dernier, en mai*.
    """

    reference: date | None
    told: Callable[[], Told] = told_nothing
    anchor: str | None = None
    anchor_day: date | None = None
    day: date | None = None
    night: bool = False
    year: int | None = None

    def in_tense(self, tense: Tense | None) -> Context:
        """The same context in a clause of another tense."""
        return replace(self, told=lambda: replace(self.told(), tense=tense))


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_days(day: date | None, days: int) -> date | None:
    """``day`` moved by ``days``."""
    try:
        return None if day is None else day + timedelta(days=days)
    except OverflowError:
        return None


def iso(day: date | None) -> str | None:
    """``2024-03-05``."""
    return None if day is None else day.isoformat()


def week(day: date | None, weekend: bool = False) -> str | None:
    """``2024-W10``, or ``2024-W10-WE``."""
    if day is None:
        return None
    year, number, _ = day.isocalendar()
    return f"{year:04d}-W{number:02d}" + ("-WE" if weekend else "")


def month_of(year: int, month: int) -> str | None:
    """``2024-03`` of a month that may lie outside 1..12, counted from January of ``year``."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return f"{year:04d}-{month:02d}" if 1 <= year <= 9999 else None


def year_of(year: int) -> str | None:
    """``2024``."""
    return f"{year:04d}" if 0 < year <= 9999 else None


def parse(value: str | None) -> date | None:
    """The day that a value of day granularity (or finer) names; None for any other value."""
    if value is None or len(value) < 10:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def choose(
    days: Iterable[date | None], context: Context, *, strict: int = 0, plausible: bool = True
) -> date | None:
    """The candidate day that fits the tense; the nearest one when the tense is not known.

    ``strict`` is -1 for *dernier* (before the reference), 1 for *prochain* (after it). With ``plausible`` a
    tense that is not sure is not believed when it asks for a day most of a year away and the other one is
    near.
    """
    reference = context.reference
    if reference is None:
        return None
    known = [day for day in days if day is not None]
    last = max((day for day in known if day <= reference), default=None)
    next_ = min((day for day in known if day >= reference), default=None)
    if strict < 0:
        return max((day for day in known if day < reference), default=None)
    if strict > 0:
        return min((day for day in known if day > reference), default=None)
    if last is None or next_ is None:
        return last or next_
    doubtful = plausible and not context.told().sure
    back, ahead = (reference - last).days, (next_ - reference).days
    if context.told().tense == "past":
        return next_ if doubtful and back > _IMPLAUSIBLE and ahead < _NEAR else last
    if context.told().tense == "future":
        return last if doubtful and ahead > _IMPLAUSIBLE and back < _NEAR else next_
    return last if back <= ahead else next_


def weekday(number: int, context: Context, *, strict: int = 0) -> date | None:
    """The day of the week ``number`` (Monday 0): the last one, the publication day included, unless the future
    or *prochain* asks for the next one."""
    reference = context.reference
    if reference is None:
        return None
    back = (reference.weekday() - number) % 7
    if strict > 0 or (not strict and context.told().tense == "future"):
        return add_days(reference, 7 - back)
    if not strict and context.told().tense == "scheduled":
        return add_days(reference, (7 - back) % 7)
    return add_days(reference, -(back or 7) if strict < 0 else -back)
