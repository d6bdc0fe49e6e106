"""timexy, a component of spaCy, in an empty French pipeline. It writes each day as its midnight."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

PACKAGES = ("timexy", "spacy")
PACKAGE = "timexy"
LICENCE = "MIT"

_TAG = re.compile(r'type="(\w+)" value="([^"]*)"')


def reader() -> Callable[[str, str], list[dict[str, Any]]]:
    import spacy
    import timexy  # noqa: F401  the import makes its component known to spaCy

    pipeline = spacy.blank("fr")
    pipeline.add_pipe("timexy", config={"kb_id_type": "timex3", "label": "timexy"})

    def read(text: str, _published: str) -> list[dict[str, Any]]:
        return [fact(one.start_char, one.end_char, one.kb_id_) for one in pipeline(text).ents]

    return read


def fact(start: int, end: int, tag: str) -> dict[str, Any]:
    """The record of a date whose tag is as in `TIMEX3 type="DATE" value="2024-03-03T00:00:00"`."""
    found = _TAG.search(tag)
    if found is None:
        raise ValueError(f"not a tag of timexy: {tag}")
    kind, value = found.groups()
    value = value.removesuffix("T00:00:00")
    return {"kind": "date", "span": [start, end], "type": kind, "value": value}
