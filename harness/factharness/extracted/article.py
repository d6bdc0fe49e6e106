"""What an extraction says of one article: its facts with their words, or the error with which it failed."""

from __future__ import annotations

from msgspec import Struct

from factharness.facts import Date, Entity, Fact, Prediction, Quote, Span

GAP = " […] "
"""Stands in the words of a quote between two fragments of it."""


class WordedEntity(Entity, frozen=True, tag="entity", tag_field="kind", gc=False):
    """An entity and its words; None when the file has no words."""

    words: str | None = None


class WordedDate(Date, frozen=True, tag="date", tag_field="kind", gc=False):
    """A date and its words; None when the file has no words."""

    words: str | None = None


class WordedQuote(Quote, frozen=True, tag="quote", tag_field="kind", gc=False):
    """A quote and the words of its content, speaker and cue; None when the file, or the quote, has none."""

    words: str | None = None
    speaker_words: str | None = None
    cue_words: str | None = None


class ExtractedArticle(Struct, frozen=True, omit_defaults=True):
    """An article's facts, or the error with which the back end failed. It is a line of the JSON lines.

    ``without`` are the parts of a combination that failed, with their errors: the facts are what the others
    say.
    """

    id: str
    facts: tuple[WordedEntity | WordedDate | WordedQuote, ...] | None = None
    error: str | None = None
    without: dict[str, str] = {}


def extracted(prediction: Prediction, text: str = "") -> ExtractedArticle:
    """A prediction with the words of its facts in ``text``, which is needed when it has facts."""
    facts = prediction.facts
    return ExtractedArticle(
        prediction.article_id,
        None if facts is None else tuple(_worded(fact, text) for fact in facts),
        prediction.error,
        prediction.without,
    )


def _worded(fact: Fact, text: str) -> WordedEntity | WordedDate | WordedQuote:
    if isinstance(fact, Entity):
        return WordedEntity(fact.span, fact.label, fact.span.of(text))
    if isinstance(fact, Date):
        return WordedDate(fact.span, fact.type, fact.value, fact.span.of(text))
    return WordedQuote(
        fact.content,
        fact.type,
        fact.speaker,
        fact.speaker_name,
        fact.cue,
        GAP.join(span.of(text) for span in fact.content),
        _words(fact.speaker, text),
        _words(fact.cue, text),
    )


def _words(span: Span | None, text: str) -> str | None:
    return None if span is None else span.of(text)
