"""``factharness run``: plan, run, print the table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factharness.cli.options import (
    ErrorBudget,
    Replacing,
    Seconds,
    Shard,
    debug_option,
    isolate_option,
    with_texts_option,
)
from factharness.cli.tables import print_tables, say_what_is_shown
from factharness.errors import HarnessError, Inconclusive
from factharness.escape import brief

if TYPE_CHECKING:
    from factharness.runs.record import Run


@click.command(cls=Replacing)
@click.argument("suite", default="default")
@click.option(
    "--gold",
    multiple=True,
    metavar="SET",
    help="This gold set, by path or name, instead of the suite's; repeatable.",
)
@click.option(
    "-b",
    "--backend",
    "backends",
    multiple=True,
    metavar="NAME|'NAME(OPTION=VALUE, …)'",
    help="Only this back end of the suite, or any other with its options; repeatable.",
)
@click.option(
    "--save-suite",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what is run as a suite file.",
)
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", help="The first N articles of each set."
)
@click.option(
    "--sample", type=click.IntRange(1), metavar="N", help="N random articles of each set."
)
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of --sample.")
@click.option("--article", "articles", multiple=True, metavar="ID", help="Only this article.")
@click.option(
    "--unconfirmed", is_flag=True, help="Score gold that a back end proposed and nobody confirmed."
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), default=1, metavar="N", help="Processes to run in."
)
@isolate_option
@click.option("--executor", default="local", metavar="local|dask:ADDR", help="Where to run.")
@click.option("--shard", type=Shard(), metavar="K/N", help="Only the K-th of N parts; see combine.")
@click.option("--timeout", type=Seconds(), metavar="S", help="Seconds an article may take.")
@click.option(
    "--max-errors",
    type=ErrorBudget(),
    metavar="N|P%",
    help="End with 0 when each back end failed on no more articles, with 3 when one did.",
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Take the predictions that this run has, where nothing has changed.",
)
@click.option("--no-cache", is_flag=True, help="Neither read nor keep predictions and results.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="The run directory."
)
@click.option("--force", is_flag=True, help="Replace the run that DIR holds.")
@click.option("-v", "--verbose", is_flag=True, help="Print the signatures of the numbers, too.")
@click.option("--no-html", is_flag=True, help="Write no report.html, the page of the run.")
@with_texts_option
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@debug_option
def run(
    suite: str,
    gold: tuple[str, ...],
    save_suite: Path | None,
    backends: tuple[str, ...],
    limit: int | None,
    sample: int | None,
    seed: int,
    articles: tuple[str, ...],
    unconfirmed: bool,
    jobs: int,
    executor: str,
    isolate: bool,
    shard: tuple[int, int] | None,
    timeout: float | None,
    max_errors: tuple[float, bool] | None,
    resume: Path | None,
    no_cache: bool,
    output: Path | None,
    force: bool,
    no_html: bool,
    with_texts: bool,
    verbose: bool,
    quiet: bool,
) -> int:
    """Run the back ends of SUITE on its gold sets, and print the comparison.

    SUITE is a file, or the name of one under suites/ (default: the suite that comes with factharness).

    Exit codes: 0 all scored, or no more errors than --max-errors allows; 1 a back end failed on some
    articles; 2 wrong use, or a back end is unavailable; 3 nothing scored, or more errors than allowed.
    """
    from factharness import api
    from factharness.progress import Bars

    if force and output is None:
        raise click.UsageError("--force replaces the run in a folder: name it with -o DIR")
    if with_texts and no_html:
        raise click.UsageError("--with-texts is for report.html, which --no-html leaves out")
    if save_suite is not None:
        _save(suite, gold, backends, save_suite)
    with Bars(not quiet and sys.stderr.isatty(), _warn) as bars:
        done = api.run(
            suite,
            gold=gold,
            backends=backends,
            limit=limit,
            sample=sample,
            seed=seed,
            articles=articles,
            shard=shard,
            unconfirmed=unconfirmed,
            jobs=jobs,
            executor=executor,
            isolate=isolate,
            timeout=timeout,
            resume=resume,
            cache=not no_cache,
            output=output,
            force=force,
            html=not no_html,
            with_texts=with_texts,
            listener=bars,
        )
    if not quiet:
        print_tables([done], detail=False, verbose=verbose)
        click.echo(f"\nWritten to {done.path}", err=True)
        if not no_html:
            say_what_is_shown(done)
    return _verdict(done, max_errors)


def _save(suite: str, gold: tuple[str, ...], backends: tuple[str, ...], target: Path) -> None:
    """Write the suite file that makes ``factharness run FILE`` repeat this run."""
    from factharness.errors import OutputError
    from factharness.files import write_text
    from factharness.resources import find
    from factharness.runs.one_line import saved, with_backends
    from factharness.runs.suite import read

    if target.exists():
        raise OutputError("is there already", file=target, remedy="name another file")
    whole, names = with_backends(read(find("suites", suite)), backends)
    write_text(target, saved(whole.on(gold), names, target.parent))


def _verdict(done: Run, budget: tuple[float, bool] | None) -> int:
    """Print which articles failed, and return the exit code for that."""
    failed, apart = {}, {}
    parts = (done, *done.variants())
    for part in parts:
        where = f" in the variant {part.manifest.variant}" if part.manifest.variant else ""
        for on_set in part.scores.backends:
            for article, error in on_set.errors.items():
                failed[on_set.backend, article + where] = error
            for name, of_part in on_set.without.items():
                for article, error in of_part.items():
                    apart[f"{on_set.backend}, without {name},", article + where] = error
    for (backend, article), error in list(failed.items())[:10]:
        click.echo(f"{backend} failed on {article}: {brief(error)}", err=True)
    if len(failed) > 10:
        click.echo(f"… and {len(failed) - 10} more: see backends/ in {done.path}", err=True)
    for (backend, article), error in list(apart.items())[:10]:
        click.echo(f"{backend} decided on {article}: {brief(error)}", err=True)
    if len(apart) > 10:
        click.echo(f"… and {len(apart) - 10} more: see backends/ in {done.path}", err=True)
    if not any(on_set.articles for on_set in done.scores.backends):
        raise Inconclusive("nothing was scored", remedy="see the errors above")
    if any(backend.unavailable or backend.missing for backend in done.manifest.backends):
        return HarnessError.exit_code
    if budget is None:
        return 1 if failed or apart else 0
    for on_set in (on_set for part in parts for on_set in part.scores.backends):
        errors, tried = len(on_set.errors), len(on_set.errors) + on_set.articles
        limit, share = budget
        if errors > (tried * limit / 100 if share else limit):
            raise Inconclusive(
                f"{on_set.backend} failed on {errors} of {tried} articles of {on_set.goldset}, more than "
                f"--max-errors {limit:g}{'%' * share} allows",
                remedy="see the errors above",
            )
    return 0


def _warn(message: str) -> None:
    click.echo(f"factharness: {message}", err=True)
