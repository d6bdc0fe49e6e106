"""The aids of the labelling page: where the caret stops, and what a key takes there; see :class:`Aids`.

Aids are no labels: nothing is labelled before the labeller presses a key.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from factharness.backends import registry
from factharness.facts import Article, Date, Entity, Fact, Quote, Span
from factharness.label import quote_aids
from factharness.label.date_aids import DateAid, date_aids
from factharness.label.name_aids import Extents
from factharness.label.stops import Stop, runs, stops
from factharness.label.words import marked, sentence_ends, words


class NameAid(Struct, frozen=True):
    """A run of capitals, and the extent that each label takes there."""

    at: Span
    extents: dict[str, Span]


class Aids(Struct, frozen=True):
    """What the page is given with an article. All places are code points of its text.

    ``words`` are what the caret visits, ``sentences`` the ends of the sentences without their closing point,
    ``marks`` the stretches in quotation marks, ``speakers`` who may speak and ``cues`` the words that may say
    so, anywhere in the text.
    """

    words: list[Span]
    sentences: list[int]
    marks: list[tuple[int, int]]
    stops: list[Stop]
    names: list[NameAid]
    dates: list[DateAid]
    quotes: list[quote_aids.QuoteAid]
    speakers: list[quote_aids.SpeakerMention]
    cues: list[Span]


def aids(article: Article, labels: Sequence[str]) -> Aids:
    """The aids of an article; ``labels`` are those that its scheme has for entities."""
    found = _seen(article)
    entities = [fact for fact in found if isinstance(fact, Entity)]
    dates = [fact for fact in found if isinstance(fact, Date)]
    spoken = [fact for fact in found if isinstance(fact, Quote)]
    text = article.text
    places = words(text)
    capitals = runs(text, places, found)
    extents = Extents(text, places, entities)
    marks = marked(text)
    expressions = date_aids(article, dates)
    return Aids(
        words=places,
        sentences=sentence_ends(text),
        marks=[(mark.start, mark.end) for mark in marks],
        stops=stops(capitals, _sure(expressions, dates), [mark.start for mark in marks]),
        names=[NameAid(run.span, extents.of(run, labels)) for run in capitals],
        dates=expressions,
        quotes=quote_aids.quotes(spoken, text),
        speakers=quote_aids.mentions(spoken, entities, text),
        cues=quote_aids.cues(spoken, text),
    )


def _sure(expressions: list[DateAid], dates: list[Date]) -> list[Span]:
    """The expressions that begin or end with a date of the rules; what only a pattern finds is often an age."""
    starts = {date.span.start for date in dates}
    ends = {date.span.end for date in dates}
    spans = [expression.span for expression in expressions]
    return [span for span in spans if span.start in starts or span.end in ends]


def _seen(article: Article) -> list[Fact]:
    """What the rules find in an article; nothing where they fail."""
    outcome = next(iter(registry.build("rules", {}).extract([article])))
    return [] if isinstance(outcome, Exception) else list(outcome)
