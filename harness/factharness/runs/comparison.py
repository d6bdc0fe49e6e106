"""Compares two back ends of one run, or two runs: the differences, and the facts that only one has right.

The numbers come from :mod:`factharness.score.comparison`; :mod:`factharness.report.comparison` prints them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from factharness.errors import HarnessError, Incomparable, unknown
from factharness.facts import KINDS, Kind
from factharness.runs.record import BackendOnSet, FactRef, MatchRecord, Run, stored_regime
from factharness.score import CountRow, Match
from factharness.score.comparison import Change, ComparedRow, compare_counts, flips
from factharness.score.evaluation import regimes_of
from factharness.score.stats import Metric
from factharness.signature import plain_part

if TYPE_CHECKING:
    import pandas as pd

# What is compared besides the regimes of the suite.
_ALSO: dict[Kind, tuple[str, ...]] = {"entity": (), "date": ("value",), "quote": ("joint",)}
_SIGNS: dict[Change, str] = {"gained": "+", "lost": "-", "wrong": "!", "mended": "~"}


class Flipped(Struct, frozen=True):
    """A fact that only one side has right: the gold fact, or the wrong prediction that only one side makes.

    ``base`` and ``head`` are the matches of both sides on the gold fact; without one, that of the side that
    makes the prediction.
    """

    change: Change
    match: Match
    fact: FactRef
    base: MatchRecord | None = None
    head: MatchRecord | None = None

    @property
    def gold(self) -> FactRef | None:
        """The gold fact that it is about; None for a prediction without gold."""
        record = self.base or self.head
        return record.gold if record else None

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        kind, article = self.match.kind, self.match.article
        place = f"{article}:{self.fact.line}" if self.fact.line else article
        return f"{_SIGNS[self.change]} {kind} {self.fact.label} {self.fact.words!r} ({place})"


Matches = list[MatchRecord]
"""The matches of one side in one article."""


def _article(record: MatchRecord) -> str:
    return record.match.article


def _gold_of(match: Match) -> tuple[str, Kind, int | None]:
    return match.article, match.kind, match.gold


class Comparison:
    """One back end against another on one gold set; differences are ``head`` minus ``base``.

    ``base`` and ``head`` are a run and the name of one of its back ends; ``rows`` the compared numbers, one per
    kind, label and regime.
    """

    def __init__(
        self,
        goldset: str,
        base: tuple[Run, str],
        head: tuple[Run, str],
        regimes: Sequence[str],
    ) -> None:
        self.goldset, self.base, self.head = goldset, base, head
        self.rows: list[ComparedRow] = []
        self._asked = tuple(regimes)

    @property
    def title(self) -> str:
        """``spacy against rules, on depeches``; with the ids of the runs when two runs are compared."""
        apart = self.base[0].path != self.head[0].path
        base, head = (
            f"{name} of {run.manifest.id}" if apart else name
            for run, name in (self.base, self.head)
        )
        return f"{head} against {base}, on {self.goldset}"

    @property
    def regimes(self) -> list[str]:
        """The regimes that are compared, under all names a kind may store them by."""
        also = (regime for kind in KINDS for regime in _ALSO[kind])
        names = self._asked or (*self.head[0].manifest.regimes, *also)
        return [stored_regime(kind, name) for name in names for kind in KINDS]

    @property
    def repeats(self) -> bool:
        """Whether both sides are runs of one back end that does not give the same answer every time."""
        first, second = (_repeated(run, name) for run, name in (self.base, self.head))
        return first == second and first is not None

    @property
    def first_regime(self) -> str:
        """The regime under which a fact is right or wrong: the first that was asked for, else of the suite."""
        return self._asked[0] if self._asked else self.head[0].manifest.regimes[0]

    @property
    def names(self) -> tuple[str, str]:
        """What to call the two sides: by their back ends, or ``base`` and ``head`` when it is the same one."""
        base, head = self.base[1], self.head[1]
        return ("base", "head") if base == head else (base, head)

    def counts(self, side: tuple[Run, str]) -> Iterator[CountRow]:
        """The stored counts of ``base`` or ``head`` on this gold set."""
        run, backend = side
        for record in run.counts(backend):
            if record.goldset == self.goldset:
                yield record.row

    @cached_property
    def flips(self) -> list[Flipped]:
        """The facts that only one side has right, under the first regime, by article."""
        flipped = [flip for sides in self._in_step() for flip in self._flipped(*sides)]
        return sorted(flipped, key=lambda flip: flip.match.article)

    def _in_step(self) -> Iterator[tuple[Matches, Matches]]:
        """The matches of both sides in each article that both have.

        One article is in memory at a time, while the runs have their articles in the same order.
        """
        passed: tuple[dict[str, Matches], dict[str, Matches]] = ({}, {})
        for following in zip_longest(*map(self._by_article, (self.base, self.head))):
            for waiting, one in zip(passed, following, strict=True):
                if one is not None:
                    waiting[one[0]] = one[1]
            for article in {one[0] for one in following if one is not None}:
                if all(article in waiting for waiting in passed):
                    yield passed[0].pop(article), passed[1].pop(article)

    def _by_article(self, side: tuple[Run, str]) -> Iterator[tuple[str, Matches]]:
        run, backend = side
        records: Iterable[MatchRecord] = run.matches(backend)
        if run.manifest.format == 1:  # whose matches are in any order
            records = sorted(records, key=_article)
        records = (record for record in records if record.goldset == self.goldset)
        for article, own in groupby(records, _article):
            yield article, list(own)

    def _flipped(self, base: Matches, head: Matches) -> Iterator[Flipped]:
        """The flips in one article."""
        sides = base, head
        answers = [
            [(r.match, (r.pred.label, r.pred.spans) if r.pred else None) for r in side]
            for side in sides
        ]
        by_match = {id(record.match): record for side in sides for record in side}
        by_gold = [{_gold_of(record.match): record for record in side} for side in sides]
        first = self.first_regime
        for flip in flips(*answers, regimes={kind: stored_regime(kind, first) for kind in KINDS}):
            record = by_match[id(flip.match)]
            pair = record.gold, record.pred
            fact = pair[flip.change in ("wrong", "mended")] or pair[0] or pair[1]
            assert fact is not None
            ours, theirs = (side.get(_gold_of(flip.match)) for side in by_gold)
            if flip.match.gold is None:
                ours, theirs = (None, record) if flip.change == "wrong" else (record, None)
            yield Flipped(flip.change, flip.match, fact, ours, theirs)

    def to_frame(self) -> pd.DataFrame:
        """A row per compared number."""
        import pandas as pd

        return pd.DataFrame(
            [
                (
                    self.goldset, row.kind, row.label, row.regime, row.difference.articles,
                    row.difference.first, row.difference.second, row.difference.difference,
                    row.difference.low, row.difference.high, row.difference.p, row.adjusted,
                )
                for row in self.rows
            ],
            columns=[
                "goldset", "kind", "label", "regime", "articles",
                "base", "head", "difference", "low", "high", "p", "p_holm",
            ],
        )  # fmt: skip

    def __repr__(self) -> str:
        first = {kind: stored_regime(kind, self.first_regime) for kind in KINDS}
        numbers = ", ".join(
            f"{row.kind} {row.difference.difference:+.3f} (p {row.difference.p:.3f})"
            for row in self.rows
            if row.label == "*"
            and row.regime == first[row.kind]
            and row.difference.difference is not None
        )
        return f"<{self.title}: {numbers or 'nothing to compare'}>"

    def _repr_html_(self) -> str:
        return f"<p>{self.title}</p>{self.to_frame().to_html(index=False)}"


def _repeated(run: Run, name: str) -> object:
    """The name and fingerprint of a back end that was run repeatedly; None for any other back end."""
    records = {one.name: one for one in run.manifest.backends}
    record = records[name]
    first = record.repeats or name
    if not any(one.repeats == first for one in records.values()):
        return None
    return first, {key: v for key, v in record.fingerprint.items() if key != "repetition"}


def compare_runs(
    base: tuple[Run, str],
    head: tuple[Run, str],
    *,
    regimes: Sequence[str] = (),
    labels: bool = False,
    metric: Metric = "f1",
    draws: int,
    seed: int,
) -> list[Comparison]:
    """Compare two sides, each a run and a back end; without names, every back end that both have.

    Raises :class:`Incomparable` where two were not measured alike or have nothing in common, ``HarnessError``
    for a back end that is not in its run.
    """
    regimes_of("entity", regimes)  # raises for a regime that there is not
    comparisons = [
        Comparison(goldset, (base[0], first), (head[0], second), regimes)
        for goldset, first, second in _pairs(base, head)
    ]
    for comparison in comparisons:
        comparison.rows = compare_counts(
            comparison.counts(comparison.base),
            comparison.counts(comparison.head),
            regimes=comparison.regimes,
            labels=None if labels else ("*",),
            metric=metric,
            draws=draws,
            seed=seed,
        )
        if not comparison.rows:
            raise _nothing_in_common(comparison)
    return comparisons


def _pairs(base: tuple[Run, str], head: tuple[Run, str]) -> list[tuple[str, str, str]]:
    """Gold set, back end of the base, back end of the head. Raises as :func:`compare_runs`."""
    for run, name in (base, head):
        known = [backend.name for backend in run.manifest.backends]
        if name and name not in known:
            message, remedy = unknown("back end", name, known)
            raise HarnessError(message, file=run.path, remedy=remedy)
    measured = [
        {(one.goldset, one.backend): one for one in run.scores.backends} for run, _ in (base, head)
    ]
    if base[1] or head[1]:
        names = [(base[1] or head[1], head[1] or base[1])]
    else:
        names = [(name, name) for name in dict.fromkeys(backend for _, backend in measured[0])]
    pairs = []
    for goldset in dict.fromkeys(goldset for goldset, _ in measured[0]):
        for first, second in names:
            ours, theirs = measured[0].get((goldset, first)), measured[1].get((goldset, second))
            if ours and theirs:
                _check_alike(ours, theirs)
                pairs.append((goldset, first, second))
    if not pairs:
        sides = [sorted({"/".join(key) for key in side}) for side in measured]
        raise Incomparable(
            f"the two have nothing in common: {', '.join(sides[0])} against {', '.join(sides[1])}",
            remedy="name the back ends, as RUN:NAME",
        )
    return pairs


def _check_alike(base: BackendOnSet, head: BackendOnSet) -> None:
    """Refuse numbers that were not measured alike; two back ends may each have a label map of their own."""
    # A run may be compared with one of its variants, whose articles are made of the same gold.
    signatures = [
        structs.replace(one.signature, gold=plain_part(one.signature.gold)) for one in (base, head)
    ]
    differing = [
        line
        for line in signatures[0].differences(signatures[1])
        if base.backend == head.backend or not line.startswith("map: ")
    ]
    if differing:
        raise Incomparable(
            f"{head.backend} on {head.goldset} was measured otherwise: {'; '.join(differing)}",
            remedy="run both on the same gold with the same settings",
        )


def _nothing_in_common(comparison: Comparison) -> Incomparable:
    stored = [
        ", ".join(sorted({row.regime for row in comparison.counts(side)}))
        for side in (comparison.base, comparison.head)
    ]
    return Incomparable(
        f"{comparison.title}: no regime of {', '.join(dict.fromkeys(comparison.regimes))} is on both sides "
        f"({stored[0]} against {stored[1]}), or no article",
        remedy="score both runs under the same regimes",
    )
