"""The argument ``RUN[:BACKEND]`` of several commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factharness.errors import HarnessError, unknown

if TYPE_CHECKING:
    from factharness.runs.record import Run


def run_and_backend(argument: str) -> tuple[Run, str]:
    """The run in a directory and the name of one of its back ends, empty where none is named.

    Raises ``HarnessError`` when there is no run, or no back end of that name in it.
    """
    from factharness.runs.directory import load

    path, colon, name = argument.rpartition(":")
    if not colon or Path(argument).exists():
        return load(Path(argument)), ""
    run = load(Path(path))
    names = [backend.name for backend in run.manifest.backends]
    if name not in names:
        message, remedy = unknown("back end", name, names)
        raise HarnessError(message, file=path, remedy=remedy)
    return run, name
