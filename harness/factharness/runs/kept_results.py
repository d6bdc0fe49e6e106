"""Scores a run, or takes the scores of an earlier run in which the same back end gave the same answers.

What is kept of a back end is its file in the run directory, with the summary beside it; of all of them together
the tables. How things are kept is in :mod:`factharness.kept`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from factharness.facts import GoldArticle
from factharness.files import write_bytes, writing
from factharness.kept import NOTHING, Kept
from factharness.runs import directory, parts
from factharness.runs.extracted import Extracted
from factharness.runs.folder import REMEDY
from factharness.runs.plan import Plan
from factharness.runs.record import BackendOnSet, Run, RunScores
from factharness.runs.score import Scored, gold_lines, tabulate


class _Results(Struct):
    """What one back end did: its file, and its summary on each gold set."""

    file: bytes
    on_sets: tuple[BackendOnSet, ...]


def write(
    folder: Path,
    place: Path | None,
    plan: Plan,
    extracted: Sequence[Extracted],
    scored: Scored,
    kept: Kept,
) -> None:
    """Write the large files of a run as :func:`factharness.runs.directory.write_parts` does.

    ``scored`` is made of the plan and the predictions in ``extracted``; it has all summaries afterwards.
    """
    directory.write_parts(folder, place, gold_lines(plan.goldsets), {})
    if kept is NOTHING:
        for name, results in scored.results.items():
            directory.write_results(folder, place, name, results)
        return
    golds = [
        (one.name, one.version, one.scheme, [_given(gold) for gold in one.articles])
        for one in plan.goldsets
    ]
    for one in extracted:
        if one.backend.name in scored.results:
            _write(folder, place, plan, golds, one, scored, kept)


def _write(
    folder: Path,
    place: Path | None,
    plan: Plan,
    golds: object,
    one: Extracted,
    scored: Scored,
    kept: Kept,
) -> None:
    """Write the file of one back end. ``golds`` is all of the gold that results depend on."""
    name, before = one.backend.name, len(scored.on_sets)
    file = parts.backend_file(folder, name)

    def work() -> _Results:
        directory.write_results(folder, place, name, scored.results[name])
        return _Results(file.read_bytes(), tuple(scored.on_sets[before:]))

    def given() -> object:
        timeless = replace(one.backend, load_seconds=0.0, memory=None)
        answers = [one.predictions[goldset.name] for goldset in plan.goldsets]
        return plan.suite.suite.regimes, plan.digests, golds, timeless, answers, one.seen

    results = kept.of("results", given, _Results, work)
    if len(scored.on_sets) == before:  # no work was done
        with writing(place or folder, REMEDY):
            file.parent.mkdir(exist_ok=True)
            write_bytes(file, results.file)
        scored.on_sets += results.on_sets


def _given(gold: GoldArticle) -> tuple[Any, ...]:
    """All of an article that its results depend on."""
    return gold.article, gold.facts, sorted(gold.skip)


def tabulated(run: Run, kept: Kept) -> RunScores:
    """The tables of a run whose large files are written, and whose scores have only the summaries."""
    manifest, on_sets = run.manifest, run.scores.backends

    def work() -> RunScores:
        return tabulate(manifest, run.counts(), on_sets)

    return kept.of("tables", lambda: (run.timeless(), on_sets, run.hashes()), RunScores, work)
