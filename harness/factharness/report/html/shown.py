"""Chooses the articles that a page draws: all of them, or in a large run those that are most worth reading.

A page of 20,000 articles is a file of 200 MB, which no browser opens. So above :data:`MOST` articles it draws
those with the most mistakes, or on the page of a difference those with the most changes. Figures and slices are
always of all articles.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from heapq import nlargest

from factharness.facts import Kind
from factharness.report.html.differences import Counted
from factharness.report.html.facts import Labels, article
from factharness.report.html.sides import Side, in_step
from factharness.runs.record import Run
from factharness.runs.side_by_side import Name

MOST = 1000
"""The most articles of a page."""


def limited(run: Run) -> bool:
    """Whether a page draws only some articles of a run, unless all are asked for.

    Of a run of the first format it draws none.
    """
    return run.manifest.format > 1 and len(_names(run)) > MOST


def by_mistakes(run: Run, counts: Mapping[tuple[str, Kind, str], Counted]) -> Collection[Name]:
    """The articles in which the back ends together miss the most facts and make up the most.

    ``counts`` are the counts per article by gold set, kind and regime. An article on which a back end failed
    comes before all others.
    """
    weights = Counter[Name]()
    for (goldset, kind, regime), by_backend in counts.items():
        if regime == run.manifest.main_regime(kind):
            for by_article in by_backend.values():
                for name, one in by_article.items():
                    weights[goldset, name] += int(one.fp + one.fn)
    for on_set in run.scores.backends:
        weights.update({(on_set.goldset, name): sys.maxsize for name in on_set.errors})
    return _heaviest(run, weights)


def by_changes(sides: Sequence[Side]) -> Collection[Name]:
    """The articles in which most facts differ between two sides. Reads all of both runs once."""
    labels = Labels()
    weights = Counter[Name]()
    for one, answers in in_step(sides):
        assert one.gold is not None
        changes = article(one.gold, sides, answers, labels, None, words=False).changes(labels)
        weights[one.goldset, one.article.id] = sum(map(sum, changes))
    return _heaviest(sides[0].run, weights)


def note(run: Run, what: str = "mistakes") -> str:
    """What a page says that draws only some articles of a run; empty for one that draws all of them."""
    if not limited(run):
        return ""
    command = "compare BASE HEAD" if what == "changes" else "report RUN"
    return (
        f"Of {len(_names(run)):,} articles, the page shows the {MOST:,} with the most {what}; its numbers"
        f" are of all. factharness {command} -o PATH.html --all-articles makes a page of all."
    )


def _heaviest(run: Run, weights: Mapping[Name, int]) -> Collection[Name]:
    return frozenset(nlargest(MOST, _names(run), key=lambda name: weights.get(name, 0)))


def _names(run: Run) -> list[Name]:
    return [(goldset.name, one.id) for goldset in run.manifest.goldsets for one in goldset.articles]
