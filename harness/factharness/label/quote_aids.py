"""For the quotes of an article: who may have spoken, and which verb groups may be cues."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from factharness.facts import Entity, Quote, Span
from factharness.text import fold

_PRONOUN = re.compile(
    r"(?<![\w'-])(?:elles?|ils?|on|lui|nous|je|celui-ci|celle-ci|eux)(?![\w'])"
    r"|(?<=-)(?:elles?|ils?|on)(?!\w)",
    re.IGNORECASE,
)
_SAYING_STEMS = """
    admet admis affirm ajout annonc argu assur avert avou cit certifi clam comment concl confess confi confirm
    considér constat craign crain croi demand dénonc déclar déplor détaill dis dit écri estim expliqu fustig
    gliss grinc grogn indiqu inform insist interrog ironis jug jur justifi lanc lâch martel murmur not nuanc
    object observ parl pens pest plaid plaisant poursui précis prévien préven promet promi pronon propos protest
    qualifi racont rappel rapport reconn récit réclam regrett rejet relev reli renchéri répliqu répond répét
    résum rétorqu révél ripost salu signal souffl soulign soupir souten soutien suggér témoign tempêt
    tranch vant
"""
_SAYING = "|".join([*_SAYING_STEMS.split(), "fait savoir", "se félicit", "se souvien"])
_INVERTED = r"(?:(?:-t)?-(?:il|elle|on|ils|elles))"
_CUE = re.compile(
    r"(?<![\w-])(?:ne |n'|se |s'|l'|le |la |les |leur |lui |y |en )*"
    rf"(?:(?:a|ont|avait|avaient|aurait|ai|est|sont|était){_INVERTED}? (?:\w+ment |pas |aussi |encore )?)?"
    rf"(?:{_SAYING})\w*{_INVERTED}?(?!\w)"
    r"|(?<!\w)(?:selon|d'après|pour)(?!\w)",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"(?<![\w'-])(?:l'|(?:le|la|les|un|une|son|sa|ses|ce|cet|cette|leurs?|nos|notre) )"
    r"[a-zà-ÿœ]+(?:-\w+)*(?: [a-zà-ÿœ]+(?:-\w+)*| (?:de |du |des |d'|à |la |l')+[\w-]+){0,3}",
    re.I,
)


class SpeakerMention(Struct, frozen=True):
    """A place where somebody is named who may speak, and that person's full name where it says less."""

    span: Span
    name: str | None


class QuoteAid(Struct, frozen=True):
    """A quote as a back end sees it."""

    spans: tuple[Span, ...]
    label: str
    speaker: Span | None
    name: str | None
    cue: Span | None


def quotes(found: Sequence[Quote], text: str) -> list[QuoteAid]:
    """The quotes of ``found``; a name that only repeats the words of its speaker is left out."""
    return [
        QuoteAid(q.content, q.type or "", q.speaker, _more(q.speaker, q.speaker_name, text), q.cue)
        for q in found
    ]


def _more(speaker: Span | None, name: str | None, text: str) -> str | None:
    return None if speaker is not None and name == speaker.of(text) else name


def cues(found: Sequence[Quote], text: str) -> list[Span]:
    """The verb groups that may say that somebody speaks: those of ``found``, and verbs of saying elsewhere."""
    known = {q.cue for q in found if q.cue is not None}
    others = (Span(*m.span()) for m in _CUE.finditer(fold(text)))
    return sorted(known | {cue for cue in others if not any(cue.overlaps(k) for k in known)})


def mentions(found: Sequence[Quote], entities: Sequence[Entity], text: str) -> list[SpeakerMention]:
    """Who may speak, in order: the speakers of ``found``, persons and bodies, pronouns, noun phrases."""
    made = {
        q.speaker: _more(q.speaker, q.speaker_name, text) for q in found if q.speaker is not None
    }
    for entity in entities:
        if entity.label in ("PER", "ORG"):
            made.setdefault(entity.span, None)
    folded = fold(text)
    for pattern in (_PRONOUN, _PHRASE):
        for match in pattern.finditer(folded):
            made.setdefault(Span(*match.span()), None)
    return [SpeakerMention(span, name) for span, name in sorted(made.items())]
