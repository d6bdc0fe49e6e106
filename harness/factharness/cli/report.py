"""``factharness report``: renders stored runs again; no back end or model is needed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from factharness.cli.options import all_articles_option, with_texts_option
from factharness.cli.tables import print_tables, say_what_is_shown
from factharness.errors import HarnessError, unknown


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The file to write; its suffix names the format.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show the signatures of the numbers, too.")
@with_texts_option
@all_articles_option
def report(
    runs: tuple[Path, ...],
    output: Path | None,
    verbose: bool,
    with_texts: bool,
    all_articles: bool,
) -> None:
    """Render stored runs as text, or as the format of PATH's suffix (txt, md, html, csv, json, tex, junit.xml).

    A page (html) shows one run: its numbers, its articles with what each back end said, its mistakes.
    """
    from factharness.files import write_text
    from factharness.report import FORMATS, page
    from factharness.runs.directory import load

    suffix = "txt" if output is None else _suffix(output.name, FORMATS)
    if suffix not in FORMATS:
        message, remedy = unknown("format", suffix, FORMATS)
        raise HarnessError(message, file=output, remedy=remedy)
    for_page = {"--with-texts": with_texts, "--all-articles": all_articles}
    for option in (option for option, given in for_page.items() if given and suffix != "html"):
        raise click.UsageError(f"{option} is for a page: name one with -o PATH.html")
    loaded = [load(run) for run in runs]
    if output is None:
        print_tables(loaded, detail=True, verbose=verbose)
        return
    if suffix == "html":
        write_text(output, page(loaded, with_texts=with_texts, all_articles=all_articles))
        if not all_articles:
            say_what_is_shown(loaded[0])
    else:
        write_text(output, FORMATS[suffix](loaded, verbose=verbose))


def _suffix(name: str, known: Iterable[str]) -> str:
    """The longest known suffix of a file name (``junit.xml``), else what follows its last dot."""
    found = [suffix for suffix in known if name.endswith(f".{suffix}")]
    return max(found, key=len, default=name.rpartition(".")[2])
