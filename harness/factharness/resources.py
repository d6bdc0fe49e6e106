"""Where a name on the command line or in a suite is looked up.

As a path; then under ``goldsets/`` or ``suites/`` of the working directory; then in the copy that comes
with the package, so that an installed factharness runs anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from factharness.errors import SuiteError, unknown

Shelf = Literal["goldsets", "suites"]


def packaged(shelf: Shelf) -> Path:
    """The packaged copy of a shelf; in a source checkout the checkout's own."""
    here = Path(__file__).resolve().parent
    bundled = here / "data" / shelf
    return bundled if bundled.is_dir() else here.parents[1] / shelf


def find(shelf: Shelf, name: str, *, beside: Path | None = None) -> Path:
    """The folder (or one file) of a gold set, or the file of a suite, called ``name``.

    ``beside`` is the folder of the suite that names it; relative paths are tried from there too. Raises
    ``SuiteError`` with the nearest known name.
    """
    suffix = ".toml" if shelf == "suites" else ""
    candidates = [Path(name)]
    if beside is not None:
        candidates.append(beside / name)
    candidates += [folder / f"{name}{suffix}" for folder in _folders(shelf)]
    for path in candidates:
        # The functions of os.path: those of Path raise for names that no file can have.
        if os.path.isfile(path) or (not suffix and os.path.isdir(path)):
            return path
    message, remedy = unknown(
        shelf.removesuffix("s").replace("goldset", "gold set"), name, names(shelf)
    )
    raise SuiteError(message, remedy=remedy)


def names(shelf: Shelf) -> list[str]:
    """Every name of a shelf that can be found without giving a path."""
    found: set[str] = set()
    for folder in _folders(shelf):
        if shelf == "suites":
            found |= {path.stem for path in folder.glob("*.toml")}
        else:
            found |= {path.name for path in folder.iterdir() if path.is_dir()}
    return sorted(name for name in found if not name.startswith("."))


def _folders(shelf: Shelf) -> Iterator[Path]:
    for folder in (Path(shelf), packaged(shelf)):
        if folder.is_dir():
            yield folder


def example(name: str) -> Path:
    """A file of the documentation's ``examples``; an installed factharness has its own copy."""
    here = Path(__file__).resolve().parent
    bundled = here / "data" / "examples"
    return (bundled if bundled.is_dir() else here.parents[1] / "docs" / "examples") / name


def web(name: str) -> str:
    """The content of a file of ``web/``: what the report and the labelling page share."""
    return (Path(__file__).resolve().parent / "web" / name).read_text(encoding="utf-8")
