"""Combines the shards of a run; the counts are byte for byte those of a run without shards."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from factharness.errors import HarnessError, Incomparable
from factharness.facts import KINDS
from factharness.runs import directory, record
from factharness.runs.folder import new_folder
from factharness.runs.score import added, confusion
from factharness.runs.tabulate import tabulate
from factharness.runs.texts import Texts


def combine(
    runs: Sequence[record.Run], place: Path, render: directory.Renderer, *, force: bool = False
) -> record.Run:
    """Write one run directory from ``runs``, which must be all N shards of one run.

    ``force`` allows ``place`` to be an earlier run.

    Raises ``HarnessError`` when a shard is missing or named twice, ``Incomparable`` when they are not of one
    run, ``OutputError`` when ``place`` cannot be written.
    """
    shards = _all_of_one(runs)
    with new_folder(place, force=force) as folder:
        run = _written(folder, shards, place.name, place)
        for name in run.manifest.variants:
            its = [shard.variant(name) for shard in shards]
            _written(directory.of_variant(folder, name), its, f"{place.name}~{name}", None)
        run = directory.with_costs(folder, run)
        directory.write_renderings(folder, run, Texts(run), render)
    return run


def _written(
    folder: Path, shards: Sequence[record.Run], identity: str, place: Path | None
) -> record.Run:
    """Write the whole of ``shards`` into ``folder``, as the run that will be at ``place``."""
    first = shards[0].manifest
    manifest = replace(
        first,
        id=identity,
        seconds=round(sum(shard.manifest.seconds for shard in shards), 3),
        goldsets=tuple(map(_joined, zip(*(s.manifest.goldsets for s in shards), strict=True))),
        backends=tuple(map(_available, zip(*(s.manifest.backends for s in shards), strict=True))),
        shard=None,
    )
    on_sets = [_summed(same) for same in zip(*(s.scores.backends for s in shards), strict=True)]
    results = _results(manifest, shards)
    with directory.writing_parts(folder, place, results) as files:
        for gold in _gold(manifest, shards):
            files.gold(gold)
        for backend, its in results.items():
            for result in its:
                files.result(backend, result)
    counts = record.Run(manifest, record.RunScores(tuple(on_sets), ()), folder).counts()
    run = record.Run(manifest, tabulate(manifest, counts, on_sets), place)
    directory.write_head(folder, run)
    return run


def _all_of_one(runs: Sequence[record.Run]) -> list[record.Run]:
    """The shards, sorted by number. Shards of one run differ only in their articles and times."""
    numbered: dict[int, record.Run] = {}
    of: int | None = None
    for run in runs:
        if run.manifest.shard is None:
            raise HarnessError(
                "is not a shard", file=run.path, remedy="make shards with --shard K/N"
            )
        number, parts = run.manifest.shard
        of = of or parts
        if parts != of or _identity(run) != _identity(runs[0]):
            raise Incomparable(
                f"is not a shard of the same run as {runs[0].path}",
                file=run.path,
                remedy="shards need the same suite, gold, back ends and N",
            )
        if number in numbered:
            raise HarnessError(
                f"shard {number}/{of} is there twice", file=run.path, remedy="name each one once"
            )
        numbered[number] = run
    missing = sorted(set(range(1, (of or 0) + 1)) - numbered.keys())
    if missing:
        raise HarnessError(
            f"shards are missing: {', '.join(f'{number}/{of}' for number in missing)}",
            remedy="name all of them",
        )
    return [numbered[number] for number in sorted(numbered)]


def _identity(run: record.Run) -> object:
    manifest = run.manifest
    return (
        manifest.suite,
        manifest.regimes,
        manifest.slices,
        manifest.narrowed,
        manifest.variants,
        [(goldset.name, goldset.version, goldset.digest) for goldset in manifest.goldsets],
        [
            (one.name, one.use, one.map, one.parts, one.of, one.fingerprint)
            for one in manifest.backends
        ],
        [(one.goldset, one.backend) for one in run.scores.backends],
    )


def _joined(parts: Sequence[record.GoldSetRecord]) -> record.GoldSetRecord:
    articles = sorted((article for part in parts for article in part.articles), key=lambda a: a.id)
    # What a variant leaves out is another thing in each shard; what a set leaves out, the same.
    skipped = dict.fromkeys(one for part in parts for one in part.skipped)
    return replace(parts[0], articles=tuple(articles), skipped=tuple(skipped))


def _available(parts: Sequence[record.BackendRecord]) -> record.BackendRecord:
    return replace(parts[0], load_seconds=round(sum(part.load_seconds for part in parts), 3))


def _summed(parts: Sequence[record.BackendOnSet]) -> record.BackendOnSet:
    unmapped: Counter[str] = Counter()
    for part in parts:
        unmapped.update(part.unmapped)
    return replace(
        parts[0],
        articles=sum(part.articles for part in parts),
        seconds=round(sum(part.seconds for part in parts), 6),
        used=added(part.used for part in parts),
        unread=tuple(sorted(name for part in parts for name in part.unread)),
        errors=dict(sorted(item for part in parts for item in part.errors.items())),
        without={
            name: dict(sorted(one for part in parts for one in part.without.get(name, {}).items()))
            for name in sorted({name for part in parts for name in part.without})
        },
        unmapped=dict(sorted(unmapped.items())),
        duplicates=sum(part.duplicates for part in parts),
        ignored=sum(part.ignored for part in parts),
        cached=sum(part.cached for part in parts),
        unresolved=sum(part.unresolved for part in parts),
        seen={
            kind: tuple(sorted(article for part in parts for article in part.seen.get(kind, ())))
            for kind in KINDS
            if any(kind in part.seen for part in parts)
        },
        confusion=confusion(
            (kind, gold, predicted, times)
            for part in parts
            for kind, rows in part.confusion.items()
            for gold, row in rows.items()
            for predicted, times in row.items()
        ),
    )


def _gold(manifest: record.Manifest, shards: Sequence[record.Run]) -> Iterator[record.GoldFacts]:
    """The gold of all shards in the order of the whole, read side by side."""
    order = _order(manifest)
    return heapq.merge(
        *(shard.gold() for shard in shards), key=lambda gold: order[gold.goldset, gold.id]
    )


def _results(
    manifest: record.Manifest, shards: Sequence[record.Run]
) -> dict[str, Iterator[record.ArticleResult]]:
    """What each back end did in all shards, in the order of the whole, read side by side."""
    order = _order(manifest)
    return {
        backend.name: heapq.merge(
            *(shard.results(backend.name) for shard in shards),
            key=lambda result: order[result.goldset, result.prediction.article_id],
        )
        for backend in manifest.backends
        if backend.unavailable is None
    }


def _order(manifest: record.Manifest) -> dict[tuple[str, str], int]:
    """The number of each article in the order of the run, by gold set and id."""
    articles = ((one.name, article.id) for one in manifest.goldsets for article in one.articles)
    return {name: place for place, name in enumerate(articles)}
