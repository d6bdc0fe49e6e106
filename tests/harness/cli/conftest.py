import contextlib
import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from factharness.cli import main

TESTS = Path(__file__).resolve().parents[2]
LOCAL = TESTS / "harness" / "run" / "local_backends.py"
COMMAND = [sys.executable, "-c", "from factharness.cli import main; main()"]


class Shell:
    """Runs the command line in a folder of its own, with a cache of its own.

    In this process, since a new one costs more than most commands; ``command`` and ``environment`` are for
    the tests that need one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {"XDG_CACHE_HOME": str(folder / ".cache")}

    def __call__(self, *args):
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main([str(arg) for arg in args])
            except SystemExit as stop:
                code = stop.code
        return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())

    def command(self, *args):
        """The same as the arguments of a new process."""
        return [*COMMAND, *map(str, args)]

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
def shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    return Shell(tmp_path)
