"""Lists the mistakes behind the scores of a run: facts missed, invented, or with a wrong part.

A part is the boundary, the label, the value of a date, or the speaker or cue of a quote; see :data:`What`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args, overload

from msgspec import Struct

from factharness.facts import KINDS, Kind
from factharness.runs.record import FactRef, MatchRecord, Run

if TYPE_CHECKING:
    import pandas as pd

What: TypeAlias = Literal["missed", "spurious", "boundary", "label", "value", "speaker", "cue"]
"""``missed``: gold without a prediction. ``spurious``: a prediction without gold. The others are of a gold fact
and the prediction it was matched with: another stretch of text (of quotes: of content), another label, another
value of a date, another speaker or cue of a quote."""

WHATS: tuple[What, ...] = get_args(What)


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
        return f"{self.expected} -> {self.found}"

    @property
    def expected(self) -> str:
        """The part of the gold fact that differs: its label, words, value, speaker or cue; ``none`` without."""
        return _part(self.gold, self.label, self.what)

    @property
    def found(self) -> str:
        """The same part of the prediction."""
        return _part(self.pred, self.predicted, self.what)

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        shown = self.shown
        instead = ""
        if self.gold and self.pred:
            instead = f", found {self.found}"
        return f"{self.place}: {self.backend}: {self.what} {shown.label} {shown.words!r}{instead}"


def _part(fact: FactRef | None, label: str | None, what: What) -> str:
    if fact is None:
        return "none"
    if what == "boundary":
        return _quoted(fact.words)
    if what == "value":
        return fact.value or "no value"
    if what == "speaker":
        words, name = fact.speaker, fact.speaker_name
        resolved = f" ({name})" if words and name not in (None, words) else ""
        return _quoted(words or name) + resolved if words or name else "nobody"
    if what == "cue":
        return _quoted(fact.cue) if fact.cue else "no cue"
    return label or fact.label


def _quoted(words: str | None) -> str:
    """Words in quotation marks; those of a quote have them mostly already."""
    marked = words and words.startswith("«") and words.endswith("»")
    return f"{words}" if marked else f"« {words} »"


class Group(Struct, frozen=True):
    """Mistakes of one sort on the same words: the same was expected, and the same found instead.

    ``times`` is how often it was made, ``backends`` how often by each back end, ``articles`` in how many
    articles; ``places`` are the first :data:`PLACES` of them, as ``file:line``; ``first`` is the first mistake.
    """

    kind: Kind
    what: What
    expected: str
    found: str
    words: str
    times: int
    first: Mistake
    backends: dict[str, int]
    articles: int
    places: tuple[str, ...]

    @property
    def confusion(self) -> str:
        """What was expected and what came instead, as ``LOC -> ORG``; ``none`` stands for a missing side."""
        return f"{self.expected} -> {self.found}"

    def __repr__(self) -> str:
        return f"<{self.times} × {self.what} {self.confusion}: {self.words!r}>"


PLACES = 3
"""How many articles a group names."""


class _Members:
    """What is kept of the mistakes of a group while they are counted."""

    def __init__(self, first: Mistake) -> None:
        self.first = first
        self.backends: Counter[str] = Counter()
        self.places: dict[tuple[str, str], str] = {}

    def add(self, mistake: Mistake) -> None:
        self.backends[mistake.backend] += 1
        name = mistake.goldset, mistake.article
        self.places.setdefault(name, mistake.place if len(self.places) < PLACES else "")


def groups(mistakes: Iterable[Mistake]) -> list[Group]:
    """Mistakes by kind, sort, confusion and words, the most frequent first; none of them is kept."""
    members: dict[tuple[Kind, What, str, str, str], _Members] = {}
    for mistake in mistakes:
        words = mistake.shown.words
        key = mistake.kind, mistake.what, mistake.expected, mistake.found, words
        if key not in members:
            members[key] = _Members(mistake)
        members[key].add(mistake)
    found = [
        Group(
            *key,
            group.backends.total(),
            group.first,
            dict(group.backends),
            len(group.places),
            tuple(filter(None, group.places.values())),
        )
        for key, group in members.items()
    ]
    return sorted(
        found, key=lambda g: (-g.times, KINDS.index(g.kind), g.what, g.confusion, g.words)
    )


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
        return groups(self)

    def to_frame(self) -> pd.DataFrame:
        """A row per mistake, with the columns of :data:`COLUMNS`."""
        import pandas as pd

        return pd.DataFrame(map(cells, self), columns=list(COLUMNS))

    def _repr_html_(self) -> str:
        return str(self.to_frame()._repr_html_())  # type: ignore[operator]


COLUMNS = (
    "goldset", "backend", "article", "kind", "what", "label", "predicted label",
    "words", "predicted words", "confusion", "place", "expected", "found", "line", "start", "end",
)  # fmt: skip
"""The columns of :meth:`Mistakes.to_frame` and of ``factharness mistakes --csv``."""


def cells(mistake: Mistake) -> tuple[str | int | None, ...]:
    """A mistake as a row, in the order of :data:`COLUMNS`."""
    gold, pred, spans = mistake.gold, mistake.pred, mistake.shown.spans
    return (
        mistake.goldset, mistake.backend, mistake.article, mistake.kind, mistake.what,
        mistake.label, mistake.predicted, gold.words if gold else None, pred.words if pred else None,
        mistake.confusion, mistake.place, mistake.expected, mistake.found,
        gold.line if gold else None, spans[0].start, spans[-1].end,
    )  # fmt: skip


GROUP_COLUMNS = (
    "kind", "what", "expected", "found", "words", "times", "backends", "articles", "places",
)  # fmt: skip
"""The columns of ``factharness mistakes --group --csv``."""


def group_cells(group: Group) -> tuple[str | int, ...]:
    """A group as a row, in the order of :data:`GROUP_COLUMNS`; several names with ``;`` between."""
    backends = "; ".join(f"{name} {times}" for name, times in group.backends.items())
    return (
        group.kind, group.what, group.expected, group.found, group.words,
        group.times, backends, group.articles, "; ".join(group.places),
    )  # fmt: skip


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
