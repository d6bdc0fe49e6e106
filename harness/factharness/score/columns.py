"""Turns the spans of a caller into columns, and checks them once.

Spans are given as rows ``(document, start, end, label)``, or as a :class:`SpanTable` when they are in arrays.
For spans that cannot be scored, the error names the side (gold, ignore, pred) and the row.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from operator import ne
from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct

from factharness.errors import ScoreError
from factharness.score.counts import ALL
from factharness.score.overlap import Bools, Ints, Units
from factharness.score.tally import NONE

Row: TypeAlias = tuple[Hashable, int, int, str]

_LIMIT = 2**40  # characters in one document; keeps the common axis inside 64 bits


class SpanTable(Struct, frozen=True):
    """Spans by column: ``docs`` and ``labels`` name the codes in ``doc`` and ``label``, all (n,) int64.

    ``start`` and ``end`` are half-open character offsets.
    """

    docs: Sequence[Hashable]
    labels: Sequence[str]
    doc: Ints
    start: Ints
    end: Ints
    label: Ints

    def __len__(self) -> int:
        return len(self.doc)

    @classmethod
    def of(cls, rows: Iterable[Row], side: str = "spans") -> SpanTable:
        """The columns of ``rows``. Raises :class:`ScoreError` for a row that is not a span."""
        rows = rows if isinstance(rows, (list, tuple)) else list(rows)
        if not rows:
            empty = np.empty(0, dtype=np.int64)
            return cls((), (), empty, empty, empty, empty)
        try:
            docs = [doc for doc, _, _, _ in rows]
            starts, ends, labels = ([row[column] for row in rows] for column in (1, 2, 3))
        except (TypeError, ValueError, KeyError):
            for number, row in enumerate(rows):
                if not isinstance(row, (list, tuple)) or len(row) != 4:
                    message = f"{row!r} is not (document, start, end, label)"
                    raise _bad(side, number, message) from None
            raise
        _check_types(side, rows, starts, 1, _WHOLE)
        _check_types(side, rows, ends, 2, _WHOLE)
        try:
            start, end = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
        except OverflowError:
            raise ScoreError(f"{side}: an offset does not fit 64 bits") from None
        names, doc = _codes(docs, side)
        kinds, label = _codes(labels, side)
        if not all(isinstance(name, str) for name in kinds):
            _check_types(side, rows, labels, 3, (str,))
        return cls(names, kinds, doc, start, end, label).checked(side)

    def checked(self, side: str) -> SpanTable:
        """Return this table. Raises :class:`ScoreError` that names the first row that is not a span."""
        if len({len(c) for c in (self.doc, self.start, self.end, self.label)}) > 1:
            raise ScoreError(f"{side}: the columns differ in length")
        for codes, names in ((self.doc, self.docs), (self.label, self.labels)):
            if len(codes) and not 0 <= codes.min() <= codes.max() < len(names):
                raise ScoreError(f"{side}: a code has no name among the {len(names)} there are")
        wrong = (self.start < 0) | (self.end <= self.start) | (self.end > _LIMIT)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            needed = f"0 <= start < end <= {_LIMIT} must hold"
            raise _bad(side, row, f"{self.describe(row)} is no span: {needed}")
        for code in nameless(self.docs):
            (rows,) = np.nonzero(self.doc == code)
            raise _bad(
                side, int(rows[0]) if len(rows) else 0, f"{self.docs[code]!r} is no document"
            )
        for label in self.labels:
            if label in ("", ALL, NONE):
                raise ScoreError(
                    f"{side}: {label!r} cannot be a label",
                    remedy="rename it; it has a meaning here",
                )
        return self

    def describe(self, row: int) -> str:
        """A row in words."""
        return (
            f"[{self.start[row]}, {self.end[row]}) {self.labels[self.label[row]]} "
            f"of {self.docs[self.doc[row]]!r}"
        )

    def followed_by(self, other: SpanTable) -> SpanTable:
        """The rows of both, these first."""
        docs = list(dict.fromkeys([*self.docs, *other.docs]))
        labels = list(dict.fromkeys([*self.labels, *other.labels]))
        return SpanTable(
            docs,
            labels,
            np.r_[_recode(self.doc, self.docs, docs), _recode(other.doc, other.docs, docs)],
            np.r_[self.start, other.start],
            np.r_[self.end, other.end],
            np.r_[
                _recode(self.label, self.labels, labels),
                _recode(other.label, other.labels, labels),
            ],
        )

    def units(
        self,
        docs: Sequence[Hashable],
        labels: Sequence[str],
        *,
        counted: Bools | None = None,
        more: Ints | None = None,
    ) -> tuple[Units, Ints]:
        """The spans in canonical order, coded by ``docs`` and ``labels``, and the row each one came from.

        ``counted`` (n,) is False on don't-care gold. ``more`` (n,) is a further code that tells spans apart,
        as the value does for dates.
        """
        doc = _recode(self.doc, self.docs, docs)
        label = _recode(self.label, self.labels, labels)
        columns = [doc, self.start, self.end, label]
        columns += [] if more is None else [more]
        columns += [] if counted is None else [(~counted).astype(np.int64)]
        counted = np.ones(len(doc), dtype=bool) if counted is None else counted
        order, repeats = canonical(*columns)
        if order is None:
            order, start, end = np.arange(len(doc)), self.start, self.end
        else:
            doc, start, end, label = (column[order] for column in columns[:4])
            counted = counted[order]
        return Units(doc, label, np.arange(len(doc)), start, end, counted, repeats), order


_WHOLE = (int, np.integer)


def canonical(*columns: Ints) -> tuple[Ints | None, Bools]:
    """The order of rows by the first column, then the second, and so on, and which repeat the one before.

    The order is stable; None where the rows stand in it already.
    """
    rising = np.zeros(max(len(columns[0]) - 1, 0), dtype=bool)
    level = ~rising
    for column in columns:
        rising |= level & (column[1:] > column[:-1])
        level &= column[1:] == column[:-1]
    if np.all(rising | level):
        return None, np.r_[np.zeros(min(len(columns[0]), 1), dtype=bool), level]
    order = np.lexsort(columns[::-1])
    _, repeats = canonical(*(column[order] for column in columns))
    return order, repeats


def nameless(docs: Sequence[Hashable]) -> list[int]:
    """The places of documents that are None or NaN, which is what tables have where a name is missing."""
    if None not in docs and not any(map(ne, docs, docs)):  # as it nearly always is, and fast
        return []
    return [place for place, doc in enumerate(docs) if doc is None or doc != doc]


def _codes(names: Sequence[Any], side: str) -> tuple[list[Any], Ints]:
    try:
        index = dict.fromkeys(names)
    except TypeError:
        raise ScoreError(f"{side}: documents and labels must be hashable") from None
    for code, name in enumerate(index):
        index[name] = code
    return list(index), np.fromiter(map(index.__getitem__, names), np.int64, len(names))


def _recode(codes: Ints, names: Sequence[Any], wanted: Sequence[Any]) -> Ints:
    """Codes of ``names`` as codes of ``wanted``, which has all of them."""
    if len(names) <= len(wanted) and list(names) == list(wanted[: len(names)]):
        return codes
    index = {name: code for code, name in enumerate(wanted)}
    return np.fromiter(map(index.__getitem__, names), np.int64, len(names))[codes]


def _check_types(
    side: str, rows: Sequence[Any], values: Sequence[Any], column: int, wanted: tuple[type, ...]
) -> None:
    kinds = set(map(type, values))
    if all(issubclass(kind, wanted) and kind is not bool for kind in kinds):
        return
    for number, value in enumerate(values):
        if not isinstance(value, wanted) or isinstance(value, bool):
            what = "a label must be text" if column == 3 else "offsets must be whole numbers"
            raise _bad(side, number, f"{what}, not {value!r} in {rows[number]!r}")


def _bad(side: str, row: int, message: str) -> ScoreError:
    return ScoreError(f"{side}, row {row + 1}: {message}")
