"""Checks of the options that several back ends have; each raises ``BackendError`` saying what would do."""

from __future__ import annotations

from collections.abc import Iterable

from factharness.errors import BackendError, unknown
from factharness.facts import KINDS, Kind
from factharness.labels import MAPS


def kinds_named(asked: Iterable[str], able: Iterable[Kind] = KINDS) -> frozenset[Kind]:
    """The kinds an option names, at least one and each of those the back end is ``able`` to find."""
    names = [asked] if isinstance(asked, str) else list(asked)
    possible = [kind for kind in KINDS if kind in set(able)]
    for name in names:
        if name not in KINDS:
            message, remedy = unknown("kind", str(name), possible)
            raise BackendError(message, remedy=remedy)
        if name not in possible:
            raise BackendError(
                f"this back end finds no {name}s", remedy=f"it finds: {', '.join(possible)}"
            )
    if not names:
        raise BackendError("kinds is empty", remedy=f"name some of {', '.join(possible)}")
    return frozenset(kind for kind in KINDS if kind in names)


def scheme_named(name: str) -> str:
    """``name`` when it is a label set."""
    if name not in MAPS:
        message, remedy = unknown("label scheme", str(name), MAPS)
        raise BackendError(message, remedy=remedy)
    return name


def positive(value: float, name: str) -> float:
    """The number of option ``name`` when it is more than 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise BackendError(f"{name} = {value!r} is not a number above 0")
    return value


def whole(value: int, name: str, least: int) -> int:
    """The number of option ``name`` when it is whole and not below ``least``."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise BackendError(f"{name} = {value!r} is not a whole number from {least}")
    return value
