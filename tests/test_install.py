"""`.ci/install.py`: which package, how far; and everything when pip fails. The Makefile: what it installs."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / ".ci" / "install.py"

# What pip 23.0 prints of a package index that has no metadata beside the files, and pip 25 of one that has.
OLD = """\
Looking in indexes: https://somebody:secret@packages.example/simple
Obtaining file:///checkout/factharness
  Installing build dependencies: started
  Installing build dependencies: finished with status 'done'
Collecting numpy>=2.0
  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.6 MB)
Collecting seqeval>=1.2
  Downloading seqeval-1.2.2.tar.gz (43 kB)
Processing /wheels/torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl (from factharness==0.1.0)
WARNING: Location 'https://packages.example/simple/torch/' is ignored: it is neither a file nor a directory.
WARNING: seqeval 1.2.2 has been yanked
Building wheels for collected packages: seqeval
Installing collected packages: numpy, seqeval, torch, factharness
Successfully installed factharness-0.1.0 numpy-2.4.6 seqeval-1.2.2 torch-2.13.0+cpu
"""
NEW = """\
Collecting numpy>=2.0 (from factharness==0.1.0)
  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl.metadata (6.6 kB)
Collecting click>=8.2 (from factharness==0.1.0)
  Using cached click-8.5.1-py3-none-any.whl.metadata (2.5 kB)
Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.6 MB)
Using cached click-8.5.1-py3-none-any.whl (108 kB)
Installing collected packages: numpy, click
"""


@pytest.fixture(scope="module")
def install():
    spec = importlib.util.spec_from_file_location("install", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_package_is_named_once_with_its_size(install):
    assert list(install.progress(OLD.splitlines())) == [
        "[  1] numpy 2.4.6 (16.6 MB)",
        "[  2] seqeval 1.2.2 (43 kB)",
        "[  3] torch 2.13.0+cpu",
        "WARNING: seqeval 1.2.2 has been yanked",
        "unpacking 4 packages ...",
    ]


def test_what_is_chosen_first_and_fetched_later_is_named_twice(install):
    assert list(install.progress(NEW.splitlines())) == [
        "[  1] numpy 2.4.6",
        "[  2] click 8.5.1",
        "fetching numpy 2.4.6 (16.6 MB)",
        "fetching click 8.5.1 (108 kB)",
        "unpacking 2 packages ...",
    ]


@pytest.mark.needs("pip")
def test_when_pip_fails_its_exit_code_is_kept_and_all_it_said_is_shown(tmp_path):
    here = ["--no-index", "--find-links", str(tmp_path)]
    said = subprocess.run(
        [sys.executable, SCRIPT, *here, "no-such-package"], capture_output=True, text=True
    )
    assert said.returncode == 1
    assert "ERROR: No matching distribution found for no-such-package" in said.stderr
    assert str(tmp_path) not in said.stdout + said.stderr


@pytest.fixture
def make(tmp_path):
    """Runs make on programs that only write down their calls.

    Returns the requirements it installed, the other programs it called, and what it printed.
    """
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1e9, 1e9))
    calls = tmp_path / "calls"
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    alone = "mkdir installing || echo python two at once >> calls; sleep 0.1; rmdir installing; "
    for name in ("python", "factharness", "pytest", "ruff", "mypy"):
        (folder / name).write_text(
            f'#!/bin/sh\necho {name} "$@" >> calls\n{alone if name == "python" else ""}test ! -e broken\n'
        )
        (folder / name).chmod(0o755)

    def run(*targets):
        calls.write_text("")
        command = ["make", f"PYTHON={sys.executable}", "VENV=.venv", *targets]
        env = {name: value for name, value in os.environ.items() if "MAKE" not in name}
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
        called = calls.read_text().splitlines()
        assert "python two at once" not in called
        installs = [line.split()[-1] for line in called if line.startswith("python .ci/install.py")]
        others = [line.split()[0] for line in called if not line.startswith("python ")]
        return installs, others, done.stdout

    return run


TO_RUN, ALL, DOCS = ".[spacy,stanza]", ".[all,dev]", ".[docs]"
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


@needs_make
@pytest.mark.parametrize(
    ("targets", "installs", "others"),
    [
        (["run"], [TO_RUN], ["factharness"]),
        (["test"], [ALL], ["pytest"]),
        (["lint", "types"], [ALL], ["ruff", "ruff", "mypy"]),
        (["-j2", "run", "test"], [TO_RUN, ALL], ["factharness", "pytest"]),
    ],
)
def test_make_installs_what_its_target_needs_once(make, targets, installs, others):
    called = make(*targets)
    assert called[:2] == (installs, others)
    assert "torch takes 750 MB" in called[2]
    assert make(*targets)[:2] == ([], others)


@needs_make
def test_the_rest_is_installed_after_a_run_and_nothing_after_the_rest(make):
    make("run")
    assert make("test")[0] == [ALL]
    assert make("run", "test", "lint")[0] == []


@needs_make
def test_the_site_is_built_without_back_ends(make):
    installs, _, said = make("docs")
    assert installs == [DOCS]
    assert "torch" not in said
    assert make("docs")[0] == []


@needs_make
def test_who_has_everything_can_run(make):
    make("test")
    assert make("run")[0] == []


@needs_make
@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_change_of_the_requirements_installs_again(make, tmp_path, name):
    make("run", "test")
    for stamp in (tmp_path / ".venv").glob(".installed*"):
        os.utime(stamp, (1.1e9, 1.1e9))
    os.utime(tmp_path / name, (1.2e9, 1.2e9))
    assert make("run")[0] == [TO_RUN]
    assert make("test")[0] == [ALL]


@needs_make
def test_what_could_not_be_installed_is_tried_again(make, tmp_path):
    (tmp_path / "broken").touch()
    assert make("run")[:2] == ([TO_RUN], [])
    (tmp_path / "broken").unlink()
    assert make("run")[:2] == ([TO_RUN], ["factharness"])
