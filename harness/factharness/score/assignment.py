"""Assignment: the one-to-one matching of rows and columns with the greatest sum of weights.

Both solvers add the rows one by one, each on the shortest augmenting path, with potentials that keep all
reduced costs at 0 or more (Kuhn 1955; Edmonds & Karp 1972). :func:`assign` takes few pairs with integers of any
size; :func:`assign_dense` takes a whole matrix, a row of which is one step of numpy.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from factharness.score.overlap import Ints

_FAR = np.iinfo(np.int64).max


def assign(weights: Sequence[dict[int, int]]) -> list[tuple[int, int]]:
    """A matching of rows to columns with the greatest sum of (positive integer) weights.

    ``weights[i][j]`` is the weight of row i with column j; absent pairs cannot be matched. One Dijkstra
    search per row; a row may also stay alone, which is a column of its own with weight 0.
    """
    rows: list[dict[int, int]] = [{**row, ~i: 0} for i, row in enumerate(weights)]
    row_potential = [0] * len(rows)
    column_potential: dict[int, int] = defaultdict(int)
    holder: dict[int, int] = {}
    held: dict[int, int] = {}
    for start in range(len(rows)):
        distance: dict[int, int] = {}
        came_from: dict[int, int] = {}
        done: set[int] = set()
        heap: list[tuple[int, int]] = []
        row, reached = start, 0
        while True:
            for column, weight in rows[row].items():
                if column in done:
                    continue
                step = reached - weight - row_potential[row] - column_potential[column]
                if column not in distance or step < distance[column]:
                    distance[column] = step
                    came_from[column] = row
                    heapq.heappush(heap, (step, column))
            reached, column = heapq.heappop(heap)
            while column in done:
                reached, column = heapq.heappop(heap)
            if column not in holder:
                break
            done.add(column)
            row = holder[column]
        row_potential[start] += reached
        for passed in done:
            row_potential[holder[passed]] += reached - distance[passed]
            column_potential[passed] += distance[passed] - reached
        row = -1
        while row != start:
            row = came_from[column]
            before = held.get(row, column)
            holder[column], held[row] = row, column
            column = before
    return sorted((row, column) for row, column in held.items() if column >= 0)


def assign_dense(weights: Ints) -> tuple[Ints, Ints]:
    """The rows and the columns of a full matching with the greatest sum of weights, both (min(n, m),).

    ``weights`` (n, m) are integers from 0 to 2**58; 0 for a pair that is as good as none. All rows or all
    columns are matched, whichever are fewer.
    """
    if len(weights) > weights.shape[1]:
        columns, rows = assign_dense(weights.T)
        return rows, columns
    count, width = weights.shape
    weights = (
        2 * weights
    )  # even, so that 1 more on a held column puts a free one at the same distance first
    row_potential = weights.max(axis=1, initial=0)
    column_potential = np.zeros(width, dtype=np.int64)
    holder = np.full(width, -1)
    column_of = np.full(count, -1)
    for start in range(count):
        is_held = holder >= 0
        distance = np.full(width, _FAR)
        came_from = np.full(width, -1)
        is_open = np.ones(width, dtype=bool)
        row, reached = start, 0
        while True:
            steps = (reached + row_potential[row]) + column_potential - weights[row] + is_held
            shorter = is_open & (steps < distance)
            distance[shorter] = steps[shorter]
            came_from[shorter] = row
            column = int(np.where(is_open, distance, _FAR).argmin())
            reached = distance[column] - is_held[column]
            if not is_held[column]:
                break
            is_open[column] = False
            row = holder[column]
        passed = np.flatnonzero(~is_open)
        slack = reached + 1 - distance[passed]
        row_potential[start] -= reached
        row_potential[holder[passed]] -= slack
        column_potential[passed] += slack
        row = -1
        while row != start:
            row = int(came_from[column])
            holder[column], column_of[row], column = row, column, column_of[row]
    return np.arange(count), column_of
