"""Every command has help, and wrong use ends in code 2 with one clear line."""

import pytest

from factharness.cli import COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(shell, command):
    said = shell(command, "--help")
    assert said.returncode == 0
    assert "Usage:" in said.stdout


def test_a_misspelt_command_is_refused_with_the_nearest(shell):
    said = shell("rnu")
    assert (said.returncode, "Did you mean 'run'?" in said.stderr) == (2, True)


def test_a_misspelt_suite_is_refused_with_the_nearest(shell):
    said = shell("run", "defualt")
    assert said.returncode == 2
    assert "unknown suite 'defualt'; did you mean 'default'?" in said.stderr


def test_an_unknown_option_is_refused(shell):
    assert shell("run", "--colour").returncode == 2
