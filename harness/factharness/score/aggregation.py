"""From counts per article to the rows of a table: micro, macro, weighted and per article, per slice.

The counts of many articles come in blocks (:class:`Aggregate`). A *column* is a kind, a label and a regime.
Most columns are only added up; of a few, the counts of each article are kept, because intervals and tests need
them. So an aggregate of many articles is small.
"""

from __future__ import annotations

import functools
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from factharness.facts import KINDS, Kind
from factharness.score.count_columns import UNKNOWN, CountColumns, columns_of
from factharness.score.counts import ALL, CountRow, Counts, SemEval
from factharness.score.overlap import Bools, Floats, Ints
from factharness.score.quote_regimes import APART, UNEVEN
from factharness.score.rows import Average, ScoreRow
from factharness.score.slices import Slices, slices_of
from factharness.score.tally import plain


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
    whole = Aggregate(slices_of(articles, slices), kept=lambda _column: bool(draws))
    for columns in columns_of(row for row in counts if row.article in articles):
        whole.add(columns)
    draw = functools.partial(drawn, draws=draws, seed=seed, level=level) if draws else None
    return whole.rows(draw)


ScoredColumn: TypeAlias = tuple[Kind, str, str]
"""Kind, label, regime."""


class KeptColumn(Struct, frozen=True):
    """The counts of a column article by article: ``counts`` (n, 3) are those of the articles with these
    ``numbers`` (n), see :class:`~factharness.score.slices.Slices`."""

    numbers: Ints
    counts: Floats


class Aggregate:
    """Adds up counts that come in blocks of articles, each article in one block.

    Of the columns that ``kept`` accepts the counts of every article are kept, for :meth:`column` and for
    intervals.
    """

    def __init__(self, slices: Slices, kept: Callable[[ScoredColumn], bool]) -> None:
        self._slices, self._kept = slices, kept
        self._groups: dict[tuple[Kind, str], _Group] = {}
        self._last: tuple[Sequence[str], Ints, Bools] | None = None

    def add(self, columns: CountColumns) -> None:
        """Take one more block in."""
        key = columns.kind, columns.regime
        if key not in self._groups:
            self._groups[key] = _Group(*key, len(self._slices.names), self._kept)
        self._groups[key].add(columns, *self._placed(columns.articles))

    def _placed(self, articles: Sequence[str]) -> tuple[Ints, Bools]:
        """The numbers of articles, and for each slice which of them are in it, (slices, articles)."""
        # The regimes of a kind come with the same list.
        if self._last is None or self._last[0] is not articles:
            numbers = self._slices.numbers_of(articles)
            self._last = articles, numbers, self._slices.holding(numbers)
        return self._last[1:]

    def rows(self, draw: Callable[[Floats], Bounds] | None = None) -> list[ScoreRow]:
        """The rows of every slice that has scored articles: a micro row per label, then the averages.

        ``draw`` gives the interval of the counts of a kept column, (articles, 3).
        """
        # A stable sort: the regimes of a kind stay in the order of the counts.
        ordered = sorted(self._groups.values(), key=lambda group: KINDS.index(group.kind))
        blocks = [_rows(group, self._slices, draw) for group in ordered]
        return [
            row for name in self._slices.names for block in blocks for row in block.get(name, ())
        ]

    def column(self, kind: Kind, label: str, regime: str) -> KeptColumn | None:
        """The counts of a kept column on the articles that have a row for it; None when none has."""
        group = self._groups.get((kind, regime))
        found = group and group.kept.get(label)
        return KeptColumn(found.numbers(), found.counts()) if found else None

    def over_articles(self, kind: Kind, label: str, regime: str) -> Floats | None:
        """The counts of a kept column on all articles of its kind and regime, (articles, 3), zeros where an
        article has no row for it; None when no article has one."""
        group = self._groups.get((kind, regime))
        return group.dense(label) if group and label in group.kept else None


Bounds: TypeAlias = tuple[float | None, float | None]


class _Chunks:
    """Counts of one column, block by block.

    Each block has the smallest type of number that holds its counts exactly: mostly one byte, since most counts
    are small whole numbers. It is compressed, which leaves about a half of it.
    """

    def __init__(self) -> None:
        self._numbers: list[Ints] = []
        self._counts: list[tuple[np.dtype[Any], bytes]] = []

    def add(self, numbers: Ints, counts: Floats) -> None:
        narrow = _narrowed(counts)
        self._numbers.append(numbers)
        self._counts.append((narrow.dtype, zlib.compress(narrow.tobytes())))

    def numbers(self) -> Ints:
        return np.concatenate(self._numbers)

    def counts(self) -> Floats:
        blocks = [np.frombuffer(zlib.decompress(packed), kind) for kind, packed in self._counts]
        return np.concatenate(blocks).astype(np.float64).reshape(-1, 3)


def _narrowed(counts: Floats) -> npt.NDArray[np.number[Any]]:
    """``counts`` in the narrowest type that holds them exactly."""
    kinds: tuple[type[np.number[Any]], ...] = (np.uint8, np.float16, np.float32)
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large becomes another number
        narrow = (counts.astype(kind) for kind in kinds)
        return next((found for found in narrow if np.array_equal(found, counts)), counts)


class _Group:
    """The counts of one kind under one regime.

    ``articles`` are the numbers of those with a row for all labels. ``sums`` (slices, 3) and ``semeval``
    (slices, 6) are the sums of each label; those of the ``kept`` labels are taken from the counts of each
    article.
    """

    def __init__(
        self, kind: Kind, regime: str, slices: int, kept: Callable[[ScoredColumn], bool]
    ) -> None:
        self.kind, self.regime = kind, regime
        self._size, self._wanted = slices, kept
        self._articles: list[Ints] = []
        self.sums: dict[str, Floats] = {}
        self.semeval: dict[str, Ints] = {}
        self.kept: dict[str, _Chunks] = {}

    def add(self, columns: CountColumns, numbers: Ints, inside: Bools) -> None:
        """Take one more block in: the numbers of its articles, and the articles of each slice."""
        self._articles.append(numbers)
        for code, label in enumerate(columns.labels):
            rows = np.flatnonzero(columns.label == code)
            if not len(rows):
                continue
            if label not in self.sums:
                self.sums[label] = np.zeros((self._size, 3))
                self.semeval[label] = np.zeros((self._size, UNKNOWN + 1), dtype=np.int64)
            counts, at = columns.counts[rows], columns.article[rows]
            there = inside[:, at]
            self.semeval[label] += there @ columns.semeval[rows]
            # Sums of fractions depend on their order in the last digit, so that they are made at the end. The
            # averages over the articles need the counts of each, too.
            uneven = label == ALL or self.regime in UNEVEN
            if uneven or self._wanted((self.kind, label, self.regime)):
                # A column that all articles have, as most do, shares their numbers with the others.
                its = numbers if len(at) == len(numbers) else numbers[at]
                self.kept.setdefault(label, _Chunks()).add(its, counts)
            else:
                self.sums[label] += there @ counts

    @property
    def articles(self) -> Ints:
        # Put together when it is asked for: the blocks are the same objects for all regimes of a kind.
        return np.concatenate(self._articles)

    def dense(self, label: str) -> Floats:
        """The counts of a kept label on all articles, (articles, 3)."""
        articles, chunks = self.articles, self.kept[label]
        place = np.zeros(int(articles.max(initial=0)) + 1, dtype=np.int64)
        place[articles] = np.arange(len(articles))
        counts = np.zeros((len(articles), 3))
        counts[place[chunks.numbers()]] = chunks.counts()
        return counts


def _rows(
    group: _Group, slices: Slices, draw: Callable[[Floats], Bounds] | None
) -> dict[str, list[ScoreRow]]:
    """The rows of every slice that has scored articles."""
    found_in = slices.holding(group.articles)
    chosen = np.flatnonzero(found_in.any(axis=1)).tolist()
    if not chosen:
        return {}
    members = [np.flatnonzero(found_in[s]) for s in chosen]
    labels = [ALL, *sorted(group.sums.keys() - {ALL})]
    dense = {label: group.dense(label) for label in labels if label in group.kept}
    totals = np.stack(
        [
            _added(dense[label], members) if label in dense else group.sums[label][chosen]
            for label in labels
        ],
        axis=1,
    )
    ratios = _ratios(totals)
    averages = _averages(group.kind, labels, dense[ALL], totals, ratios, members)
    counts, values = totals.tolist(), _defined(ratios)
    semeval = np.stack([group.semeval[label][chosen] for label in labels], axis=1).tolist()
    found: dict[str, list[ScoreRow]] = {}
    for s, places in enumerate(members):
        name = slices.names[chosen[s]]
        rows = found[name] = []
        for m, label in enumerate(labels):
            if label != ALL and not any(counts[s][m]):
                continue
            precision, recall, f1 = values[s][m]
            low, high = draw(dense[label][places]) if draw else (None, None)
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
    kind: Kind,
    labels: Sequence[str],
    counts: Floats,
    totals: Floats,
    ratios: Floats,
    members: Sequence[Ints],
) -> list[tuple[Average, list[list[float | None]], list[int]]]:
    """The macro, weighted and per-article means of every slice, and over how many they are.

    ``counts`` (n, 3) are those of all labels on each article; ``totals`` and ``ratios`` (slices, m, 3) those of
    the micro rows.
    """
    # Labels without gold weigh nothing, and the others have a recall and an F1.
    apart = [label == ALL or (kind == "quote" and label in APART) for label in labels]
    gold = np.where(apart, 0, totals[..., 0] + totals[..., 2])[..., None]
    supported = (gold > 0).astype(np.float64)
    by_label = [
        _divided(
            np.sum(np.nan_to_num(ratios) * weights, axis=1),
            np.sum(~np.isnan(ratios) * weights, axis=1),
        )
        for weights in (supported, gold)
    ]
    articles = _ratios(counts)
    defined = _added(~np.isnan(articles) * 1, members)
    by_article = _divided(_added(np.nan_to_num(articles), members), defined)
    labelled = supported.sum(axis=(1, 2)).astype(np.int64).tolist()
    return [
        ("macro", _defined(by_label[0]), labelled),
        ("weighted", _defined(by_label[1]), labelled),
        ("article", _defined(by_article), defined[:, 2].tolist()),
    ]


def _added(rows: Any, members: Sequence[Ints]) -> Any:
    """The sums of ``rows`` (n, ...) over the articles of each slice, (slices, ...); no slice is empty."""
    starts = np.cumsum([0, *map(len, members)])[:-1]
    return np.add.reduceat(rows[np.concatenate(members)], starts, axis=0)


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


_DRAWN: dict[tuple[bytes, int, int, float], Bounds] = {}


def drawn(counts: Floats, *, draws: int, seed: int, level: float = 0.95) -> Bounds:
    """The bootstrap interval of F1 from (n, 3) counts; None where it is undefined.

    The last intervals are remembered, because a back end that takes its facts from another one has the same
    counts as that one.
    """
    from factharness.score.stats import interval

    key = hashlib.blake2b(counts.tobytes(), digest_size=16).digest(), draws, seed, level
    if key not in _DRAWN:
        found = interval(counts, draws=draws, seed=seed, level=level)
        while len(_DRAWN) >= 256:
            del _DRAWN[next(iter(_DRAWN))]
        _DRAWN[key] = (found.low, found.high) if found else (None, None)
    return _DRAWN[key]
