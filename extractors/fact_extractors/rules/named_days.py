"""Finds days by their names: days with a fixed date, and those that the holidays library computes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from fact_extractors.rules.data import table


@cache
def names() -> dict[str, dict[str, str]]:
    """The rows of ``named_days.tsv`` by name."""
    return {row["name"]: row for row in table("named_days")}


@cache
def _holidays(country: str, year: int) -> dict[str, date]:
    import holidays  # a fifth of a second to import, and few texts need it

    found = holidays.country_holidays(country, years=year, language="fr")
    return {
        name.removesuffix(" (estimé)"): day
        for day, names in found.items()
        for name in names.split("; ")
    }


def _weekday(spec: str, year: int) -> date:
    """The day of *05:-1:6*: the last Sunday of May."""
    month, place, weekday = (int(part) for part in spec.split(":"))
    days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
    fitting = [d for d in days if d.month == month and d.weekday() == weekday]
    return fitting[place - 1 if place > 0 else place]


def day(name: str, year: int) -> date | None:
    """The day ``name`` (bare text) fell on in ``year``; None when it is unknown or did not exist then."""
    row = names().get(name)
    if row is None or not 1 <= year <= 9999:
        return None
    if row["fixed"]:
        month, number = row["fixed"].split("-")
        return date(year, int(month), int(number))
    if row["weekday"]:
        found = _weekday(row["weekday"], year)
        avoided = day(row["not_on"], year) if row["not_on"] else None
        return found + timedelta(days=7) if found == avoided else found
    base = _holidays(row["country"] or "FR", year).get(row["holiday"])
    return None if base is None else base + timedelta(days=int(row["days"]))
