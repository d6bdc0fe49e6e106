"""The score tables of a run, per gold set: by back end and kind, then by label; and the confusion matrices.

Entities, dates and quotes are rows of the same table. Its columns are put together in ``_comparison``; the
columns that only one kind has, such as speaker, cue and joint of quotes, are in :data:`EXTRA`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from factharness.escape import brief
from factharness.facts import KINDS, Kind
from factharness.report.table import UNCLAIMED, UNDEFINED, Column, Table, count, few_articles, score
from factharness.runs.record import (
    BackendOnSet,
    BackendRecord,
    Confusion,
    GoldSetRecord,
    Run,
    stored_regime,
)
from factharness.score import ALL, ScoreRow
from factharness.score.tally import NONE

EXTRA: dict[Kind, tuple[tuple[str, str], ...]] = {
    "entity": (),
    "date": (("value", "value"),),
    "quote": (("speaker", "speaker"), ("cue", "cue"), ("joint", "joint")),
}
"""The columns that only one kind has: the heading, and the regime whose F1 is shown; empty for other kinds."""


def tables(run: Run) -> list[Table]:
    """Per gold set: the table by back end and kind, then the scores of every label. Pure."""
    rows = run.over_all_articles()
    made = []
    for goldset in run.manifest.goldsets:
        made.append(_comparison(run, goldset, rows))
        made.append(_labels(run, goldset, rows))
    return made


def confusions(run: Run) -> list[Table]:
    """Per gold set and back end, the confusion matrix of entities. Pure."""
    made = []
    for goldset in run.manifest.goldsets:
        for backend in run.manifest.backends:
            on_set = _on_set(run, goldset, backend)
            if on_set is not None and on_set.confusion.get("entity"):
                made.append(_confusion(goldset, backend, on_set.confusion["entity"]))
    return made


def _confusion(goldset: GoldSetRecord, backend: BackendRecord, counts: Confusion) -> Table:
    predicted = {name for row in counts.values() for name in row}
    names = sorted(predicted, key=lambda name: (name == NONE, name))
    return Table(
        title=f"{goldset.name}@{goldset.version}, {backend.name}, entities: gold by row, predicted by column",
        columns=(Column("gold", "left"), *map(Column, names)),
        rows=tuple(
            (gold, *(count(row.get(name, 0)) for name in names)) for gold, row in counts.items()
        ),
    )


Rows = dict[tuple[str, str, Kind, str, str], ScoreRow]


def _comparison(run: Run, goldset: GoldSetRecord, rows: Rows) -> Table:
    regimes = run.manifest.regimes
    extra = [heading for kind in KINDS for heading, _ in EXTRA[kind]]
    columns = [
        Column("back end", "left"),
        Column("kind", "left"),
        *map(Column, ("articles", "gold", "pred", "P", "R", "F1", "95 %")),
        *(Column(f"F1 {regime}") for regime in regimes[1:]),
        *map(Column, extra),
        *map(Column, ("seconds", "articles/s", "errors")),
    ]
    cells = []
    for backend in run.manifest.backends:
        on_set = _on_set(run, goldset, backend)
        for kind in KINDS:
            if on_set is None:
                middle = ["unavailable", *[UNCLAIMED] * (len(columns) - 3)]
            elif kind not in backend.kinds:
                middle = [str(on_set.articles), *[UNCLAIMED] * (len(columns) - 6), *_speed(on_set)]
            else:
                middle = [
                    str(on_set.articles),
                    *_scores(rows, goldset, backend.name, kind, regimes),
                    *_extras(rows, goldset, backend.name, kind),
                    *_speed(on_set),
                ]
            cells.append((backend.name, kind, *middle))
    return Table(
        title=f"{goldset.name}@{goldset.version}, {len(goldset.articles)} articles, regime {regimes[0]}",
        columns=tuple(columns),
        rows=tuple(cells),
        notes=tuple(_notes(run, goldset)),
    )


def _starred(value: float | None, goldset: GoldSetRecord) -> str:
    """A score as it is printed, with a star when it is measured on facts that nobody has confirmed."""
    star = value is not None and any(article.unconfirmed for article in goldset.articles)
    return score(value) + "*" * star


def _scores(
    rows: Rows, goldset: GoldSetRecord, backend: str, kind: Kind, regimes: Sequence[str]
) -> Iterator[str]:
    names = [stored_regime(kind, regime) for regime in regimes]
    first = rows.get((goldset.name, backend, kind, ALL, names[0]))
    if first is None:
        yield from [UNDEFINED] * 6
    else:
        counts = first.counts
        yield from (count(counts.gold), count(counts.pred))
        for value in (counts.precision, counts.recall, counts.f1):
            yield _starred(value, goldset)
        yield UNDEFINED if first.low is None else f"{score(first.low)}–{score(first.high)}"
    for regime in names[1:]:
        row = rows.get((goldset.name, backend, kind, ALL, regime))
        yield _starred(row.counts.f1 if row else None, goldset)


def _extras(rows: Rows, goldset: GoldSetRecord, backend: str, kind: Kind) -> Iterator[str]:
    for owner in KINDS:
        for _, regime in EXTRA[owner]:
            row = rows.get((goldset.name, backend, kind, ALL, regime)) if owner == kind else None
            yield _starred(row.counts.f1, goldset) if row else ""


def _speed(on_set: BackendOnSet) -> tuple[str, str, str]:
    rate = f"{on_set.articles / on_set.seconds:.0f}" if on_set.seconds else UNDEFINED
    return f"{on_set.seconds:.2f}", rate, str(len(on_set.errors))


def _notes(run: Run, goldset: GoldSetRecord) -> Iterator[str]:
    yield from few_articles(len(goldset.articles))
    yield from _power(run, goldset)
    yield from skip_lines(goldset.skipped)
    proposed = sum(article.unconfirmed for article in goldset.articles)
    if proposed:
        yield f"* Of these articles, {proposed} with facts that a back end proposed and nobody has confirmed."
    for backend in run.manifest.backends:
        on_set = _on_set(run, goldset, backend)
        if backend.unavailable:
            yield f"{backend.name} is unavailable: {brief(backend.unavailable)}"
        if on_set is None:
            continue
        yield f"{backend.name}: {on_set.signature.of('*', '*')}"
        if on_set.unmapped:
            unmapped = ", ".join(f"{label} ({n})" for label, n in sorted(on_set.unmapped.items()))
            yield f"{backend.name}: labels without a place in the gold's, counted as wrong: {unmapped}."
        if on_set.duplicates:
            yield f"{backend.name}: {on_set.duplicates} duplicate predictions, counted as wrong."
        if on_set.unresolved:
            many = "s" * (on_set.unresolved != 1)
            yield f"{backend.name}: {on_set.unresolved} date{many} without a value."
        if on_set.unread:
            unread = Counter(a.lang for a in goldset.articles if a.id in on_set.unread)
            counted = ", ".join(f"{lang} ({n})" for lang, n in sorted(unread.items()))
            yield (
                f"{backend.name}: reads {', '.join(backend.languages)} and no other language; "
                f"was not given the articles in {counted}."
            )
        if on_set.prelabelled:
            yield (
                f"{backend.name}: {on_set.prelabelled} of these articles were pre-labelled by it; "
                "its scores on them are flattered."
            )


class Skip(Protocol):
    """An article that was left out: :class:`Skipped` of a gold set or :class:`SkippedArticle` of a run."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def reason(self) -> str:
        """Why it was left out."""

    @property
    def remedy(self) -> str:
        """What to do about it."""


def skip_lines(skipped: Iterable[Skip]) -> Iterator[str]:
    """The articles that were left out, one line per reason and remedy."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in skipped:
        groups.setdefault((one.reason, one.remedy), []).append(one.id)
    for (reason, remedy), ids in groups.items():
        named = ids[0] if len(ids) == 1 else f"{len(ids)} articles, {ids[0]} the first"
        yield f"Skipped {named}: {reason}; {remedy}"


def _power(run: Run, goldset: GoldSetRecord) -> Iterator[str]:
    """What differences the set can show, by the back end that varies least from article to article."""
    known = [one.detectable for one in run.scores.backends if one.goldset == goldset.name]
    least = {kind: [one[kind] for one in known if kind in one] for kind in KINDS}
    told = [f"±{min(values):.2f} for {kind}" for kind, values in least.items() if values]
    if told:
        yield (
            f"This set can tell apart differences of F1 of about {', '.join(told)}; two systems that agree "
            "more need less."
        )


def _labels(run: Run, goldset: GoldSetRecord, rows: Rows) -> Table:
    regime = run.manifest.regimes[0]
    cells = []
    for kind in KINDS:
        labels = sorted(
            {key[3] for key in rows if key[0] == goldset.name and key[2] == kind} - {ALL}
        )
        for label in labels:
            for backend in run.manifest.backends:
                row = rows.get(
                    (goldset.name, backend.name, kind, label, stored_regime(kind, regime))
                )
                if row is not None:
                    counts = row.counts
                    cells.append(
                        (
                            kind,
                            label,
                            backend.name,
                            count(counts.gold),
                            count(counts.pred),
                            *(
                                _starred(value, goldset)
                                for value in (counts.precision, counts.recall, counts.f1)
                            ),
                        )
                    )
    return Table(
        title=f"{goldset.name}@{goldset.version}, per label, regime {regime}",
        columns=(
            *(Column(name, "left") for name in ("kind", "label", "back end")),
            *map(Column, ("gold", "pred", "P", "R", "F1")),
        ),
        rows=tuple(cells),
    )


def _on_set(run: Run, goldset: GoldSetRecord, backend: BackendRecord) -> BackendOnSet | None:
    for on_set in run.scores.backends:
        if (on_set.goldset, on_set.backend) == (goldset.name, backend.name):
            return on_set
    return None
