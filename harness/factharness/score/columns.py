"""Turns the spans of a caller into columns, and checks them once.

Spans are given as rows ``(document, start, end, label)``, or as a :class:`SpanTable` when they are in arrays.
For spans that cannot be scored, the error names the side (gold, ignore, pred) and the row.
"""

from __future__ import annotations

import itertools
from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import index, itemgetter, ne
from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct

from factharness.errors import ScoreError
from factharness.score.counts import ALL, NONE
from factharness.score.overlap import Bools, Ints, Units

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
            docs, doc = _coded_by_runs([name for name, _, _, _ in rows])
            start, end = (_offsets(rows, column) for column in (1, 2))
            labels, label = _coded(map(itemgetter(3), rows), len(rows))
            if not all(isinstance(name, str) for name in labels):
                raise TypeError
        except (TypeError, ValueError, KeyError, OverflowError):
            _refuse(rows, side)
            raise
        return cls(docs, labels, doc, start, end, label).checked(side)

    def checked(self, side: str) -> SpanTable:
        """Return this table. Raises :class:`ScoreError` that names the first row that is not a span."""
        if len({len(c) for c in (self.doc, self.start, self.end, self.label)}) > 1:
            raise ScoreError(f"{side}: the columns differ in length")
        for codes, names in ((self.doc, self.docs), (self.label, self.labels)):
            if len(codes) and not 0 <= codes.min() <= codes.max() < len(names):
                raise ScoreError(f"{side}: a code has no name among the {len(names)} there are")
        wrong = self.end <= self.start
        if wrong.any() or self.start.min(initial=0) < 0 or self.end.max(initial=0) > _LIMIT:
            wrong |= (self.start < 0) | (self.end > _LIMIT)
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
    ) -> tuple[Units, Ints | None]:
        """The spans in canonical order, coded by ``docs`` and ``labels``, and the row each one came from.

        The rows are None where they stand in this order. ``counted`` (n,) is False on don't-care gold.
        ``more`` (n,) is a further code that tells spans apart, as the value does for dates.
        """
        doc = _recode(self.doc, self.docs, docs)
        label = _recode(self.label, self.labels, labels)
        columns = [doc, self.start, self.end, label]
        columns += [] if more is None else [more]
        columns += [] if counted is None else [(~counted).astype(np.int64)]
        counted = np.ones(len(doc), dtype=bool) if counted is None else counted
        order, repeats = canonical(*columns)
        start, end = self.start, self.end
        if order is not None:
            doc, start, end, label = (column[order] for column in columns[:4])
            counted = counted[order]
        return Units(doc, label, None, start, end, counted, repeats), order


def canonical(*columns: Ints) -> tuple[Ints | None, Bools]:
    """The order of rows by the first column, then the second, and so on, and which rows repeat the one before.

    The order is stable; None where the rows stand in it already.
    """
    count = len(columns[0])
    rising = np.zeros(max(count - 1, 0), dtype=bool)
    level = ~rising
    for column in columns:
        rising |= level & (column[1:] > column[:-1])
        if rising.all():  # further columns decide nothing
            return None, np.zeros(count, dtype=bool)
        level &= column[1:] == column[:-1]
    if np.all(rising | level):
        return None, np.r_[np.zeros(min(count, 1), dtype=bool), level]
    order = np.lexsort(columns[::-1])
    _, repeats = canonical(*(column[order] for column in columns))
    return order, repeats


def nameless(docs: Sequence[Hashable]) -> list[int]:
    """The places of documents that are None or NaN, which is what tables have where a name is missing."""
    if isinstance(docs, range):
        return []
    if None not in docs and not any(map(ne, docs, docs)):  # as it nearly always is, and fast
        return []
    return [place for place, doc in enumerate(docs) if doc is None or doc != doc]


def _coded(names: Iterable[Any], count: int) -> tuple[list[Any], Ints]:
    """The different ones of ``count`` names, in the order in which they come, and the place of each in it."""
    place: defaultdict[Any, int] = defaultdict(itertools.count().__next__)
    codes = np.fromiter(map(place.__getitem__, names), np.int64, count)
    return list(place), codes


def _coded_by_runs(names: Sequence[Any]) -> tuple[list[Any], Ints]:
    """The same of a sequence in which a name mostly follows itself: each run of a name is looked up once."""
    each = np.fromiter(names, object, len(names))
    first = np.flatnonzero(np.r_[True, each[1:] != each[:-1]])
    different, codes = _coded(each[first].tolist(), len(first))
    return different, np.repeat(codes, np.diff(np.r_[first, len(names)]))


def _offsets(rows: Sequence[Row], column: int) -> Ints:
    """A column of offsets. Raises TypeError for what is no whole number, OverflowError beyond 64 bits."""
    numbers = np.frombuffer(array("q", list(map(itemgetter(column), rows))), np.int64)
    # An array takes True and False for whole numbers; only these two values can be one of them.
    for row in np.flatnonzero((numbers == 0) | (numbers == 1)).tolist():
        if isinstance(rows[row][column], bool):
            raise TypeError
    return numbers


def _refuse(rows: Sequence[Any], side: str) -> None:
    """Raise :class:`ScoreError` for what is wrong with rows that could not be made columns."""
    for number, row in enumerate(rows):
        if not _is_row(row):
            raise _bad(side, number, f"{row!r} is not (document, start, end, label)") from None
    for column in (1, 2):
        _check_column(side, rows, column, _is_whole, "offsets must be whole numbers")
    if any(abs(int(row[column])) >= 2**63 for row in rows for column in (1, 2)):
        raise ScoreError(f"{side}: an offset does not fit 64 bits") from None
    try:
        _ = {name for row in rows for name in (row[0], row[3])}
    except TypeError:
        raise ScoreError(f"{side}: documents and labels must be hashable") from None
    _check_column(side, rows, 3, lambda value: isinstance(value, str), "a label must be text")


def _is_row(row: Any) -> bool:
    """Whether a row has four places, whatever its type: a list, a tuple, a row of an array, a record."""
    if isinstance(row, (str, bytes)):
        return False
    try:
        return len([row[place] for place in range(4)]) == len(row)
    except (TypeError, LookupError):
        return False


def _is_whole(value: Any) -> bool:
    try:
        index(value)
    except TypeError:
        return False
    return not isinstance(value, bool)


def _check_column(
    side: str, rows: Sequence[Any], column: int, holds: Callable[[Any], bool], needed: str
) -> None:
    for number, row in enumerate(rows):
        if not holds(row[column]):
            raise _bad(side, number, f"{needed}, not {row[column]!r} in {row!r}") from None


def _recode(codes: Ints, names: Sequence[Any], wanted: Sequence[Any]) -> Ints:
    """Codes of ``names`` as codes of ``wanted``, which has all of them."""
    if names == wanted or (len(names) <= len(wanted) and list(names) == list(wanted[: len(names)])):
        return codes
    index = {name: code for code, name in enumerate(wanted)}
    return np.fromiter(map(index.__getitem__, names), np.int64, len(names))[codes]


def _bad(side: str, row: int, message: str) -> ScoreError:
    return ScoreError(f"{side}, row {row + 1}: {message}")
