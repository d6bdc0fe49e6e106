"""`.ci/install.py`: which package, how far; and everything when pip fails."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "install.py"

# What pip 23.0 prints of a package index that has no metadata beside the files, and pip 25 of one that has.
OLD = """\
Looking in indexes: https://somebody:secret@packages.example/simple
Obtaining file:///home/a/factharness
  Installing build dependencies: started
  Installing build dependencies: finished with status 'done'
Collecting numpy>=2.0
  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.6 MB)
Collecting seqeval>=1.2
  Downloading seqeval-1.2.2.tar.gz (43 kB)
Processing /home/a/wheels/torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl (from factharness==0.1.0)
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
    assert list(install.progress(OLD.splitlines(), 4)) == [
        "[  1 of about 4] numpy 2.4.6 (16.6 MB)",
        "[  2 of about 4] seqeval 1.2.2 (43 kB)",
        "[  3 of about 4] torch 2.13.0+cpu",
        "WARNING: seqeval 1.2.2 has been yanked",
        "unpacking 4 packages ...",
    ]


def test_what_is_chosen_first_and_fetched_later_is_named_twice(install):
    assert list(install.progress(NEW.splitlines(), 0)) == [
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
