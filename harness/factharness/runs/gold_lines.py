"""Finds the lines of a gold file that hold a fact, and writes those that would hold a proposed fact.

``gold check`` is asked what it would say of the proposed lines.
"""

from __future__ import annotations

import itertools
import re
from functools import cached_property
from typing import TypeAlias

from msgspec import structs

from factharness.errors import HarnessError
from factharness.facts import Date, Fact, GoldFact, Kind, kind_of, label_of, spans_of
from factharness.gold.compose import Composer
from factharness.gold.format import write_fact
from factharness.gold.parse import read_document
from factharness.gold.problems import Problem, check_document, found_by_checks, resolved
from factharness.gold.tree import Comment, FactLine
from factharness.runs.record import FactRef
from factharness.runs.texts import Texts

Lines: TypeAlias = tuple[str, ...]
_NEW = 10**9
"""The number of a line that is not in the file; no line of a file has it."""


class GoldLines:
    """The gold file of one article, as it is now.

    ``readable`` says whether it has the text of the run; without it there are no facts and nothing can be
    proposed.
    """

    def __init__(self, goldset: str, article: str, texts: Texts) -> None:
        self.readable = False
        self._text = texts.of(goldset, article)
        self._facts: tuple[GoldFact, ...] = ()
        if self._text is None:
            return
        try:
            self._document = read_document(texts.file(goldset, article))
            self._read, checked = resolved(self._document)
        except HarnessError:
            return
        if checked is not None:
            self.readable, self._facts, self._attached = True, checked.facts, checked.attached
            self._checked = checked
            self._names = {
                line.line: line.id for block in self._document.blocks for line in block.facts()
            }

    @cached_property
    def _problems(self) -> set[Problem]:
        """What ``gold check`` says of the file as it is; asked for only where something is proposed."""
        return {*self._read, *found_by_checks(self._checked)}

    def held(self, kind: Kind, fact: FactRef, *, gold: bool) -> GoldFact | None:
        """The fact of the file on the same words; for a ``gold`` fact of the run, with its label and value."""
        return next(
            (
                held
                for held in self._facts
                if kind_of(held.fact) == kind
                and spans_of(held.fact) == fact.spans
                and (not gold or (label_of(held.fact), _value(held)) == (fact.label, fact.value))
            ),
            None,
        )

    def of(self, held: GoldFact) -> Lines:
        """The lines that hold a fact of the file: one, but for a quote that goes on in other paragraphs."""
        return tuple(
            write_fact(line)
            for block in self._document.blocks
            for line in block.facts()
            if self._holds(line, held)
        )

    def _holds(self, line: FactLine | Comment, held: GoldFact) -> bool:
        if isinstance(line, Comment):
            return False
        name = self._names.get(held.line)
        goes_on = name is not None and line.id == name and line.anchor.continues
        return line.line == held.line or goes_on

    def propose(self, fact: Fact, held: GoldFact | None) -> tuple[Lines, Lines]:
        """The lines that would hold ``fact``, and what ``gold check`` would say of the file with them.

        They take the place of those of ``held``, and have its attributes. Where nothing can be written, the
        second part says why.
        """
        assert self._text is not None
        composer = Composer(self._text, in_words=self._document.header.text == "full")
        composer.add(GoldFact(fact, attributes=dict(held.attributes) if held else {}))
        losses = tuple(f"not written: {loss.why}" for loss in composer.losses)
        numbers = itertools.count(_NEW)
        # Paragraphs are told by their lines, since those of which no text is attached are not in it.
        added = {
            block.paragraph.line: [
                structs.replace(line, line=next(numbers))
                for line in lines
                if isinstance(line, FactLine)
            ]
            for block, lines in zip(self._attached.blocks, composer.lines, strict=True)
        }
        blocks = tuple(
            structs.replace(
                block,
                lines=(
                    *(line for line in block.lines if held is None or not self._holds(line, held)),
                    *added.get(block.paragraph.line, ()),
                ),
            )
            for block in self._document.blocks
        )
        problems, _ = check_document(structs.replace(self._document, blocks=blocks))
        doubts = [problem for problem in problems if problem not in self._problems]
        return (
            tuple(write_fact(line) for lines in added.values() for line in lines),
            (*losses, *(_here(one.text) for one in doubts)),
        )


def _here(message: str) -> str:
    return re.sub(rf"\bline {_NEW}\b", "this line", message)


def _value(held: GoldFact) -> str | None:
    return held.fact.value if isinstance(held.fact, Date) else None
