"""Carries the gold of an article over to a variant of its text."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from factharness.facts import Fact, GoldArticle, GoldFact, Quote, Span
from factharness.variants.offsets import Offsets


class Emptied(Exception):
    """A variant that leaves nothing of a text, or of a fact; the message says of which."""


def carried(
    gold: GoldArticle,
    text: str,
    offsets: Offsets,
    speakers: Mapping[str, str],
    attributes: Mapping[int, Mapping[str, str]],
) -> GoldArticle:
    """The article with ``text``, and with the spans of its facts where ``offsets`` has them now.

    Labels, values of dates and everything else stay, but for the names of speakers that ``speakers`` has new
    ones for; ``attributes`` has further attributes by the place of the fact. Raises :class:`Emptied`.
    """
    if not text.strip():
        raise Emptied("it leaves nothing of the text")

    def moved(span: Span) -> Span:
        new = offsets.carried(span)
        if new is None:
            raise Emptied(f"it leaves nothing of {span.of(gold.article.text)!r}")
        return new

    def fact_of(fact: Fact) -> Fact:
        if not isinstance(fact, Quote):
            return replace(fact, span=moved(fact.span))
        return replace(
            fact,
            content=tuple(map(moved, fact.content)),
            speaker=fact.speaker and moved(fact.speaker),
            speaker_name=speakers.get(fact.speaker_name or "", fact.speaker_name),
            cue=fact.cue and moved(fact.cue),
        )

    def held(place: int, one: GoldFact) -> GoldFact:
        more = attributes.get(place, {})
        return replace(one, fact=fact_of(one.fact), attributes={**one.attributes, **more})

    return replace(
        gold,
        article=replace(gold.article, text=text),
        facts=tuple(held(place, one) for place, one in enumerate(gold.facts)),
    )
