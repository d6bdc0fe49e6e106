"""``factharness combine``: makes one run of its shards."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from factharness.cli.extract import repeated_ids
from factharness.cli.options import Replacing, with_texts_option
from factharness.cli.output import counted
from factharness.cli.tables import print_tables, say_what_is_shown


@click.command(cls=Replacing)
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="The new run, or the file of the whole extraction.",
)
@click.option("--force", is_flag=True, help="Replace what OUT holds.")
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
    """Join the N shards that `run --shard K/N` or `extract --shard K/N` made into one.

    From the shards of a run, OUT is a run directory, and its table is printed. From the files of an extraction,
    or the folder of parts that an extraction on a cluster wrote, OUT is one file, in the form that its ending
    says.
    """
    from factharness.corpus import joining

    of_extraction = [joining.is_extraction(run) for run in runs]
    if all(of_extraction):
        counts = joining.join(runs, output, force=force)
        if counts.repeats:
            click.echo(f"{output}: {repeated_ids(counts)}", err=True)
        if not quiet:
            click.echo(f"{output}: {counted(counts.articles, 'article')}", err=True)
        return
    if any(of_extraction):
        run, file = runs[of_extraction.index(False)], runs[of_extraction.index(True)]
        raise click.UsageError(f"{run} and {file}: combine either runs or files of an extraction")
    _combine_runs(runs, output, force=force, no_html=no_html, with_texts=with_texts, quiet=quiet)


def _combine_runs(
    runs: tuple[Path, ...],
    output: Path,
    *,
    force: bool,
    no_html: bool,
    with_texts: bool,
    quiet: bool,
) -> None:
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
        if not no_html:
            say_what_is_shown(done)
