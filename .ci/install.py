"""Runs `pip install` with its arguments and says how far it is: a line per package, plain enough for a log.

    python .ci/install.py -c constraints.txt -e '.[all,dev]'

pip shows progress to terminals only, and none while it unpacks. Here each package is named when it is looked at
and when it is fetched, with its size; what is unpacked is counted in site-packages. Exits as pip does; when it
fails, all it said is shown.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

_FILE = re.compile(r"\s*(?:Downloading|Using cached|Processing) (?:\S*/)?([^\s/]+)(?: \((.*)\))?")
_PACKAGE = re.compile(r"([\w.]+)-(\d[^-]*?)(?:-.*)?\.(?:whl|tar\.gz|zip)(\.metadata)?")
_ADDRESS = re.compile(r"\s*(?:Looking in |WARNING: Location )")
"""Where packages come from is the machine's own affair."""
_EVERY = 3.0
"""Seconds between two lines while packages are unpacked."""


def progress(lines: Iterable[str]) -> Iterator[str]:
    """What to show of pip's lines while it works: a line per package, and warnings."""
    versions: dict[str, str] = {}
    for line in lines:
        file = _FILE.match(line)
        package = file and _PACKAGE.fullmatch(file[1])
        if file and package:
            name, version, is_metadata = package.groups()
            size = f" ({file[2]})" if file[2] and not is_metadata and "from " not in file[2] else ""
            if versions.get(name) != version:
                versions[name] = version
                yield f"[{len(versions):3}] {name} {version}{size}"
            elif size:
                yield f"fetching {name} {version}{size}"
        elif line.startswith("Installing collected packages: "):
            yield f"unpacking {line.count(',') + 1} packages ..."
        elif re.match(r"\s*(WARNING|DEPRECATION):", line) and not _ADDRESS.match(line):
            yield line


def unpacked() -> set[str]:
    """What stands in site-packages: names with versions."""
    return {path.stem for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info")}


def count_unpacked(before: set[str], is_over: threading.Event) -> None:
    """Until it is over, print now and then how many packages there are that were not there before."""
    shown = 0
    while not is_over.wait(_EVERY):
        new = unpacked() - before
        if len(new) > shown:
            shown = len(new)
            print(f"  {shown} unpacked", flush=True)


def main(arguments: list[str]) -> int:
    """Install, and return pip's exit code."""
    # An old pip runs setup.py of a source distribution in this environment, where what it needs is not.
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--use-pep517",
        "--progress-bar",
        "off",
        "--no-input",
    ]
    said: list[str] = []
    started = time.monotonic()
    process = subprocess.Popen(
        [*pip, "--disable-pip-version-check", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout is not None

    def lines() -> Iterator[str]:
        for line in process.stdout or ():
            said.append(line.rstrip("\n"))
            yield said[-1]

    is_over = threading.Event()
    counter = threading.Thread(target=count_unpacked, args=(unpacked(), is_over))
    counter.start()
    try:
        for line in progress(lines()):
            print(line, flush=True)
        code = process.wait()
    except KeyboardInterrupt:  # pip had it as well
        code = process.wait() or 130
    finally:
        is_over.set()
        counter.join()
    shown = [line for line in said if not _ADDRESS.match(line)]
    if code:
        print("pip failed. All it said:", *shown, sep="\n", file=sys.stderr)
    else:
        errors = [line for line in shown if line.startswith("ERROR:")]  # packages that do not agree
        print(*errors, f"installed in {time.monotonic() - started:.0f} s", sep="\n", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
