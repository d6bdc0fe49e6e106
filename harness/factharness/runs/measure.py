"""Carries out a plan and makes a run: predicts, scores, and writes the run directory."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache, partial
from importlib import metadata
from pathlib import Path

from msgspec.structs import replace

from factharness import __version__
from factharness.backends.environment import hardware
from factharness.gold.articles import in_memory
from factharness.gold.sets import GoldSet
from factharness.kept import NOTHING, Kept
from factharness.runs import directory, kept_results, record
from factharness.runs.extracted import Extracted
from factharness.runs.folder import new_folder
from factharness.runs.plan import Plan
from factharness.runs.predict import Listener, Means, extract
from factharness.runs.predictions import Spill
from factharness.runs.record import of_variant
from factharness.runs.score import gold_facts, score
from factharness.runs.tabulate import ReadBy, TableBuilder
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
    regimes = plan.suite.suite.regimes
    with new_folder(place, force=force) as folder:
        with Spill(folder) as spill:
            extracted = extract(plan, means, listener, spill)
            manifest = record.Manifest(
                format=directory.FORMAT,
                id=identity,
                suite=plan.suite.name,
                suite_path=plan.suite.path,
                regimes=regimes,
                slices=plan.suite.suite.slices,
                gate=plan.suite.gate,
                started=started.isoformat(timespec="seconds"),
                seconds=0,
                version=__version__,
                python=platform.python_version(),
                platform=platform.platform(),
                commit=_commit(),
                libraries=dict(_versions()),
                hardware=hardware(),
                goldsets=(),
                backends=tuple(one.backend for one in extracted),
                shard=plan.shard,
                narrowed=plan.narrowed,
                variants=tuple(plan.variants),
            )

            kept = means.kept.of_few(sum(len(goldset.articles) for goldset in plan.goldsets))
            run = _written(
                folder, place, plan.goldsets, plan.digests, extracted, manifest, clock, kept
            )
            for name, goldsets in plan.variants.items():
                inside = directory.of_variant(folder, name)
                its = [one.of_variant(name, goldsets) for one in extracted]
                varied = of_variant(run.manifest, name, ())
                _written(inside, None, goldsets, plan.digests, its, varied, clock)
        run = directory.with_costs(folder, run)
        directory.write_renderings(folder, run, Texts(run, _texts(plan.goldsets)), render)
    return run


def _written(
    folder: Path,
    place: Path | None,
    goldsets: Sequence[GoldSet],
    digests: Mapping[str, str],
    extracted: Sequence[Extracted],
    manifest: record.Manifest,
    clock: float,
    kept: Kept = NOTHING,
) -> record.Run:
    """Score, and write the run that will be at ``place`` into ``folder``.

    ``manifest`` lacks the gold sets, and where it has no seconds, those since ``clock``. ``kept`` has the
    results of the same answers, which are then not scored again.
    """
    if kept is NOTHING:
        finished, texts = _streamed(folder, place, goldsets, digests, extracted, manifest)
    else:
        on_sets = kept_results.write(
            folder, place, goldsets, digests, extracted, manifest.regimes, kept
        )
        finished = partial(kept_results.tabulated, folder, on_sets=on_sets, kept=kept)
        texts = {
            goldset.name: [record.text_digest(gold.article) for gold in goldset.articles]
            for goldset in goldsets
        }
    manifest = replace(
        manifest,
        goldsets=tuple(_goldset(one, digests, texts[one.name]) for one in goldsets),
        seconds=manifest.seconds or round(time.perf_counter() - clock, 3),
    )
    run = record.Run(manifest, finished(manifest), place)
    directory.write_head(folder, run)
    return run


def _streamed(
    folder: Path,
    place: Path | None,
    goldsets: Sequence[GoldSet],
    digests: Mapping[str, str],
    extracted: Sequence[Extracted],
    manifest: record.Manifest,
) -> tuple[Callable[[record.Manifest], record.RunScores], dict[str, list[str]]]:
    """Write the large files of a run while its articles are scored, each of which is read once.

    Returns what makes the scores when the manifest is whole, and by gold set the digests of the texts.
    """
    scored = score(goldsets, digests, extracted, manifest.regimes, manifest.variant)
    available = [one for one in extracted if not one.backend.unavailable]
    tables = TableBuilder(
        manifest,
        {
            goldset.name: {one.id: one.meta for one in in_memory(goldset.articles).entries}
            for goldset in goldsets
        },
        [
            ReadBy(name, one.backend.name, len(lines), one.seen.get(name, {}))
            for one in available
            for name, lines in one.predictions.items()
            if name in {goldset.name for goldset in goldsets}
        ],
    )
    texts: dict[str, list[str]] = {goldset.name: [] for goldset in goldsets}
    names = [one.backend.name for one in available]
    with directory.writing_parts(folder, place, names) as files, _uncollected():
        for block in scored.blocks:
            for gold in block.golds:
                texts[block.goldset].append(record.text_digest(gold.article))
                files.gold(gold_facts(block.goldset, gold))
            for its in block.backends:
                for result in its.results:
                    files.result(its.backend, result)
                tables.add(block.goldset, its.backend, its.columns)
    return partial(tables.finish, on_sets=scored.on_sets), texts


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the garbage collector back.

    Scoring makes many objects and no reference cycles; to look for cycles among them would take a quarter of
    its time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _texts(goldsets: Sequence[GoldSet]) -> Callable[[str, str], str | None]:
    """Reads the text of an article by its gold set and id; None for one that is not there."""
    places: dict[str, dict[str, int]] = {}

    def read(goldset: str, article: str) -> str | None:
        for one in goldsets:
            if one.name == goldset:
                articles = in_memory(one.articles)
                if goldset not in places:
                    places[goldset] = {entry.id: n for n, entry in enumerate(articles.entries)}
                place = places[goldset].get(article)
                return None if place is None else articles[place].article.text
        return None

    return read


def _goldset(
    goldset: GoldSet, digests: Mapping[str, str], texts: Sequence[str]
) -> record.GoldSetRecord:
    """The record of a gold set; ``texts`` has the digest of the text of each article."""
    return record.GoldSetRecord(
        name=goldset.name,
        version=goldset.version,
        scheme=goldset.scheme.signature,
        own=None if goldset.scheme == FR_NEWS else goldset.scheme,
        digest=digests[goldset.name],
        articles=tuple(
            record.ArticleRecord(
                id=entry.id,
                path=entry.path,
                digest=entry.digest,
                text=text,
                meta=entry.meta,
                characters=entry.characters,
                prelabel=entry.prelabel,
                lang=entry.lang,
                unconfirmed=entry.unconfirmed,
                withheld=entry.withheld,
                phenomena=entry.phenomena,
            )
            for entry, text in zip(in_memory(goldset.articles).entries, texts, strict=True)
        ),
        skipped=tuple(
            record.SkippedArticle(skipped.id, skipped.reason, skipped.remedy)
            for skipped in goldset.skipped
        ),
    )


def _unique(plan: Plan, started: datetime) -> str:
    """Eight hex digits that no other run has, also when two start in the same second."""
    return digest([plan.suite, plan.digests, started.isoformat(), os.getpid()], 8)


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    """The versions of the ``LIBRARIES`` that are installed; read once, since each takes a millisecond."""
    found = []
    for library in LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            found.append((library, metadata.version(library)))
    return tuple(found)


def _commit() -> str | None:
    """The git commit of the working directory; None when there is none."""
    try:
        said = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip() if said.returncode == 0 else None
