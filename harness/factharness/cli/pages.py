"""Prints lines in colour on a terminal, else as plain text with the words of facts in brackets.

A line is a list of pieces; a piece is a text and its role, which decides its colour.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factharness import escape

if TYPE_CHECKING:
    from factharness.report.mistakes import Line

STYLES = {
    "place": "bold",
    "quiet": "dim",
    "entity": "bold cyan",
    "date": "bold magenta",
    "quote": "bold green",
}
"""The style of each role of a piece; those of facts are as in ``gold show``, but always bold."""


class Page:
    """Standard output. ``width`` is how many characters a line should have at most.

    There is no colour where output is no terminal, or where ``NO_COLOR`` is set.
    """

    def __init__(self) -> None:
        from factharness.cli.streams import console

        self._console = console()
        self._coloured = (
            self._console.is_terminal
            and not self._console.no_color
            and self._console.color_system is not None
        )
        self.width = min(max(self._console.width, 60), 120) if self._console.is_terminal else 80

    def print(self, lines: Iterable[Line]) -> None:
        """Print lines, in colour where there is colour."""
        for line in lines:
            text = "".join(piece.text for piece in line)
            # Escaping a whole line would escape its colour codes, too: such a line is printed without colours.
            if self._coloured and escape.terminal(text) == escape.visible(text):
                self._print_coloured(line)
            else:
                click.echo("".join(_bracketed(piece.text, piece.role) for piece in line))

    def _print_coloured(self, line: Line) -> None:
        from rich.text import Text

        shown = Text()
        for piece in line:
            shown.append(escape.line(piece.text), STYLES.get(piece.role))
        self._console.print(shown)


def _bracketed(text: str, role: str) -> str:
    shown = escape.line(text)
    return f"[{shown}]" if role in ("entity", "date", "quote") else shown


def here() -> Path | None:
    """The working directory, to print paths relative to it; None where it has been removed."""
    try:
        return Path(os.getcwd())
    except OSError:
        return None
