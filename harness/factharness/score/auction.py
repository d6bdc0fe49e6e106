"""Prices of columns, and a nearly best matching of rows to them, by an auction (Bertsekas 1988).

Each row that has no column bids for the one that is worth most to it after its price, and raises that price by
as much as it could pay before the next best is worth more, and by a step; who held the column before bids
again. A first auction has a large step, the next ones start from the prices of the one before with a smaller
step. All rows bid at once, in a few operations of numpy, and an auction in which a few rows go on outbidding
each other is given up: the search of :mod:`factharness.score.growing` takes the matching over as it is.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from factharness.score.overlap import Ints

_NEVER = -(2**61)  # worth of a column that a row cannot have
_WIDTH = 96  # columns that a row bids for at most
_ROUNDS, _BIDS = 1000, 20  # in one auction; bids for each row
_LEFT = 2000  # an auction ends where one row of so many has no column


def auction(
    pairs: tuple[Ints, Ints, Ints], shape: tuple[int, int], steps: Iterable[int]
) -> tuple[Ints, Ints]:
    """The prices of columns, and the row that holds each or -1, after an auction for each of ``steps``.

    ``pairs`` are row, column and weight of each pair, the weights below 2**60; ``shape`` is the number of rows
    and of columns. A row that holds a column would gain at most the last step by any other that it bids for.
    """
    count, width = shape
    columns, weights = _table(pairs, count)
    price = np.zeros(width, dtype=np.int64)
    holder = np.full(width, -1)
    for step in steps:
        holder = np.full(width, -1)
        bidders = np.arange(count)
        bids = 0
        for _ in range(_ROUNDS):
            if len(bidders) <= count // _LEFT or bids > _BIDS * count:
                break
            bids += len(bidders)
            worth = weights[bidders] - price[columns[bidders]]
            row = np.arange(len(bidders))
            choice = worth.argmax(axis=1)
            best, column = worth[row, choice], columns[bidders, choice]
            worth[row, choice] = _NEVER
            bid = price[column] + best - np.maximum(worth.max(axis=1), 0) + step
            # The highest bid for each column wins; of equal ones the first.
            order = np.lexsort((bidders, -bid, column))
            order = order[best[order] > 0]
            won = order[np.diff(column[order], prepend=-1) != 0]
            column, winner = column[won], bidders[won]
            outbid = holder[column]
            holder[column], price[column] = winner, bid[won]
            goes_on = best > 0
            goes_on[won] = False
            bidders = np.concatenate([bidders[goes_on], outbid[outbid >= 0]])
    return price, holder


def _table(pairs: tuple[Ints, Ints, Ints], count: int) -> tuple[Ints, Ints]:
    """The columns each row may bid for, those that weigh most, and their weights."""
    row, column, weight = pairs
    order = np.lexsort((column, -weight, row))
    row, column, weight = row[order], column[order], weight[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    kept = place < _WIDTH
    shape = count, int(place[kept].max(initial=0)) + 1
    columns, weights = np.zeros(shape, dtype=np.int64), np.full(shape, _NEVER)
    columns[row[kept], place[kept]] = column[kept]
    weights[row[kept], place[kept]] = weight[kept]
    return columns, weights
