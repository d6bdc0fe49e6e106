"""``gold plan``: how many more articles to label until two back ends can be told apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from factharness.cli.output import print_json
from factharness.cli.tables import terminal_width
from factharness.errors import HarnessError

if TYPE_CHECKING:
    from factharness.runs.record import Run


@click.command()
@click.argument("where", metavar="SET | RUN")
@click.option(
    "--difference",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.02,
    show_default=True,
    metavar="X",
    help="The difference of F1 that is to be shown.",
)
@click.option(
    "-b",
    "--backend",
    "backends",
    multiple=True,
    metavar="NAME",
    help="The two back ends to tell apart, by their names in the run (default: the two best of each column).",
)
@click.option(
    "--minutes-per-article",
    "minutes",
    type=click.FloatRange(0, min_open=True),
    metavar="M",
    help="How long you label an article; adds a column of hours.",
)
@click.option(
    "--runs",
    type=click.Path(path_type=Path),
    default="reports",
    show_default=True,
    metavar="DIR",
    help="Where the newest run of SET is looked for.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan(
    where: str,
    difference: float,
    backends: tuple[str, ...],
    minutes: float | None,
    runs: Path,
    as_json: bool,
) -> None:
    """Say how many more articles to label.

    As many as show a given difference between two back ends (power 0.8, level 0.05), going by a stored RUN, or
    the newest stored run of SET with at least two back ends.
    """
    from factharness.report.effort import table
    from factharness.report.text import render
    from factharness.runs.directory import load
    from factharness.runs.effort import needs

    if len(backends) not in (0, 2):
        raise click.UsageError("name two back ends: -b A -b B")
    articles, goldset = None, None
    if (Path(where) / "run.json").is_file():
        run = load(Path(where))
    else:
        goldset, articles, run = _newest(where, runs)
    found = needs(run, difference, backends=backends, goldset=goldset)
    if as_json:
        print_json(found)
        return
    by_set = {need.goldset: [one for one in found if one.goldset == need.goldset] for need in found}
    tables = (table(held, difference, articles, minutes) for held in by_set.values())
    click.echo(render(tables, terminal_width()))


def _newest(name: str, folder: Path) -> tuple[str, int, Run]:
    """The name of a gold set, how many articles it has, and its newest run. Raises ``HarnessError``."""
    from factharness.gold.set_file import read_set
    from factharness.gold.sets import gold_files
    from factharness.resources import find
    from factharness.runs.effort import newest
    from factharness.runs.history import stored

    place = find("goldsets", name)
    goldset = read_set(place).name
    run = newest(stored(folder)[0], goldset) if folder.is_dir() else None
    if run is None:
        raise HarnessError(
            f"no run of two back ends on {goldset} is stored here",
            file=folder,
            remedy=f"make one: factharness run --gold {name} -b A -b B",
        )
    return goldset, len(gold_files(place)), run
