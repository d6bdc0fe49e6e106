"""A verdict as the comment of a pull request: what moved, which words broke and which were fixed. Pure.

A comment has a size that it must not exceed, so it is written in the order of importance, and what does not
fit is cut at the end: the verdict never, the words of facts first. Words come from articles and errors from
back ends; they are shown as code, in which no host mentions a person or refers to an issue.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from factharness import escape
from factharness.errors import HarnessError
from factharness.gate.baseline import name
from factharness.gate.changes import Broken, FactTurned
from factharness.gate.judge import Verdict
from factharness.gate.movement import LEVEL, Movement, movements
from factharness.runs.record import Run
from factharness.runs.tables.cells import UNDEFINED, score
from factharness.runs.tables.notes import few_articles
from factharness.runs.texts import Texts

LIMIT = 65_536
"""The most bytes of a comment; GitHub takes as many characters and no more."""

MARK = "<!-- factharness check "
"""How every comment begins; see :func:`mark`."""

LONGEST = 500
"""The most bytes that are shown of one failure, note or name."""

SHOWN = 200
"""The most lines about facts that broke, and as many about those that were fixed."""

VERBS = {"misses": "missed", "wrong": "wrong", "found": "found", "mended": "no longer wrong:"}


class CommentPart(Struct, frozen=True):
    """A part of a comment. As many of its items are shown as there is room for, but no more than ``most``."""

    opening: str
    items: tuple[str, ...]
    closing: str = ""
    most: int | None = None


def mark(suite: str) -> str:
    """The first line of a comment, which no reader sees: by it the comment of a suite is found again."""
    return f"{MARK}{escape.line(suite).replace('>', '')} -->"


def render(
    run: Run,
    verdict: Verdict,
    texts: Texts,
    *,
    link: str = "",
    workspace: str = "",
    limit: int = LIMIT,
) -> str:
    """The comment, in Markdown, of at most ``limit`` bytes as long as its head has no more.

    ``link`` is the address of the run, and ``workspace`` the folder that paths are shown relative to. No word
    is shown of an article whose text is withheld.
    """
    moved = movements(run, verdict)
    changes = verdict.changes
    broken, fixed = (changes.broken, changes.fixed) if changes else ((), ())
    shown = _Facts(texts, workspace)
    sections = [
        CommentPart("\n### Rules that do not hold\n\n", tuple(_rules(verdict))),
        CommentPart(_table_head(run), tuple(_rows(run, moved)), _table_notes(moved)),
        CommentPart("\n### Notes\n\n", tuple(_notes(verdict, moved))),
        _details(f"{_count(len(broken))} broke since the baseline", shown.lines(broken)),
        _details(f"{_count(len(fixed))} fixed since the baseline", shown.lines(fixed)),
    ]
    head = [
        mark(run.manifest.suite),
        f"## {escape.markdown(str(verdict))}\n",
        f"{_what_was_checked(run, verdict)}{_where(link)}\n",
    ]
    return _cut("\n".join(head), [one for one in sections if one.items], limit)


def refused(suite: str, error: HarnessError, link: str = "") -> str:
    """The comment when a run of ``suite`` could not be judged at all."""
    said = escape.markdown_code(escape.brief(str(error)))
    head = f"## RESULT: ERROR exit {error.exit_code}"
    return f"{mark(suite)}\n{head}\n\n{said}\n\nSuite {_plain(suite)}.{_where(link)}\n"


def _what_was_checked(run: Run, verdict: Verdict) -> str:
    commit = f" at {run.manifest.commit[:12]}" if run.manifest.commit else ""
    against = (
        f"against {_plain(str(verdict.baseline))}" if verdict.baseline else "without a baseline"
    )
    changes = verdict.changes
    counts = f" {_count(len(changes.broken))} broke, {len(changes.fixed)} fixed." if changes else ""
    return f"Suite {_plain(run.manifest.suite)}{commit}, {against}.{counts}"


def _where(link: str) -> str:
    """A sentence with the address of the run; in it, nothing can end the link."""
    return f" [The whole run]({quote(link, safe='%/:?#@!$&+,;=~')})." if link else ""


def _rules(verdict: Verdict) -> Iterator[str]:
    for result in verdict.results:
        if not result.passed:
            yield f"- {result.word} {_code(result.rule)}\n"
            yield from (f"  - {_code(failure)}\n" for failure in result.failures)


def _table_head(run: Run) -> str:
    columns = ["back end", "kind", "F1", "change", "more than chance"]
    align = ["---", "---", "--:", "--:", "---"]
    if len(run.manifest.goldsets) > 1:
        columns, align = ["gold set", *columns], ["---", *align]
    return f"\n### F1 by back end and kind\n\n{_row(columns)}{_row(align)}"


def _rows(run: Run, moved: Sequence[Movement]) -> Iterator[str]:
    several = len(run.manifest.goldsets) > 1
    for one in moved:
        change, chance = UNDEFINED, UNDEFINED
        if one.change is not None and one.p is not None:
            change = f"{round(one.change, 3) + 0.0:+.3f}"
            chance = f"{'yes' if one.more_than_chance else 'no'}, p {_p(one.p)}"
        cells = (one.number.backend, one.number.kind, score(one.now), change, chance)
        yield _row(map(escape.markdown, (one.number.goldset, *cells) if several else cells))


def _p(value: float) -> str:
    return f"= {value:.3f}" if value >= 0.001 else "< 0.001"


def _row(cells: Sequence[str] | Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _table_notes(moved: Sequence[Movement]) -> str:
    tested = [one for one in moved if one.p is not None]
    if not tested:
        return ""
    few = "".join(f" {note}" for note in few_articles(min(one.articles for one in tested)))
    return (
        "\nChange: F1 now minus F1 in the baseline, over the articles that both scored. More than chance: "
        f"p at most {LEVEL:g}, by paired randomisation over articles, by Holm's correction over "
        f"{len(tested)} number{'s' * (len(tested) != 1)}.{few}\n"
    )


def _notes(verdict: Verdict, moved: Sequence[Movement]) -> Iterator[str]:
    """Why a number could not be compared, each reason once; then the notes of the gate."""
    reasons: dict[str, list[str]] = {}
    for one in moved:
        if one.why:
            reasons.setdefault(one.why, []).append(f"{one.number.backend} {one.number.kind}")
    for why, numbers in reasons.items():
        of = f" of {_plain(', '.join(dict.fromkeys(numbers)))}" if len(numbers) < len(moved) else ""
        yield f"- No change{of} is known: {_plain(why)}\n"
    yield from (f"- {_plain(note)}\n" for note in verdict.notes)


class _Facts:
    """Writes lines about facts, with their words as far as the gold allows."""

    def __init__(self, texts: Texts, workspace: str) -> None:
        self.texts, self.workspace = texts, workspace

    def lines(self, facts: Sequence[FactTurned]) -> tuple[str, ...]:
        """A line for each group of facts that differ only in their place, the largest group first."""
        groups: dict[tuple[str, ...], list[FactTurned]] = {}
        for one in map(self._worded, facts):
            groups.setdefault(one.alike, []).append(one)
        return tuple(map(self._line, sorted(groups.values(), key=len, reverse=True)))

    def _worded(self, one: FactTurned) -> FactTurned:
        """The fact with its words: those of the text, where the run does not have them and the text is here."""
        text = None if one.fact.words else self.texts.of(one.goldset, one.article)
        if text is None or not one.fact.spans:
            return one
        words = " ".join(text[one.fact.spans[0].start : one.fact.spans[-1].end].split())
        return replace(one, fact=replace(one.fact, words=escape.brief(words, LONGEST)))

    def _line(self, group: Sequence[FactTurned]) -> str:
        one, fact = group[0], group[0].fact
        withheld = self.texts.withheld(one.goldset, one.article)
        if withheld:
            said = [_plain(fact.label)]
        elif fact.words:
            said = [_plain(fact.label), _code(fact.words)]
        else:
            said = [_plain(name(fact))]
        values = {other.fact.value for other in group} - {None, "" if withheld else fact.words}
        if len(values) == 1 and fact.value:  # `lundi` is another day in each article
            said.append(f"({_code(fact.value)})")
        often = f", {len(group)} times" if len(group) > 1 else ""
        why = f": {_plain(one.why)}" if isinstance(one, Broken) and one.why else ""
        return (
            f"- {_plain(one.backend)}: {VERBS[one.what]} {' '.join(said)}{often}, "
            f"{_code(self._place(one))}{why}\n"
        )

    def _place(self, one: FactTurned) -> str:
        path = PurePath(os.path.normpath(one.path))  # a suite may name its gold set as `../gold`
        if path.is_relative_to(self.workspace):
            path = path.relative_to(self.workspace)
        return replace(one, path=path.as_posix()).place


def _details(summary: str, lines: tuple[str, ...]) -> CommentPart:
    opening = f"\n<details>\n<summary>{escape.markup(summary)}</summary>\n\n"
    return CommentPart(opening, lines, "\n</details>\n", SHOWN)


def _count(facts: int) -> str:
    return f"{facts} fact{'s' * (facts != 1)}"


def _code(text: str) -> str:
    return escape.markdown_code(escape.brief(text, LONGEST))


def _plain(text: str) -> str:
    """Running text, or code where a host could read a mention or a reference in it."""
    code = any(character in text for character in "@#!")
    return _code(text) if code else escape.markdown(escape.brief(text, LONGEST))


def _cut(head: str, sections: Sequence[CommentPart], limit: int) -> str:
    """The head, and the sections with as many items as fit, those of the first sections first."""
    whole = head + "".join(_written(one, len(one.items[: one.most])) for one in sections)
    if len(whole.encode()) <= limit:
        return whole
    room = limit - len(head.encode())
    framed: list[CommentPart] = []
    for one in sections:
        room -= len(_written(one, 0).encode())
        if room < 0:
            break
        framed.append(one)
    cut = head
    for one in framed:
        shown = 0
        for item in one.items[: one.most]:
            room -= len(item.encode())
            if room < 0:
                break
            shown += 1
        cut += _written(one, shown)
    return cut


def _written(section: CommentPart, shown: int) -> str:
    left_out = len(section.items) - shown
    note = f"\n… and {left_out} more line{'s' * (left_out != 1)}, in the run.\n" if left_out else ""
    return "".join((section.opening, *section.items[:shown], note, section.closing))
