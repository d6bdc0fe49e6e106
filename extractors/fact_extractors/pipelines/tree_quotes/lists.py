"""The lists of words in ``words.toml``."""

from __future__ import annotations

from pathlib import Path

from fact_extractors import tables


def listed(name: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(tables.document(Path(__file__).with_name("words.toml"))[name].split())
