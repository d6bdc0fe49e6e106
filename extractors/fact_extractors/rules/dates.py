"""Temporal expressions: where they stand in a text and what they mean.

:func:`find` reads a text, :func:`normalise` one expression. The rules are those of ``data/dates.toml``; their
meaning is in :mod:`.makers`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import fact_extractors.rules.lengths
import fact_extractors.rules.makers  # noqa: F401 (the two register the makers)
from fact_extractors.rules import named_days, numbers, tense, timex, words
from fact_extractors.rules.data import document
from fact_extractors.rules.fields import MAKERS
from fact_extractors.rules.grammar import Grammar, Rule, RuleMatch
from fact_extractors.rules.sentences import Sentences
from fact_extractors.rules.timex import Context, Value

_DATELINE = re.compile(r"[ .,]*(?:\([^()\n]{2,20}\)[ .,]*)?[–—-](?!\w)")
_LEAD = re.compile(
    r"(?:(?:l|d|qu|jusqu)'|(?:le|la|les|du|des|de|au|aux|en|a|vers|depuis|pendant|durant|pour|avant|apres|"
    r"environ|d'ici|un|une|dans|ce|cette|entre|an|annee) )*$"
)
_TRAIL = " \n\t.,;:!?)»”\"'"
_ENTRY = re.compile(r"^\d{1,2} ?[hH:] ?\d{0,2} ?[.:–—-]", re.MULTILINE)
"""A paragraph of a live report starts with its time."""
_CAPITALISED = re.compile(r"\s[A-ZÀ-ÖØ-Þ][a-zà-ÿ]")
"""A word inside an expression that is written like a name: *20 Minutes*."""
_WORD_BEFORE = re.compile(r"(\w[\w'’-]*)[ \u00a0\u202f]$")
_KIN = (("month", "month_name", "mm"), ("last", "next", "year", "year_word"))
_INHERITED = ("month", "month_name", "mm", "year", "year_word", "last", "next", "named")


class FoundDate(NamedTuple):
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
        "starts": {"0", *numbers.STARTS},
        "then": {"0", ",", "-", "et", *numbers.STARTS},
    }
    classes["year_word"] = {
        "regex": numbers.YEAR,
        "starts": numbers.STARTS,
        "then": {"-", "et", *numbers.STARTS},
    }
    classes["collective"] = list(numbers.collective())
    classes["named"] = names
    endings = ("e", "er", "eme", "ieme", "ᵉ")
    classes["roman"] = {
        "regex": r"[ivx]{1,6}[ \n]?(?:ieme|eme|er|e|ᵉ)",
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
        for name in _INHERITED:
            kin = next((kin for kin in _KIN if name in kin), (name,))
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


class _Pass:
    """One pass over a text: what was found so far, and the context it gives to what follows."""

    def __init__(self, text: str, published: date | datetime | None) -> None:
        self.text = text
        self.folded = words.lower(text)
        self.bare = words.unaccented(self.folded)
        self.reference = _day(published)
        self.sentences = Sentences(text)
        self.anchor: str | None = None
        self.anchor_day: date | None = None
        self.dateline: date | None = None
        self.named_years: dict[tuple[str, str], str] = {}
        self._clauses: dict[int, list[tense.Clause]] = {}

    def context(self, start: int, end: int) -> Context:
        first, last = self.sentences.around(start)
        if first not in self._clauses:
            self._clauses[first] = tense.verbs(self.folded, first, min(last, first + 2000))
        when = tense.at(self.folded, start, end, self._clauses[first])
        return Context(self.reference, when.tense, when.sure, self.anchor, self.anchor_day)

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
            found = _in_order(found)
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
            self.anchor = value[:10]
            self.anchor_day = timex.parse(value) or self.anchor_day
            if self.dateline is None and last.end < 800 and _DATELINE.match(self.text, last.end):
                self.dateline = timex.parse(value)


def _in_order(found: list[Fact]) -> list[Fact]:
    """A range runs forward: a year that is inherited or guessed gives way when it makes it run backward."""
    days = [timex.parse(fact.value.value) for fact, *_ in found]
    first, last = days[0], days[-1]
    if first is None or last is None or first <= last:
        return found
    given = "year" in found[-1][2]
    moved = [(day, -1 if given and day and day > last else 0) for day in days]
    if not given:
        moved = [(day, 1 if day and day < first else 0) for day in days]
    mended: list[Fact] = []
    for (fact, make, fields, options), (day, years) in zip(found, moved, strict=True):
        if years and day is not None:
            value = timex.iso(timex.make_date(day.year + years, day.month, day.day))
            fact = fact._replace(value=fact.value._replace(value=value))
        mended.append((fact, make, fields, options))
    return mended


def _start(day: tuple[int, date]) -> int:
    return day[0]


class _Days:
    """The days a text names, by sentence and paragraph: what a clock time or a part of day belongs to."""

    def __init__(self, reading: _Pass, facts: list[Fact]) -> None:
        self.reading = reading
        self.by_sentence: dict[int, list[tuple[int, date]]] = {}
        self.ranges: set[int] = set()
        for fact, make, _, _ in facts:
            day = timex.parse(fact.value.value)
            sentence = reading.sentences.around(fact.start)[0]
            if make == "set" or fact.rule.startswith("days-"):
                self.ranges.add(sentence)
            elif day is not None:
                self.by_sentence.setdefault(sentence, []).append((fact.start, day))
        self.sentences = sorted(self.by_sentence)
        self.live = len(_ENTRY.findall(reading.text)) > 1

    def near(self, at: int, *, part: bool) -> date | None:
        """The day that fits a time at ``at``: of its sentence, else of the dateline.

        A part of a day takes the last day of its paragraph, or the day of publication.
        """
        reading = self.reading
        sentence = reading.sentences.around(at)[0]
        here = self.by_sentence.get(sentence, [])
        place = bisect_left(here, at, key=_start)
        beside = here[max(0, place - 1) : place if part else place + 1]
        if beside:
            return min(beside, key=lambda d: abs(d[0] - at))[1]
        if sentence in self.ranges:
            return None
        if part:
            paragraph = reading.text.rfind("\n", max(0, at - 20_000), at) + 1
            last = bisect_left(self.sentences, at) - 1
            if last >= 0 and self.sentences[last] >= paragraph:
                return self.by_sentence[self.sentences[last]][-1][1]
            return reading.reference
        return reading.reference if self.live else reading.dateline


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
            day = days.near(fact.start, part=make == "part")
            value = MAKERS[make](fields, options, Context(reading.reference, day=day))
            if value is None:
                continue
            fact = fact._replace(value=value)
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
    for guarded in (True, False):
        for word in words.WORD.finditer(bare, 0, min(stop, 200)):
            if not _LEAD.match(bare, 0, word.start()):
                break
            hit = grammar().match(bare, word.start(), word.group(), guarded=guarded)
            if hit is None or hit.rule is None or hit.end < stop or len(hit.spans) > 1:
                continue
            make = hit.rule.make[0]
            context = Context(day, tense, day=day if make == "part" else None)
            value = MAKERS[make](hit.fields, hit.rule.options, context)
            if value is not None:
                return value
    return None
