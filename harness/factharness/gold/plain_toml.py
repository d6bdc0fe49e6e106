"""Reads TOML of the simple form that headers have, several times faster than ``tomllib``.

Simple is: each line is a bare key and a string without escapes, a list of such strings, a number, a date, or an
inline table of strings, lists and numbers. What is anything else, a mistake included, is left to ``tomllib``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

_STRING = r'"[^"]*+"'
_LIST = rf"\[(?:{_STRING}(?:, ?{_STRING})*)?\]"
_COUNT = r"0|[1-9][0-9]{0,8}"
_KEY = r"[A-Za-z0-9_-]+"
_ITEM = rf"{_STRING}|{_LIST}|{_COUNT}"
_TABLE = rf"\{{ ?(?:{_KEY} = (?:{_ITEM})(?:, {_KEY} = (?:{_ITEM}))*)? ?\}}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"{_DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?"

_line = re.compile(
    rf"(?:({_KEY})[ \t]*=[ \t]*(?:({_ITEM})|({_TABLE})|({_DAY})|({_MOMENT})))?[ \t]*(?:#.*)?"
).fullmatch
_pairs = re.compile(rf"({_KEY}) = ({_ITEM})").findall
_strings = re.compile(r'"([^"]*)"').findall
_refused = re.compile(r"[\\\x00-\x08\x0b-\x1f\x7f]").search
"""An escape, or a character that TOML has nowhere outside of one."""


def plain(source: str) -> dict[str, Any] | None:
    """What ``tomllib.loads(source)`` gives, or None when ``source`` is not of the simple form."""
    if _refused(source):
        return None
    pairs: list[tuple[str, Any]] = []
    for line in source.split("\n"):
        found = _line(line)
        if found is None:
            return None
        key, value, table, day, moment = found.groups()
        if key is None:
            continue
        if value is not None:
            pairs.append((key, _value(value)))
        elif table is not None:
            inner = _unique((name, _value(item)) for name, item in _pairs(table))
            if inner is None:
                return None
            pairs.append((key, inner))
        else:
            try:
                pairs.append(
                    (key, date.fromisoformat(day) if day else datetime.fromisoformat(moment))
                )
            except ValueError:  # no such day or moment
                return None
    return _unique(pairs)


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any] | None:
    """The pairs as a table; None when a key stands twice."""
    several = list(pairs)
    table = dict(several)
    return table if len(table) == len(several) else None


def _value(typed: str) -> str | int | list[str]:
    if typed[0] == '"':
        return typed[1:-1]
    if typed[0] == "[":
        return _strings(typed)
    return int(typed)
