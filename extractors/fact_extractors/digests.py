"""Digests of code, of model directories and of texts, for fingerprints."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


def digest(paths: Iterable[Path]) -> str:
    """Twelve hex digits over the names and contents of files; of a folder, of all the files in it."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(_inside(path)) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(
                    f"{file.relative_to(path).as_posix()}\0{file.stat().st_size}\0".encode()
                )
                total.update(file.read_bytes())
    return total.hexdigest()[:12]


def _inside(folder: Path) -> Iterator[Path]:
    """The files of a folder, those of linked folders too, each of them entered once."""
    entered = set()
    for where, folders, files in os.walk(folder, followlinks=True):
        if (real := os.path.realpath(where)) in entered:
            folders.clear()
            continue
        entered.add(real)
        yield from (Path(where, name) for name in files)


def text(value: str) -> str:
    """Twelve hex digits over a text."""
    return hashlib.sha256(value.encode()).hexdigest()[:12]


@cache
def code(*names: str) -> str:
    """The digest of modules and packages of this package, by their file names."""
    return digest(_HERE / name for name in names)
