"""Reading data files that come with the package: tables of tab-separated columns, and TOML."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


class DataFileError(ValueError):
    """A data file that does not read: ``name:line: what is wrong``."""


@cache
def table(path: Path) -> tuple[dict[str, str], ...]:
    """The rows of a ``.tsv`` file, each a mapping from column to cell; missing cells are ``""``.

    Lines that start with ``#`` are comments, the first other line names the columns.
    """
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
def document(path: Path) -> dict[str, Any]:
    """A ``.toml`` file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
