"""What the page knows about one article: its gold facts, and what each back end got wrong.

A back end that is right about a gold fact costs nothing: only what is wrong, and what is right with other
spans or another label than gold's, is written down. Names are short because a page may hold 2,000 articles;
``facts.js`` reads them. Offsets are of UTF-16, which JavaScript counts in, where the page has the text, and
code points, as in the gold file, where it has none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import get_args

from msgspec import Struct, field

from factharness.escape import brief, visible
from factharness.facts import KINDS, Date, Entity, Fact, Kind, Quote, Span, kind_of, spans_of
from factharness.report.html.sides import Answer, Side
from factharness.runs.mistakes import What, of_match
from factharness.runs.record import FactRef, GoldFacts

WHATS: tuple[What, ...] = get_args(What)
"""The ways to be wrong; bit *n* of a verdict stands for the *n*-th of them."""
BITS = {what: 1 << number for number, what in enumerate(WHATS)}

NOT_SCORED = -1
"""The verdict on a gold fact that this back end was not scored on, though others were."""
NOT_COUNTED = -2
"""The verdict on a prediction that was matched with don't-care gold."""

Flat = tuple[int, ...]
"""Spans one after the other: start, end, start, end."""


class PageFact(Struct, frozen=True, omit_defaults=True):
    """A fact as gold or a back end has it. It has its words only where the page lacks the text."""

    label: int = field(name="l")
    """A place in the list of :class:`Labels`."""
    spans: Flat = field(name="s")
    value: str | None = field(default=None, name="v")
    speaker: Flat = field(default=(), name="p")
    speaker_name: str = field(default="", name="n")
    cue: Flat = field(default=(), name="c")
    words: str = field(default="", name="w")
    speaker_words: str = field(default="", name="pw")
    cue_words: str = field(default="", name="cw")
    line: int = field(default=0, name="i")
    ignored: bool = field(default=False, name="d")
    """Whether it is don't-care gold."""
    unscored: bool = field(default=False, name="u")
    """Whether no back end was scored on it: it lies within another name, or its layer was left out."""


class Spurious(Struct, frozen=True):
    """A fact that gold does not have, and the back ends that have it, by their places in the list."""

    fact: PageFact = field(name="f")
    backends: tuple[int, ...] = field(name="b")


Vote = tuple[int, int] | tuple[int, int, PageFact]
"""A gold fact, the verdict on what a back end made of it, and what that was. A verdict is the sum of the bits
of :data:`WHATS`, 0 for what is right, or one of the two numbers below 0."""


ByKind = tuple[int, int, int]
"""How many of each kind, in the order of :data:`~factharness.facts.KINDS`."""

Changes = tuple[ByKind, ByKind, ByKind]
"""How many facts only the second side has right, only the first has, and both have wrong in other ways."""


class ArticleFacts(Struct, frozen=True, omit_defaults=True):
    """All that the page draws of an article."""

    gold: tuple[PageFact, ...] = field(name="g")
    spurious: tuple[Spurious, ...] = field(name="x")
    votes: tuple[tuple[Vote, ...] | str | None, ...] = field(name="b")
    """For each back end its votes, or its error, or None where it has no result."""
    text: str | None = field(default=None, name="t")

    def mistakes(self, side: int, labels: Labels) -> ByKind:
        """How many mistakes a back end makes, as ``factharness mistakes`` counts them."""
        votes = self.votes[side]
        times = Counter[Kind]()
        for vote in votes if isinstance(votes, tuple) else ():
            if vote[1] > 0:
                times[self._kind(vote[0], labels)] += vote[1].bit_count()
        times.update(labels.kind(one.fact.label) for one in self.spurious if side in one.backends)
        return _by_kind(times)

    def changes(self, labels: Labels) -> Changes:
        """What the second of two sides does better and worse than the first."""
        base, head = (None if isinstance(votes, str) else votes for votes in self.votes)
        times = {name: Counter[Kind]() for name in ("fixed", "broken", "changed")}
        if base is not None and head is not None:
            before, after = ({vote[0]: vote[1:] for vote in votes} for votes in (base, head))
            for fact in before.keys() | after.keys():
                old, new = before.get(fact, (0,)), after.get(fact, (0,))
                if NOT_SCORED in (old[0], new[0]) or (old[0] <= 0 and new[0] <= 0) or old == new:
                    continue
                change = "fixed" if new[0] <= 0 else "broken" if old[0] <= 0 else "changed"
                times[change][self._kind(fact, labels)] += 1
            matched = [{vote[2] for vote in votes if len(vote) > 2} for votes in (base, head)]
            for one in self.spurious:
                # A side may say the same and be matched: the fact is wrong there in another way, and counted
                # above.
                saying = set(one.backends) | {
                    side for side, matches in enumerate(matched) if one.fact in matches
                }
                if len(saying) == 1:
                    times["broken" if 1 in saying else "fixed"][labels.kind(one.fact.label)] += 1
        return _by_kind(times["fixed"]), _by_kind(times["broken"]), _by_kind(times["changed"])

    def _kind(self, gold: int, labels: Labels) -> Kind:
        return labels.kind(self.gold[gold].label)


def _by_kind(times: Mapping[Kind, int]) -> ByKind:
    entities, dates, quotes = (times.get(kind, 0) for kind in KINDS)
    return entities, dates, quotes


class Labels:
    """The labels of a page, numbered in the order in which they are first met."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Kind, str], int] = {}
        self._kinds: list[Kind] = []

    def number(self, kind: Kind, label: str) -> int:
        """The number of a label."""
        number = self._numbers.setdefault((kind, label), len(self._numbers))
        if number == len(self._kinds):
            self._kinds.append(kind)
        return number

    def kind(self, number: int) -> Kind:
        """The kind of the label with this number."""
        return self._kinds[number]

    def listed(self) -> list[tuple[Kind, str]]:
        """Kind and name of each, in the order of their numbers."""
        return [(kind, visible(label)) for kind, label in self._numbers]


def article(
    gold: GoldFacts,
    sides: Sequence[Side],
    answers: Sequence[Answer | None],
    labels: Labels,
    text: str | None,
    *,
    words: bool,
) -> ArticleFacts:
    """The facts of an article. ``words``: whether words may be written where there is no text."""
    writer = _Writer(gold, labels, utf16(text) if text is not None else None, words=words)
    spurious: dict[PageFact, list[list[int]]] = {}
    votes = [
        _votes(writer, side, answer, spurious, place) if answer and answer.error is None else None
        for place, (side, answer) in enumerate(zip(sides, answers, strict=True))
    ]
    scored = {fact: label for own in votes if own is not None for fact, label in own.scored.items()}
    return ArticleFacts(
        tuple(_gold(writer, gold, scored, sides, votes)),
        tuple(Spurious(said, tuple(own)) for said, places in spurious.items() for own in places),
        tuple(
            own.complete(gold, scored, side.kinds)
            if own is not None
            else (brief(answer.error) if answer and answer.error is not None else None)
            for side, answer, own in zip(sides, answers, votes, strict=True)
        ),
        text,
    )


class _Votes(Struct):
    """The votes of one side on gold facts.

    ``scored`` has the gold facts that it was scored on, with the labels under which they were counted, and
    ``ignored`` those of them that are don't-care.
    """

    votes: list[Vote]
    scored: dict[int, str | None]
    ignored: set[int]

    def complete(
        self, gold: GoldFacts, scored: Collection[int], kinds: Collection[Kind]
    ) -> tuple[Vote, ...]:
        """The votes, and what others were scored on and this side was not."""
        others = sorted(set(scored) - set(self.scored))
        missing = [fact for fact in others if kind_of(gold.facts[fact]) in kinds]
        return (*self.votes, *((fact, NOT_SCORED) for fact in missing))


def _votes(
    writer: _Writer,
    side: Side,
    answer: Answer,
    spurious: dict[PageFact, list[list[int]]],
    place: int,
) -> _Votes:
    """What one side answered to the gold facts; its facts without gold are added to ``spurious``."""
    own = _Votes([], {}, set())
    regimes = {kind: side.run.manifest.main_regime(kind) for kind in KINDS}
    predicted = answer.result.prediction.facts or ()
    for record in answer.matches:
        match = record.match
        bits = sum(BITS[what] for what in of_match(record, regimes[match.kind]))
        if match.gold is not None:
            own.scored[match.gold] = match.label
            if match.ignored:
                own.ignored.add(match.gold)
        if match.pred is None or record.pred is None:
            if match.gold is not None and bits:
                own.votes.append((match.gold, bits))
            continue
        fact, label = predicted[match.pred], match.predicted or record.pred.label
        if match.gold is None:
            if bits:
                _add(spurious.setdefault(writer.fact(fact, record.pred, label), []), place)
        elif bits or match.ignored or label != match.label or writer.differs(match.gold, fact):
            verdict = NOT_COUNTED if match.ignored else bits
            own.votes.append((match.gold, verdict, writer.fact(fact, record.pred, label)))
    return own


def _add(groups: list[list[int]], side: int) -> None:
    """Add a side to the first group that lacks it: a side that has a fact twice makes two mistakes."""
    for group in groups:
        if side not in group:
            group.append(side)
            return
    groups.append([side])


def _gold(
    writer: _Writer,
    gold: GoldFacts,
    scored: Mapping[int, str | None],
    sides: Sequence[Side],
    votes: Sequence[_Votes | None],
) -> Iterator[PageFact]:
    """The gold facts.

    A run does not record which of them are don't-care. A fact is taken for one when a match says so, or when no
    back end was scored on it although some back end finds facts of its kind and it lies within no other name.
    """
    nested = _nested(fact.span for fact in gold.facts if isinstance(fact, Entity))
    looked_for = {
        kind
        for side, own in zip(sides, votes, strict=True)
        if own is not None
        for kind in side.kinds
    }
    ignored = {fact for own in votes if own is not None for fact in own.ignored}
    for number, fact in enumerate(gold.facts):
        unscored = number not in scored and kind_of(fact) in looked_for
        dont_care = number in ignored or (
            unscored and not (isinstance(fact, Entity) and fact.span in nested)
        )
        yield writer.gold_fact(
            number, scored.get(number), ignored=dont_care, unscored=unscored or not looked_for
        )


def _nested(names: Iterable[Span]) -> set[Span]:
    """The names that lie within another one: these inner names are not scored."""
    nested, end = set(), 0
    # A name follows all those that it may lie within, so that the furthest end of these decides.
    for name in sorted(set(names), key=lambda name: (name.start, -name.end)):
        if name.end <= end:
            nested.add(name)
        end = max(end, name.end)
    return nested


def utf16(text: str) -> Callable[[int], int]:
    """From an offset in code points of ``text`` to the offset in UTF-16, in which JavaScript counts."""
    if text.isascii() or max(text) <= "\uffff":
        return lambda offset: offset
    astral = [place for place, character in enumerate(text) if character > "\uffff"]
    return lambda offset: offset + bisect_left(astral, offset)


class _Writer:
    """Writes the facts of one article: with offsets of UTF-16 where the page has the text, else with words."""

    def __init__(
        self, gold: GoldFacts, labels: Labels, offset: Callable[[int], int] | None, *, words: bool
    ) -> None:
        self._gold = gold
        self._labels = labels
        self._offset = offset
        self._words = words and offset is None
        self._names = words or offset is not None
        self._refs: dict[int, FactRef] = {}

    def differs(self, number: int, fact: Fact) -> bool:
        """Whether a fact has other spans than a gold fact of its kind, or another value."""
        gold = self._gold.facts[number]
        values = [one.value for one in (gold, fact) if isinstance(one, Date)]
        return spans_of(gold) != spans_of(fact) or len(set(values)) > 1

    def gold_fact(
        self, number: int, label: str | None, *, ignored: bool, unscored: bool
    ) -> PageFact:
        """A gold fact with its line; ``label`` is the one under which it is counted, if it is."""
        reference = self._reference(number)
        return self.fact(
            self._gold.facts[number],
            reference,
            label or reference.label,
            line=reference.line,
            ignored=ignored,
            unscored=unscored,
        )

    def _reference(self, number: int) -> FactRef:
        if number not in self._refs:
            self._refs[number] = FactRef.of(
                self._gold.facts[number], self._gold.words[number], self._gold.lines[number]
            )
        return self._refs[number]

    def fact(
        self,
        fact: Fact,
        reference: FactRef,
        label: str,
        *,
        line: int = 0,
        ignored: bool = False,
        unscored: bool = False,
    ) -> PageFact:
        """The fact under a label of the gold's scheme."""
        quote = fact if isinstance(fact, Quote) else None
        return PageFact(
            self._labels.number(kind_of(fact), label),
            self._flat(spans_of(fact)),
            fact.value if isinstance(fact, Date) else None,
            self._flat([quote.speaker] if quote and quote.speaker else []),
            (quote.speaker_name or "") if quote and self._names else "",
            self._flat([quote.cue] if quote and quote.cue else []),
            reference.words if self._words else "",
            reference.speaker if self._words else "",
            reference.cue if self._words else "",
            line,
            ignored,
            unscored,
        )

    def _flat(self, spans: Iterable[Span]) -> Flat:
        offset = self._offset
        if offset is None:
            return tuple(end for span in spans for end in (span.start, span.end))
        return tuple(offset(end) for span in spans for end in (span.start, span.end))
