"""Duckling (Facebook's, in Haskell), by the binding pyduckling-native-phihos, which ships it as a binary.

It reads each line of a text by itself, at noon of the day of publication in Paris. It knows moments, each with
its grain, intervals and lengths, and looks ahead: a bare weekday is the next one. It has no recurring times.
`timex` says how its values become those of TIMEX3.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

PACKAGES = ("pyduckling-native-phihos", "tzdata")
PACKAGE = "pyduckling-native-phihos"
LICENCE = "MIT (binding), BSD-3-Clause (Duckling)"

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_YEAR = re.compile(r"(?!0000)\d{4}-")
_PARTS = {(4, 12): "MO", (3, 12): "MO", (12, 14): "MI", (12, 19): "AF", (18, 0): "EV"}
_SEASONS = {(3, 6): "SP", (6, 9): "SU", (9, 12): "FA", (12, 3): "WI"}
_UNITS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W", "day": "D"}
_CLOCK_UNITS = {"hour": "H", "minute": "M", "second": "S"}


def reader() -> Callable[[str, str], list[dict[str, Any]]]:
    from importlib.resources import files
    from zoneinfo import ZoneInfo

    import duckling

    zones = duckling.load_time_zones(str(files("tzdata") / "zoneinfo"))
    french = duckling.parse_locale("FR_XX", duckling.default_locale_lang(duckling.parse_lang("FR")))
    wanted = duckling.parse_dimensions(["time", "duration"])

    def read(text: str, published: str) -> list[dict[str, Any]]:
        noon = datetime.fromisoformat(published).replace(hour=12, tzinfo=ZoneInfo("Europe/Paris"))
        now = duckling.parse_ref_time(zones, "Europe/Paris", int(noon.timestamp()))
        context = duckling.Context(now, french)
        found = []
        for line in _LINE.finditer(text):
            for one in duckling.parse(line.group(), context, wanted, False):
                span = [line.start() + one["start"], line.start() + one["end"]]
                kind, value = timex(one["dim"], one["value"])
                found.append({"kind": "date", "span": span, "type": kind, "value": value})
        return found

    return read


def timex(dimension: str, value: dict[str, Any]) -> tuple[str, str | None]:
    """Type and TIMEX3 value of what Duckling found.

    - A moment is as coarse as its grain: `2024`, `2024-Q1`, `2024-03`, `2024-W10`, `2024-03-05`; a grain of
      hours or minutes makes it a TIME. The grain of seconds is that of *maintenant*: `PRESENT_REF`.
    - An interval that is a part of a day, a season, a week-end or the end of a month is that (`TMO`,
      `2024-SU`, `2024-W10-WE`, `2024-03`); of another one, also of *du 4 au 6*, the value is first/last.
      Where one end is open (*avant mardi*), it is the other.
    - A length is a DURATION.
    - A year that has not four digits (*il y a 40 000 ans*) is no value.
    """
    if dimension == "duration":
        return "DURATION", _length(value)
    ends = [one for one in (value, value.get("from"), value.get("to")) if one and "value" in one]
    if not all(_YEAR.match(one["value"]) for one in ends):
        return "DATE", None
    if value["type"] == "value":
        return _moment(value)
    if "from" in value and "to" in value:
        return _interval(value["from"], value["to"])
    return _moment(value.get("from") or value["to"])


def _length(value: dict[str, Any]) -> str:
    unit, number = value["unit"], value["value"]
    return f"P{number}{_UNITS[unit]}" if unit in _UNITS else f"PT{number}{_CLOCK_UNITS[unit]}"


def _moment(value: dict[str, Any]) -> tuple[str, str]:
    when = datetime.fromisoformat(value["value"])
    match value["grain"]:
        case "second":
            return "DATE", "PRESENT_REF"
        case "hour" | "minute":
            return "TIME", f"{when:%Y-%m-%dT%H:%M}"
        case grain:
            return "DATE", _calendar(when, grain)


def _calendar(when: date, grain: str) -> str:
    match grain:
        case "year":
            return f"{when.year:04}"
        case "quarter":
            return f"{when.year:04}-Q{(when.month + 2) // 3}"
        case "month":
            return f"{when.year:04}-{when.month:02}"
        case "week":
            year, week, _ = when.isocalendar()
            return f"{year:04}-W{week:02}"
    return f"{when.year:04}-{when.month:02}-{when.day:02}"


def _interval(start: dict[str, Any], end: dict[str, Any]) -> tuple[str, str]:
    """`end` is the first moment that is outside."""
    first, after = datetime.fromisoformat(start["value"]), datetime.fromisoformat(end["value"])
    long = (after.date() - first.date()).days
    if start["grain"] == "hour" and long <= 1:
        part = _PARTS.get((first.hour, after.hour))
        if part is not None:
            return "DATE", f"{first:%Y-%m-%d}T{part}"
    if first.weekday() == 4 and first.hour == 18 and long == 3:
        return "DATE", _calendar(first, "week") + "-WE"
    season = _SEASONS.get((first.month, after.month))
    if start["grain"] == "day" and season is not None and first.day >= 20 and after.day >= 20:
        return "DATE", f"{first.year:04}-{season}"
    if start["grain"] == "day" and (first.day, after.day) == (21, 1) and long <= 11:
        return "DATE", _calendar(first, "month")
    kind, opening = _moment(start)
    step = {"hour": timedelta(hours=1), "minute": timedelta(minutes=1)}.get(
        end["grain"], timedelta(days=1)
    )
    _, closing = _moment({"value": (after - step).isoformat(), "grain": end["grain"]})
    return kind, opening if opening == closing else f"{opening}/{closing}"
