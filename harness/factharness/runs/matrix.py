"""Expands the ``matrix`` of a back end in a suite: one back end per combination of options."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from factharness.names import as_name

MOST = 64
"""The most back ends that one matrix may make: each of them reads all articles."""

Matrix = Mapping[str, Sequence[Any]]
"""The name of an option, and the values that it takes one after the other."""


def combinations(name: str, matrix: Matrix) -> Iterator[tuple[str, dict[str, Any]]]:
    """The options of every combination, each with the name of its back end: ``spacy-fr_core_news_md-yes``."""
    for values in itertools.product(*matrix.values()):
        options = dict(zip(matrix, values, strict=True))
        yield name_of(name, options), options


def problem(matrix: Matrix, options: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with a matrix beside these fixed options, and what to do; None when nothing is."""
    for key, values in matrix.items():
        if key in options:
            return f"{key} stands in options and in matrix", "keep it in one of them"
        if not values:
            return f"matrix: {key} has no value", f"write {key} = [first, second]"
    number = math.prod(map(len, matrix.values()))
    if number > MOST:
        return (
            f"a matrix of {number:,} back ends, each of which would read all articles",
            f"name fewer values; {MOST} combinations are the most",
        )
    return None


def name_of(name: str, options: Mapping[str, Any]) -> str:
    """A name for a back end with these options: ``name``, then their values."""
    told = (as_name(_told(value), "value") for value in options.values())
    return as_name("-".join([name, *told]), name)


def _told(value: object) -> str:
    """A value in a name: a path by its last part, a list by its members."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "-".join(map(_told, value))
    if isinstance(value, Mapping):
        return "-".join(f"{key}-{_told(member)}" for key, member in value.items())
    return PurePath(value).stem if isinstance(value, str) and "/" in value else str(value)
