"""Finds words that an annotator may have missed: capitals outside entities, time words outside dates.

Hints, not checks: a capital is often just a capital. « été » is looked at after an article or a preposition
only, where it is no participle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from factharness.facts import Date, Entity, GoldArticle, GoldFact, Span
from factharness.gold.timex import MONTHS, WEEKDAYS
from factharness.text import fold

_REST = r"[\w-]*+(?:\.(?=\w)[\w-]*+)*"
_WORD = re.compile(rf"(?:[0-9a-zß-öø-ÿœ]{_REST}|[\W_]++)*(?:([^\W_]{_REST})|\Z)")
"""The next word that may start with a capital, in the group, or what is left of the text without one."""
_OPENS = re.compile(r"(?:^|[.!?…:;]['\"»”)\]]* |\n)[\s«»“”\"'(\[—–-]*$")
_OTHER_TIMES = (
    "hier|demain|aujourd'hui|avant-hier|après-demain|veille|lendemain|surlendemain|maintenant"
    "|matins?|matinée|midi|après-midi|soirs?|soirée|nuits?|minuit|week-end"
    "|secondes?|minutes?|heures?|jours?|journée|semaines?|mois|trimestres?|semestres?|ans?|années?"
    "|décennies?|siècles?|printemps|automne|hiver"
)
_TIMES = (*WEEKDAYS, *MONTHS, *_OTHER_TIMES.split("|"))
# A letter is compared with each initial once, and not with each word.
_BY_INITIAL = "|".join(
    f"{initial}(?:{'|'.join(word[1:] for word in _TIMES if word[0] == initial)})"
    for initial in sorted({word[0] for word in _TIMES})
)
_TIME = re.compile(
    rf"(?<![\w-])(?:{_BY_INITIAL}"
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
    found = [hint for hint in candidates(gold.article.text) if hint.kind not in gold.skip]
    return bare(found, gold.facts, gold.article.text)


@lru_cache(maxsize=16)
def candidates(text: str) -> tuple[Hint, ...]:
    """The words of a text that look like part of an entity or a date, labelled or not, by offset."""
    found = [Hint(span, "entity") for span in _capitals(text)]
    found += [Hint(Span(*hit.span()), "date") for hit in _TIME.finditer(fold(text))]
    return tuple(sorted(found, key=lambda hint: (hint.span, hint.kind)))


def bare(found: Iterable[Hint], facts: Iterable[GoldFact], text: str) -> list[Hint]:
    """Those of the hints that are in no entity and in no date."""
    covered = bytearray(len(text))
    for fact in facts:
        if isinstance(fact.fact, Entity | Date):
            span = fact.fact.span
            covered[span.start : span.end] = b"\1" * (span.end - span.start)
    return [hint for hint in found if not any(covered[hint.span.start : hint.span.end])]


def _capitals(text: str) -> Iterator[Span]:
    """Capitalised words that do not open a sentence, and words all in capitals anywhere."""
    for word in _WORD.finditer(text):
        first = word[1]
        if not first or not first[0].isupper():
            continue
        shouted = len(first) > 1 and first.isupper()
        if shouted or not opens_sentence(text, word.start(1)):
            yield Span(*word.span(1))


def opens_sentence(text: str, position: int) -> bool:
    """Whether a word that starts at ``position`` is the first of its sentence, or stands behind a colon."""
    return bool(_OPENS.search(text[max(0, position - 12) : position]))
