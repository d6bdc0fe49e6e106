"""Finds by patterns the time expressions that the rules back end does not find.

A pattern gives an extent and a type; the value is what the words mean as a short form (``gold/short_values``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from factharness.errors import GoldError
from factharness.facts import Date, DateType, Span
from factharness.gold.french import roman
from factharness.gold.short_values import expand
from factharness.gold.timex import MONTHS, WEEKDAYS
from factharness.text import fold

_FROM_ONE = (
    *("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100}
_NUMBERS = {word: number for number, word in enumerate(_FROM_ONE, 1)} | {"une": 1} | _TENS
_FEW = ("quelques", "plusieurs")


def _any(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


_NUMBER = _any(r"[0-9]{1,4}(?:,[0-9])?", *_NUMBERS, *_FEW)
_UNIT = _any(
    *("secondes?", "minutes?", "heures?", "jours?", "nuits?", "semaines?", "mois", "trimestres?"),
    *("semestres?", "ans?", "années?", "décennies?", "siècles?"),
)
_WEEKDAY, _MONTH = _any(*WEEKDAYS), _any(*MONTHS)
_PART = _any("matin", "matinée", "midi", "après-midi", "soir", "soirée", "nuit")
_LONGER = _any("week-end", "semaine", "mois", "trimestre", "semestre", "année", "an", "siècle")
# « été » is a season behind some words only, elsewhere mostly a participle.
_SEASON = _any(
    "printemps",
    "automne",
    "hiver",
    "(?:(?<=l')|(?<=d')|(?<=cet )|(?<=en )|(?<=chaque )|(?<=autre ))été",
)
_NAMED = _any(_WEEKDAY, _MONTH, _SEASON, _LONGER)
_WHICH = _any("prochaine?", "derni(?:er|ère)", "passée?", "suivante?", "précédente?", "écoulée?")
_YEAR = r"(?:1[0-9]|20)[0-9]{2}"
_CLOCK = r"(?:[0-9]{1,2} ?h(?:eures?)?(?: ?[0-9]{2})?|minuit|midi)"
_HEAD = r"(?:(?:début|milieu|fin) (?:de |du |d'|des )?(?:la |l'|le )?|mi-)"

# Each pattern with its type; where two match at one place, the first counts.
_SURFACES: tuple[tuple[DateType, str], ...] = (
    ("SET", rf"(?:chaque|par|tous les|toutes les|aux) (?:{_NUMBER} )?(?:{_UNIT}|{_PART}|{_NAMED})s?"),
    ("SET", rf"une? {_UNIT} sur {_NUMBER}"),
    ("DATE", rf"(?:il y a|dans) {_NUMBER} {_UNIT}|{_NUMBER} {_UNIT} plus (?:tard|tôt)"),
    ("TIME", rf"(?:(?:{_WEEKDAY}|veille|lendemain)(?:,? à | ))?{_CLOCK}"),
    ("DURATION", rf"{_NUMBER} {_UNIT}(?: et demie?)?|(?:une? )?demi-(?:siècle|heure)"),
    ("DATE", rf"(?:{_WEEKDAY} )?(?:1er|[0-9]{{1,2}})[ -]{_MONTH}(?: {_YEAR})?"),
    ("DATE", rf"{_HEAD}(?:{_NAMED}|{_PART}|{_YEAR})(?: {_WHICH}| {_YEAR})?"),
    ("DATE", rf"(?:(?:ce|cet|cette) )?{_NAMED} {_WHICH}(?: {_PART})?"),
    ("DATE", rf"(?:ce|cet|cette) (?:{_NAMED}|{_PART})(?:-là)?"),
    ("DATE", rf"(?:{_WEEKDAY}|{_MONTH}|{_SEASON})(?: {_PART}| {_YEAR})?"),
    ("DATE", "week-end|avant-hier|hier|aujourd'hui|demain|après-demain|veille|lendemain|surlendemain"),
    ("DATE", "matinée|après-midi|soirée|soir|nuit|journée"),
    ("DATE", rf"années? (?:[0-9]{{2}}|{_YEAR})|(?-i:[XVI]{{1,5}}e)(?: siècle)?|{_YEAR}"),
)  # fmt: skip
_PATTERNS = [
    (type, re.compile(rf"(?<![\w-])(?:{surface})(?![\w-])", re.IGNORECASE))
    for type, surface in _SURFACES
]

# Replacements, applied in this order, that turn words with their numbers in figures into a short form.
_SHORT = tuple(
    (re.compile(pattern), short)
    for pattern, short in (
        (r"^1 nuit sur ([0-9]+)$", r"\1 jours"),
        (r"^1 (\S+) sur ([0-9]+)$", r"\2 \1"),
        (r"^il y a ([0-9]+) (min|[a-z])\S*$", r"-\1\2"),
        (r"^dans ([0-9]+) (min|[a-z])\S*$", r"+\1\2"),
        (r"^(?:chaque|par|tous les|toutes les|aux|ce|cet|cette) ", ""),
        (rf"^(?={_UNIT}$)(?!nuit)", "1 "),
        (r"^(?:1 )?demi-siècle$", "50 ans"),
        (r"^(?:1 )?demi-heure$", "30 min"),
        (r"^([0-9]+) heures? et demie$", r"\1h30"),
    )
)
_CENTURIES = {roman(number).lower(): number for number in range(1, 31)}


def unseen(text: str, published: date | None, seen: list[Span]) -> Iterator[Date]:
    """The expressions of the patterns that touch none of the spans seen, nor each other."""
    folded = fold(text)
    taken = bytearray(len(text))
    for span in seen:
        taken[span.start : span.end] = b"\1" * len(span)
    for type, pattern in _PATTERNS:
        for hit in pattern.finditer(folded):
            start, end = hit.span()
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                yield _dated(Span(start, end), folded[start:end], type, published)


def _dated(span: Span, words: str, type: DateType, published: date | None) -> Date:
    if published is None:
        return Date(span, type)
    try:
        found = expand(_in_figures(words), published, type=type, words=words)
    except GoldError:
        return Date(span, type)
    return Date(span, found.type, found.value)


def _in_figures(words: str) -> str:
    """A short form of the words: numbers in figures, « il y a » and « dans » as signs, no « chaque »."""
    said = " ".join(
        "x" if word in _FEW else str(_NUMBERS.get(word, word)) for word in words.lower().split()
    )
    for pattern, short in _SHORT:
        said = pattern.sub(short, said)
    century = _CENTURIES.get(said.removesuffix(" siècle"))
    return f"{century}e" if century else said
