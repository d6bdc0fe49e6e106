"""Says the value of a date in plain French: « mardi 5 mars 2024, jour de la publication ».

For whoever labels: a wrong day shows in its weekday, a wrong year in its distance from the publication. Every
value that ``timex.malformed`` lets pass has a reading.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from factharness.facts import Date, DateType, GoldFact
from factharness.gold.calendar_words import SEASONS, calendar, day_of, some, stretch_words
from factharness.gold.distances import distance
from factharness.gold.french import NBSP, Phrase, bare, counted, elided, plural
from factharness.gold.timex import malformed

_REFERENCES = {
    "PRESENT_REF": "le présent, sans date précise",
    "PAST_REF": "le passé, sans date précise",
    "FUTURE_REF": "l’avenir, sans date précise",
}
_PARTS = {
    "MO": "matin",
    "MI": "midi",
    "AF": "après-midi",
    "EV": "soir",
    "NI": "nuit",
    "DT": "journée",
}
_DAYS_AND_LONGER = {
    "Y": "an",
    "M": "mois",
    "W": "semaine",
    "D": "jour",
    "Q": "trimestre",
    "H": "semestre",
    "DE": "décennie",
    "CE": "siècle",
    "ML": "millénaire",
    "WE": "week-end",
    **SEASONS,
    **_PARTS,
}
_HOURS_AND_SHORTER = {**_PARTS, "H": "heure", "M": "minute", "S": "seconde"}
_FEMININE = ("semaine", "décennie", "nuit", "heure", "minute", "seconde")
_AMOUNT = re.compile(r"([0-9.]+|X)([A-Z]+?)(?=[0-9X]|$)")
_MODIFIED = {
    "BEFORE": "avant {definite}",
    "AFTER": "après {definite}",
    "ON_OR_BEFORE": "{definite} au plus tard",
    "ON_OR_AFTER": "{definite} au plus tôt",
    "LESS_THAN": "moins {of}",
    "MORE_THAN": "plus {of}",
    "EQUAL_OR_LESS": "{definite} au plus",
    "EQUAL_OR_MORE": "{definite} au moins",
    "START": "début {of}",
    "MID": "milieu {of}",
    "END": "fin {of}",
}


def reading(
    type: DateType,
    value: str,
    published: date | None,
    *,
    mod: str | None = None,
    quant: str | None = None,
    freq: str | None = None,
) -> str:
    """What a well-formed ``value`` of a date of this type says, in French words.

    ``published`` is the day or moment of publication, from which the distance is told; without it, none is.
    ``mod``, ``quant`` and ``freq`` are the attributes of the date.
    """
    first, slash, last = value.partition("/")
    phrase = _phrase(type, first)
    if slash:
        phrase = bare(f"{phrase.of} {_phrase(type, last).to}")
    said = _modified(phrase, type, mod) if mod else phrase.alone
    if freq:
        times = re.fullmatch(r"([0-9]{1,9})X", freq)
        said = f"{times[1]}{NBSP}fois {said}" if times else f"{said} (freq{NBSP}: {freq})"
    if quant and quant not in ("EVERY", "EACH"):
        said += f" (quant{NBSP}: {quant})"
    if published is None or slash or type == "DURATION":
        return said
    day = published.date() if isinstance(published, datetime) else published
    return ", ".join(filter(None, [said, distance(first, day)]))


def reading_of(fact: GoldFact, published: date | None) -> str | None:
    """The reading of a labelled date; None for another fact, and for a value that is missing or malformed."""
    one = fact.fact
    if not isinstance(one, Date) or not one.value or malformed(one.type, one.value):
        return None
    attributes = {name: fact.attributes.get(name) for name in ("mod", "quant", "freq")}
    return reading(one.type, one.value, published, **attributes)


def _modified(phrase: Phrase, type: DateType, mod: str) -> str:
    if mod == "APPROX":
        return f"{'vers' if type in ('DATE', 'TIME') else 'environ'} {phrase.definite}"
    if mod in _MODIFIED:
        return _MODIFIED[mod].format(definite=phrase.definite, of=phrase.of)
    return f"{phrase.alone} (mod{NBSP}: {mod})"


def _phrase(type: DateType, value: str) -> Phrase:
    """One value, not a range, as a noun phrase."""
    each = type == "SET"
    if value in _REFERENCES:
        return bare(_REFERENCES[value])
    if value.startswith("P"):
        return bare(_interval(value) if each else _duration(value))
    day, with_time, time = value.partition("T")
    if not with_time:
        return calendar(value, each=each)
    if time in _PARTS:
        return _part_of_day(_PARTS[time], day, each=each)
    hours = _clock(time)
    if not day:
        return (
            bare(f"chaque jour à {hours}")
            if each
            else Phrase(f"{hours}, jour non précisé", "", hours)
        )
    on = calendar(day, each=each)
    at = f" à {hours}"
    return Phrase(on.alone + at, on.article, on.words + at)


def _part_of_day(part: str, day: str, *, each: bool) -> Phrase:
    if not day or re.fullmatch(r"XXXX-(XX-XX|WXX-X)", day):
        return some(part, each=each)
    article = "l’" if part == "après-midi" else "la " if part in ("nuit", "journée") else "le "
    exact = day_of(day)
    # The value of a night is the day on which it begins.
    if part == "nuit" and exact is not None and exact < date.max:
        words = "nuit du {} au {}".format(*stretch_words(exact, exact + timedelta(1)))
    else:
        words = f"{part} {calendar(day, each=each).of}"
    return Phrase(words, article, words)


def _clock(time: str) -> str:
    """« 9 h 30 », « 9 h », « 9 h 30 min 15 s »; midnight at the end of a day is « minuit (fin du jour) »."""
    hour, minute, second = [*time.split(":"), "", ""][:3]
    if hour == "24" and minute in ("", "00") and second in ("", "00"):
        return "minuit (fin du jour)"
    said = f"{_digits(hour)}{NBSP}h"
    if minute and (minute != "00" or second):
        said += NBSP + minute
    return f"{said}{NBSP}min{NBSP}{_digits(second)}{NBSP}s" if second else said


def _digits(number: str) -> str:
    return str(int(number)) if number.isdigit() else number


def _amounts(value: str) -> list[tuple[str, str]]:
    """The numbers of a duration, each with its noun in the singular."""
    longer, _, shorter = value[1:].partition("T")
    found = [(number, _DAYS_AND_LONGER[unit]) for number, unit in _AMOUNT.findall(longer)]
    return found + [(number, _HOURS_AND_SHORTER[unit]) for number, unit in _AMOUNT.findall(shorter)]


def _duration(value: str) -> str:
    said = [
        f"quelques {plural(noun)}" if number == "X" else counted(number, noun)
        for number, noun in _amounts(value)
    ]
    *firsts, last = said
    return f"{', '.join(firsts)} et {last}" if firsts else last


def _interval(value: str) -> str:
    """A duration after which something comes back: « chaque semaine », « toutes les 2 semaines »."""
    (number, noun), *more = _amounts(value)
    if more or not number.isdigit() or int(number) == 0:
        return f"à intervalles {elided('de', _duration(value))}"
    if int(number) == 1:
        return f"chaque {noun}"
    every = "toutes" if noun in _FEMININE else "tous"
    return f"{every} les {counted(number, noun)}"
