"""Assignment: the one-to-one matching of rows and columns with the greatest sum of weights.

The solver adds the rows one by one, each on the shortest augmenting path, with potentials that keep all
reduced costs at 0 or more (Kuhn 1955; Edmonds & Karp 1972). It takes integers of any size, and of all the best
matchings finds the first.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

_NOBODY = -(2**62)  # no complement of a row


def assign(weights: Sequence[Mapping[int, int]]) -> list[tuple[int, int]]:
    """The first of the matchings of rows to columns with the greatest sum of (positive integer) weights.

    ``weights[i][j]`` is the weight of row i with column j >= 0; absent pairs cannot be matched, and a row or
    a column may stay alone. Of two matchings with the same sum that is first whose first differing row has
    the lower column; alone is the last.
    """
    holder, row_price, column_price = _heaviest(weights)
    # A matching has the greatest sum just when all its pairs are worth what row and column cost together,
    # and nothing that costs anything is alone.
    tight = [
        sorted(
            column
            for column, weight in row.items()
            if weight == row_price[i] + column_price.get(column, 0)
        )
        for i, row in enumerate(weights)
    ]
    return _First(tight, holder, row_price, column_price).matching()


def _heaviest(
    weights: Sequence[Mapping[int, int]],
) -> tuple[dict[int, int], list[int], dict[int, int]]:
    """A matching with the greatest sum, as the row that holds each column, and prices that prove it.

    The prices of rows and columns are 0 or more; a pair's weight is at most the sum of its two prices, and
    exactly that where they are matched. A row or column that stays alone has the price 0, and so has a column
    that is not among the prices.
    """
    row_price = [max(options.values(), default=0) for options in weights]
    column_price: dict[int, int] = {}
    holder: dict[int, int] = {}
    held: dict[int, int] = {}
    for row, options in enumerate(weights):  # what is best and free needs no search
        column = max(options, key=lambda each: (options[each], -each), default=-1)
        if column >= 0 and column not in holder:
            holder[column], held[row] = row, column
    for start in [row for row in range(len(weights)) if row not in held]:
        # A row that stays alone gives up its price; the path ends there or at a column that is free.
        nearest, end = row_price[start], ~start
        distance: dict[int, int] = {}
        came_from: dict[int, int] = {}
        done: set[int] = set()
        heap: list[tuple[int, int]] = []
        row, reached = start, 0
        while True:
            offset = reached + row_price[row]
            for column, weight in weights[row].items():
                step = offset + column_price.get(column, 0) - weight
                if step > nearest or column in done:
                    continue
                if column not in holder:
                    if step < nearest or end < 0:
                        nearest, end = step, column
                        came_from[column] = row
                elif step < distance.get(column, nearest):
                    distance[column] = step
                    came_from[column] = row
                    heapq.heappush(heap, (step, column))
            if reached + row_price[row] < nearest:
                nearest, end = reached + row_price[row], ~row
            while heap and heap[0][1] in done:
                heapq.heappop(heap)
            if not heap or heap[0][0] >= nearest:
                break
            reached, column = heapq.heappop(heap)
            done.add(column)
            row = holder[column]
        row_price[start] -= nearest
        for passed in done:
            row_price[holder[passed]] -= nearest - distance[passed]
            column_price[passed] = column_price.get(passed, 0) + nearest - distance[passed]
        # Along the path every row takes the column that was reached from it, and gives up its own.
        row, column = -1, end
        if end < 0:
            row = ~end  # stays alone
            column = held.pop(row, -1)
        while row != start:
            row = came_from[column]
            before = held.get(row, -1)
            holder[column], held[row] = row, column
            column = before
    return holder, row_price, column_price


class _First:
    """Changes a best matching into the first of them, row by row.

    Two best matchings differ in cycles of pairs that alternate between them. A cycle is walked from a row to
    the column that it takes, from a column to the row that loses it, and through ``_NOBODY`` where a row
    or a column stays alone in one of the two.
    """

    def __init__(
        self,
        tight: Sequence[Sequence[int]],
        holder: dict[int, int],
        row_price: Sequence[int],
        column_price: Mapping[int, int],
    ) -> None:
        self.tight, self.holder = tight, holder
        self.held = {row: column for column, row in holder.items()}
        self.may_be_alone = [not price for price in row_price]
        self.alone = {row for row in range(len(tight)) if row not in self.held}
        self.free_to_leave = {column for column in holder if not column_price.get(column, 0)}
        self.column_price = column_price
        self.settled: set[int] = set()

    def matching(self) -> list[tuple[int, int]]:
        """The pairs."""
        for row, columns in enumerate(self.tight):
            now = self.held.get(row)
            for column in columns:
                if column == now:
                    break
                if column not in self.settled:
                    self._improve(row)
                    break
            self.alone.discard(row)
            if row in self.held:
                self.settled.add(self.held[row])
                self.free_to_leave.discard(self.held[row])
        return sorted(self.held.items())

    def _improve(self, row: int) -> None:
        """Give a row the lowest column that a best matching with all earlier rows as they are gives it."""
        now = self.held.get(row)
        came_from: dict[int, int] = {}
        for first in self.tight[row]:
            if first == now:
                return
            if first in self.settled or first in came_from:
                continue
            came_from[first] = ~row
            waiting = [first]
            while waiting:
                node = waiting.pop()
                for after in self._after(node):
                    if after not in came_from:
                        came_from[after] = node
                        waiting.append(after)
                if ~row in came_from:
                    self._walk(row, came_from)
                    return

    def _after(self, node: int) -> Iterable[int]:
        """Where a walk goes on: a column is its number, a row the complement of it."""
        if node == _NOBODY:
            return [*(~row for row in self.alone), *self.free_to_leave]
        if node >= 0:
            return [~self.holder[node] if node in self.holder else _NOBODY]
        row = ~node
        onward = [column for column in self.tight[row] if column not in self.settled]
        if self.may_be_alone[row]:
            onward.append(_NOBODY)
        return onward

    def _walk(self, row: int, came_from: Mapping[int, int]) -> None:
        """Change the pairs along the cycle that leads back to ``row``."""
        node, rows, taken = ~row, [], []
        while True:
            before = came_from[node]
            if before < 0 and before != _NOBODY:
                rows.append(~before)
                taken.append(node)
            node = before
            if node == ~row:
                break
        for each in rows:
            column = self.held.pop(each, None)
            if column is not None:
                del self.holder[column]
                self.free_to_leave.discard(column)
        for each, column in zip(rows, taken, strict=True):
            if column == _NOBODY:
                self.alone.add(each)
                continue
            self.held[each], self.holder[column] = column, each
            self.alone.discard(each)
            if not self.column_price.get(column, 0):
                self.free_to_leave.add(column)
