"""The tense of a clause, read from the endings of its verbs: what decides which Monday *lundi* is.

No parser: each sentence is scanned once for verb forms that tell their time, and the one nearest to the date,
with a price for every clause boundary between them, decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Literal, NamedTuple

from msgspec import Struct

from fact_extractors.rules.data import document
from fact_extractors.words import WORD, Lookout

Tense = Literal["past", "future", "scheduled"]
"""``scheduled``: a present that mostly tells of what is to come (*le procès s'ouvre mardi*)."""

_BOUNDARY = re.compile(r"[,;:()«»“”–—]| (?:qui|que|dont|où|et|mais|alors que|avant|après) ")
_PRICE = 45
"""What a clause boundary costs, in characters of distance."""
_FAR, _CLOSE = 400, 12
_CONDITIONAL = r"(?:er|ir|dr|vr|rr|ttr|aîtr|ur)(?:ait|aient)"
_PARTICIPLE_BEFORE = re.compile(
    r"(?<![\w'])(\w+(?:é|ée|és|ées|ti|tie|tis|uit|uite|eint|is|ise|rt|rte|rts|rtes|nu|nue|nus|nues))"
    r" (?:le |ce |cette |en |dès )?$"
)

_PARTICIPLE = (
    r"\w*(?:[éiuû]|é[es]|ées|ie|is|ies|ue|us|ues|aits?|its?|ites?|erte?s?|orte?s?|inte?s?)"
)
_ADVERBS = (
    r"(?: (?:\w+ment|pas|plus|été|ensuite|aussi|déjà|également|donc|ainsi|jamais|tous|tout|enfin|bien|"
    r"encore))"
)


_ADVERBS_ALONE = re.compile(rf"{_ADVERBS}* ")
"""What may stand between a verb and the participle that it governs: *sera ensuite présenté*."""
_INFINITIVE = (
    r"(?:ne |se |le |les |en |y |pas |s'|l'|n')*"
    r"(?!(?:avoir|hier|hiver|mer|fer|alger|roger|tanger|quimper|olivier|xavier|gautier|didier|premier|dernier)\b)"
    r"(?:[^\W\d]{2,}(?:er|ir)|[^\W\d]*(?:[aeo]ndre|rdre|[aeo]indre|oudre|[ae]ttre|aître|être|ivre|uivre|crire|[dt]r?uire|"
    r"clure|vaincre|rompre)|(?:re|contre|inter|pré)?dire|(?:re|é)?lire|(?:sou)?rire|(?:re|dé)?faire|(?:dé)?plaire|"
    r"taire|boire|croire)\b"
)
"""An infinitive with what stands before it; no perfect one (*avoir tiré*)."""
_BEING = re.compile(r"(?:n'|qu'|l')?(?:est|sont)\b(?! été\b)")
"""A present passive: *est organisée*; not *s'est organisé*."""
_AWAITED = re.compile(r"(?:a|ont|ai|avons|ayant|avoir)\b.* (?:attendu|espéré|souhaité)e?s?$")
_AGENT = re.compile(r"(?<![\w'])\w+(?:é|[éu]e|[éu]s|[éu]es|ie|is|ise|ises|te|ts|tes)$")
_BY_WHOM = re.compile(r" par (?:(?:le|la|les|un|une|des|son|sa|ses|leurs?) |l')?[\w-]+")
_PLUPERFECT = re.compile(r"\bavai(?:t|ent|s) $")


def _stem(participle: str) -> str:
    """A participle without its gender and number."""
    return participle.removesuffix("s").removesuffix("e")


class _Forms(NamedTuple):
    starts: Lookout
    verbs: re.Pattern[str]
    future: frozenset[str]
    scheduled: frozenset[str]
    planned: frozenset[str]
    never: frozenset[str]
    ahead: re.Pattern[str]
    behind: re.Pattern[str]
    until: re.Pattern[str]
    lapse: re.Pattern[str]
    straight: re.Pattern[str]
    intending: Lookout
    intended: re.Pattern[str]


def _before(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))}) (?:le |la |l'|les )?$")


@cache
def _forms() -> _Forms:
    data = document("tense")
    auxiliaries, nouns = "|".join(data["auxiliary"]), "|".join(data["no_participle"])
    future, past = frozenset(data["future"]), frozenset(data["past"])
    scheduled = frozenset(data["scheduled"])
    listed = sorted(future | past | scheduled, key=len, reverse=True)
    clitic, auxiliary = (
        r"(?<![\w'-])(?:[nlmts]'|qu'|j'|d')?",
        rf"(?:{auxiliaries})(?:(?:-t)?-\w{{2,5}})?",
    )
    simple = (
        rf"(?P<ahead>\w{{2,}}(?:r(?:a|ont|ai|ons|ez)|{_CONDITIONAL})\b)"
        rf"|(?P<back>\w*(?:ait|aient|èrent|irent|urent|ça|gea)\b)"
        rf"|(?P<listed>(?:{'|'.join(map(re.escape, listed))})\b)"
    )
    return _Forms(
        Lookout(re.compile(rf"{clitic}(?:{auxiliary}\Z|{simple})")),
        re.compile(
            rf"{clitic}(?:"
            rf"(?P<perfect>{auxiliary}{_ADVERBS}{{0,3}} (?!(?:{nouns})\b){_PARTICIPLE}\b)|{simple})"
        ),
        future,
        scheduled,
        frozenset(data["planned"]),
        frozenset(data["never"]),
        _before(data["ahead"]),
        _before(data["behind"]),
        _before(data["until"]),
        _before(data["lapse"]),
        _before(data["ahead"] + data["behind"] + data["until"] + data["lapse"]),
        Lookout(WORD, frozenset(data["intention"]).__contains__),
        re.compile(
            rf"(?<![\w'])(?:n'|l'|d'|s')?(?:{'|'.join(map(re.escape, data['intention']))}) "
            rf"(?:(?:[\w'-]+ ){{0,5}}?(?:à |de |d'))?{_INFINITIVE}[^,;:.«»()\n]{{0,48}}$"
        ),
    )


class Clause(Struct, frozen=True, order=True, gc=False):
    """A verb of a sentence: where it stands and its tense."""

    start: int
    end: int
    tense: Tense


def verbs(folded: str, start: int, end: int) -> list[Clause]:
    """The verb forms of the sentence ``folded[start:end]`` that tell their time."""
    found = list(_conjugated(folded, start, end))
    agents = list(_agents(folded, start, end))
    return sorted([*found, *agents]) if agents else found


def holds_verb(folded: str, start: int, end: int) -> bool:
    """Whether :func:`verbs` finds any."""
    return any(True for _ in chain(_conjugated(folded, start, end), _agents(folded, start, end)))


def _conjugated(folded: str, start: int, end: int) -> Iterator[Clause]:
    forms = _forms()
    reached = start
    for _, at in forms.starts.places(folded, start, end):
        match = forms.verbs.match(folded, at, end) if at >= reached else None
        if match is None:
            continue
        reached = match.end()
        word = match.group(match.lastgroup or 0)
        if word in forms.never:
            continue
        kind = match.lastgroup
        last = word.rpartition(" ")[2]
        tense: Tense = "past"
        if kind == "ahead" or (kind == "listed" and word in forms.future):
            tense = "future"
        elif kind == "listed" and word in forms.scheduled:
            tense = "scheduled"
        elif kind == "perfect" and last in forms.future:
            tense = "past" if _AWAITED.match(word) else "future"
        elif kind == "perfect" and _BEING.match(match.group()) and _stem(last) in forms.planned:
            tense = "scheduled"
        if tense == "future" and _PLUPERFECT.search(
            folded, max(start, match.start() - 10), match.start()
        ):
            tense = "past"
        yield Clause(match.start(), match.end(), tense)


def _agents(folded: str, start: int, end: int) -> Iterator[Clause]:
    """Participles before *par*, which tell what has been done: *les lettres signées par la ministre lundi*."""
    at = folded.find(" par ", start, end)
    while at >= 0:
        word = _AGENT.search(folded, max(start, at - 20), at)
        if word is not None and word.group() not in _forms().future:
            agent = _BY_WHOM.match(folded, at, end)
            yield Clause(word.start(), agent.end() if agent else at, "past")
        at = folded.find(" par ", at + 1, end)


def _start(clause: Clause) -> int:
    return clause.start


def _end(clause: Clause) -> int:
    return clause.end


class Told(Struct, frozen=True, gc=False):
    """The tense for a date (None: nothing says), and whether its verb stands close enough to be sure."""

    tense: Tense | None = None
    sure: bool = True


def told_nothing() -> Told:
    """The tense of an expression without a sentence: none."""
    return Told()


def at(folded: str, start: int, end: int, clauses: list[Clause]) -> Told:
    """The tense for a date at ``[start, end)`` of a sentence with the verbs ``clauses``."""
    forms = _forms()
    left = folded[max(0, start - 24) : start]
    straight = forms.straight.search(left) is not None  # one search for four: few dates have any
    if straight and forms.ahead.search(left):
        return Told("future", True)
    if straight and forms.behind.search(left):
        return Told("past", True)
    reach = max(0, start - 120)
    # Few sentences hold such a word, and the search for it is slow.
    if forms.intending.any_in(folded[reach:start]) and forms.intended.search(folded, reach, start):
        return Told("future", True)
    before = bisect_right(clauses, start, key=_end)
    participle = _PARTICIPLE_BEFORE.search(left)
    if participle is not None and participle[1] not in forms.future:
        head = start - len(participle.group())
        at_it = before > 0 and (
            clauses[before - 1].end >= head
            or _ADVERBS_ALONE.fullmatch(folded, clauses[before - 1].end, head) is not None
        )
        return Told(clauses[before - 1].tense if at_it else "past", True)
    lapse = forms.lapse.search(left) if straight else None
    if lapse is not None:
        start += lapse.start() - len(left)
    until = straight and lapse is None and forms.until.search(left) is not None
    best: tuple[int, Tense] | None = None
    before = bisect_right(clauses, start, key=_end)
    after = bisect_left(clauses, end, key=_start)
    # further ones are further in characters and in boundaries
    for clause in (*clauses[max(before - 1, 0) : before], *clauses[after : after + 1]):
        between = (clause.end, start) if clause.end <= start else (end, clause.start)
        distance = between[1] - between[0]
        if distance > _FAR:
            continue
        distance += _PRICE * sum(1 for _ in _BOUNDARY.finditer(folded, *between))
        if best is None or distance < best[0]:
            best = distance, clause.tense
    if until and (best is None or best[0] > _PRICE):
        return Told("future", False)
    return Told(best[1], best[0] <= _CLOSE) if best else Told(None, False)
