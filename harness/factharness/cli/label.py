"""``factharness label`` starts the labelling page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from factharness.cli.signals import was_terminated
from factharness.errors import HarnessError

if TYPE_CHECKING:
    from factharness.label.workspace import Settings, Workspace

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--adjudicate", nargs=2, type=FILE, metavar="A B", help="Make one labelling of two.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="With --adjudicate, the .gold file to write; of a text, the folder for its article (default: the"
    " folder of the text).",
)
@click.option("--by", default="", metavar="NAME", help="Who labels; goes into the header.")
@click.option(
    "--review",
    multiple=True,
    metavar="BACKEND",
    default=("rules",),
    show_default=True,
    help="When you have labelled a paragraph, show what this back end finds there and you did not; repeatable.",
)
@click.option(
    "--prelabel",
    multiple=True,
    metavar="BACKEND",
    help="Show what this back end finds before you label; repeatable.",
)
@click.option(
    "--agree",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="Of several back ends, show only what N of them find.",
)
@click.option("--keys", type=FILE, help="A file of keys (default: keys.toml of your settings).")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="The port (default: a free one).",
)
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
def label(
    path: Path | None,
    adjudicate: tuple[Path, Path] | None,
    output: Path | None,
    by: str,
    review: tuple[str, ...],
    prelabel: tuple[str, ...],
    agree: int,
    keys: Path | None,
    port: int,
    no_browser: bool,
) -> None:
    """Label articles in the browser, by keyboard.

    PATH is a .gold file, a set, or a text, of which the page makes a new article. Only this computer can open
    the page; Ctrl-C ends it. What a key does is saved into the .gold file at once.
    """
    if (path is None) == (adjudicate is None):
        raise click.UsageError("name a PATH to label, or --adjudicate A B")
    if max(len(review), len(prelabel)) < agree:
        raise click.UsageError(f"--agree {agree} needs as many back ends: name them by --review")

    from factharness.label.keymap import keymap
    from factharness.label.serve import require, serve
    from factharness.label.workspace import Settings

    require()
    settings = Settings(by.strip(), prelabel, review, agree, keymap(keys))
    workspace = _workspace(path, adjudicate, output, settings)

    def ready(address: str) -> None:
        click.echo(address)
        click.echo("Ctrl-C ends it; everything is saved at once.", err=True)
        if not no_browser:
            import webbrowser

            webbrowser.open(address)

    try:
        serve(workspace, ready, port)
    except KeyboardInterrupt as end:  # the usual way to end this command
        if was_terminated(end):
            raise
    finally:
        workspace.close()


def _workspace(
    path: Path | None,
    adjudicate: tuple[Path, Path] | None,
    output: Path | None,
    settings: Settings,
) -> Workspace:
    """What the page is started on."""
    from factharness.label.adjudication import Adjudication
    from factharness.label.workspace import Workspace

    if adjudicate is None:
        assert path is not None
        if output is not None and (path.is_dir() or path.suffix == ".gold"):
            raise click.UsageError(
                f"-o is for a text or --adjudicate: {path} is saved in its place"
            )
        return Workspace(path, settings, folder=output)
    if output is None or output.suffix != ".gold":
        raise HarnessError(
            "--adjudicate needs a .gold file for the result",
            remedy=f"add -o {adjudicate[0].stem}.gold, in the folder of the set",
        )
    return Workspace(output, settings, adjudication=Adjudication(*adjudicate, output))
