"""Finds where a noun phrase ends: before an adverbial, before who is spoken to, before parentheses."""

from __future__ import annotations

import re

from fact_extractors.rules import asides
from fact_extractors.rules.lexicon import is_given_name
from fact_extractors.rules.noun_phrases import (
    ABBREVIATION,
    BREAK,
    CAPITAL,
    NAME,
    PARENTHESIS,
    PARTICIPLE,
    PERSON,
    WORDS_IN,
    Stretch,
    kind_of,
    trim,
    word_lists,
)

RELATIVE_WORDS = frozenset(("qui", "dont", "où"))
_AT = re.compile(r"(?<=\w) (?:à (?:la |l'|une? |l(?=')|nos |sa |son |ses |des |les )?|aux? )(?=\w)")
_LAST_PARENTHESIS = re.compile(r"[ \u00a0\u202f]?\(([^()\n]{1,60})\)$")
_GOVERNED = re.compile(r"(?<![\w'])(?:de|à|par|avec|pour|dans|sur|chez|selon|en)\s$")
_IN_NAME = re.compile(r"\w à [A-ZÀ-Þ][\w-]+[ \u00a0]\([A-Z]")
"""*Université du Québec à Rimouski (UQAR)*."""
_TRAILING = re.compile(r"(?:[\s,]+(?:et|mais|puis|ou|car|ni|du|de|des|d'|à|au|aux))+[\s,]*$")


def part_end(folded: str, start: int, end: int) -> int:
    """Where the sentence part that starts at ``start`` ends: a strong stop or marks."""
    stop = BREAK.search(folded, start, end)
    while stop is not None and stop.group() in ("(", ".", ". "):
        if stop.group() == "(":
            close = PARENTHESIS.match(folded, stop.start())
            if close is None or close.end() > end:
                break
            stop = BREAK.search(folded, close.end(), end)
        elif ABBREVIATION.search(folded, max(start, stop.start() - 5), stop.start()):
            stop = BREAK.search(folded, stop.end(), end)
        else:
            break
    return end if stop is None else stop.start()


def cut(text: str, folded: str, chunk: Stretch) -> Stretch | None:
    """A chunk up to the first word that cannot belong to a noun phrase."""
    start, end = chunk
    lists = word_lists()
    for stop in lists.stop.finditer(folded, start, end):
        word = stop.group()
        if stop.start() == start and word in lists.determiner:
            continue
        if CAPITAL.match(text, stop.start()):
            continue
        if word == "en" and _next_word(folded, stop.end(), end) in lists.in_inside:
            continue
        if word in ("contre", "pour") and text[: stop.start()].split()[-1][:1].isupper():
            continue  # Lutte contre les changements climatiques
        if word in ("ce", "cet", "cette") and _GOVERNED.search(folded, start, stop.start()):
            continue  # les initiateurs de ce comité
        if word == "contre" and folded.endswith("lutte ", start, stop.start()):
            continue
        own = kind_of(text, folded, chunk)
        if own in ("office", "other") and (
            word == "chez" or (word == "en" and text[stop.end() + 1 : stop.end() + 2].isupper())
        ):
            continue  # équipier chez X; de l'association Lire en Marche
        of_noun = word in RELATIVE_WORDS or _close_participle(folded, start, stop.start())
        if own == "phrase" and of_noun:
            break  # a relative clause or a participle without a comma belongs to its noun
        end = stop.start()
        break
    if kind_of(text, folded, (start, end)) == "phrase":
        end = _before_listener(text, folded, start, end)
    return trim(text, start, _before_conjunction(folded, start, end))


def _next_word(folded: str, at: int, end: int) -> str:
    word = WORDS_IN.match(folded, at + 1, end)
    return word.group() if word else ""


def _close_participle(folded: str, start: int, at: int) -> bool:
    """Whether a participle that is no noun for a person stands right before ``at``."""
    found = PARTICIPLE.search(folded, max(start, at - 24), at)
    return found is not None and found.group().strip() not in word_lists().office


def _before_listener(text: str, folded: str, start: int, end: int) -> int:
    """Where a noun phrase ends before *à* with somebody who is spoken to: *la porte-parole à la presse*."""
    lists = word_lists()
    for at in _AT.finditer(folded, start, end):
        last = (
            folded[max(start, at.start() - 30) : at.start()].rpartition(" ")[2].rpartition("'")[2]
        )
        following = _next_word(folded, at.end() - 1, end).rstrip(".")
        if following in lists.at_inside or _IN_NAME.match(text, at.start() - 1, end):
            continue
        place = not (
            following in lists.listener or following[:1].isdigit() or _is_first_name(text, at.end())
        )
        takes = last in lists.takes_at or (
            PERSON.fullmatch(last) and not folded.startswith(" au ", at.start())
        )
        if not (takes and place):
            return at.start()
    return end


def _is_first_name(text: str, at: int) -> bool:
    word = re.compile(r"[\w-]+").match(text, at)
    return word is not None and is_given_name(word.group())


def _before_conjunction(folded: str, start: int, end: int) -> int:
    found = _TRAILING.search(folded, max(start, end - 12), end)
    return found.start() if found else end


def without_affiliation(text: str, phrase: Stretch) -> Stretch:
    """A noun phrase without the parentheses at its end, unless they hold the acronym of a body."""
    aside = _LAST_PARENTHESIS.search(text, *phrase)
    if aside is None:
        return phrase
    letters = [c for c in aside[1] if c.isupper()]
    named = text[phrase[0] : aside.start()]
    name = NAME.search(named)
    person = name is not None and name.end() == len(named) and " " in name.group().strip()
    initials = [w[0] for w in re.findall(r"[^\W\d_]+", named)]
    spelled = len(letters) >= 2 and all(c in "".join(initials).upper() for c in letters)
    if (person and not spelled) or (not letters or (" " in aside[1] and "," not in aside[1])):
        return phrase[0], aside.start()
    return phrase


def bare(text: str, folded: str, phrase: Stretch) -> Stretch | None:
    """A noun phrase without the asides and the affiliation at its end."""
    end = phrase[1] if "," in folded[phrase[0] : phrase[1]] else asides.back_over(folded, *phrase)
    found = trim(text, phrase[0], end)
    return None if found is None else without_affiliation(text, found)
