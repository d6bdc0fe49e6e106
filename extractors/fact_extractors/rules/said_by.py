"""Tells whether a noun phrase may name a speaker: a person, a body, a paper, but no occasion and no title."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from fact_extractors.rules.data import document
from fact_extractors.rules.noun_phrases import (
    CAPITAL,
    PERSON,
    WORDS_IN,
    Stretch,
    is_office,
    kind_of,
    word_lists,
)


@cache
def _titled() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(document('phrases')['titled'])})\s*$")


def names_a_title(folded: str, start: int, end: int) -> bool:
    """Whether the last word of a stretch says that a name or a title follows it: *le film*, *intitulé*."""
    return _titled().search(folded, max(start, end - 30), end) is not None


def is_person(text: str, folded: str, phrase: Stretch) -> bool:
    """Whether a noun phrase may name a person: a name, a function, a pronoun, a relative."""
    kind = kind_of(text, folded, phrase)
    if kind in ("pronoun", "name", "office"):
        return True
    capital = re.search(r"\s[A-ZÀ-Þ][a-zà-ÿ]+", text[phrase[0] : phrase[1]]) is not None
    return capital or is_office(folded, phrase)


def may_say(text: str, folded: str, phrase: Stretch) -> bool:
    """Whether a noun phrase names a person or a body that can speak."""
    words = [word.group() for word in islice(WORDS_IN.finditer(folded, *phrase), 4)]
    lists = word_lists()
    return kind_of(text, folded, phrase) != "phrase" or any(
        word in lists.office
        or word in lists.speaking
        or word in lists.document
        or PERSON.fullmatch(word)
        for word in words
    )


def may_be_source(text: str, folded: str, phrase: Stretch, *, set_off: bool) -> bool:
    """Whether the phrase after *selon* names a speaker (*selon le maire*), not a criterion (*selon l'âge*).

    Without a comma before *selon*, only sure speakers count.
    """
    lists = word_lists()
    common = [
        word.group()
        for word in islice(WORDS_IN.finditer(folded, *phrase), 3)
        if not CAPITAL.match(text, word.start())
    ]
    if folded.startswith(("ce que ", "ce qu'"), phrase[0]) or lists.no_source.intersection(common):
        return False
    named = kind_of(text, folded, phrase) == "phrase" and any(
        CAPITAL.match(text, word.start())
        for word in islice(WORDS_IN.finditer(folded, *phrase), 1, 2)
    )
    return set_off or named or may_say(text, folded, phrase)


def may_speak(text: str, folded: str, phrase: Stretch) -> bool:
    """Whether a phrase after *pour* may be a source: a name, a person, a body that speaks; no occasion."""
    lists = word_lists()
    if lists.occasion.match(text, *phrase):
        return False
    if kind_of(text, folded, phrase) in ("office", "other"):
        return False
    second = islice(WORDS_IN.finditer(folded, *phrase), 1, 2)
    named = any(CAPITAL.match(text, word.start()) for word in second)
    return named or may_say(text, folded, phrase)
