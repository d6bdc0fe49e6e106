"""``factharness report``: a stored run, rendered again without any model."""

from __future__ import annotations

from pathlib import Path

import click

from factharness.errors import HarnessError, OutputError, unknown


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A file; its suffix decides.",
)
def report(runs: tuple[Path, ...], output: Path | None) -> None:
    """Render stored runs as text, or as the format of PATH's suffix (txt, md, csv, json)."""
    from factharness.report import FORMATS
    from factharness.run.record import load, write_bytes

    suffix = "txt" if output is None else output.suffix.removeprefix(".")
    if suffix not in FORMATS:
        message, remedy = unknown("format", suffix, FORMATS)
        raise HarnessError(message, file=output, remedy=remedy)
    rendered = FORMATS[suffix]([load(run) for run in runs])
    if output is None:
        click.echo(rendered, nl=False)
        return
    try:
        write_bytes(output, rendered.encode("utf-8"))
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", file=output) from error
