"""``factharness mistakes``: what a run missed, made up or got wrong, fact by fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, TypeVar

import click
from msgspec import structs

from factharness.cli.output import print_csv, print_json_list
from factharness.cli.pages import Page, here
from factharness.cli.run_argument import run_and_backend

if TYPE_CHECKING:
    from factharness.report.mistakes import Line
    from factharness.runs.entries import Entry
    from factharness.runs.filters import Filter
    from factharness.runs.mistakes import Mistake, What
    from factharness.runs.record import Run
    from factharness.runs.review import Verdict
    from factharness.runs.texts import Texts

Format: TypeAlias = Literal["text", "json", "csv"]

Command = TypeVar("Command", bound=Callable[..., Any])
T = TypeVar("T")

FIRST = 100
"""How many items of a list are printed as text where nobody says how many."""


def filter_options(command: Command) -> Command:
    """Add the options that narrow a list of facts; each may be given several times."""
    for name, metavar, text in (
        ("grep", "PATTERN", "Only facts with these words: a regular expression."),
        ("article", "ID", "Only this article."),
        (
            "what",
            "WHAT",
            "Only this sort of mistake: missed, spurious, boundary, label, value, speaker or cue.",
        ),
        ("label", "LABEL", "Only this label, of gold or of the prediction."),
        ("kind", "KIND", "Only this kind of fact: entity, date or quote."),
    ):
        option = click.option(f"--{name}", multiple=True, metavar=metavar, help=text)
        command = option(command)
    return command


limit_option = click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help=f"Only the first N of the list; 0 for all of it. Default: {FIRST} as text, all in a file format.",
)


def listed_at_most(limit: int | None, format_: Format) -> int | None:
    """How many items of a list are printed when the user asked for ``limit``; None for all."""
    if limit is None:
        return FIRST if format_ == "text" else None
    return limit or None


@click.command()
@click.argument("run", metavar="RUN[:BACKEND]")
@filter_options
@limit_option
@click.option(
    "--group", is_flag=True, help="Print the same mistake on the same words once, with its number."
)
@click.option(
    "--review", is_flag=True, help="List gold that may be wrong, as the back ends agree against it."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def mistakes(
    run: str,
    limit: int | None,
    group: bool,
    review: bool,
    as_json: bool,
    as_csv: bool,
    **asked: tuple[str, ...],
) -> None:
    """List the facts that the back ends of a run missed, made up or got wrong.

    The list is in the order of the articles; back ends that err alike share an entry. RUN is a run directory;
    RUN:BACKEND lists the mistakes of one of its back ends.
    """
    from factharness.runs.entries import answering
    from factharness.runs.filters import narrowed
    from factharness.runs.texts import Texts

    if group and review:
        raise click.UsageError("--group and --review are two lists; name one")
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two formats; name one")
    loaded, backend = run_and_backend(run)
    format_: Format = "json" if as_json else "csv" if as_csv else "text"
    asking = _Asking(
        loaded,
        backend,
        answering(loaded, backend),
        Texts(loaded),
        narrowed(loaded, **asked),
        listed_at_most(limit, format_),
        format_,
    )
    if review:
        if backend:
            raise click.UsageError("--review is over all back ends; leave out :BACKEND")
        if asked["what"]:
            raise click.UsageError("--review has sorts of its own; leave out --what")
        _print_review(asking)
    elif group:
        _print_groups(asking)
    else:
        _print_entries(asking)


class _Asking(NamedTuple):
    """What the command was asked to list, and how."""

    run: Run
    backend: str
    backends: tuple[str, ...]
    texts: Texts
    wanted: Filter
    limit: int | None
    format: Format

    def in_order(self) -> Iterator[Mistake]:
        """The mistakes, article by article."""
        from factharness.runs.side_by_side import side_by_side

        for article in side_by_side(self.run, self.backends, self.wanted.articles):
            for by_backend in article.mistakes.values():
                yield from filter(self.wanted.admits, by_backend)

    def may_be_passed_on(self, entry: Entry) -> Entry:
        """The entry; of an article whose gold file holds no text, without the words around the fact."""
        if self.texts.withheld(entry.goldset, entry.article):
            return structs.replace(entry, context=None, note="its text may not be passed on")
        return entry


def _print_entries(asking: _Asking) -> None:
    from factharness.report.mistakes import lines, totals
    from factharness.runs.entries import entries
    from factharness.runs.mistakes import COLUMNS, cells

    if asking.format == "csv":
        print_csv(COLUMNS, map(cells, islice(asking.in_order(), asking.limit)))
        return
    found = entries(asking.run, asking.texts, asking.wanted, asking.backends)
    if asking.format == "json":
        print_json_list(map(asking.may_be_passed_on, islice(found, asking.limit)))
        return
    counts: dict[str, Counter[What]] = {name: Counter() for name in asking.backends}
    for entry in _printed(asking, found, lambda entry: entry, lines):
        for answer in entry.answers:
            for name in answer.backends:
                counts[name].update(wrong.what for wrong in answer.mistakes)
    _print_end(asking, found, totals(counts))


def _print_groups(asking: _Asking) -> None:
    from factharness.report.mistakes import group_lines
    from factharness.runs.mistakes import GROUP_COLUMNS, group_cells, groups

    found = groups(asking.in_order())
    listed = found[: asking.limit]
    if asking.format == "csv":
        print_csv(GROUP_COLUMNS, map(group_cells, listed))
    elif asking.format == "json":
        print_json_list(listed)
    else:
        page = Page()
        for group in listed:
            page.print(group_lines(group, width=page.width))
        mistakes = sum(group.times for group in found)
        more = "; --limit 0 lists all" if len(listed) < len(found) else ""
        click.echo(f"{len(listed)} of {len(found)} groups of {mistakes} mistakes{more}")
        _print_notes(asking)


def _print_review(asking: _Asking) -> None:
    from factharness.report.mistakes import review_notes, suggestion_lines
    from factharness.runs.review import COLUMNS, cells, suggestions, voices

    found = suggestions(asking.run, asking.texts, asking.wanted)
    listed = islice(found, asking.limit)
    if asking.format == "csv":
        print_csv(COLUMNS, map(cells, listed))
    elif asking.format == "json":
        print_json_list(
            structs.replace(one, entry=asking.may_be_passed_on(one.entry)) for one in listed
        )
    else:
        times: Counter[Verdict] = Counter()
        for one in _printed(asking, found, lambda one: one.entry, suggestion_lines):
            times[one.verdict] += 1
        _print_end(asking, found, review_notes(times, voices(asking.run), asking.wanted.kinds))


def _printed(
    asking: _Asking,
    found: Iterator[T],
    entry_of: Callable[[T], Entry],
    lines: Callable[..., Iterator[Line]],
) -> Iterator[T]:
    """Print, then yield, each of the first ``limit`` items; an article's note stands above its first one."""
    from factharness.report.mistakes import note_lines

    page, folder = Page(), here()
    before = None
    for one in islice(found, asking.limit):
        entry = entry_of(one)
        article = entry.goldset, entry.article
        if article != before:
            page.print(note_lines(entry, page.width))
        page.print(lines(one, width=page.width, here=folder))
        page.print([[]])
        before = article
        yield one


def _print_end(asking: _Asking, found: Iterator[object], sums: Iterable[str]) -> None:
    """Print that ``found`` has more items; when it has none, print the sums, which are over the whole list."""
    if next(found, None) is not None:
        click.echo(f"The first {asking.limit} facts; --limit 0 lists all.")
        return
    for line in sums:
        click.echo(line)
    _print_notes(asking)


def _print_notes(asking: _Asking) -> None:
    from factharness.report.mistakes import notes

    for line in notes(asking.run, asking.backend):
        click.echo(line)
