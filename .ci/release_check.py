"""Says whether a tag may be released: version, changelog and citation must name it.

    python .ci/release_check.py v0.1.0            exit code 1, and a line for each thing that is not ready
    python .ci/release_check.py v0.1.0 --notes    prints the section of the changelog, too

The version is that of harness/factharness/__init__.py. The changelog must have a section with the heading
`## X.Y.Z - YYYY-MM-DD`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def version(root: Path) -> str:
    """The version of the package in the tree."""
    text = (root / "harness/factharness/__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    return found[1] if found else ""


def notes(root: Path, release: str) -> str:
    """What the changelog says of a release; nothing when it has no section with its date."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = rf"^## {re.escape(release)} - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)"
    found = re.search(heading, text, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def problems(root: Path, tag: str) -> list[str]:
    """Why the tree cannot be released under the tag; an empty list when it can."""
    release = tag.removeprefix("v")
    found = []
    if version(root) != release:
        found.append(f"harness/factharness/__init__.py has version {version(root)}, not {release}")
    if not notes(root, release):
        found.append(f"CHANGELOG.md has no section `## {release} - YYYY-MM-DD`, or nothing in it")
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    if f"\nversion: {release}\n" not in citation:
        found.append(f"CITATION.cff does not name version {release}")
    return found


def main() -> int:
    """Print what is not ready, and the notes when they are asked for; returns the exit code."""
    tag, *more = sys.argv[1:]
    found = problems(ROOT, tag)
    for line in found:
        print(line, file=sys.stderr)
    if "--notes" in more:
        print(notes(ROOT, tag.removeprefix("v")))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
