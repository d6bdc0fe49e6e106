"""``gold confirm``: asks about each fact that a back end proposed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factharness.cli.gold_files import ANY_PATH
from factharness.errors import GoldError
from factharness.escape import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from factharness.gold.confirm import Answer, Decided, Question
    from factharness.gold.tree import Document, FactLine, Fragment

KEYS = {"a": "accept", "r": "reject", "e": "edit", "s": "skip", "p": "paragraph", "q": "quit"}
PROMPT = "a accept, r reject, e edit, s skip, p accept the rest of the paragraph, q quit: "
HELP = "the whole line, or only what changes: LABEL, words or value, | by: words | cue: words"


class _NoMoreAnswersError(Exception):
    """Standard input has ended."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=ANY_PATH)
@click.option("--all", "every", is_flag=True, help="Accept all without asking.")
@click.option("--paragraph", type=click.IntRange(1), metavar="N", help="Only the N-th paragraph.")
@click.option("--by", multiple=True, metavar="NAME", help="Add NAME to the header's labels.by.")
def confirm(
    paths: tuple[Path, ...], every: bool, paragraph: int | None, by: tuple[str, ...]
) -> int:
    """Decide on proposed facts, which have "note: unconfirmed".

    PATHS are gold files or sets. The command shows each fact with its paragraph, and asks: accept, reject,
    edit, skip, accept the rest of the paragraph, quit. On a terminal a key is an answer, elsewhere a line of
    standard input. The file is written after each answer. What gold check finds wrong cannot be accepted.
    """
    from factharness.gold.confirm import Decided, accept_all
    from factharness.gold.confirm import confirm as walk
    from factharness.gold.problems import gold_paths

    files = [str(path) for path in gold_paths(paths)]
    if paragraph is not None and len(files) > 1:
        raise click.UsageError("--paragraph is for one file: name a single .gold file")
    total, wrong = Decided(), False
    for path in files:
        if every:
            decided, problems = accept_all(path, by=by, paragraph=paragraph)
            for line, problem in sorted(problems.items()):
                click.echo(f"{path}:{line}: not accepted: {problem}", err=True)
            wrong = wrong or bool(problems)
        else:
            decided = walk(path, _ask, by=by, paragraph=paragraph, tell=_show_line)
            _offer_to_finish(path, decided)
        total.add(decided)
        if total.quit:
            break
    click.echo(
        f"{total.accepted} accepted, {total.corrected} corrected, {total.rejected} rejected, {total.left} left"
    )
    return 2 if wrong else 0


def _ask(question: Question) -> Answer:
    """Show a proposal and read an answer; the end of standard input is ``quit``."""
    from factharness.cli.streams import console
    from factharness.gold.confirm import Correction
    from factharness.gold.retype import confirmed

    if question.problem:
        click.echo(f"  not done: {question.problem}", err=True)
    else:
        line = question.proposal.line
        click.echo(f"\n{question.document.path}:{line.line}: {question.left} left")
        console().print(_marked(question))
        _show_line(question.document, confirmed(line))
        for warning in question.warnings:
            click.echo(f"  probably wrong: {warning}")
    try:
        while True:
            key = _key(PROMPT)
            if KEYS.get(key) == "edit":
                return Correction(_line(f"  {HELP}: "))
            if key in KEYS:
                return KEYS[key]  # type: ignore[return-value]
            click.echo(f"  {key!r} is none of {', '.join(KEYS)}", err=True)
    except _NoMoreAnswersError:
        return "quit"


def _key(prompt: str) -> str:
    """One key on a terminal, else the first letter of a line.

    Raises ``_NoMoreAnswersError`` at the end of input.
    """
    if not sys.stdin.isatty():
        return _line(prompt)[:1].lower()
    click.echo(prompt, nl=False)
    key = click.getchar().lower()
    click.echo(key)
    if key == "\x04":  # control-D
        raise _NoMoreAnswersError
    return key


def _line(prompt: str) -> str:
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line:
        click.echo()
        raise _NoMoreAnswersError
    return line.strip()


def _marked(question: Question) -> Text:
    """The paragraph, the words of the fact in brackets and bold, those of speaker and cue underlined."""
    from rich.text import Text

    proposal = question.proposal
    text = proposal.passage.paragraph.text or ""
    line = proposal.line
    content = set(_places(question, *line.anchor.fragments))
    spoken = (mention.fragment for mention in line.mentions.values() if mention.fragment)
    mentions = set(_places(question, *spoken))
    shown, done = Text("  "), 0
    for start, end in sorted(content | mentions):
        if start < done:
            continue
        shown.append(_indented(text[done:start]))
        if (start, end) in content:
            shown.append(f"[{_indented(text[start:end])}]", style="bold")
        else:
            shown.append(_indented(text[start:end]), style="underline")
        done = end
    return shown.append(_indented(text[done:]))


def _indented(text: str) -> str:
    """A stretch of a paragraph as it is printed; its further lines begin below the first one."""
    return terminal(text).replace("\n", "\n  ")


def _places(question: Question, *fragments: Fragment) -> Iterator[tuple[int, int]]:
    """Where fragments stand in the paragraph; those not found are left out, as the checks report them."""
    from contextlib import suppress

    from factharness.gold.anchors import locate

    for fragment in fragments:
        with suppress(GoldError):
            yield locate(fragment, question.proposal.passage.paragraph)


def _show_line(document: Document, line: FactLine) -> None:
    """Print a fact line, and under a date what its value says in words."""
    from factharness.facts import DATE_TYPES, Date, GoldFact, Span
    from factharness.gold.format import write_fact
    from factharness.gold.readings import reading_of

    click.echo(f"  {write_fact(line)}")
    kind = next((name for name in DATE_TYPES if name == line.label), None)
    if kind is not None:
        fact = GoldFact(Date(Span(0, 1), kind, line.value), attributes=dict(line.texts))
        reading = reading_of(fact, document.header.published)
        if reading:
            click.echo(f"           {reading}")


def _offer_to_finish(path: str, decided: Decided) -> None:
    """When the last proposal of a draft was decided, ask whether the article is finished."""
    from factharness.gold.confirm import finish
    from factharness.gold.parse import read_document

    if decided.left or not (decided.accepted or decided.corrected or decided.rejected):
        return
    if read_document(path).header.labels.status != "draft":
        return
    click.echo(f"\n{path}: nothing is left to confirm.")
    try:
        answer = _key("Have you read every paragraph for facts that were not proposed? y, n: ")
    except _NoMoreAnswersError:
        return
    if answer == "y":
        finish(path)
