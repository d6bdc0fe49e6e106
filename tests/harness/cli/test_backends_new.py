"""`factharness backends new`: what it writes works, and it never writes over anything."""

import re
import shlex
import subprocess
import sys

import pytest


@pytest.fixture
def begun(shell):
    said = shell("backends", "new", "sigles")
    assert said.returncode == 0, said.stderr
    return said


def test_what_it_writes_passes_its_own_test(shell, begun):
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_sigles.py"],
        capture_output=True,
        text=True,
        cwd=shell.folder,
    )
    assert "2 passed" in said.stdout, said.stdout


def test_the_test_it_writes_fails_when_the_back_end_is_broken(shell, begun):
    module = shell.folder / "sigles.py"
    module.write_text(module.read_text(encoding="utf-8").replace('{"entity"}', '{"date"}'))
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_sigles.py"],
        capture_output=True,
        text=True,
        cwd=shell.folder,
    )
    assert "a kind it does not claim" in said.stdout


def test_what_it_prints_belongs_into_a_suite(shell, begun):
    printed = begun.stdout[begun.stdout.index("[[backend]]") :]
    suite = shell.folder / "suites" / "own.toml"
    suite.parent.mkdir()
    (shell.folder / shell.suite(backends=printed)).rename(suite)
    said = shell("run", suite, "-o", "out")
    assert said.returncode == 0, said.stderr
    assert "sigles" in said.stdout
    (line,) = re.findall(r"^factharness (run .*)$", begun.stdout, re.M)
    said = shell(*shlex.split(line), "--limit", "1", "-o", "other")
    assert said.returncode == 0, said.stderr
    assert "sigles" in said.stdout


@pytest.mark.parametrize("there", ["sigles.py", "test_sigles.py"])
def test_it_never_overwrites_and_leaves_nothing_half_done(shell, there):
    (shell.folder / there).write_text("mine")
    said = shell("backends", "new", "sigles")
    assert said.returncode == 2
    assert f"{there}: exists already" in said.stderr
    assert [path.name for path in shell.folder.glob("*.py")] == [there]
    assert (shell.folder / there).read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mon-extracteur", "cannot be a module's name"),
        ("2024", "cannot be a module's name"),
        ("class", "cannot be a module's name"),
        ("../up", "cannot be a module's name"),
        ("json", "taken by a back end or a library"),
        ("rules", "taken by a back end or a library"),
    ],
)
def test_a_name_that_will_not_do(shell, name, said):
    answer = shell("backends", "new", name)
    assert (answer.returncode, said in answer.stderr) == (2, True), answer.stderr
    assert not list(shell.folder.glob("*.py"))


def test_a_folder_that_is_not_there(shell):
    said = shell("backends", "new", "sigles", "-o", shell.folder / "none")
    assert (said.returncode, "cannot be written" in said.stderr) == (2, True)
