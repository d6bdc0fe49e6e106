"""Numbers as the page writes them: a real minus sign, narrow spaces in thousands, three decimals in tables."""

from __future__ import annotations

MINUS = "\N{MINUS SIGN}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
UNDEFINED = "–"


def score(value: float | None) -> str:
    """A score between 0 and 1; undefined is a dash."""
    return UNDEFINED if value is None else f"{value:.3f}"


def short(value: float | None) -> str:
    """A score where room is scarce: ``.87``, ``1.0``."""
    if value is None:
        return UNDEFINED
    return "1.0" if value >= 0.995 else f"{value:.2f}"[1:]


def count(value: float) -> str:
    """A count, ``1 032`` with a narrow space; partial credit keeps its half."""
    shown = f"{value:,.1f}" if value % 1 else f"{value:,.0f}"
    return shown.replace(",", NARROW)


def signed(value: float | None) -> str:
    """A difference with its sign; what rounds to zero has none."""
    if value is None:
        return UNDEFINED
    shown = f"{value:+.3f}"
    return "0.000" if float(shown) == 0 else shown.replace("-", MINUS)


def between(low: float | None, high: float | None) -> str:
    """An interval of scores."""
    return UNDEFINED if low is None or high is None else f"{low:.3f}–{high:.3f}"


def signed_between(low: float | None, high: float | None) -> str:
    """An interval of differences."""
    return UNDEFINED if low is None or high is None else f"{signed(low)} to {signed(high)}"


def p_value(value: float) -> str:
    """A p-value; below 0.001 its order is all that 10 000 draws can tell."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def seconds(value: float) -> str:
    """A time: hundredths below ten seconds, then tenths."""
    return f"{value:.2f}" if value < 10 else f"{value:,.1f}".replace(",", NARROW)


def plural(number: int, word: str) -> str:
    """``1 article``, ``40 articles``."""
    return f"{count(number)} {word}{'s' * (number != 1)}"


def number_word(number: int) -> str:
    """``no`` to ``ten`` as a word, more in digits."""
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return words[number] if number < len(words) else count(number)
