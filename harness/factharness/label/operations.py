"""The operations by which the page changes facts, and how they are applied. Data and pure functions.

A fact of the page has no id: it *is* its content, so that an operation can be applied to a file that somebody
else has changed in the meantime. A batch is what one key press does; it is applied whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from factharness.errors import GoldError
from factharness.facts import (
    DATE_TYPES,
    QUOTE_TYPES,
    Date,
    Entity,
    Fact,
    GoldFact,
    Kind,
    Quote,
    Span,
    kind_of,
    label_of,
    spans_of,
)


class LabelledFact(Struct, frozen=True, forbid_unknown_fields=True):
    """A labelled fact as the page knows it; ``docs/gold-format.md`` says what the fields mean.

    ``spans`` are its fragments (one, but for quotes), in code points of the article's text. ``label`` is the
    label of an entity, the type of a date, or the type of a quote, which a don't-care quote may lack ("").
    """

    kind: Kind
    label: str
    spans: tuple[Span, ...]
    ignore: bool = False
    value: str | None = None
    speaker: Span | None = None
    name: str | None = None
    cue: Span | None = None
    attributes: dict[str, str] = {}

    @staticmethod
    def of(gold: GoldFact) -> LabelledFact:
        """The fact of a gold file."""
        fact = gold.fact
        quote = fact if isinstance(fact, Quote) else None
        return LabelledFact(
            kind_of(fact),
            (quote.type or "") if quote else label_of(fact),
            spans_of(fact),
            gold.ignore,
            fact.value if isinstance(fact, Date) else None,
            quote.speaker if quote else None,
            quote.speaker_name if quote else None,
            quote.cue if quote else None,
            gold.attributes,
        )

    def to_gold(self) -> GoldFact:
        """The fact for a gold file. Raises :class:`GoldError` for one that no file can hold."""
        return GoldFact(self._fact(), self.ignore, dict(self.attributes))

    def places(self) -> list[Span]:
        """Every place of the fact in the text: its spans, then its speaker and its cue, if it has them."""
        return [*self.spans, *(span for span in (self.speaker, self.cue) if span is not None)]

    def _fact(self) -> Fact:
        if self.kind != "quote" and (len(self.spans) != 1 or self.speaker or self.name or self.cue):
            raise _impossible(f"{self.kind} is one stretch without speaker, name and cue")
        if self.kind != "date" and self.value is not None:
            raise _impossible(f"{self.kind} has no value")
        if self.kind == "entity":
            if self.label in (*DATE_TYPES, "QUOTE"):
                raise _impossible(f"{self.label!r} is no label of an entity")
            return Entity(self.spans[0], self.label)
        if self.kind == "date":
            date_type = next((name for name in DATE_TYPES if name == self.label), None)
            if date_type is None:
                raise _impossible(f"{self.label!r} is no type of a date")
            return Date(self.spans[0], date_type, self.value)
        quote_type = next((name for name in QUOTE_TYPES if name == self.label), None)
        if quote_type is None and (self.label or not self.ignore):
            raise _impossible(f"{self.label!r} is no type of a quote")
        try:
            return Quote(self.spans, quote_type, self.speaker, self.name, self.cue)
        except ValueError as error:
            raise _impossible(str(error)) from None


class Walked(Struct, frozen=True, forbid_unknown_fields=True):
    """Facts of back ends that the labeller was shown and decided on: how many, and how many were accepted.

    ``paragraph`` is where a walk after labelling took place, None for pre-labels: none shown when they are
    written into the article, then those decided on. An undone walk has negative numbers.
    """

    backends: tuple[str, ...]
    shown: int
    accepted: int
    paragraph: int | None = None

    def __post_init__(self) -> None:
        if not abs(self.accepted) <= abs(self.shown) <= 10_000:
            raise ValueError("accepted are at most those shown, and those at most 10,000")


class Settled(Struct, frozen=True, forbid_unknown_fields=True):
    """A difference of two labellings was decided, or, when ``open``, opened again."""

    difference: int
    open: bool = False


class Operation(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One of a batch's operations; exactly one sort of it is given, else ``ValueError``.

    A change of a fact has ``before``, ``after`` or both, and the ``words`` at the places of ``after``. The
    others say that a paragraph was gone through, that facts of back ends were decided on, that a difference was
    decided, and that the article is finished.
    """

    before: LabelledFact | None = None
    after: LabelledFact | None = None
    words: tuple[str, ...] = ()
    visit: int | None = None
    reviewed: Walked | None = None
    proposed: Walked | None = None
    decided: Settled | None = None
    done: bool | None = None

    def __post_init__(self) -> None:
        sorts = [self.visit, self.reviewed, self.proposed, self.decided, self.done]
        given = sum(sort is not None for sort in sorts) + self.changes
        if given != 1:
            raise ValueError("an operation is one change, visit, walk, decision or done")

    @property
    def changes(self) -> bool:
        """Whether it changes a fact."""
        return self.before is not None or self.after is not None

    def check_words(self, text: str) -> None:
        """Raise :class:`GoldError` unless the words the page saw stand at the places of ``after``."""
        if self.after is None:
            return
        places = self.after.places()
        if len(places) != len(self.words):
            raise GoldError(
                f"{len(self.words)} words for {len(places)} places",
                remedy="send the words of each span, then those of the speaker and of the cue",
            )
        for span, words in zip(places, self.words, strict=True):
            if span.end > len(text) or span.of(text) != words:
                raise GoldError(
                    f"the text at [{span.start}, {span.end}) is {span.of(text)!r}, not {words!r}",
                    remedy="reload the page: it shows another text than the file has",
                )


class Step(Struct, frozen=True):
    """What an operation did to the facts: ``before`` was replaced by ``after``; either may be missing."""

    before: LabelledFact | None
    after: LabelledFact | None


class Conflict(Struct, frozen=True):
    """An operation that could not be applied, and why."""

    operation: Operation
    why: str


class Applied(Struct, frozen=True):
    """The facts after a batch, and the steps that were taken. With ``conflicts`` nothing was done."""

    facts: tuple[LabelledFact, ...]
    steps: tuple[Step, ...] = ()
    conflicts: tuple[Conflict, ...] = field(default_factory=tuple)


def apply(facts: Sequence[LabelledFact], batch: Iterable[Operation]) -> Applied:
    """Apply the changes of a batch to facts, all of them or none.

    What the file has already is not done again: adding a fact that is there, removing one that is not,
    replacing one when its replacement is there. Replacing a fact when neither is there is a conflict.
    """
    now = list(facts)
    steps: list[Step] = []
    conflicts: list[Conflict] = []
    for operation in batch:
        if not operation.changes or operation.before == operation.after:
            continue
        before, after = operation.before, operation.after
        here = before is not None and before in now
        there = after is not None and after in now
        if before is not None and after is not None and not here and not there:
            conflicts.append(
                Conflict(operation, "the fact to be changed is not in the file any more")
            )
            continue
        step = Step(before if here else None, None if there else after)
        if step.before is not None:
            position = now.index(step.before)
            now[position : position + 1] = [] if step.after is None else [step.after]
        elif step.after is not None:
            now.append(step.after)
        if step.before is not None or step.after is not None:
            steps.append(step)
    if conflicts:
        return Applied(tuple(facts), conflicts=tuple(conflicts))
    return Applied(tuple(now), tuple(steps))


def _impossible(why: str) -> GoldError:
    return GoldError(f"not a fact: {why}", remedy="reload the page; if it happens again, report it")
