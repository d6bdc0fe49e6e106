"""``factharness history``: how the scores changed over the stored runs."""

from __future__ import annotations

from pathlib import Path

import click

from factharness.cli.tables import terminal_width
from factharness.errors import HarnessError, Inconclusive, unknown


@click.command()
@click.argument("folder", default="reports", type=click.Path(path_type=Path))
@click.option("--suite", metavar="NAME", help="Only the runs of this suite.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.svg",
    help="Draw the scores over time, too.",
)
def history(folder: Path, suite: str | None, output: Path | None) -> None:
    """Print the scores of the runs stored in FOLDER (default: reports), oldest first.

    A table has only numbers that can be compared: same gold, scheme and regime. A folder that is not a complete
    run is left out with a note.
    """
    from factharness.files import write_text
    from factharness.report.history import table, trends
    from factharness.report.text import render
    from factharness.report.trend import svg
    from factharness.runs.history import stored

    if output is not None and output.suffix != ".svg":
        raise HarnessError("the trend is drawn as SVG", file=output, remedy="name a .svg file")
    runs, notes = stored(folder)
    for note in notes:
        click.echo(f"note: {note}", err=True)
    if suite is not None:
        known = {run.manifest.suite for run in runs}
        if suite not in known:
            message, remedy = unknown("suite", suite, known)
            raise HarnessError(f"{message} among these runs", file=folder, remedy=remedy)
        runs = [run for run in runs if run.manifest.suite == suite]
    found = trends(runs)
    if not found:
        raise Inconclusive("no run to show", file=folder, remedy="make one with `factharness run`")
    click.echo(render(map(table, found), terminal_width()))
    if output is not None:
        write_text(output, svg(found))
