"""Makes rows of a table from the facts of articles, and articles from rows: the columns of CSV and Parquet."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from factharness.extracted.article import (
    ExtractedArticle,
    WordedDate,
    WordedEntity,
    WordedQuote,
)
from factharness.facts import Kind, Span, kind_of, spans_of


class FactRow(Struct, frozen=True):
    """A fact, or, with ``kind`` None, what there is to say of an article besides facts.

    An article has a row without kind when it has no fact, when it failed (``error``), and when parts of a
    combination failed on it (``without``: their errors, by name). ``article`` is its place in the file, from 1:
    rows of one article have the same.

    ``start`` and ``end`` are the whole extent of the fact. ``fragments`` are the fragments of a quote that has
    several, else None. ``label`` is the label of an entity, the type of a date or quote; ``value`` is that of
    a date. ``speaker`` and ``cue`` are words of the text.
    """

    id: str
    article: int
    kind: Kind | None = None
    start: int | None = None
    end: int | None = None
    words: str | None = None
    label: str | None = None
    value: str | None = None
    fragments: tuple[Span, ...] | None = None
    speaker: str | None = None
    speaker_start: int | None = None
    speaker_end: int | None = None
    speaker_name: str | None = None
    cue: str | None = None
    cue_start: int | None = None
    cue_end: int | None = None
    error: str | None = None
    without: dict[str, str] | None = None


COLUMNS = FactRow.__struct_fields__
INTEGERS = frozenset(
    ("article", "start", "end", "speaker_start", "speaker_end", "cue_start", "cue_end")
)
"""The columns of whole numbers. ``fragments`` and ``without`` have forms of their own; the others are text."""


class RowError(ValueError):
    """What is wrong with a row, and the number of the row, or of its line."""

    def __init__(self, number: int, reason: str) -> None:
        self.number, self.reason = number, reason
        super().__init__(f"{number}: {reason}")


def rows(articles: Iterable[ExtractedArticle]) -> Iterator[FactRow]:
    """The rows of articles, in their order."""
    for number, article in enumerate(articles, 1):
        if not article.facts or article.without:
            without = article.without or None
            yield FactRow(article.id, number, error=article.error, without=without)
        for fact in article.facts or ():
            yield _row(article.id, number, fact)


def articles(rows: Iterable[tuple[int, FactRow]]) -> Iterator[tuple[int, ExtractedArticle]]:
    """The articles of numbered rows, each with the number of its first row.

    Raises ``RowError`` when a row is none that :func:`rows` makes.
    """
    for _, group in itertools.groupby(rows, lambda row: (row[1].id, row[1].article)):
        held = list(group)
        first, head = held[0]
        facts, error, without = [], None, None
        for number, row in held:
            if row.kind is None:
                error, without = row.error, row.without
                continue
            try:
                facts.append(_fact(row))
            except (ValueError, TypeError) as problem:
                raise RowError(number, str(problem)) from problem
        if error is not None and facts:
            raise RowError(first, f"article {head.id!r} has an error and facts")
        yield (
            first,
            ExtractedArticle(
                head.id, None if error is not None else tuple(facts), error, without or {}
            ),
        )


def _row(name: str, number: int, fact: WordedEntity | WordedDate | WordedQuote) -> FactRow:
    spans = spans_of(fact)
    row = FactRow(
        name,
        number,
        kind_of(fact),
        spans[0].start,
        spans[-1].end,
        fact.words,
        fact.label if isinstance(fact, WordedEntity) else fact.type,
    )
    if isinstance(fact, WordedEntity):
        return row
    if isinstance(fact, WordedDate):
        return replace(row, value=fact.value)
    speaker, cue = _ends(fact.speaker), _ends(fact.cue)
    return replace(
        row,
        fragments=spans if len(spans) > 1 else None,
        speaker=fact.speaker_words,
        speaker_start=speaker[0],
        speaker_end=speaker[1],
        speaker_name=fact.speaker_name,
        cue=fact.cue_words,
        cue_start=cue[0],
        cue_end=cue[1],
    )


def _ends(span: Span | None) -> tuple[int, int] | tuple[None, None]:
    return (None, None) if span is None else (span.start, span.end)


def _fact(row: FactRow) -> WordedEntity | WordedDate | WordedQuote:
    """The fact of a row. Raises ``ValueError`` when there is none."""
    held: dict[str, Any] = {"kind": row.kind, "words": row.words}
    span = (row.start, row.end)
    if row.kind == "entity":
        held |= {"span": span, "label": row.label}
    elif row.kind == "date":
        held |= {"span": span, "type": row.label, "value": row.value}
    else:
        held |= {
            "content": row.fragments or (span,),
            "type": row.label,
            "speaker": _span(row.speaker_start, row.speaker_end),
            "speaker_name": row.speaker_name,
            "cue": _span(row.cue_start, row.cue_end),
            "speaker_words": row.speaker,
            "cue_words": row.cue,
        }
    fact: WordedEntity | WordedDate | WordedQuote = msgspec.convert(
        held, WordedEntity | WordedDate | WordedQuote
    )
    if (row.start, row.end) != (spans_of(fact)[0].start, spans_of(fact)[-1].end):
        raise ValueError(f"start and end are not those of the fragments {row.fragments}")
    return fact


def _span(start: int | None, end: int | None) -> tuple[int | None, int | None] | None:
    return None if start is None and end is None else (start, end)
