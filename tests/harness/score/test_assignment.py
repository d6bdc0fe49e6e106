"""Both solvers find the greatest weight that trying everything finds, and that another library finds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.score.assignment import assign, assign_dense


@settings(max_examples=120)
@given(st.lists(st.dictionaries(st.integers(0, 4), st.integers(1, 40), max_size=5), max_size=5))
def test_the_assignment_has_the_greatest_weight(weights):
    def heaviest(row: int, free: frozenset[int]) -> int:
        if row == len(weights):
            return 0
        options = [heaviest(row + 1, free)]
        options += [
            weight + heaviest(row + 1, free - {column})
            for column, weight in weights[row].items()
            if column in free
        ]
        return max(options)

    pairs = assign(weights)
    assert len({row for row, _ in pairs}) == len(pairs) == len({column for _, column in pairs})
    assert sum(weights[row][column] for row, column in pairs) == heaviest(0, frozenset(range(5)))


def matrices(most: int, weights: st.SearchStrategy) -> st.SearchStrategy:
    def of_shape(shape: tuple[int, int]) -> st.SearchStrategy:
        rows = st.lists(weights, min_size=shape[1], max_size=shape[1])
        rows = st.lists(rows, min_size=shape[0], max_size=shape[0])
        return rows.map(lambda cells: np.array(cells, dtype=np.int64).reshape(shape))

    return st.tuples(st.integers(0, most), st.integers(0, most)).flatmap(of_shape)


# Few values, so that many matchings are as good as each other; and the largest that are allowed.
WEIGHTS = st.integers(0, 3) | st.integers(0, 2**58) | st.integers(2**58 - 3, 2**58)


def weight_of(weights, rows, columns) -> int:
    """The sum of the matched weights, after checking that all of the shorter side is matched once."""
    assert len(rows) == len(columns) == min(weights.shape)
    assert len(set(rows.tolist())) == len(set(columns.tolist())) == len(rows)
    return sum(weights[rows, columns].tolist())


@settings(max_examples=200)
@given(matrices(5, WEIGHTS))
def test_the_dense_assignment_has_the_greatest_weight(weights):
    shorter = weights if weights.shape[0] <= weights.shape[1] else weights.T
    best = max(
        sum(int(shorter[row, column]) for row, column in enumerate(columns))
        for columns in itertools.permutations(range(shorter.shape[1]), len(shorter))
    )
    assert weight_of(weights, *assign_dense(weights)) == best


@pytest.mark.needs("scipy")
@settings(max_examples=40)
@given(matrices(12, st.integers(0, 3) | st.integers(0, 2**40)))
def test_the_dense_assignment_weighs_what_that_of_scipy_does(weights):
    from scipy.optimize import linear_sum_assignment

    theirs = linear_sum_assignment(weights, maximize=True)
    assert weight_of(weights, *assign_dense(weights)) == weight_of(weights, *theirs)


def test_both_solvers_agree_where_all_pairs_weigh_the_same():
    weights = np.full((40, 50), 7)
    rows, columns = assign_dense(weights)
    assert rows.tolist() == columns.tolist() == list(range(40))
    assert len(assign([dict.fromkeys(range(50), 7)] * 40)) == 40
