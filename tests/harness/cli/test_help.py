"""Every command has help, and wrong use ends in code 2 with one clear line."""

import subprocess
import sys

import pytest

from factharness.cli import COMMANDS


def factharness(*args, cwd=None):
    return subprocess.run(
        [sys.executable, "-c", "from factharness.cli import main; main()", *map(str, args)],
        capture_output=True,
        text=True,
        cwd=cwd,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    said = factharness(command, "--help")
    assert said.returncode == 0
    assert "Usage:" in said.stdout


def test_a_misspelt_command_is_refused_with_the_nearest():
    said = factharness("rnu")
    assert (said.returncode, "Did you mean 'run'?" in said.stderr) == (2, True)


def test_a_misspelt_suite_is_refused_with_the_nearest():
    said = factharness("run", "defualt")
    assert said.returncode == 2
    assert "unknown suite 'defualt'; did you mean 'default'?" in said.stderr


def test_an_unknown_option_is_refused():
    assert factharness("run", "--colour").returncode == 2
