"""Sentences with a reporting verb whose subject is known: a test of parsers, never trained on.

`incises.txt` has one a line: the verb in braces, its subject in brackets (any word of it may be found).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).with_name("incises.txt")
_MARKED = re.compile(r"\{(?P<verb>[^}]+)\}|\[(?P<subject>[^]]+)\]")


class Incise(NamedTuple):
    """A text, and where its verb and its subject stand."""

    text: str
    verb: tuple[int, int]
    subject: tuple[int, int]


def read_incises(path: Path = _FILE) -> list[Incise]:
    """The sentences of the file."""
    lines = path.read_text("utf-8").splitlines()
    return [_incise(line) for line in lines if line and not line.startswith("#")]


def _incise(line: str) -> Incise:
    text, last = "", 0
    spans: dict[str, tuple[int, int]] = {}
    for match in _MARKED.finditer(line):
        text += line[last : match.start()]
        kind = match.lastgroup or ""
        spans[kind] = (len(text), len(text) + len(match[kind]))
        text += match[kind]
        last = match.end()
    return Incise(text + line[last:], spans["verb"], spans["subject"])


class Arc(NamedTuple):
    """Where a word starts, where its head does, and its relation."""

    start: int
    head: int
    relation: str


def subject_accuracy(parsed: Iterable[Iterable[Arc]], incises: Sequence[Incise]) -> float:
    """The share of verbs that have a word of their subject as a dependent of the relation `nsubj`.

    `parsed` are the words of each text as a parser reads them.
    """
    return sum(map(_is_right, parsed, incises)) / len(incises)


def _is_right(words: Iterable[Arc], incise: Incise) -> bool:
    return any(
        word.relation.startswith(("nsubj", "expl:subj"))
        and incise.subject[0] <= word.start < incise.subject[1]
        and incise.verb[0] <= word.head < incise.verb[1]
        for word in words
    )
