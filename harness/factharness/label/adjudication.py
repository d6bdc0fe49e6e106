"""Joins two labellings of one article in the page: facts of both are taken, the user decides on the rest.

The joint file has a comment ``# a: …`` or ``# b: …`` for each side of a difference that is open, as
``gold adjudicate`` writes them, so that the file itself says how far the work is.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from factharness.agreement.adjudicate import adjudicate
from factharness.errors import GoldError
from factharness.facts import GoldFact
from factharness.files import make_folder, write_text
from factharness.gold.checks.files import OPEN
from factharness.gold.format import render
from factharness.gold.parse import read_document
from factharness.gold.tree import Comment, Document
from factharness.label.operations import LabelledFact, Operation
from factharness.label.wire import DifferenceShown


class Adjudication:
    """The differences of two labellings, in the order of the text, and the file that joins them."""

    def __init__(self, a: Path, b: Path, output: Path) -> None:
        """Compare the files ``a`` and ``b``, and write ``output`` with what they agree on, if it is not there.

        Raises :class:`GoldError` when they have different texts, and for an ``output`` that no adjudication of
        these two wrote.
        """
        joined = adjudicate(read_document(a), read_document(b))
        self.pairs, self.comments = joined.open, joined.remarks
        self.path = output
        if not output.exists():
            make_folder(output.parent)
            write_text(output, render(joined.document))
            return
        there = read_document(output)
        if (
            there.header.labels.status not in ("open", "adjudicated")
            or there.header.sha256 != joined.document.header.sha256
            or any(output.samefile(side) for side in (a, b))
        ):
            raise GoldError(
                "is there already, and is not what an adjudication of these two wrote",
                file=output,
                remedy="name another file with -o",
            )

    def differences(self, document: Document) -> tuple[DifferenceShown, ...]:
        """The differences; those are open whose comments are in ``document``, the joint file."""
        here = _comments(document)
        return tuple(
            DifferenceShown(
                number,
                _labelled(pair.a),
                _labelled(pair.b),
                pair.differences(),
                bool(here.issuperset((index, comment.text) for index, comment in comments)),
            )
            for number, (pair, comments) in enumerate(zip(self.pairs, self.comments, strict=True))
        )

    def moved(
        self, document: Document, batch: Iterable[Operation]
    ) -> tuple[list[tuple[int, Comment]], list[tuple[int, Comment]]]:
        """The comments that a batch takes out of the joint file, and those that it puts back."""
        now = {one.number: one.open for one in self.differences(document)}
        before = dict(now)
        for operation in batch:
            if operation.decided is None:
                continue
            number = operation.decided.difference
            if number not in now:
                raise GoldError(f"no difference {number}", remedy="reload the page")
            now[number] = operation.decided.open
        out = [one for number, is_open in now.items() if before[number] and not is_open
               for one in self.comments[number]]  # fmt: skip
        back = [one for number, is_open in now.items() if is_open and not before[number]
                for one in self.comments[number]]  # fmt: skip
        return out, back


def open_left(document: Document, out: Iterable[tuple[int, Comment]]) -> bool:
    """Whether a difference is open in the joint file once the comments ``out`` are gone."""
    gone = {(index, comment.text) for index, comment in out}
    return any(OPEN.match(text) for index, text in _comments(document) - gone)


def _comments(document: Document) -> set[tuple[int, str]]:
    return {
        (index, line.text)
        for index, block in enumerate(document.blocks)
        for line in block.lines
        if isinstance(line, Comment)
    }


def _labelled(fact: GoldFact | None) -> LabelledFact | None:
    return None if fact is None else LabelledFact.of(fact)
