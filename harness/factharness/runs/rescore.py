"""Scores a stored run again, under other regimes or with ensembles of its back ends; no back end runs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import structs

from factharness.backends.combination import Composition
from factharness.errors import HarnessError, Incomparable
from factharness.gold.articles import digest
from factharness.gold.sets import GoldSet, load_file, load_set
from factharness.resources import find
from factharness.runs.composed import combine
from factharness.runs.directory import load
from factharness.runs.extracted import Extracted
from factharness.runs.predictions import Spill
from factharness.runs.record import (
    BackendOnSet,
    BackendRecord,
    CountRecord,
    GoldSetRecord,
    Run,
)
from factharness.runs.score import score
from factharness.runs.tabulate import tabulate
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
        counts = [
            CountRecord(block.goldset, its.backend, row)
            for block in scored.blocks
            for its in block.backends
            for result in its.results
            for row in result.counts
        ]
    if ensembles:
        counts = list(map(_bounded, counts))
        scored.on_sets = [_matched(on_set) for on_set in scored.on_sets]
    on_sets = [
        structs.replace(on_set, signature=structs.replace(on_set.signature, seed=seed))
        for on_set in scored.on_sets
    ]
    scores = tabulate(manifest, counts, on_sets, draws=draws)
    return structs.replace(run, manifest=manifest, scores=scores)


def _stored(run: Run, backend: BackendRecord) -> Extracted:
    """A back end with the predictions of a run."""
    seen = {one.goldset: one.seen for one in run.scores.backends if one.backend == backend.name}
    lines = [] if backend.unavailable else list(run.predictions(backend.name))
    return Extracted(
        backend,
        {
            goldset.name: [line for line in lines if line.goldset == goldset.name]
            for goldset in run.manifest.goldsets
        },
        seen=seen,
    )


def _gold(stored: GoldSetRecord, variant: str) -> GoldSet:
    """Load the gold of a run again, from its old path or by the set's name, and make its variant.

    It must not have changed.
    """
    articles, by_name = [], None
    for record in stored.articles:
        gold = None
        if record.path.endswith(".gold") and Path(record.path).is_file():
            gold = load_file(record.path)
        elif by_name is None:
            by_name = {g.article.id: g for g in load_set(find("goldsets", stored.name)).articles}
        if gold is None:
            gold = (by_name or {}).get(record.id)
        with suppress(Emptied):
            gold = vary(gold, variant) if gold and variant else gold
        if gold is None or digest([gold]) != record.digest:
            what = "is not there" if gold is None else "was changed since the run"
            raise Incomparable(
                f"the gold of {stored.name}/{record.id} {what}",
                file=record.path,
                remedy="score with the gold of that run, or run again",
            )
        articles.append(gold)
    return GoldSet(stored.name, stored.version, stored.labels, stored.digest, tuple(articles))


def _ensembles(
    extracted: Sequence[Extracted], goldsets: Sequence[GoldSet], spill: Spill
) -> list[Extracted]:
    """The back ends that are not made of others, combined in every way, and the oracle."""
    parts = [one for one in extracted if not (one.backend.unavailable or one.backend.composed)]
    if len(parts) < 2:
        raise HarnessError("an ensemble needs two back ends", remedy="run more of them")
    names = tuple(one.backend.name for one in parts)
    made = []
    rows: dict[str, How] = {**{how: how for how in HOWS}, ORACLE: "all"}
    for name, how in rows.items():
        record = BackendRecord(name, how, of=names)
        taken = {one.backend.name: one for one in parts}
        articles = {
            one.name: ([gold.article for gold in one.articles], one.scheme) for one in goldsets
        }
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


def _bounded(record: CountRecord) -> CountRecord:
    """For the oracle, the counts without wrong predictions (an upper bound); any other counts unchanged."""
    if record.backend != ORACLE:
        return record
    return structs.replace(record, row=oracle([record.row])[0])
