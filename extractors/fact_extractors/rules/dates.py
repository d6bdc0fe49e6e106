"""Temporal expressions: where they stand in a text and what they mean.

:func:`find` reads a text, :func:`normalise` one expression. The rules are those of ``data/dates.toml``; their
meaning is in :mod:`.makers`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from fact_extractors.rules import named_days, numbers, tense, timex, words
from fact_extractors.rules.data import document
from fact_extractors.rules.grammar import Grammar, Hit
from fact_extractors.rules.makers import MAKERS
from fact_extractors.rules.sentences import Sentences
from fact_extractors.rules.timex import Context, Value

_DATELINE = re.compile(r"[ .,]*(?:\([^()\n]{2,20}\)[ .,]*)?[–—-](?!\w)")
_LEAD = re.compile(
    r"(?:(?:l|d|qu|jusqu)'|(?:le|la|les|du|des|de|au|aux|en|a|vers|depuis|pendant|durant|pour|avant|apres|"
    r"environ|d'ici|un|une|dans|ce|cette|entre|an|annee) )*$"
)
_TRAIL = " \n\t.,;:!?)»”\"'"
_INHERITED = ("month", "month_name", "mm", "year")


class Found(NamedTuple):
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
        "regex": r"(?:[0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]{1,9}(?:,[0-9]{1,2})?(?![0-9])|"
        + numbers.WRITTEN
        + ")",
        "starts": {"0", *numbers.STARTS},
    }
    classes["collective"] = list(numbers.collective())
    classes["named"] = names
    classes["roman"] = {
        "regex": r"[ivx]{1,6}[ \n]?(?:ieme|eme|er|e|ᵉ)",
        "starts": {f + s for f in numbers.roman() for s in ("", "e", "er", "eme", "ieme", "ᵉ")},
    }
    return Grammar(classes, data["guard"], data["rule"])


def _fields(hit: Hit, number: int) -> dict[str, str]:
    """The fields of fact ``number`` (from 1) of a match: its own, and month and year of the others."""
    if len(hit.spans) == 1:
        return dict(hit.fields)
    own: dict[str, str] = {}
    for name, text in hit.fields.items():
        base = name.rstrip("23")
        fact = int(name[len(base) :] or 1)
        if fact == number:
            own[base] = text
    for fact in range(len(hit.spans), 0, -1):
        suffix = str(fact) if fact > 1 else ""
        for name in _INHERITED:
            kin = ("month", "month_name", "mm") if name != "year" else ("year",)
            if name + suffix in hit.fields and not any(k in own for k in kin):
                own[name] = hit.fields[name + suffix]
    return own


def _allowed(text: str, hit: Hit) -> bool:
    """Whether the capitals of the match are those of a date."""
    if hit.rule.options.get("lower"):
        return not text[hit.start].isupper() or "edge" in hit.fields or text[hit.start] in "Cc"
    if hit.rule.options.get("upper"):
        stretch = text[hit.start : hit.end]
        return " " in stretch or stretch != stretch.lower()
    return True


def _day(published: date | datetime | None) -> date | None:
    return published.date() if isinstance(published, datetime) else published


Fact: TypeAlias = tuple[Found, Hit, Mapping[str, str]]
"""An expression, the match it comes from, and its fields."""


class _Reading:
    """One pass over a text: what was found so far, and the context it gives to what follows."""

    def __init__(self, text: str, published: date | datetime | None) -> None:
        self.text = text
        self.folded = words.lower(text)
        self.bare = words.unaccented(self.folded)
        self.reference = _day(published)
        self.sentences = Sentences(text)
        self.anchor: str | None = None
        self.dateline: date | None = None
        self._clauses: dict[int, list[tense.Clause]] = {}

    def context(self, start: int, end: int) -> Context:
        first, last = self.sentences.around(start)
        if first not in self._clauses:
            self._clauses[first] = tense.verbs(self.folded, first, min(last, first + 2000))
        when = tense.at(self.folded, start, end, self._clauses[first])
        return Context(self.reference, when, self.anchor)

    def read(self, hit: Hit) -> list[Fact]:
        """The facts of one match; clock times and parts of day are left for the second pass."""
        found: list[Fact] = []
        make = MAKERS[hit.rule.make]
        for number, (start, end) in enumerate(hit.spans, 1):
            fields = _fields(hit, number)
            value = make(fields, hit.rule.options, self.context(start, end))
            if value is None and hit.rule.make != "part":
                return []
            found.append(
                (Found(start, end, value or Value("DATE", None), hit.rule.id), hit, fields)
            )
        if len(found) > 1:
            found = _in_order(found)
        last = found[-1][0]
        if last.value.type == "DATE" and last.value.value and last.value.value[0] in "12":
            self.anchor = last.value.value
            if self.dateline is None and start < 600 and _DATELINE.match(self.text, last.end):
                self.dateline = timex.parse(self.anchor)
        return found


def _in_order(
    found: list[Fact],
) -> list[Fact]:
    """A range runs forward: an inherited year that makes it run backward is one too late."""
    last = timex.parse(found[-1][0].value.value)
    mended = []
    for fact, hit, fields in found:
        day = timex.parse(fact.value.value)
        if last and day and day > last and "year" in fields and fact is not found[-1][0]:
            value = timex.iso(timex.make_date(day.year - 1, day.month, day.day))
            fact = fact._replace(value=fact.value._replace(value=value))
        mended.append((fact, hit, fields))
    return mended


def find(text: str, published: date | datetime | None = None) -> list[Found]:
    """The temporal expressions of ``text``, in order and apart from each other.

    Relative ones have no value when ``published`` is None. Linear in the length of the text.
    """
    reading = _Reading(text, published)
    first_pass: list[Fact] = []
    for hit in grammar().hits(reading.bare):
        if _allowed(text, hit):
            first_pass += reading.read(hit)
    days: dict[int, list[tuple[int, date]]] = {}
    for fact, _, _ in first_pass:
        day = timex.parse(fact.value.value)
        if day is not None:
            days.setdefault(reading.sentences.around(fact.start)[0], []).append((fact.start, day))
    found = []
    for fact, hit, fields in first_pass:
        if hit.rule.make in ("clock", "part") and timex.parse(fact.value.value) is None:
            near = days.get(reading.sentences.around(fact.start)[0], ())
            day = min(near, key=lambda d: abs(d[0] - fact.start), default=(0, reading.dateline))[1]
            context = Context(reading.reference, day=day)
            value = MAKERS[hit.rule.make](fields, hit.rule.options, context)
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
    context = Context(_day(reference), tense, day=_day(reference))
    for guarded in (True, False):
        for word in words.WORD.finditer(bare, 0, min(stop, 200)):
            if not _LEAD.match(bare, 0, word.start()):
                break
            hit = grammar().match(bare, word.start(), word.group(), guarded=guarded)
            if hit is not None and hit.end >= stop and len(hit.spans) == 1:
                if hit.rule.make == "clock":
                    context = context._replace(day=None)
                value = MAKERS[hit.rule.make](hit.fields, hit.rule.options, context)
                if value is not None:
                    return value
    return None
