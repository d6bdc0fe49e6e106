"""How far an attributed clause reaches: from its subordinator to where the narrator takes over again."""

from __future__ import annotations

import re
from functools import cache

from fact_extractors.rules.data import document
from fact_extractors.rules.narration import FILLER, NarratedSentence
from fact_extractors.rules.verbs import Cue

_ADVERBIAL = (
    r"(?:d'ailleurs|d'abord|d'autre part|\w+ment|pourtant|donc|néanmoins|certes|parfois|souvent|ainsi|aussi|"
    r"encore|toutefois|cependant|même|enfin|alors|ensuite|hier|aujourd'hui|lors|lundi|mardi|mercredi|jeudi|"
    r"vendredi|samedi|dimanche|ce|en|à|au|aux|dans|sur|devant|par|depuis|pour|après|avant|plus|auprès|via|"
    r"chez|sous|sans|leur|nous|pas|quant|là|ici|d'|l')"
)
_ASIDE_BETWEEN = r"(?:,[^,;:«»“”\"\x00]{2,70},)"
QUE = re.compile(
    rf"\s*(?:(?:{_ADVERBIAL}(?![\w'])[^,;:.«»“”\"\x00]{{0,60}}?{_ASIDE_BETWEEN}?|{_ASIDE_BETWEEN})\s*)?"
    r"(?<![\w'])(?<!alors )(?<!tandis )(?<!parce )(?<!afin )(?<!bien )(?<!plus )(?<!moins )(?<!autant )"
    r"(?<!dès lors )(?<!après )(?<!avant )"
    r"(?P<sub>que |qu'|que,|si |s'il|s'ils|comment |pourquoi )"
)
"""A subordinator after a cue, with an adverbial between them at most."""

INFINITIVE = re.compile(
    r"\s*(?:à [^,;:.«»\x00]{1,50}? (?=de |d')|à \w+ |\w+ment |leur |lui )?"
    r"(?P<sub>(?:de |d'|à |)"
    r"(?:ne (?:pas |plus |rien |jamais )?|n'|se |s'|l'|le |la |les |y |en |lui |pas |plus |leur )*"
    r"(?:[a-zà-ÿœ]{2,}(?:er|ir|re|oir)\b|[«“\"]\s?\x00))"
)
"""An infinitive after a cue, with its *de*; or marks where the infinitive would stand."""


@cache
def bare_infinitive() -> re.Pattern[str]:
    """An infinitive without *de* after a verb of saying, of those of ``phrases.toml``: *dit vouloir*, *affirme
    samedi avoir*."""
    verbs = "|".join(document("phrases")["infinitive"])
    return re.compile(
        rf"\s*(?:,[^,;:«»“”\"\x00]{{2,70}},\s*|{_ADVERBIAL}(?![\w'])[^,;:.«»“”\"\x00]{{0,60}}?\s)?"
        r"(?<!après )(?<!pour )(?<!sans )(?<!de )(?<!à )(?<!avant )"
        r"(?P<sub>(?:ne (?:pas |plus |rien |jamais )?|n'|se |s'|l'|le |la |les |y |en |lui |leur )*"
        rf"(?:{verbs})\b)"
    )


_END = re.compile(
    r"[;\n]|\s[–—]\s|[.!?…](?=\s|$|[»”\"])"
    r"|,\s+(?=(?:mais|or|car|puis|selon|d'après|ce qu|dont|tandis que|alors que|avant de|avant d'|tout en|"
    r"a-t-|ont-|dit-|et (?:a|ont|est|se|s'|n'|ne|il|elle|ils|elles|son|sa|le|la|les|l'|un|une)\b))"
    r"|\s(?=(?:mais (?:il|elle|ils|elles|on|a|ont|n'|se|s')|avant (?:de|d')|tout en)\b)"
)
CLITIC = re.compile(r"(?:de |d'|à )(?:ne |n'|se |s'|l'|le |la |les |y |en )+")
"""*de la « récrire »*: a clitic between *de* and the marks shows that an infinitive is quoted."""

COORDINATED_QUE = re.compile(r"\s+et (?:que |qu'|de |d')|(?:\s*,)?\s+mais (?:que |qu')")
"""A second clause that goes with the first; after a comma it is one of its own."""

_TURN = re.compile(
    r"[;:.]\s|, (?:et|mais) (?:il|elle|a|ont|qu|jugé|ajouté)\b|"
    r"(?:et|mais) (?:a|ont|il|elle|se|s'|n'|ne)\b"
)
_SOURCE_TAKES_OVER = re.compile(r",\s+$")
_TAKES_OVER = re.compile(r"(?:(?:,\s+|\s)(?:et|mais|puis)\s+|,\s+)(?:(?:il|elle|ils|elles)\s)?$")
_ABBREVIATION = re.compile(r"(?:^|\W)(?:mm?|mme|mlle|dr|pr|me|mgr|st|[a-z])$")
_AFTER_SOURCE = re.compile(r"[^,;:\x00]{0,120},\s*")
_CLOSING = " \n\t.,;:!?…–—"


def clause_end(folded: str, start: int, limit: int) -> int:
    """Where the clause that starts at ``start`` ends, before its closing stop, at ``limit`` at the latest."""
    end = limit
    for match in _END.finditer(folded, start, limit):
        if match.group() == "." and not is_stop(folded, match.start()):
            continue
        end = match.start()
        break
    while end > start and folded[end - 1] in _CLOSING and folded[end - 1] not in "!?…":
        end -= 1
    while end > start and folded[end - 1] in " \n\t.!?…":
        end -= 1
    return end


def is_stop(folded: str, at: int) -> bool:
    """Whether the point at ``at`` ends a sentence rather than an abbreviation."""
    return _ABBREVIATION.search(folded[max(0, at - 5) : at]) is None


def clause_start(folded: str, end: int, limit: int) -> int:
    """Where the clause that ends at ``end`` starts, after ``limit`` at the earliest."""
    start = limit
    for match in re.finditer(r"[;:]\s|\s[–—]\s", folded[limit:end]):
        start = limit + match.end()
    while start < end and (folded[start].isspace() or folded[start] in ",;:–—-"):
        start += 1
    return start


def next_attribution(sentence: NarratedSentence, cue: Cue, folded: str) -> int:
    """The start of the next cue of the sentence that takes over from ``cue``, or the end of the sentence.

    A cue takes over when *et* or a comma stands before it: *… et a ajouté*, *…, précise-t-il*.
    """
    for other in sentence.cues:
        if other.start <= cue.end or other.mood in ("infinitive",):
            continue
        left = folded[max(cue.end, other.start - 40) : other.start]
        taken = (_SOURCE_TAKES_OVER if other.mood == "source" else _TAKES_OVER).search(left)
        if taken is not None:
            return other.start - len(left) + taken.start()
    return sentence.end


def has_marks(folded: str, start: int, end: int) -> bool:
    """Whether quoted speech stands between."""
    return FILLER in folded[start:end]


def goes_on(between: str) -> bool:
    """Whether a clause goes on from one pair of marks to the next, by the words between them."""
    if _TURN.search(between):
        return False
    return (
        re.match(r"\s*,", between) is None
        or " que " in between
        or "qu'" in between
        or between.strip() == ","
    )


_ASIDE = re.compile(
    r"\s*(?:\d+ ans|qui |dont |"
    r"[a-zà-ÿ]+(?:é|ée|és|ées|ie|is|ise|u|ue|us|ues|it|ite)s? |"
    r"[a-zà-ÿ]{4,} (?:de|d'|du|des|à|au|chez|pour|en) )"
)


def after_source(folded: str, at: int, limit: int) -> int:
    """Where the clause after *selon X* starts: past the first comma, and past an aside about X."""
    start = at
    while True:
        comma = _AFTER_SOURCE.match(folded, start, limit)
        if comma is None:
            return start if start > at else _skip_space(folded, at, limit)
        start = comma.end()
        aside = _ASIDE.match(folded, start, limit)
        if aside is None or folded.find(",", start, min(start + 90, limit)) < 0:
            return start


def _skip_space(folded: str, at: int, limit: int) -> int:
    while at < limit and folded[at].isspace():
        at += 1
    return at
