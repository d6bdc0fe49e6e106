"""Counts what an import yields: articles and facts, what was left out, what was corrected.

An import without any fact is refused unless the user allows it: gold in which nothing was read would look like
gold in which there is nothing to find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from factharness.convert.model import MarkedText, Note, Notes
from factharness.errors import GoldError
from factharness.facts import KINDS, Entity, GoldArticle, Kind, kind_of, label_of
from factharness.gold.compose import Loss
from factharness.scheme import FR_NEWS, Scheme

SHOWN = 20
"""How many notes of one sort an account lists; the rest are counted."""
PLURALS: Mapping[Kind, str] = {"entity": "entities", "date": "dates", "quote": "quotes"}
ASK = "or give --allow-empty to import texts without facts"


class Account(Struct):
    """How many articles and facts of each kind an import yields, and its notes."""

    articles: int = 0
    facts: Counter[Kind] = field(default_factory=Counter)
    notes: Notes = field(default_factory=Notes)
    scheme: Scheme = FR_NEWS

    def count(self, gold: GoldArticle, losses: Sequence[Loss], where: str) -> None:
        """Add an article, and the notes of what its gold file cannot hold."""
        self.articles += 1
        for held in gold.facts:
            self.facts[kind_of(held.fact)] += 1
            label = label_of(held.fact)
            if (
                isinstance(held.fact, Entity)
                and label.partition(".")[0] not in self.scheme.entities
            ):
                name = self.scheme.name
                self.notes.add(f"label {label!r} is not one of {name}; see --map", where=where)
        for loss in losses:
            fact = loss.fact.fact
            self.facts[kind_of(fact)] -= loss.whole
            self.notes.leave_out(f"{label_of(fact)!r}: {loss.why}", where=where)

    def lines(self) -> Iterator[str]:
        """The account, one statement per line."""
        kinds = ", ".join(
            f"{self.facts[kind]} {PLURALS[kind] if self.facts[kind] != 1 else kind}"
            for kind in KINDS
            if self.facts[kind]
        )
        yield f"{_number(self.articles, 'article')}, {_number(self.facts.total(), 'fact')}" + (
            f": {kinds}" if kinds else ""
        )
        for title, left_out in (("left out", True), ("noted", False)):
            notes = [note for note in self.notes.sums() if note.left_out == left_out]
            if notes:
                yield f"{title}: {sum(note.times for note in notes)}"
                yield from listed(notes)

    def check(self, *, strict: bool, allow_empty: bool) -> None:
        """Raise :class:`GoldError` for an import without facts, and under ``strict`` for one that left
        something out."""
        left_out = self.notes.left_out()
        if not self.facts.total() and not allow_empty:
            raise GoldError(
                f"no fact was understood, {_number(left_out, 'annotation')} left out"
                if left_out
                else "the files hold no annotation that is gold",
                remedy=f"check the format; map the labels with --map THEIRS=OURS; {ASK}",
            )
        if strict and left_out:
            raise GoldError(
                f"{_number(left_out, 'annotation')} left out",
                remedy="without --strict the rest is imported",
            )


def check_understood(documents: Iterable[MarkedText], notes: Notes) -> None:
    """Raise :class:`GoldError` for a file that holds annotations of which none could be read."""
    regions: Counter[str] = Counter()
    for document in documents:
        regions[document.file] += len(document.regions)
    lost_by_file = notes.left_out_by_place()
    for file, count in regions.items():
        if not count and (lost := lost_by_file[file]):
            lines = "\n".join(listed([note for note in notes.sums(file) if note.left_out]))
            raise GoldError(
                f"holds {_number(lost, 'annotation')}, and none could be read:\n{lines}",
                file=file or None,
                remedy=f"check that it is of the format named; {ASK}",
            )


def listed(notes: Sequence[Note]) -> Iterator[str]:
    """A line per note, the most frequent first; of many, the first :data:`SHOWN` and the number of others."""
    ordered = sorted(notes, key=lambda note: -note.times)
    width = len(str(ordered[0].times)) if ordered else 0
    for note in ordered[:SHOWN]:
        first = f" (first in {note.where!r})" if note.where else ""
        yield f"  {note.times:>{width}}  {note.text}{first}"
    if len(ordered) > SHOWN:
        yield f"  and {len(ordered) - SHOWN} notes more"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
