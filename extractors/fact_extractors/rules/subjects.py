"""Finds the subject before a verb: its noun phrase with appositions, or several joined ones."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from fact_extractors.rules.lexicon import is_given_name
from fact_extractors.rules.noun_phrases import (
    ABBREVIATION,
    BREAK,
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
    kind_of,
    last_phrase,
    says_more,
    trim,
    word_at,
    word_lists,
)
from fact_extractors.rules.phrase_ends import bare

NICKNAME = re.compile(
    r"(?<=\w)[ \u00a0\u202f][«“\"][ \u00a0\u202f]?\x00+[ \u00a0\u202f]?[»”\"][ \u00a0\u202f]"
)
"""Marks inside a name, in the narrator's text."""
_RELATIVE = re.compile(r"[,\s]*\b(qui|lequel|laquelle|lesquels|lesquelles)\s*$")
_LEAD = re.compile(
    r"(?:(?:et|mais|or|car|puis|ainsi|alors|enfin|aussi|donc|ce que|comme|que|qu'|où|dont|si|"
    r"(?:ce )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)|hier)\s*+)+(?=\W*\w)"
)
_CONJUNCTION_LAST = re.compile(
    r"(?<!\w)(?:et|mais|puis|ou|avant de|avant d'|pour|sans|et de|et d')\s*$"
)
_FINITE_BESIDE = re.compile(r"(?<![\w'])(?:a|ont|est|sont|avait|était|se|s'|ne|n')(?![\w-])")
_GERUND = re.compile(r"[,\s]*(?<!\w)(?:tout en|tout|en)\s*$")
_RELATIVE_FIRST = re.compile(r"(?:qui|dont|où|lequel|laquelle)\s")
_ASIDE = re.compile(r"\([^()\n]*\)?")
_LINKING_QUE = re.compile(r"(?:ainsi|même)\s+$")
_BOUND = re.compile(r"(?:d[eu]s?\s|d'|à\s|aux?\s|en\s|pour\s)")


def before(text: str, folded: str, start: int, cue: int, *, plural: bool = False) -> Stretch | None:
    """The subject that ends before a cue at ``cue``; the clause starts at ``start`` at the earliest.

    Offsets of the fullest noun phrase with its identifying apposition: relative clauses, adverbials and what
    else stands between commas is stepped over. A ``plural`` verb may have several subjects.
    """
    lists = word_lists()
    gerund = _GERUND.search(folded, max(start, cue - 12), cue)
    if gerund is not None:
        cue = gerund.start()
    relative = _RELATIVE.search(folded, max(start, cue - 60), cue)
    if relative is not None:
        cue = relative.start()
    pronoun = lists.pronoun_last.search(folded, max(start, cue - 24), cue)
    if pronoun is not None and relative is None and "lui" not in pronoun.group():
        return trim(text, pronoun.start(), cue)
    start = _after_breaks(folded, start, cue)
    if _CONJUNCTION_LAST.search(folded, max(start, cue - 12), cue):
        return None
    if relative is None:
        start = _clause_start(text, folded, start, cue, plural=plural)
    lead = _LEAD.match(folded, start, cue)
    if lead is not None and lead.end() < cue:
        start = lead.end()
    chunks, linked = _unlinked(folded, chunks_of(text, start, cue))
    relatives = [
        n
        for n, c in enumerate(chunks)
        if n
        and _RELATIVE_FIRST.match(folded, c[0])
        and kind_of(text, folded, chunks[n - 1]) != "other"
    ]
    if relatives:  # « X, qui défend deux victimes, Y et Z, estime »
        chunks = chunks[: relatives[0]]
    if relative is not None and chunks:
        antecedent = _antecedent(text, folded, chunks)
        if antecedent is not None:
            return bare(text, folded, antecedent)
    found = _subject(text, folded, chunks, linked if plural else None)
    if found is not None and plural and folded.startswith("ni ", found[0] - 3):
        found = found[0] - 3, found[1]
    return None if found is None else bare(text, folded, found)


def _antecedent(text: str, folded: str, chunks: list[Stretch]) -> Stretch | None:
    """The noun phrase at the end of the last chunk that *qui* stands for, where a verb or a preposition stands
    before it: *a déclaré le policier X, qui …*; None for a chunk that is a noun phrase itself."""
    start, end = chunks[-1]
    if kind_of(text, folded, (start, end)) != "other" and not has_clause(folded, (start, end)):
        return None
    previous = ""
    for word in WORDS_IN.finditer(folded, start, end):
        token = word.group()
        opens = token in word_lists().determiner - {"du", "des"} or CAPITAL.match(
            text, word.start()
        )
        complement = previous in ("de", "d'", "du", "des") or previous.endswith("'")
        if previous and opens and not complement and not has_clause(folded, (word.start(), end)):
            return word.start(), end
        previous = token
    return None


def _after_breaks(folded: str, start: int, cue: int) -> int:
    """Where the part of a sentence that goes up to ``cue`` begins: after the last stop or mark."""
    nicknames = [m.span() for m in NICKNAME.finditer(folded, start, cue)]
    for boundary in BREAK.finditer(folded, start, cue):
        if boundary.group() in "()\x00" or any(a <= boundary.start() < b for a, b in nicknames):
            continue
        abbreviated = boundary.group()[0] == "." and ABBREVIATION.search(
            folded, max(start, boundary.start() - 5), boundary.start()
        )
        if not abbreviated:
            start = boundary.end()
    return start


def _clause_start(text: str, folded: str, start: int, cue: int, *, plural: bool) -> int:
    """Where the clause that ends at ``cue`` begins: after the last conjunction that opens a clause."""
    asides_ = [m.span() for m in _ASIDE.finditer(folded, start, cue)]
    for clause in word_lists().clause.finditer(folded, start, cue):
        if any(a < clause.start() < b for a, b in asides_):
            continue
        word = clause.group().strip()
        linking = word == "et" or (
            word == "que" and _LINKING_QUE.search(folded, start, clause.start())
        )
        if linking and _coordinates(
            text, folded, (start, clause.start()), (clause.end(), cue), plural
        ):
            continue
        if word != "et" or _starts_subject(text, folded, clause.end(), cue):
            start = clause.end()
    return start


def _coordinates(text: str, folded: str, left: Stretch, right: Stretch, plural: bool) -> bool:
    """Whether *et* joins what stands left and right of it in one subject: no verb stands left, and the verb is
    plural or the right part cannot be a subject of its own."""
    phrase = trim(text, *left)
    if phrase is None or has_clause(folded, phrase):
        return False
    if plural:
        return True
    bare = folded[right[0] : right[0] + 1].isalpha() and kind_of(text, folded, right) in (
        "other",
        "office",
    )
    capitals = (
        CAPITAL.match(text, right[0])
        and re.split(r"[ '’]", text[phrase[0] : phrase[1]])[-1][:1].isupper()
    )
    return bool(
        _BOUND.match(folded, right[0])
        or bare
        or (capitals and not is_given_name(word_at(text, right[0])))
    )


def _unlinked(folded: str, chunks: Iterable[Stretch]) -> tuple[list[Stretch], frozenset[int]]:
    """The chunks without the *et* that some start with, and where those begin."""
    found: list[Stretch] = []
    linked: set[int] = set()
    for chunk in chunks:
        link = LINK.match(folded, *chunk) if found else None
        if link is not None and link.end() < chunk[1]:
            chunk = link.end(), chunk[1]
            linked.add(chunk[0])
        found.append(chunk)
    return found, frozenset(linked)


def _subject(
    text: str, folded: str, chunks: list[Stretch], linked: Container[int] | None
) -> Stretch | None:
    """The subject that the last of the chunks before a verb belong to; several, where the verb is plural (and
    ``linked`` not None) and they are joined."""
    while chunks:
        chunk = chunks.pop()
        kind = kind_of(text, folded, chunk)
        if kind == "pronoun":
            if chunks:  # « M. Lescop, lui, jure »
                continue
            return chunk
        found = _identified(text, folded, chunks, chunk, kind)
        if found is None:
            inner = last_phrase(text, folded, chunk) if not chunks and kind == "other" else None
            if inner is not None:
                return inner
            continue
        found = before_verb(folded, found) or found
        if linked is not None and (found[0] in linked or LINK_INSIDE.search(folded, *found)):
            found = _first_of_list(text, folded, chunks, found)
        return found
    return None


def _identified(
    text: str, folded: str, left: Sequence[Stretch], chunk: Stretch, kind: str
) -> Stretch | None:
    """The noun phrase that ends with ``chunk``: with the name it says more about, or the function of a name."""
    if kind == "name":
        if left and is_name(text, chunk) and _is_function(text, folded, left):
            return left[-1][0], chunk[1]
        return chunk
    about = (kind in ("office", "phrase") and not folded[chunk[0]].isdigit()) or (
        kind == "other" and (is_bare_apposition(folded, chunk) or is_of(text, folded, chunk))
    )
    if not about:
        return None
    place = len(left) - 1
    while place >= 0 and not is_name(text, left[place]) and says_more(text, folded, left[place]):
        place -= 1
    if place >= 0 and is_name(text, left[place]) and kind_of(text, folded, left[place]) == "name":
        function = place > 0 and _is_function(text, folded, left[:place])
        return left[place - 1 if function else place][0], chunk[1]
    if (
        left
        and kind == "other"
        and kind_of(text, folded, left[-1]) == "phrase"
        and not has_clause(folded, left[-1])
    ):
        return left[-1][0], chunk[1]
    return chunk if kind == "phrase" else None


def _is_function(text: str, folded: str, left: Sequence[Stretch]) -> bool:
    """Whether the last chunk is what the name behind it is: *le préfet, X*; first *président du club, X*."""
    kind = kind_of(text, folded, left[-1])
    return (kind == "phrase" and not has_clause(folded, left[-1])) or (
        kind == "office" and len(left) == 1
    )


def _first_of_list(text: str, folded: str, chunks: list[Stretch], found: Stretch) -> Stretch:
    """A subject with those that stand before it in a list: *A, B et C*."""
    while chunks:
        chunk = chunks[-1]
        kind = kind_of(text, folded, chunk)
        if kind not in ("name", "phrase") and not says_more(text, folded, chunk):
            break
        if has_clause(folded, chunk):
            break
        found = chunks.pop()[0], found[1]
    return found


def _starts_subject(text: str, folded: str, at: int, cue: int) -> bool:
    """Whether what follows *et* up to the cue is a subject of its own, and so a new clause."""
    verb = _FINITE_BESIDE.search(folded, at, cue)
    return verb is None and bool(trim(text, at, cue)) and " et " not in folded[at:cue]
