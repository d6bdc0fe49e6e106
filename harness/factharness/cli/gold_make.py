"""``gold new`` makes a gold file, ``gold show`` prints one, ``gold stats`` counts a set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factharness.backends.printed import aside
from factharness.cli.output import print_json
from factharness.errors import GoldError, HarnessError
from factharness.escape import brief, markdown, terminal

if TYPE_CHECKING:
    from rich.text import Text

    from factharness.facts import Article, GoldArticle, GoldFact, Span
    from factharness.scheme import Scheme

STYLES = {"entity": "bold cyan", "date": "bold magenta", "quote": "green"}
"""One style per layer; words that an annotator may have missed are underlined in yellow."""
HINT = "underline yellow"


class _Published(click.ParamType[date | datetime]):
    """A date or a date-time of ISO 8601."""

    name = "DATE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | datetime:
        """The date, or the date-time."""
        text = str(value)
        try:
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{value!r} is not 2024-03-05 or 2024-03-05T18:30:00+01:00", param, ctx)


PUBLISHED = _Published()


@click.command()
@click.argument("id")
@click.option("--text", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--published", required=True, type=PUBLISHED, help="The day of publication.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A .gold file, or a folder (default: here).",
)
@click.option("--title", default="", help="The headline.")
@click.option("--lang", default="fr", show_default=True)
@click.option("--by", multiple=True, metavar="NAME", help="Who labels it.")
@click.option("--outlet", default="", help="Where it was published.")
@click.option("--url", default="", help="Its address.")
@click.option("--licence", default="", help="The licence of the text, by its SPDX name.")
@click.option("--labels-licence", default="", help="The licence of the labels.")
@click.option(
    "--meta",
    multiple=True,
    metavar="KEY=VALUE",
    help="A slice of the reports, e.g. rubrique=sport.",
)
@click.option("--prelabel", metavar="BACKEND", help="Propose the facts that this back end finds.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def new(
    id: str,
    text: Path,
    published: date | datetime,
    output: Path | None,
    title: str,
    lang: str,
    by: tuple[str, ...],
    outlet: str,
    url: str,
    licence: str,
    labels_licence: str,
    meta: tuple[str, ...],
    prelabel: str | None,
    force: bool,
) -> None:
    """Make a gold file from a text.

    The file has header and paragraphs; write the facts under their paragraphs. Facts that --prelabel proposes
    have "note: unconfirmed"; gold check reports each of them until you remove the note."""
    from factharness.files import make_folder, read_text, write_text
    from factharness.gold.format import render
    from factharness.gold.new import article_from, skeleton
    from factharness.gold.sets import scheme_of

    slices = dict(pair.split("=", 1) for pair in meta if "=" in pair)
    if len(slices) < len(meta):
        raise click.UsageError("--meta is written KEY=VALUE, each key once")
    target = output or Path()
    if target.suffix != ".gold" or target.is_dir():
        target /= f"{id}.gold"
    if target.exists() and not force:
        raise GoldError("is there already", file=target, remedy="choose another id, or use --force")
    article = article_from(id, read_text(text), published, lang=lang, meta=slices)
    scheme = scheme_of(target)
    proposed = _proposed(prelabel, article, scheme) if prelabel else []
    document, losses = skeleton(
        article,
        by=by,
        title=title,
        source={key: value for key, value in (("outlet", outlet), ("url", url)) if value},
        licence={
            key: value for key, value in (("text", licence), ("labels", labels_licence)) if value
        },
        prelabel=prelabel or "none",
        proposed=proposed,
        scheme=scheme.name,
    )
    make_folder(target.parent)
    write_text(target, render(document))
    for loss in losses:
        click.echo(f"{target}: not carried: {loss}", err=True)
    click.echo(f"{target}: {len(document.blocks)} paragraphs, {len(proposed)} facts to confirm")


def _proposed(backend: str, article: Article, scheme: Scheme) -> list[GoldFact]:
    from factharness.backends.execute import predict
    from factharness.backends.registry import build
    from factharness.extractor import label_scheme, load
    from factharness.gold.new import proposals

    with aside():
        extractor = build(backend, {})
        load(extractor)
        (made,) = predict(extractor, [article])
    if made.facts is None:
        raise HarnessError(
            f"{backend}: {brief(str(made.error))}", remedy="make the file without --prelabel"
        )
    facts, left_out = proposals(made.facts, scheme.map_from(label_scheme(extractor)), article.text)
    if left_out:
        click.echo(
            f"{backend}: labels that the gold does not have, left out: {', '.join(left_out)}",
            err=True,
        )
    return facts


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--no-hints", is_flag=True, help="Do not mark unlabelled capitals and time words.")
def show(file: Path, no_hints: bool) -> None:
    """Show an article and its facts in colour.

    The facts stand under each paragraph; unlabelled capitals and time words are underlined.
    """
    from factharness.cli.streams import console
    from factharness.gold.sets import load_file

    page = console()
    for part in _shown(load_file(file), marked=not no_hints):
        page.print(part)


def _shown(gold: GoldArticle, *, marked: bool) -> Iterator[Text]:
    """Each paragraph, styled, then its facts."""
    from rich.text import Text

    from factharness.agreement.measure import describe
    from factharness.facts import kind_of, spans_of
    from factharness.gold.hints import hints
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
                yield Text(terminal(f"    {describe(fact, text)}"), style=style)
        words = [
            hint.span.of(text) for hint in missed if offset <= hint.span.start < offset + len(part)
        ]
        if words:
            yield Text(terminal(f"    unlabelled: {', '.join(words)}"), style="yellow")
        yield Text()


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.option(
    "--phenomena", is_flag=True, help="Print which phenomenon occurs where, as a Markdown table."
)
def stats(paths: tuple[Path, ...], as_json: bool, phenomena: bool) -> None:
    """Count facts, lengths and phenomena.

    Counts by label and layer, and what the sets have few of. PATHS are files, sets, or folders of sets
    (default: goldsets).
    """
    from tabulate import tabulate

    from factharness.cli.gold_files import default_paths
    from factharness.gold.parse import read_document, to_article, without_text
    from factharness.gold.problems import gold_paths
    from factharness.gold.sets import scheme_of, with_text
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
    told = f"{found.articles} articles"
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
