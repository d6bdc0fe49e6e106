"""Quotations of a pipeline: by the trees of its parser, or by the rules; shared by spaCy and Stanza.

By trees: :func:`units` makes the texts that the parser is shown, and :func:`tree_quotes` the quotations of its
trees (:mod:`fact_extractors.pipelines.tree_quotes`). By the rules: :func:`rule_quotes` takes the quotations of
:mod:`fact_extractors.rules.quotes`; where these name no speaker, it takes a person that the pipeline named.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from fact_extractors.pipelines.persons import Persons
from fact_extractors.pipelines.reading import ParsedWord
from fact_extractors.pipelines.tree_quotes import assembly
from fact_extractors.pipelines.tree_quotes.units import Unit, units
from factharness.facts import Article, Quote, Span

__all__ = ["Persons", "Unit", "prepare_quotes", "rule_quotes", "tree_quotes", "units"]


def prepare_quotes() -> None:
    """Load what finding quotations needs, so that the first article does not take longer than the others."""
    text = "« Oui », a dit mardi Claire Dumoulin, selon la mairie."
    rule_quotes(Article("sentence", text), Persons(text, []))
    tree_quotes(text, [], [], Persons(text, []))


def rule_quotes(article: Article, persons: Persons) -> list[Quote]:
    """The quotations that the rules find, said by whom they say or by the person named nearest."""
    from fact_extractors.rules import quotes as rules

    return [_attributed(each.quote, persons) for each in rules.find(article.text)]


def tree_quotes(
    text: str, units: Sequence[Unit], parsed: Sequence[Sequence[ParsedWord]], persons: Persons
) -> list[Quote]:
    """The quotations of an article, given the words of each of its units, by their place in the text."""
    found = []
    for draft in assembly.drafts(text, units, parsed):
        quote = assembly.quote(text, draft)
        if quote.speaker is None and draft.named is not None and not persons.signature(quote):
            quote = structs.replace(quote, speaker_name=persons.name(Span(*draft.named)))
        found.append(_attributed(quote, persons))
    return sorted(found, key=lambda quote: quote.content[0])


def _attributed(quote: Quote, persons: Persons) -> Quote:
    """The quotation with its speaker: the one it has, else the nearest named person, with a name."""
    speaker, name = quote.speaker, quote.speaker_name
    if speaker is None and name is None:
        speaker = persons.signature(quote) if quote.cue is None else persons.nearest(quote)
    if speaker is not None and (name is None or name == speaker.of(persons.text)):
        name = persons.name(speaker)
    return structs.replace(quote, speaker=speaker, speaker_name=name)
