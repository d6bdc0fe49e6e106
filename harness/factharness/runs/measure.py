"""Carries out a plan and makes a run: predicts, scores, and writes the run directory."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from factharness import __version__
from factharness.backends.environment import hardware
from factharness.gold.articles import digest as gold_digest
from factharness.gold.checks.files import unconfirmed
from factharness.gold.sets import GoldSet
from factharness.kept import NOTHING, Kept
from factharness.runs import directory, kept_results, record
from factharness.runs.folder import new_folder
from factharness.runs.plan import Plan
from factharness.runs.predict import Listener, Means, extract
from factharness.runs.record import of_variant
from factharness.runs.score import Scored, gold_lines, score
from factharness.runs.texts import Texts
from factharness.scheme import FR_NEWS
from factharness.signature import digest

LIBRARIES = ("babel", "holidays", "numpy", "spacy", "stanza", "torch")


def measure(
    plan: Plan,
    means: Means,
    place: Path | None,
    listener: Listener,
    render: directory.Renderer,
    *,
    force: bool = False,
) -> record.Run:
    """Run a plan and write its directory: ``place``, or a new one under ``reports/``.

    ``render`` makes further files of the finished run; ``force`` allows ``place`` to be an
    earlier run, which is replaced. When the run is interrupted, only the cache was written. Raises
    ``OutputError`` when the directory cannot be written.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    identity = f"{started:%Y%m%dT%H%M%SZ}-{plan.suite.name}-{_unique(plan, started)}"
    place = place or Path("reports") / identity
    with new_folder(place, force=force) as folder:
        extracted = extract(plan, means, listener)
        scored = score(plan.goldsets, plan.digests, extracted, plan.suite.suite.regimes)
        kept = means.kept.of_few(sum(len(goldset.articles) for goldset in plan.goldsets))
        kept_results.write(folder, place, plan, extracted, scored, kept)
        manifest = record.Manifest(
            format=directory.FORMAT,
            id=identity,
            suite=plan.suite.name,
            suite_path=plan.suite.path,
            regimes=plan.suite.suite.regimes,
            slices=plan.suite.suite.slices,
            gate=plan.suite.gate,
            started=started.isoformat(timespec="seconds"),
            seconds=round(time.perf_counter() - clock, 3),
            version=__version__,
            python=platform.python_version(),
            platform=platform.platform(),
            commit=_commit(),
            libraries=dict(_versions()),
            hardware=hardware(),
            goldsets=tuple(_goldset(goldset, plan.digests) for goldset in plan.goldsets),
            backends=tuple(one.backend for one in extracted),
            shard=plan.shard,
            narrowed=plan.narrowed,
            variants=tuple(plan.variants),
        )
        run = _tabulated(folder, place, manifest, scored, kept)
        for name, goldsets in plan.variants.items():
            its = [one.of_variant(name, goldsets) for one in extracted]
            scored = score(goldsets, plan.digests, its, plan.suite.suite.regimes, name)
            varied = of_variant(
                manifest, name, tuple(_goldset(goldset, plan.digests) for goldset in goldsets)
            )
            inside = directory.of_variant(folder, name)
            directory.write_parts(inside, None, gold_lines(goldsets), scored.results)
            _tabulated(inside, None, varied, scored, NOTHING)
        run = directory.with_costs(folder, run)
        known = {
            (goldset.name, gold.article.id): gold.article.text
            for goldset in plan.goldsets
            for gold in goldset.articles
        }
        directory.write_renderings(folder, run, Texts(run, known), render)
    return run


def _tabulated(
    folder: Path, place: Path | None, manifest: record.Manifest, scored: Scored, kept: Kept
) -> record.Run:
    """Add the manifest and the tables to ``folder``, which has the large files of the run for ``place``."""
    scoreless = record.Run(manifest, record.RunScores(tuple(scored.on_sets), ()), folder)
    run = record.Run(manifest, kept_results.tabulated(scoreless, kept), place)
    directory.write_head(folder, run)
    return run


def _goldset(goldset: GoldSet, digests: Mapping[str, str]) -> record.GoldSetRecord:
    return record.GoldSetRecord(
        name=goldset.name,
        version=goldset.version,
        scheme=goldset.scheme.signature,
        own=None if goldset.scheme == FR_NEWS else goldset.scheme,
        digest=digests[goldset.name],
        articles=tuple(
            record.ArticleRecord(
                id=gold.article.id,
                path=gold.path,
                digest=gold_digest([gold]),
                text=record.text_digest(gold.article),
                meta=gold.article.meta,
                characters=len(gold.article.text),
                prelabel=gold.prelabel,
                lang=gold.article.lang,
                unconfirmed=unconfirmed(gold.facts),
                withheld=gold.withheld,
                phenomena=gold.phenomena,
            )
            for gold in goldset.articles
        ),
        skipped=tuple(
            record.SkippedArticle(skipped.id, skipped.reason, skipped.remedy)
            for skipped in goldset.skipped
        ),
    )


def _unique(plan: Plan, started: datetime) -> str:
    """Eight hex digits that no other run has, also when two start in the same second."""
    return digest([plan.suite, plan.digests, started.isoformat(), os.getpid()], 8)


def _versions() -> Iterator[tuple[str, str]]:
    for library in LIBRARIES:
        try:
            yield library, metadata.version(library)
        except metadata.PackageNotFoundError:
            continue


def _commit() -> str | None:
    """The git commit of the working directory; None when there is none."""
    try:
        said = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip() if said.returncode == 0 else None
