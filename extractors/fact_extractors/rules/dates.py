"""Temporal expressions: where they stand in a text and what they mean.

:func:`find` reads a text, :func:`normalise` one expression. The rules are those of ``data/dates.toml``; their
meaning is in :mod:`.makers`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, partial
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

import fact_extractors.rules.lengths
import fact_extractors.rules.makers  # noqa: F401 (the two register the makers)
from fact_extractors import words
from fact_extractors.rules import named_days, numbers, tense, timex
from fact_extractors.rules.data import document
from fact_extractors.rules.fields import MAKERS
from fact_extractors.rules.grammar import Grammar, Rule, RuleMatch
from fact_extractors.rules.sentences import sentences
from fact_extractors.rules.tense import Told
from fact_extractors.rules.timex import Context, Value

_DATELINE = re.compile(r"[ .,]*(?:\([^()\n]{2,20}\)[ .,]*)?[–—-](?!\w)")
_LEAD = re.compile(
    r"(?:(?:l|d|qu|jusqu)'|(?:le|la|les|du|des|de|au|aux|en|a|vers|depuis|pendant|durant|pour|avant|apres|"
    r"environ|d'ici|un|une|dans|ce|cette|entre|an|annee|mois|partir) )*$"
)
_TRAIL = " \n\t.,;:!?)»”\"'"
_ENTRY = re.compile(r"^\d{1,2} ?[hH:] ?\d{0,2} ?[.:–—-]", re.MULTILINE)
"""A paragraph of a live report starts with its time."""
_CAPITALISED = re.compile(r"\s[A-ZÀ-ÖØ-Þ][a-zà-ÿ]")
"""A word inside an expression that is written like a name: *20 Minutes*."""
_WORD_BEFORE = re.compile(r"(\w[\w'’-]*)[ \u00a0\u202f]$")
_AFTER_YEAR = re.compile(r",? (?:en|au mois de|au mois d'|des) $|, $")
"""What stands between a year and the month it goes with: *l'an dernier, en mai*."""
_KIN = (
    ("unit", "unit_time"),
    ("month", "month_name", "mm"),
    ("last", "next", "year", "year_word", "year_by"),
)
_INHERITED = {
    name: next((kin for kin in _KIN if name in kin), (name,))
    for name in (
        "month", "month_name", "mm", "year", "year_word", "year_by", "last", "next", "named", "unit_one",
        "unit", "unit_time", "thousands",
    )
}  # fmt: skip
"""The fields that a fact takes from another one of its rule, unless it has one of those that say as much."""


class FoundDate(Struct, frozen=True, gc=False):
    """A temporal expression of a text: ``[start, end)``, its value, and the id of the rule."""

    start: int
    end: int
    value: Value
    rule: str


@cache
def grammar() -> Grammar:
    """The grammar of ``dates.toml``, compiled once."""
    data = document("dates")
    names = sorted(named_days.names(), key=len, reverse=True)
    classes: dict[str, Any] = dict(data["class"])
    classes["number"] = {
        "regex": r"(?:[0-9]{1,3}(?: [0-9]{3}){1,5}(?![0-9])|[0-9]{1,9}(?:,[0-9]{1,2})?(?![0-9])|"
        + numbers.WRITTEN
        + ")",
        "starts": ("0", "0000", "0 0", "0 0 0", "0 , 0", "0000 , 0", *numbers.STARTS),
        "longer": numbers.STARTS,
        "then": {"-", "et", *numbers.STARTS},
    }
    classes["year_word"] = {
        "regex": numbers.YEAR,
        "longer": numbers.STARTS,
        "then": {"-", "et", *numbers.STARTS},
    }
    classes["collective"] = list(numbers.collective())
    classes["named"] = names
    classes["nth_word"] = list(numbers.ordinals())
    endings = ("e", "er", "eme", "ieme")
    classes["roman"] = {
        "regex": r"[ivx]{1,6}[ \n]?(?:ieme|eme|er|e)",
        "starts": {f + ending for f in numbers.roman() for ending in ("", *endings)},
        "then": endings,
    }
    return Grammar(classes, data["guard"], data["rule"])


def _fields(hit: RuleMatch, number: int) -> dict[str, str]:
    """The fields of fact ``number`` (from 1) of a match: its own, and month and year of the others."""
    if len(hit.spans) == 1:
        return {**hit.fields, "fact": "1"}
    own: dict[str, str] = {}
    for name, text in hit.fields.items():
        base = name.rstrip("23")
        if int(name[len(base) :] or 1) == number:
            own[base] = text
    for fact in range(len(hit.spans), 0, -1):
        suffix = str(fact) if fact > 1 else ""
        for name, kin in _INHERITED.items():
            if name + suffix in hit.fields and not any(k in own for k in kin):
                own[name] = hit.fields[name + suffix]
    return {**own, "fact": str(number)}


def _allowed(text: str, hit: RuleMatch, rule: Rule) -> bool:
    """Whether the capitals in and before the match are those of a date."""
    options = rule.options
    if options.get("lower"):
        return not text[hit.start].isupper() or "edge" in hit.fields or text[hit.start] in "Cc"
    if options.get("upper"):
        stretch = text[hit.start : hit.end]
        return " " in stretch or stretch != stretch.lower()
    if options.get("uncapitalised"):
        return _CAPITALISED.search(text, hit.start, hit.end) is None
    if options.get("common"):
        before = _WORD_BEFORE.search(text, max(0, hit.start - 40), hit.start)
        return before is None or not before[1][0].isupper()
    return True


def _day(published: date | datetime | None) -> date | None:
    return published.date() if isinstance(published, datetime) else published


Fact: TypeAlias = tuple[FoundDate, str, Mapping[str, str], Mapping[str, Any]]
"""An expression, its maker, its fields, and the options of its rule."""


class _TenseLater:
    """Finds the tense for the expression at ``[start, end)`` of a text when it is called, and only once."""

    def __init__(self, reading: _Pass, start: int, end: int) -> None:
        self._asked = reading, start, end
        self._told: Told | None = None

    def __call__(self) -> Told:
        if self._told is None:
            reading, start, end = self._asked
            self._told = reading.told(start, end)
        return self._told


class _Pass:
    """One pass over a text: what was found so far, and the context it gives to what follows."""

    def __init__(self, text: str, published: date | datetime | None) -> None:
        self.text = text
        self.folded = words.lower_all(text)
        self.bare = words.unaccented(self.folded)
        self.reference = _day(published)
        self.sentences = sentences(text)
        self.anchor: str | None = None
        self.year: tuple[int, int] | None = None
        self.anchor_day: date | None = None
        self.dateline: date | None = None
        self.named_years: dict[tuple[str, str], str] = {}
        self._clauses: dict[int, list[tense.Clause]] = {}

    def context(self, start: int, end: int) -> Context:
        year = None
        if self.year is not None and _AFTER_YEAR.match(self.bare, self.year[0], start):
            year = self.year[1]
        told = _TenseLater(self, start, end)
        return Context(self.reference, told, self.anchor, self.anchor_day, year=year)

    def told(self, start: int, end: int) -> Told:
        """The tense for the expression at ``[start, end)``."""
        first, last = self.sentences.around(start)
        if first not in self._clauses:
            self._clauses[first] = tense.verbs(self.folded, first, min(last, first + 2000))
        return tense.at(self.folded, start, end, self._clauses[first])

    def read(self, hit: RuleMatch, rule: Rule) -> list[Fact]:
        """The facts of one match; clock times and parts of day are left for the second pass."""
        found: list[Fact] = []
        context = self.context(hit.start, hit.end)
        for number, (start, end) in enumerate(hit.spans, 1):
            fields = self._dated(_fields(hit, number))
            make = rule.make[min(number, len(rule.make)) - 1]
            value = MAKERS[make](fields, rule.options, context)
            if value is None and make != "part":
                return []
            fact = FoundDate(start, end, value or Value("DATE", None), rule.id)
            found.append((fact, make, fields, rule.options))
        if len(found) > 1:
            found = _in_order(found, context.told)
        if not rule.options.get("aside"):
            self._remember(found[-1][0])
        return found

    def _dated(self, fields: dict[str, str]) -> dict[str, str]:
        """A day that the text has named with its year keeps that year when it is named again."""
        named = fields.get("day", ""), fields.get("month", "")
        if all(named) and "fact" in fields:
            if "year" in fields:
                self.named_years.setdefault(named, fields["year"])
            elif named in self.named_years:
                fields["year"] = self.named_years[named]
        return fields

    def _remember(self, last: FoundDate) -> None:
        value = last.value.value
        if last.value.type in ("DATE", "TIME") and value and value[0] in "12":
            self.year = (last.end, int(value)) if len(value) == 4 and value.isdigit() else None
            self.anchor = value[:10]
            self.anchor_day = timex.parse(value) or self.anchor_day
            if self.dateline is None and last.end < 800 and _DATELINE.match(self.text, last.end):
                self.dateline = timex.parse(value)


def _in_order(found: list[Fact], told: Callable[[], Told]) -> list[Fact]:
    """A range runs forward: a year that is inherited or guessed gives way when it makes it run backward."""
    days = [timex.parse(fact.value.value) for fact, *_ in found]
    first, last = days[0], days[-1]
    if first is None or last is None or first <= last:
        return found
    if "weekday" in found[-1][2] and "month" not in found[-1][2]:
        return _in_week_order(found, first, last, told().tense)
    given = "year" in found[-1][2]
    moved = [(day, -1 if given and day and day > last else 0) for day in days]
    if not given:
        moved = [(day, 1 if day and day < first else 0) for day in days]
    mended: list[Fact] = []
    for (fact, make, fields, options), (day, years) in zip(found, moved, strict=True):
        if years and day is not None:
            value = timex.iso(timex.make_date(day.year + years, day.month, day.day))
            fact = replace(fact, value=replace(fact.value, value=value))
        mended.append((fact, make, fields, options))
    return mended


def _in_week_order(
    found: list[Fact], first: date, last: date, when: tense.Tense | None
) -> list[Fact]:
    """Two weekdays in the order of their words: the earlier one goes back a week, or the later one on."""
    ahead = when == "future"
    place, day = (len(found) - 1, last) if ahead else (0, first)
    fact, make, fields, options = found[place]
    moved = timex.iso(timex.add_days(day, 7 if ahead else -7))
    written = fact.value.value or ""
    value = None if moved is None else moved + written[10:]
    fact = replace(fact, value=replace(fact.value, value=value))
    return [*found[:place], (fact, make, fields, options), *found[place + 1 :]]


_COARSE = re.compile(r"\d{4}(?:-\d\d)?")
"""The value of a year or a month: a clock time beside it is not of the day that the text told of before."""


class _NamedDay(Struct, frozen=True, gc=False):
    """A day that the text names.

    ``night``: it is the first of a night between two. ``clock``: a clock time stands with it.
    """

    start: int
    day: date | None
    night: bool = False
    clock: bool = False


def _start(named: _NamedDay) -> int:
    return named.start


class _Days:
    """The days a text names, by sentence and paragraph: what a clock time or a part of day belongs to."""

    def __init__(self, reading: _Pass, facts: list[Fact]) -> None:
        self.reading = reading
        self.by_sentence: dict[int, list[_NamedDay]] = {}
        self.ranges: set[int] = set()
        self.coarse: set[int] = set()
        for fact, make, _, _ in facts:
            day = timex.parse(fact.value.value)
            sentence = reading.sentences.around(fact.start)[0]
            if make == "set" or fact.rule.startswith("days-"):
                self.ranges.add(sentence)
            elif _COARSE.fullmatch(fact.value.value or ""):
                self.coarse.add(sentence)
            elif day is not None:
                night, clock = fact.rule == "night-between", ":" in (fact.value.value or "")
                named = _NamedDay(fact.start, day, night, clock)
                self.by_sentence.setdefault(sentence, []).append(named)
        self.sentences = sorted(self.by_sentence)
        self.live = len(_ENTRY.findall(reading.text)) > 1

    def near(self, at: int, *, part: bool) -> _NamedDay:
        """The day that fits a time at ``at``: a day of its sentence, else that of the sentence before, else the
        dateline's.

        A part of a day takes the last day of its paragraph, or the day of publication.
        """
        reading = self.reading
        sentence = reading.sentences.around(at)[0]
        here = self.by_sentence.get(sentence, [])
        place = bisect_left(here, at, key=_start)
        beside = here[max(0, place - 1) : place if part else place + 1]
        if beside:
            return min(beside, key=lambda d: abs(d.start - at))
        if sentence in self.ranges:
            return _NamedDay(at, None)
        if part:
            paragraph = reading.text.rfind("\n", max(0, at - 20_000), at) + 1
            last = bisect_left(self.sentences, at) - 1
            if last >= 0 and self.sentences[last] >= paragraph:
                return self.by_sentence[self.sentences[last]][-1]
            return _NamedDay(at, reading.reference)
        told = None if sentence in self.coarse else self._day_before(sentence)
        if told is not None:
            return told
        return _NamedDay(at, reading.reference if self.live else reading.dateline)

    def _day_before(self, sentence: int) -> _NamedDay | None:
        """The day that is still told of.

        It is the one that the sentence before names in the same paragraph, unless it names several, gives it a
        clock time of its own (*un point de presse tenu jeudi à 10 h 30*), or only lets something begin with it
        (*depuis mardi*); else the one that opens the paragraph.
        """
        text = self.reading.text
        paragraph = text.rfind("\n", max(0, sentence - 20_000), sentence) + 1
        if paragraph == sentence:
            return None
        head = self.reading.sentences.around(sentence - 1)[0]
        before = self.by_sentence.get(head, [])
        if head >= paragraph and len(before) == 1 and head not in self.ranges:
            since = self.reading.bare.endswith("depuis ", head, before[0].start)
            if not since and not before[0].clock:
                return before[0]
        opening = self.by_sentence.get(paragraph, [])
        return opening[0] if opening and opening[0].start <= paragraph + 3 else None


def find(text: str, published: date | datetime | None = None) -> list[FoundDate]:
    """The temporal expressions of ``text``, in order and apart from each other.

    Relative ones have no value when ``published`` is None. Linear in the length of the text.
    """
    reading = _Pass(text, published)
    facts: list[Fact] = []
    for hit in grammar().hits(reading.bare):
        if hit.rule is not None and _allowed(text, hit, hit.rule):
            facts += reading.read(hit, hit.rule)
    days = _Days(reading, facts)
    found = []
    for fact, make, fields, options in facts:
        if make in ("clock", "part") and timex.parse(fact.value.value) is None:
            near = days.near(fact.start, part=make == "part")
            context = Context(reading.reference, day=near.day, night=near.night)
            value = MAKERS[make](fields, options, context)
            if value is None:
                continue
            fact = replace(fact, value=value)
        found.append(fact)
    return found


def normalise(
    expression: str, reference: date | datetime | None, tense: tense.Tense | None = None
) -> Value | None:
    """The value of one temporal expression, with or without its article or preposition.

    ``reference`` is the day of publication (None leaves relative expressions with value None);
    ``tense``, when the caller knows it, says which *mardi* is meant: without it the last one is taken.
    Returns None when no rule reads the whole expression.
    """
    bare = words.unaccented(words.lower(expression))
    stop = len(bare.rstrip(_TRAIL))
    day = _day(reference)
    told = partial(Told, tense, True)
    for guarded in (True, False):
        for word in words.WORD.finditer(bare, 0, min(stop, 200)):
            if not _LEAD.match(bare, 0, word.start()):
                break
            hit = grammar().match(bare, word.start(), word.group(), guarded=guarded)
            if hit is None or hit.rule is None or hit.end < stop or len(hit.spans) > 1:
                continue
            make = hit.rule.make[0]
            context = Context(day, told, day=day if make == "part" else None)
            value = MAKERS[make](hit.fields, hit.rule.options, context)
            if value is not None:
                return value
    return None
