"""Checks options that several back ends have. Each function raises ``BackendError``, with what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any

from factharness.errors import BackendError, unknown
from factharness.facts import KINDS, Kind
from factharness.labels import MAPS

LONGEST_WAIT = 7 * 86_400.0
"""Seconds: a time limit above it is a slip, and timers overflow not far beyond."""


def kinds_named(asked: Iterable[str], able: Iterable[Kind] = KINDS) -> frozenset[Kind]:
    """The kinds that an option names: at least one, all among those that the back end is ``able`` to find."""
    names = [asked] if isinstance(asked, str) else texts(asked, "kinds")
    possible = [kind for kind in KINDS if kind in set(able)]
    for name in names:
        if name not in KINDS:
            message, remedy = unknown("kind", name, possible)
            raise BackendError(message, remedy=remedy)
        if name not in possible:
            raise BackendError(
                f"this back end, as it is set up, does not find kind {name!r}",
                remedy=f"it finds: {', '.join(possible)}",
            )
    if not names:
        raise BackendError("kinds is empty", remedy=f"name some of {', '.join(possible)}")
    return frozenset(kind for kind in KINDS if kind in names)


def scheme_named(name: str) -> str:
    """``name``, if it is the name of a label set."""
    return named(name, "label scheme", MAPS)


def named(value: str, name: str, known: Iterable[str]) -> str:
    """The text of option ``name``, if it is one of those ``known``."""
    if value not in (names := list(known)):
        message, remedy = unknown(name, str(value), names)
        raise BackendError(message, remedy=remedy)
    return value


def positive(value: float, name: str) -> float:
    """The number of option ``name``, if it is more than 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < inf:
        raise BackendError(f"{name} = {value!r} is not a number above 0")
    return value


def within(value: float, name: str, least: float, most: float = inf) -> float:
    """The number of option ``name``, if it is from ``least`` to ``most``, and finite."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most or value == inf:
        bounds = f"from {least:g}" + (f" to {most:g}" if most < inf else "")
        raise BackendError(f"{name} = {value!r} is not a number {bounds}")
    return value


def seconds(value: float, name: str) -> float:
    """The seconds of option ``name``, if they are more than 0 and at most a week."""
    if positive(value, name) > LONGEST_WAIT:
        raise BackendError(f"{name} = {value!r} is more than a week ({LONGEST_WAIT:.0f} s)")
    return value


def whole(value: int, name: str, least: int) -> int:
    """The number of option ``name``, if it is whole and not below ``least``."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise BackendError(f"{name} = {value!r} is not a whole number from {least}")
    return value


def flag(value: bool, name: str) -> bool:
    """The value of option ``name``, if it is a boolean and not a word such as ``"true"``."""
    if not isinstance(value, bool):
        raise BackendError(f"{name} = {value!r} is neither true nor false")
    return value


def text(value: str, name: str, *, empty: bool = False) -> str:
    """The value of option ``name``, if it is a text; an empty text only where ``empty`` allows it."""
    if not isinstance(value, str) or not (value or empty):
        raise BackendError(f"{name} = {value!r} is not a text")
    return value


def texts(value: Iterable[str], name: str) -> list[str]:
    """The value of option ``name``, if it is a list of texts."""
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise BackendError(f"{name} = {value!r} is not a list")
    return [text(one, name) for one in value]


def fields(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The value of option ``name``, if it is a table."""
    if not isinstance(value, Mapping):
        raise BackendError(f"{name} = {value!r} is not a table")
    return dict(value)


def table(value: Mapping[str, str], name: str, *, empty: bool = False) -> dict[str, str]:
    """The value of option ``name``, if it is a table of texts; empty texts only where ``empty`` allows them."""
    return {
        key: text(one, f"{name}.{key}", empty=empty) for key, one in fields(value, name).items()
    }
