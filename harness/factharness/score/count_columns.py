"""Counts per article by column: what a :class:`~factharness.score.counts.CountRow` holds, of many articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import astuple

from factharness.facts import Kind
from factharness.score.counts import ALL, CountRow
from factharness.score.overlap import Floats, Ints
from factharness.score.rows import LabelCounts, Numbers, count_row
from factharness.score.tally import Cells, plain

UNKNOWN = 5
"""The column of :attr:`CountColumns.semeval` that is 1 where a row was stored without these counts."""


class CountColumns(Struct, frozen=True):
    """The counts of one kind under one regime: a row for each article and label that has one.

    ``articles``, ``labels``
        the names; ``labels`` are sorted, :data:`ALL` among them.
    ``article``, ``label`` (k,)
        the article and label of each row, as places in these; sorted by article, then by label.
    ``counts`` (k, 3)
        tp, fp, fn.
    ``semeval`` (k, 6)
        cor, inc, par, mis, spu, then :data:`UNKNOWN`.
    """

    kind: Kind
    regime: str
    articles: Sequence[str]
    labels: Sequence[str]
    article: Ints
    label: Ints
    counts: Floats
    semeval: Ints

    @classmethod
    def of_cells(
        cls,
        kind: Kind,
        regime: str,
        articles: Sequence[str],
        labels: Sequence[str],
        cells: Cells,
        apart: Sequence[str] = (),
    ) -> CountColumns:
        """The counts of ``cells``: of all labels together on each article, and of those that occur on it.

        ``apart`` are labels that the row of all labels does not count.
        """
        names = sorted([ALL, *labels])
        code = np.array([names.index(label) for label in labels], dtype=np.int64)
        within = np.array([label not in apart for label in labels], dtype=bool)
        whole = cells.by_document(len(articles), within)
        there = cells.only(np.any(cells.columns != 0, axis=0))
        article = np.concatenate([np.arange(len(articles)), there.doc])
        label = np.concatenate([np.full(len(articles), names.index(ALL)), code[there.label]])
        columns = np.concatenate([whole, there.columns], axis=1)
        order = np.argsort(article * len(names) + label, kind="stable")
        columns = columns[:, order]
        cor, inc, par, mis, _, tp, predicted = columns
        counts = np.stack([tp, predicted - tp, cor + inc + par + mis - tp], axis=1)
        semeval = np.zeros((len(order), UNKNOWN + 1), dtype=np.int64)
        semeval[:, :UNKNOWN] = columns[:UNKNOWN].T
        return cls(kind, regime, articles, names, article[order], label[order], counts, semeval)

    @classmethod
    def of_rows(
        cls, kind: Kind, regime: str, rows: Mapping[str, Mapping[str, CountRow]]
    ) -> CountColumns:
        """The counts of ``rows``, given by label and article.

        Articles without a row for all labels were not scored and are left out.
        """
        place = {article: n for n, article in enumerate(rows.get(ALL, ()))}
        names = sorted({ALL, *rows})
        cells = [
            (place[article], code, row)
            for code, name in enumerate(names)
            for article, row in rows.get(name, {}).items()
            if article in place
        ]
        cells.sort(key=lambda cell: cell[:2])
        return cls(
            kind,
            regime,
            list(place),
            names,
            np.array([article for article, _, _ in cells], dtype=np.int64),
            np.array([code for _, code, _ in cells], dtype=np.int64),
            np.array([astuple(row.counts) for *_, row in cells], dtype=np.float64).reshape(-1, 3),
            np.array([_sorts(row) for *_, row in cells], dtype=np.int64).reshape(-1, UNKNOWN + 1),
        )

    def numbers(self) -> list[Numbers]:
        """The numbers of every row; whole ones as ints, so that they print as such."""
        sorts, lacking = self.semeval[:, :UNKNOWN], self.semeval[:, UNKNOWN]
        whole = self.counts.astype(np.int64)
        if np.array_equal(whole, self.counts) and not lacking.any():
            rows: list[Numbers] = np.concatenate([whole, sorts], axis=1).tolist()
            return rows
        return [
            [*map(plain, amounts), *(() if without else more)]
            for amounts, more, without in zip(
                self.counts.tolist(), sorts.tolist(), lacking.tolist(), strict=True
            )
        ]

    def by_article(self) -> Iterator[LabelCounts]:
        """The numbers of each article by label."""
        names = [self.labels[code] for code in self.label.tolist()]
        numbers = self.numbers()
        ends = np.searchsorted(self.article, np.arange(len(self.articles)), "right").tolist()
        start = 0
        for end in ends:
            yield dict(zip(names[start:end], numbers[start:end], strict=True))
            start = end

    def rows(self) -> Iterator[CountRow]:
        """The rows, those for all labels together first."""
        whole = self.labels.index(ALL)
        order = np.argsort(self.label != whole, kind="stable").tolist()
        article, label, numbers = self.article.tolist(), self.label.tolist(), self.numbers()
        for row in order:
            name = self.articles[article[row]]
            yield count_row(name, self.kind, self.labels[label[row]], self.regime, numbers[row])


def columns_of(rows: Iterable[CountRow]) -> list[CountColumns]:
    """The counts of rows in any order, a :class:`CountColumns` for each kind and regime, as these come."""
    groups: dict[tuple[Kind, str], dict[str, dict[str, CountRow]]] = {}
    for row in rows:
        by_label = groups.setdefault((row.kind, row.regime), {})
        by_label.setdefault(row.label, {})[row.article] = row
    return [CountColumns.of_rows(*key, by_label) for key, by_label in groups.items()]


def _sorts(row: CountRow) -> tuple[int, ...]:
    """A row of :attr:`CountColumns.semeval`."""
    return (0, 0, 0, 0, 0, 1) if row.semeval is None else (*astuple(row.semeval), 0)
