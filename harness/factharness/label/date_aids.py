"""For each time expression of an article: its extent, its type, and what it may mean, the likeliest first.

Extents and first candidates are those of the rules back end, corrected where the guidelines want them
otherwise; what it does not find is found by patterns (:mod:`factharness.label.date_patterns`). A weekday, a day
or month without a year, and a season are offered in both tenses, as past and as future; clock times, parts of a
day, *veille* and *lendemain* on the days that the text named last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from msgspec import Struct

from factharness.backends import registry
from factharness.facts import Article, Date, DateType, Span
from factharness.gold import nearest
from factharness.gold.calendar_words import SEASONS, day_of
from factharness.gold.nearest import Tense
from factharness.gold.readings import reading
from factharness.gold.short_forms import PART_IN_WORDS, PARTS, plain
from factharness.gold.timex import MONTHS, REFERENCES, WEEKDAYS, malformed
from factharness.label.date_mods import mod_of
from factharness.label.date_patterns import unseen
from factharness.text import fold

T = TypeVar("T")

MOST = 9
"""The most candidates of a date: they are chosen by the keys 1 to 9."""

_TENSES: tuple[Tense, ...] = ("", "-", "+")
_LAST = 3
_EVE_OF = re.compile(r" (?:de |du |des |d')(?:la |l')?")
_AT = re.compile(r",? (?:à |vers )?")
_RECURS = re.compile(r"(?<!\w)aux $")
_VAGUE = {"aujourd'hui": "PRESENT_REF", "demain": "FUTURE_REF", "hier": "PAST_REF"}
_BESIDE = {
    "avant-hier": -2,
    "hier": -1,
    "veille": -1,
    "demain": 1,
    "lendemain": 1,
    "surlendemain": 2,
}


def _word(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)")


_DAY_AND_MONTH = _word(
    rf"(?P<day>[0-9]{{1,2}})(?:er)? (?P<month>{'|'.join(MONTHS)})(?! [0-9]{{4}})"
)
_WEEKDAY = _word("|".join(WEEKDAYS))
_MONTH = _word("|".join(MONTHS))
_MID_MONTH = re.compile("mi-(?=[a-zéû])")
_SEASON = _word("|".join(SEASONS.values()))
_NEAR_A_DAY = _word("|".join(_BESIDE))


class DateCandidate(Struct, frozen=True):
    """What a date expression may mean, and its reading; the value is None where nothing is known."""

    type: DateType
    value: str | None
    reading: str | None = None
    mod: str | None = None
    quant: str | None = None
    freq: str | None = None


class DateAid(Struct, frozen=True):
    """A date expression and what it may mean; the first candidate is proposed."""

    span: Span
    type: DateType
    candidates: tuple[DateCandidate, ...]


class _Named(NamedTuple):
    """What the text has named so far, the last first: days, and the years of its dates."""

    days: tuple[date, ...] = ()
    years: tuple[int, ...] = ()

    def then(self, value: str | None) -> _Named:
        """A copy that has the day and the year of ``value`` as well, as the last ones."""
        day = day_of(value or "")
        days = self.days if day is None else _first(day, self.days)
        year = re.match(r"[0-9]{4}(?![0-9])", value or "")
        return _Named(
            days, _first(int(year[0]), self.years) if year and int(year[0]) else self.years
        )


def _first(one: T, others: tuple[T, ...]) -> tuple[T, ...]:
    return (one, *(other for other in others if other != one))[:_LAST]


def date_aids(article: Article, found: Iterable[Date]) -> list[DateAid]:
    """The date aids of an article, in its order; ``found`` are the dates that the rules find in it."""
    text, published = article.text, article.published
    own_day = published.date() if isinstance(published, datetime) else published
    dates = _as_one(text, sorted(found, key=lambda one: one.span))
    dates += unseen(text, published, [one.span for one in dates])
    aids, named = [], _Named()
    for one in sorted(dates, key=lambda one: one.span):
        meant = [(one.type, one.value)] if one.value else []
        if own_day is not None:
            meant += _meanings(one, one.span.of(text), own_day, named)
        kept = [meaning for meaning in dict.fromkeys(meant) if not malformed(*meaning)][:MOST]
        candidates = tuple(_candidate(text, one.span, published, *meaning) for meaning in kept)
        nothing = DateCandidate(one.type, None, mod=mod_of(text, one.span, one.type))
        aids.append(DateAid(one.span, one.type, candidates or (nothing,)))
        named = named.then(candidates[0].value if candidates else None)
    return aids


def _candidate(
    text: str, span: Span, published: date | None, type: DateType, value: str
) -> DateCandidate:
    mod = mod_of(text, span, type)
    return DateCandidate(type, value, reading(type, value, published, mod=mod), mod)


def _as_one(text: str, dates: list[Date]) -> list[Date]:
    """The dates, as the guidelines want them.

    An eve and its feast become one date (D11), and so do a day and the clock time behind it (D18). « aux »
    belongs to a time that comes back (D2), and midnight is the end of its day (D22).
    """
    joined: list[Date] = []
    for one in dates:
        last = joined[-1] if joined else None
        between = fold(text[last.span.end : one.span.start]) if last else ""
        if last and fold(last.span.of(text)).lower() == "veille" and _EVE_OF.fullmatch(between):
            feast = day_of(one.value or "")
            eve = nearest.moved(feast, -1) if feast else None
            joined[-1] = Date(
                Span(last.span.start, one.span.end), "DATE", eve.isoformat() if eve else None
            )
        elif last and _at_one_time(last, one, between):
            value = f"{last.value}T{(one.value or '').partition('T')[2]}"
            joined[-1] = Date(Span(last.span.start, one.span.end), "TIME", value)
        elif one.type == "DURATION" and (before := _RECURS.search(text[: one.span.start])):
            joined.append(Date(Span(before.start(), one.span.end), "SET", one.value))
        elif fold(one.span.of(text)).lower().endswith("minuit"):
            joined.append(
                Date(one.span, one.type, (one.value or "").replace("T00:00", "T24:00") or None)
            )
        else:
            joined.append(one)
    return joined


def _at_one_time(day: Date, time: Date, between: str) -> bool:
    exact = (
        day.type == "DATE" and day_of(day.value or "") is not None and "T" not in (day.value or "")
    )
    return exact and time.type == "TIME" and bool(time.value) and _AT.fullmatch(between) is not None


def _meanings(
    one: Date, said: str, published: date, named: _Named
) -> Iterator[tuple[DateType, str]]:
    """What the words of a date may mean, the likeliest first."""
    value, words = one.value or "", fold(said).lower()
    if value.startswith("P") and value not in REFERENCES:
        yield ("SET" if one.type == "DURATION" else "DURATION"), value
        return
    ending = _ending(value, words)
    days = list(_days(words, published, named))
    if one.type == "TIME":
        yield from _at(days, day_of(value), published, named, ending)
        return
    yield from (("DATE", day.isoformat() + ending) for day in days)
    yield from _longer(words, published, named)
    if ending or words == "journée" or _NEAR_A_DAY.fullmatch(words):
        around = (*named.days, published, *(nearest.moved(published, days) for days in (-1, 1)))
        yield from (("DATE", day.isoformat() + ending) for day in around if day)
    if words in _VAGUE:
        yield "DATE", _VAGUE[words]
    if day_of(value) is not None and not days and not ending:
        yield from _feast(said, published)


def _ending(value: str, words: str) -> str:
    """The clock time or part of the day at the end of ``value``; else the one that ``words`` name."""
    if "T" in value and value not in REFERENCES:
        return value[value.index("T") :]
    part = PART_IN_WORDS.search(plain(words))
    return f"T{PARTS[part['part']]}" if part else ""


def _at(
    days: list[date], own: date | None, published: date, named: _Named, ending: str
) -> Iterator[tuple[DateType, str]]:
    """A clock time on ``days``, which its words name; else on none, the days named last, the publication's."""
    midnight = {"T00:00": "T24:00", "T24:00": "T00:00"}.get(ending)
    following = [nearest.moved(day, 1) for day in (own, *named.days[:1]) if day]
    around = days or [*named.days, published, *filter(None, following)]
    for clock in filter(None, (ending, midnight)):
        if not days:
            yield "TIME", clock
        yield from (("TIME", day.isoformat() + clock) for day in around)


def _days(words: str, published: date, named: _Named) -> Iterator[date]:
    """The days that the words may name."""
    found: Iterable[date | None] = ()
    if dated := _DAY_AND_MONTH.search(words):
        day, month = int(dated["day"]), MONTHS.index(dated["month"]) + 1
        years = (nearest.real_day(year, month, day) for year in named.years)
        found = (*(nearest.day_of_year(day, month, published, tense) for tense in _TENSES), *years)
    elif re.search(r"[0-9]{4}", words):
        return
    elif weekday := _WEEKDAY.search(words):
        number = WEEKDAYS.index(weekday[0])
        found = (
            nearest.weekday(number, day, tense)
            for day in (published, *named.days)
            for tense in _TENSES
        )
    elif re.fullmatch(r"[0-9]{1,2}(?:er)?", words):
        number = int(words.removesuffix("er"))
        found = (
            nearest.day_of_month(number, day, tense)
            for day in (*named.days, published)
            for tense in _TENSES
        )
    elif beside := _NEAR_A_DAY.search(words):
        found = (nearest.moved(day, _BESIDE[beside[0]]) for day in (*named.days, published))
    yield from filter(None, found)


def _longer(words: str, published: date, named: _Named) -> Iterator[tuple[DateType, str]]:
    """Months, seasons and week-ends in both tenses; also as times that come back: days, seasons, week-ends."""
    bare = _MID_MONTH.sub("", words)
    if re.search(r"[0-9]", words):
        return
    if found := _MONTH.search(bare):
        month = MONTHS.index(found[0]) + 1
        yield from (("DATE", nearest.month_of_year(month, published, tense)) for tense in _TENSES)
        yield from (("DATE", f"{year:04}-{month:02}") for year in named.years)
        yield "SET", f"XXXX-{month:02}"
    elif found := _SEASON.search(words):
        code = next(code for code, name in SEASONS.items() if name == found[0])
        yield from (("DATE", nearest.season(code, published, tense)) for tense in _TENSES)
        yield "SET", f"XXXX-{code}"
        yield from (("DATE", f"{year:04}-{code}") for year in named.years)
    elif found := _WEEKDAY.search(words):
        yield "SET", f"XXXX-WXX-{WEEKDAYS.index(found[0]) + 1}"
    elif "week-end" in words or "fin de semaine" in words:
        yield from (("DATE", nearest.weekend(published, tense)) for tense in _TENSES)
        yield "SET", "XXXX-WXX-WE"


def _feast(words: str, published: date) -> Iterator[tuple[DateType, str]]:
    """The days of a feast a year later and earlier, as the rules back end reads its name there."""
    rules = registry.build("rules", {"kinds": ["date"]})
    for day in filter(None, (nearest.moved(published, days) for days in (366, -366))):
        shifted = Article("feast", words, day)
        outcome = next(iter(rules.extract([shifted])))
        if not isinstance(outcome, Exception):
            yield from (
                (fact.type, fact.value) for fact in outcome if isinstance(fact, Date) and fact.value
            )
