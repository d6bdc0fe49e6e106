"""Finds the complete runs that are stored in a folder."""

from __future__ import annotations

from pathlib import Path

from factharness.errors import HarnessError
from factharness.runs.directory import load
from factharness.runs.folder import FIRST_PIECES, PIECES
from factharness.runs.record import Run


def stored(folder: Path) -> tuple[list[Run], list[str]]:
    """The runs directly under ``folder``, oldest first, and a note for each run that is left out.

    A folder that no run wrote is ignored without a note. Raises ``HarnessError`` when ``folder`` cannot be
    listed.
    """
    try:
        places = sorted(path for path in folder.iterdir() if _looks_like_a_run(path))
    except OSError as error:
        raise HarnessError(
            f"cannot be listed: {error.strerror}",
            file=folder,
            remedy="name the folder that `factharness run` writes to",
        ) from error
    runs, notes = [], []
    for place in places:
        try:
            run = load(place)
        except HarnessError as error:
            notes.append(f"{place.name} is left out: {error}")
            continue
        if run.manifest.shard is not None:
            part, parts = run.manifest.shard
            notes.append(
                f"{place.name} is left out: shard {part}/{parts}; combine the shards first"
            )
            continue
        runs.append(run)
    return sorted(runs, key=lambda run: (run.manifest.started, run.manifest.id)), notes


def _looks_like_a_run(path: Path) -> bool:
    return not path.name.startswith(".") and any(
        (path / piece).exists() for piece in (*PIECES, *FIRST_PIECES)
    )
