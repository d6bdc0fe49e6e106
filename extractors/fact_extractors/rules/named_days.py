"""Days with a name of their own: fixed ones, and the movable ones as the holidays library computes them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from fact_extractors.rules.data import table


@cache
def names() -> dict[str, dict[str, str]]:
    """The rows of ``named_days.tsv`` by name."""
    return {row["name"]: row for row in table("named_days")}


@cache
def _holidays(year: int) -> dict[str, date]:
    import holidays  # a fifth of a second to import, and few texts need it

    found = holidays.country_holidays("FR", years=year, language="fr")
    return {name: day for day, names in found.items() for name in names.split("; ")}


def day(name: str, year: int) -> date | None:
    """The day ``name`` (bare text) fell on in ``year``; None when it is unknown or did not exist then."""
    row = names().get(name)
    if row is None or not 1 <= year <= 9999:
        return None
    if row["fixed"]:
        month, number = row["fixed"].split("-")
        return date(year, int(month), int(number))
    base = _holidays(year).get(row["holiday"])
    return None if base is None else base + timedelta(days=int(row["days"]))
