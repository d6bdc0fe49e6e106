"""Compares a run with a baseline: facts that broke or were fixed, articles and back ends that came or went.

Before that, :func:`comparable` checks that the two were measured alike. Scores are compared in
:mod:`factharness.gate.results`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from factharness.errors import Incomparable
from factharness.facts import Kind
from factharness.gate.baseline import Baseline, blessing, broken, name, named
from factharness.gate.coverage import Coverage
from factharness.runs.record import FactRef, Run
from factharness.runs.side_by_side import SideBySide, side_by_side

SHOWN = 10
"""How many articles that are gone are named one by one."""

Turned = TypeVar("Turned", bound="FactTurned")


class FactTurned(Struct, frozen=True, kw_only=True):
    """A fact of one back end that was right in the baseline and is wrong now, or the other way round.

    ``path`` is the gold file. ``times`` is how many facts of that back end, this one included, turned in the
    same way and differ only in their place (see :attr:`alike`). The words of ``fact`` are empty where the run
    does not have them.
    """

    what: str
    goldset: str
    backend: str
    article: str
    kind: Kind
    fact: FactRef
    path: str
    times: int = 1

    @property
    def alike(self) -> tuple[str, ...]:
        """What two facts have in common that differ only in their place."""
        words = self.fact.words
        if not words and self.fact.spans:
            # A fact of which only the place is known is like no other.
            words = f"{self.goldset}/{self.article} {name(self.fact)}"
        return self.what, self.backend, self.kind, self.fact.label, words

    @property
    def place(self) -> str:
        """``FILE:LINE``, or the file alone: only gold facts have a line."""
        return f"{self.path}:{self.fact.line}" if self.fact.line else self.path


class Broken(FactTurned, frozen=True, kw_only=True):
    """A gold fact that is newly missed, or a prediction that is newly wrong.

    ``why`` says why the back end was not scored there; it is empty when it was scored.
    """

    what: Literal["misses", "wrong"]
    why: str = ""

    def __str__(self) -> str:
        verb = "missed" if self.what == "misses" else "wrong"
        fact = f"{self.fact.label} {self.fact.words!r}" if self.fact.words else name(self.fact)
        often = f" ({self.times} times)" if self.times > 1 else ""
        why = f": {self.why}" if self.why else ""
        return f"{self.place}: {self.backend}: {verb} {fact.strip()}{often}{why}"


class Fixed(FactTurned, frozen=True, kw_only=True):
    """A gold fact that is newly found, or a wrong prediction that is not made any more.

    A baseline has no words, so those of a prediction that is not made any more are always empty.
    """

    what: Literal["found", "mended"]


def once_each(facts: Iterable[Turned]) -> list[Turned]:
    """The first of each group of facts that differ only in their place; its ``times`` is their number."""
    first: dict[tuple[str, ...], Turned] = {}
    for one in facts:
        first.setdefault(one.alike, one)
    return list(first.values())


class Changes(Struct, frozen=True):
    """The differences between a run and its baseline other than scores.

    ``common`` are the (gold set, article) pairs that both have with the same gold; only these are compared.
    ``added`` are the pairs that only the run has. ``gone`` has a line for each back end or article that only
    the baseline has. ``broken`` and ``fixed`` are sorted, the words first that are most frequent in them.
    """

    common: frozenset[tuple[str, str]]
    added: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    broken: tuple[Broken, ...]
    fixed: tuple[Fixed, ...]


def comparable(run: Run, baseline: Baseline) -> None:
    """Raise ``Incomparable`` when numbers of the run must not be compared with those of the baseline.

    Gold sets are compared by name and version. Articles that were added or removed do not matter here; see
    :class:`Changes` for them.
    """
    remedy = f"bless a run of this suite, such as this one: {blessing(run)}"
    if baseline.suite != run.manifest.suite:
        raise Incomparable(
            f"the baseline is of suite {baseline.suite!r}, the run of {run.manifest.suite!r}",
            remedy=remedy,
        )
    if baseline.regimes[:1] != run.manifest.regimes[:1]:
        raise Incomparable(
            f"the baseline's first regime is {baseline.regimes[0]}, the run's {run.manifest.regimes[0]}",
            remedy=remedy,
        )
    for on_set in run.scores.backends:
        before = baseline.signatures.get(f"{on_set.goldset}/{on_set.backend}")
        if before is None:
            continue
        differences = [
            line for line in before.differences(on_set.signature) if not line.startswith("gold: ")
        ]
        versions = [one.gold.partition("#")[0] for one in (before, on_set.signature)]
        if versions[0] != versions[1]:
            differences.insert(0, f"gold: {versions[0]} against {versions[1]}")
        if differences:
            raise Incomparable(
                f"{on_set.backend} on {on_set.goldset} is measured otherwise than in the baseline: "
                + "; ".join(differences),
                remedy=remedy,
            )


def changes(run: Run, baseline: Baseline) -> Changes:
    """Compare the facts of a run with those of its baseline.

    Raises ``Incomparable`` when the gold of an article has changed.
    """
    now = {
        (goldset.name, article.id): article
        for goldset in run.manifest.goldsets
        for article in goldset.articles
    }
    then = {(line.goldset, line.article): line.gold for line in baseline.lines}
    changed = sorted(key for key in now.keys() & then.keys() if now[key].digest != then[key])
    if changed:
        goldset, article = changed[0]
        others = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise Incomparable(
            f"the gold of {goldset}/{article}{others} is not that of the baseline",
            file=now[changed[0]].path or None,
            remedy=f"look at the change, then bless a run on the new gold, such as this one: {blessing(run)}",
        )
    common = frozenset(now.keys() & then.keys())
    coverage = Coverage(run)
    known = then.keys() | {
        (place.partition("/")[0], article)
        for place, articles in baseline.errors.items()
        for article in articles
    }
    broken, fixed = _turned(run, coverage, baseline, common)
    return Changes(
        common=common,
        added=tuple(sorted(now.keys() - known)),
        gone=(
            *_gone_backends(coverage, baseline),
            *_gone_articles(coverage, known - now.keys()),
        ),
        broken=_counted(broken),
        fixed=_counted(fixed),
    )


def _gone_backends(coverage: Coverage, baseline: Baseline) -> Iterator[str]:
    scored = {backend for _, backend, _ in baseline.lines.places}
    for backend in sorted(baseline.kinds):
        record = coverage.backends.get(backend)
        if record is None:
            yield f"{backend} is gone since the baseline"
        elif record.unavailable:
            yield f"{backend} is gone since the baseline: it is unavailable: {record.unavailable}"
        elif backend in scored and coverage.failed_everywhere(backend):
            yield f"{backend} is gone since the baseline: it failed on every article"


def _gone_articles(coverage: Coverage, gone: AbstractSet[tuple[str, str]]) -> Iterator[str]:
    skipped = {
        (goldset.name, one.id): f": {one.reason}; {one.remedy}"
        for goldset in coverage.goldsets.values()
        for one in goldset.skipped
    }
    for goldset, article in sorted(gone)[:SHOWN]:
        why = skipped.get((goldset, article), "")
        yield f"{goldset}/{article} is gone since the baseline{why}"
    if len(gone) > SHOWN:
        yield f"and {len(gone) - SHOWN} more articles are"


def _turned(
    run: Run, coverage: Coverage, baseline: Baseline, common: frozenset[tuple[str, str]]
) -> tuple[list[Broken], list[Fixed]]:
    """The facts that broke and those that were fixed, in the articles that both have."""
    backends = sorted({place.partition("/")[2] for place in baseline.signatures})
    broke: list[Broken] = []
    lost: list[Broken] = []
    found: list[Fixed] = []
    mended: list[Fixed] = []
    for article in side_by_side(run):
        if (article.goldset, article.article.id) not in common:
            continue
        for backend in backends:
            before = baseline.lines.of(article.goldset, backend, article.article.id)
            wrong_now: dict[Kind, set[str]] = {kind: set() for kind in before}
            for record in article.matches.get(backend, ()):
                kind = record.match.kind
                if kind not in before:
                    continue
                at = _at(article, backend, kind)
                is_lost = broken(record, run.manifest.main_regime(kind))
                if record.gold is not None and is_lost != (
                    name(record.gold) in before[kind].missed
                ):
                    if is_lost:
                        broke.append(Broken(what="misses", fact=record.gold, **at))
                    else:
                        found.append(Fixed(what="found", fact=record.gold, **at))
                if record.pred is not None and is_lost:
                    wrong_now[kind].add(name(record.pred))
                    if name(record.pred) not in before[kind].wrong:
                        broke.append(Broken(what="wrong", fact=record.pred, **at))
            result = article.results.get(backend)
            for kind, line in before.items():
                at = _at(article, backend, kind)
                if result is not None and kind in result.numbers:
                    gone = sorted(set(line.wrong) - wrong_now[kind])
                    mended += (Fixed(what="mended", fact=named(fact), **at) for fact in gone)
                elif line.found:
                    why = coverage.missing(article.goldset, backend, kind)
                    why = why or "it failed on the article"
                    gold = _gold(article, kind)
                    lost += (
                        Broken(what="misses", fact=gold.get(fact, named(fact)), why=why, **at)
                        for fact in line.found
                    )
    # Facts at one place stay in this order when they are sorted by their place.
    order = {backend: number for number, backend in enumerate(coverage.backends)}
    for by_match in (broke, found):
        by_match.sort(key=lambda one: order[one.backend])
    for by_line in (lost, mended):
        by_line.sort(key=lambda one: (one.goldset, one.backend, one.article, one.kind))
    return broke + lost, found + mended


def _at(article: SideBySide, backend: str, kind: Kind) -> dict[str, Any]:
    """Where a fact of a back end in an article is, as :class:`FactTurned` has it."""
    return {
        "goldset": article.goldset,
        "backend": backend,
        "article": article.article.id,
        "kind": kind,
        "path": article.article.path,
    }


def _gold(article: SideBySide, kind: Kind) -> dict[str, FactRef]:
    """The gold facts of a kind that some back end was scored on, by name."""
    return {
        name(record.gold): record.gold
        for records in article.matches.values()
        for record in records
        if record.gold is not None and record.match.kind == kind
    }


def _counted(facts: Sequence[Turned]) -> tuple[Turned, ...]:
    """The facts, sorted, each with the number of facts that differ from it only in their place."""
    times = Counter(one.alike for one in facts)
    return tuple(
        sorted(
            (replace(one, times=times[one.alike]) for one in facts),
            key=lambda one: (-one.times, one.path, one.fact.line, one.fact.spans),
        )
    )
