"""How far an attributed clause reaches: from its subordinator to where the narrator takes over again."""

from __future__ import annotations

import re
from functools import cache

from fact_extractors.rules import asides, speakers, tense
from fact_extractors.rules.data import document
from fact_extractors.rules.narration import FILLER, NarratedSentence
from fact_extractors.rules.noun_phrases import Stretch
from fact_extractors.rules.verbs import Cue

_HEAD = (
    r"(?:d'ailleurs|d'abord|d'autre part|\w+ment|pourtant|donc|néanmoins|certes|parfois|souvent|ainsi|aussi|"
    r"encore|toutefois|cependant|même|enfin|alors|ensuite|hier|aujourd'hui|lors|lundi|mardi|mercredi|jeudi|"
    r"vendredi|samedi|dimanche|ce|en|à|au|aux|dans|sur|devant|par|depuis|pour|après|avant|plus|auprès|via|"
    r"chez|sous|sans|leur|nous|pas|quant|là|ici|d'|l')"
)
_SUBORDINATOR = re.compile(r"\s*(?P<sub>que |qu'|que,|si |s'il|s'ils|comment |pourquoi )")
_BETWEEN_COMMAS = r"(?:,[^,;:«»“”\"\x00]{2,70},)"
_QUE = re.compile(
    rf"\s*(?:(?:{_HEAD}(?![\w'])[^,;:.«»“”\"\x00]{{0,60}}?{_BETWEEN_COMMAS}?|{_BETWEEN_COMMAS})\s*)?"
    r"(?<![\w'])(?<!alors )(?<!tandis )(?<!parce )(?<!afin )(?<!bien )(?<!plus )(?<!moins )(?<!autant )"
    r"(?<!dès lors )(?<!après )(?<!avant )"
    r"(?P<sub>que |qu'|que,|si |s'il|s'ils|comment |pourquoi )"
)
"""A subordinator after a cue, with an adverbial between them at most."""

_NO_INFINITIVE = rf"(?!(?:{'|'.join(document('phrases')['no_infinitive'])})s?(?!\w))"
_GOVERNED = re.compile(
    r"(?<![\w'])(?:à|au|aux|de|du|des|d'|dans|sur|sous|par|pour|en|chez|devant|après|avant|depuis|dès|pendant|durant|"
    r"lors de|vers|avec|sans|selon|auprès de|via|et|ou|tout|toute|entre|contre|malgré|à travers|outre)\s*$"
)
_NOUN_OPENS = re.compile(
    r"(?<![\w'])(?:les?|la|l'|une?|des|ces?|cet|cette|s(?:on|a|es)|leurs?|plusieurs|quelques)(?: |(?<='))"
    r"(?!(?:lendemain|veille|semaine|matin|soir|nuit|jour|an|année|mois|fois|même|week-end|heure|journée|matinée|"
    r"soirée|\d+)(?!\w))"
)
_OTHER_VERB = re.compile(
    rf"(?<![\w'])(?:de |d'|pour )(?:ne |n'|se |s'|les? |la |y |en |lui |leur )*{_NO_INFINITIVE}"
    r"[a-zà-ÿœ]{2,}(?:er|ir|re|oir)(?!\w)"
)


def subordinator(folded: str, start: int, limit: int) -> re.Match[str] | None:
    """The subordinator of the speech, behind a cue that ends at ``start``; its place is the group ``sub``.

    Asides and adverbials may stand between. A *que* behind a noun that is no complement of place or time (*a
    annoncé lundi le texte que …*), or behind another verb, opens a relative clause and is none.
    """
    past = asides.past(folded, start, limit)
    found = _SUBORDINATOR.match(folded, past, limit) if past > start else None
    found = found or _QUE.match(folded, past, limit) or _QUE.match(folded, start, limit)
    if found is None or not found["sub"].startswith("qu"):
        return found
    gap = folded[found.start() : found.start("sub")].partition(",")[0]
    if _OTHER_VERB.search(gap):
        return None
    for noun in _NOUN_OPENS.finditer(gap):
        if gap[: noun.start()].strip() and not _GOVERNED.search(gap[: noun.start()]):
            return None
    return found


INFINITIVE = re.compile(
    r"\s*(?:à [^,;:.«»\x00]{1,50}? (?=de |d')|à \w+ |\w+ment |leur |lui )?"
    r"(?P<sub>(?:de |d'|à |)"
    r"(?:ne (?:pas |plus |rien |jamais )?|n'|se |s'|l'|le |la |les |y |en |lui |pas |plus |leur )*"
    rf"(?:{_NO_INFINITIVE}[a-zà-ÿœ]{{2,}}(?:er|ir|re|oir)\b|[«“\"]\s?\x00))"
)
"""An infinitive after a cue, with its *de*; or marks where the infinitive would stand."""

_FIRST_INFINITIVE = re.compile(
    r"(?:ne (?:pas |plus |rien |jamais )?|n'|se |s'|les? |la |l'|y |en |lui |leur |tout |mieux |bien |"
    r"\w+ment )*"
    rf"{_NO_INFINITIVE}\w{{2,}}(?:er|ir|re|oir)(?!\w)"
)


def begins_with_infinitive(folded: str, inner: Stretch) -> bool:
    """Whether marked words begin with an infinitive: *promet de « tout faire »*."""
    return _FIRST_INFINITIVE.match(folded, *inner) is not None


@cache
def bare_infinitive() -> re.Pattern[str]:
    """An infinitive without *de* after a verb of saying, of those of ``phrases.toml``: *dit vouloir*, *affirme
    samedi avoir*."""
    verbs = "|".join(document("phrases")["infinitive"])
    return re.compile(
        rf"\s*(?:,[^,;:«»“”\"\x00]{{2,70}},\s*|{_HEAD}(?![\w'])[^,;:.«»“”\"\x00]{{0,60}}?\s)?"
        r"(?<!après )(?<!pour )(?<!sans )(?<!de )(?<!à )(?<!avant )"
        r"(?P<sub>(?:ne (?:pas |plus |rien |jamais )?|n'|se |s'|l'|le |la |les |y |en |lui |leur )*"
        rf"(?:{verbs})\b)"
    )


_END = re.compile(
    r"[;\n]|\s?:\s*(?=[«“\"‹]\s?\x00)|\s[–—]\s|[.!?…](?=\s|$|[»”\"])"
    r"|,\s+(?=(?:mais|or|car|puis|selon|d'après|ce qu|dont|tandis que|alors que|avant de|avant d'|tout en|"
    r"a-t-|ont-|dit-|et (?:a|ont|est|se|s'|n'|ne|il|elle|ils|elles|son|sa|le|la|les|l'|un|une)\b))"
    r"|\s(?=(?:mais (?:il|elle|ils|elles|on|a|ont|n'|se|s')|avant (?:de|d')|tout en)\b)"
)
CLITIC = re.compile(r"(?:de |d'|à )(?:ne |n'|se |s'|l'|le |la |les |y |en )+")
"""*de la « récrire »*: a clitic between *de* and the marks shows that an infinitive is quoted."""

NARRATOR = re.compile(
    r"\s*(?:[.;:!?…]|,(?!\s+(?:sinon|ni|même si|puisque|parce que|faute de|à condition|sauf|pourvu))|\)|$|\n|"
    r"(?:et|mais|puis|ou)\s+(?:(?:a|ont|avait|est|il|elle|ils|elles|on|se|ne|le|la|les|l|s|n|y|en|où|qui|que|qu)\b)|"
    r"(?:et|mais|puis|ou)\s*[«“\"]|(?:avant de|avant d'|tout en|tandis que|alors que|afin|selon|d'après)(?!\w)|"
    r"[a-zà-ÿ]{3,}ant\s)"
)
"""What follows marks where the narrator takes over."""

SENTENCE_LIKE = re.compile(r"[A-ZÀ-ÖØ-Þ\"“(\[…]")
"""What marked words begin with that are a sentence."""

COORDINATED_QUE = re.compile(r"\s+et (?:que |qu'|de |d')|(?:\s*,)?\s+mais (?:que |qu')")
"""A second clause that goes with the first; after a comma it is one of its own."""

_TURN = re.compile(
    r"[;:.]\s|, (?:et|mais) (?:il|elle|a|ont|qu|jugé|ajouté)\b|"
    r"(?:et|mais) (?:a|ont|il|elle|se|s'|n'|ne)\b"
)
_SOURCE_TAKES_OVER = re.compile(r",\s+$")
_TAKES_OVER = re.compile(r"(?:(?:,\s+|\s)(?:et|mais|puis)\s+|,\s+)(?:(?:il|elle|ils|elles)\s)?$")
_ABBREVIATION = re.compile(r"(?<!\w)(?:mm?|mme|mlle|dr|pr|me|mgr|st|[a-z])$")
_CLAUSE_FOLLOWS = re.compile(
    r"\s+(?:ils?|elles?|on|nous|vous|je|c'est|c'était|ce sont|ce sera|il y)(?![\w-])"
)
_APPOSITION = re.compile(r"[^,;:\x00]{2,90},\s+(?P<subject>(?:ils?|elles?|on|ce|c'))(?![\w-])")
"""A chunk behind a source that the subject of the clause follows: it speaks of the source."""
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


def main_clause(text: str, folded: str, start: int, end: int) -> tuple[int, Stretch] | None:
    """Where a clause that opens a sentence ends, and the subject that follows: *rappelant que A, X a dit …*."""
    for comma in re.compile(r",\s+").finditer(folded, start, end):
        if not holds_verb(folded, start, comma.start()):
            continue
        subject = speakers.first(text, folded, comma.end(), end)
        if subject is None or subject[1] >= end:
            continue
        if text[subject[0]].isupper() or holds_verb(folded, subject[1], end):
            return comma.start(), subject
    return None


def is_stop(folded: str, at: int) -> bool:
    """Whether the point at ``at`` ends a sentence rather than an abbreviation."""
    return _ABBREVIATION.search(folded, max(0, at - 5), at) is None


_DATELINE = re.compile(r"\s*(?:\([\w .-]{1,30}\)\s)?")
"""A place in parentheses that opens an article."""


def clause_start(folded: str, end: int, limit: int) -> int:
    """Where the clause that ends at ``end`` starts, after ``limit`` at the earliest."""
    start = limit
    for match in re.finditer(r"[;:]\s|\s[–—]\s", folded[limit:end]):
        start = limit + match.end()
    start = _DATELINE.match(folded, start, end).end()  # type: ignore[union-attr]
    while start < end and (folded[start].isspace() or folded[start] in ",;:–—-"):
        start += 1
    return start


def next_attribution(
    sentence: NarratedSentence, cue: Cue, folded: str, *, clause: int | None = None
) -> int:
    """The start of the next cue of the sentence that takes over from ``cue``, or the end of the sentence.

    A cue takes over when *et* or a comma stands before it: *… et a ajouté*, *…, précise-t-il*; but the first
    verb of the ``clause`` that starts there is its own: *selon X, le maire, Y, a annoncé …*.
    """
    for other in sentence.cues:
        if other.start <= cue.end or other.mood in ("infinitive",):
            continue
        left = folded[max(cue.end, other.start - 40) : other.start]
        taken = (_SOURCE_TAKES_OVER if other.mood == "source" else _TAKES_OVER).search(left)
        if clause is not None and other.pronoun is None and other.mood != "source":
            own = other.start > clause and not holds_verb(folded, clause, other.start)
            clause = None
            if own:
                continue
        if taken is not None:
            return other.start - len(left) + taken.start()
    return sentence.end


_PRESENT = re.compile(
    r"(?<![\w'-])(?:est|sont|a|ont|va|vont|peut|peuvent|doit|doivent|fait|font|reste|restent|faut|n'|ne|se|s'|"
    r"c'est|devient|prend|vient|existe|existent|dépend|permet|suffit|manque|manquent)(?![\w-])"
)


_FEWEST_WORDS = 5


def is_clause(folded: str, start: int, end: int) -> bool:
    """Whether a stretch is a clause: it holds a verb known as one, or is long enough to hold another."""
    return holds_verb(folded, start, end) or folded.count(" ", start, end) >= _FEWEST_WORDS


def holds_verb(folded: str, start: int, end: int) -> bool:
    """Whether a stretch holds a finite verb, as far as endings and a list tell."""
    return bool(_PRESENT.search(folded, start, end) or tense.holds_verb(folded, start, end))


SET_OFF = re.compile(r"[^,;:.\x00]{0,40}[,:]\s*")
"""What may stand between the speaker of an incise and the speech it introduces."""


def means_only(cue: str) -> bool:
    """*ne relève que*: a negation without *pas* makes *que* mean *only*."""
    return cue.startswith(("ne ", "n'")) and not re.search(r" (?:pas|plus|jamais)\b", cue)


def follows_as(folded: str, cue: Cue) -> bool:
    """Whether *comme* stands before a cue: *comme le rappelle X*."""
    return cue.mood not in ("source", "gerund") and folded.endswith("comme ", 0, cue.start)


_OPENS_CLAUSE = re.compile(
    r"(?<!\w)(?:que|car|mais|puisque|parce que|alors que|où|et|or|donc)[\s,]*$"
)


def opens(folded: str, start: int, end: int) -> bool:
    """Whether a conjunction at the end of a stretch opens a new clause."""
    return _OPENS_CLAUSE.search(folded, start, end) is not None


def has_marks(folded: str, start: int, end: int) -> bool:
    """Whether quoted speech stands between."""
    return FILLER in folded[start:end]


def goes_on(between: str) -> bool:
    """Whether a clause goes on from one pair of marks to the next, by the words between them."""
    if _TURN.search(between):
        return False
    return (
        re.match(r"\s*,(?!\s+(?:qui|dont|où|ainsi que|voire|en|avec|sans|et|ou|ni)\s)", between)
        is None
        or " que " in between
        or "qu'" in between
        or between.strip() == ","
    )


_ASIDE = re.compile(
    r"\s*(?:\d+ ans|qui |dont |[a-zà-ÿ]{3,}ant |"
    r"[a-zà-ÿ]+(?:é|ée|és|ées|ie|is|ise|u|ue|us|ues|it|ite)s? |"
    r"[a-zà-ÿ]{4,} (?:de|d'|du|des|à|au|chez|pour|en) )"
)


def after_source(text: str, folded: str, at: int, limit: int) -> int:
    """Where the clause after *selon X* starts: past the first comma, and past an aside about X."""
    start = at
    if _CLAUSE_FOLLOWS.match(folded, at, limit):  # selon la légende elle fut …
        return _skip_space(folded, at, limit)
    while True:
        comma = _AFTER_SOURCE.match(folded, start, limit)
        if comma is None:
            return start if start > at else _skip_space(folded, at, limit)
        start = comma.end()
        apposition = _APPOSITION.match(folded, start, limit)
        if apposition is not None and not holds_verb(folded, start, apposition.start("subject")):
            return apposition.start("subject")
        aside = _ASIDE.match(folded, start, limit)
        if (
            aside is None
            or text[start].isupper()
            or folded.find(",", start, min(start + 90, limit)) < 0
        ):
            return start


def _skip_space(folded: str, at: int, limit: int) -> int:
    while at < limit and folded[at].isspace():
        at += 1
    return at
