"""Reads the data files of the rules by their names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fact_extractors import tables

FOLDER = Path(__file__).parent / "data"


def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/<name>.tsv``."""
    return tables.table(FOLDER / f"{name}.tsv")


@cache
def words(name: str, column: str = "word") -> frozenset[str]:
    """One column of a table as a set."""
    return frozenset(row[column] for row in table(name))


def document(name: str) -> dict[str, Any]:
    """``data/<name>.toml``."""
    return tables.document(FOLDER / f"{name}.toml")
