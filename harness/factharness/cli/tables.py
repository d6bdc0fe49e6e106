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
"""Columns of the tables where the output is no terminal, and the fewest where it is one."""


def print_tables(runs: Sequence[Run], *, detail: bool, verbose: bool) -> None:
    """Print the tables of runs; ``detail`` and ``verbose`` as in :func:`factharness.report.layout.tables`."""
    from factharness.report import text_tables

    terminal = sys.stdout.isatty()
    width = max(WIDTH, shutil.get_terminal_size().columns) if terminal else WIDTH
    styled = terminal and not os.environ.get("NO_COLOR")
    text = text_tables(runs, width, styled=styled, detail=detail, verbose=verbose)
    click.echo(text, file=raw(sys.stdout) if styled else None)
