"""``factharness compare``: two runs, or two back ends of one run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factharness.cli.mistakes import filter_options, limit_option, listed_at_most
from factharness.cli.options import all_articles_option, with_texts_option
from factharness.cli.output import print_json
from factharness.cli.pages import Page, here
from factharness.cli.run_argument import runs_and_backends
from factharness.cli.tables import say_what_is_shown, terminal_width

if TYPE_CHECKING:
    from factharness.runs.comparison import Comparison, Flipped
    from factharness.runs.filters import Filter
    from factharness.runs.record import Run
    from factharness.score.stats import Metric


@click.command()
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="HEAD")
@click.option("--flips", is_flag=True, help="Also list the facts that only one side has right.")
@filter_options
@limit_option
@click.option("--regime", "regimes", multiple=True, metavar="R", help="Only this regime.")
@click.option("--labels", is_flag=True, help="A line per label as well.")
@click.option(
    "--metric",
    type=click.Choice(["f1", "precision", "recall"]),
    default="f1",
    show_default=True,
    help="What is compared.",
)
@click.option(
    "--draws",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    metavar="N",
    help="Draws of the interval and of the test.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of the draws.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH.html",
    help="Write a page of the difference.",
)
@with_texts_option
@all_articles_option
def compare(
    base: str,
    head: str,
    flips: bool,
    limit: int | None,
    regimes: tuple[str, ...],
    labels: bool,
    metric: Metric,
    draws: int,
    seed: int,
    as_json: bool,
    output: Path | None,
    with_texts: bool,
    all_articles: bool,
    **asked: tuple[str, ...],
) -> None:
    """Compare HEAD with BASE: each is a run directory, or one of its back ends as RUN:NAME.

    Without names, each back end of HEAD is compared with the back end of the same name in BASE. Differences are
    HEAD minus BASE on the articles that both scored. Exit code 4 when they were measured in different ways.
    --kind, --label, --what, --article and --grep narrow the list of --flips; --limit cuts that of each pair of
    back ends.
    """
    from factharness.report.comparison import data, table
    from factharness.report.text import render
    from factharness.runs.comparison import compare_runs
    from factharness.runs.filters import narrowed

    for_page = {"--with-texts": with_texts, "--all-articles": all_articles}
    for option in (option for option, given in for_page.items() if given and output is None):
        raise click.UsageError(f"{option} is for a page: name one with -o PATH.html")
    if output is not None and output.suffix != ".html":
        raise click.UsageError(f"the difference is written as a page: name {output.stem}.html")
    if limit is not None and not flips:
        raise click.UsageError("--limit is of the list of --flips; add --flips")
    if any(asked.values()) and not flips:
        raise click.UsageError("filters narrow the list of --flips; add --flips")
    sides = runs_and_backends(base, head)
    wanted = narrowed(sides[0][0], sides[1][0], **asked)
    comparisons = compare_runs(
        *sides,
        regimes=regimes,
        labels=labels,
        metric=metric,
        draws=draws,
        seed=seed,
    )
    if output is not None:
        _write_page(output, comparisons, metric, with_texts=with_texts, all_articles=all_articles)
    flipped: list[list[Flipped]] = [[] for _ in comparisons]
    if flips:
        from factharness.runs.flips import admitted

        flipped = [admitted(comparison, wanted) for comparison in comparisons]
    if as_json:
        most = listed_at_most(limit, "json")
        print_json(data(comparisons, [its[:most] for its in flipped]))
        return
    click.echo(
        render(
            (table(one, metric, its) for one, its in zip(comparisons, flipped, strict=True)),
            terminal_width(),
        )
    )
    if flips:
        _print_flips(comparisons, wanted, sides[1][0], listed_at_most(limit, "text"))


def _print_flips(
    comparisons: Sequence[Comparison], wanted: Filter, run: Run, most: int | None
) -> None:
    """Print at most so many flips of each comparison; ``run`` has the texts."""
    from factharness.report.mistakes import flip_lines
    from factharness.runs.flips import flip_entries
    from factharness.runs.texts import Texts

    page, folder, texts = Page(), here(), Texts(run)
    for comparison in comparisons:
        found = flip_entries(comparison, wanted, texts)
        for flip in islice(found, most):
            page.print([[], *flip_lines(flip, width=page.width, here=folder)])
        if next(found, None) is not None:
            click.echo(f"\nThe first {most} facts of {comparison.title}; --limit 0 lists all.")


def _write_page(
    path: Path,
    comparisons: Sequence[Comparison],
    metric: Metric,
    *,
    with_texts: bool,
    all_articles: bool,
) -> None:
    from factharness.files import write_text
    from factharness.report.html import difference
    from factharness.runs.texts import Texts

    base = comparisons[0].base[0]
    page = difference.render(
        comparisons, Texts(base), metric, with_texts=with_texts, all_articles=all_articles
    )
    write_text(path, page)
    if not all_articles:
        say_what_is_shown(base, "changes")
