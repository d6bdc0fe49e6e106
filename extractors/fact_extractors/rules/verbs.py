"""Reporting verbs: which words of a text are the cue of a quotation.

The lexicon is in ``data/``: ``verbs.tsv`` (infinitive, conjugation, uses), ``irregular.tsv``,
``locutions.tsv`` (*faire savoir*, *pointer du doigt*), ``leads.tsv`` (*tient à* préciser) and ``sources.tsv``
(*selon*, *d'après*).

The uses of a verb:

``say``   takes a clause: *affirme que …*
``tell``  stands by speech in marks: *« … », lance-t-il*
``about`` has marked words for object: *fustige « … »*
``ask``   takes an infinitive: *demande de …*
``read``  has its source after *dans* or *sur*: *peut-on lire dans …*
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from fact_extractors.rules.conjugation import Form, Mood, conjugate
from fact_extractors.rules.data import table, words
from fact_extractors.rules.words import WORD, lower

_BEFORE = 48
"""How far to the left of a verb its auxiliary, negation and clitics can reach, in characters."""

_INVERSION = 24
"""How far to the right of a verb its inverted pronoun and negation can reach, in characters."""

_CLITIC = r"(?:(?:n|s|l|m|t|d)'|(?:ne|se|le|la|les|lui|leur|y|en|me|nous|vous) )"
_PRONOUN = r"(?:-t)?-(?P<pronoun>ils?|elles?|on|je|nous|vous|ce)\b"
_ADVERB = (
    r"(?:pas|plus|jamais|aussi|ainsi|encore|toujours|déjà|ensuite|alors|enfin|même|notamment|bien|"
    r"en outre|par ailleurs|à nouveau|en revanche|quant à elle|quant à lui|de nouveau|\w{3,16}ment) "
)
_HAVING = (
    r"ai|a|ont|avait|avaient|aura|auront|aurait|auraient|eut|eurent|avons|ayant|avoir|ait|aient"
)
_BEING = r"est|sont|était|étaient|sera|serait|seraient|fut|furent|étant|être|soit"
_AUXILIARY = rf"(?:{_HAVING}|{_BEING})"
_LEFT_OF_PARTICIPLE = re.compile(
    rf"\b{_CLITIC}{{0,3}}(?:{_HAVING}|(?P<being>{_BEING}))(?:{_PRONOUN})? (?:tout )?(?:{_ADVERB}){{0,2}}$"
)
_LEFT_OF_FINITE = re.compile(rf"(?<![\w'-]){_CLITIC}{{1,3}}$")
_INVERTED = re.compile(_PRONOUN)
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
_COORDINATED = re.compile(r"(?<!\w)(?:et|mais|puis|ou)(?: \w+ment)? $")
_CLAUSE_AFTER = re.compile(r"[ \n](?:que |qu'|de |d'|[«“\"])")
_REFLEXIVE = re.compile(r"(?<!\w)(?:s'|se )")


class Verb(NamedTuple):
    """A form of a reporting verb: its infinitive (with *se*), the form, the uses of the verb."""

    lemma: str
    form: Form
    uses: frozenset[str]
    reflexive: bool


class Cue(NamedTuple):
    """The words that attribute speech.

    ``start``, ``end``
        the contiguous verb group: auxiliary, negation, clitics, inverted pronoun; or *selon* and its like.
    ``mood``
        of the verb; ``"source"`` for *selon*, *d'après*, *pour* ...
    ``pronoun``
        where an inverted subject pronoun stands (*a-t-**elle** dit*), else None.
    """

    start: int
    end: int
    lemma: str
    mood: Mood | str
    uses: frozenset[str]
    pronoun: tuple[int, int] | None = None


class _Lexicon(NamedTuple):
    """The words that can start a cue or are its verb (``heads``), and what they may be."""

    heads: frozenset[str]
    forms: dict[str, tuple[Verb, ...]]
    tails: dict[str, tuple[tuple[str, Verb], ...]]
    leads: re.Pattern[str]
    sources: dict[str, tuple[tuple[str, frozenset[str]], ...]]


def _conjugated(lemma: str, conjugation: str, uses: str) -> Iterator[Verb]:
    bare_lemma = lemma.removeprefix("se ").removeprefix("s'")
    for form in conjugate(bare_lemma, conjugation):
        yield Verb(lemma, form, frozenset(uses.split()), bare_lemma != lemma)


def _alternatives(texts: set[str]) -> str:
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))


def _distinct(verbs: list[Verb]) -> tuple[Verb, ...]:
    """``verbs`` without those that a cue cannot tell apart: *il dit* is present and past."""
    return tuple({(v.lemma, v.form.mood, v.uses, v.reflexive): v for v in verbs}.values())


@cache
def _lexicon() -> _Lexicon:
    forms: dict[str, list[Verb]] = {}
    patterns = {row["infinitive"]: row["conjugation"] for row in table("verbs")}
    irregular = {row["infinitive"]: "irr" for row in table("irregular")}
    for row in table("verbs"):
        for verb in _conjugated(row["infinitive"], row["conjugation"], row["uses"]):
            forms.setdefault(verb.form.text, []).append(verb)
    tails: dict[str, list[tuple[str, Verb]]] = {}
    for row in table("locutions"):
        pattern = patterns.get(row["verb"]) or irregular.get(row["verb"], "er")
        for verb in _conjugated(row["verb"], pattern, row["uses"]):
            tails.setdefault(verb.form.text, []).append((lower(row["words"]), verb))
    leads = set()
    for row in table("leads"):
        pattern = irregular.get(row["verb"].removeprefix("se ")) or "er"
        if row["verb"] == "préférer":
            pattern = "er:préfèr"
        after = f" {row['words']}" if row["words"] else ""
        leads |= {v.form.text + after for v in _conjugated(row["verb"], pattern, "")}
    leads |= {lead.removesuffix("de") + "d'" for lead in leads if lead.endswith(" de")}
    lead = rf"(?:(?<!\w){_CLITIC}{{0,3}}(?:{_AUXILIARY}(?:{_PRONOUN})? (?:{_ADVERB}){{0,2}})?)"
    sources: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for row in table("sources"):
        first = WORD.match(row["words"])
        assert first is not None
        sources.setdefault(first.group(), []).append((row["words"], frozenset(row["uses"].split())))
    return _Lexicon(
        frozenset((*forms, *tails, *sources)),
        {text: _distinct(verbs) for text, verbs in forms.items()},
        {text: tuple(sorted(pairs, key=lambda p: -len(p[0]))) for text, pairs in tails.items()},
        re.compile(rf"{lead}(?:{_alternatives(leads)})(?: |(?<='))$"),
        {first: tuple(sorted(pairs, key=lambda p: -len(p[0]))) for first, pairs in sources.items()},
    )


def lookup(word: str) -> tuple[Verb, ...]:
    """The reporting verbs ``word`` is a form of; ``()`` when it is none."""
    return _lexicon().forms.get(lower(word), ())


def _length(cue: Cue) -> int:
    return cue.end - cue.start


def _source(folded: str, start: int, word: str, end: int) -> Cue | None:
    for phrase, uses in _lexicon().sources.get(word, ()):
        stop = start + len(phrase)
        whole = phrase.endswith("'") or not folded[stop : stop + 1].isalnum()
        if stop <= end and folded.startswith(phrase, start) and whole:
            return Cue(start, stop, phrase, "source", uses)
    return None


def _located(folded: str, begin: int, at: int, form: str, end: int) -> list[Cue | None]:
    """The locutions whose verb is the word ``form`` at ``at``."""
    stop = at + len(form)
    found: list[Cue | None] = []
    for words_after, verb in _lexicon().tails[form]:
        if words_after not in folded[stop : stop + len(words_after) + _INVERSION]:
            continue
        group = _group(folded, begin, at, stop, verb)
        after = group.end if group is not None and group.pronoun else stop
        last = after + 1 + len(words_after)
        if group is None or last > end or not folded.startswith(words_after, after + 1):
            continue
        if not folded[last : last + 1].isalnum():
            found.append(group._replace(end=last))
    return found


def _group(folded: str, begin: int, at: int, stop: int, verb: Verb) -> Cue | None:
    """The verb group around the verb form at ``[at, stop)``; None when the form is no verb here."""
    left = folded[max(begin, at - _BEFORE) : at]
    offset = at - len(left)
    pronoun = None
    mood = verb.form.mood
    if mood == "participle":
        before = _LEFT_OF_PARTICIPLE.search(left)
        if before is None:
            if not _COORDINATED.search(left) or not _CLAUSE_AFTER.match(folded, stop):
                return None
            return Cue(at, stop, verb.lemma, mood, verb.uses, None)
        if before["being"] and not _REFLEXIVE.search(before.group()):
            return None  # a passive: est annoncé
        if before["pronoun"]:
            pronoun = (offset + before.start("pronoun"), offset + before.end("pronoun"))
        start, end = offset + before.start(), stop
    elif mood == "infinitive":
        before = _lexicon().leads.search(left) or _ONE_MAY.search(left)
        if before is None and not _BARE_INFINITIVE.search(left):
            return None
        start, end = (offset + before.start() if before else at), stop
    else:
        inverted = _INVERTED.match(folded, stop)
        if (
            inverted is None
            and mood == "finite"
            and _DETERMINER.search(left)
            and not _clitic(left, verb)
        ):
            return None
        before = _LEFT_OF_FINITE.search(left)
        start, end = (offset + before.start() if before else at), stop
        if inverted is not None and mood == "finite":
            end, pronoun = inverted.end(), inverted.span("pronoun")
        if before is not None and "n" in before.group()[:2]:
            negation = _NEGATION.match(folded, end)
            end = negation.end() if negation else end
    if mood == "gerund" and folded.startswith("en ", start):
        start += 3
    own = max(start, at - 3) if mood == "infinitive" else start  # se contente de répéter
    reflexive = bool(_REFLEXIVE.search(folded, own, at))
    return (
        Cue(start, end, verb.lemma, mood, verb.uses, pronoun)
        if reflexive == verb.reflexive
        else None
    )


def _clitic(left: str, verb: Verb) -> bool:
    """Whether the ``le``, ``la``, ``l'`` before a verb form is its object rather than an article."""
    return left.endswith(("l'", "le ", "la ", "les ", "leur ")) and (
        verb.form.text not in words("homographs")
    )


def cues(text: str, start: int = 0, end: int | None = None) -> list[Cue]:
    """The cues of speech in ``text[start:end]``, in order and apart from each other.

    Linear in the length of the stretch; offsets are into ``text``.
    """
    return find(lower(text), start, len(text) if end is None else end)


def find(folded: str, start: int, end: int) -> list[Cue]:
    """:func:`cues` on a text that is already lower-cased by :func:`.words.lower`."""
    lexicon = _lexicon()
    heads = lexicon.heads
    found: list[Cue] = []
    reached = start
    for match in WORD.finditer(folded, start, end):
        word, at = match.group(), match.start()
        if word not in heads or at < reached:
            continue
        candidates: list[Cue | None] = []
        if word in lexicon.sources:
            candidates.append(_source(folded, at, word, end))
        if word in lexicon.tails:
            candidates += _located(folded, start, at, word, end)
        if word in lexicon.forms:
            candidates += [_group(folded, start, at, match.end(), v) for v in lexicon.forms[word]]
        groups = [group for group in candidates if group is not None]
        if groups:
            best = max(groups, key=_length)
            if found and best.start < found[-1].end:  # a-t-il voulu + a-t-il voulu rassurer
                del found[-1]
            found.append(best)
            reached = best.end
    return found
