"""Lists the mistakes behind the scores of a run: facts missed, invented, or with a wrong part.

A part is the boundary, the label, the value of a date, or the speaker or cue of a quote; see :data:`What`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, overload

from msgspec import Struct

from factharness.facts import Kind
from factharness.runs.record import FactRef, MatchRecord, Run

if TYPE_CHECKING:
    import pandas as pd

What: TypeAlias = Literal["missed", "spurious", "boundary", "label", "value", "speaker", "cue"]
"""``missed``: gold without a prediction. ``spurious``: a prediction without gold. The others are of a gold fact
and the prediction it was matched with: another stretch of text (of quotes: of content), another label, another
value of a date, another speaker or cue of a quote."""


class Mistake(Struct, frozen=True):
    """One thing that is wrong with one fact. A pair may have several, a wrong label and a wrong boundary.

    ``path`` is the gold file; ``gold`` and ``pred`` are the expected and the found fact, None where there is
    no such fact. ``label`` and ``predicted`` are their labels as they are counted: those of the gold's scheme,
    without a sublabel.
    """

    goldset: str
    backend: str
    article: str
    path: str
    kind: Kind
    what: What
    gold: FactRef | None
    pred: FactRef | None
    label: str | None
    predicted: str | None

    @property
    def shown(self) -> FactRef:
        """The gold fact, or the prediction where there is none."""
        fact = self.gold or self.pred
        assert fact is not None
        return fact

    @property
    def place(self) -> str:
        """``file:line`` of the gold fact; the file alone for a prediction without gold."""
        return f"{self.path}:{self.gold.line}" if self.gold and self.gold.line else self.path

    @property
    def confusion(self) -> str:
        """What was expected and what came instead, as ``LOC -> ORG``; ``none`` stands for a missing side."""
        return f"{_side(self.gold, self.what)} -> {_side(self.pred, self.what)}"

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        shown = self.shown
        instead = ""
        if self.gold and self.pred:
            instead = f", found {_side(self.pred, self.what)}"
        return f"{self.place}: {self.backend}: {self.what} {shown.label} {shown.words!r}{instead}"


def _side(fact: FactRef | None, what: What) -> str:
    """The part of a fact in which the two sides differ, in a word or two; ``none`` when there is no fact."""
    if fact is None:
        return "none"
    by_what = {
        "boundary": repr(fact.words),
        "value": fact.value or "no value",
        "speaker": repr(fact.speaker or fact.speaker_name or "nobody"),
        "cue": repr(fact.cue) if fact.cue else "no cue",
    }
    return by_what.get(what, fact.label)


class Group(Struct, frozen=True):
    """Mistakes of one sort on the same words: how often, and the first of them."""

    kind: Kind
    what: What
    confusion: str
    words: str
    times: int
    first: Mistake

    def __repr__(self) -> str:
        return f"<{self.times} × {self.what} {self.confusion}: {self.words!r}>"


class Mistakes(Sequence[Mistake]):
    """The mistakes of a run, in the order of its back ends and articles."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self._mistakes = tuple(mistakes)

    @overload
    def __getitem__(self, place: int) -> Mistake: ...
    @overload
    def __getitem__(self, place: slice) -> Mistakes: ...
    def __getitem__(self, place: int | slice) -> Mistake | Mistakes:
        if isinstance(place, slice):
            return Mistakes(self._mistakes[place])
        return self._mistakes[place]

    def __len__(self) -> int:
        return len(self._mistakes)

    def __repr__(self) -> str:
        times = Counter(mistake.what for mistake in self)
        listed = ", ".join(f"{number} {what}" for what, number in times.most_common())
        return f"{len(self)} mistakes" + (f": {listed}" if listed else "")

    def groups(self) -> list[Group]:
        """The mistakes by kind, sort, confusion and words, the most frequent first."""
        by_group: dict[tuple[Kind, What, str, str], list[Mistake]] = {}
        for mistake in self:
            key = mistake.kind, mistake.what, mistake.confusion, mistake.shown.words
            by_group.setdefault(key, []).append(mistake)
        groups = [Group(*key, len(members), members[0]) for key, members in by_group.items()]
        return sorted(groups, key=lambda group: -group.times)

    def to_frame(self) -> pd.DataFrame:
        """A row per mistake."""
        import pandas as pd

        return pd.DataFrame(
            [
                (
                    m.goldset, m.backend, m.article, m.kind, m.what,
                    m.gold.label if m.gold else None, m.pred.label if m.pred else None,
                    m.gold.words if m.gold else None, m.pred.words if m.pred else None,
                    m.confusion, m.place,
                )
                for m in self
            ],
            columns=[
                "goldset", "backend", "article", "kind", "what", "label", "predicted label",
                "words", "predicted words", "confusion", "place",
            ],
        )  # fmt: skip

    def _repr_html_(self) -> str:
        return str(self.to_frame()._repr_html_())  # type: ignore[operator]


def of_run(run: Run, backend: str | None = None) -> Iterator[Mistake]:
    """The mistakes of one back end or of all, in the order of the articles. Raises ``HarnessError``."""
    paths = {
        (goldset.name, article.id): article.path
        for goldset in run.manifest.goldsets
        for article in goldset.articles
    }
    for record in run.matches(backend):
        path = paths.get((record.goldset, record.match.article), "")
        yield from of_record(record, path, run.manifest.main_regime(record.match.kind))


def of_record(record: MatchRecord, path: str, regime: str) -> Iterator[Mistake]:
    """The mistakes in one match; ``path`` is the gold file, ``regime`` the one that counts its kind."""
    match = record.match
    for what in of_match(record, regime):
        yield Mistake(
            record.goldset,
            record.backend,
            match.article,
            path,
            match.kind,
            what,
            record.gold,
            record.pred,
            match.label,
            match.predicted,
        )


def of_match(record: MatchRecord, regime: str) -> Iterator[What]:
    """What is wrong with one match, under the regime in which the suite counts its kind."""
    match = record.match
    if match.ignored:
        return
    if record.pred is None:
        if regime not in match.right:
            yield "missed"
        return
    if record.gold is None:
        yield "spurious"
        return
    if regime not in match.right:
        if match.label != match.predicted and match.kind != "quote":
            yield "label"
        if record.gold.spans != record.pred.spans or match.label == match.predicted:
            yield "boundary"
    if match.kind == "date" and "value" not in match.right:
        yield "value"
    if match.kind == "quote" and "iou@0.3" in match.right:
        for what in ("speaker", "cue"):
            if what not in match.right:
                yield what
