"""Reading the data files: tables of tab-separated columns, and TOML."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


class DataFileError(ValueError):
    """A data file that does not read: ``name:line: what is wrong``."""


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/<name>.tsv``, each a mapping from column to cell; missing cells are ``""``.

    Lines that start with ``#`` are comments, the first other line names the columns.
    """
    path = FOLDER / f"{name}.tsv"
    rows: list[dict[str, str]] = []
    header: list[str] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if header is None:
            header = cells
        elif len(cells) > len(header):
            raise DataFileError(f"{path.name}:{number}: more cells than columns ({len(header)})")
        else:
            rows.append(dict.fromkeys(header, "") | dict(zip(header, cells, strict=False)))
    return tuple(rows)


@cache
def words(name: str, column: str = "word") -> frozenset[str]:
    """One column of a table as a set."""
    return frozenset(row[column] for row in table(name))


@cache
def document(name: str) -> dict[str, Any]:
    """``data/<name>.toml``."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
