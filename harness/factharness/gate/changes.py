"""Compares a run with a baseline: facts that broke, and articles and back ends that came or went.

Before that, :func:`comparable` checks that the two were measured alike. Scores are compared in
:mod:`factharness.gate.results`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal, TypeAlias

from msgspec import Struct

from factharness.errors import Incomparable
from factharness.facts import Kind
from factharness.gate.baseline import BLESS, Baseline, Key, broken, name, named
from factharness.gate.coverage import Coverage
from factharness.runs.record import FactRef, Run

What: TypeAlias = Literal["misses", "wrong"]

SHOWN = 10
"""How many articles that are gone are named one by one."""


class Broken(Struct, frozen=True):
    """A gold fact that is newly missed, or a prediction that is newly wrong, of one back end.

    ``path`` is the gold file. ``times`` is how often the same words broke for that back end. ``why`` says why
    the back end was not scored there; it is empty when it was scored. When it was not, the words of ``fact``
    may be unknown.
    """

    what: What
    goldset: str
    backend: str
    article: str
    kind: Kind
    fact: FactRef
    path: str
    times: int
    why: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.fact.line}" if self.fact.line else self.path
        verb = "missed" if self.what == "misses" else "wrong"
        fact = f"{self.fact.label} {self.fact.words!r}" if self.fact.words else name(self.fact)
        often = f" ({self.times} times)" if self.times > 1 else ""
        why = f": {self.why}" if self.why else ""
        return f"{place}: {self.backend}: {verb} {fact.strip()}{often}{why}"


class Changes(Struct, frozen=True):
    """The differences between a run and its baseline other than scores.

    ``common`` are the (gold set, article) pairs that both have with the same gold; only these are compared.
    ``added`` are the pairs that only the run has. ``gone`` has a line for each back end or article that only
    the baseline has. ``broken`` is sorted, with the words that broke most often first.
    """

    common: frozenset[tuple[str, str]]
    added: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    broken: tuple[Broken, ...]


def comparable(run: Run, baseline: Baseline) -> None:
    """Raise ``Incomparable`` when numbers of the run must not be compared with those of the baseline.

    Gold sets are compared by name and version. Articles that were added or removed do not matter here; see
    :class:`Changes` for them.
    """
    remedy = f"bless a run of this suite with {BLESS}"
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
            remedy="look at the change, then bless a run on the new gold",
        )
    common = frozenset(now.keys() & then.keys())
    coverage = Coverage(run)
    known = then.keys() | {
        (place.partition("/")[0], article)
        for place, articles in baseline.errors.items()
        for article in articles
    }
    return Changes(
        common=common,
        added=tuple(sorted(now.keys() - known)),
        gone=(
            *_gone_backends(coverage, baseline),
            *_gone_articles(coverage, known - now.keys()),
        ),
        broken=tuple(_broken(run, coverage, baseline, common)),
    )


def _gone_backends(coverage: Coverage, baseline: Baseline) -> Iterator[str]:
    scored = {line.backend for line in baseline.lines}
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


def _broken(
    run: Run, coverage: Coverage, baseline: Baseline, common: frozenset[tuple[str, str]]
) -> Sequence[Broken]:
    before = {
        line.key: (set(line.missed), set(line.wrong))
        for line in baseline.lines
        if (line.goldset, line.article) in common
    }
    gold: dict[tuple[str, str, Kind, str], FactRef] = {}
    """Every gold fact that some back end was scored on, by gold set, article, kind and name."""
    broke: list[tuple[What, Key, FactRef, str]] = []
    for record in run.matches():
        match = record.match
        key = record.goldset, record.backend, match.article, match.kind
        if record.gold is not None:
            gold[record.goldset, match.article, match.kind, name(record.gold)] = record.gold
        if key not in before or not broken(record, run.manifest.main_regime(match.kind)):
            continue
        missed, wrong = before[key]
        if record.gold is not None and name(record.gold) not in missed:
            broke.append(("misses", key, record.gold, ""))
        if record.pred is not None and name(record.pred) not in wrong:
            broke.append(("wrong", key, record.pred, ""))
    scored = {(one.goldset, one.backend, one.row.article, one.row.kind) for one in run.counts()}
    for line in baseline.lines:
        if line.key not in before or line.key in scored:
            continue
        why = coverage.missing(line.goldset, line.backend, line.kind) or "it failed on the article"
        for fact in line.found:
            known = gold.get((line.goldset, line.article, line.kind, fact), named(fact))
            broke.append(("misses", line.key, known, why))
    times = Counter((what, key[1], fact.words or name(fact)) for what, key, fact, _ in broke)
    paths = {
        (goldset.name, article.id): article.path
        for goldset in run.manifest.goldsets
        for article in goldset.articles
    }
    made = [
        Broken(
            what, *key, fact, paths[key[0], key[2]], times[what, key[1], fact.words or name(fact)], why
        )
        for what, key, fact, why in broke
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.times, one.path, one.fact.line, one.fact.spans))
