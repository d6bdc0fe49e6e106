"""The words and patterns of the short forms of values: names and their prefixes, units, clock times, offsets.

All patterns are matched against ``plain`` text: small letters, no accents.
"""

from __future__ import annotations

import re
import unicodedata

from factharness.gold.calendar_words import SEASONS
from factharness.gold.timex import MONTHS, REFERENCES, WEEKDAYS
from factharness.text import fold


def plain(text: str) -> str:
    """Small letters without accents, plain apostrophes, single spaces."""
    letters = unicodedata.normalize("NFD", fold(text).lower())
    return " ".join(
        "".join(letter for letter in letters if not unicodedata.combining(letter)).split()
    )


NAMES: dict[str, tuple[str, str]] = {
    **{plain(name): ("weekday", str(number)) for number, name in enumerate(WEEKDAYS)},
    **{plain(name): ("month", str(number)) for number, name in enumerate(MONTHS, 1)},
    **{plain(name): ("season", code) for code, name in SEASONS.items()},
}
"""What has a name, each with its kind and its number or code."""

DAYS_FROM_NOW = {"avant-hier": -2, "hier": -1, "aujourd'hui": 0, "demain": 1, "apres-demain": 2}
REFERENCE_KEYS = dict(zip(("n", "p", "f"), REFERENCES, strict=True))
PARTS = {
    **dict.fromkeys(("matin", "matinee", "mat"), "MO"),
    **dict.fromkeys(("apres-midi", "aprem", "ap"), "AF"),
    **dict.fromkeys(("soir", "soiree"), "EV"),
    "nuit": "NI",
}
UNITS = {
    **dict.fromkeys(("j", "jour", "jours"), "D"),
    **dict.fromkeys(("s", "semaine", "semaines"), "W"),
    **dict.fromkeys(("m", "mois"), "M"),
    **dict.fromkeys(("t", "trimestre", "trimestres"), "Q"),
    **dict.fromkeys(("semestre", "semestres"), "H"),
    **dict.fromkeys(("a", "an", "ans", "annee", "annees"), "Y"),
    **dict.fromkeys(("decennie", "decennies"), "DE"),
    **dict.fromkeys(("siecle", "siecles"), "CE"),
    **dict.fromkeys(("millenaire", "millenaires"), "ML"),
    **dict.fromkeys(("we", "week-end", "week-ends"), "WE"),
    **dict.fromkeys(("nuit", "nuits"), "NI"),
}
CLOCK_UNITS = {
    **dict.fromkeys(("h", "heure", "heures"), "H"),
    **dict.fromkeys(("min", "minute", "minutes"), "M"),
    **dict.fromkeys(("sec", "seconde", "secondes"), "S"),
}


def _any(*words: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_HOUR = (
    r"(?P<hour>[0-9]{1,2}) ?(?:h(?:eures?)?|:)(?: ?(?P<minute>[0-9]{2}))?(?::(?P<second>[0-9]{2}))?"
)
_CLOCK = rf"(?:{_HOUR}|(?P<named>midi|minuit))"
_ALONE = r"(?<![\w-])(?:{})(?![\w-])"

DAY_AND_CLOCK = re.compile(
    rf"(?:(?P<day>\S.*?)(?:,? a |,? ))?(?:{_CLOCK}|(?P<part>{_any(*PARTS)}))"
)
CLOCK_IN_WORDS = re.compile(_ALONE.format(_CLOCK))
PART_IN_WORDS = re.compile(_ALONE.format(f"(?P<part>{_any(*PARTS)})"))
DAY_IN_WORDS = re.compile(
    _ALONE.format(
        rf"(?P<number>[0-9]{{1,2}})(?:er)? (?P<month>{_any(*map(plain, MONTHS))})(?: (?P<year>[0-9]{{4}}))?"
        rf"|(?P<weekday>{_any(*WEEKDAYS)})|(?P<deictic>{_any(*DAYS_FROM_NOW)})"
    )
)
AMOUNT = re.compile(
    rf"(?P<number>[0-9]{{1,12}}(?:[.,][0-9]{{1,6}})?|x|quelques) ?"
    rf"(?P<unit>{_any(*UNITS, *CLOCK_UNITS)})(?![a-z])(?: et | )?"
)
TWO_CLOCK_UNITS = re.compile(r"(?P<number>[0-9]{1,12}) ?(?P<unit>h|min) ?(?P<rest>[0-9]{1,2})")
OFFSET = re.compile(
    r"(?P<sign>[+-])(?P<number>[0-9]{0,5}) ?(?P<unit>we|min|[jsmtah])?|0 ?(?P<own>[jsmta])?"
)
NUMBER = re.compile(r"[0-9]{1,2}")
CENTURY = re.compile(r"(?P<number>[0-9]{1,2})e(?: siecle)?(?P<before> av)?")
BEFORE_OUR_ERA = re.compile(r"(?P<year>[0-9]{1,4}) av")
IN_FIGURES = re.compile(
    r"(?P<tense>[+-])?(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})(?:/(?P<year>[0-9]{4}|[0-9]{2}))?"
)
MONTH_AND_YEAR = re.compile(r"(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")
NAMED = re.compile(
    r"(?P<tense>[+-])?(?:(?P<day>[0-9]{1,2})(?:er)? )?(?P<name>[a-z]{3,})(?: (?P<year>[0-9]{4}|[0-9]{2}))?"
)
WEEKDAY_AND_DAY = re.compile(
    r"(?P<weekday>[a-z]{3,8}) (?P<day>[0-9]{1,2}(?:/[0-9/]+|(?:er)? [a-z]{3,}(?: [0-9]+)?)?)"
)
IN_OWN_YEAR = re.compile(r"q[1-4]|h[12]|sp|su|fa|wi|w[0-9]{2}(?:-we)?")


def shortest_name(name: str) -> str:
    """The fewest letters that stand for a weekday, a month or a season."""
    letters = plain(name)
    lengths = range(3, len(letters))
    return next(
        (letters[:length] for length in lengths if named(letters[:length]) == [letters]), letters
    )


def named(word: str) -> list[str]:
    """The names that a word of three letters or more may be short for; ``mar`` is a weekday, not a month."""
    if word in NAMES:
        return [word]
    found = [name for name in NAMES if name.startswith(word)] if len(word) >= 3 else []
    return ["mardi"] if word == "mar" else found
