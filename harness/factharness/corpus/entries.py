"""Makes entries of a corpus: a row with ``id``, ``text`` and ``published`` becomes an article, or an error."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias

from factharness.errors import HarnessError
from factharness.facts import Article, Prediction

Entry: TypeAlias = Article | Prediction
"""An article, or a prediction with the error why the article could not be read."""

_CONTROLS = frozenset({"Cc", "Zl", "Zp"})


def entry_of(row: Mapping[str, object], place: str) -> Entry:
    """Make an article of a row, or a prediction with the error when the row is wrong.

    The prediction has the id of the row; when that is missing or wrong, it has ``place``.
    """
    name = row.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool) or name == "":
        return Prediction(place, error=f"{place} has no id: a string or a whole number")
    if has_controls(str(name)):
        return Prediction(place, error=f"{place} has control characters in its id: {name!r}")
    text = row.get("text")
    if not isinstance(text, str):
        return Prediction(str(name), error=f"{place} has no text: a string")
    try:
        return Article(str(name), text, published(row.get("published")))
    except ValueError as error:
        return Prediction(str(name), error=f"{place}: {error}")


def published(value: object) -> date | datetime | None:
    """The day or moment in a field ``published``: ISO 8601, or a date of Parquet. Raises ``ValueError``."""
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError(f"published is {type(value).__name__}, not a date in ISO 8601")
    try:
        return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"published is {value[:40]!r}, not a date in ISO 8601") from None


def has_controls(name: str) -> bool:
    """Whether a name has control characters or line ends, which an id must not have."""
    return any(unicodedata.category(character) in _CONTROLS for character in name)


def place_of(name: str, unit: str, number: int) -> str:
    """How messages call an entry without an id: ``line 17``, of one file among several ``b.jsonl line 17``."""
    return f"{name} {unit} {number}".lstrip()


def unreadable(path: object, reason: object) -> HarnessError:
    """The error of an input, or of a file of it, that cannot be read."""
    return HarnessError(f"cannot be read: {reason}", file=path, remedy="check the input")
