"""From counts per article to the rows of a table: micro, macro, weighted and per article, per slice."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from factharness.facts import KINDS, Kind
from factharness.score.counts import ALL, CountRow, Counts, SemEval, ratio
from factharness.score.quotes import APART

Average: TypeAlias = Literal["micro", "macro", "weighted", "article"]


class ScoreRow(Struct, frozen=True):
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
    table: dict[tuple[Kind, str, str], dict[str, CountRow]] = defaultdict(dict)
    for row in counts:
        if row.article in articles:
            table[row.kind, row.regime, row.label][row.article] = row
    rows: list[ScoreRow] = []
    order = {kind: place for place, kind in enumerate(KINDS)}
    groups: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for kind, regime, label in table:
        groups[kind, regime].append(label)
    for name, inside in _slices(articles, slices).items():
        for (kind, regime), labels in sorted(groups.items(), key=lambda item: order[item[0][0]]):
            scored = [article for article in table[kind, regime, ALL] if article in inside]
            if not scored:
                continue
            held = {
                label: [table[kind, regime, label].get(article) for article in scored]
                for label in sorted(labels, key=lambda label: (label != ALL, label))
            }
            by_label = {
                label: [row.counts if row else Counts() for row in found]
                for label, found in held.items()
            }
            for label, values in by_label.items():
                total = sum(values, Counts())
                if label != ALL and total == Counts():
                    continue
                low, high = _interval(values, draws, seed, level)
                rows.append(
                    ScoreRow(
                        kind,
                        label,
                        regime,
                        name,
                        len(scored),
                        total,
                        total.precision,
                        total.recall,
                        total.f1,
                        low,
                        high,
                        semeval=_semeval(held[label]),
                    )
                )
            rows += _averages(kind, regime, name, by_label)
    return rows


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


def _semeval(rows: Iterable[CountRow | None]) -> SemEval | None:
    total = SemEval()
    for row in rows:
        if row is not None:
            if row.semeval is None:
                return None
            total += row.semeval
    return total


def _interval(
    values: Sequence[Counts], draws: int, seed: int, level: float
) -> tuple[float | None, float | None]:
    return _drawn(tuple(values), draws, seed, level) if draws else (None, None)


@functools.lru_cache(maxsize=256)
def _drawn(
    values: tuple[Counts, ...], draws: int, seed: int, level: float
) -> tuple[float | None, float | None]:
    """Back ends made of parts of others have their counts, and need not be drawn for again."""
    from factharness.score.stats import interval

    found = interval(values, draws=draws, seed=seed, level=level)
    return (found.low, found.high) if found else (None, None)


def _averages(
    kind: Kind, regime: str, name: str, by_label: Mapping[str, Sequence[Counts]]
) -> list[ScoreRow]:
    """The macro, weighted and per-article rows of all labels together."""
    per_article = by_label[ALL]
    total = sum(per_article, Counts())
    labels = [
        sum(values, Counts())
        for label, values in by_label.items()
        if label != ALL and not (kind == "quote" and label in APART)
    ]
    labels = [counts for counts in labels if counts.gold > 0]
    weighed: list[tuple[Average, Sequence[Counts], list[float]]] = [
        ("macro", labels, [1.0] * len(labels)),
        ("weighted", labels, [counts.gold for counts in labels]),
        ("article", per_article, [1.0] * len(per_article)),
    ]
    return [
        ScoreRow(
            kind,
            ALL,
            regime,
            name,
            len(per_article),
            total,
            _mean([c.precision for c in parts], weights),
            _mean([c.recall for c in parts], weights),
            _mean([c.f1 for c in parts], weights),
            average=average,
            averaged=sum(c.f1 is not None for c in parts),
        )
        for average, parts, weights in weighed
    ]


def _mean(values: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """The weighted mean of the defined values."""
    known = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None]
    return ratio(sum(v * w for v, w in known), sum(w for _, w in known))
