"""Reads TOML of the simple form that headers have, several times faster than ``tomllib``.

Simple is: each line is a bare key and a string without escapes other than ``\\"`` and ``\\\\``, a list of such
strings, a number, a date, or an inline table of strings, lists and numbers; no string and no comment has a tab.
What is anything else, a mistake included, is left to ``tomllib``.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import msgspec

_NOWHERE = r"\x00-\x1f\x7f\ud800-\udfff"
"""The characters that neither TOML nor JSON has in a string or a comment, and tabs: for a set of characters."""
_STRING = rf'"[^"\\{_NOWHERE}]*+(?:\\["\\][^"\\{_NOWHERE}]*+)*"'
_LIST = rf"\[(?:{_STRING}(?:, ?{_STRING})*)?\]"
_COUNT = r"0|[1-9][0-9]{0,8}"
_KEY = r"[A-Za-z0-9_-]+"
_ITEM = rf"{_STRING}|{_LIST}|{_COUNT}"
_TABLE = rf"\{{ ?(?:{_KEY} = (?:{_ITEM})(?:, {_KEY} = (?:{_ITEM}))*)? ?\}}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"{_DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?"

_lines = re.compile(
    rf"^(?:(?:({_KEY})[ \t]*=[ \t]*(?:({_ITEM})|({_TABLE})|({_DAY})|({_MOMENT})))?"
    rf"[ \t]*(?:#[^{_NOWHERE}]*+)?|(.+))$",
    re.MULTILINE,
).findall
"""Of each line the key, and its value in the place of its type; or all of a line that is not simple."""
_pairs = re.compile(rf"({_KEY}) = ({_ITEM})").findall
_value = msgspec.json.Decoder().decode
"""The value of an ``_ITEM``, which JSON writes as TOML does."""


def plain(source: str) -> dict[str, Any] | None:
    """What ``tomllib.loads(source)`` gives, or None when ``source`` is not of the simple form."""
    table: dict[str, Any] = {}
    for key, value, inner, day, moment, other in _lines(source):
        if other or key in table:
            return None
        if value:
            table[key] = _value(value)
        elif inner:
            pairs = _pairs(inner)
            table[key] = {name: _value(item) for name, item in pairs}
            if len(table[key]) < len(pairs):  # a key stands twice
                return None
        elif key:
            try:
                table[key] = date.fromisoformat(day) if day else datetime.fromisoformat(moment)
            except ValueError:  # no such day or moment
                return None
    return table
