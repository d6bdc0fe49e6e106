"""Reads files with a JSON record per line, checks them, and joins gold and prediction of each article.

A record is one article::

    {"id": "a", "spans": [[0, 5, "PER"], [9, 14, "LOC"]]}
    {"id": "a", "facts": [{"kind": "entity", "span": [0, 5], "label": "PER"}], "text": "..."}
    {"id": "a", "error": "the model crashed"}

``article_id`` stands for ``id`` as well, ``ignore`` holds don't-care gold in the same form as ``spans``, and a
fact of ``facts`` may be wrapped as ``{"fact": {...}, "ignore": true}``. A whole gold article
(``{"article": {...}, "facts": [...]}``) and a line of a run's predictions (``{"prediction": {...}}``) are
records too. Lines are read one by one; what has found its partner is handed on and forgotten.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta, Struct

from factharness.errors import ScoreError
from factharness.facts import Date, Entity, Fact, GoldFact, Kind, Quote, kind_of, spans_of

Offset = Annotated[int, Meta(ge=0)]
Label = Annotated[str, Meta(min_length=1)]
SpanFields = tuple[Offset, Offset, Label]


class _Wrapped(Struct, forbid_unknown_fields=False):
    fact: Fact
    ignore: bool = False


class _Article(Struct):
    id: str
    text: str | None = None


class _AnyRecord(Struct):
    """Every form of a record; :func:`parse` settles which one it is."""

    id: str | None = None
    article_id: str | None = None
    article: _Article | None = None
    spans: list[SpanFields] | None = None
    ignore: list[SpanFields] = []
    facts: list[msgspec.Raw] | None = None
    text: str | None = None
    error: str | None = None
    skip: frozenset[Kind] = frozenset()
    prediction: msgspec.Raw = msgspec.Raw()
    lines: msgspec.Raw = msgspec.Raw()  # only the gold that a run keeps has it


class Record(Struct):
    """One article of one side: ``(start, end, label)`` spans, or facts; where it stands for messages.

    ``line`` is 0 where it stands on no line of a file. ``skip`` has the kinds that nobody labelled in it, and
    an ``error`` says why there is nothing to score.
    """

    id: str
    line: int
    spans: list[tuple[int, int, str]]
    ignore: list[tuple[int, int, str]]
    facts: list[GoldFact]
    kinds: frozenset[Kind]
    text: str | None = None
    error: str | None = None
    skip: frozenset[Kind] = frozenset()


Lines = Callable[[], Iterable[tuple[int, bytes]]]
"""Opens a file's lines with their numbers, anew each time it is called."""

_decode = msgspec.json.Decoder(_AnyRecord).decode
_decode_fact = msgspec.json.Decoder(Fact).decode
_decode_wrapped = msgspec.json.Decoder(_Wrapped).decode
_KEYS = ("spans", "facts", "error")


def parse(data: bytes, file: str, line: int) -> Record:
    """One line as a record. Raises :class:`ScoreError` naming file and line."""
    try:
        raw = _decode(data)
        if bytes(raw.prediction):
            raw = _decode(raw.prediction)
        name = raw.id or raw.article_id or (raw.article.id if raw.article else None)
        if not name:
            raise ValueError("no id")
        if all(getattr(raw, key) is None for key in _KEYS):
            raise ValueError(f"none of {', '.join(_KEYS)}")
        facts = [_fact(each) for each in raw.facts or ()]
        text = raw.text if raw.article is None else raw.article.text
        spans = raw.spans or []
        for start, end, _ in (*spans, *raw.ignore):
            if start >= end:
                raise ValueError(f"[{start}, {end}) is no span: start < end must hold")
        _check_reach(text, spans, facts)
    except (msgspec.DecodeError, ValueError) as error:
        raise ScoreError(
            f"not a record: {error}",
            file=file,
            line=line,
            remedy='a line is UTF-8 JSON like {"id": "a", "spans": [[0, 5, "PER"]]}',
        ) from None
    if bytes(raw.lines):
        raise ScoreError(
            "the gold of a run, which does not say what is don't-care",
            file=file,
            line=line,
            remedy="give the gold set itself",
        )
    kinds = {kind_of(each.fact) for each in facts}
    if raw.spans is not None:
        kinds.add("entity")
    return Record(name, line, spans, raw.ignore, facts, frozenset(kinds), text, raw.error, raw.skip)


def _fact(data: msgspec.Raw) -> GoldFact:
    head = bytes(data)
    try:
        return GoldFact(_decode_fact(head))
    except msgspec.ValidationError:
        if b'"fact"' not in head:
            raise
    wrapped = _decode_wrapped(head)
    return GoldFact(wrapped.fact, wrapped.ignore)


def _check_reach(
    text: str | None, spans: Sequence[tuple[int, int, str]], facts: Sequence[GoldFact]
) -> None:
    if text is None:
        return
    ends = [end for _, end, _ in spans] + [s.end for f in facts for s in spans_of(f.fact)]
    if max(ends, default=0) > len(text):
        raise ValueError(f"a span ends at {max(ends)}, the text at {len(text)}")


def read(lines: Iterable[tuple[int, bytes]], file: str) -> Iterator[Record]:
    """The records of the numbered lines of a file; blank lines are passed over."""
    for number, line in lines:
        if line.strip():
            yield parse(line, file, number)


def paired(
    gold: Lines, pred: Lines, gold_file: str, pred_file: str
) -> Iterator[tuple[Record, Record]]:
    """Gold and prediction of each article, in whatever order the two files have them.

    Holds only records whose partner has not come yet: none when the files agree in order. Raises
    :class:`ScoreError` at the end for articles that only one file has, or that one has twice, with their line.
    """
    waiting: tuple[dict[str, Record], dict[str, Record]] = ({}, {})
    seen = (array("q"), array("q"))
    files = (gold_file, pred_file)
    for side, record in _alternating(read(gold(), gold_file), read(pred(), pred_file)):
        seen[side].append(hash(record.id))
        if side == 0:
            _refuse_twice(record, gold_file)
        if record.id in waiting[side]:
            _twice(files[side], record.id, waiting[side][record.id].line, record.line)
        partner = waiting[1 - side].pop(record.id, None)
        if partner is None:
            waiting[side][record.id] = record
        else:
            pair = (record, partner) if side == 0 else (partner, record)
            _check_same_text(*pair, pred_file)
            yield pair
    for opened, file, hashes in zip((gold, pred), files, seen, strict=True):
        ordered = np.sort(np.frombuffer(hashes, dtype=np.int64)) if hashes else np.empty(0)
        if np.any(ordered[1:] == ordered[:-1]):
            _find_twice(read(opened(), file), file)
    for side, waited in enumerate(waiting):
        # Gold that cannot be scored needs no prediction.
        left = {name: record for name, record in waited.items() if side or record.error is None}
        if left:
            first = min(left.values(), key=lambda record: record.line)
            more = f" (and {len(left) - 1} more)" if len(left) > 1 else ""
            raise ScoreError(
                f"article {first.id!r}{more} is not in {files[1 - side]}",
                file=files[side],
                line=first.line or None,
                remedy="an article without facts is a record with an empty list",
            )


def _refuse_twice(record: Record, file: str) -> None:
    """Gold lists a fact once."""
    counted = [each.fact for each in record.facts if not each.ignore]
    for facts in (record.spans, counted):
        if len(set(facts)) < len(facts):
            twice = next(fact for fact, times in Counter(facts).items() if times > 1)
            raise ScoreError(
                f"gold of {record.id!r} says {twice} twice",
                file=file,
                line=record.line or None,
                remedy="list a gold fact once",
            )


def _check_same_text(gold: Record, pred: Record, pred_file: str) -> None:
    """Offsets of both sides count the characters of one text."""
    if gold.text is None:
        return
    if pred.text is not None and pred.text != gold.text:
        raise ScoreError(
            f"the text of {pred.id!r} is not that of the gold",
            file=pred_file,
            line=pred.line,
            remedy="offsets count the characters of one text; leave it out of the predictions",
        )
    try:
        _check_reach(gold.text, pred.spans, pred.facts)
    except ValueError as error:
        raise ScoreError(f"{pred.id!r}: {error}", file=pred_file, line=pred.line) from None


def _alternating(*sides: Iterator[Record]) -> Iterator[tuple[int, Record]]:
    """A record of each side in turn, until all are through."""
    left = dict(enumerate(sides))
    while left:
        for side, records in list(left.items()):
            record = next(records, None)
            if record is None:
                del left[side]
            else:
                yield side, record


def _find_twice(records: Iterable[Record], file: str) -> None:
    lines: dict[str, int] = {}
    for record in records:
        if record.id in lines:
            _twice(file, record.id, lines[record.id], record.line)
        lines[record.id] = record.line


def _twice(file: str, name: str, first: int, line: int) -> None:
    raise ScoreError(
        f"article {name!r} stands in line {first} already", file=file, line=line, remedy="keep one"
    )


def entity_rows(
    record: Record, rename: Callable[[str], str | None] = lambda label: label
) -> Iterator[tuple[str, int, int, str]]:
    """Counted spans and entities as rows; ``rename`` maps labels, None leaving the span out."""
    for start, end, label in record.spans:
        if (name := rename(label)) is not None:
            yield record.id, start, end, name
    for held in record.facts:
        if isinstance(held.fact, Entity) and not held.ignore:
            span = held.fact.span
            if (name := rename(held.fact.label)) is not None:
                yield record.id, span.start, span.end, name


def ignored_entity_rows(record: Record) -> Iterator[tuple[str, int, int, str]]:
    """Don't-care spans and entities as rows."""
    for start, end, label in record.ignore:
        yield record.id, start, end, label
    for held in record.facts:
        if isinstance(held.fact, Entity) and held.ignore:
            yield record.id, held.fact.span.start, held.fact.span.end, held.fact.label


def date_rows(record: Record, *, ignore: bool = False) -> Iterator[tuple[Any, ...]]:
    """Dates as rows of :func:`factharness.score.score_dates`."""
    for held in record.facts:
        if isinstance(held.fact, Date) and held.ignore == ignore:
            fact = held.fact
            yield record.id, fact.span.start, fact.span.end, fact.type, fact.value


def quote_rows(record: Record, *, ignore: bool = False) -> Iterator[tuple[str, Quote]]:
    """Quotes as rows of :func:`factharness.score.score_quotes`."""
    for held in record.facts:
        if isinstance(held.fact, Quote) and held.ignore == ignore:
            yield record.id, held.fact
