"""``factharness extract``: one back end over a corpus without gold."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factharness.backends.printed import aside, raw
from factharness.cli.options import ErrorBudget, Seconds, Shard, debug_option, isolate_option
from factharness.cli.output import counted
from factharness.errors import HarnessError, Inconclusive, SuiteError
from factharness.escape import brief

if TYPE_CHECKING:
    from factharness.backends.recipe import AnyRecipe
    from factharness.corpus.extraction import ExtractionCounts
    from factharness.corpus.sources import Corpus


@click.command()
@click.argument("backend")
@click.argument("input_", metavar="INPUT", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="The file to write: .jsonl, .jsonl.gz, .csv or .parquet; continued when it was begun.",
)
@click.option(
    "--option", "options", multiple=True, metavar="KEY=VALUE", help="An option of the back end."
)
@click.option(
    "--suite",
    metavar="SUITE",
    help="Take BACKEND from this suite; it may be made of others.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), default=1, metavar="N", help="Processes to run in."
)
@isolate_option
@click.option("--executor", default="local", metavar="local|dask:ADDR", help="Where to run.")
@click.option(
    "--part-size",
    type=click.IntRange(1),
    metavar="BYTES",
    help="With dask: the size of the parts of INPUT; by default 1 MB, more for a large one.",
)
@click.option("--shard", type=Shard(), metavar="K/N", help="Only the K-th of N parts.")
@click.option("--timeout", type=Seconds(), metavar="S", help="Seconds an article may take.")
@click.option(
    "--max-errors",
    type=ErrorBudget(),
    metavar="N|P%",
    help="End with 0 when no more articles failed, with 3 when more did.",
)
@click.option("--resume", is_flag=True, help="Only continue an OUT; without one it is an error.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@debug_option
def extract(
    backend: str,
    input_: Path,
    output: Path,
    options: tuple[str, ...],
    suite: str | None,
    jobs: int,
    isolate: bool,
    executor: str,
    part_size: int | None,
    shard: tuple[int, int] | None,
    timeout: float | None,
    max_errors: tuple[float, bool] | None,
    resume: bool,
    quiet: bool,
) -> int:
    """Extract facts from INPUT, a corpus without gold, with BACKEND.

    INPUT is a .jsonl, .jsonl.gz or .parquet file with id, text and published, a .txt or .gold file, a folder of
    such files, or a pattern in quotes, such as 'archive/2024-*.txt'. BACKEND is a registered name,
    file:PATH:FACTORY, or a back end of the SUITE. The ending of OUT says what is written, in the order of
    INPUT: .jsonl and .jsonl.gz a line per article, .csv and .parquet a row per fact. After an interruption,
    the same command continues where it stopped. On a cluster (--executor dask:ADDR), OUT is a folder of parts
    that its workers write, in the form that its ending says; INPUT and OUT must be where all workers see them.

    Exit codes: 0 every article was extracted, or no more failed than --max-errors allows; 1 some failed, or a
    part of a combination did; 2 wrong use, or a part is unavailable (the others decided); 3 all failed, more
    than allowed, or there are none.
    """
    from factharness.backends.workers import Placement
    from factharness.corpus import extraction, on_cluster, sources

    where = Placement.parse(executor, jobs, isolate=isolate)
    if where.dask is None and part_size is not None:
        raise click.UsageError("--part-size is for --executor dask:ADDR")
    if where.dask is not None and shard is not None:
        raise click.UsageError(
            "--shard and --executor dask:ADDR exclude each other: the workers of a cluster share the input"
        )
    recipe = _recipe(backend, options, suite, timeout)
    found = sources.find(input_)
    if found.left_out and not quiet:
        click.echo(f"{input_}: not read: {sources.counted(found.left_out)}", err=True)
    show = not quiet and sys.stderr.isatty()
    # To count the articles of a large input takes its time, in which a cluster can begin already.
    total = _total(found, shard) if show and where.dask is None else None
    try:
        with _progress(total, show=show) as listen, aside():
            if where.dask is None:
                tally = extraction.extract(
                    recipe, found, output, where=where, shard=shard, resume=resume, listen=listen
                )
            else:
                tally = on_cluster.extract(
                    recipe,
                    found,
                    output,
                    where.dask,
                    part_size=part_size,
                    resume=resume,
                    count=show or (max_errors is not None and max_errors[1]),
                    enough=lambda tally: _surely_above(tally, max_errors),
                    listen=listen,
                    warn=lambda message: click.echo(f"factharness: {message}", err=True),
                )
    except KeyboardInterrupt:
        click.echo(f"{output}: stopped; the same command goes on from there", err=True)
        raise
    for article, error in tally.failed:
        click.echo(f"{backend} failed on {article}: {brief(error)}", err=True)
    if tally.errors > len(tally.failed):
        click.echo(
            f"… and {tally.errors - len(tally.failed)} more: see the errors in {output}", err=True
        )
    if tally.repeats:
        click.echo(f"{input_}: {repeated_ids(tally)}", err=True)
    if tally.errors == tally.articles and not tally.unread:
        failed = f"all failed: {counted(tally.articles, 'article')}"
        raise Inconclusive(
            failed if tally.articles else "there is no article",
            file=output if tally.articles else input_,
        )
    if not quiet:
        before = f", {tally.before} of them before" if tally.before else ""
        click.echo(
            f"{output}: {counted(tally.articles, 'article')}{before}; "
            f"{counted(tally.facts, 'fact')}, {counted(tally.errors, 'error')}",
            err=True,
        )
    for part, why in tally.missing.items():
        click.echo(f"{backend}: combined without {part}, which is unavailable: {why}", err=True)
    for part, times in tally.without.items():
        click.echo(
            f"{backend}: {part} failed on {counted(times, 'article')}, the others decided", err=True
        )
    return _verdict(tally, max_errors, output)


def repeated_ids(tally: ExtractionCounts) -> str:
    """Says which ids an earlier article has."""
    names = ", ".join(tally.repeated) + (", …" if tally.repeats > len(tally.repeated) else "")
    have = "has" if tally.repeats == 1 else "have"
    return f"{counted(tally.repeats, 'article')} {have} an id that an earlier one has: {names}"


def _surely_above(tally: ExtractionCounts, budget: tuple[float, bool] | None) -> bool:
    """Whether more articles failed than may, even if none of those still to come does."""
    if budget is None:
        return False
    limit, share = budget
    if not share:
        return tally.errors > limit
    return tally.total is not None and tally.errors > tally.total * limit / 100


def _verdict(tally: ExtractionCounts, budget: tuple[float, bool] | None, output: Path) -> int:
    """The exit code of an extraction in which not all articles failed."""
    if tally.missing:
        return HarnessError.exit_code
    if budget is None:
        return 1 if tally.errors or tally.without else 0
    limit, share = budget
    if tally.errors > (tally.articles * limit / 100 if share else limit):
        raise Inconclusive(
            f"{tally.errors} of {counted(tally.articles, 'article')} failed, more than "
            f"--max-errors {limit:g}{'%' * share} allows{'; the others were not read' * tally.unread}",
            file=output,
            remedy="see the errors above",
        )
    return 0


def _recipe(
    backend: str, options: tuple[str, ...], suite: str | None, timeout: float | None
) -> AnyRecipe:
    from factharness.backends.recipe import Recipe
    from factharness.resources import find
    from factharness.runs.recipes import recipe
    from factharness.runs.suite import read

    if suite is None:
        return Recipe(backend, dict(map(_option, options)), ".", timeout)
    if options:
        raise click.UsageError("--option and --suite: the suite has the options of its back ends")
    return recipe(read(find("suites", suite)), backend, timeout)


def _option(text: str) -> tuple[str, Any]:
    """Read ``KEY=VALUE``; the value is written as in a suite, or a string without quotes."""
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise SuiteError(f"{text!r} is not KEY=VALUE", remedy="for example --option model=NAME")
    try:
        parsed = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return key, value
    return key, parsed["value"] if len(parsed) == 1 else value


def _total(corpus: Corpus, shard: tuple[int, int] | None) -> int:
    """How many articles of a corpus are to be extracted."""
    part, parts = shard or (1, 1)
    return len(range(part - 1, len(corpus), parts))


@contextmanager
def _progress(total: int | None, *, show: bool) -> Iterator[Callable[[ExtractionCounts], None]]:
    """Yield a function to call after each article; it moves a progress bar when ``show``, else does nothing.

    Without ``total``, the bar knows how many articles there are as soon as the counts do.
    """
    if not show:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Articles per second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:.1f}/s")

    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=Console(file=raw(sys.stderr)),
        transient=True,
    )
    with bars:
        task = bars.add_task("extracting", total=total)
        begun = False

        def listen(tally: ExtractionCounts) -> None:
            nonlocal begun
            if not begun:
                # Articles of an earlier, interrupted call took no time now: the rate is without them.
                bars.reset(task)
                begun = True
            known = total if tally.total is None else tally.total
            left = None if known is None else known - tally.before
            bars.update(task, total=left, completed=tally.articles - tally.before)

        yield listen
