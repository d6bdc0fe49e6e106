"""The directive ``commands``: a section for each command of factharness, made of what ``--help`` prints."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from factharness.cli import app as factharness

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_CODE = re.compile(r"(?<![\w-])(--?[a-z][\w-]*|[A-Z]{2,}[A-Z_]*)(?![\w-])")
"""Options and metavariables within a sentence of help."""


def commands(
    command: click.Command = factharness, path: tuple[str, ...] = ("factharness",)
) -> Iterator[tuple[click.Context, click.Command]]:
    """Each command that ``--help`` lists, with the context in which it is called; those above come first."""
    context = click.Context(command, info_name=" ".join(path), terminal_width=100)
    yield context, command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from commands(child, (*path, name))


def anchor(name: str) -> str:
    """The anchor of a command's section, as GitHub makes one of its heading."""
    return name.replace(" ", "-")


def _sentence(text: str) -> list[nodes.Node]:
    """Text in which options and metavariables are code."""
    found: list[nodes.Node] = []
    for number, piece in enumerate(_CODE.split(text)):
        if piece:
            found.append(nodes.literal(piece, piece) if number % 2 else nodes.Text(piece))
    return found


def _paragraphs(text: str) -> Iterator[nodes.Node]:
    """The paragraphs of a help text; one that begins with ``\\b`` keeps its lines, as it does in a terminal."""
    for block in inspect.cleandoc(text).split("\n\n"):
        if block.startswith("\b"):
            lines = block.lstrip("\b\n")
            yield nodes.literal_block(lines, lines, language="text")
        else:
            yield nodes.paragraph("", "", *_sentence(" ".join(block.split())))


def _options(context: click.Context, command: click.Command) -> nodes.definition_list | None:
    """The options of a command, each with its help; None for one that has only ``--help``."""
    rows = [
        record
        for option in command.get_params(context)
        if isinstance(option, click.Option) and "--help" not in option.opts
        if (record := option.get_help_record(context)) is not None
    ]
    if not rows:
        return None
    items = [
        nodes.definition_list_item(
            "",
            nodes.term("", "", nodes.literal(names, names)),
            nodes.definition("", nodes.paragraph("", "", *_sentence(" ".join(help_.split())))),
        )
        for names, help_ in rows
    ]
    return nodes.definition_list("", *items, classes=["options"])


class Commands(SphinxDirective):
    """A section for each command: how it is called, what it does, its options."""

    def run(self) -> list[nodes.Node]:
        """The sections, in the order of ``factharness --help``."""
        return [self.section(context, command) for context, command in commands()]

    def section(self, context: click.Context, command: click.Command) -> nodes.section:
        """The section of one command."""
        name = context.command_path
        usage = command.get_usage(context).removeprefix("Usage: ")
        options = _options(context, command)
        section = nodes.section(ids=[anchor(name)], names=[nodes.fully_normalize_name(name)])
        section += nodes.title(name, name)
        section += nodes.literal_block(usage, usage, language="text")
        section += list(_paragraphs(command.help or ""))
        if options is not None:
            section += options
        self.state.document.note_explicit_target(section, section)
        return section


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("commands", Commands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
