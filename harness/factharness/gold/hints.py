"""Finds words that an annotator may have missed: capitals outside entities, time words outside dates.

Hints, not checks: a capital is often just a capital. « été » is looked at after an article or a preposition
only, where it is no participle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from factharness.facts import Date, Entity, GoldArticle, Span
from factharness.gold.timex import MONTHS, WEEKDAYS
from factharness.text import fold

_WORD = re.compile(r"[^\W_](?:[\w-]|\.(?=\w))*")
_OPENS = re.compile(r"(?:^|[.!?…:;]['\"»”)\]]* |\n)[\s«»“”\"'(\[—–-]*$")
_TIME = re.compile(
    r"(?<![\w-])(?:"
    + "|".join((*WEEKDAYS, *MONTHS))
    + r"|hier|demain|aujourd'hui|avant-hier|après-demain|veille|lendemain|surlendemain|maintenant"
    r"|matins?|matinée|midi|après-midi|soirs?|soirée|nuits?|minuit|week-end"
    r"|secondes?|minutes?|heures?|jours?|journée|semaines?|mois|trimestres?|semestres?|ans?|années?"
    r"|décennies?|siècles?|printemps|automne|hiver"
    r"|(?:(?<=l')|(?<=d')|(?<=cet )|(?<=en )|(?<=chaque ))été"
    r"|(?:1[0-9]|20)[0-9]{2}|[0-9]{1,2} ?h(?: ?[0-9]{2})?"
    r")(?![\w-])",
    re.IGNORECASE,
)


class Hint(Struct, frozen=True):
    """A word that looks like part of an entity or a date and is in none."""

    span: Span
    kind: Literal["entity", "date"]


def hints(gold: GoldArticle) -> list[Hint]:
    """The hints of an article, by offset; none in a layer that was skipped."""
    text = gold.article.text
    found = [Hint(span, "entity") for span in _capitals(text)] if "entity" not in gold.skip else []
    if "date" not in gold.skip:
        found += [Hint(Span(*hit.span()), "date") for hit in _TIME.finditer(fold(text))]
    covered = bytearray(len(text))
    for fact in gold.facts:
        if isinstance(fact.fact, Entity | Date):
            span = fact.fact.span
            covered[span.start : span.end] = b"\1" * (span.end - span.start)
    bare = [hint for hint in found if not any(covered[hint.span.start : hint.span.end])]
    return sorted(bare, key=lambda hint: (hint.span, hint.kind))


def _capitals(text: str) -> Iterator[Span]:
    """Capitalised words that do not open a sentence, and words all in capitals anywhere."""
    for word in _WORD.finditer(text):
        first = word[0]
        if not first[0].isupper():
            continue
        shouted = len(first) > 1 and first.isupper()
        if shouted or not _OPENS.search(text[max(0, word.start() - 12) : word.start()]):
            yield Span(*word.span())
