"""The article that is being labelled: its gold file in memory, edited fact by fact.

Lines of facts that an edit does not touch stay as they are, and comments stay above the fact they stood above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, structs

from factharness.errors import GoldError
from factharness.facts import GoldFact, Span
from factharness.files import unify
from factharness.gold.compose import Composer
from factharness.gold.format import in_words, relabelled, render, rewrite
from factharness.gold.header import Labelling
from factharness.gold.parse import to_article
from factharness.gold.sets import with_text
from factharness.gold.syntax import read
from factharness.gold.tree import Comment, Document, FactLine
from factharness.gold.withhold import as_offsets
from factharness.label.operations import LabelledFact, Step
from factharness.text import paragraphs

_NUMBERED = re.compile(r"q([0-9]{1,6})")


class GoldDraft(Struct, frozen=True):
    """A gold file without mistakes in its grammar, and what it says.

    ``source`` is the content of the file, ``document`` the same as a tree; ``attached`` has its text also where
    the file itself has none. ``facts`` are in the order of ``gold``, that of the text.
    """

    source: str
    document: Document
    attached: Document
    text: str
    gold: tuple[GoldFact, ...]
    facts: tuple[LabelledFact, ...]

    @staticmethod
    def read(source: str, path: str) -> GoldDraft:
        """The draft in ``source``, the content of the file ``path``.

        Raises :class:`GoldError` with the line at the first mistake, and when the text is not here, or only a
        part of it.
        """
        document = read(unify(source), path)
        attached, skipped = with_text(document)
        if skipped:
            raise GoldError(skipped[0].reason, file=path, remedy=skipped[0].remedy)
        article = to_article(attached)
        return GoldDraft(
            source,
            document,
            attached,
            article.article.text,
            article.facts,
            tuple(map(LabelledFact.of, article.facts)),
        )

    @property
    def withheld(self) -> bool:
        """Whether the file itself holds no words."""
        return self.document.header.text == "withheld"

    @property
    def paragraphs(self) -> list[Span]:
        """The paragraphs of the text."""
        return [Span(start, start + len(part)) for start, part in paragraphs(self.text)]

    def edited(
        self,
        steps: Sequence[Step],
        labels: Labelling | None = None,
        out: Iterable[tuple[int, Comment]] = (),
        back: Iterable[tuple[int, Comment]] = (),
    ) -> GoldDraft:
        """The file after ``steps``, in canonical form, under a header with ``labels``.

        The comments ``out`` are taken out, those of ``back`` put in, each under the paragraph of that index.
        Raises :class:`GoldError` when a fact cannot be written as it was sent.
        """
        editing = _Editing(self)
        for step in steps:
            editing.take(step)
        editing.remark(out, back)
        document = self._document(editing.lines, labels or self.document.header.labels)
        draft = GoldDraft.read(render(document), self.document.path)
        self._check(draft, steps)
        return draft

    def _document(
        self, lines: Sequence[Sequence[FactLine | Comment]], labels: Labelling
    ) -> Document:
        """The file with ``lines`` under its paragraphs."""
        blocks = tuple(
            structs.replace(block, lines=tuple(below))
            for block, below in zip(self.attached.blocks, lines, strict=True)
        )
        describe = as_offsets if self.withheld else in_words
        written = rewrite(structs.replace(self.attached, blocks=blocks), describe)
        blocks = tuple(
            structs.replace(old, lines=new.lines)
            for old, new in zip(self.document.blocks, written.blocks, strict=True)
        )
        return relabelled(structs.replace(self.document, blocks=blocks), labels)

    def _check(self, draft: GoldDraft, steps: Sequence[Step]) -> None:
        """Raise unless ``draft``, as it was read back, has the facts of this one after ``steps``."""
        wanted = Counter(map(repr, self.facts))
        wanted.subtract(repr(step.before) for step in steps if step.before is not None)
        wanted.update(repr(step.after) for step in steps if step.after is not None)
        if +wanted != Counter(map(repr, draft.facts)):
            raise GoldError(
                "a fact would not be read back as it was sent",
                file=self.document.path,
                remedy="undo the last step; nothing was written",
            )


class _Entry:
    """A fact and its lines, each with the number of its paragraph."""

    def __init__(self, fact: LabelledFact, lines: Iterable[tuple[int, FactLine]]) -> None:
        self.fact, self.lines = fact, list(lines)

    def ids(self) -> set[str]:
        return {line.id for _, line in self.lines if line.id}

    def refers_to(self, ids: set[str]) -> bool:
        return any(
            mention.ref in ids for _, line in self.lines for mention in line.mentions.values()
        )


class _Editing:
    """The lines of a draft by paragraph, being edited, and which of them belong to which fact."""

    def __init__(self, draft: GoldDraft) -> None:
        self.lines: list[list[FactLine | Comment]] = [
            list(block.lines) for block in draft.attached.blocks
        ]
        self.withheld = draft.withheld
        self.path = draft.document.path
        self._composer = Composer(draft.text)
        by_id: dict[str, list[tuple[int, FactLine]]] = {}
        by_line: dict[int, tuple[int, FactLine]] = {}
        for index, line in _fact_lines(self.lines):
            by_line[line.line] = index, line
            if line.id:
                by_id.setdefault(line.id, []).append((index, line))
                number = _NUMBERED.fullmatch(line.id)
                if number:
                    self._composer.quotes = max(self._composer.quotes, int(number[1]))
        self.entries = []
        for gold, fact in zip(draft.gold, draft.facts, strict=True):
            first = by_line[gold.line]
            self.entries.append(_Entry(fact, by_id[first[1].id] if first[1].id else [first]))

    def take(self, step: Step) -> None:
        """Replace the lines of a fact, add or remove them."""
        old = None
        if step.before is not None:
            old = next(entry for entry in self.entries if entry.fact == step.before)
            for entry in self._referring(old):
                self._replace(entry, entry.fact)
        if step.after is None:
            assert old is not None
            self._replace(old, None)
            self.entries.remove(old)
        elif old is None:
            self.entries.append(_Entry(step.after, []))
            self._replace(self.entries[-1], step.after)
        else:
            self._replace(old, step.after)

    def remark(
        self, out: Iterable[tuple[int, Comment]], back: Iterable[tuple[int, Comment]]
    ) -> None:
        """Take comments out and put others in, each under the paragraph of its index."""
        gone = {(index, comment.text) for index, comment in out}
        for index, below in enumerate(self.lines):
            below[:] = [
                line
                for line in below
                if not (isinstance(line, Comment) and (index, line.text) in gone)
            ]
        for index, comment in back:
            self.lines[index].append(comment)

    def _referring(self, entry: _Entry) -> list[_Entry]:
        """The quotes whose speaker is named by reference to ``entry``, also by way of others."""
        found: list[_Entry] = []
        ids = entry.ids()
        while ids:
            more = [
                other
                for other in self.entries
                if other is not entry and other not in found and other.refers_to(ids)
            ]
            found += more
            ids = {one for other in more for one in other.ids()}
        return found

    def _replace(self, entry: _Entry, fact: LabelledFact | None) -> None:
        new = {} if fact is None else self._composed(fact)
        added = dict(new)
        for index, line in entry.lines:
            below = self.lines[index]
            place = next(number for number, other in enumerate(below) if other is line)
            below[place : place + 1] = [added.pop(index)] if index in added else []
        for index, line in added.items():
            self.lines[index].append(line)
        entry.lines = list(new.items())
        if fact is not None:
            entry.fact = fact

    def _composed(self, fact: LabelledFact) -> dict[int, FactLine]:
        """The lines of a fact, by paragraph."""
        if self.withheld and "note" in fact.attributes:
            raise GoldError(
                "a text-free file holds no notes", file=self.path, remedy="leave the note out"
            )
        composer = self._composer
        composer.losses.clear()
        composer.add(fact.to_gold())
        if composer.losses:
            raise GoldError(
                f"cannot be written: {composer.losses[0].why}",
                file=self.path,
                remedy="label words of one paragraph; a speaker of another one is given by name",
            )
        lines = dict(_fact_lines(composer.lines))
        for index in lines:
            composer.lines[index].clear()
        return lines


def _fact_lines(
    blocks: Sequence[Sequence[FactLine | Comment]],
) -> Iterator[tuple[int, FactLine]]:
    for index, below in enumerate(blocks):
        for line in below:
            if isinstance(line, FactLine):
                yield index, line
