"""Compares clock times in words with values: « à 7 heures » is T07:00, « 7 heures du soir » is T19:00."""

from __future__ import annotations

import re

from factharness.gold.numerals import NUMERAL, number

_CLOCK = re.compile(
    r"(?<![\w:,])(?:(?P<named>midi|minuit)|(?:(?P<figures>[0-9]{1,2})(?: ?(?:h|heures?)\b|(?:h|:)(?=[0-9]))"
    rf"|(?P<spelt>(?!et )(?:{NUMERAL})) heures?\b))"
    r"(?: ?(?P<minutes>[0-9]{2})(?![0-9])| (?P<less>moins) (?:(?P<quarter>le quart)|(?P<few>\w+))"
    r"|(?P<more> et (?:quart|demie?)))?"
)
_AFTER_NOON = re.compile(r"\b(?:soir|soirée|après-midi)\b")
_PERIOD = re.compile(r"\b(?:soir|soirée|après-midi|matin|matinée|nuit|aube)\b")
_LATER = re.compile(
    r"\b(?:plus tard|plus tôt|après|avant|auparavant|passées?)\b|\b(?:il y a|dans|depuis|pendant) "
)
"""What shows that hours are a distance and no clock time: *une heure plus tard*."""
_VALUE = re.compile(r"T([0-9]{2})(?::([0-9]{2}))?")


def contradicted_clock(words: str, value: str) -> tuple[str, bool] | None:
    """How the one clock time of the words contradicts that of a TIME, and whether that is sure.

    It is not sure when both are twelve hours apart and the words name no part of the day. ``words`` are in
    lower case, with spaces and apostrophes folded.
    """
    found, given = list(_CLOCK.finditer(words)), _VALUE.search(value)
    if len(found) != 1 or not given or "/" in value or _LATER.search(words):
        return None
    told = _told(found[0])
    if told is None:
        return None
    shown = int(given[1]) * 60 + int(given[2] or 0)
    expected = {told}
    if _AFTER_NOON.search(words) and told < 12 * 60:
        expected = {told + 12 * 60}
    if found[0]["named"] == "minuit":
        expected = {told, told % (24 * 60)} if told > 24 * 60 else {told}
    if shown in expected:
        return None
    sure = bool(_PERIOD.search(words)) or shown - told != 12 * 60
    return f"{value} is not {words!r}", sure


def _told(found: re.Match[str]) -> int | None:
    """The minutes since midnight that the words name; None for no time of day."""
    if found["named"]:
        minutes = 24 * 60 if found["named"] == "minuit" else 12 * 60
    else:
        minutes = int(number(found["figures"] or found["spelt"])) * 60
    if found["minutes"]:
        minutes += int(found["minutes"])
    elif found["more"]:
        minutes += 15 if "quart" in found["more"] else 30
    elif found["less"]:
        if found["few"] and not re.fullmatch(NUMERAL, found["few"]):
            return None
        minutes -= 15 if found["quarter"] else int(number(found["few"]))
    return minutes if 0 <= minutes <= 25 * 60 else None
