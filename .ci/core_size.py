"""Prints what each package of the core takes of site-packages; fails when they take more than 220 MB together.

    python .ci/core_size.py [SITE-PACKAGES]

To be run in an environment where nothing is installed but factharness without extras. pip, setuptools and
the bundled models are not counted. Sizes are those of the files, compiled ones too, in MB of 10^6 bytes.
"""

from __future__ import annotations

import sys
import sysconfig
from importlib import metadata
from pathlib import Path

LIMIT = 220.0
"""MB that anybody installs who only wants to score."""

TOOLS = {"pip", "setuptools"}
MODELS = ("fact_extractors", "models")


def size(package: metadata.Distribution) -> int:
    """The bytes of a package's files, as it recorded them when it was installed."""
    files = [Path(str(file.locate())) for file in package.files or () if file.parts[:2] != MODELS]
    return sum(file.stat().st_size for file in files if file.exists())


def main(folder: str) -> int:
    """Print the table, and return 1 when it is too much, or when factharness is not there."""
    packages = {package.name: package for package in metadata.distributions(path=[folder])}
    sizes = {name: size(package) for name, package in packages.items() if name not in TOOLS}
    for name in sorted(sizes, key=sizes.__getitem__, reverse=True):
        print(f"{sizes[name] / 1e6:7.1f} MB  {name}")
    total = sum(sizes.values()) / 1e6
    print(f"{total:7.1f} MB  together; the limit is {LIMIT:.0f} MB")
    return int(total > LIMIT or "factharness" not in sizes)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [sysconfig.get_path("purelib")]))
