"""``gold show`` prints a gold file, ``gold stats`` counts a set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factharness.cli.gold_files import READ_PATH, default_paths
from factharness.cli.output import counted, print_json
from factharness.escape import markdown, terminal

if TYPE_CHECKING:
    from rich.text import Text

    from factharness.facts import GoldArticle, Span

STYLES = {"entity": "bold cyan", "date": "bold magenta", "quote": "green"}
"""One style per layer; words that an annotator may have missed are underlined in yellow."""
HINT = "underline yellow"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--no-hints", is_flag=True, help="Do not mark unlabelled capitals and time words.")
def show(file: Path, no_hints: bool) -> None:
    """Show an article and its facts in colour.

    The facts stand under each paragraph, a date with what its value says in French words; unlabelled capitals
    and time words are underlined.
    """
    from factharness.cli.streams import console
    from factharness.gold.sets import load_file

    page = console()
    for part in _shown(load_file(file), marked=not no_hints):
        page.print(part)


def _shown(gold: GoldArticle, *, marked: bool) -> Iterator[Text]:
    """Each paragraph, styled, then its facts; a date with its value in French words."""
    from rich.text import Text

    from factharness.agreement.measure import describe
    from factharness.facts import kind_of, spans_of
    from factharness.gold.hints import hints
    from factharness.gold.readings import reading_of
    from factharness.text import paragraphs

    text = gold.article.text
    styled: list[tuple[Span, str]] = []
    for fact in sorted(gold.facts, key=lambda fact: kind_of(fact.fact) != "quote"):
        style = STYLES[kind_of(fact.fact)] + (" dim" if fact.ignore else "")
        styled += [(span, style) for span in spans_of(fact.fact)]
    missed = hints(gold) if marked else []
    styled += [(hint.span, HINT) for hint in missed]
    for offset, part in paragraphs(text):
        line = Text(terminal(part))
        for span, style in styled:
            start, end = (min(max(one - offset, 0), len(part)) for one in (span.start, span.end))
            if start < end:
                line.stylize(style, len(terminal(part[:start])), len(terminal(part[:end])))
        yield line
        for fact in gold.facts:
            if offset <= spans_of(fact.fact)[0].start < offset + len(part):
                style = STYLES[kind_of(fact.fact)] + (" dim" if fact.ignore else "")
                about = Text(terminal(f"    {describe(fact, text)}"), style=style)
                if value := reading_of(fact, gold.article.published):
                    about.append(terminal(f"  {value}"), style="not bold dim italic")
                yield about
        words = [
            hint.span.of(text) for hint in missed if offset <= hint.span.start < offset + len(part)
        ]
        if words:
            yield Text(terminal(f"    unlabelled: {', '.join(words)}"), style="yellow")
        yield Text()


@click.command()
@click.argument("paths", nargs=-1, type=READ_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.option(
    "--phenomena", is_flag=True, help="Print which phenomenon occurs where, as a Markdown table."
)
def stats(paths: tuple[Path, ...], as_json: bool, phenomena: bool) -> None:
    """Count facts, lengths and phenomena.

    Counts by label and layer, and what the sets have few of. PATHS are files, sets (by path or name),
    or folders of sets (default: goldsets).
    """
    from tabulate import tabulate

    from factharness.gold.parse import read_document, to_article, without_text
    from factharness.gold.problems import gold_paths
    from factharness.gold.set_file import scheme_of
    from factharness.gold.sets import with_text
    from factharness.gold.stats import stats as count

    headers, golds, absent, schemes = [], [], 0, []
    for path in gold_paths(default_paths(paths)):
        document, skipped = with_text(read_document(path))
        headers.append(document.header)
        absent += bool(skipped)
        whole = document.header.text == "full"
        golds.append(to_article(document) if whole else without_text(document))
        if (scheme := scheme_of(path)) not in schemes:
            schemes.append(scheme)
    found = count(golds, headers, schemes)
    if as_json:
        print_json(found)
        return
    if phenomena:
        rows = [
            (markdown(tag), len(names), markdown(", ".join(names)))
            for tag, names in found.phenomena.items()
        ]
        click.echo(tabulate(rows, ["phenomenon", "articles", "where"], tablefmt="github"))
        return
    lengths = sorted(found.words)
    told = counted(found.articles, "article")
    if found.characters is not None:
        of = "" if len(lengths) == found.articles else f"; the text of {len(lengths)} of them has"
        told += (
            f"{of or ','} {found.characters:,} characters, {sum(lengths):,} words "
            f"({lengths[0]} to {lengths[-1]} an article, median {lengths[len(lengths) // 2]})"
        )
    click.echo(told)
    if absent:
        click.echo(f"{absent} of them without their whole text: see gold fetch and gold attach")
    table = [(row.kind, row.label, row.facts, row.ignored, row.articles) for row in found.rows]
    click.echo("\n" + tabulate(table, ["layer", "label", "facts", "don't care", "articles"]))
    tags = [(tag, len(names)) for tag, names in found.phenomena.items()]
    if tags:
        click.echo("\n" + tabulate(tags, ["phenomenon", "articles"]))
    if found.poor:
        click.echo("\nPoor in:\n" + "\n".join(f"  {line}" for line in found.poor))
