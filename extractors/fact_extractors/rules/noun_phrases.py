"""Noun phrases that name a speaker. A text is cut into chunks between commas; each has a kind and an end.

A shallow grammar with the word lists of ``data/phrases.toml``: no parser, no tagger. All functions work on the
narrator's text (see :mod:`.narration`) and give offsets, or None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from fact_extractors.rules import asides, tense
from fact_extractors.rules.data import document
from fact_extractors.rules.lexicon import is_given_name

Stretch = tuple[int, int]

WORDS_IN = re.compile(r"(?:\w'|\w+'|[\w\u2011-]+\.?)")
BREAK = re.compile(r"[;:.!?…«»“”\"„()\[\]–—\x00\n]|(?<=\w)\. ")
_STOPS = re.compile(r"[()]|,(?!\d)")
CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")
_PARTICLE = r"(?:d[eu]|des|la|le|les|von|van|den|der|ben|bin|ould|al|el|da|di|dos|del|y|et|&|d['’])"
_PARTICLE_FIRST = re.compile(r"(?:al|el|ad|as|ar|ben|bin|van|von|den|der)[ -][A-ZÀ-ÖØ-Þ]")
_PROPER = r"(?:[A-ZÀ-ÖØ-Þ][\w'’.\u2011-]*|d['’][A-ZÀ-ÖØ-Þ]\w*)"
NAME = re.compile(
    rf"(?:{_PARTICLE}[ \u00a0\u202f])*{_PROPER}"
    rf"(?:[ \u00a0\u202f](?:[«“\"][^«»“”\"\n]{{1,30}}[»”\"][ \u00a0\u202f])?"
    rf"(?:(?:{_PARTICLE}[ \u00a0\u202f]){{0,3}}{_PROPER}|\d+))*"
)
"""A name with its particles, a nickname in marks inside; several joined by *et*."""
AGE = re.compile(r"\d{1,3} ans\b")
PERSON = re.compile(
    r"(?!(?:fier|fière|enti(?:er|ère)|(?:derni|premi)(?:er|ère)|amère?|chère?|sévère|sincère|colère|hier|manière|frontière|lumière|"
    r"solidaire|nécessaire|contraire|heure|peur|cœur|douleur|fureur|humeur|couleur|ailleurs|leur|leurs|meilleure?|"
    r"extérieure?|inférieure?|supérieure?|ultérieure?|derrière|arrière|quartier|chantier|papier|dossier|métier|atelier|cahier|clavier|escalier|janvier|février|calendrier|"
    r"courrier|danger|étranger|léger|secteur|moteur|valeur|hauteur|longueur|largeur|faveur|chaleur|rigueur|"
    r"intérieure?|majeure?|mineure?|postérieure?|antérieure?|cuisine|bien|rien|combien|sien|lien|bleu)s?(?!\w))"
    r"[a-zà-ÿ-]+(?:eure?|euse|[tsd]rice|iste|yste|ien|ienne|logue|nome|ier|ière|ger|gère|cher|chère|"
    r"arque|iatre|graphe|crate|conseil|man|woman)s?(?!\w)"
)
"""A noun for a person by its ending: *mécanicien*, *hydrobiologiste*, *vigneronne*."""
PARTICIPLE = re.compile(r"(?<![\w'])\w{2,}(?:ée?s?|ie?s?|ue?s?|ise?s?|ite?s?|erte?s?|inte?s?) $")
_OPENER = re.compile(
    r"[A-ZÀ-Þ]\w*(?:ant|ée?s?|ment) (?=(?:par|en|à|au|aux|de|du|d['’]|dans|sur|pour|hier|que|qu['’]|"
    r"le|la|les|une?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|avec|chez|depuis|face|devant)\b)"
)
"""A participle or an adverb that opens a sentence: *Élue en 2020*, *Rappelant que*."""
ABBREVIATION = re.compile(r"(?<!\w)(?:mm?|mme|mlle|dr|pr|me|mgr|st|[a-z])$")
_TITLED = re.compile(r"(?:M|MM|Mme|Mmes|Mlle|Me|Mgr|Dr|Pr)\.?[ \u00a0\u202f](?=[A-ZÀ-ÖØ-Þ])")
FINITE = re.compile(
    r"(?<![\w'-])(?:a|ont|avait|avaient|est|sont|était|étaient|sera|seront|fut|va|vont|doit|doivent|peut|"
    r"peuvent|fait|ne|se|met|mettait)(?![\w-])"
    r"|(?<![\w'-])[ns]'(?=\w)"
)
PARENTHESIS = re.compile(r"\s?\([^()\n]{1,60}\)")


_SUBJECT_PRONOUN = re.compile(r"(?:ils?|elles?|on|je|nous|vous)(?=\s)")
LINK = re.compile(r"(?:et|ainsi que|ou|ni|tout comme|de même que|mais aussi)\s+")
LINK_INSIDE = re.compile(r"[\s,](?:et|ainsi que|ou|ni|tout comme|de même que)\s")
_CLAUSE_PRONOUN = re.compile(
    r"(?<![\w'-])(?:il|elle|ils|elles|on|je|nous|vous|c'est|qui|que|qu')(?![\w-])"
)
_OF = re.compile(r"(?:du|de la|de l'|de|d')\s?(?=\w)")


class PhraseLists(NamedTuple):
    """The word lists of ``phrases.toml``, as sets and as patterns."""

    determiner: frozenset[str]
    pronoun: frozenset[str]
    office: frozenset[str]
    adverbial: frozenset[str]
    stop: re.Pattern[str]
    clause: re.Pattern[str]
    pronoun_last: re.Pattern[str]
    pronoun_first: re.Pattern[str]
    governing: frozenset[str]
    day: frozenset[str]
    occasion: re.Pattern[str]
    indefinite: re.Pattern[str]
    no_speaker: re.Pattern[str]
    takes_at: frozenset[str]
    at_inside: frozenset[str]
    listener: frozenset[str]
    in_inside: frozenset[str]
    speaking: frozenset[str]
    no_source: frozenset[str]
    document: frozenset[str]


def _any(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@cache
def word_lists() -> PhraseLists:
    """The word lists, read once."""
    data = document("phrases")
    pronouns = _any(data["pronoun"])
    return PhraseLists(
        frozenset(data["determiner"]),
        frozenset(data["pronoun"]),
        frozenset(data["office"]),
        frozenset(data["adverbial"]),
        re.compile(rf"(?<![\w'-])(?:{_any(data['stop'])})(?![\w'-])"),
        re.compile(r"(?:(?<=[\s,])(?:mais|or|car|donc|tandis que|alors que|où|puisque|parce que|lorsque|quand|"
                   r"si|et|que) |(?<![\w'])qu')"),
        re.compile(rf"(?<![\w'-])(?:{pronouns})\s*$"),
        re.compile(rf"\s*(?:{pronouns})(?![\w'-])"),
        frozenset(data["governing"]),
        frozenset(data["day"]),
        re.compile(rf"(?:{'|'.join(data['occasion'])})", re.IGNORECASE),
        re.compile("|".join(data["indefinite"])),
        re.compile("|".join(data["no_speaker"])),
        *(frozenset(data[name]) for name in ("takes_at", "at_inside", "listener", "in_inside", "speaking",
                                             "no_source", "document")),
    )  # fmt: skip


def trim(text: str, start: int, end: int) -> Stretch | None:
    """A stretch without the spaces, commas and dashes at its ends; None when nothing is left."""
    while start < end and (text[start].isspace() or text[start] in ",;:-–—"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:-–—"):
        end -= 1
    return (start, end) if start < end else None


def chunks_of(text: str, start: int, end: int) -> Iterator[Stretch]:
    """The stretches between commas, those in parentheses left with what they follow."""
    reached = start
    depth = 0
    for match in _STOPS.finditer(text, start, end):
        if match.group() == "(":
            depth += 1
        elif match.group() == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            chunk = trim(text, reached, match.start())
            if chunk is not None:
                yield chunk
            reached = match.end()
    chunk = trim(text, reached, end)
    if chunk is not None:
        yield chunk


@lru_cache(maxsize=1 << 8)
def kind_of(text: str, folded: str, chunk: Stretch) -> str:
    """What a chunk is: ``name`` (*M. X* too), ``phrase`` (with article), ``office``, ``pronoun``, ``other``."""
    lists = word_lists()
    start, end = chunk
    first = WORDS_IN.match(folded, start, end)
    if first is None:
        return "other"
    word = first.group()
    if folded[start:end] in lists.pronoun:
        return "pronoun"
    if _TITLED.match(text, start):
        return "name"
    if lists.no_speaker.match(folded, start, end):
        return "other"
    if lists.indefinite.match(folded, start, end):
        return "phrase"
    if AGE.match(folded, start, end) or asides.is_aside(folded, start, end):
        return "other"
    if word in lists.determiner:
        return "phrase"
    if word in lists.adverbial or _is_opener(text, chunk):
        return "other"
    if CAPITAL.match(text, start) or _PARTICLE_FIRST.match(text, start, end):
        return "name"
    if word in lists.office:
        return "office"
    return "other"


def _is_opener(text: str, chunk: Stretch) -> bool:
    """Whether the capital of a chunk's first word is that of the sentence, not of a name."""
    opener = _OPENER.match(text, *chunk)
    return opener is not None and not is_given_name(opener.group().strip())


@cache
def _no_predicate() -> frozenset[str]:
    return frozenset(document("phrases")["no_predicate"])


def may_begin_with_verb(folded: str, inner: Stretch) -> bool:
    """Whether the first word of a stretch may be a verb: no article, preposition or conjunction."""
    first = WORDS_IN.match(folded, *inner)
    return first is not None and first.group() not in _no_predicate()


def is_name(text: str, chunk: Stretch) -> bool:
    """Whether a chunk is a name and nothing else, but for something in parentheses."""
    match = NAME.match(text, *chunk)
    if match is None or not CAPITAL.match(text, chunk[0]):
        return False
    rest = PARENTHESIS.match(text, match.end())
    return (rest.end() if rest else match.end()) >= chunk[1]


def before_verb(folded: str, chunk: Stretch) -> Stretch | None:
    """The part of a chunk before its finite verb: the subject of what a gerund goes on with."""
    pronoun = _SUBJECT_PRONOUN.match(folded, *chunk)
    if pronoun is not None:
        return pronoun.span()
    verb = FINITE.search(folded, *chunk)
    if verb is None:
        return chunk
    return trim(folded, chunk[0], verb.start())


def has_verb(folded: str, start: int, end: int) -> bool:
    """Whether an auxiliary, a negation or a clitic shows that a finite verb stands in a stretch."""
    return FINITE.search(folded, start, end) is not None


def name_end(text: str, chunk: Stretch) -> int:
    """Where the name at the start of a chunk ends."""
    match = NAME.match(text, *chunk)
    return match.end() if match else chunk[1]


def office_inside(folded: str, chunk: Stretch) -> bool:
    """Whether a function is among the first words of a chunk."""
    offices = word_lists().office
    words = [word.group() for word in islice(WORDS_IN.finditer(folded, *chunk), 4)]
    return any(word in offices or word.removesuffix("s") in offices for word in words)


def is_bare_apposition(folded: str, chunk: Stretch) -> bool:
    """Whether a chunk without article says who somebody is: *ancien ministre*, *mécanicien à Lyon*."""
    words = [word.group() for word in islice(WORDS_IN.finditer(folded, *chunk), 3)]
    if not words or words[0] in word_lists().adverbial or asides.is_aside(folded, *chunk):
        return False
    if PARTICIPLE.match(words[0] + " ") and words[0] not in word_lists().office:
        return False
    persons = (word in word_lists().office or PERSON.fullmatch(word) for word in words)
    return any(persons) and not has_verb(folded, *chunk)


def is_office(folded: str, phrase: Stretch) -> bool:
    """Whether a noun phrase names a function."""
    return office_inside(folded, phrase)


def word_at(text: str, at: int) -> str:
    """The word at ``at``; empty when none is there."""
    word = WORDS_IN.match(text, at)
    return word.group() if word else ""


def has_clause(folded: str, phrase: Stretch) -> bool:
    """Whether a stretch holds a finite verb or a subject pronoun."""
    return bool(
        has_verb(folded, *phrase)
        or _CLAUSE_PRONOUN.search(folded, *phrase)
        or tense.holds_verb(folded, *phrase)
    )


def is_of(text: str, folded: str, chunk: Stretch) -> bool:
    """*, de la CGT,*: where somebody belongs."""
    return bool(
        _OF.match(folded, *chunk)
        and not asides.is_aside(folded, *chunk)
        and re.compile(r"[\s'’][A-ZÀ-Þ]").search(text, *chunk)
        and not has_verb(folded, *chunk)
        and not folded.startswith("de retour", chunk[0])
    )


def says_more(text: str, folded: str, chunk: Stretch) -> bool:
    """Whether a chunk may stand between a name and a further apposition: an age, another function."""
    kind = kind_of(text, folded, chunk)
    if AGE.match(folded, *chunk) or kind == "office":
        return True
    if kind == "phrase":
        return is_office(folded, chunk) and not has_clause(folded, chunk)
    return kind == "other" and is_bare_apposition(folded, chunk)


def last_phrase(text: str, folded: str, chunk: Stretch) -> Stretch | None:
    """The noun phrase at the end of a chunk that starts with something else, if no preposition governs it."""
    lists = word_lists()
    previous = ""
    for word in WORDS_IN.finditer(folded, *chunk):
        opens = word.group() in lists.determiner - {"du", "des"} or CAPITAL.match(
            text, word.start()
        )
        if previous and opens and previous not in lists.governing and not previous.endswith("'"):
            return word.start(), chunk[1]
        previous = word.group()
    return None
