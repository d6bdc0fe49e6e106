"""``factharness backends``: what can be run here, and what it is."""

from __future__ import annotations

import inspect
from pathlib import Path

import click

from factharness.errors import BackendError


@click.group()
def backends() -> None:
    """List, show and begin back ends."""


@backends.command("list")
def list_() -> None:
    """Every registered back end, and why it cannot be used where it cannot."""
    from tabulate import tabulate

    from factharness.run.backends import listing

    rows = [
        (row.name, "available" if row.problem is None else "unavailable", row.problem or row.target)
        for row in listing()
    ]
    click.echo(
        tabulate(rows, headers=("back end", "state", "where, or why not"), tablefmt="simple")
    )


@backends.command()
@click.argument("name")
def show(name: str) -> None:
    """What NAME claims to find, its options and everything that can change its output."""
    from factharness.extractor import label_scheme
    from factharness.run.backends import build, factory

    make = factory(name)
    click.echo(f"{name}: {inspect.getdoc(make) or 'no description'}\n")
    click.echo(f"options: {inspect.signature(make)}")
    try:
        extractor = build(name, {})
    except BackendError as error:
        click.echo(f"with its default options it cannot be built: {error}")
        return
    click.echo(f"kinds: {', '.join(sorted(extractor.kinds))}")
    click.echo(f"labels: {label_scheme(extractor)}")
    for key, value in sorted(extractor.fingerprint().items()):
        click.echo(f"  {key}: {value}")


@backends.command()
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The folder to write into (default: this one).",
)
def new(name: str, output: Path) -> None:
    """Begin a back end of your own: NAME.py, which works, and test_NAME.py, its contract test."""
    from factharness.run.scaffold import scaffold

    module, test = scaffold(name, output)
    click.echo(
        f"""{module}: the back end
{test}: its test; run it with: pytest {test}

To see it beside others, put it into a suite:

[[backend]]
use = "file:{module}:build"
name = "{name}\""""
    )
