"""``gold new``: gold files from bare texts."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from factharness.backends.printed import aside
from factharness.cli.output import counted
from factharness.errors import GoldError, HarnessError
from factharness.escape import brief

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factharness.facts import Article, GoldFact
    from factharness.gold.raw_text import Breaks
    from factharness.scheme import Scheme

STDIN = "-"


class _Published(click.ParamType[date | datetime]):
    """A day or a moment, see :func:`factharness.gold.published.read_published`."""

    name = "DATE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | datetime:
        """The date, or the date-time."""
        from factharness.gold.published import read_published

        try:
            return read_published(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


PUBLISHED = _Published()


class _Source(NamedTuple):
    """A text to make a file of: its path, or ``-``; its id, empty where it is made from the text."""

    path: str
    id: str


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="ID | FILE...")
@click.option("--text", metavar="FILE", help="The text of the article ID; - is standard input.")
@click.option(
    "--published",
    type=PUBLISHED,
    help="The day of publication: 2024-03-05, '5 mars 2024', 'mardi 5 mars 2024 18h30', 05/03/2024. Not needed"
    " for a file whose name begins with it.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A .gold file, or a folder (default: here).",
)
@click.option("--title", default="", help="The headline.")
@click.option("--lang", default="fr", show_default=True, help="The language of the text.")
@click.option("--by", multiple=True, metavar="NAME", help="Who labels it.")
@click.option("--outlet", default="", help="Where it was published.")
@click.option("--url", default="", help="Its address.")
@click.option("--licence", default="", help="The licence of the text, by its SPDX name.")
@click.option("--labels-licence", default="", help="The licence of the labels.")
@click.option(
    "--meta",
    multiple=True,
    metavar="KEY=VALUE",
    help="Metadata, by which reports can have slices, such as rubrique=sport.",
)
@click.option("--prelabel", metavar="BACKEND", help="Propose the facts that this back end finds.")
@click.option(
    "--paragraphs",
    "breaks",
    type=click.Choice(["auto", "blank", "lines"]),
    default="auto",
    show_default=True,
    help="What ends a paragraph: an empty line, or every line.",
)
@click.option(
    "--no-quotes", is_flag=True, help="Propose no QUOTE line for stretches in quotation marks."
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def new(
    names: tuple[str, ...],
    text: str | None,
    published: date | datetime | None,
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
    breaks: Breaks,
    no_quotes: bool,
    force: bool,
) -> None:
    """Make gold files from texts.

    Either ID and --text, or FILEs (- is standard input), whose names without suffix are the ids. A file has
    header and paragraphs; write the facts under their paragraphs. Each stretch in quotation marks has a QUOTE
    line that lacks its speaker. These lines, and facts that --prelabel proposes, have "note: unconfirmed":
    `gold confirm` asks about each. Nothing is written unless every file can be made.
    """
    from factharness.files import make_folder, write_text
    from factharness.gold.format import render
    from factharness.gold.marked_quotes import with_marked_quotes
    from factharness.gold.new import skeleton
    from factharness.gold.set_file import scheme_of

    slices = dict(pair.split("=", 1) for pair in meta if "=" in pair)
    if len(slices) < len(meta):
        raise click.UsageError("--meta is written KEY=VALUE, each key once")
    sources = _sources(names, text)
    if len(sources) > 1 and (title or url or (output and output.suffix == ".gold")):
        raise click.UsageError(
            "--title, --url and a .gold file as --output are for one article: name one text"
        )
    articles, split = [], set()
    for source in sources:
        article, by_line = _article(source, published, title, breaks, lang=lang, meta=slices)
        articles.append(article)
        if by_line:
            split.add(article.id)
    targets = _targets(articles, output, force=force)
    scheme = scheme_of(targets[0])
    proposed = _proposed(prelabel, articles, scheme) if prelabel else [[] for _ in articles]
    made = []
    for article, facts in zip(articles, proposed, strict=True):
        document, losses = skeleton(
            article,
            by=by,
            title=title,
            source={key: value for key, value in (("outlet", outlet), ("url", url)) if value},
            licence={
                key: value
                for key, value in (("text", licence), ("labels", labels_licence))
                if value
            },
            prelabel=prelabel or "none",
            proposed=facts,
            scheme=scheme.name,
        )
        quotes = 0
        if "marked-words" in scheme.checks and not no_quotes:
            document, quotes = with_marked_quotes(document)
        made.append((document, losses, quotes))
    make_folder(targets[0].parent)
    for target, article, facts, (document, losses, quotes) in zip(
        targets, articles, proposed, made, strict=True
    ):
        write_text(target, render(document))
        for loss in losses:
            click.echo(f"{target}: not carried: {loss}", err=True)
        if article.id in split:
            click.echo(
                f"{target}: the text has no empty line: each of its lines was made a paragraph"
                " (not with --paragraphs blank)",
                err=True,
            )
        told = [
            counted(len(document.blocks), "paragraph"),
            f"{counted(len(facts), 'fact')} to confirm",
        ]
        if quotes:
            told.append(f"{counted(quotes, 'quote')} to complete")
        click.echo(f"{target}: {', '.join(told)}")


def _sources(names: tuple[str, ...], text: str | None) -> list[_Source]:
    """The texts that the arguments name. Raises ``UsageError`` for an ambiguous or repeated name."""
    from factharness.names import as_name

    if text is not None:
        if len(names) > 1:
            raise click.UsageError("--text is the text of one ID; without it, name the files")
        return [_Source(text, names[0])]
    for name in names:
        if name != STDIN and not Path(name).is_file():
            if Path(name).is_dir():
                raise click.UsageError(
                    f"{name!r} is a folder; name its files: {Path(name) / '*.txt'}"
                )
            raise click.UsageError(
                f"{name!r} is no file; name files of text, or give the text of an id with --text FILE"
            )
    if names.count(STDIN) > 1:
        raise click.UsageError("- stands for standard input and can be read once")
    return [
        _Source(name, "" if name == STDIN else as_name(Path(name).stem, "article"))
        for name in names
    ]


def _article(
    source: _Source,
    published: date | datetime | None,
    title: str,
    breaks: Breaks,
    *,
    lang: str,
    meta: dict[str, str],
) -> tuple[Article, bool]:
    """The article of a text, and whether each of its lines was made a paragraph."""
    from factharness.files import read_text
    from factharness.gold.new import article_from
    from factharness.gold.raw_text import paragraphed, slug

    raw = _stdin() if source.path == STDIN else read_text(source.path)
    day = published or _day(Path(source.path).name)
    if day is None:
        raise click.UsageError(
            f"{source.path}: when was it published? Give --published, or a name such as"
            " 2024-03-05-pont.txt"
        )
    text, by_line = paragraphed(raw, breaks)
    name = source.id or "-".join(
        part for part in (day.isoformat()[:10], slug(title or text)) if part
    )
    return article_from(name, text, day, lang=lang, meta=meta), by_line


def _stdin() -> str:
    from factharness.files import decode

    return decode(sys.stdin.buffer.read(), "standard input")


def _day(name: str) -> date | None:
    """The day that a file's name begins with."""
    try:
        return date.fromisoformat(name[:10])
    except ValueError:
        return None


def _targets(articles: Sequence[Article], output: Path | None, *, force: bool) -> list[Path]:
    """The file to write for each article. Raises ``GoldError`` for one that is there, or for two of one id."""
    targets: dict[Path, None] = {}
    for article in articles:
        target = output or Path()
        if target.suffix != ".gold" or target.is_dir():
            target /= f"{article.id}.gold"
        if target in targets:
            raise GoldError(
                "two of the texts would be this file", file=target, remedy="rename one of them"
            )
        if target.exists() and not force:
            raise GoldError(
                "is there already", file=target, remedy="choose another id, or use --force"
            )
        targets[target] = None
    return list(targets)


def _proposed(backend: str, articles: Sequence[Article], scheme: Scheme) -> list[list[GoldFact]]:
    """What a back end proposes for each article; labels that the gold does not have are told and left out."""
    from factharness.backends.execute import predict
    from factharness.backends.registry import build
    from factharness.extractor import label_scheme, load
    from factharness.gold.new import proposals

    with aside():
        extractor = build(backend, {})
        load(extractor)
        predictions = list(predict(extractor, articles))
    label_map = scheme.map_from(label_scheme(extractor))
    proposed, left_out = [], set()
    for article, prediction in zip(articles, predictions, strict=True):
        if prediction.facts is None:
            raise HarnessError(
                f"{backend}: {article.id}: {brief(str(prediction.error))}",
                remedy="make the file without --prelabel",
            )
        facts, unknown = proposals(prediction.facts, label_map, article.text)
        proposed.append(facts)
        left_out |= set(unknown)
    if left_out:
        click.echo(
            f"{backend}: labels that the gold does not have, left out: {', '.join(sorted(left_out))}",
            err=True,
        )
    return proposed
