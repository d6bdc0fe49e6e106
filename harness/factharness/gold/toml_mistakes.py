"""Says in which line of a TOML file a value stands, and in plain words what is wrong with its type."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

import msgspec

Key = str | int
"""A step on the way to a value: the name of a key, or the place in a list, from 0."""

_NAME = r"""((?:[\w. \t-]|"[^"]*+"|'[^']*+')+)"""
"""Keys with dots between them, and spaces around them."""
_HEADER = re.compile(rf"[ \t]*+(\[\[?){_NAME}\]\]?[ \t]*+(?:\#.*)?")
_ENTRY = re.compile(rf"{_NAME}=")
_KEY = re.compile(r"""[\w-]++|"([^"]*+)"|'([^']*+)'""")
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")
_WRONG_TYPE = re.compile(r"Expected `([^`]+)`, got `(\w+)`(?: - at `\$([^`]*)`)?")
_MISSING = re.compile(r"Object missing required field `(\w+)`(?: - at `\$([^`]*)`)?")
_TYPES = {
    "array": "a list",
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "a table",
}


def line_of(source: str, way: Sequence[Key]) -> int | None:
    """The line, from 1, of the value that the path of keys ``way`` leads to.

    A value inside a list or an inline table has no line of its own: then it is the line of the last key of the
    path that has one. None when not even the first key has one. A line inside a string of several lines may be
    taken for a key.
    """
    best, deepest = None, 0
    here: list[Key] = []
    tables: dict[tuple[Key, ...], int] = {}
    for number, line in enumerate(re.split(r"\r?\n", source), 1):
        header = _HEADER.fullmatch(line)
        entry = None if header else _ENTRY.match(line)
        if header:
            *around, last = _keys(header[2]) or [""]
            here = []
            for key in around:
                here.append(key)
                if tuple(here) in tables:  # a table in the last one of a list
                    here.append(tables[tuple(here)])
            here.append(last)
            if header[1] == "[[":
                place = tables[tuple(here)] = tables.get(tuple(here), -1) + 1
                here.append(place)
        elif entry is None:
            continue
        reached = [*here, *(_keys(entry[1]) if entry else ())]
        shared = len(reached) if list(way[: len(reached)]) == reached else 0
        if header and not shared and reached[: len(way)] == list(way):
            shared = len(way)  # a table below the one that is asked for
        if shared > deepest:
            best, deepest = number, shared
    return best


def _keys(name: str) -> list[Key]:
    return [key[1] or key[2] or key[0] for key in _KEY.finditer(name)]


def wrong_type(error: msgspec.ValidationError, source: str) -> tuple[str, str, int | None]:
    """What is wrong, what to do and in which line, when ``msgspec`` does not take what ``source`` says."""
    told = str(error)
    if found := _WRONG_TYPE.match(told):
        way = _way(found[3] or "")
        wanted = [_TYPES[name] for name in found[1].split(" | ") if name in _TYPES]
        got = _TYPES.get(found[2], found[2])
        entry = "an entry of " if "[...]" in (found[3] or "") else ""
        message = f"{entry}{_name(way)} must be {' or '.join(wanted) or found[1]}, and is {got}"
        remedy = "correct it" if entry else _example(found[1], found[2], way)
        return message, remedy, line_of(source, way)
    if found := _MISSING.match(told):
        way = _way(found[2] or "")
        where = f" in {_name(way)}" if way else ""
        return f"{found[1]!r} is missing{where}", "add it", line_of(source, way)
    return told, "correct it", None


def _way(path: str) -> tuple[Key, ...]:
    """The keys in a path such as ``.backend[1].repeat``, up to one that msgspec does not name."""
    steps = re.match(r"(?:\.[\w-]+|\[\d+\])*", path)
    return tuple(step[1] or int(step[2]) for step in _STEP.finditer(steps.group() if steps else ""))


def _name(way: Sequence[Key]) -> str:
    """A value as a reader calls it: its key, and of what stands in a list its number, from 1."""
    if not way:
        return "the file"
    *_, last = way
    if isinstance(last, int):
        return f"number {last + 1} of {_name(way[:-1])}"
    return repr(last)


def _example(wanted: str, got: str, way: Sequence[Key]) -> str:
    key = next((step for step in reversed(way) if isinstance(step, str)), "key")
    if wanted.startswith("array"):
        return f"write [[{key}]]" if got == "object" else f'write {key} = ["…"]'
    if wanted.startswith("str"):
        return f'write {key} = "…"' if way and way[-1] == key else "put it in quotes"
    if wanted.startswith("object"):
        return f"write a table [{key}]" if len(way) == 1 else f"write {key} = {{ … }}"
    return f"write {key} = 1" if wanted.startswith("int") else "correct it"


def syntax_line(error: tomllib.TOMLDecodeError) -> tuple[str, int | None]:
    """What is no TOML, without its place, and the line that Python names."""
    found = re.search(r" \(at line (\d{1,9}), column \d{1,9}\)$", str(error))
    return (str(error)[: found.start()], int(found[1])) if found else (str(error), None)
