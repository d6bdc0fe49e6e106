"""Names that become file names: of gold articles and sets, of suites, of back ends.

A name that is read (from a suite, a header, a stored run) is checked here once, so that no later
``folder / name`` leads out of the folder, and the same name works on every system.
"""

from __future__ import annotations

import re

LONGEST = 200
"""Bytes of a name in UTF-8: a suffix and a time stamp still fit into the 255 that file systems allow."""

REMEDY = "use letters, digits, . _ - and nothing else, a letter or a digit first"

_NAME = re.compile(r"[^\W_](?:[\w.-]*[\w-])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device, with whatever suffix."""


def name_problem(name: str) -> str | None:
    """What keeps ``name`` from being a file name everywhere, as the end of a sentence; None: nothing."""
    if _NAME.fullmatch(name) is None:
        return f"{name[:LONGEST]!r} is not a name"
    if len(name.encode()) > LONGEST:
        return f"{name[:20]!r}… is longer than {LONGEST} bytes"
    if _RESERVED.fullmatch(name):
        return f"{name!r} is the name of a device on Windows"
    return None


def as_name(text: str, otherwise: str) -> str:
    """``text`` with what a name cannot hold replaced by ``-``, cut to length; else ``otherwise``."""
    name = re.sub(r"[^\w.-]+", "-", text).strip("-._")
    name = name.encode("utf-8", "replace")[: LONGEST - len(otherwise) - 1].decode("utf-8", "ignore")
    name = name.rstrip(".") or otherwise
    return name if name_problem(name) is None else f"{otherwise}-{name}"
