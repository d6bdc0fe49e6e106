"""Checks of dates: their values, and whether their words agree with them."""

from __future__ import annotations

from collections.abc import Iterator

from factharness.errors import unknown
from factharness.facts import Date, GoldFact
from factharness.gold.checks.finding import Checked, Finding
from factharness.gold.spoken_clock import contradicted_clock
from factharness.gold.spoken_days import contradicted_day
from factharness.gold.spoken_lengths import contradicted_length
from factharness.gold.timex import MODIFIERS, contradiction, malformed
from factharness.text import fold


def value(file: Checked) -> Iterator[Finding]:
    """A date has a value that is well formed, and a modifier that TIMEX3 knows."""
    for fact in file.facts:
        if not isinstance(fact.fact, Date):
            continue
        mod = fact.attributes.get("mod")
        if mod is not None and mod not in MODIFIERS:
            yield Finding(fact.line, *unknown("mod:", mod, MODIFIERS))
        if fact.fact.value is None:
            if not fact.ignore:
                yield Finding(
                    fact.line,
                    f"a {fact.fact.type} without a value",
                    f"write | and its TIMEX3 value, or {fact.fact.type}? if nobody could say it",
                )
            continue
        wrong = malformed(fact.fact.type, fact.fact.value)
        if wrong:
            yield Finding(fact.line, wrong, f"see the values of {fact.fact.type} in the guidelines")


def contradictions(file: Checked) -> Iterator[Finding]:
    """The words of a date do not contradict its value."""
    for fact, date, value in _valued(file):
        words = spoken(file.words(date.span))
        against, rule, sure = contradiction(words, value), "D5", True
        if not against and date.type in ("DURATION", "SET"):
            against = contradicted_length(words, value)
            rule = "D23" if date.type == "DURATION" else "D26"
        if not against and date.type == "TIME":
            clock = contradicted_clock(words, value)
            if clock:
                (against, sure), rule = clock, "D22" if "minuit" in words else "D18"
        if not against and date.type != "DURATION":
            against, rule = contradicted_day(words, value), "D26" if date.type == "SET" else "D5"
        if against and (sure or "note" not in fact.attributes):
            yield Finding(
                fact.line, against, "correct the value", "error" if sure else "warning", rule
            )


def spoken(words: str) -> str:
    """Words of a date in lower case, with spaces and apostrophes folded."""
    return " ".join(fold(words).lower().split())


def _valued(file: Checked) -> Iterator[tuple[GoldFact, Date, str]]:
    """The dates whose value is well formed."""
    for fact in file.facts:
        date = fact.fact
        if isinstance(date, Date) and date.value and not malformed(date.type, date.value):
            yield fact, date, date.value
