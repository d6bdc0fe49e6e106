"""Scores a stored run again, under other regimes or with ensembles of its back ends; no back end runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from msgspec import structs

from factharness.backends.combination import Composition
from factharness.errors import HarnessError, Incomparable
from factharness.facts import GoldArticle
from factharness.gold.articles import ArticleEntry, GoldArticles, digest, in_memory, place_of
from factharness.gold.sets import GoldSet, load_file, load_set
from factharness.resources import find
from factharness.runs.composed import combine
from factharness.runs.directory import load
from factharness.runs.extracted import Extracted
from factharness.runs.predictions import ReadAgain, Records, Spill
from factharness.runs.record import (
    BackendOnSet,
    BackendRecord,
    GoldSetRecord,
    PredictionRecord,
    Run,
)
from factharness.runs.score import ScoredArticles, score
from factharness.runs.tabulate import ReadBy, TableBuilder
from factharness.score.count_columns import CountColumns, columns_of
from factharness.score.counts import NONE
from factharness.score.ensemble import HOWS, How, oracle
from factharness.score.stats import DRAWS
from factharness.signature import SEED
from factharness.variants import Emptied, vary

ORACLE = "oracle"


def rescored(
    path: Path,
    regimes: Sequence[str],
    *,
    ensembles: bool = False,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Run:
    """The run in ``path``, scored under ``regimes`` (empty: its own) on the same gold.

    ``ensembles`` adds rows for the back ends combined in every way (:data:`HOWS`), and the oracle. An interval
    has ``draws`` random draws from ``seed``; with 0 draws there are none. The run's
    variants are left out; each is a run that can be scored again itself. Raises :class:`Incomparable` when the
    gold has changed.
    """
    run = load(path)
    variant = run.manifest.variant
    goldsets = [_gold(goldset, variant) for goldset in run.manifest.goldsets]
    with Spill() as spill:
        extracted = [_stored(run, backend) for backend in run.manifest.backends]
        if ensembles:
            extracted += _ensembles(extracted, goldsets, spill)
        manifest = structs.replace(
            run.manifest,
            regimes=tuple(regimes) or run.manifest.regimes,
            backends=tuple(one.backend for one in extracted),
            variants=(),
        )
        digests = {goldset.name: goldset.digest for goldset in goldsets}
        scored = score(goldsets, digests, extracted, manifest.regimes, variant)
        tables = TableBuilder(
            manifest,
            {
                goldset.name: {one.id: one.meta for one in goldset.articles}
                for goldset in run.manifest.goldsets
            },
            [
                ReadBy(name, one.backend.name, len(lines), one.seen.get(name, {}))
                for one in extracted
                if not one.backend.unavailable
                for name, lines in one.predictions.items()
            ],
        )
        for block in scored.blocks:
            for its in block.backends:
                columns = _bounded(its) if its.backend == ORACLE else its.columns
                tables.add(block.goldset, its.backend, columns)
    if ensembles:
        scored.on_sets = [_matched(on_set) for on_set in scored.on_sets]
    on_sets = [
        structs.replace(on_set, signature=structs.replace(on_set.signature, seed=seed))
        for on_set in scored.on_sets
    ]
    scores = tables.finish(manifest, on_sets, draws=draws)
    return structs.replace(run, manifest=manifest, scores=scores)


def _stored(run: Run, backend: BackendRecord) -> Extracted:
    """A back end with the predictions of a run."""
    on_sets = {one.goldset: one for one in run.scores.backends if one.backend == backend.name}

    def lines(goldset: str) -> Records:
        if goldset not in on_sets:
            return []
        of_set = partial(_of_set, run, backend.name, goldset)
        return ReadAgain(on_sets[goldset].articles + len(on_sets[goldset].errors), of_set)

    return Extracted(
        backend,
        {goldset.name: lines(goldset.name) for goldset in run.manifest.goldsets},
        seen={name: one.seen for name, one in on_sets.items()},
    )


def _of_set(run: Run, backend: str, goldset: str) -> Iterator[PredictionRecord]:
    """The predictions of a back end on one gold set, read from the run."""
    return (line for line in run.predictions(backend) if line.goldset == goldset)


def _gold(stored: GoldSetRecord, variant: str) -> GoldSet:
    """The gold of a run, each article read again when it is asked for, in its variant.

    It is read from its old path or by the set's name. Reading an article raises ``Incomparable`` when it has
    changed since the run.
    """

    @cache
    def by_name() -> dict[str, Callable[[], GoldArticle]]:
        articles = in_memory(load_set(find("goldsets", stored.name)).articles)
        return {
            entry.id: partial(articles.__getitem__, place)
            for place, entry in enumerate(articles.entries)
        }

    def read(entry: ArticleEntry) -> GoldArticle:
        gold = None
        if entry.path.endswith(".gold") and Path(entry.path).is_file():
            gold = load_file(entry.path)
        elif entry.id in by_name():
            gold = by_name()[entry.id]()
        with suppress(Emptied):
            gold = vary(gold, variant) if gold and variant else gold
        if gold is None or digest([gold]) != entry.digest:
            what = "is not there" if gold is None else "was changed since the run"
            raise Incomparable(
                f"the gold of {stored.name}/{entry.id} {what}",
                file=entry.path,
                remedy="score with the gold of that run, or run again",
            )
        return gold

    entries = [
        ArticleEntry(
            *(one.id, place_of(one.path, one.id), one.lang, one.meta, one.prelabel, one.withheld),
            *(one.phenomena, one.unconfirmed, one.characters, one.digest),
        )
        for one in stored.articles
    ]
    articles = GoldArticles(entries, read)
    return GoldSet(stored.name, stored.version, stored.labels, stored.digest, articles)


def _ensembles(
    extracted: Sequence[Extracted], goldsets: Sequence[GoldSet], spill: Spill
) -> list[Extracted]:
    """The back ends that are not made of others, combined in every way, and the oracle."""
    parts = [one for one in extracted if not (one.backend.unavailable or one.backend.composed)]
    if len(parts) < 2:
        raise HarnessError("an ensemble needs two back ends", remedy="run more of them")
    names = tuple(one.backend.name for one in parts)
    articles = {one.name: ([gold.article for gold in one.articles], one.scheme) for one in goldsets}
    made = []
    rows: dict[str, How] = {**{how: how for how in HOWS}, ORACLE: "all"}
    for name, how in rows.items():
        record = BackendRecord(name, how, of=names)
        taken = {one.backend.name: one for one in parts}
        made.append(combine(Composition(how, names), record, taken, articles, spill))
    return made


def _matched(on_set: BackendOnSet) -> BackendOnSet:
    """The summary of the oracle without the predictions that have no partner; any other unchanged."""
    if on_set.backend != ORACLE:
        return on_set
    left = {
        kind: {gold: row for gold, row in rows.items() if gold != NONE}
        for kind, rows in on_set.confusion.items()
    }
    return structs.replace(on_set, confusion=left)


def _bounded(scored: ScoredArticles) -> list[CountColumns]:
    """The counts of the oracle without wrong predictions: an upper bound."""
    return columns_of(oracle(row for result in scored.results for row in result.counts))
