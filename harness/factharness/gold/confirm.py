"""Goes through the proposed facts of a gold file (``note: unconfirmed``), and writes each decision at once.

The file is read before each question and written after each answer, whole or not at all, so that an
interruption loses nothing and a change by an editor is seen. Only the lines of the decided fact and the labels
of the header change; everything else stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from factharness.errors import GoldError
from factharness.files import read_text, write_text
from factharness.gold.anchors import locate
from factharness.gold.format import relabelled, write_fact
from factharness.gold.problems import check_document
from factharness.gold.proposed import UNCONFIRMED
from factharness.gold.retype import confirmed, retyped
from factharness.gold.syntax import read
from factharness.gold.tree import Document, FactLine, Passage

CHANGED = "the file was changed elsewhere; this is what it says now"


class Correction(Struct, frozen=True):
    """The answer of somebody who corrects a fact: what :func:`~factharness.gold.retype.retyped` reads."""

    typed: str


Answer: TypeAlias = Literal["accept", "reject", "skip", "paragraph", "quit"] | Correction
"""``paragraph`` accepts all that is left of the paragraph."""


class Proposal(Struct, frozen=True):
    """A fact line that waits for a decision, and its paragraph, whose number counts from 1."""

    line: FactLine
    passage: Passage
    paragraph: int

    @property
    def identity(self) -> tuple[int, str]:
        """What tells it from the others of the file also after lines above it have gone."""
        return self.paragraph, write_fact(self.line)

    @property
    def words(self) -> str:
        """The words of its first fragment in the text; empty when they are not there."""
        with suppress(GoldError):
            place = locate(self.line.anchor.fragments[0], self.passage.paragraph)
            return (self.passage.paragraph.text or "")[slice(*place)]
        return ""


class Question(Struct, frozen=True):
    """What is asked about: a proposal of a file, how many are left, what the checks find probably wrong in it,
    and, when the last answer could not be carried out, why."""

    document: Document
    proposal: Proposal
    left: int
    warnings: tuple[str, ...] = ()
    problem: str = ""


Ask: TypeAlias = Callable[[Question], Answer]


class Decided(Struct):
    """How many facts were accepted as they were, corrected, rejected, and how many still wait."""

    accepted: int = 0
    corrected: int = 0
    rejected: int = 0
    left: int = 0
    quit: bool = False

    def add(self, other: Decided) -> None:
        """Add the counts of another file."""
        self.accepted += other.accepted
        self.corrected += other.corrected
        self.rejected += other.rejected
        self.left += other.left
        self.quit = self.quit or other.quit


def proposals_of(document: Document, paragraph: int | None = None) -> list[Proposal]:
    """What waits for a decision, by line; of one paragraph when its number is given."""
    return [
        Proposal(line, block, number)
        for number, block in enumerate(document.blocks, 1)
        for line in block.facts()
        if line.texts.get("note") == UNCONFIRMED and paragraph in (None, number)
    ]


def confirm(
    path: str,
    ask: Ask,
    *,
    by: Sequence[str] = (),
    paragraph: int | None = None,
    tell: Callable[[Document, FactLine], None] = lambda _document, _line: None,
) -> Decided:
    """Ask about each proposal of a file. An answer that cannot be carried out is asked for again.

    ``tell`` is called with each line that a correction has written. ``by`` are the names that go into the
    header's ``labels.by``; ``paragraph`` limits the walk to one. Raises :class:`GoldError` for a file that
    cannot be read.
    """
    decided = Decided()
    skipped: set[tuple[int, str]] = set()
    problem = ""
    while True:
        file = _Draft.read(path, by)
        waiting = [
            proposal
            for proposal in proposals_of(file.document, paragraph)
            if proposal.identity not in skipped
        ]
        if not waiting:
            break
        proposal = waiting[0]
        warnings = file.warnings(proposal)
        answer = ask(Question(file.document, proposal, len(waiting), warnings, problem))
        problem = ""
        if answer == "quit":
            decided.quit = True
            break
        if answer == "skip":
            skipped.add(proposal.identity)
        elif read_text(path) != file.source:
            problem = CHANGED
        elif answer == "paragraph":
            of_paragraph = [one for one in waiting if one.paragraph == proposal.paragraph]
            accepted, problems = file.accept(of_paragraph)
            decided.accepted += accepted
            problem = next(iter(problems.values()), "")
        else:
            problem = _carry_out(file, proposal, answer, decided, tell)
    decided.left = len(proposals_of(_Draft.read(path, by).document, paragraph))
    return decided


def _carry_out(
    file: _Draft,
    proposal: Proposal,
    answer: Literal["accept", "reject"] | Correction,
    decided: Decided,
    tell: Callable[[Document, FactLine], None],
) -> str:
    """Write one decision and count it, or say why it cannot be."""
    if answer == "accept":
        accepted, problems = file.accept([proposal])
        decided.accepted += accepted
        return next(iter(problems.values()), "")
    try:
        if answer == "reject":
            file.reject(proposal)
            decided.rejected += 1
        else:
            published = file.document.header.published
            line = retyped(proposal.line, answer.typed, published, proposal.words)
            file.correct(proposal, line)
            decided.corrected += 1
            tell(file.document, line)
    except GoldError as error:
        return f"{error.message}; {error.remedy}"
    return ""


def accept_all(
    path: str, *, by: Sequence[str] = (), paragraph: int | None = None
) -> tuple[Decided, dict[int, str]]:
    """Accept every proposal of a file, or of one paragraph. Those that the checks find wrong are left, and
    returned by line, with what is wrong."""
    file = _Draft.read(path, by)
    waiting = proposals_of(file.document, paragraph)
    accepted, problems = file.accept(waiting)
    return Decided(accepted=accepted, left=len(problems)), problems


def finish(path: str) -> None:
    """Write that one person has labelled the file: its status becomes ``single``."""
    file = _Draft.read(path, ())
    file.write({}, status="single")


class _Draft(Struct, frozen=True):
    """A file as it was read; ``by`` are the names to add to its header with the first decision."""

    path: str
    source: str
    document: Document
    by: tuple[str, ...]

    @staticmethod
    def read(path: str, by: Sequence[str]) -> _Draft:
        source = read_text(path)
        return _Draft(path, source, read(source, path), tuple(by))

    def accept(self, proposals: Sequence[Proposal]) -> tuple[int, dict[int, str]]:
        """Accept the proposals that the checks find right; how many, and what is wrong with the others, by
        line."""
        lines = {one.line.line: write_fact(confirmed(one.line)) for one in proposals}
        problems = dict(self._problems(lines, "error"))
        right = [one for one in proposals if one.line.line not in problems]
        counted = sum(map(self._counted, right))
        if right:
            self.write(
                {one.line.line: lines[one.line.line] for one in right},
                proposed=counted,
                accepted=counted,
            )
        return len(right), problems

    def correct(self, proposal: Proposal, line: FactLine) -> None:
        """Put ``line`` in the proposal's place. Raises :class:`GoldError` when the checks find it wrong."""
        lines = {proposal.line.line: write_fact(line)}
        for _, problem in self._problems(lines, "error"):
            message, _, remedy = problem.partition("; ")
            raise GoldError(message, remedy=remedy)
        self.write(lines, proposed=self._counted(proposal))

    def reject(self, proposal: Proposal) -> None:
        """Take the lines of the proposal out. Raises :class:`GoldError` while another quote refers to it."""
        name = proposal.line.id
        for fact in self._facts():
            if name and any(mention.ref == name for mention in fact.mentions.values()):
                raise GoldError(
                    f"line {fact.line} refers to @{name}", remedy="correct that line first"
                )
        gone = [proposal.line, *self._continuations(proposal)]
        self.write({fact.line: None for fact in gone}, proposed=self._counted(proposal))

    def write(
        self,
        lines: Mapping[int, str | None],
        *,
        proposed: int = 0,
        accepted: int = 0,
        status: str | None = None,
    ) -> None:
        """Write the file with other words on some lines (None: without the line), and its header kept up."""
        before = self.document.header.labels
        labels = structs.replace(
            before,
            by=tuple(dict.fromkeys((*before.by, *self.by))),
            status=before.status if status is None else status,
        )
        if proposed:
            labels = structs.replace(
                labels,
                proposed=(before.proposed or 0) + proposed,
                accepted=(before.accepted or 0) + accepted,
            )
        header = relabelled(self.document, labels).header_source
        body = self._changed(lines)[len(self.document.header_source) :]
        write_text(self.path, header + body)

    def _changed(self, lines: Mapping[int, str | None]) -> str:
        """The source with other words on some lines; the indentation of each stays."""
        typed = self.source.split("\n")
        for number in sorted(lines, reverse=True):
            words, old = lines[number], typed[number - 1]
            indent = old[: len(old) - len(old.lstrip())]
            typed[number - 1 : number] = [] if words is None else [indent + words]
        return "\n".join(typed)

    def warnings(self, proposal: Proposal) -> tuple[str, ...]:
        """What the checks would find probably wrong in the proposal when it is accepted."""
        line = {proposal.line.line: write_fact(confirmed(proposal.line))}
        return tuple(problem for _, problem in self._problems(line, "warning"))

    def _problems(
        self, lines: Mapping[int, str | None], level: Literal["error", "warning"]
    ) -> Iterator[tuple[int, str]]:
        """What the checks would say of these lines, the last of each line first."""
        problems, _ = check_document(read(self._changed(lines), self.path))
        for problem in sorted(problems, reverse=True):
            if problem.line in lines and problem.level == level:
                yield problem.line, problem.text

    def _facts(self) -> Iterator[FactLine]:
        return (fact for block in self.document.blocks for fact in block.facts())

    def _continuations(self, proposal: Proposal) -> list[FactLine]:
        """The further lines of a quote of several paragraphs."""
        name = proposal.line.id
        return [
            fact for fact in self._facts() if name and fact.id == name and fact.anchor.continues
        ]

    def _counted(self, proposal: Proposal) -> bool:
        """Whether a back end proposed it.

        No back end proposed a quote without a speaker: :mod:`.marked_quotes` wrote it for words in marks.
        """
        lines = [proposal.line, *self._continuations(proposal)]
        return proposal.line.kind != "quote" or any("by" in line.mentions for line in lines)
