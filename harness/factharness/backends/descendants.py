"""Finds and kills the processes that a process started, and those that they started. On Linux only."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

Started: TypeAlias = tuple[int, bytes]
"""A process by its number and the moment it was started, since numbers are used again."""


def descendants(pids: Iterable[int | None]) -> set[Started]:
    """All descendants of the processes with these numbers, these excluded; none without ``/proc``."""
    children: dict[int, list[Started]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        pid = int(stat.parent.name)
        fields = _fields(pid)
        if fields:
            children.setdefault(int(fields[1]), []).append((pid, fields[19]))
    found: set[Started] = set()
    parents = [pid for pid in pids if pid is not None]
    while parents:
        new = set(children.get(parents.pop(), ())) - found
        found |= new
        parents += [pid for pid, _ in new]
    return found


def kill(processes: Collection[Started]) -> None:
    """Kill the processes that still run. A later process that got the same number is not killed."""
    for pid, moment in processes:
        fields = _fields(pid)
        if fields and fields[19] == moment:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def _fields(pid: int) -> list[bytes]:
    """The fields after the name in ``/proc/PID/stat``: state, parent, …; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return []
