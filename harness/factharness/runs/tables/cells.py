"""Numbers as they are printed: scores with three decimals, counts whole where they are, undefined as a dash."""

from __future__ import annotations

UNDEFINED = "–"


def score(value: float | None) -> str:
    """A score between 0 and 1; undefined is a dash."""
    return UNDEFINED if value is None else f"{value:.3f}"


def count(value: float | None) -> str:
    """A count, whole where it is whole."""
    if value is None:
        return UNDEFINED
    return f"{value:g}" if value % 1 else f"{value:.0f}"


def interval(low: float | None, high: float | None) -> str:
    """From the lower to the upper end."""
    return UNDEFINED if low is None or high is None else f"{score(low)}–{score(high)}"


def change(value: float | None) -> str:
    """A difference of scores, with its sign."""
    return UNDEFINED if value is None else f"{value:+.3f}"


def changes(low: float | None, high: float | None) -> str:
    """The interval of a difference."""
    return UNDEFINED if low is None or high is None else f"{change(low)} to {change(high)}"


def seconds(value: float | None) -> str:
    """Seconds with two decimals."""
    return UNDEFINED if value is None else f"{value:.2f}"


def rate(value: float | None) -> str:
    """How many in a second: whole from 10 on, else with a decimal."""
    if value is None:
        return UNDEFINED
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def amount(value: float | None) -> str:
    """An amount of anything: whole from 100 on, else with three significant digits."""
    if value is None:
        return UNDEFINED
    return f"{value:,.0f}".replace(",", "\u202f") if value >= 100 else f"{value:.3g}"
