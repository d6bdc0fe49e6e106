"""``gold import`` and ``gold export``: gold files from and to other formats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factharness.cli.gold_files import READ_PATH
from factharness.cli.gold_new import PUBLISHED
from factharness.cli.output import counted
from factharness.convert import FORMATS
from factharness.convert.detect import AUTO, detect
from factharness.errors import GoldError, SuiteError

if TYPE_CHECKING:
    from factharness.convert import Labelled
    from factharness.gold.header import Header
    from factharness.score.tags import Policy


def _list_formats(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if not asked or ctx.resilient_parsing:
        return
    from tabulate import tabulate

    from factharness.convert.losses import NO_FORMAT

    rows = [
        (name, each.title, " ".join(each.suffixes), ", ".join(each.loses) or "–")
        for name, each in FORMATS.items()
    ]
    head = ["format", "what it is", "files", "cannot carry"]
    click.echo(tabulate(rows, head, maxcolwidths=[None, None, None, 60]))
    click.echo(
        f"No format carries {', '.join(NO_FORMAT)} of the header;"
        " gold import --header-from takes them from the gold that was exported."
    )
    ctx.exit()


def _formats_option() -> click.Option:
    return click.Option(
        ["--formats"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_list_formats,
        help="List the formats and exit.",
    )


@click.command("import")
@click.argument("format_name", metavar="FORMAT")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder of the gold files.",
)
@click.option(
    "--map",
    "label_map",
    multiple=True,
    metavar="MAP",
    help="Map labels: Location=LOC,Person=PER, a .toml file, or a known name (winer, ontonotes, ...)."
    " May be given several times; for a label in several, the last counts.",
)
@click.option(
    "--published", type=PUBLISHED, help="The day of publication, where the format has none."
)
@click.option(
    "--header-from",
    type=READ_PATH,
    metavar="PATH",
    help="The gold files that were exported: title, licence and whatever else the format does not carry of"
    " a header is taken from the one with the same id. The status becomes draft.",
)
@click.option(
    "--scheme",
    metavar="NAME",
    help="The scheme of the tags: BIO, IOB1, IOE, BIOES, BILOU. (Default: recognised from the tags.)",
)
@click.option(
    "--invalid",
    type=click.Choice(["repair", "discard", "refuse"]),
    help="What to do with chunks of tags the scheme does not allow.  [default: repair]",
)
@click.option("--refuse", is_flag=True, hidden=True, deprecated="Use --invalid refuse.")
@click.option("--strict", is_flag=True, help="Exit 2 and write nothing when anything is left out.")
@click.option(
    "--allow-empty", is_flag=True, help="Import texts also when no fact was found in the files."
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
def import_(
    format_name: str,
    inputs: tuple[Path, ...],
    output: Path,
    label_map: tuple[str, ...],
    published: date | datetime | None,
    header_from: Path | None,
    scheme: str | None,
    invalid: Policy | None,
    refuse: bool,
    strict: bool,
    allow_empty: bool,
    force: bool,
) -> None:
    """Make gold files from files of another format.

    FORMAT auto recognises the format from the files. At the end a summary is printed: articles, facts by kind,
    what was left out and why, what was corrected. Exit code 2 when no fact was found, or when none of a file's
    annotations could be read. Where several people labelled the same article, each of them gets a folder, for
    `gold agree`. `gold import --formats` lists the formats.
    """
    from msgspec import structs

    from factharness.convert import Account, TagReading, import_labellings, read_map
    from factharness.files import make_folder, write_text
    from factharness.gold.format import render
    from factharness.gold.new import composed
    from factharness.gold.set_file import scheme_of
    from factharness.names import as_name

    files = _files(format_name, inputs)
    if format_name == AUTO:
        format_name = detect(files)
        click.echo(f"read as {format_name}", err=True)
    gold_scheme = scheme_of(output / "any.gold")
    table = read_map(label_map, gold_scheme) if label_map else None
    if refuse and invalid not in (None, "refuse"):
        raise SuiteError(f"--refuse and --invalid {invalid}", remedy="give one of them")
    invalid = "refuse" if refuse else invalid
    reading = TagReading(scheme, invalid or "repair") if scheme or invalid else None
    labellings, notes = import_labellings(
        format_name,
        files,
        table=table,
        reading=reading,
        allow_empty=allow_empty,
    )
    headers = _headers(header_from)
    account = Account(notes=notes, scheme=gold_scheme)
    ready: dict[Path, str] = {}
    apart = _labelled_twice(labellings)
    for labelled in labellings:
        gold = labelled.gold
        name = as_name(gold.article.id, "article")
        header = headers.get(name)
        if gold.article.published is None and header is None:
            article = structs.replace(gold.article, published=published)
            gold = structs.replace(gold, article=article)
        if header is not None and header.labels.scheme != gold_scheme.name:
            raise GoldError(
                f"{name}: its header has the scheme {header.labels.scheme!r}, and the folder "
                f"{gold_scheme.name!r}",
                file=output,
                remedy="copy the set.toml that declares the labels into the folder first",
            )
        by = (labelled.annotator,) if labelled.annotator else ()
        document, losses = composed(gold, gold_scheme.name, by=by, header=header)
        account.count(gold, losses, name)
        folder = output / as_name(labelled.annotator, "nobody") if apart else output
        if headers and header is None:
            account.notes.add(f"no header of that id in {header_from}", where=name)
        target = folder / f"{name}.gold"
        if target in ready:
            raise GoldError(f"two articles have the id {name!r}", remedy="import them apart")
        if target.exists() and not force:
            raise GoldError(
                "is there already", file=target, remedy="name another folder, or use --force"
            )
        ready[target] = render(document)
    statement = "\n".join(account.lines())
    try:
        account.check(strict=strict, allow_empty=allow_empty)
    except GoldError:
        click.echo(f"nothing written: {statement}", err=True)
        raise
    for target, source in ready.items():
        make_folder(target.parent)
        write_text(target, source)
    click.echo(f"{output}: {statement}")


@click.command("export")
@click.argument("format_name", metavar="FORMAT")
@click.argument("paths", nargs=-1, required=True, type=READ_PATH)
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="The folder to write to."
)
def export(format_name: str, paths: tuple[Path, ...], output: Path) -> None:
    """Write gold files in another format.

    What the format cannot hold is listed. `gold export --formats` lists the formats.
    """
    from factharness.convert import export_gold
    from factharness.convert.losses import lost_of_headers
    from factharness.files import write_bytes
    from factharness.gold.parse import read_document
    from factharness.gold.problems import gold_paths
    from factharness.gold.set_file import scheme_of
    from factharness.gold.sets import load_file

    found = list(gold_paths(paths))
    articles = [load_file(path) for path in found]
    headers = lost_of_headers([read_document(path).header for path in found])
    labels = dict.fromkeys(label for path in found for label in scheme_of(path).entities)
    written = export_gold(format_name, articles, tuple(labels))
    output.mkdir(parents=True, exist_ok=True)
    for name, data in written.files.items():
        write_bytes(output / name, data)
    for note in (*headers.lines(), *written.notes):
        click.echo(f"not carried: {note}", err=True)
    click.echo(
        f"{output}: {counted(len(written.files), 'file')} of {counted(len(articles), 'article')}"
    )


def _headers(path: Path | None) -> dict[str, Header]:
    """The headers of gold files by the ids of their articles."""
    from factharness.gold.parse import read_document
    from factharness.gold.problems import gold_paths

    if path is None:
        return {}
    headers = [read_document(each).header for each in gold_paths([path])]
    return {header.id: header for header in headers}


def _labelled_twice(labellings: Sequence[Labelled]) -> bool:
    """Whether several people labelled one article."""
    people: dict[str, set[str]] = {}
    for labelled in labellings:
        people.setdefault(labelled.gold.article.id, set()).add(labelled.annotator)
    return any(len(names) > 1 for names in people.values())


for command in (import_, export):
    command.params.append(_formats_option())


def _files(format_name: str, inputs: tuple[Path, ...]) -> dict[str, bytes]:
    """The files by name; of a folder, those with the format's endings."""
    from factharness.convert import format_named
    from factharness.files import MAX_BYTES, listed, read_bytes

    if format_name == AUTO:
        suffixes = tuple({suffix for each in FORMATS.values() for suffix in each.suffixes})
    else:
        format_named(format_name)
        suffixes = FORMATS[format_name].suffixes
    paths: list[Path] = []
    for path in inputs:
        inside = listed(path, *suffixes) if path.is_dir() else [path]
        if not inside:
            raise GoldError(
                f"no file that ends in {' or '.join(suffixes)}",
                file=path,
                remedy=f"name files of the format {format_name}",
            )
        paths += inside
    if format_name in ("brat", AUTO):
        paths += [
            path.with_suffix(".txt")
            for path in paths
            if path.suffix == ".ann" and path.with_suffix(".txt").exists()
        ]
    files: dict[str, bytes] = {}
    for path in dict.fromkeys(paths):
        if path.name in files:
            raise GoldError(
                f"two files are called {path.name}", file=path, remedy="import them apart"
            )
        files[path.name] = read_bytes(path)
        if sum(map(len, files.values())) > 5 * MAX_BYTES:
            raise GoldError(
                f"more than {5 * MAX_BYTES:,} bytes at once", file=path, remedy="import in parts"
            )
    return files
