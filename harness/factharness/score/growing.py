"""A matching of rows and columns that is kept the heaviest while pairs are added.

Rows and columns have prices that prove that it is (Kuhn 1955): a pair's weight is at most the sum of its two
prices, and exactly that where the two are matched; what is alone has the price 0. A pair that weighs more than
its prices raises one of them; what then is alone without having the price 0 searches for the shortest
augmenting path, on which it finds a partner, or somebody gives up its own.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np

from factharness.score.overlap import Ints


class Growing:
    """The matching of ``shape`` = (rows, columns); nodes are numbers of rows, then of columns.

    ``price`` (rows + columns,)
        the prices of the nodes.
    ``mate`` (rows + columns,)
        the node that each is matched with, or -1.
    ``looked``
        how many pairs were looked at so far.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.rows = shape[0]
        self.price = [0] * sum(shape)
        self.mate = [-1] * sum(shape)
        self.looked = 0
        self._pairs: list[dict[int, int]] = [{} for _ in self.price]

    def start(self, price: Ints, holder: Ints) -> None:
        """Take over the prices of the columns, and the row that holds each column or -1."""
        self.price[self.rows :] = price.tolist()
        for column, row in enumerate(holder.tolist(), self.rows):
            self.mate[column] = row
            if row >= 0:
                self.mate[row] = column

    def add(self, rows: Ints, columns: Ints, weights: Ints) -> None:
        """Add pairs, none of which is there yet; prices rise where they have to."""
        price, pairs = self.price, self._pairs
        columns = columns + self.rows
        for row, column, weight in zip(
            rows.tolist(), columns.tolist(), weights.tolist(), strict=True
        ):
            pairs[row][column] = pairs[column][row] = weight
            if weight > price[row] + price[column]:
                price[row] = weight - price[column]

    def settle(self, slack: int, most: int) -> None:
        """Make it the heaviest of the pairs there are: exactly, if that takes a look at ``most`` pairs in all.

        If it takes more, the sum of the weights is at most ``slack`` for each pair below the greatest.
        """
        for row in range(self.rows):
            if self._slack(row) > slack:
                self._part(row)
        for node in range(len(self.price)):
            self._search(node)
        for row in range(self.rows):
            if self.looked >= most:
                break
            if self._slack(row) > 0:
                column = self.mate[row]
                self._part(row)
                self._search(row)
                self._search(column)

    def _slack(self, row: int) -> int:
        """How far the prices of a row and of its partner are above the weight of the pair; 0 without one."""
        column = self.mate[row]
        return 0 if column < 0 else self.price[row] + self.price[column] - self._pairs[row][column]

    def _part(self, row: int) -> None:
        self.mate[self.mate[row]] = -1
        self.mate[row] = -1

    def matched(self) -> Iterator[tuple[int, int]]:
        """The row and the column of each pair."""
        for row, column in enumerate(self.mate[: self.rows]):
            if column >= 0:
                yield row, column - self.rows

    def pairs(self) -> tuple[Ints, Ints, Ints]:
        """Row, column and weight of all pairs that were added."""
        flat = [
            (row, column - self.rows, weight)
            for row, pairs in enumerate(self._pairs[: self.rows])
            for column, weight in pairs.items()
        ]
        row, column, weight = np.array(flat, dtype=np.int64).reshape(-1, 3).T
        return row, column, weight

    def _search(self, start: int) -> None:
        """Find a partner for a node, or take its price from it, if it is alone and has one."""
        price, mate = self.price, self.mate
        if mate[start] >= 0 or not price[start]:
            return
        nearest, end = price[start], ~start  # who gives up its partner, and last its own price
        distance: dict[int, int] = {}
        came_from: dict[int, int] = {}
        passed: list[int] = []
        heap: list[tuple[int, int]] = []
        node, reached = start, 0
        while True:
            offset = reached + price[node]
            self.looked += len(self._pairs[node])
            for other, weight in self._pairs[node].items():
                step = offset + price[other] - weight
                if step < nearest and step < distance.get(other, nearest):
                    distance[other], came_from[other] = step, node
                    if mate[other] < 0:
                        nearest, end = step, other
                    else:
                        heapq.heappush(heap, (step, other))
            while heap and heap[0][0] > distance[heap[0][1]]:
                heapq.heappop(heap)
            if not heap or heap[0][0] >= nearest:
                break
            reached, other = heapq.heappop(heap)
            passed.append(other)
            node = mate[other]
            if reached + price[node] < nearest:
                nearest, end = reached + price[node], ~node
        price[start] -= nearest
        for other in passed:
            price[other] += nearest - distance[other]
            price[mate[other]] -= nearest - distance[other]
        other = end
        if end < 0:
            other = mate[~end]  # -1 where it is the start
            mate[~end] = -1
        while other >= 0:
            node = came_from[other]
            left = mate[node]
            mate[node], mate[other] = other, node
            other = left
