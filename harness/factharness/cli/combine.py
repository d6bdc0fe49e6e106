"""``factharness combine``: makes one run of its shards."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from factharness.cli.options import Replacing, with_texts_option
from factharness.cli.tables import print_tables


@click.command(cls=Replacing)
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The new run.",
)
@click.option("--force", is_flag=True, help="Replace the run that DIR holds.")
@click.option("--no-html", is_flag=True, help="Write no report.html, the page of the run.")
@with_texts_option
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def combine(
    runs: tuple[Path, ...],
    output: Path,
    force: bool,
    no_html: bool,
    with_texts: bool,
    quiet: bool,
) -> None:
    """Make one run of the N shards that `run --shard K/N` made, and print its table."""
    from factharness.report import renderings
    from factharness.runs import shards
    from factharness.runs.directory import load
    from factharness.runs.folder import outdate

    if force:
        outdate(output)
    render = partial(renderings, html=not no_html, with_texts=with_texts)
    done = shards.combine([load(run) for run in runs], output, render, force=force)
    if not quiet:
        print_tables([done], detail=False)
