"""Names for the augmentation: a hand-written list, and the places of the Unicode locale data."""

from __future__ import annotations

import tomllib
from pathlib import Path

from babel import Locale

_FILE = Path(__file__).with_name("names.toml")


def known_names() -> dict[str, list[str]]:
    """Names by label (`PER ORG LOC MISC`) and the parts of a person's (`first_names`, `surnames`)."""
    names = {key: _split(value) for key, value in tomllib.loads(_FILE.read_text("utf-8")).items()}
    names["LOC"] = sorted({*names["LOC"], *_places()})
    return names


def _split(value: str) -> list[str]:
    return sorted({name for part in value.split(";") if (name := " ".join(part.split()))})


def _places() -> list[str]:
    """Territories by their full name, and the towns that time zones are named for, in French."""
    french = Locale.parse("fr")
    names = {name for code, name in french.territories.items() if code.isalpha()}
    names |= {zone["city"] for zone in french.time_zones.values() if "city" in zone}
    return [name for name in names if not set("([") & set(name) and "inconnu" not in name]
