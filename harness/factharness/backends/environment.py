"""Describes what a result may depend on besides its input: versions, digests of models, the machine."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from factharness import __version__
from factharness.errors import HarnessError


class Hardware(Struct, frozen=True):
    """The machine. ``memory`` is in bytes; a field that the system does not provide is empty or None."""

    processor: str
    cores: int | None
    memory: int | None
    gpus: tuple[str, ...]


class Installed(Struct, frozen=True):
    """A back end with its default options: what its output depends on, or why it cannot be used."""

    fingerprint: dict[str, str] = {}
    problem: str | None = None


class Environment(Struct, frozen=True):
    """Everything that may explain why the same run gave other numbers on another machine."""

    factharness: str
    python: str
    platform: str
    hardware: Hardware
    libraries: dict[str, str | None]
    """Each library of the project's requirements, extras included; None: not installed."""
    backends: dict[str, Installed]


def environment() -> Environment:
    """The environment of this process. Builds every registered back end, loads no model by itself."""
    from factharness.backends.registry import targets

    return Environment(
        factharness=__version__,
        python=platform.python_version(),
        platform=platform.platform(),
        hardware=hardware(),
        libraries=dict(sorted(_libraries())),
        backends={name: _installed(name) for name in targets()},
    )


def peak_memory() -> float | None:
    """The most memory that this process has held so far, in MB; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KB, macOS in bytes.
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def hardware() -> Hardware:
    """The machine on which this runs. Asks the operating system; loads no library."""
    return Hardware(_processor(), os.cpu_count(), _memory(), tuple(_gpus()))


def _processor() -> str:
    """The name of the processor as Linux gives it, else as Python does."""
    found = re.search(r"^model name\s*:\s*(.+)$", _text(Path("/proc/cpuinfo")), re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _gpus() -> Iterator[str]:
    """The models of the NVIDIA GPUs, as their driver lists them; GPUs of other makers are not found."""
    for path in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        found = re.search(r"^Model:\s*(.+)$", _text(path), re.MULTILINE)
        if found:
            yield found[1]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _libraries() -> Iterator[tuple[str, str | None]]:
    from importlib import metadata

    try:
        wanted = metadata.requires("factharness") or []
    except metadata.PackageNotFoundError:  # a bare checkout
        wanted = []
    names = {re.split(r"[^\w.-]", requirement, maxsplit=1)[0] for requirement in wanted}
    for name in names - {"factharness"}:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, None


def _installed(name: str) -> Installed:
    from factharness.backends.registry import build
    from factharness.extractor import fingerprint

    try:
        made = fingerprint(build(name, {}))
    except HarnessError as error:
        return Installed(problem=str(error))
    return Installed(dict(sorted(made.items())))
