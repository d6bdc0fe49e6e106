"""Says on what, and beside how much else, a benchmark ran; the environment of what it times."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def load() -> float:
    """Processes that ran or waited for a processor, on average over the last minute."""
    return os.getloadavg()[0]


def described(load_before: float) -> str:
    """The machine and Python in a few words; ``load_before`` is the load before anything was measured."""
    return (
        f"{os.cpu_count()} cores ({processor()}), shared with other programs (load"
        f" {load_before:.1f} at the start), Python {platform.python_version()}"
    )


def processor() -> str:
    """The name of the processor where the system tells it, else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that is timed: this one, and ``more``.

    What Python compiles is kept, as it is for a user.
    """
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return ours | more
