"""Scores any number of articles, a batch at a time, in memory that does not grow with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
from msgspec import Struct, field

from factharness.facts import KINDS, Kind
from factharness.score.dates import score_dates
from factharness.score.evaluation import regimes_of
from factharness.score.overlap import Floats
from factharness.score.quotes import score_quotes
from factharness.score.records import (
    Record,
    date_rows,
    entity_rows,
    ignored_entity_rows,
    quote_rows,
)
from factharness.score.spans import Scores, score_spans
from factharness.score.tally import Tally
from factharness.score.view import relabelled

BATCH = 2000


class Total(Struct):
    """The sums of one kind under one regime.

    ``patterns`` counts how many articles had which ``(tp, fp, fn)``: all that intervals need.
    """

    tally: Tally = Tally()
    per_label: dict[str, Tally] = field(default_factory=dict)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    patterns: Counter[tuple[float, float, float]] = field(default_factory=Counter)

    def counts(self) -> Floats:
        """tp, fp, fn per article, (articles, 3), in an order of its own."""
        rows = np.array([*self.patterns], dtype=np.float64).reshape(-1, 3)
        return np.repeat(rows, list(self.patterns.values()), axis=0)


class Totals(Struct):
    """What streaming has added up; ``by`` is keyed by kind and regime."""

    by: dict[tuple[Kind, str], Total] = field(default_factory=dict)
    articles: int = 0
    duplicates: int = 0
    ignored: int = 0
    unmapped: Counter[str] = field(default_factory=Counter)
    errors: dict[str, str] = field(default_factory=dict)

    def add(self, kind: Kind, scores: Scores) -> None:
        """Add the scores of a batch."""
        self.duplicates += scores.duplicates
        self.ignored += scores.ignored
        for regime, score in scores.items():
            total = self.by.setdefault((kind, regime), Total())
            total.tally += score.total
            for label, tally in score.per_label.items():
                total.per_label[label] = total.per_label.get(label, Tally()) + tally
            for gold, row in score.confusion.items():
                for predicted, times in row.items():
                    if times:
                        total.confusion[gold, predicted] += times
            rows, often = np.unique(score.counts_by_document, axis=0, return_counts=True)
            for row, articles in zip(rows.tolist(), often.tolist(), strict=True):
                total.patterns[tuple(row)] += articles


def score_records(
    pairs: Iterable[tuple[Record, Record]],
    *,
    regimes: Sequence[str],
    label_map: Mapping[str, str] | None = None,
    own: bool = True,
    batch: int = BATCH,
) -> Totals:
    """Score gold and predicted records, as :func:`factharness.score.records.paired` yields them.

    A kind is scored when any record has it, under the regimes that :func:`regimes_of` makes of ``regimes`` and
    ``own``. An article that is an error on either side is not scored, nor is a kind that nobody labelled in it.
    All spans count, nested ones too.
    """
    totals = Totals()
    wanted = {kind: regimes_of(kind, regimes, own=own) for kind in KINDS}
    present: set[Kind] = set()
    for chunk in _batches(pairs, batch):
        present.update(kind for gold, pred in chunk for kind in gold.kinds | pred.kinds)
        scored = []
        for gold, pred in chunk:
            error = pred.error if gold.error is None else gold.error
            if error is not None:
                totals.errors[pred.id] = error
            else:
                scored.append((gold, pred))
        totals.articles += len(scored)
        for kind in KINDS:
            labelled = [(gold, pred) for gold, pred in scored if kind not in gold.skip]
            totals.add(kind, _score(kind, labelled, wanted[kind], totals, label_map))
    totals.by = {key: total for key, total in totals.by.items() if key[0] in present}
    return totals


def _batches(
    pairs: Iterable[tuple[Record, Record]], size: int
) -> Iterator[list[tuple[Record, Record]]]:
    source = iter(pairs)
    while chunk := list(islice(source, size)):
        yield chunk


def _score(
    kind: Kind,
    pairs: Sequence[tuple[Record, Record]],
    regimes: Sequence[str],
    totals: Totals,
    label_map: Mapping[str, str] | None,
) -> Scores:
    docs = [gold.id for gold, _ in pairs]
    texts = _texts(pairs)
    if kind == "date":
        return score_dates(
            [row for gold, _ in pairs for row in date_rows(gold)],
            [row for _, pred in pairs for row in date_rows(pred)],
            regimes=regimes,
            ignore=[row for gold, _ in pairs for row in date_rows(gold, ignore=True)],
            texts=texts,
            docs=docs,
        )
    if kind == "quote":
        return score_quotes(
            [row for gold, _ in pairs for row in quote_rows(gold)],
            [row for _, pred in pairs for row in quote_rows(pred)],
            regimes=regimes,
            ignore=[row for gold, _ in pairs for row in quote_rows(gold, ignore=True)],
            texts=texts,
            docs=docs,
        )

    def rename(label: str) -> str | None:
        if label_map is None:
            return label
        known = relabelled(label, label_map, totals.unmapped)
        totals.ignored += known is None
        return known

    return score_spans(
        [row for gold, _ in pairs for row in entity_rows(gold)],
        [row for _, pred in pairs for row in entity_rows(pred, rename)],
        regimes=regimes,
        ignore=[row for gold, _ in pairs for row in ignored_entity_rows(gold)],
        texts=texts,
        docs=docs,
    )


def _texts(pairs: Sequence[tuple[Record, Record]]) -> dict[str, str] | None:
    """The texts, where every article has one."""
    texts = {}
    for gold, pred in pairs:
        text = gold.text if gold.text is not None else pred.text
        if text is None:
            return None
        texts[gold.id] = text
    return texts
