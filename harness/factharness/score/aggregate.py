"""From counts per article to the rows of a table: micro, macro, weighted and per article, per slice."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from factharness.facts import KINDS, Kind
from factharness.score.counts import ALL, CountRow, Counts, SemEval
from factharness.score.overlap import Floats, Ints
from factharness.score.quotes import APART
from factharness.score.tally import plain

Average: TypeAlias = Literal["micro", "macro", "weighted", "article"]


class ScoreRow(Struct, frozen=True, gc=False):
    """One line of a table.

    ``average``
        ``micro``: from the summed counts, the only one that rows of a label have. On the row of all labels also
        ``macro`` (mean over the labels with gold), ``weighted`` (the same, by their gold) and ``article`` (mean
        over the articles where the number is defined); ``averaged`` says over how many.
    ``slice``
        ``*`` or ``key=value`` of the articles' metadata; ``articles`` is how many are in it.
    ``precision``, ``recall``, ``f1``
        None where undefined. ``low`` and ``high``: the interval of F1, when asked for.
    ``semeval``
        the summed SemEval counts of micro rows; None where the counts were stored without.
    """

    kind: Kind
    label: str
    regime: str
    slice: str
    articles: int
    counts: Counts
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None = None
    high: float | None = None
    average: Average = "micro"
    averaged: int | None = None
    semeval: SemEval | None = None


def aggregate(
    counts: Iterable[CountRow],
    *,
    articles: Mapping[str, Mapping[str, str]],
    slices: Sequence[str] = (),
    draws: int = 0,
    seed: int = 0,
    level: float = 0.95,
) -> list[ScoreRow]:
    """Add up the counts of ``articles`` (id to metadata) into the rows of a table.

    ``slices`` are metadata keys: each value that occurs gets rows of its own. With ``draws`` above 0, micro
    rows carry the bootstrap interval of F1 (:func:`factharness.score.stats.interval`).
    """
    groups: dict[tuple[Kind, str], _ByLabel] = {}
    for row in counts:
        if row.article in articles:
            by_label = groups.setdefault((row.kind, row.regime), defaultdict(dict))
            by_label[row.label][row.article] = row
    inside = _slices(articles, slices)
    draw = functools.partial(_interval, draws=draws, seed=seed, level=level) if draws else None
    # A stable sort: the regimes of a kind stay in the order of the counts.
    ordered = sorted(groups, key=lambda key: KINDS.index(key[0]))
    blocks = [_rows(_Group.of(*key, groups[key]), inside, draw) for key in ordered]
    return [row for name in inside for block in blocks for row in block.get(name, ())]


def _slices(
    articles: Mapping[str, Mapping[str, str]], keys: Sequence[str]
) -> dict[str, frozenset[str]]:
    """``*`` and each ``key=value`` with the articles in it, values sorted."""
    found = {ALL: frozenset(articles)}
    for key in keys:
        values = sorted({meta[key] for meta in articles.values() if key in meta})
        for value in values:
            found[f"{key}={value}"] = frozenset(
                name for name, meta in articles.items() if meta.get(key) == value
            )
    return found


_ByLabel: TypeAlias = dict[str, dict[str, CountRow]]
"""Rows of one kind and regime, by label and article."""
_Bounds: TypeAlias = tuple[float | None, float | None]


class _Group(Struct, frozen=True):
    """The counts of one kind under one regime as arrays.

    ``articles`` (n)
        those that have a row for all labels, in the order of these rows; the others were not scored.
    ``labels`` (m)
        :data:`ALL`, then the others in order.
    ``counts`` (n, m, 3)
        tp, fp, fn; zeros where an article has no row for a label.
    ``semeval`` (n, m, 6)
        the fields of :class:`SemEval`, then 1 for a row that was stored without them.
    """

    kind: Kind
    regime: str
    articles: Sequence[str]
    labels: Sequence[str]
    counts: Floats
    semeval: Ints

    @classmethod
    def of(cls, kind: Kind, regime: str, by_label: _ByLabel) -> _Group:
        """The arrays of one kind and regime."""
        place = {article: n for n, article in enumerate(by_label.get(ALL, ()))}
        labels = [ALL, *sorted(by_label.keys() - {ALL})]
        counts = np.zeros((len(place), len(labels), 3))
        semeval = np.zeros((len(place), len(labels), 6), dtype=np.int64)
        for m, label in enumerate(labels):
            rows = [row for row in by_label.get(label, {}).values() if row.article in place]
            if rows:
                at = [place[row.article] for row in rows]
                counts[at, m] = [(row.counts.tp, row.counts.fp, row.counts.fn) for row in rows]
                semeval[at, m] = [_semeval(row) for row in rows]
        return cls(kind, regime, list(place), labels, counts, semeval)


def _semeval(row: CountRow) -> tuple[int, ...]:
    if row.semeval is None:
        return 0, 0, 0, 0, 0, 1
    return row.semeval.cor, row.semeval.inc, row.semeval.par, row.semeval.mis, row.semeval.spu, 0


def _rows(
    group: _Group, slices: Mapping[str, Collection[str]], draw: Callable[[Floats], _Bounds] | None
) -> dict[str, list[ScoreRow]]:
    """The rows of every slice that has scored articles: a micro row per label, then the averages."""
    members: dict[str, list[int]] = {}
    for name, inside in slices.items():
        places = [n for n, article in enumerate(group.articles) if article in inside]
        if places:
            members[name] = places
    if not members:
        return {}
    totals = _added(group.counts, members.values())
    ratios = _ratios(totals)
    averages = _averages(group, totals, ratios, members.values())
    counts, values = totals.tolist(), _defined(ratios)
    semeval = _added(group.semeval, members.values()).tolist()
    found: dict[str, list[ScoreRow]] = {}
    for s, (name, places) in enumerate(members.items()):
        rows = found[name] = []
        for m, label in enumerate(group.labels):
            if label != ALL and not any(counts[s][m]):
                continue
            precision, recall, f1 = values[s][m]
            low, high = draw(group.counts[places, m]) if draw else (None, None)
            *sorts, without = semeval[s][m]
            row = ScoreRow(
                group.kind,
                label,
                group.regime,
                name,
                len(places),
                Counts(*map(plain, counts[s][m])),
                precision,
                recall,
                f1,
                low,
                high,
                semeval=None if without else SemEval(*sorts),
            )
            rows.append(row)
        whole = rows[0].counts
        for average, means, averaged in averages:
            precision, recall, f1 = means[s]
            row = ScoreRow(
                group.kind,
                ALL,
                group.regime,
                name,
                len(places),
                whole,
                precision,
                recall,
                f1,
                average=average,
                averaged=averaged[s],
            )
            rows.append(row)
    return found


def _averages(
    group: _Group, totals: Floats, ratios: Floats, members: Collection[Sequence[int]]
) -> list[tuple[Average, list[list[float | None]], list[int]]]:
    """The macro, weighted and per-article means of every slice, and over how many they are.

    ``totals`` and ``ratios`` (slices, m, 3) are those of the micro rows.
    """
    # Labels without gold weigh nothing, and the others have a recall and an F1.
    apart = [label == ALL or (group.kind == "quote" and label in APART) for label in group.labels]
    gold = np.where(apart, 0, totals[..., 0] + totals[..., 2])[..., None]
    labels = (gold > 0).astype(np.float64)
    by_label = [
        _divided(
            np.sum(np.nan_to_num(ratios) * weights, axis=1),
            np.sum(~np.isnan(ratios) * weights, axis=1),
        )
        for weights in (labels, gold)
    ]
    articles = _ratios(group.counts[:, 0])
    defined = _added(~np.isnan(articles) * 1, members)
    by_article = _divided(_added(np.nan_to_num(articles), members), defined)
    labelled = labels.sum(axis=(1, 2)).astype(np.int64).tolist()
    return [
        ("macro", _defined(by_label[0]), labelled),
        ("weighted", _defined(by_label[1]), labelled),
        ("article", _defined(by_article), defined[:, 2].tolist()),
    ]


def _added(rows: Any, members: Collection[Sequence[int]]) -> Any:
    """The sums of ``rows`` (n, ...) over the articles of each slice, (slices, ...); no slice is empty."""
    starts = np.cumsum([0, *map(len, members)])[:-1]
    return np.add.reduceat(rows[np.concatenate(list(members))], starts, axis=0)


def _ratios(counts: Floats) -> Floats:
    """Precision, recall and F1 of (..., 3) counts along the last axis; nan where undefined."""
    tp, fp, fn = np.moveaxis(counts, -1, 0)
    return _divided(
        np.stack([tp, tp, 2 * tp], axis=-1), np.stack([tp + fp, tp + fn, 2 * tp + fp + fn], axis=-1)
    )


def _divided(parts: Floats, wholes: Floats) -> Floats:
    """``parts / wholes``, nan where that is undefined."""
    ratios: Floats = np.divide(parts, wholes, out=np.full(parts.shape, np.nan), where=wholes != 0)
    return ratios


def _defined(ratios: Floats) -> Any:
    """An array as nested lists, with None for nan."""
    values = ratios.astype(object)
    values[np.isnan(ratios)] = None
    return values.tolist()


def _interval(counts: Floats, *, draws: int, seed: int, level: float) -> _Bounds:
    """The bootstrap interval of F1 from (n, 3) counts."""
    return _drawn(counts.tobytes(), draws, seed, level)


@functools.lru_cache(maxsize=256)
def _drawn(counts: bytes, draws: int, seed: int, level: float) -> _Bounds:
    """Back ends made of parts of others have their counts, and need not be drawn for again."""
    from factharness.score.stats import interval

    values = np.frombuffer(counts).reshape(-1, 3)
    found = interval(values, draws=draws, seed=seed, level=level)
    return (found.low, found.high) if found else (None, None)
