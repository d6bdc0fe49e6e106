"""Where the browser is that the pages are tested in; installs it where that takes no question.

    python tests/browser/chromium.py [--install]

Prints the path of a Chromium, or says how to get one and exits with 2.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys

VARIABLE = "FACTHARNESS_CHROMIUM"
"""Names the program; a browser that is named must be there, so tests are not skipped without it."""

NAMES = ("chromium", "chromium-browser", "google-chrome")

PACKAGES = ("chromium", "fonts-liberation")
"""Debian's."""

QUIET = {"DEBIAN_FRONTEND": "noninteractive"}

HOW = (
    f"no Chromium: install one (Debian: apt-get install chromium), or name one in {VARIABLE}, "
    "then: make test-browser"
)


def find() -> str | None:
    """The program that is named, else the first that is on the PATH; None where there is none."""
    named = os.environ.get(VARIABLE)
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Install Debian's, when this is Debian and the user is root."""
    if os.geteuid() != 0 or platform.freedesktop_os_release().get("ID") != "debian":
        return
    for words in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        command = ["apt-get", "-qq", *words]
        if subprocess.run(command, stdout=sys.stderr, env=os.environ | QUIET).returncode:
            return


def main() -> int:
    if find() is None and "--install" in sys.argv[1:]:
        install()
    place = find()
    print(place or HOW, file=sys.stdout if place else sys.stderr)
    return 0 if place else 2


if __name__ == "__main__":
    sys.exit(main())
