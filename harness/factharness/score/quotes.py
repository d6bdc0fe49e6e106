"""Scores quotes: their content, speaker and cue.

Content is compared by the characters that both sides cover, after quotation marks, dashes, spaces and closing
punctuation have been cut from each fragment. Direct and mixed quotes are matched with one another: a direct
quote may be matched with a mixed one. Indirect quotes are matched among themselves, and the row of all labels
(``*``) does not count them.

================  ===================================================================================
regime            counts
================  ===================================================================================
``exact``         matched quotes with the same content
``iou@τ``         matched quotes with IoU >= τ
``proportional``  the IoU of each matched quote, as its credit
``speaker``       of the found quotes (matched, IoU >= 0.3), those with the right speaker: an accuracy
``cue``           of the found quotes, those with the right cue: an accuracy
``joint``         found quotes with the right speaker, over all quotes
``joint-cue``     found quotes with the right speaker and cue, over all quotes
================  ===================================================================================

For the two accuracies, both gold and predicted are the number of found quotes, so that precision, recall and F1
are equal: each is the accuracy. ``strict`` is another name of ``exact``, and ``partial`` of ``proportional``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from operator import eq
from typing import Any, TypeAlias

import msgspec
import numpy as np
from msgspec import Struct

from factharness.errors import ScoreError
from factharness.facts import Quote
from factharness.score.columns import nameless
from factharness.score.overlap import Bools, Ints, Units
from factharness.score.quote_regimes import ACCURACIES, ALIASES, APART, FOUND, QUOTE_REGIMES
from factharness.score.regimes import at_least, check_regimes, threshold
from factharness.score.spans import Scores, align, checked_docs
from factharness.score.speakers import same_cue, same_speaker
from factharness.score.tally import Alignment, Cells, Judgement, RegimeScore, count
from factharness.score.trim import quote_trimmed

QuoteRow: TypeAlias = tuple[Any, ...]


def score_quotes(
    gold: Iterable[QuoteRow],
    pred: Iterable[QuoteRow],
    *,
    regimes: Iterable[str] = QUOTE_REGIMES,
    ignore: Iterable[QuoteRow] = (),
    texts: Mapping[Any, str] | None = None,
    docs: Iterable[Hashable] = (),
) -> Scores:
    """Match predicted quotes with gold quotes, and score the pairs under each of the regimes.

    Rows are ``(document, quote)`` with a :class:`factharness.facts.Quote`, or
    ``(document, content, type, speaker, speaker_name, cue)``. There, content is a list of ``(start, end)``
    fragments, speaker and cue are one such fragment or None, and the last fields may be left out. Without
    ``texts``, fragments are not trimmed, and the name of a speaker is ``speaker_name`` only. The other
    arguments, the result and the errors are those of :func:`factharness.score.score_spans`.

    >>> s = score_quotes([("a", [(0, 9), (12, 20)], "direct", (30, 35))], [("a", [(0, 9)], "mixed", (32, 35))])
    >>> s["iou@0.5"].f1, s["exact"].f1, s["speaker"].f1, s["joint"].f1
    (1.0, 0.0, 1.0, 1.0)
    """
    asked = check_regimes((ALIASES.get(name, name) for name in regimes), QUOTE_REGIMES)
    golds = [_quote(row, "gold") for row in gold]
    ignored = [_quote(row, "ignore") for row in ignore]
    named = checked_docs(docs)
    table = QuoteTable(golds, [_quote(row, "pred") for row in pred], ignored, texts, named)
    scores = Scores()
    for regime in asked:
        found = table.cells(regime)
        scores[regime] = RegimeScore(regime, table.by_document, found, APART)
    scores.duplicates = int(table.alignment.pred.repeats.sum())
    scores.ignored = len({int(p) for p in table.alignment.ignored[:, 1]})
    planes = table.alignment.gold.doc, table.alignment.pred.doc
    scores.count_one_sided(table.docs, planes[0] // 2, planes[1] // 2, named)
    return scores


class _QuoteUnits(Struct, frozen=True):
    """Quotes in canonical order, the row that each was made from, and their units."""

    quotes: Sequence[Quote]
    row: Ints
    units: Units


class QuoteTable:
    """Matched quotes, with their speakers and cues.

    For matching, each document counts as two documents (*planes*): 2 · i holds the direct and mixed quotes of
    document i, 2 · i + 1 its indirect ones, so that a single call matches them separately. Don't-care gold may
    absorb a quote of any type, so it is in both planes.
    """

    def __init__(
        self,
        gold: Sequence[tuple[Hashable, Quote]],
        pred: Sequence[tuple[Hashable, Quote]],
        ignore: Sequence[tuple[Hashable, Quote]] = (),
        texts: Mapping[Any, str] | None = None,
        docs: Iterable[Hashable] = (),
    ) -> None:
        index: dict[Hashable, int] = {}
        for name in (*docs, *(doc for side in (gold, ignore, pred) for doc, _ in side)):
            index.setdefault(name, len(index))
        self.docs = list(index)
        self.texts = texts
        types: list[str] = sorted(
            {quote.type or "?" for side in (gold, ignore, pred) for _, quote in side}
        )
        labels = {name: code for code, name in enumerate(types)}
        both_planes = [
            (index[doc] * 2 + plane, row, quote, False)
            for row, (doc, quote) in enumerate(ignore, len(gold))
            for plane in (0, 1)
        ]
        self.gold = self._side([*_in_plane(gold, index), *both_planes], labels)
        self.pred = self._side(_in_plane(pred, index), labels)
        twice = self.gold.units.repeats & self.gold.units.counted
        if twice.any():
            row = int(self.gold.row[np.flatnonzero(twice)[0]])
            raise ScoreError(
                f"gold, row {row + 1}: {gold[row][1]!r} of {gold[row][0]!r} stands there twice",
                remedy="list a gold fact once",
            )
        planes = [doc for doc in self.docs for _ in (0, 1)]
        self.alignment = align(self.gold.units, self.pred.units, planes, types)
        self.found = at_least(self.alignment, FOUND)
        self._right: dict[str, Bools] = {}

    @property
    def by_document(self) -> Alignment:
        """The alignment with the documents instead of the planes, as the counts of :meth:`cells` need it."""
        return msgspec.structs.replace(self.alignment, docs=self.docs)

    def cells(self, regime: str) -> Cells:
        """The counts of one regime per document and type."""
        planes = count(self.alignment, self.judge(regime))
        return Cells(planes.doc // 2, planes.label, planes.columns)

    def judge(self, regime: str) -> Judgement:
        """Judge the matched quotes under a regime."""
        a = self.alignment
        if regime == "proportional":
            return Judgement(a.iou, free=True)
        if regime in ACCURACIES:
            return Judgement(self.right(regime), free=True, among=self.found)
        if regime == "exact":
            correct = a.same_span
        elif regime == "joint":
            correct = self.found & self.right("speaker")
        elif regime == "joint-cue":
            correct = self.found & self.right("speaker") & self.right("cue")
        else:
            correct = at_least(a, threshold(regime) or Fraction(1))
        return Judgement(correct, free=True)

    def right(self, part: str) -> Bools:
        """Whether the ``speaker`` or ``cue`` is right, per matched pair."""
        if part not in self._right:
            a, same = self.alignment, same_speaker if part == "speaker" else same_cue
            texts = [None if self.texts is None else self.texts[doc] for doc in self.docs]
            self._right[part] = np.array(
                [
                    same(self.gold.quotes[g], self.pred.quotes[p], texts[int(doc) // 2])
                    for doc, g, p in zip(a.gold.doc[a.g], a.g.tolist(), a.p.tolist(), strict=True)
                ],
                dtype=bool,
            )
        return self._right[part]

    def _trimmed(self, doc: Hashable, start: int, end: int) -> tuple[int, int]:
        if self.texts is None:
            return start, end
        text = self.texts.get(doc)
        if text is None or end > len(text):
            what = "has no text" if text is None else f"ends at {len(text)}, a span at {end}"
            raise ScoreError(f"{doc!r} {what}")
        return quote_trimmed(text, start, end)

    def _side(
        self, quotes: list[tuple[int, int, Quote, bool]], labels: Mapping[str, int]
    ) -> _QuoteUnits:
        """Sort quotes, given as (plane, row, quote, counted), and make the units that are matched."""
        keys = list(map(_order, quotes))
        order = sorted(range(len(quotes)), key=keys.__getitem__)
        quotes, keys = [quotes[place] for place in order], [keys[place] for place in order]
        owner, start, end = [], [], []
        for unit, (plane, _, quote, _) in enumerate(quotes):
            for span in quote.content:
                low, high = self._trimmed(self.docs[plane // 2], span.start, span.end)
                owner.append(unit)
                start.append(low)
                end.append(high)
        units = Units(
            doc=_ints([plane for plane, *_ in quotes]),
            label=_ints([labels[quote.type or "?"] for _, _, quote, _ in quotes]),
            owner=_ints(owner) if len(owner) > len(quotes) else None,
            start=_ints(start),
            end=_ints(end),
            counted=np.array([counted for *_, counted in quotes], dtype=bool),
            repeats=np.array([False, *map(eq, keys, keys[1:])][: len(keys)], dtype=bool),
        )
        return _QuoteUnits(
            [quote for _, _, quote, _ in quotes], _ints([row for _, row, *_ in quotes]), units
        )


def _in_plane(
    quotes: Sequence[tuple[Hashable, Quote]], index: Mapping[Hashable, int]
) -> list[tuple[int, int, Quote, bool]]:
    return [
        (index[doc] * 2 + (quote.type in APART), row, quote, True)
        for row, (doc, quote) in enumerate(quotes)
    ]


def _order(placed: tuple[int, int, Quote, bool]) -> tuple[Any, ...]:
    """The sort key of a (plane, row, quote, counted), whose row decides nothing; where the keys are equal, the
    quotes are the same."""
    plane, _, quote, counted = placed
    speaker, cue = quote.speaker, quote.cue
    return (
        plane,
        tuple(quote.content),
        quote.type or "?",
        speaker is not None,  # None has no order among spans
        speaker,
        quote.speaker_name or "",
        cue is not None,
        cue,
        not counted,
    )


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _quote(row: QuoteRow, side: str) -> tuple[Hashable, Quote]:
    """A row as document and quote. Raises :class:`ScoreError` when the row cannot be read as a quote."""
    try:
        doc, *fields = row
        hash(doc)
        if nameless([doc]):
            raise ScoreError(f"{doc!r} is no document")
        if len(fields) == 1 and isinstance(fields[0], Quote):
            quote = fields[0]
        else:
            names = Quote.__struct_fields__[: len(fields)]
            if len(fields) > len(Quote.__struct_fields__) or len(fields) < 2:
                raise ScoreError("a quote has between a content and a cue")
            data = {"kind": "quote", **dict(zip(names, fields, strict=True))}
            quote = msgspec.convert(data, Quote)
    except (TypeError, ValueError) as error:
        raise ScoreError(f"{side}: {row!r} is no quote: {error}") from None
    return doc, quote
