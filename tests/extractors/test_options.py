"""Each check passes what its option may be as it is, and refuses the rest by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fact_extractors import options
from factharness.errors import BackendError
from factharness.facts import KINDS

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.lists(st.text(min_size=1)),
    st.dictionaries(st.text(), st.text(min_size=1)),
)
NUMBER = (int, float)


def number(value: Any) -> bool:
    return isinstance(value, NUMBER) and not isinstance(value, bool) and math.isfinite(value)


CHECKS: list[tuple[Callable[[Any, str], Any], Callable[[Any], bool]]] = [
    (options.positive, lambda value: number(value) and value > 0),
    (
        lambda value, name: options.within(value, name, -1, 2),
        lambda value: number(value) and -1 <= value <= 2,
    ),
    (lambda value, name: options.within(value, name, 0), lambda v: number(v) and v >= 0),
    (options.seconds, lambda value: number(value) and 0 < value <= options.LONGEST_WAIT),
    (
        lambda value, name: options.whole(value, name, 3),
        lambda value: type(value) is int and value >= 3,
    ),
    (options.flag, lambda value: type(value) is bool),
    (options.text, lambda value: isinstance(value, str) and value != ""),
    (options.texts, lambda value: isinstance(value, list)),
    (options.table, lambda value: isinstance(value, dict)),
]


@pytest.mark.parametrize(("check", "right"), CHECKS)
@given(value=ANYTHING)
def test_what_is_right_passes_as_it_is_and_the_rest_is_refused_by_name(check, right, value):
    if right(value):
        assert check(value, "this") == value
    else:
        with pytest.raises(BackendError, match="this"):
            check(value, "this")


@given(st.lists(st.sampled_from(KINDS), min_size=1))
def test_kinds_are_a_set_of_known_ones(names):
    assert options.kinds_named(names) == frozenset(names)


@pytest.mark.parametrize("kinds", [3, [], [3], ["entities"], {"entity": "yes"}, None])
def test_other_kinds_are_refused(kinds):
    with pytest.raises(BackendError):
        options.kinds_named(kinds)


def test_a_kind_that_the_back_end_does_not_find_is_refused():
    with pytest.raises(BackendError, match="does not find kind 'quote'"):
        options.kinds_named(["quote"], ["entity"])
