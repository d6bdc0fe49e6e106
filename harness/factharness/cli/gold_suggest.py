"""``gold suggest``: which articles of a corpus to label next, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factharness.backends.printed import aside
from factharness.cli.options import debug_option
from factharness.cli.output import counted, print_json
from factharness.errors import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factharness.corpus.suggest import Holdings, SuggestedArticle
    from factharness.scheme import Scheme


@click.command()
@click.argument("corpus", metavar="CORPUS", type=click.Path(path_type=Path))
@click.option(
    "-b",
    "--backend",
    "backends",
    multiple=True,
    required=True,
    metavar="NAME",
    help="A back end, also with options: 'spacy(model=fr_core_news_md)'. At least two.",
)
@click.option(
    "-n",
    "--number",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    metavar="N",
    help="How many articles.",
)
@click.option(
    "--set",
    "goldset",
    metavar="SET",
    help="The gold set that is to grow: what it lacks counts, too.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), default=1, metavar="N", help="Processes to run in."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@debug_option
def suggest(
    corpus: Path,
    backends: tuple[str, ...],
    number: int,
    goldset: str | None,
    jobs: int,
    as_json: bool,
) -> None:
    """Say which articles of a corpus to label next, and why.

    CORPUS is what `factharness extract` reads: a .jsonl, .parquet, .txt or .gold file, a folder of such files,
    or a pattern in quotes. The back ends read it; an article is worth labelling where they differ, and for what
    it has and SET lacks: labels, phenomena, lengths. The same input gives the same answer.
    """
    from factharness.corpus.reading import read
    from factharness.corpus.sources import find
    from factharness.corpus.suggest import suggest as choose
    from factharness.scheme import FR_NEWS

    used = _backends(backends)
    held, scheme = _holdings(goldset) if goldset else (None, FR_NEWS)
    with aside():
        reading = read(find(corpus), used, scheme, jobs=jobs)
    if not reading.profiles:
        why = next(iter(reading.failed.values()), "there is no article")
        raise Inconclusive(f"nothing to choose from: {why}", file=corpus)
    chosen = choose(reading.profiles, number, held)
    if as_json:
        print_json(chosen)
    else:
        click.echo("\n".join(_lines(chosen)) or "every article is in the set already")
    if reading.failed:
        name, why = next(iter(reading.failed.items()))
        click.echo(
            f"{counted(len(reading.failed), 'article')} left out, such as {name}: {why}", err=True
        )


def _backends(texts: tuple[str, ...]) -> dict[str, tuple[str, dict[str, Any]]]:
    """The back ends by name. Raises ``UsageError`` for fewer than two different ones."""
    from factharness.runs.one_line import read_backend

    specs = [read_backend(text, Path()) for text in texts]
    found = {spec.name: (spec.use or "", spec.options) for spec in specs}
    if len(found) < max(2, len(specs)):
        raise click.UsageError("name at least two different back ends: -b A -b B")
    return found


def _holdings(name: str) -> tuple[Holdings, Scheme]:
    """What a gold set has, and its scheme."""
    from factharness.corpus.suggest import Holdings
    from factharness.gold.parse import read_document, to_article, without_text
    from factharness.gold.set_file import scheme_of
    from factharness.gold.sets import gold_files, with_text
    from factharness.gold.stats import stats
    from factharness.resources import find

    files = gold_files(find("goldsets", name))
    scheme = scheme_of(files[0])
    documents = [with_text(read_document(file))[0] for file in files]
    golds = [
        to_article(one) if one.header.text == "full" else without_text(one) for one in documents
    ]
    headers = [one.header for one in documents]
    counts = stats(golds, headers, [scheme])
    return Holdings.of(counts, (header.sha256 for header in headers)), scheme


def _lines(chosen: Iterable[SuggestedArticle]) -> Iterable[str]:
    """The suggestions as text: an article a line, its reasons under it."""
    for place, one in enumerate(chosen, 1):
        yield f"{place}. {one.id}  ({one.words:,} word{'s' * (one.words != 1)})"
        yield from (f"   - {reason.says}" for reason in one.reasons)
