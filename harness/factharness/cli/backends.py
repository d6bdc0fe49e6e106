"""``factharness backends``: which back ends there are, whether they can run here, and what they find."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import click

from factharness.backends.printed import aside
from factharness.errors import BackendError
from factharness.escape import brief, line


@click.group()
def backends() -> None:
    """List, show, check and create back ends."""


@backends.command("list")
def list_() -> None:
    """List the back ends, and why one cannot run here."""
    from tabulate import tabulate

    from factharness.backends.registry import listing

    with aside():
        rows = [
            (
                line(row.name),
                "available" if row.problem is None else "unavailable",
                line(brief(row.problem or row.target)),
            )
            for row in listing()
        ]
    click.echo(
        tabulate(rows, headers=("back end", "state", "where, or why not"), tablefmt="simple")
    )


@backends.command()
@click.argument("name")
@click.option(
    "--explain",
    "article",
    metavar="ARTICLE",
    help="Print its facts in ARTICLE (a gold file, a text file, or the id of a gold article) with their rules.",
)
def show(name: str, article: str | None) -> None:
    """Show what a back end finds, its options and its fingerprint.

    The fingerprint is everything that can change its output.
    """
    from factharness.backends.registry import build, factory
    from factharness.extractor import claims, fingerprint, label_scheme

    if article is not None:
        _explain(name, article)
        return
    with aside():
        make = factory(name)
        told = [
            f"{name}: {_plain(inspect.getdoc(make) or 'no description')}\n",
            f"options: {inspect.signature(make)}",
        ]
        try:
            extractor = build(name, {})
        except BackendError as error:
            told.append(f"with its default options it cannot be built: {brief(str(error))}")
        else:
            told.append(f"kinds: {', '.join(sorted(claims(extractor)))}")
            told.append(f"labels: {label_scheme(extractor)}")
            told += [f"  {key}: {value}" for key, value in sorted(fingerprint(extractor).items())]
    click.echo("\n".join(told))


def _plain(docstring: str) -> str:
    """A docstring for the terminal: code stands between single backticks, without reStructuredText roles."""
    return re.sub(r"(?::\w+:)?`{1,2}~?([^`]+)`{1,2}", r"`\1`", docstring)


def _explain(name: str, where: str) -> None:
    """Print every fact of an article, in the order of its text, with the rule that produced it."""
    from tabulate import tabulate

    from factharness.backends.registry import build
    from factharness.extractor import blamed
    from factharness.facts import label_of, spans_of
    from factharness.runs.articles import find_article

    with aside():
        extractor = build(name, {})
        explain = getattr(extractor, "explain", None)
        if explain is None:
            raise BackendError(
                f"back end {name!r} cannot say why it finds a fact", remedy="rules can"
            )
        article = find_article(where)
        with blamed("explaining the article"):
            explained = list(explain(article))
    rows = [
        (spans[0].start, spans[-1].end, label_of(fact), getattr(fact, "value", None) or "", rule,
         " … ".join(" ".join(span.of(article.text).split()) for span in spans))
        for fact, rule in explained
        for spans in [spans_of(fact)]
    ]  # fmt: skip
    header = ("start", "end", "label", "value", "rule", "words")
    click.echo(tabulate(sorted(rows), headers=header, tablefmt="simple", disable_numparse=True))


@backends.command()
def doctor() -> int:
    """Check that the bundled models find what they should.

    Each is loaded, and has to find the same facts as when it was made. Exit code 2 when one does not. A back
    end whose library is not installed is not an error.
    """
    from factharness.backends.registry import diagnoses

    sick = False
    rows = diagnoses()
    while True:
        with aside():
            row = next(rows, None)
        if row is None:
            break
        click.echo(f"{row.name:<14}{row.state:<13}{line(brief(row.problem or ''))}".rstrip())
        sick = sick or row.state == "sick"
    return 2 if sick else 0


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
    """Create a back end of your own, and its test.

    NAME.py works already, and finds acronyms: put your extractor in the place of that. test_NAME.py is its
    test.
    """
    from factharness.backends.scaffold import scaffold

    module, test = scaffold(name, output)
    click.echo(
        f"""{module}: the back end
{test}: its test; run it with: python -m pytest {test}

To see it beside others:

factharness run -b file:{module}:build -b rules

or in a suite, with its path from the suite's folder; in a suite in suites/:

[[backend]]
use = "file:{module if module.is_absolute() else Path("..", module).as_posix()}:build"
name = "{name}\""""
    )
