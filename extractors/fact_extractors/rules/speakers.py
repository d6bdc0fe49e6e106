"""The noun phrase that names a speaker: to the left of a cue, to its right, or after *selon*.

:mod:`.noun_phrases` says what a noun phrase is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from fact_extractors.rules import asides
from fact_extractors.rules.lexicon import is_given_name
from fact_extractors.rules.noun_phrases import (
    AGE,
    CAPITAL,
    LINK,
    LINK_INSIDE,
    WORDS_IN,
    Stretch,
    before_verb,
    chunks_of,
    has_clause,
    is_bare_apposition,
    is_name,
    is_of,
    is_office,
    kind_of,
    name_end,
    office_inside,
    says_more,
    trim,
    word_at,
    word_lists,
)
from fact_extractors.rules.phrase_ends import bare, cut, part_end

_CONJUNCTION_FIRST = re.compile(r"(?:et|mais|or|car|ou|donc|puis|si|motif|reste)\b")
_VERBAL = re.compile(
    r"(?<![\w'])(?:a|ont|est|sont|était|avait|sera|va|n'|ne|se|s'|il|elle|on)(?![\w-])|é[es]?(?!\w)"
)
_ADJUNCT = re.compile(r"\s(?:à|au|aux|en|dans|lors|sur|devant|pour|par|depuis)\s")
_ADJUNCT_FIRST = re.compile(
    r"(?:à|aux?|en(?! (?:a|ont|est|sont|était|avait|reste|fait)\b)|dans|sur|d[eu]s?|pour|par|contre|chez|sans|"
    r"sous|vers) |d'"
)


def after(
    text: str, folded: str, start: int, end: int, *, opening: bool = False, plural: bool = False
) -> Stretch | None:
    """The noun phrase that starts at ``start`` (after a cue or *selon*), with its apposition.

    It ends at the latest at ``end``. After an ``opening`` *selon X*, what follows the comma is mostly the
    clause. Several may be named where they are ``plural``.
    """
    limit = part_end(folded, start, end)
    chunks = list(islice(chunks_of(text, start, limit), 8))
    if not chunks:
        return None
    pronoun = word_lists().pronoun_first.match(folded, start, limit)
    if pronoun is not None and pronoun.group().strip() not in (
        "ce",
        "tous",
        "certains",
        "personne",
    ):
        return trim(text, pronoun.start(), pronoun.end())
    first = cut(text, folded, chunks[0])
    if first is None:
        return None
    kind = kind_of(text, folded, first)
    if kind == "other":
        return None
    adjunct = _ADJUNCT.search(folded, *first) if kind == "name" else None
    if adjunct is not None:
        return first[0], adjunct.start()
    found = first
    if first[1] == chunks[0][1]:
        if plural:
            found = _last_of_list(text, folded, first, chunks[1:])
        if found == first:
            found = _with_appositions(text, folded, first, kind, chunks[1:], opening=opening)
    return bare(text, folded, found)


def _with_appositions(
    text: str, folded: str, first: Stretch, kind: str, chunks: Sequence[Stretch], *, opening: bool
) -> Stretch:
    """A noun phrase with what says more about it between commas."""
    end = first[1]
    for n, chunk in enumerate(chunks):
        own = cut(text, folded, chunk)
        if own is None:
            break
        if AGE.match(folded, *own):
            continue  # an age at the end is out
        if not _is_apposition(text, folded, kind, own, (first, opening), last=n == len(chunks) - 1):
            break
        end = own[1]
        if kind != "name":
            end = name_end(text, own) if kind_of(text, folded, own) == "name" else own[1]
            kind = "name"
        if end != chunk[1]:
            break
    return first[0], end


def _last_of_list(text: str, folded: str, found: Stretch, chunks: Sequence[Stretch]) -> Stretch:
    """A noun phrase with those that follow it in a list: *A, B et C*."""
    linked = False
    end = found[1]
    for chunk in chunks:
        link = LINK.match(folded, *chunk)
        own = cut(text, folded, (link.end(), chunk[1]) if link else chunk)
        if own is None or has_clause(folded, own):
            break
        kind = kind_of(text, folded, own)
        if linked and not (kind == "name" or says_more(text, folded, own)):
            break
        if kind not in ("name", "phrase") and not says_more(text, folded, own):
            break
        linked = linked or link is not None or LINK_INSIDE.search(folded, *own) is not None
        end = own[1]
        if end != chunk[1]:
            break
    return (found[0], end) if linked else found


def after_verb(
    text: str, folded: str, start: int, end: int, *, plural: bool = False
) -> Stretch | None:
    """:func:`after` for the verb of an incise: an adverbial may stand before the subject.

    *a déclaré mardi à la presse le ministre*, *glisse, sous couvert d'anonymat, un cadre*.
    """
    past = asides.past(folded, start, end)
    if past > start and not any(map(str.isupper, text[start:past])):
        found = after(text, folded, past, end, plural=plural)
        if found is not None:
            return found
    found = after(text, folded, start, end, plural=plural)
    if found is not None and folded[start : found[0]].strip(" \n") == "":
        return found
    limit = min(part_end(folded, start, end), start + 140)
    previous = ""
    for word in WORDS_IN.finditer(folded, start, limit):
        token = word.group()
        opens = token in word_lists().determiner and token not in (
            "ce",
            "cette",
            "tout",
            "du",
            "des",
            "deux",
        )
        if (
            (opens or CAPITAL.match(text, word.start()))
            and previous
            and previous not in word_lists().governing
        ):
            between = text[start : word.start()]
            follows_comma = between.rstrip().endswith(",")
            named = previous in word_lists().day or _begins_name(text, word.start())
            if opens or follows_comma or named:
                return after(text, folded, word.start(), end, plural=plural)
        previous = token
    return None


def _ends_with_person(text: str, folded: str, phrase: Stretch) -> bool:
    """Whether a phrase ends with somebody else, whom an apposition describes: *les parents de X, lycéen*."""
    of = re.compile(r"(?<!\w)(?:de |d')(?=\w)").finditer(folded, *phrase)
    return any(is_given_name(word_at(text, found.end())) for found in of)


def _begins_name(text: str, at: int) -> bool:
    """Whether a person's name begins here: a given name, or a name behind an acronym (*à l'AFP Anne Vial*)."""
    before_it = text[max(0, at - 24) : at].split()
    acronym = bool(before_it) and sum(map(str.isupper, before_it[-1])) > 1
    return is_given_name(word_at(text, at)) or acronym


def first(text: str, folded: str, start: int, end: int) -> Stretch | None:
    """The noun phrase a sentence starts with, behind what may open it: what it is about; None when it starts
    otherwise."""
    said_of = word_lists().pronoun_first.match(folded, start, end)
    if said_of is not None and "lui" in said_of.group():
        return trim(text, *said_of.span())
    for chunk in islice(chunks_of(text, start, part_end(folded, start, end)), 4):
        opens = kind_of(text, folded, chunk)
        if opens != "other":
            start = chunk[0]
            break
        if _CONJUNCTION_FIRST.match(folded, *chunk) or has_clause(folded, chunk):
            return None
    else:
        return None
    phrase = after(text, folded, start, end)
    if phrase is None or phrase[0] > start + 8 or _CONJUNCTION_FIRST.match(folded, phrase[0]):
        return None
    kind = kind_of(text, folded, phrase)
    if kind == "name" and not is_name(text, (phrase[0], name_end(text, phrase))):
        return None
    if kind == "name":
        name = name_end(text, phrase)
        stop = folded[name:end].lstrip()
        if _ADJUNCT_FIRST.match(stop) and ":" in stop[:60]:
            return None  # « Incendie à Rimouski : »
        if name < phrase[1] and folded[name] != ",":
            phrase = phrase[0], max(name, phrase[0] + 1)
    return before_verb(folded, phrase)


def _is_apposition(
    text: str, folded: str, kind: str, chunk: Stretch, of: tuple[Stretch, bool], *, last: bool
) -> bool:
    """Whether a chunk identifies the noun phrase of kind ``kind`` before it: a name for a function, or the
    other way round. ``of`` is that noun phrase, and whether it opens the sentence after *selon*."""
    own = kind_of(text, folded, chunk)
    phrase, opening = of
    if kind in ("phrase", "office"):
        if own == "name":
            whole = is_name(text, chunk) or not opening
            return whole and (not opening or is_office(folded, phrase))
        says_so = own in ("office", "other") and is_bare_apposition(folded, chunk)
        return says_so and not _ends_with_person(text, folded, phrase)
    if kind != "name":
        return False
    if own == "office" or (is_bare_apposition(folded, chunk) and own == "other"):
        return True
    if own == "phrase":
        return office_inside(folded, chunk) and not has_clause(folded, chunk)
    if is_of(text, folded, chunk):
        return True
    first = WORDS_IN.match(folded, *chunk)
    return (
        own == "other"
        and first is not None
        and not last
        and first.group().isalpha()
        and first.group() not in word_lists().adverbial
        and not _VERBAL.search(folded, *chunk)
        and not asides.is_aside(folded, *chunk)
    )
