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
from factharness.cli.options import Seconds, Shard, debug_option
from factharness.errors import Inconclusive, SuiteError

if TYPE_CHECKING:
    from factharness.corpus.extraction import ExtractionCounts


@click.command()
@click.argument("backend")
@click.argument("input_", metavar="INPUT", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="The JSONL file to write; continued when it exists.",
)
@click.option(
    "--option", "options", multiple=True, metavar="KEY=VALUE", help="An option of the back end."
)
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, help="Processes to run in.")
@click.option("--shard", type=Shard(), metavar="K/N", help="Only the K-th of N parts.")
@click.option("--timeout", type=Seconds(), metavar="S", help="Seconds an article may take.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@debug_option
def extract(
    backend: str,
    input_: Path,
    output: Path,
    options: tuple[str, ...],
    jobs: int,
    shard: tuple[int, int] | None,
    timeout: float | None,
    quiet: bool,
) -> int:
    """Extract facts from INPUT, a corpus without gold, with BACKEND.

    INPUT is a .jsonl file with id, text and published, a folder of .txt files, or a .parquet file. BACKEND is
    a registered name, or file:PATH:FACTORY. OUT gets a line per article, in the order of INPUT: {"id", "facts"}
    or {"id", "error"}. After an interruption, the same command continues where it stopped.

    Exit codes: 0 every article was extracted; 1 some failed; 2 wrong use; 3 all failed, or there are none.
    """
    from factharness.backends import workers
    from factharness.corpus import extraction, sources

    recipe = workers.Recipe(backend, dict(map(_option, options)), ".", timeout)
    found = sources.find(input_)
    try:
        with _progress(found, shard, show=not quiet and sys.stderr.isatty()) as listen, aside():
            tally = extraction.extract(recipe, found, output, jobs=jobs, shard=shard, listen=listen)
    except KeyboardInterrupt:
        click.echo(f"{output}: stopped; the same command goes on from there", err=True)
        raise
    if tally.errors == tally.articles:
        what = f"all {tally.articles} articles failed" if tally.articles else "there is no article"
        raise Inconclusive(what, file=output if tally.articles else input_)
    if not quiet:
        before = f", {tally.before} of them before" if tally.before else ""
        click.echo(
            f"{output}: {tally.articles} articles{before}; {tally.facts} facts, {tally.errors} errors",
            err=True,
        )
    return 1 if tally.errors else 0


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


@contextmanager
def _progress(
    corpus: Any, shard: tuple[int, int] | None, *, show: bool
) -> Iterator[Callable[[ExtractionCounts], None]]:
    """Yield a function to call after each article; it moves a progress bar when ``show``, else does nothing."""
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

    part, parts = shard or (1, 1)
    total = len(range(part - 1, len(corpus), parts))
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

        def listen(tally: ExtractionCounts) -> None:
            if tally.articles == tally.before:
                # What was there before took no time now: the rate is that of this sitting.
                bars.reset(task, total=total - tally.before)
            else:
                bars.update(task, completed=tally.articles - tally.before)

        yield listen
