"""From a plan to a run directory: build each back end, extract, score, write."""

from __future__ import annotations

import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from factharness import __version__
from factharness.errors import BackendError
from factharness.extractor import label_scheme, load
from factharness.facts import KINDS, GoldArticle, Kind, Prediction
from factharness.gold import GoldSet
from factharness.labels import MAPS, SCHEME
from factharness.run import record
from factharness.run.backends import build
from factharness.run.compose import compose
from factharness.run.execute import predict, timed
from factharness.run.plan import Plan
from factharness.run.suite import BackendSpec
from factharness.score import Evaluation, aggregate, evaluate
from factharness.signature import Signature, backend_part, digest, gold_part, map_part

LIBRARIES = ("babel", "numpy", "regex", "spacy", "stanza", "torch")


class Listener(Protocol):
    """Who wants to hear how a run goes."""

    def started(self, backend: str, articles: int) -> None:
        """A back end is built and about to extract from that many articles."""

    def predicted(self, prediction: Prediction) -> None:
        """One more article is done."""

    def finished(self) -> None:
        """The back end is through."""

    def unavailable(self, backend: str, error: BackendError) -> None:
        """The back end could not be built; the others go on."""


Renderer = Callable[[record.Run], Mapping[str, str]]


class Extracted(Struct):
    """A back end and what it said, gold set by gold set, in the order of the articles."""

    backend: record.BackendRecord
    predictions: dict[str, list[record.PredictionRecord]]


def measure(
    plan: Plan, place: Path | None, listener: Listener, render: Renderer = lambda _run: {}
) -> record.Run:
    """Run a plan and write its directory: ``place``, or a new one under ``reports/``.

    ``render`` makes further files from the finished run, name to content. Nothing is written when it is
    interrupted. Raises ``OutputError`` when the directory cannot be written.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    identity = f"{started:%Y%m%dT%H%M%SZ}-{plan.suite.name}-{_fingerprint(plan)}"
    with record.directory(place or Path("reports") / identity) as folder:
        extracted = _extract(plan, listener)
        manifest = record.Manifest(
            format=record.FORMAT,
            id=identity,
            suite=plan.suite.name,
            suite_path=plan.suite.path,
            regimes=plan.suite.suite.regimes,
            slices=plan.suite.suite.slices,
            started=started.isoformat(timespec="seconds"),
            seconds=round(time.perf_counter() - clock, 3),
            version=__version__,
            python=platform.python_version(),
            platform=platform.platform(),
            commit=_commit(),
            libraries=dict(_versions()),
            goldsets=tuple(_goldset(goldset) for goldset in plan.goldsets),
            backends=tuple(one.backend for one in extracted),
        )
        scores = _write_scores(plan, extracted, folder)
        record.write_json(folder / "run.json", manifest)
        run = record.Run(manifest, scores, place or Path("reports") / identity)
        for name, content in render(run).items():
            record.write_bytes(folder / name, content.encode("utf-8"))
    return run


def _extract(plan: Plan, listener: Listener) -> list[Extracted]:
    """Every back end that is needed, each run once; those made of parts from the stored predictions."""
    plugins = {spec.name: _run_plugin(plan, spec, listener) for spec in plan.needed}
    return [
        _compose(plan.goldsets, spec, plugins) if spec.parts else plugins[spec.name]
        for spec in plan.shown
    ]


def _run_plugin(plan: Plan, spec: BackendSpec, listener: Listener) -> Extracted:
    use = spec.use or ""
    start = time.perf_counter()
    try:
        extractor = build(use, spec.options, folder=plan.suite.folder)
        load(extractor)
    except BackendError as error:
        listener.unavailable(spec.name, error)
        return Extracted(
            record.BackendRecord(spec.name, use, spec.options, unavailable=str(error)), {}
        )
    made = Extracted(
        record.BackendRecord(
            name=spec.name,
            use=use,
            options=spec.options,
            kinds=_ordered(extractor.kinds),
            map=spec.map or label_scheme(extractor),
            fingerprint=dict(extractor.fingerprint()),
            load_seconds=round(time.perf_counter() - start, 3),
        ),
        {},
    )
    listener.started(spec.name, sum(len(goldset.articles) for goldset in plan.goldsets))
    for goldset in plan.goldsets:
        lines = made.predictions[goldset.name] = []
        articles = [gold.article for gold in goldset.articles]
        for prediction, seconds in timed(predict(extractor, articles)):
            lines.append(record.PredictionRecord(goldset.name, prediction, round(seconds, 6)))
            listener.predicted(prediction)
    listener.finished()
    return made


def _compose(
    goldsets: Sequence[GoldSet], spec: BackendSpec, plugins: Mapping[str, Extracted]
) -> Extracted:
    parts = {kind: plugins[name] for kind, name in spec.parts.items()}
    missing = [one.backend.unavailable for one in parts.values() if one.backend.unavailable]
    if missing:
        return Extracted(
            record.BackendRecord(spec.name, "", parts=spec.parts, unavailable="; ".join(missing)),
            {},
        )
    backend = record.BackendRecord(
        name=spec.name,
        use="",
        parts=spec.parts,
        kinds=_ordered(spec.parts),
        map=spec.map or (parts["entity"].backend.map if "entity" in parts else SCHEME),
        fingerprint={
            f"{kind}.{key}": value
            for kind, part in parts.items()
            for key, value in part.backend.fingerprint.items()
        },
        load_seconds=round(sum(part.backend.load_seconds for part in parts.values()), 3),
    )
    predictions = {
        goldset.name: [
            # What the parts took together is what the whole would take.
            record.PredictionRecord(goldset.name, whole, round(sum(seconds), 6))
            for whole, *seconds in zip(
                compose(
                    {
                        kind: [line.prediction for line in part.predictions[goldset.name]]
                        for kind, part in parts.items()
                    }
                ),
                *(
                    [line.seconds for line in plugins[name].predictions[goldset.name]]
                    for name in dict.fromkeys(spec.parts.values())
                ),
                strict=True,
            )
        ]
        for goldset in goldsets
    }
    return Extracted(backend, predictions)


def _write_scores(plan: Plan, extracted: Sequence[Extracted], folder: Path) -> record.Scores:
    on_sets: list[record.BackendOnSet] = []
    rows: list[record.ScoreRecord] = []
    counts: list[record.CountRecord] = []
    matches: list[record.MatchRecord] = []
    for one in extracted:
        if one.backend.unavailable:
            continue
        name = one.backend.name
        lines = [line for goldset in plan.goldsets for line in one.predictions[goldset.name]]
        record.write_lines(folder / "predictions" / f"{name}.jsonl", lines)
        for goldset in plan.goldsets:
            evaluation = _evaluate(plan, goldset, one)
            on_set = _on_set(goldset, one, evaluation)
            on_sets.append(on_set)
            rows += _score_rows(plan, goldset, on_set, evaluation)
            counts += [record.CountRecord(goldset.name, name, row) for row in evaluation.counts]
            matches += [record.MatchRecord(goldset.name, name, m) for m in evaluation.matches]
    record.write_lines(folder / "counts.jsonl", counts)
    record.write_lines(folder / "matches.jsonl", matches)
    scores = record.Scores(tuple(on_sets), tuple(rows))
    record.write_json(folder / "scores.json", scores)
    return scores


def _evaluate(plan: Plan, goldset: GoldSet, one: Extracted) -> Evaluation:
    label_map = one.backend.map if isinstance(one.backend.map, dict) else MAPS[one.backend.map]
    return evaluate(
        goldset.articles,
        [line.prediction for line in one.predictions[goldset.name]],
        kinds=one.backend.kinds,
        regimes=plan.suite.suite.regimes,
        label_map=label_map,
    )


def _on_set(goldset: GoldSet, one: Extracted, evaluation: Evaluation) -> record.BackendOnSet:
    backend, lines = one.backend, one.predictions[goldset.name]
    return record.BackendOnSet(
        goldset=goldset.name,
        backend=backend.name,
        signature=Signature(
            gold=gold_part(goldset.name, goldset.version, goldset.digest),
            map=map_part(backend.map),
            backend=backend_part(backend.name, backend.fingerprint),
            scheme=goldset.scheme,
        ),
        articles=len(evaluation.articles),
        characters=sum(len(gold.article.text) for gold in goldset.articles),
        seconds=round(sum(line.seconds for line in lines), 6),
        errors=evaluation.errors,
        unmapped=evaluation.unmapped,
        duplicates=evaluation.duplicates,
        ignored=evaluation.ignored,
        prelabelled=sum(_prelabelled(gold, backend) for gold in goldset.articles),
    )


def _score_rows(
    plan: Plan, goldset: GoldSet, on_set: record.BackendOnSet, evaluation: Evaluation
) -> Iterator[record.ScoreRecord]:
    scored = set(evaluation.articles)
    meta = {
        gold.article.id: gold.article.meta for gold in goldset.articles if gold.article.id in scored
    }
    for row in aggregate(evaluation.counts, articles=meta, slices=plan.suite.suite.slices):
        label = "" if row.label == "*" else f".{row.label}"
        signature = on_set.signature.of(f"{row.kind}{label}.f1", row.regime)
        yield record.ScoreRecord(goldset.name, on_set.backend, row, signature)


def _prelabelled(gold: GoldArticle, backend: record.BackendRecord) -> bool:
    return gold.prelabel in {backend.name, backend.use} - {"", "none"}


def _ordered(kinds: object) -> tuple[Kind, ...]:
    return tuple(kind for kind in KINDS if kind in kinds)  # type: ignore[operator]


def _goldset(goldset: GoldSet) -> record.GoldSetRecord:
    return record.GoldSetRecord(
        name=goldset.name,
        version=goldset.version,
        scheme=goldset.scheme,
        digest=goldset.digest,
        articles=len(goldset.articles),
        skipped=tuple(
            record.SkippedArticle(skipped.id, skipped.reason, skipped.remedy)
            for skipped in goldset.skipped
        ),
    )


def _fingerprint(plan: Plan) -> str:
    return digest(
        [plan.suite, [(goldset.name, goldset.digest) for goldset in plan.goldsets], plan.shown], 8
    )


def _versions() -> Iterator[tuple[str, str]]:
    for library in LIBRARIES:
        try:
            yield library, metadata.version(library)
        except metadata.PackageNotFoundError:
            continue


def _commit() -> str | None:
    """The commit of the working directory, where there is one."""
    try:
        said = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip() or None
