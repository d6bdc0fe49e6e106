"""Carries the gold of an article over to a variant of its text."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from factharness.facts import Fact, GoldArticle, GoldFact, Quote, Span
from factharness.variants.offsets import Edit, rewrite


class Changed(Struct):
    """What a variant changes in an article.

    ``edits``
        those of its text.
    ``speakers``
        the new names of speakers of quotes, by the old ones.
    ``attributes``
        further attributes of gold facts, by their place in the gold.
    """

    edits: list[Edit] = field(default_factory=list)
    speakers: dict[str, str] = field(default_factory=dict)
    attributes: dict[int, dict[str, str]] = field(default_factory=dict)


class Emptied(Exception):
    """A variant that leaves nothing of a text, or of a fact; the message says of which."""


def carried(gold: GoldArticle, changed: Changed) -> GoldArticle:
    """The article after a change, with the spans of its facts where their words are now.

    Labels, values of dates and everything else stay. Raises :class:`Emptied`.
    """
    text, offsets = rewrite(gold.article.text, changed.edits)
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
            speaker_name=changed.speakers.get(fact.speaker_name or "", fact.speaker_name),
            cue=fact.cue and moved(fact.cue),
        )

    def held(place: int, one: GoldFact) -> GoldFact:
        more = changed.attributes.get(place, {})
        return replace(one, fact=fact_of(one.fact), attributes={**one.attributes, **more})

    return replace(
        gold,
        article=replace(gold.article, text=text),
        facts=tuple(held(place, one) for place, one in enumerate(gold.facts)),
    )
