"""What broke since the baseline: facts that were right then and are not any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from factharness.errors import Incomparable
from factharness.facts import Kind
from factharness.gate.baseline import Baseline, broken, name
from factharness.run.record import FactRef, Run


class Broken(Struct, frozen=True):
    """A gold fact that is newly missed, or a prediction that is newly wrong, of one back end.

    ``path`` is the file of the gold. ``times`` is how often the same words broke for that back end.
    """

    what: Literal["misses", "wrong"]
    goldset: str
    backend: str
    article: str
    kind: Kind
    fact: FactRef
    path: str
    times: int

    def __str__(self) -> str:
        place = f"{self.path}:{self.fact.line}" if self.fact.line else self.path
        verb = "missed" if self.what == "misses" else "wrong"
        often = f" ({self.times} times)" if self.times > 1 else ""
        return f"{place}: {self.backend}: {verb} {self.fact.label} {self.fact.words!r}{often}"


class Changes(Struct, frozen=True):
    """What separates a run from its baseline besides its scores.

    ``common`` are the (gold set, article) pairs that both have with the same gold: only they are compared.
    ``broken`` is sorted, what broke most often first.
    """

    common: frozenset[tuple[str, str]]
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    broken: tuple[Broken, ...]


def comparable(run: Run, baseline: Baseline) -> None:
    """Raise ``Incomparable`` where a number of the run must not stand beside the baseline's.

    Gold sets are compared by name and version: articles that came or went are told apart, see :class:`Changes`.
    """
    remedy = "bless a run of this suite with `factharness bless RUN --reason TEXT`"
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

    Raises ``Incomparable`` when the gold of an article was changed since.
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
    return Changes(
        common=common,
        added=tuple(sorted(now.keys() - then.keys())),
        removed=tuple(sorted(then.keys() - now.keys())),
        broken=tuple(_broken(run, baseline, common)),
    )


def _broken(run: Run, baseline: Baseline, common: frozenset[tuple[str, str]]) -> Sequence[Broken]:
    before = {
        (line.goldset, line.backend, line.article, line.kind): (set(line.missed), set(line.wrong))
        for line in baseline.lines
    }
    paths = {
        (goldset.name, article.id): article.path
        for goldset in run.manifest.goldsets
        for article in goldset.articles
    }
    found: list[tuple[Literal["misses", "wrong"], str, str, str, Kind, FactRef]] = []
    for record in run.matches():
        match = record.match
        key = record.goldset, record.backend, match.article, match.kind
        if (record.goldset, match.article) not in common or key not in before:
            continue
        if not broken(record, run.manifest.main_regime(match.kind)):
            continue
        missed, wrong = before[key]
        if record.gold is not None and name(record.gold) not in missed:
            found.append(("misses", *key, record.gold))
        if record.pred is not None and name(record.pred) not in wrong:
            found.append(("wrong", *key, record.pred))
    times = Counter((what, backend, fact.words) for what, _, backend, _, _, fact in found)
    made = [
        Broken(
            what, goldset, backend, article, kind, fact, paths[goldset, article],
            times[what, backend, fact.words],
        )
        for what, goldset, backend, article, kind, fact in found
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.times, one.path, one.fact.line, one.fact.spans))
