import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[2]
LOCAL = TESTS / "harness" / "run" / "local_backends.py"


class Shell:
    """Runs the command line in a folder of its own, with a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *args, env=None, timeout=120):
        return subprocess.run(
            [sys.executable, "-c", "from factharness.cli import main; main()", *map(str, args)],
            capture_output=True,
            text=True,
            cwd=self.folder,
            timeout=timeout,
            env=os.environ | {"XDG_CACHE_HOME": str(self.folder / ".cache")} | (env or {}),
        )

    def suite(self, name="mine", backends='[[backend]]\nuse = "capitals"\n', more="", goldset=None):
        """Write a suite over the small gold set; ``use = "capitals"`` is the tests' own back end."""
        goldset = goldset or TESTS / "data" / "goldsets" / "mini"
        backends = backends.replace(
            'use = "capitals"', f'use = "file:{LOCAL}:build"\nname = "capitals"'
        )
        path = self.folder / f"{name}.toml"
        path.write_text(
            f'[suite]\ngoldsets = ["{goldset}"]\nslices = ["rubrique"]\n{backends}{more}',
            encoding="utf-8",
        )
        return path


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path)
