"""Scores a stored run again, under other regimes or with ensembles of its back ends; no back end runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import structs

from factharness.errors import HarnessError, Incomparable
from factharness.facts import KINDS
from factharness.gold.sets import GoldSet, digest, load_file, load_set
from factharness.labels import SCHEME
from factharness.resources import find
from factharness.runs.directory import load
from factharness.runs.predict import Extracted
from factharness.runs.record import (
    BackendOnSet,
    BackendRecord,
    CountRecord,
    GoldSetRecord,
    PredictionRecord,
    Run,
)
from factharness.runs.score import label_map, score, tabulate
from factharness.scheme import Scheme
from factharness.score.ensemble import ENSEMBLES, How, in_scheme, oracle, vote
from factharness.score.tally import NONE
from factharness.variants import Emptied, vary

ORACLE = "oracle"


def rescored(path: Path, regimes: Sequence[str], *, ensembles: bool = False) -> Run:
    """The run in ``path``, scored under ``regimes`` (empty: its own) on the same gold.

    ``ensembles`` adds rows for the union, intersection and majority of its back ends, and the oracle. Its
    variants are left out; each is a run that can be scored again itself. Raises :class:`Incomparable` when the
    gold has changed.
    """
    run = load(path)
    variant = run.manifest.variant
    goldsets = [_gold(goldset, variant) for goldset in run.manifest.goldsets]
    extracted = []
    for backend in run.manifest.backends:
        lines = [] if backend.unavailable else list(run.predictions(backend.name))
        by_set = {g.name: [line for line in lines if line.goldset == g.name] for g in goldsets}
        seen = {one.goldset: one.seen for one in run.scores.backends if one.backend == backend.name}
        extracted.append(Extracted(backend, by_set, seen=seen))
    if ensembles:
        extracted += _ensembles(extracted, {one.name: one.scheme for one in goldsets})
    manifest = structs.replace(
        run.manifest,
        regimes=tuple(regimes) or run.manifest.regimes,
        backends=tuple(one.backend for one in extracted),
        variants=(),
    )
    digests = {goldset.name: goldset.digest for goldset in goldsets}
    scored = score(goldsets, digests, extracted, manifest.regimes, variant)
    counts = scored.counts()
    if ensembles:
        counts = map(_bounded, counts)
        scored.on_sets = [_matched(on_set) for on_set in scored.on_sets]
    return structs.replace(
        run, manifest=manifest, scores=tabulate(manifest, counts, scored.on_sets)
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


def _ensembles(extracted: Sequence[Extracted], schemes: Mapping[str, Scheme]) -> list[Extracted]:
    """Union, intersection, majority and oracle of the back ends that are not hybrids."""
    parts = [one for one in extracted if not (one.backend.unavailable or one.backend.parts)]
    if len(parts) < 2:
        raise HarnessError("an ensemble needs two back ends", remedy="run more of them")
    claims = [one.backend.kinds for one in parts]
    made = []
    rows: dict[str, How] = {**{how: how for how in ENSEMBLES}, ORACLE: "union"}
    for name, how in rows.items():
        said = {}
        for goldset in parts[0].predictions:
            lines = zip(*(one.predictions[goldset] for one in parts), strict=True)
            said[goldset] = [
                PredictionRecord(
                    goldset,
                    vote(
                        [
                            in_scheme(line.prediction, label_map(one.backend.map, schemes[goldset]))
                            for line, one in zip(same, parts, strict=True)
                        ],
                        how,
                        claims,
                    ),
                    sum(line.seconds for line in same),
                )
                for same in lines
            ]
        kinds = tuple(kind for kind in KINDS if any(kind in claim for claim in claims))
        fingerprint = {
            one.backend.name: str(sorted(one.backend.fingerprint.items())) for one in parts
        }
        made.append(
            Extracted(
                BackendRecord(name, "ensemble", kinds=kinds, map=SCHEME, fingerprint=fingerprint),
                said,
            )
        )
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
