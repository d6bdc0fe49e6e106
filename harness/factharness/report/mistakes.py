"""Lists of mistakes as lines of text. A line is made of pieces, each with a role that decides its colour.

Pure: data in, text out.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Literal, NamedTuple, TypeAlias

from factharness.escape import brief
from factharness.facts import Kind
from factharness.runs.entries import Entry, EntryAnswer, WordsAround
from factharness.runs.flips import FlipEntry
from factharness.runs.mistakes import Group, What
from factharness.runs.record import FactRef, Run
from factharness.runs.review import Suggestion, Verdict
from factharness.score.comparison import Change

WIDTH = 80
"""How many characters a line has where nobody knows the width of the terminal."""
INDENT = "    "
SHOWN = 48
"""How many characters of some words a verdict has at most."""

Role: TypeAlias = Literal["", "place", "quiet", "entity", "date", "quote"]
"""What a piece of a line is: plain, a ``file:line``, less important, or words of a fact of that kind."""


class Piece(NamedTuple):
    """A part of a line."""

    text: str
    role: Role = ""


Line: TypeAlias = Sequence[Piece]

VERDICTS: Mapping[What, str] = {
    "missed": "missed",
    "spurious": "not in gold",
    "boundary": "boundary",
    "label": "label",
    "value": "value",
    "speaker": "speaker",
    "cue": "cue",
}
"""The word for each sort of mistake."""


def lines(entry: Entry, *, width: int = WIDTH, here: PurePath | None = None) -> Iterator[Line]:
    """An entry: where it is, the fact in its context, the answers. ``here`` is left out of paths below it."""
    yield Piece(place(entry.path, entry.line, here), "place"), Piece(f"  {_named(entry)}")
    yield from fact_lines(entry.kind, entry.shown, entry.context, width)
    answers = [f"{verdict(answer)}: {', '.join(answer.backends)}" for answer in entry.answers]
    if entry.right:
        answers.append(f"right: {', '.join(entry.right)}")
    yield from paragraph("; ".join(answers), width)


def fact_lines(
    kind: Kind, fact: FactRef, context: WordsAround | None, width: int = WIDTH
) -> Iterator[Line]:
    """The words of a fact on one line, in their context where it is known."""
    if context is None:
        yield Piece(INDENT), Piece(shortened(fact.words, width - len(INDENT) - 2), kind)
        return
    yield Piece(INDENT), *_fitted(kind, context, width - len(INDENT) - 2 * len(context.parts))


def paragraph(text: str, width: int, role: Role = "") -> Iterator[Line]:
    """A text on as many indented lines as it needs."""
    for line in textwrap.wrap(
        text, width - len(INDENT), break_long_words=False, break_on_hyphens=False
    ):
        yield Piece(INDENT), Piece(line, role)


def place(path: str, line: int, here: PurePath | None = None) -> str:
    """``file:line``, the file as it is named from the folder ``here``."""
    shown = PurePath(path)
    if here is not None and shown.is_relative_to(here):
        shown = shown.relative_to(here)
    return f"{shown}:{line}" if line else f"{shown}"


def verdict(answer: EntryAnswer) -> str:
    """What is wrong with an answer, and what was said instead: ``label ORG for LOC``."""
    value = answer.pred.value if answer.pred else None
    return ", ".join(_verdict(one.what, one.expected, one.found, value) for one in answer.mistakes)


def _verdict(what: What, expected: str, found: str, value: str | None = None) -> str:
    if what == "missed":
        return VERDICTS[what]
    if what == "spurious":
        return f"{VERDICTS[what]} ({found} {value})" if value else f"{VERDICTS[what]} ({found})"
    if what == "boundary":
        return f"{VERDICTS[what]} {shortened(found, SHOWN)}"
    return f"{VERDICTS[what]} {found} for {expected}"


def note_lines(entry: Entry, width: int = WIDTH) -> Iterator[Line]:
    """Why there are no words around the facts of an article, or what else to know about it; else nothing."""
    if entry.note:
        shown = f"{entry.article}: {'no context: ' if entry.context is None else ''}{entry.note}"
        yield from paragraph(shown, width, "quiet")


def flip_lines(
    flip: FlipEntry, *, width: int = WIDTH, here: PurePath | None = None
) -> Iterator[Line]:
    """A fact that only one side has right, or that both have wrong in different ways, as :func:`lines`."""
    first, *rest = lines(flip.entry, width=width, here=here)
    yield *first, Piece(f"  {_changed(flip.changes)}")
    yield from rest


def _changed(changes: Sequence[Change]) -> str:
    if "gained" in changes:
        return "+ gained"
    if "lost" in changes:
        return "- lost"
    if "wrong" in changes:
        return "! wrong otherwise" if "mended" in changes else "! newly wrong"
    return "~ no longer wrong"


def suggestion_lines(
    suggestion: Suggestion, *, width: int = WIDTH, here: PurePath | None = None
) -> Iterator[Line]:
    """A fact to look at again: as :func:`lines`, with the lines of the gold file."""
    yield from lines(suggestion.entry, width=width, here=here)
    marks = ("add", suggestion.proposed) if suggestion.verdict == "unlabelled" else None
    for mark, gold in (
        ("stands", suggestion.stands),
        marks or ("theirs", suggestion.proposed),
    ):
        for line in gold:
            yield Piece(f"{INDENT}{mark + ':':<8}"), Piece(line, "place")
    for doubt in suggestion.doubts:
        yield from paragraph(doubt, width, "quiet")


def review_notes(
    times: Mapping[Verdict, int], voices: Mapping[Kind, Sequence[str]], kinds: Sequence[Kind]
) -> Iterator[str]:
    """How many facts there are to look at, and of which kinds there can be none."""
    facts: dict[Verdict, str] = {
        "unfound": "that no back end has right: hard, or wrong gold?",
        "otherwise": "of which all say the same other thing: wrong gold?",
        "unlabelled": "that all find and gold has not: missing gold?",
    }
    for verdict, what in facts.items():
        number = times.get(verdict, 0)
        yield f"{number} {'fact' if number == 1 else 'facts'} {what}"
    for kind, names in voices.items():
        if len(names) < 2 and kind in (kinds or voices):
            heard = f"only {names[0]} has" if names else "no back end has"
            yield f"{kind}: {heard} a voice of its own on it, and a list needs two"


def group_lines(group: Group, *, width: int = WIDTH) -> Iterator[Line]:
    """A group: how often, what, on which words, by whom, in which articles."""
    said = _verdict(group.what, group.expected, group.found)
    if group.what == "missed":
        said = f"{said} {group.expected}"
    yield (
        Piece(f"{group.times:>4} × {said}: "),
        Piece(shortened(group.words, SHOWN), group.kind),
    )
    names = ", ".join(f"{name} {times}" for name, times in group.backends.items())
    yield from paragraph(names, width)
    places = [_article(one) for one in group.places]
    more = group.articles - len(places)
    listed = ", ".join(places) + (f" and {more} more articles" if more > 1 else "")
    yield from paragraph(listed + (" and another article" if more == 1 else ""), width, "quiet")


def _article(place: str) -> str:
    """The id of an article and the line, of ``file:line``; a gold file has the name of its article."""
    path, _, line = place.rpartition(":")
    if not (path and line.isdecimal()):
        path, line = place, ""
    name = PurePath(path).name.removesuffix(".gold")
    return f"{name}:{line}" if line else name


def totals(counts: Mapping[str, Counter[What]]) -> Iterator[str]:
    """A line per back end: how many mistakes of which sort it made."""
    for backend, whats in counts.items():
        listed = ", ".join(f"{times} {VERDICTS[what]}" for what, times in whats.most_common())
        number = whats.total()
        yield f"{backend}: {number} {'mistake' if number == 1 else 'mistakes'}" + (
            f": {listed}" if listed else ""
        )


def notes(run: Run, backend: str = "") -> Iterator[str]:
    """What is not in the list: facts of articles on which a back end failed, and back ends without results.

    Of one ``backend`` or of all.
    """
    for record in run.manifest.backends:
        if backend not in ("", record.name):
            continue
        if record.unavailable:
            yield f"{record.name} could not be built: {_one_line(record.unavailable)}"
        failed = run.errors.get(record.name)
        if failed:
            name, error = next(iter(failed.items()))
            yield (
                f"{record.name} failed on {len(failed)} of the articles, whose facts are not listed; "
                f"the first is {name}: {_one_line(error)}"
            )


def _one_line(error: str) -> str:
    return " ".join(brief(error, 200).split())


def _named(entry: Entry) -> str:
    """The label of the gold fact, and the value of a date; the kind of a fact that is not in gold."""
    if entry.gold is None:
        return entry.kind
    label = entry.gold.label if entry.kind != "quote" else f"{entry.gold.label} quote"
    return f"{label} {entry.gold.value}" if entry.gold.value else label


def shortened(words: str, length: int) -> str:
    """Words of at most ``length`` characters: of longer ones the beginning and the end."""
    if len(words) <= length:
        return words
    half = (length - 3) // 2
    head, tail = words[:half], words[-half:]
    # Whole words, unless one word is longer than what is left of it.
    head = head.rpartition(" ")[0] or head
    tail = tail.partition(" ")[2] or tail
    return f"{head} … {tail}"


def _fitted(kind: Kind, context: WordsAround, width: int) -> Iterator[Piece]:
    """The words of a fact with as much context as ``width`` holds, cut between words."""
    share = max(12, width * 2 // 3 // len(context.parts))
    parts = [shortened(part, share) for part in context.parts]
    room = max(0, width - sum(map(len, parts)))
    left = max(room // 2, room - len(context.after))
    before = _end_of(context.before, left)
    after = _start_of(context.after, room - len(before))
    yield Piece(before)
    for number, part in enumerate(parts):
        yield Piece(part, "" if number % 2 else kind)
    yield Piece(after)


def _end_of(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text[len(text) - max(0, length - 2) :]
    return f"… {cut.partition(' ')[2]}" if length > 2 else ""


def _start_of(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text[: max(0, length - 2)]
    return f"{cut.rpartition(' ')[0]} …" if length > 2 else ""


def schema() -> object:
    """The JSON schema of ``factharness mistakes --json``: a list of entries, of groups or of suggestions."""
    import msgspec

    from factharness.report.schema import DIALECT, dedented

    lists, parts = msgspec.json.schema_components(
        [list[Entry], list[Group], list[Suggestion]], ref_template="#/$defs/{name}"
    )
    return dedented(
        {
            "$schema": DIALECT,
            "title": "factharness mistakes --json, with --group, with --review",
            "anyOf": list(lists),
            "$defs": parts,
        }
    )
