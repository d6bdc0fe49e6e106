"""Every command is in the README or on a page of docs/, and each of its options on such a page as well."""

import re
from pathlib import Path

import click
import pytest

from factharness.cli import app

ROOT = Path(__file__).resolve().parents[3]
CODE = re.compile(r"^ *```.*?^ *```$|`[^`]+`", re.MULTILINE | re.DOTALL)
PAGES = {
    path.relative_to(ROOT).as_posix(): "\n".join(CODE.findall(path.read_text(encoding="utf-8")))
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
}


def commands(command=app, path=()):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), (*path, name))


COMMANDS = {" ".join(path) or "factharness": command for path, command in commands()}


def pages_with(*names):
    """The pages that have one of the names in their code, as a whole: ``--seed`` is not in ``--seeds``."""
    words = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names)
    return {
        page for page, code in PAGES.items() if re.search(rf"(?<![\w-])({words})(?![\w-])", code)
    }


def test_there_are_commands_and_pages():
    assert {"factharness", "run", "gold", "gold check", "cache clear"} <= COMMANDS.keys()
    assert {"README.md", "docs/suites.md"} <= PAGES.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_options_are_on_one_page(name):
    pages = pages_with(name)
    assert pages, f"no page says `{name}`"
    options = [
        option
        for option in COMMANDS[name].params
        if isinstance(option, click.Option) and not option.hidden  # deprecated ones are
    ]
    assert [
        option.opts[0]
        for option in options
        if not pages & pages_with(*option.opts, *option.secondary_opts)
    ] == []
