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
    (found,) = runs_and_backends(argument)
    return found


def runs_and_backends(*arguments: str) -> list[tuple[Run, str]]:
    """As :func:`run_and_backend`, of several arguments; a run that several of them name is read once."""
    from factharness.runs.directory import load

    runs: dict[str, Run] = {}
    found = []
    for argument in arguments:
        path, colon, name = argument.rpartition(":")
        named = bool(colon) and not Path(argument).exists()
        if not named:
            path, name = argument, ""
        run = runs[path] = runs.get(path) or load(Path(path))
        names = [backend.name for backend in run.manifest.backends]
        if named and name not in names:
            message, remedy = unknown("back end", name, names)
            raise HarnessError(message, file=path, remedy=remedy)
        found.append((run, name))
    return found
