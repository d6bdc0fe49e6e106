"""Checks names that are used as file names: of gold articles and sets, of suites, of back ends.

A name is checked when it is read (from a suite, a header, a stored run). After that, ``folder / name`` is
always inside the folder, and the name is a valid file name on every system.
"""

from __future__ import annotations

import re

LONGEST = 200
"""The most bytes of a name in UTF-8; file systems allow 255, and a suffix and a time stamp are added."""

REMEDY = "use letters, digits, . _ - and nothing else, a letter or a digit first"

_NAME = re.compile(r"[^\W_](?:[\w.-]*[\w-])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names that Windows takes for a device, with any suffix."""


def name_problem(name: str) -> str | None:
    """Why ``name`` cannot be a file name on every system; None when it can."""
    if _NAME.fullmatch(name) is None:
        return f"{name[:LONGEST]!r} is not a name"
    if len(name.encode()) > LONGEST:
        return f"{name[:20]!r}… is longer than {LONGEST} bytes"
    if _RESERVED.fullmatch(name):
        return f"{name!r} is the name of a device on Windows"
    return None


def as_name(text: str, otherwise: str) -> str:
    """A valid name made from ``text``: other characters become ``-``, and it is cut to length.

    When nothing is left, it is ``otherwise``; when the result is reserved, it is ``otherwise-result``.
    """
    name = re.sub(r"[^\w.-]+", "-", text).strip("-._")
    name = name.encode("utf-8", "replace")[: LONGEST - len(otherwise) - 1].decode("utf-8", "ignore")
    name = name.rstrip(".") or otherwise
    return name if name_problem(name) is None else f"{otherwise}-{name}"
