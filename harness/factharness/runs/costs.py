"""Measures what variants cost: compares each back end on the plain articles with itself on their variants.

Both are read from a run that is written, article by article. The scores on a variant are also slices of the
run, as ``variant=capitals``, beside those of the articles' metadata.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from factharness.facts import KINDS
from factharness.runs.record import ALSO, Run, ScoreRecord, VariantCost
from factharness.runs.suite import VARIANT
from factharness.score import ALL, Counts
from factharness.score.comparison import compare_counts
from factharness.score.stats import Difference, compare
from factharness.signature import SEED


def with_costs(run: Run) -> Run:
    """The run with the costs of its variants, and with their scores as slices."""
    scores, costs = list(run.scores.scores), list(run.scores.costs)
    for varied in run.variants():
        scores += _slices(varied)
        for on_set in varied.scores.backends:
            costs += _of_kinds(run, varied, on_set.goldset, on_set.backend)
            costs += _of_groups(run, varied, on_set.goldset, on_set.backend)
    return replace(run, scores=replace(run.scores, scores=tuple(scores), costs=tuple(costs)))


def _slices(varied: Run) -> Iterator[ScoreRecord]:
    """The scores on a variant, as rows of a slice."""
    name = f"{VARIANT}={varied.manifest.variant}"
    for score in varied.scores.scores:
        if score.over_all_articles:
            yield replace(score, row=replace(score.row, slice=name, low=None, high=None))


def _of_kinds(run: Run, varied: Run, goldset: str, backend: str) -> Iterator[VariantCost]:
    """The cost per kind, under the first regime of the suite and that of :data:`ALSO`."""
    plain, other = (
        [record.row for record in one.counts(backend) if record.goldset == goldset]
        for one in (run, varied)
    )
    regimes = {run.manifest.main_regime(kind) for kind in KINDS} | set(ALSO.values())
    for row in compare_counts(plain, other, regimes=regimes, seed=SEED):
        if row.regime in (run.manifest.main_regime(row.kind), ALSO.get(row.kind)):
            cost = VariantCost(
                goldset, backend, varied.manifest.variant, row.kind, row.regime, "",
                row.difference.articles, row.base.gold, *_numbers(row.difference),
            )  # fmt: skip
            yield cost


def _of_groups(run: Run, varied: Run, goldset: str, backend: str) -> Iterator[VariantCost]:
    """The recall of the entities of each group, under their new and under their old names."""
    groups = {gold.id: gold.groups for gold in varied.gold() if gold.goldset == goldset}
    if not any(groups.values()):
        return
    regime = run.manifest.main_regime("entity")
    sides = [_found(one, goldset, backend, groups, regime) for one in (run, varied)]
    for group in dict.fromkeys(group for side in sides for group in sorted(side)):
        plain, other = (side.get(group, {}) for side in sides)
        articles = sorted(plain.keys() & other.keys())
        counts = [[side[article] for article in articles] for side in (plain, other)]
        difference = compare(counts[0], counts[1], metric="recall", seed=SEED)
        gold = sum(counts[0], Counts()).gold
        cost = VariantCost(
            goldset, backend, varied.manifest.variant, "entity", regime, group,
            len(articles), gold, *_numbers(difference),
        )  # fmt: skip
        yield cost


def _found(
    run: Run,
    goldset: str,
    backend: str,
    groups: dict[str, tuple[tuple[str, ...], ...]],
    regime: str,
) -> dict[str, dict[str, Counts]]:
    """By group and article, how many of its gold entities were found, and how many missed."""
    found: dict[str, dict[str, Counts]] = {}
    for result in run.results(backend):
        its = groups.get(result.prediction.article_id)
        if result.goldset != goldset or not its:
            continue
        for match in result.matches:
            if match.gold is None or match.ignored or match.kind != "entity":
                continue
            right = regime in match.right
            for group in (ALL, *its[match.gold]) if its[match.gold] else ():
                by_article = found.setdefault(group, {})
                before = by_article.get(match.article, Counts())
                by_article[match.article] = before + Counts(tp=right, fn=not right)
    return found


def _numbers(
    difference: Difference,
) -> tuple[float | None, float | None, float | None, float | None, float | None, float]:
    """The numbers of a difference in the order of :class:`VariantCost`, rounded."""

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 6)

    return (
        rounded(difference.first),
        rounded(difference.second),
        rounded(difference.difference),
        rounded(difference.low),
        rounded(difference.high),
        round(difference.p, 6),
    )
