"""Scores a run, or takes the scores of an earlier run in which the same back end gave the same answers.

What is kept of a back end is its file in the run directory, with the summary beside it; of all of them together
the tables. How things are kept is in :mod:`factharness.kept`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from factharness.facts import GoldArticle
from factharness.files import write_bytes, writing
from factharness.gold.sets import GoldSet
from factharness.kept import Kept
from factharness.runs import directory, parts
from factharness.runs.extracted import Extracted
from factharness.runs.folder import REMEDY
from factharness.runs.record import BackendOnSet, Manifest, Run, RunScores
from factharness.runs.score import gold_facts, score
from factharness.runs.tabulate import tabulate


class _Results(Struct):
    """What one back end did: its file, and its summary on each gold set."""

    file: bytes
    on_sets: tuple[BackendOnSet, ...]


def write(
    folder: Path,
    place: Path | None,
    goldsets: Sequence[GoldSet],
    digests: Mapping[str, str],
    extracted: Sequence[Extracted],
    regimes: Sequence[str],
    kept: Kept,
) -> list[BackendOnSet]:
    """Write the large files of a run of few articles, and return the summaries; for the arguments see
    :func:`factharness.runs.score.score`."""
    with directory.writing_parts(folder, place, ()) as files:
        for goldset in goldsets:
            for gold in goldset.articles:
                files.gold(gold_facts(goldset.name, gold))
    golds = [
        (one.name, one.version, one.scheme, [_given(gold) for gold in one.articles])
        for one in goldsets
    ]
    on_sets: list[BackendOnSet] = []
    for one in extracted:
        if not one.backend.unavailable:
            on_sets += _written(folder, place, goldsets, digests, golds, one, regimes, kept)
    return on_sets


def _written(
    folder: Path,
    place: Path | None,
    goldsets: Sequence[GoldSet],
    digests: Mapping[str, str],
    golds: object,
    one: Extracted,
    regimes: Sequence[str],
    kept: Kept,
) -> tuple[BackendOnSet, ...]:
    """Write the file of one back end, and return its summaries.

    ``golds`` is all of the gold that results depend on.
    """
    name = one.backend.name
    file = parts.backend_file(folder, name)

    def work() -> _Results:
        scored = score(goldsets, digests, [one], regimes)
        results = (
            result for block in scored.blocks for its in block.backends for result in its.results
        )
        directory.write_results(folder, place, name, results)
        return _Results(file.read_bytes(), tuple(scored.on_sets))

    def given() -> object:
        timeless = replace(one.backend, load_seconds=0.0, memory=None)
        answers = [list(one.predictions[goldset.name]) for goldset in goldsets]
        return regimes, digests, golds, timeless, answers, one.seen

    results = kept.of("results", given, _Results, work)
    if not file.exists():  # no work was done
        with writing(place or folder, REMEDY):
            file.parent.mkdir(exist_ok=True)
            write_bytes(file, results.file)
    return results.on_sets


def _given(gold: GoldArticle) -> tuple[Any, ...]:
    """All of an article that its results depend on."""
    return gold.article, gold.facts, sorted(gold.skip)


def tabulated(
    folder: Path, manifest: Manifest, on_sets: Sequence[BackendOnSet], kept: Kept
) -> RunScores:
    """The tables of a run whose large files are written in ``folder``; ``on_sets`` are its summaries."""
    run = Run(manifest, RunScores(tuple(on_sets), ()), folder)

    def work() -> RunScores:
        return tabulate(manifest, run.counts(), on_sets)

    return kept.of("tables", lambda: (run.timeless(), on_sets, run.hashes()), RunScores, work)
