"""Which phenomena of ``docs/phenomena.md`` can be seen in a text, by its characters or by predicted facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from factharness.facts import Date, Entity, Fact, Quote
from factharness.score.names import names_somebody
from factharness.text import PARAGRAPH_BREAK

_IN_THE_TEXT = {
    "guillemets-nbsp": r"«\u00a0",
    "guillemets-nnbsp": r"«\u202f",
    "guillemets-tight": r"«\w",
    "english-quotes": r"(?s)\A[^«]*(?:[“”]|\"\w[^\"\n«]*\")[^«]*\Z",
    "dialogue-dash": r"(?m)^[–—-] ",
    "numeric-date": r"\b[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?\b",
    "clock-time": r"\b[0-9]{1,2} ?h(?:eures?)?\b|\b[0-9]{1,2} ?h ?[0-9]{2}\b",
    "title-before-name": r"\b(?:MM?\.|Mmes?|Mlles?|Me|Dr|Pr)[ \u00a0\u202f][A-ZÉÈÀÇ]",
    "initials": r"\b(?!M\.[^-\w])[A-ZÉ]\.(?:-?[A-ZÉ]\.)*[ \u00a0\u202f]?[A-ZÉ][a-zé]",
    "acronym": r"\b[A-ZÉ]{2,}\b",
}
_SIGNS = {tag: re.compile(pattern) for tag, pattern in _IN_THE_TEXT.items()}

_IN_THE_VALUE = {
    "decade": r"(?:BC)?[0-9]{3}",
    "century": r"(?:BC)?[0-9]{2}",
    "season": r"[0-9X]{4}-(?:SP|SU|FA|WI)",
    "quarter": r"[0-9X]{4}-[QH][0-9X]",
    "part-of-day": r".*T(?:MO|MI|AF|EV|NI)",
}
_VALUES = {tag: re.compile(pattern) for tag, pattern in _IN_THE_VALUE.items()}


def visible(text: str, facts: Iterable[Fact]) -> frozenset[str]:
    """The tags of the phenomena that are seen in a text or in what a back end found in it."""
    found = {tag for tag, sign in _SIGNS.items() if sign.search(text)}
    if _shouts(text):
        found.add("all-caps-headline")
        found.discard("acronym")
    for fact in facts:
        found.update(_of_fact(fact, text))
    return frozenset(found)


def _shouts(text: str) -> bool:
    """Whether the first line is in capitals, three words of it or more."""
    headline = text.partition("\n")[0]
    return headline.isupper() and len(headline.split()) > 2


def _of_fact(fact: Fact, text: str) -> Iterator[str]:
    if isinstance(fact, Quote):
        yield from _of_quote(fact, text)
    elif isinstance(fact, Entity):
        if fact.label == "PER" and re.search(r"\w-\w", fact.span.of(text)):
            yield "hyphenated-name"
    elif isinstance(fact, Date):
        yield from (tag for tag, form in _VALUES.items() if form.fullmatch(fact.value or ""))
        if fact.type in ("DURATION", "SET"):
            yield fact.type.lower()


def _of_quote(quote: Quote, text: str) -> Iterator[str]:
    if quote.type in ("mixed", "indirect"):
        yield f"{quote.type}-quote"
    between = text[quote.content[0].start : quote.content[-1].end]
    if PARAGRAPH_BREAK in between:
        yield "multi-paragraph-quote"
    elif len(quote.content) > 1:
        yield "split-quote"
    if quote.speaker is not None and not names_somebody(quote.speaker.of(text)):
        yield "pronoun-speaker"
