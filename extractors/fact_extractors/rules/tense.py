"""The tense of a clause, read from the endings of its verbs: what decides which Monday *lundi* is.

No parser: each sentence is scanned once for verb forms that tell their time, and the one nearest to the date,
with a price for every clause boundary between them, decides.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from fact_extractors.rules.data import document

Tense = Literal["past", "future"]

_BOUNDARY = re.compile(r"[,;:()«»“”–—]| (?:qui|que|dont|où|et|mais|alors que|avant|après) ")
_PRICE = 45
"""What a clause boundary costs, in characters of distance."""
_FAR = 400

_PARTICIPLE = r"\w*(?:[éiut]|é[es]|ées|ie|is|ies|ue|us|ues|its?|ites?|erte?s?|orte?s?)"
_ADVERBS = (
    r"(?: (?:\w+ment|pas|plus|été|ensuite|aussi|déjà|également|donc|ainsi|jamais|tous|tout|enfin|bien|"
    r"encore))"
)


class _Forms(NamedTuple):
    verbs: re.Pattern[str]
    future: frozenset[str]
    past: frozenset[str]
    never: frozenset[str]
    ahead: re.Pattern[str]
    behind: re.Pattern[str]


def _before(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))}) (?:le |la |l')?$")


@cache
def _forms() -> _Forms:
    data = document("tense")
    auxiliaries = "|".join(data["auxiliary"])
    future, past = frozenset(data["future"]), frozenset(data["past"])
    return _Forms(
        re.compile(
            rf"(?<![\w'-])(?:[nlmts]'|qu'|j'|d')?(?:"
            rf"(?P<perfect>(?:{auxiliaries})(?:(?:-t)?-\w{{2,5}})?{_ADVERBS}{{0,3}} {_PARTICIPLE}\b)"
            rf"|(?P<ahead>\w{{2,}}r(?:a|ont|ai|ons|ez)\b)"
            rf"|(?P<back>\w*(?:[^r\W]ait|[^r\W]aient|èrent|irent|urent|çai?t?|gea)\b)"
            rf"|(?P<listed>(?:{'|'.join(map(re.escape, sorted(future | past, key=len, reverse=True)))})\b)"
            rf")"
        ),
        future,
        past,
        frozenset(data["never"]),
        _before(data["ahead"]),
        _before(data["behind"]),
    )


class Clause(NamedTuple):
    """A verb of a sentence: where it stands and its tense."""

    start: int
    end: int
    tense: Tense


def verbs(folded: str, start: int, end: int) -> list[Clause]:
    """The verb forms of the sentence ``folded[start:end]`` that tell their time."""
    forms = _forms()
    found = []
    for match in forms.verbs.finditer(folded, start, end):
        word = match.group(match.lastgroup or 0)
        if word in forms.never:
            continue
        kind = match.lastgroup
        future = kind == "ahead" or (kind == "listed" and word in forms.future)
        if kind == "perfect" and word.rpartition(" ")[2] in forms.future:
            future = True
        found.append(Clause(match.start(), match.end(), "future" if future else "past"))
    return found


def at(folded: str, start: int, end: int, clauses: list[Clause]) -> Tense | None:
    """The tense for a date at ``[start, end)`` of a sentence with the verbs ``clauses``; None: nothing says."""
    forms = _forms()
    left = folded[max(0, start - 24) : start]
    if forms.ahead.search(left):
        return "future"
    if forms.behind.search(left):
        return "past"
    best: tuple[int, Tense] | None = None
    for clause in clauses:
        between = (clause.end, start) if clause.end <= start else (end, clause.start)
        distance = between[1] - between[0]
        if distance < 0 or distance > _FAR:
            continue
        distance += _PRICE * sum(1 for _ in _BOUNDARY.finditer(folded, *between))
        if best is None or distance < best[0]:
            best = distance, clause.tense
    return best[1] if best else None
