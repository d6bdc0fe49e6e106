"""The noun phrase that names a speaker: to the left of a cue, to its right, or after *selon*.

A shallow grammar over chunks between commas, with the word lists of ``data/phrases.toml``: no
parser, no tagger. All functions work on the narrator's text (see :mod:`.narration`) and give
offsets, or None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from fact_extractors.rules.data import document

Stretch = tuple[int, int]

_WORDS_IN = re.compile(r"(?:\w'|\w+'|[\w\u2011-]+\.?)")
_BREAK = re.compile(r"[;:.!?…«»“”\"„()\[\]–—\x00\n]|(?<=\w)\. ")
_STOPS = re.compile(r"[()]|,(?!\d)")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")
_NAME = re.compile(
    r"(?:[A-ZÀ-ÖØ-Þ][\w'’.\u2011-]*|d[e'’u]|des|la|le|von|van|ben|bin|al|el|da|di|dos|y|et|&)"
    r"(?:[ \u00a0\u202f](?:[A-ZÀ-ÖØ-Þ][\w'’.\u2011-]*|d[eu]|des|d['’]\w+|la|le|von|van|ben|bin|"
    r"al|el|da|di|dos|y|&|\d+))*"
)
_RELATIVE = re.compile(r"[,\s]*\b(qui|lequel|laquelle|lesquels|lesquelles)\s*$")
_LEAD = re.compile(
    r"(?:(?:et|mais|or|car|puis|ainsi|alors|enfin|aussi|donc|ce que|comme|que|qu'|où|dont|si|"
    r"(?:ce )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)|hier)\s*+)+(?=\W*\w)"
)
_CONJUNCTION_FIRST = re.compile(r"(?:et|mais|or|car|ou|donc|puis|si|motif|reste)\b")
_CONJUNCTION_LAST = re.compile(
    r"(?<!\w)(?:et|mais|puis|ou|avant de|avant d'|pour|sans|et de|et d')\s*$"
)
_ABBREVIATION = re.compile(r"(?:^|\W)(?:mm?|mme|mlle|dr|pr|me|mgr|st|[a-z])$")
_TITLED = re.compile(r"(?:M|MM|Mme|Mmes|Mlle|Me|Mgr|Dr|Pr)\.?[ \u00a0\u202f](?=[A-ZÀ-ÖØ-Þ])")
_AGE = re.compile(r"\d{1,3} ans\b")
_VERBAL = re.compile(
    r"(?<![\w'])(?:a|ont|est|sont|était|avait|sera|va|n'|ne|se|s'|il|elle|on)(?![\w-])|é[es]?(?!\w)"
)
_FINITE = re.compile(
    r"(?<![\w'-])(?:a|ont|avait|avaient|est|sont|était|étaient|sera|seront|fut|va|vont|doit|doivent|peut|"
    r"peuvent|fait|ne|n'|se|s'|met|mettait)(?![\w-])"
)
_FINITE_BESIDE = re.compile(r"(?<![\w'])(?:a|ont|est|sont|avait|était|se|s'|ne|n')(?![\w-])")
_ADJUNCT = re.compile(r"\s(?:à|au|aux|en|dans|lors|sur|devant|pour|par|depuis)\s")
_GERUND = re.compile(r"[,\s]*(?<!\w)(?:tout en|tout|en)\s*$")
_RELATIVE_FIRST = re.compile(r"(?:qui|dont|où|lequel|laquelle)\s")
_ASIDE = re.compile(r"\([^()\n]*\)?")
_PARENTHESIS = re.compile(r"\s?\([^()\n]{1,60}\)")


class _Lists(NamedTuple):
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


def _any(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@cache
def _lists() -> _Lists:
    data = document("phrases")
    pronouns = _any(data["pronoun"])
    return _Lists(
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
    )  # fmt: skip


def _trim(text: str, start: int, end: int) -> Stretch | None:
    while start < end and (text[start].isspace() or text[start] in ",;:-–—"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:-–—"):
        end -= 1
    return (start, end) if start < end else None


def _chunks(text: str, start: int, end: int) -> Iterator[Stretch]:
    """The stretches between commas, those in parentheses left with what they follow."""
    reached = start
    depth = 0
    for match in _STOPS.finditer(text, start, end):
        if match.group() == "(":
            depth += 1
        elif match.group() == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            chunk = _trim(text, reached, match.start())
            if chunk is not None:
                yield chunk
            reached = match.end()
    chunk = _trim(text, reached, end)
    if chunk is not None:
        yield chunk


def _kind(text: str, folded: str, chunk: Stretch) -> str:
    """What a chunk is: ``name`` (*M. X* too), ``phrase`` (with article), ``office``, ``pronoun``, ``other``."""
    lists = _lists()
    start, end = chunk
    first = _WORDS_IN.match(folded, start, end)
    if first is None:
        return "other"
    word = first.group()
    if folded[start:end] in lists.pronoun:
        return "pronoun"
    if _TITLED.match(text, start):
        return "name"
    if word in lists.determiner:
        return "phrase"
    if word in lists.adverbial:
        return "other"
    if _CAPITAL.match(text, start):
        return "name"
    if word in lists.office:
        return "office"
    return "other"


def _is_name(text: str, chunk: Stretch) -> bool:
    match = _NAME.match(text, *chunk)
    if match is None or not _CAPITAL.match(text, chunk[0]):
        return False
    rest = _PARENTHESIS.match(text, match.end())
    return (rest.end() if rest else match.end()) >= chunk[1]


def before(text: str, folded: str, start: int, cue: int) -> Stretch | None:
    """The subject that ends before a cue at ``cue``; the clause starts at ``start`` at the earliest.

    Offsets of the fullest noun phrase with its identifying apposition: relative clauses, adverbials and what
    else stands between commas is stepped over.
    """
    lists = _lists()
    gerund = _GERUND.search(folded, max(start, cue - 12), cue)
    if gerund is not None:
        cue = gerund.start()
    relative = _RELATIVE.search(folded, max(start, cue - 60), cue)
    if relative is not None:
        cue = relative.start()
    pronoun = lists.pronoun_last.search(folded, max(start, cue - 24), cue)
    if pronoun is not None and relative is None and "lui" not in pronoun.group():
        return _trim(text, pronoun.start(), cue)
    for boundary in _BREAK.finditer(folded, start, cue):
        if boundary.group() not in "()\x00":
            start = boundary.end()
    if _CONJUNCTION_LAST.search(folded, max(start, cue - 12), cue):
        return None
    if relative is None:
        asides = [m.span() for m in _ASIDE.finditer(folded, start, cue)]
        for clause in lists.clause.finditer(folded, start, cue):
            if any(a < clause.start() < b for a, b in asides):
                continue
            if clause.group().strip() != "et" or _starts_subject(text, folded, clause.end(), cue):
                start = clause.end()
    lead = _LEAD.match(folded, start, cue)
    if lead is not None and lead.end() < cue:
        start = lead.end()
    chunks = list(_chunks(text, start, cue))
    relatives = [n for n, c in enumerate(chunks) if n and _RELATIVE_FIRST.match(folded, c[0])]
    if relatives:  # « X, qui défend deux victimes, Y et Z, estime »
        chunks = chunks[: relatives[0]]
    while chunks:
        chunk = chunks.pop()
        kind = _kind(text, folded, chunk)
        if kind == "other":
            inner = _last_phrase(text, folded, chunk) if not chunks else None
            if inner is not None:
                return inner
            continue
        if kind == "pronoun":
            if chunks:  # « M. Lescop, lui, jure »
                continue
            return chunk
        if chunks and _joins(text, folded, chunks[-1], chunk, kind):
            return chunks[-1][0], chunk[1]
        if kind == "office":
            continue
        return _before_verb(folded, chunk)
    return None


def _before_verb(folded: str, chunk: Stretch) -> Stretch | None:
    """The part of a chunk before its finite verb: the subject of what a gerund goes on with."""
    verb = _FINITE.search(folded, *chunk)
    if verb is None:
        return chunk
    return _trim(folded, chunk[0], verb.start())


def has_verb(folded: str, start: int, end: int) -> bool:
    """Whether an auxiliary, a negation or a clitic shows that a finite verb stands in a stretch."""
    return _FINITE.search(folded, start, end) is not None


def _starts_subject(text: str, folded: str, at: int, cue: int) -> bool:
    """Whether what follows *et* up to the cue is a subject of its own, and so a new clause."""
    verb = _FINITE_BESIDE.search(folded, at, cue)
    return verb is None and bool(_trim(text, at, cue)) and " et " not in folded[at:cue]


def _joins(text: str, folded: str, left: Stretch, right: Stretch, kind: str) -> bool:
    """Whether two chunks are a noun phrase and its apposition."""
    other = _kind(text, folded, left)
    if kind == "name":
        return other in ("phrase", "office") and _is_name(text, right)
    if kind in ("office", "phrase"):
        return other == "name" and _is_name(text, left)
    return False


def _last_phrase(text: str, folded: str, chunk: Stretch) -> Stretch | None:
    """The noun phrase at the end of a chunk that starts with something else."""
    lists = _lists()
    for word in islice(_WORDS_IN.finditer(folded, *chunk), 1, None):
        if word.group() in lists.determiner or _CAPITAL.match(text, word.start()):
            return word.start(), chunk[1]
    return None


def after(text: str, folded: str, start: int, end: int) -> Stretch | None:
    """The noun phrase that starts at ``start`` (after a cue or *selon*), with its apposition.

    It ends at the latest at ``end``.
    """
    limit = _limit(folded, start, end)
    chunks = list(islice(_chunks(text, start, limit), 3))
    if not chunks:
        return None
    pronoun = _lists().pronoun_first.match(folded, start, limit)
    if pronoun is not None and pronoun.group().strip() not in (
        "ce",
        "tous",
        "certains",
        "personne",
    ):
        return _trim(text, pronoun.start(), pronoun.end())
    first = _cut(text, folded, chunks[0])
    if first is None:
        return None
    kind = _kind(text, folded, first)
    if kind == "other":
        return None
    adjunct = _ADJUNCT.search(folded, *first) if kind == "name" else None
    if adjunct is not None:
        return first[0], adjunct.start()
    if first[1] == chunks[0][1] and len(chunks) > 1:
        second = _cut(text, folded, chunks[1])
        if second is not None and _is_apposition(text, folded, kind, second, last=len(chunks) == 2):
            return first[0], second[1] if kind == "name" else _name_end(text, second)
    return first


def after_verb(text: str, folded: str, start: int, end: int) -> Stretch | None:
    """:func:`after` for the verb of an incise: an adverbial may stand before the subject.

    *a déclaré mardi à la presse le ministre*, *glisse, sous couvert d'anonymat, un cadre*.
    """
    found = after(text, folded, start, end)
    if found is not None and folded[start : found[0]].strip(" \n") == "":
        return found
    limit = min(_limit(folded, start, end), start + 140)
    previous = ""
    for word in _WORDS_IN.finditer(folded, start, limit):
        token = word.group()
        opens = token in _lists().determiner and token not in (
            "ce",
            "cette",
            "tout",
            "du",
            "des",
            "deux",
        )
        if (
            (opens or _CAPITAL.match(text, word.start()))
            and previous
            and previous not in _lists().governing
        ):
            between = text[start : word.start()]
            follows_comma = between.rstrip().endswith(",")
            if opens or follows_comma or previous in _lists().day:
                return after(text, folded, word.start(), end)
        previous = token
    return None


def _limit(folded: str, start: int, end: int) -> int:
    """Where the sentence part that starts at ``start`` ends: a strong stop or marks."""
    stop = _BREAK.search(folded, start, end)
    while stop is not None and stop.group() in ("(", ".", ". "):
        if stop.group() == "(":
            close = _PARENTHESIS.match(folded, stop.start())
            if close is None or close.end() > end:
                break
            stop = _BREAK.search(folded, close.end(), end)
        elif _ABBREVIATION.search(folded, max(start, stop.start() - 5), stop.start()):
            stop = _BREAK.search(folded, stop.end(), end)
        else:
            break
    return end if stop is None else stop.start()


def _is_apposition(text: str, folded: str, kind: str, chunk: Stretch, *, last: bool) -> bool:
    """Whether a chunk identifies the noun phrase of kind ``kind`` before it: a name for a function, or the
    other way round."""
    own = _kind(text, folded, chunk)
    if kind in ("phrase", "office"):
        return own == "name"
    if kind != "name":
        return False
    if own == "office" or _AGE.match(folded, *chunk):
        return True
    if own == "phrase":
        return _office_inside(folded, chunk)
    first = _WORDS_IN.match(folded, *chunk)
    return (
        own == "other"
        and first is not None
        and not last
        and first.group().isalpha()
        and first.group() not in _lists().adverbial
        and not _VERBAL.search(folded, *chunk)
    )


def _name_end(text: str, chunk: Stretch) -> int:
    match = _NAME.match(text, *chunk)
    return match.end() if match else chunk[1]


def _office_inside(folded: str, chunk: Stretch) -> bool:
    words = islice(_WORDS_IN.finditer(folded, *chunk), 4)
    return any(word.group() in _lists().office for word in words)


def _cut(text: str, folded: str, chunk: Stretch) -> Stretch | None:
    """A chunk up to the first word that cannot belong to a noun phrase."""
    start, end = chunk
    for stop in _lists().stop.finditer(folded, start, end):
        if stop.start() == start and stop.group() in _lists().determiner:
            continue
        if _CAPITAL.match(text, stop.start()):
            continue
        end = stop.start()
        break
    return _trim(text, start, end)


def first(text: str, folded: str, start: int, end: int) -> Stretch | None:
    """The noun phrase a sentence starts with: what it is about; None when it starts otherwise."""
    phrase = after(text, folded, start, end)
    if phrase is None or phrase[0] > start + 8 or _CONJUNCTION_FIRST.match(folded, phrase[0]):
        return None
    kind = _kind(text, folded, phrase)
    if kind == "name" and not _is_name(text, (phrase[0], _name_end(text, phrase))):
        return None
    if kind == "name":
        stop = folded[_name_end(text, phrase) : end].lstrip()
        if stop[:1].isalpha() and not _VERBAL.match(stop) and ":" in stop[:60]:
            return None  # « Incendie à Rimouski : »
        phrase = phrase[0], max(_name_end(text, phrase), phrase[0] + 1)
    return phrase


def is_office(folded: str, phrase: Stretch) -> bool:
    """Whether a noun phrase names a function."""
    return _office_inside(folded, phrase)


def is_person(text: str, folded: str, phrase: Stretch) -> bool:
    """Whether a noun phrase may name a person: a name, a function, a pronoun, a relative."""
    kind = _kind(text, folded, phrase)
    if kind in ("pronoun", "name", "office"):
        return True
    capital = re.search(r"\s[A-ZÀ-Þ][a-zà-ÿ]+", text[phrase[0] : phrase[1]]) is not None
    return capital or is_office(folded, phrase)


def may_speak(text: str, phrase: Stretch) -> bool:
    """Whether a phrase after *pour* may be a source: a name or a definite noun, no occasion or time."""
    words = text[phrase[0] : phrase[1]]
    if _lists().occasion.match(words):
        return False
    return bool(
        re.match(
            r"(?:[A-ZÀ-Þ]|(?:le|la|les|son|sa|ses|lui|elle|eux|un|une|certains|beaucoup)\b|l['’])",
            words,
        )
    )
