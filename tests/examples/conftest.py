"""Where the examples are tried: an empty folder, with the commands that they call on the path."""

import os
import shutil
import sys

import pytest


@pytest.fixture
def shell_folder(tmp_path, monkeypatch):
    """An empty working directory; `factharness` and `python` are those of the tests."""
    folder = tmp_path / "here"
    programs = tmp_path / "bin"
    for path in (folder, programs):
        path.mkdir()
    for name, words in (("factharness", "-m factharness"), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def bash():
    return shutil.which("bash") or pytest.skip("needs bash")
