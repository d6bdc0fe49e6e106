"""The back ends that a page shows side by side, of one run or of two, and what each did with an article."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from factharness.facts import Kind
from factharness.runs.record import ArticleResult, BackendRecord, MatchRecord, Run
from factharness.runs.side_by_side import Name, SideBySide, side_by_side


class Side(Struct, frozen=True):
    """A back end on the page, and the run that its results are from."""

    name: str
    run: Run
    backend: str

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of fact that it claims to find."""
        return self._record.kinds

    @property
    def own_kinds(self) -> list[Kind]:
        """Those of its kinds whose facts it does not borrow from another back end."""
        return [kind for kind in self.kinds if kind not in self._record.borrows]

    @property
    def hybrid(self) -> bool:
        """Whether it only joins the facts of other back ends."""
        return self._record.composed

    @property
    def _record(self) -> BackendRecord:
        return next(one for one in self.run.manifest.backends if one.name == self.backend)


class Answer(Struct, frozen=True):
    """What one side did with an article: its result and its matches, or the error with which it failed."""

    result: ArticleResult
    matches: tuple[MatchRecord, ...]
    error: str | None


def of_run(run: Run) -> list[Side]:
    """The back ends of a run that have results, in the order of the suite."""
    scored = {one.backend for one in run.scores.backends}
    return [Side(one.name, run, one.name) for one in run.manifest.backends if one.name in scored]


def in_step(
    sides: Sequence[Side], only: Collection[Name] | None = None
) -> Iterator[tuple[SideBySide, list[Answer | None]]]:
    """The articles of the first side's run, each with the answers of all sides; None where one has none.

    ``only``: some of the articles; all without it.

    One article is in memory at a time, while the runs have their articles in the same order.
    """
    runs: list[Run] = []
    for side in sides:
        if not any(side.run is run for run in runs):
            runs.append(side.run)
    streams = [
        _Articles(run, {side.backend for side in sides if side.run is run}, only) for run in runs
    ]
    where = [next(n for n, run in enumerate(runs) if side.run is run) for side in sides]
    errors = [_errors(side) for side in sides]
    while (first := streams[0].following()) is not None:
        name = first.goldset, first.article.id
        articles = [first, *(stream.of(name) for stream in streams[1:])]
        yield (
            first,
            [
                _answer(side, articles[n], failed.get(name))
                for side, n, failed in zip(sides, where, errors, strict=True)
            ],
        )


def _errors(side: Side) -> dict[Name, str]:
    """The articles on which a side could not be scored, with the reason."""
    return {
        (on_set.goldset, article): error
        for on_set in side.run.scores.backends
        if on_set.backend == side.backend
        for article, error in on_set.errors.items()
    }


def _answer(side: Side, article: SideBySide | None, error: str | None) -> Answer | None:
    result = article.results.get(side.backend) if article else None
    if article is None or result is None:
        return None
    return Answer(result, article.matches[side.backend], error or result.prediction.error)


class _Articles:
    """The articles of a run, which can be asked for one by one, best in their order."""

    def __init__(self, run: Run, backends: set[str], only: Collection[Name] | None) -> None:
        self._articles = side_by_side(run, backends, only)
        self._known = {
            (goldset.name, article.id)
            for goldset in run.manifest.goldsets
            for article in goldset.articles
        }
        self._passed: dict[Name, SideBySide] = {}

    def following(self) -> SideBySide | None:
        """The next article; None at the end."""
        return next(self._articles, None)

    def of(self, name: Name) -> SideBySide | None:
        """An article that was not asked for yet; None where the run does not have it."""
        if name not in self._known:
            return None
        while name not in self._passed:
            article = self.following()
            if article is None:
                return None
            self._passed[article.goldset, article.article.id] = article
        return self._passed.pop(name)
