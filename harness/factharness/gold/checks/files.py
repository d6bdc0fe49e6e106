"""Checks of a gold file as a file: its name, its form, and what is still open in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from factharness.gold.checks.finding import Checked, Finding
from factharness.gold.proposed import PROPOSED, unconfirmed
from factharness.gold.tree import Comment

OPEN = re.compile(r"# [ab]: ")
"""The start of a comment that holds one side of an open disagreement."""


def file_name(file: Checked) -> Iterator[Finding]:
    """The id of an article is the name of its file."""
    name = Path(file.document.path).name
    if file.document.path and name != f"{file.document.header.id}.gold":
        yield Finding(
            1,
            f"the id {file.document.header.id!r} is not the file's name",
            f"name the file {file.document.header.id}.gold, or change the id",
        )


def normal_form(file: Checked) -> Iterator[Finding]:
    """The text is in normal form."""
    if not file.document.normal:
        yield Finding(
            1, "the text is not in normal form (spaces, line ends)", "run factharness gold fmt"
        )


def wordless(file: Checked) -> Iterator[Finding]:
    """A text-free file holds neither title nor notes."""
    if file.document.header.text == "full":
        return
    if file.document.header.title:
        yield Finding(1, "a text-free file holds a title", "run factharness gold withhold on it")
    for fact in file.facts:
        if "note" in fact.attributes:
            yield Finding(
                fact.line, "a text-free file holds a note", "run factharness gold withhold on it"
            )


def confirmed(file: Checked) -> Iterator[Finding]:
    """No fact is one that a back end proposed and nobody has confirmed."""
    for fact in file.facts:
        if unconfirmed([fact]):
            yield Finding(
                fact.line,
                PROPOSED,
                "decide it with factharness gold confirm, or correct it and remove the note",
            )


def settled(file: Checked) -> Iterator[Finding]:
    """No disagreement of two annotators is open."""
    for block in file.document.blocks:
        for line in block.lines:
            if isinstance(line, Comment) and OPEN.match(line.text):
                yield Finding(
                    line.line,
                    "an open disagreement",
                    "take one side, without its mark, and remove the other",
                )
