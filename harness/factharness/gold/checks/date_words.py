"""Checks where dates begin, and what their words and those beside them require; for ``fr-news-1``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date as day
from datetime import datetime, timedelta

from factharness.escape import cited
from factharness.facts import Date, GoldFact
from factharness.gold.checks.finding import Checked, Finding
from factharness.gold.tenses import looks_ahead, tells_the_past
from factharness.gold.timex import MONTHS, WEEKDAYS, contradiction, malformed
from factharness.text import fold

_OUTSIDE = re.compile(
    r"(?:le|la|les|au|à|du|des|en|de(?! (?:long|nombreu))|vers|depuis|pendant|durant|dès|avant|après|pour|sur|"
    r"entre|environ|dans (?:le|la|les|l')|jusqu'(?:à|au|en)|peu (?:avant|après)|(?:près|plus|moins) de|au moins"
    r"|au plus tard)(?: |(?<=l'))"
)
_STOPPED = re.compile(rf"(?:[0-9]|{'|'.join((*WEEKDAYS, *MONTHS))})\.$")
"""A stop that is not that of an abbreviation (« sept. »)."""
_INSIDE = {"début": "START", "fin": "END", "mi": "MID"}
_PERIOD_PART = re.compile(r"(?:tout )?(?P<part>début|fin|mi)(?: (?!de semaine)|-(?!journée|temps))")
_ARTICLES = r"(?:(?:le|la|les|un|une|du|de|des|au|aux|à|ce|cette|cet|l'|d')(?: |(?<=')))*"
_APPROXIMATIONS = (
    (r"environ|vers|aux (?:alentours|environs)|autour|à peu près|près", "APPROX"),
    (r"plus", "MORE_THAN"),
    (r"au moins", "EQUAL_OR_MORE"),
    (r"moins", "LESS_THAN"),
    (r"au plus tard", "ON_OR_BEFORE"),
    (r"avant|d'ici", "BEFORE"),
    (r"après", "AFTER"),
)
_ANY_BEFORE_IT = re.compile(
    rf"(?<![\w-])(?:{'|'.join(words for words, _ in _APPROXIMATIONS)}) {_ARTICLES}$"
)
_BEFORE_IT = tuple(
    (re.compile(rf"(?<![\w-])(?:{words}) {_ARTICLES}$"), mod) for words, mod in _APPROXIMATIONS
)
_NOT_OF_LENGTHS = ("BEFORE", "AFTER", "ON_OR_BEFORE")
_DAY_PART = re.compile(r"T(?:MO|MI|AF|EV|NI|DT)$")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?")
_FAR = timedelta(days=7)
_BARE = re.compile(
    rf"(?:{'|'.join(WEEKDAYS)})(?: (?:matin|midi|après-midi|soir))?(?:,? à .*| [0-9]+ ?h.*)?"
)
_AIM = re.compile(
    r"(?<![\w-])(?:à|au|pour|dès|jusqu'(?:à|au)|avant|d'ici|entre|de|du|depuis) (?:ce |le )?$"
)


def date_edges(file: Checked) -> Iterator[Finding]:
    """Articles, prepositions and approximations stay outside of a date, but for a recurring time."""
    for fact, date, words in _dates(file):
        found = _OUTSIDE.match(fold(words).lower())
        recurs = date.type == "SET" and words.lower().startswith(("à ", "au "))
        if found and not recurs:
            yield Finding(
                fact.line,
                f"{cited(words)} starts with {cited(words[: found.end()].strip())}",
                "leave it out of the span; what approximates goes to mod:",
                rule="D1",
            )
        if words[-1] in ",;:" or _STOPPED.search(fold(words).lower()):
            yield Finding(
                fact.line, f"{cited(words)} ends with {cited(words[-1])}", "leave it out", rule="D1"
            )


def modifiers(file: Checked) -> Iterator[Finding]:
    """« début », « mi- » and « fin » give ``mod:``, and so do the approximations before a date."""
    for fact, date, words in _dates(file):
        if fact.ignore or date.type == "SET":
            continue
        given = fact.attributes.get("mod")
        inside = _PERIOD_PART.match(fold(words).lower())
        if inside:
            mod = _INSIDE[inside["part"]]
            if given != mod:
                yield Finding(
                    fact.line,
                    f"{cited(words)} has {'no mod:' if given is None else f'mod: {given}'}",
                    f"write mod: {mod}",
                    rule="D4",
                )
        elif given is None and "note" not in fact.attributes:
            before = fold(file.before(date.span)).lower()
            for pattern, mod in _BEFORE_IT if _ANY_BEFORE_IT.search(before) else ():
                found = pattern.search(before)
                if found and not (date.type == "DURATION" and mod in _NOT_OF_LENGTHS):
                    yield Finding(
                        fact.line,
                        f"{cited(words)} stands behind {cited(found[0].strip())} and has no mod:",
                        f"write mod: {mod}, or a note: that says why not",
                        "warning",
                        "D3",
                    )
                    break


def parts_of_day(file: Checked) -> Iterator[Finding]:
    """A part of a day is a DATE, and a TIME is a clock time."""
    for fact, date, words in _dates(file):
        part = _DAY_PART.search(date.value or "")
        if date.type == "TIME" and part:
            yield Finding(
                fact.line,
                f"{cited(words)} is a TIME with the part of a day, {part[0]}",
                "label it DATE; a TIME is a clock time",
                rule="D9",
            )


def vague_times(file: Checked) -> Iterator[Finding]:
    """A vague time is don't-care."""
    for fact, date, words in _dates(file):
        if not fact.ignore and (date.value or "").endswith("_REF"):
            yield Finding(
                fact.line,
                f"{cited(words)} is {date.value}, a vague time, and has no ? after its label",
                f"write {date.type}?, or the value that the words have",
                rule="D14",
            )


def weekdays(file: Checked) -> Iterator[Finding]:
    """A weekday alone is the nearest one on the side that the tense of its sentence tells."""
    published = file.document.header.published
    today = published.date() if isinstance(published, datetime) else published
    for fact, date, words in _dates(file):
        value = _DAY.fullmatch(date.value or "")
        if fact.ignore or "note" in fact.attributes or not value:
            continue
        if not _BARE.fullmatch(fold(words).lower()):
            continue
        if malformed(date.type, value[0]) or contradiction(words, value[0]):
            continue
        away = day.fromisoformat(value[1]) - today
        sentence = file.sentence(date.span)
        wrong = ""
        if abs(away) > _FAR:
            wrong = f"is {abs(away.days)} days from the publication"
        elif (
            away > timedelta()
            and not _AIM.search(fold(file.before(date.span)).lower())
            and tells_the_past(sentence)
            and not looks_ahead(sentence)
        ):
            wrong = "comes after the publication, and its sentence tells the past"
        if wrong:
            yield Finding(
                fact.line,
                f"{cited(words)}, {value[1]}, {wrong}",
                "take the nearest one on the side of the tense, or say in a note: why not",
                "warning",
                "D8",
            )


def _dates(file: Checked) -> Iterator[tuple[GoldFact, Date, str]]:
    """The dates of an article whose text is here, with their words."""
    for fact in file.facts:
        if isinstance(fact.fact, Date) and file.text is not None:
            yield fact, fact.fact, file.words(fact.fact.span)
