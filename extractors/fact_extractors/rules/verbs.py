"""Finds the cues of quotations: the reporting verbs of a text.

The verbs are those of :mod:`fact_extractors.speech.verbs`; here the words around a form make it a cue, or
none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from fact_extractors.rules import asides
from fact_extractors.rules.data import words
from fact_extractors.speech.conjugation import Mood
from fact_extractors.speech.verbs import Verb, conjugated, forms, locutions, lookup, patterns, table
from fact_extractors.words import WORD, Lookout, PerWord, lower

_BEFORE = 72
"""How far to the left of a verb its auxiliary, negation and clitics can reach, in characters."""

_BESIDE = 32
"""How far to the left of a verb its clitics, or an article that makes it a noun, can reach, in characters."""

_INVERSION = 24
"""How far to the right of a verb its inverted pronoun and negation can reach, in characters."""

CLITIC = r"(?:(?:n|s|l|m|t|d)'|(?:ne|se|le|la|les|lui|leur|y|en|me|nous|vous) )"
_CLITICS = 16
"""Characters that three clitics have at most."""

PRONOUN = r"(?:[- ]t[-' ]| -t-|-)(?P<pronoun>ils?|elles?|on|je|nous|vous|ce)\b"
HAVING = (
    r"ai|a|ont|avait|avaient|aura|auront|aurait|auraient|eut|eurent|avons|ayant|avoir|ait|aient"
)
BEING = r"est|sont|était|étaient|sera|serait|seraient|fut|furent|étant|être|soit"
_AUXILIARY = rf"(?:{HAVING}|{BEING})"
_PLURAL = re.compile(r"(?<!\w)(?:\w*(?:ont|(?<!i)ent|aient)|avons)(?!\w)")
"""An auxiliary, or a verb before an infinitive, whose subject is several."""
_LEFT_OF_FINITE = re.compile(rf"(?<![\w'-]){CLITIC}{{1,3}}$")
_INVERTED = re.compile(PRONOUN)
_INVERTING = ("-", " t", " -")
"""How an inverted pronoun begins."""
_BARE_INFINITIVE = re.compile(
    r"(?<!\w)(?:(?:et|avant|puis) (?:de |d')|(?:a|ont|avait|aura) beau |"
    r"(?:peut|peuvent|pouvait|put|peut-on) (?:y )?)$"
)
_ONE_MAY = re.compile(r"(?<!\w)(?:peut|pouvait|pourra|pourrait|a-t)-on (?:pu |y )?$")
_NEGATION = re.compile(r" (?:pas|plus|jamais|guère)\b")
_DETERMINER = re.compile(
    r"(?<!\w)(?:l'|d'|(?:le|la|les|un|une|des|du|de|au|aux|ce|cet|cette|ces|son|sa|ses|leur|leurs|notre|votre|"
    r"mon|ma|mes|chaque|aucune?|toute?|quelques?|sans|en|par|sur|première?|dernière?|nouvelle?|\d+) )$"
)
_CLITIC_LAST = re.compile(rf"{CLITIC}$")
_ENDING = PerWord(
    lambda last: (
        _DETERMINER.search(last, max(0, len(last) - _BESIDE)) is not None,
        _CLITIC_LAST.search(last) is not None,
    )
)
"""Whether the last word before a verb, with the space behind it, makes it a noun; whether it is a clitic."""
_COORDINATED = re.compile(r"(?<!\w)(?:et|mais|puis|ou)(?: \w+ment)? $")
_CLAUSE_AFTER = re.compile(r"[ \n](?:que |qu'|de |d'|[«“\"])")
_AS_IT = re.compile(r"(?<!\w)comme l(?:e |')$")
_REFLEXIVE = re.compile(r"(?<!\w)(?:s'|se )")


class Cue(Struct, frozen=True, gc=False):
    """The words that attribute speech.

    ``start``, ``end``
        the contiguous verb group: auxiliary, negation, clitics, inverted pronoun; or *selon* and its like.
    ``mood``
        of the verb; ``"source"`` for *selon*, *d'après*, *pour* ...
    ``pronoun``
        where an inverted subject pronoun stands (*a-t-**elle** dit*), else None.
    ``plural``
        whether the verb says that its subject is several.
    """

    start: int
    end: int
    lemma: str
    mood: Mood | str
    uses: frozenset[str]
    pronoun: tuple[int, int] | None = None
    plural: bool = False


class _Lexicon(NamedTuple):
    """Where the words stand that can start a cue or are its verb (``heads``), and what they may be."""

    heads: Lookout
    forms: dict[str, tuple[Verb, ...]]
    tails: dict[str, tuple[tuple[str, Verb], ...]]
    leads: re.Pattern[str]
    helping: Lookout
    auxiliary: re.Pattern[str]
    sources: dict[str, tuple[tuple[str, ...], tuple[tuple[str, frozenset[str]], ...]]]


def _alternatives(texts: set[str]) -> str:
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))


@cache
def _lexicon() -> _Lexicon:
    known, tails = patterns(), locutions()
    adverbs = rf"(?:,? (?:pas|plus|jamais|rien|tout|{asides.pattern()})){{0,3}},?"
    inverted = PRONOUN.replace("?P<pronoun>", "?:")
    leads = []
    for row in table("leads"):
        pattern = row["conjugation"] or known.get(row["verb"]) or "er"
        after = re.escape(row["words"])
        if after.endswith("de"):
            after = after.removesuffix("de") + r"(?:de|d')"
        forms_of = _alternatives({v.form.text for v in conjugated(row["verb"], pattern, "")})
        leads.append(rf"(?:{forms_of})(?:{inverted})?" + (r"\ " + after if after else ""))
    sources: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for row in table("sources"):
        first = WORD.match(row["words"])
        assert first is not None
        sources.setdefault(first.group(), []).append((row["words"], frozenset(row["uses"].split())))
    return _Lexicon(
        Lookout(WORD, frozenset((*forms(), *tails, *sources)).__contains__),
        forms(),
        {text: tuple(sorted(pairs, key=lambda p: -len(p[0]))) for text, pairs in tails.items()},
        re.compile(
            rf"(?<!\w){CLITIC}{{0,3}}(?:{_AUXILIARY}(?:{inverted})?{adverbs} )?"
            rf"(?:{'|'.join(leads)})(?: {asides.pattern()})?(?: |(?<='))$"
        ),
        Lookout(re.compile(rf"\b(?:{HAVING}|{BEING})\b")),
        re.compile(rf"\b{CLITIC}{{0,3}}(?:{HAVING}|(?P<being>{BEING}))(?:{PRONOUN})?{adverbs} $"),
        {
            first: (
                tuple(words for words, _ in pairs),
                tuple(sorted(pairs, key=lambda p: -len(p[0]))),
            )
            for first, pairs in sources.items()
        },
    )


_PASSIVE = re.compile(
    rf"(?:(?<!\w)(?:(?:{HAVING}) été|{BEING}) )?(?P<verb>\w+) (?:comme |de |d'|d'une? |une? |à )?$"
)


def passive_before(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """The verb group of a passive that has the words at ``end`` for object: *a été qualifié de*."""
    found = _PASSIVE.search(folded, max(start, end - _BEFORE), end)
    if found is None or not any(
        verb.form.mood == "participle" and verb.uses & {"about", "say", "that"}
        for verb in lookup(found["verb"])
    ):
        return None
    return found.start(), found.end("verb")


def _length(cue: Cue) -> int:
    return cue.end - cue.start


def _source(folded: str, start: int, word: str, end: int) -> Cue | None:
    for phrase, uses in _lexicon().sources[word][1]:
        stop = start + len(phrase)
        whole = phrase.endswith("'") or not folded[stop : stop + 1].isalnum()
        if stop <= end and folded.startswith(phrase, start) and whole:
            return Cue(start, stop, phrase, "source", uses)
    return None


def _located(folded: str, begin: int, at: int, form: str, end: int) -> list[Cue]:
    """The locutions whose verb is the word ``form`` at ``at``."""
    stop = at + len(form)
    found: list[Cue] = []
    for words_after, verb in _lexicon().tails[form]:
        if words_after not in folded[stop : stop + len(words_after) + _INVERSION]:
            continue
        group = _group(folded, begin, at, stop, verb)
        after = group.end if group is not None and group.pronoun else stop
        last = after + 1 + len(words_after)
        if group is None or last > end or not folded.startswith(words_after, after + 1):
            continue
        if not folded[last : last + 1].isalnum():
            found.append(replace(group, end=last))
    return found


def _last_word(left: str) -> str:
    """The last word of ``left``, with what stands behind it."""
    return left[left.rfind(" ", 0, -2) + 1 :]


def _auxiliary(left: str) -> re.Match[str] | None:
    """The auxiliary with its clitics, pronoun and adverbs at the end of ``left``."""
    lexicon = _lexicon()
    helping = lexicon.helping.first_in(left)
    if helping < 0:
        return None
    return lexicon.auxiliary.search(left, max(0, helping - _CLITICS))


def _group(folded: str, begin: int, at: int, stop: int, verb: Verb) -> Cue | None:
    """The verb group around the verb form at ``[at, stop)``; None when the form is no verb here."""
    left = folded[max(begin, at - _BEFORE) : at]
    offset = at - len(left)
    pronoun = None
    mood = verb.form.mood
    if mood == "participle":
        before = _auxiliary(left)
        if before is None:
            if not _CLAUSE_AFTER.match(folded, stop) or not _COORDINATED.search(left):
                return None
            return Cue(at, stop, verb.lemma, mood, verb.uses)
        if before["being"] and not _REFLEXIVE.search(before.group()):
            return None  # a passive: est annoncé
        if before["pronoun"]:
            pronoun = (offset + before.start("pronoun"), offset + before.end("pronoun"))
        start, end = offset + before.start(), stop
    elif mood == "infinitive":
        lead = _lexicon().leads.search(left)
        before = lead or _ONE_MAY.search(left)
        if before is None and not _BARE_INFINITIVE.search(left):
            return None
        start, end = (offset + before.start() if before else at), stop
        subject = _INVERTED.search(folded, start, at) if lead else None
        pronoun = subject.span("pronoun") if subject else None
    else:
        follows = folded.startswith(_INVERTING, stop)
        inverted = _INVERTED.match(folded, stop) if follows else None
        determiner, clitic = _ENDING[_last_word(left)]
        if inverted is None and mood == "finite" and determiner and not _clitic(left, verb):
            return None
        before = _LEFT_OF_FINITE.search(left, max(0, len(left) - _BESIDE)) if clitic else None
        start, end = (offset + before.start() if before else at), stop
        if inverted is not None and mood == "finite":
            end, pronoun = inverted.end(), inverted.span("pronoun")
        if before is not None and "n" in before.group()[:2]:
            negation = _NEGATION.match(folded, end)
            end = negation.end() if negation else end
    if mood == "gerund":
        after_en = folded.startswith("en ", start) or left.endswith("en ")
        if verb.form.text == "maintenant" and not after_en:
            return None  # the adverb
        start += 3 if folded.startswith("en ", start) else 0
    own = max(start, at - 3) if mood == "infinitive" else start  # se contente de répéter
    reflexive = own < at and _REFLEXIVE.search(folded, own, at) is not None
    if reflexive != verb.reflexive:
        return None
    plural = verb.form.plural if mood == "finite" else bool(_PLURAL.search(folded, start, at))
    return Cue(start, end, verb.lemma, mood, verb.uses, pronoun, plural)


def _clitic(left: str, verb: Verb) -> bool:
    """Whether the ``le``, ``la``, ``l'`` before a verb form is its object rather than an article."""
    return left.endswith(("l'", "le ", "la ", "les ", "leur ")) and (
        verb.form.text not in words("homographs") or _AS_IT.search(left) is not None
    )


def cues(text: str, start: int = 0, end: int | None = None) -> list[Cue]:
    """The cues of speech in ``text[start:end]``, in order and apart from each other.

    Linear in the length of the stretch; offsets are into ``text``.
    """
    return find(lower(text), start, len(text) if end is None else end)


def find(folded: str, start: int, end: int) -> list[Cue]:
    """:func:`cues` on a text that is already lower-cased by :func:`fact_extractors.words.lower`."""
    lexicon = _lexicon()
    found: list[Cue] = []
    reached = start
    for word, at in lexicon.heads.places(folded, start, end):
        if at < reached:
            continue
        groups: list[Cue] = []
        if (
            word in lexicon.sources
            and folded.startswith(lexicon.sources[word][0], at)
            and (source := _source(folded, at, word, end))
        ):
            groups.append(source)
        if word in lexicon.tails:
            groups += _located(folded, start, at, word, end)
        for verb in lexicon.forms.get(word, ()):
            group = _group(folded, start, at, at + len(word), verb)
            if group is not None:
                groups.append(group)
        if groups:
            best = max(groups, key=_length)
            if found and best.start < found[-1].end:  # a-t-il voulu + a-t-il voulu rassurer
                del found[-1]
            found.append(best)
            reached = best.end
    return found
