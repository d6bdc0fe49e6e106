"""Prints JSON, workflow commands and coloured text, and writes numbers with their nouns.

All other output is printed with ``click.echo``, and the output streams escape it (see
:mod:`factharness.backends.printed`). The output of this module is escaped here, each in its own way, and
written to the unescaped stream.
"""

from __future__ import annotations

import csv
import io
import itertools
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
import msgspec

from factharness import escape
from factharness.backends.printed import raw


def counted(number: int, noun: str) -> str:
    """``1 article``, ``40 articles``."""
    return f"{number} {noun}{'s' * (number != 1)}"


def print_json(value: Any) -> None:
    """A value as indented JSON."""
    document = msgspec.json.format(msgspec.json.encode(value), indent=1).decode()
    click.echo(escape.json(document))


def print_json_list(values: Iterable[Any]) -> None:
    """Values as an indented JSON list, each printed when it comes."""
    opening = "["
    for value in values:
        document = msgspec.json.format(msgspec.json.encode(value), indent=1).decode()
        click.echo(f"{opening}\n{escape.json(document)}", nl=False)
        opening = ","
    click.echo("[]" if opening == "[" else "\n]")


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> None:
    """Rows of CSV under their header, each printed when it comes. None is an empty field."""
    for row in itertools.chain([columns], rows):
        line = io.StringIO()
        shown = [escape.csv(cell) if isinstance(cell, str) else cell for cell in row]
        csv.writer(line, lineterminator="\n").writerow(shown)
        click.echo(line.getvalue(), nl=False)


def print_commands(commands: str) -> None:
    """Workflow commands, from :func:`factharness.escape.workflow_command`, each with its line end."""
    click.echo(commands, nl=False, file=raw(sys.stdout))


def print_styled(text: str, **style: Any) -> None:
    """Text in a style of click's: ``bold=True``, ``fg="red"``."""
    click.echo(click.style(escape.terminal(text), **style), file=raw(sys.stdout))
