"""Reads what every back end of a run did, article by article, with no more than one article in memory.

The gold of a run and the results of its back ends lie in files of their own, all in the same order
(:mod:`factharness.runs.parts`); here they are read in step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from factharness.errors import HarnessError
from factharness.runs import parts, shared_files
from factharness.runs.mistakes import Mistake, of_record
from factharness.runs.record import ArticleRecord, ArticleResult, GoldFacts, MatchRecord, Run

Name = tuple[str, str]
"""A gold set and the id of an article in it."""


class SideBySide(Struct, frozen=True):
    """One article of a run: its gold, and what each back end did with it.

    ``gold`` is None in a run of the first format, which does not hold the gold facts. The others are by back
    end, in the order of the suite; a back end that could not be built is in none of them. ``results`` has each
    answer with the words of its facts, or its error; ``matches`` each gold fact with the answer to it, and the
    answers without gold; ``mistakes`` what is wrong with these.
    """

    goldset: str
    article: ArticleRecord
    gold: GoldFacts | None
    results: dict[str, ArticleResult]
    matches: dict[str, tuple[MatchRecord, ...]]
    mistakes: dict[str, tuple[Mistake, ...]]


def side_by_side(
    run: Run, backends: Collection[str] | None = None, articles: Collection[Name] | None = None
) -> Iterator[SideBySide]:
    """The articles of a run in its order; of some back ends and of some articles, or of all.

    Raises ``HarnessError`` for a run that is damaged, also when the first articles were whole.
    """
    readers = {
        name: _Results(run, name)
        for name in (scored.name for scored in run.manifest.backends)
        if any(one.backend == name for one in run.scores.backends)
        and (backends is None or name in backends)
    }
    golds = None if run.manifest.format == 1 else run.gold()
    for goldset in run.manifest.goldsets:
        for article in goldset.articles:
            name = goldset.name, article.id
            gold = None if golds is None else _gold(run, golds, name)
            results = {
                backend: result
                for backend, reader in readers.items()
                if (result := reader.of(name)) is not None
            }
            if articles is not None and name not in articles:
                continue
            matches = {
                backend: tuple(readers[backend].matches(result, gold))
                for backend, result in results.items()
            }
            mistakes = {
                backend: tuple(
                    mistake
                    for record in records
                    for mistake in of_record(
                        record, article.path, run.manifest.main_regime(record.match.kind)
                    )
                )
                for backend, records in matches.items()
            }
            yield SideBySide(goldset.name, article, gold, results, matches, mistakes)
    for backend, reader in readers.items():
        if reader.next is not None:
            raise HarnessError(
                f"has a result of {'/'.join(_name(reader.next))} out of the order of the run",
                file=run.path and parts.backend_file(run.path, backend),
                remedy="run again",
            )


class _Results:
    """The results of one back end, of which ``next`` is the first that was not asked for yet."""

    def __init__(self, run: Run, backend: str) -> None:
        self._run, self._backend = run, backend
        self._results = run.results(backend)
        self._matches: dict[Name, list[MatchRecord]] = {}
        if run.manifest.format == 1:  # its matches lie apart from the results, and in any order
            for record in shared_files.with_gold(run.folder, backend, ()):
                name = record.goldset, record.match.article
                self._matches.setdefault(name, []).append(record)
        self.next = next(self._results, None)

    def of(self, name: Name) -> ArticleResult | None:
        """The result of an article; None where the back end has none."""
        result = self.next
        if result is None or _name(result) != name:
            return None
        self.next = next(self._results, None)
        return result

    def matches(self, result: ArticleResult, gold: GoldFacts | None) -> Iterator[MatchRecord]:
        """The matches of the back end in one article."""
        if gold is None:
            return iter(self._matches.get(_name(result), ()))
        return parts.matched(self._run.folder, self._backend, result, gold)


def _name(result: ArticleResult) -> Name:
    return result.goldset, result.prediction.article_id


def _gold(run: Run, golds: Iterator[GoldFacts], name: Name) -> GoldFacts:
    gold = next(golds, None)
    if gold is None or (gold.goldset, gold.id) != name:
        raise HarnessError(
            f"does not have the gold of {'/'.join(name)} where run.json has the article",
            file=run.folder / parts.GOLD,
            remedy="run again",
        )
    return gold
