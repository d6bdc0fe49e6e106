"""``factharness combine``: makes one run of its shards."""

from __future__ import annotations

from pathlib import Path

import click

from factharness.cli.options import Replacing
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
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def combine(runs: tuple[Path, ...], output: Path, force: bool, quiet: bool) -> None:
    """Make one run of the N shards that `run --shard K/N` made, and print its table."""
    from factharness.report import renderings
    from factharness.runs import shards
    from factharness.runs.directory import load
    from factharness.runs.folder import outdate

    if force:
        outdate(output)
    done = shards.combine([load(run) for run in runs], output, renderings, force=force)
    if not quiet:
        print_tables([done], detail=False)
