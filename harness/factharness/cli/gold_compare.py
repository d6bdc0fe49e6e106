"""``gold agree`` and ``gold adjudicate``: two labellings of the same articles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factharness.cli.gold_files import READ_PATH
from factharness.cli.output import print_json, print_styled
from factharness.errors import GoldError

if TYPE_CHECKING:
    from factharness.agreement import Pair
    from factharness.facts import GoldArticle


@click.command()
@click.argument("a", type=READ_PATH)
@click.argument("b", type=READ_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON.")
@click.option("--markdown", is_flag=True, help="Print the tables in Markdown, for a README.")
@click.option("--quiet", "-q", is_flag=True, help="Leave the list of disagreements out.")
def agree(a: Path, b: Path, as_json: bool, markdown: bool, quiet: bool) -> None:
    """Compare two labellings of the same articles.

    A and B are two files, or two folders with the same articles.
    """
    from factharness import agreement
    from factharness.agreement import render

    found = agreement.agree(_articles(a), _articles(b))
    if as_json:
        print_json(found)
        return
    click.echo(render.tables(found, "github" if markdown else "simple"))
    if not quiet:
        for line in render.disagreements(found):
            click.echo(line)


def _articles(path: Path) -> list[GoldArticle]:
    """The articles under a path, every one with its text."""
    from factharness.gold.sets import load_set

    loaded = load_set(path)
    if loaded.skipped:
        first = loaded.skipped[0]
        raise GoldError(first.reason, file=first.path, remedy=first.remedy)
    return list(loaded.articles)


@click.command()
@click.argument("a", type=READ_PATH)
@click.argument("b", type=READ_PATH)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="The gold file to write; of two folders, the folder.",
)
@click.option(
    "--prefer",
    type=click.Choice(["a", "b"]),
    help="Where both have a fact, take that of this side; where one has, take it.",
)
@click.option("--ask/--no-ask", default=None, help="Ask for each pair (default: on a terminal).")
def adjudicate(a: Path, b: Path, output: Path, prefer: str | None, ask: bool | None) -> int:
    """Make one labelling of two.

    Facts on which both agree are taken; about the others the command asks, or leaves them open. Open facts are
    written as comments "# a: ..." and "# b: ..."; `gold check` reports them until you uncomment one and delete
    the other.
    """
    from factharness.agreement import adjudicate as joining
    from factharness.agreement.measure import describe
    from factharness.files import write_text
    from factharness.gold.format import render
    from factharness.gold.parse import read_document

    asked = sys.stdin.isatty() if ask is None else ask

    def by_hand(pair: Pair, article: GoldArticle) -> joining.Decision:
        text = article.article.text
        click.echo(f"\n{pair.article}: {', '.join(pair.differences())}")
        print_styled(f"  … {text[max(0, pair.start - 60) : pair.start + 90]!r} …", dim=True)
        for mark, fact in (("a", pair.a), ("b", pair.b)):
            click.echo(f"  {mark}: {describe(fact, text) if fact else '-'}")
        answers: dict[str, joining.Decision] = {
            "a": "a",
            "b": "b",
            "both": "both",
            "neither": "neither",
        }
        return answers.get(click.prompt("  take", type=click.Choice([*answers, "open"])))

    decide: joining.Decide = joining.leave_open
    if prefer is not None:
        decide = joining.prefer("a" if prefer == "a" else "b")
    elif asked:
        decide = by_hand
    still_open = 0
    for left, right in _same_names(a, b):
        joint = joining.adjudicate(read_document(left), read_document(right), decide)
        target = output if a.is_file() else output / left.name
        if not a.is_file():
            output.mkdir(parents=True, exist_ok=True)
        write_text(target, render(joint.document))
        still_open += len(joint.open)
        click.echo(
            f"{target}: {joint.agreed} agreed, {joint.decided} decided, {len(joint.open)} open"
        )
        for note in joint.notes:
            click.echo(f"{target}: not carried: {note}")
    return 2 if still_open else 0


def _same_names(a: Path, b: Path) -> list[tuple[Path, Path]]:
    """Pair the files of two folders by name (both must have the same names), or two files."""
    from factharness.gold.sets import gold_files

    if a.is_file() and b.is_file():
        return [(a, b)]
    left = {path.name: path for path in gold_files(a)}
    right = {path.name: path for path in gold_files(b)}
    apart = sorted(left.keys() ^ right.keys())
    if apart:
        raise GoldError(
            f"{', '.join(apart[:5])}: in one of the two folders only",
            remedy="name two folders with the same articles",
        )
    return [(left[name], right[name]) for name in sorted(left)]
