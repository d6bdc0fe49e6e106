"""Prints the tables of runs: on a terminal in its width and style, elsewhere 80 columns wide and plain."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from factharness.backends.printed import raw

if TYPE_CHECKING:
    from factharness.runs.record import Run

WIDTH = 80
"""Columns of the tables of a run where the output is no terminal."""

FEWEST = 60
"""The fewest columns that a table takes on a terminal; one that is narrower cuts the lines."""


def terminal_width() -> int | None:
    """The columns of the terminal that the output goes to, :data:`FEWEST` at least; None without one."""
    if not (sys.stdout and sys.stdout.isatty()):  # there is none when its stream is closed
        return None
    return max(FEWEST, shutil.get_terminal_size().columns)


def print_tables(
    runs: Sequence[Run], *, detail: bool, verbose: bool = False, whole: bool = False
) -> None:
    """Print the tables of runs.

    ``detail``
        whether labels, slices and confusion matrices follow the comparison.
    ``verbose``
        whether the signatures of the numbers stand under them.
    ``whole``
        whether also columns are shown that do not fit beside the others.
    """
    from factharness.report import text_tables

    width = terminal_width()
    styled = width is not None and not os.environ.get("NO_COLOR")
    text = text_tables(
        runs, width or WIDTH, styled=styled, detail=detail, verbose=verbose, whole=whole
    )
    click.echo(text, file=raw(sys.stdout) if styled else None)


def say_what_is_shown(run: Run, what: str = "mistakes") -> None:
    """Say on the error stream when a page of a large run shows only some of its articles."""
    from factharness.report.html import shown

    if note := shown.note(run, what):
        click.echo(f"factharness: {note}", err=True)
