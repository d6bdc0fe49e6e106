"""Names for the augmentation: a hand-written list with patterns, and the places of the Unicode locale data."""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

from babel import Locale

_FILE = Path(__file__).with_name("names.toml")


def known_names() -> dict[str, list[str]]:
    """Names by label (`PER ORG LOC MISC`) and the parts of a person's (`first_names`, `surnames`).

    A pattern is worth as many names as it takes to make a third of its label's.
    """
    table = tomllib.loads(_FILE.read_text("utf-8"))
    patterns = {label: _split(value) for label, value in table.pop("patterns").items()}
    names = {key: _split(value) for key, value in table.items()}
    names["LOC"] = sorted({*names["LOC"], *_places()})
    rng = random.Random(0)
    made = {
        label: [_fill(rng.choice(choices), names, rng) for _ in range(len(names[label]) // 2)]
        for label, choices in patterns.items()
    }
    return {key: sorted({*values, *made.get(key, ())}) for key, values in names.items()}


def _fill(pattern: str, names: dict[str, list[str]], rng: random.Random) -> str:
    """A name made by a pattern, elided where French elides."""

    def part(match: re.Match[str]) -> str:
        kind = match.group(2)
        surname = rng.choice(names["surnames"])
        name = {
            "LOC": rng.choice(names["LOC"]),
            "PER": surname,
            "NAME": f"{rng.choice(names['first_names'])} {surname}",
            "YEAR": str(rng.randint(1996, 2028)),
        }[kind]
        before = match.group(1)
        return ("d'" if before and name[0] in "AEIOUYHÉÈÂÎÔ" else before) + name

    return re.sub(r"(\bde |)\{([A-Z]+)\}", part, pattern)


def _split(value: str) -> list[str]:
    return sorted({name for part in value.split(";") if (name := " ".join(part.split()))})


def _places() -> list[str]:
    """Territories by their full name, and the towns that time zones are named for, in French."""
    french = Locale.parse("fr")
    names = {name for code, name in french.territories.items() if code.isalpha()}
    names |= {zone["city"] for zone in french.time_zones.values() if "city" in zone}
    return [name for name in names if not set("([") & set(name) and "inconnu" not in name]
