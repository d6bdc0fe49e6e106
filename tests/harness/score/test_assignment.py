"""The solver finds the greatest weight that trying everything finds, and that another library finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.score.assignment import assign


def best(weights: list[dict[int, int]]) -> list[tuple[int, int]]:
    """Of the matchings with the greatest weight the first, by trying all of them."""

    def matchings(row: int, free: frozenset[int]):
        if row == len(weights):
            yield 0, (), []
            return
        for column, weight in [*weights[row].items(), (99, 0)]:  # 99: alone, which is the last
            if column == 99 or column in free:
                own = [] if column == 99 else [(row, column)]
                for more, order, pairs in matchings(row + 1, free - {column}):
                    yield weight + more, (-column, *order), own + pairs

    columns = frozenset(column for row in weights for column in row)
    return max(matchings(0, columns), key=lambda found: found[:2])[2]


@settings(max_examples=300)
@given(
    st.sampled_from([1, 2, 3, 40]).flatmap(
        lambda most: st.lists(
            st.dictionaries(st.integers(0, 4), st.integers(1, most), max_size=5), max_size=5
        )
    )
)
def test_the_assignment_is_the_first_of_the_greatest_weight(weights):
    assert assign(weights) == best(weights)


@pytest.mark.needs("scipy")
@settings(max_examples=100)
@given(st.data())
def test_the_assignment_weighs_what_that_of_scipy_does(data):
    from scipy.optimize import linear_sum_assignment

    most = data.draw(st.sampled_from([2, 5, 2**40]))
    cells = st.dictionaries(st.integers(0, 24), st.integers(1, most), max_size=6)
    weights = data.draw(st.lists(cells, min_size=1, max_size=25))
    whole = np.zeros((len(weights), 25), dtype=np.int64)
    for row, options in enumerate(weights):
        whole[row, list(options)] = list(options.values())
    pairs = assign(weights)
    assert len({row for row, _ in pairs}) == len(pairs) == len({column for _, column in pairs})
    theirs = linear_sum_assignment(whole, maximize=True)
    assert sum(weights[row][column] for row, column in pairs) == whole[theirs].sum()
