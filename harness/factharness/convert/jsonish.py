"""Reads JSON from other tools: each member is checked when it is read; an error names its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from factharness.errors import GoldError


class JsonValue:
    """A JSON value, and where it is in the file, for error messages."""

    def __init__(self, value: Any, file: str, line: int | None, path: str = "") -> None:
        self.value, self.file, self.line, self.path = value, file, line, path

    def error(self, message: str) -> GoldError:
        """An error that names this place."""
        return GoldError(
            f"{self.path or 'the document'}: {message}",
            file=self.file,
            line=self.line,
            remedy="check that the file is of this format",
        )

    def get(self, key: str) -> JsonValue:
        """The member ``key``; a value of None when there is none."""
        if not isinstance(self.value, Mapping):
            raise self.error("is not an object")
        return JsonValue(
            self.value.get(key), self.file, self.line, f"{self.path}.{key}".lstrip(".")
        )

    def either(self, key: str, other: str) -> JsonValue:
        """The member ``key``; without one, the member ``other``."""
        found = self.get(key)
        return self.get(other) if found.value is None else found

    def names(self) -> list[str]:
        """The names of the members of an object; none of None."""
        if self.value is None:
            return []
        if not isinstance(self.value, Mapping):
            raise self.error("is not an object")
        return list(self.value)

    def items(self) -> Iterator[JsonValue]:
        """The members of a list; none of None."""
        if self.value is None:
            return
        if not isinstance(self.value, list | tuple):
            raise self.error("is not a list")
        for index, item in enumerate(self.value):
            yield JsonValue(item, self.file, self.line, f"{self.path}[{index}]")

    def text(self, default: str | None = None) -> str:
        """A string."""
        value = default if self.value is None else self.value
        if not isinstance(value, str):
            raise self.error("is not a string")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self.error("has a lone surrogate") from None
        return value

    def name(self, default: str) -> str:
        """A string or a number, as an id."""
        if isinstance(self.value, bool | float | list | dict):
            raise self.error("is not an id")
        return default if self.value is None else str(self.value)

    def number(self) -> int:
        """A whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.error("is not a whole number")
        return self.value

    def strings(self) -> dict[str, str]:
        """The members that are strings, numbers or truth values, as JSON writes them; none of None."""
        if self.value is None:
            return {}
        if not isinstance(self.value, Mapping):
            raise self.error("is not an object")
        return {
            JsonValue(key, self.file, self.line, self.path).text(): self.get(key).text()
            if isinstance(item, str)
            else json.dumps(item)
            for key, item in self.value.items()
            if isinstance(item, str | int | float)
        }

    def day(self) -> date | datetime | None:
        """A date or a date-time in ISO 8601; None of None."""
        if self.value is None:
            return None
        text = self.text()
        try:
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            raise self.error("is no date") from None
