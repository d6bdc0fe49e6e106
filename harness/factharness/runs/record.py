"""The run directory: what a run writes, and how everything later reads it.

::

    run.json                       suite, gold sets, back ends, versions, commit, timings
    predictions/<backend>.jsonl    a line per article: its facts or its error
    matches.jsonl                  a line per matched, missed or spurious fact
    counts.jsonl                   a line per article, kind, label and regime
    scores.json                    the rows of the tables, each with its signature
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import Struct, field

from factharness.backends.environment import Hardware
from factharness.errors import HarnessError, OutputError, unknown
from factharness.facts import Article, Kind, Prediction, Span
from factharness.labels import MAPS
from factharness.names import name_problem
from factharness.runs.directory import writing
from factharness.runs.suite import GateSpec, gate_problem
from factharness.score import CountRow, Match, ScoreRow
from factharness.score.quotes import ALIASES
from factharness.signature import Signature, digest
from factharness.text import BOM, unmarked

FORMAT = 1

T = TypeVar("T")


class SkippedArticle(Struct, frozen=True):
    """A gold article that took no part, and what to do about it."""

    id: str
    reason: str
    remedy: str


class ArticleRecord(Struct, frozen=True):
    """A gold article as it was in this run: where it came from, a digest of its gold, its slices."""

    id: str
    path: str
    digest: str
    text: str
    """The :func:`text_digest`: what back ends saw of it."""
    meta: dict[str, str]
    characters: int
    prelabel: str = "none"
    lang: str = ""
    unconfirmed: bool = False
    """Whether a back end proposed facts in it that nobody has confirmed."""


class GoldSetRecord(Struct, frozen=True):
    """A gold set as it was in this run. ``digest`` is over all of its articles, also those of other shards."""

    name: str
    version: str
    scheme: str
    digest: str
    articles: tuple[ArticleRecord, ...]
    skipped: tuple[SkippedArticle, ...] = ()


class BackendRecord(Struct, frozen=True):
    """A back end as it was in this run; ``unavailable`` says why it could not be built at all."""

    name: str
    use: str
    options: dict[str, Any] = field(default_factory=dict)
    parts: dict[Kind, str] = field(default_factory=dict)
    kinds: tuple[Kind, ...] = ()
    map: str | dict[str, str] = ""
    fingerprint: dict[str, str] = field(default_factory=dict)
    load_seconds: float = 0
    unavailable: str | None = None
    languages: tuple[str, ...] = ()
    """Those it claims to read; empty: it does not say."""

    def reads(self, lang: str) -> bool:
        """Whether it may read a language: claimed, in whatever region, or nothing is said on one side."""
        main = {name.partition("-")[0].casefold() for name in self.languages}
        return not (main and lang) or lang.partition("-")[0].casefold() in main


class Manifest(Struct, frozen=True):
    """``run.json``."""

    format: int
    id: str
    suite: str
    suite_path: str
    regimes: tuple[str, ...]
    slices: tuple[str, ...]
    gate: GateSpec
    started: str
    seconds: float
    version: str
    python: str
    platform: str
    commit: str | None
    libraries: dict[str, str]
    hardware: Hardware
    goldsets: tuple[GoldSetRecord, ...]
    backends: tuple[BackendRecord, ...]
    shard: tuple[int, int] | None = None
    """This part and how many there are; None when it is the whole."""
    narrowed: tuple[str, ...] = ()
    """The options by which the suite was narrowed, as ``--limit 3``; none: all of it was run."""

    def main_regime(self, kind: Kind) -> str:
        """The suite's first regime, by the name a kind stores it under."""
        return stored_regime(kind, self.regimes[0])


Confusion: TypeAlias = dict[str, dict[str, int]]
"""How often gold of a label was matched with a prediction of a label: rows gold, columns predicted, ``none``
for what has no partner. Cells that are 0 are left out."""


class BackendOnSet(Struct, frozen=True):
    """What one back end did on one gold set: times, failures, and what the scorer had to say."""

    goldset: str
    backend: str
    signature: Signature
    articles: int
    seconds: float
    errors: dict[str, str]
    unmapped: dict[str, int]
    duplicates: int
    ignored: int
    prelabelled: int
    """How many articles were pre-labelled by this very back end."""
    cached: int = 0
    """How many predictions were not made in this run but taken from the cache, times included."""
    detectable: dict[Kind, float] = field(default_factory=dict)
    """Per kind, about the difference of F1 this set can tell apart (``score.stats.detectable``)."""
    confusion: dict[Kind, Confusion] = field(default_factory=dict)
    """Per kind: rows sum to the counted gold of a label, columns to the counted predictions."""
    unresolved: int = 0
    """How many predicted dates have no value, as relative ones where the day of publication is not known."""


class ScoreRecord(Struct, frozen=True):
    """A row of a table and where it belongs."""

    goldset: str
    backend: str
    row: ScoreRow
    signature: str


class PredictionRecord(Struct, frozen=True):
    """A line of ``predictions/<backend>.jsonl``."""

    goldset: str
    prediction: Prediction
    seconds: float
    cached: bool = False


class CountRecord(Struct, frozen=True):
    """A line of ``counts.jsonl``."""

    goldset: str
    backend: str
    row: CountRow


class FactRef(Struct, frozen=True):
    """A fact as a reader finds it again: its label, where it is, its words, its line in the gold file.

    ``line`` is 0 for a prediction. ``words`` are shortened.
    """

    label: str
    spans: tuple[Span, ...]
    words: str
    line: int = 0


class MatchRecord(Struct, frozen=True):
    """A line of ``matches.jsonl``: a pair, or a fact of one side that stands alone."""

    goldset: str
    backend: str
    match: Match
    gold: FactRef | None
    pred: FactRef | None


class Scores(Struct, frozen=True):
    """``scores.json``."""

    backends: tuple[BackendOnSet, ...]
    scores: tuple[ScoreRecord, ...]


class Run(Struct, frozen=True):
    """A run directory in memory; the long files are read when asked for."""

    manifest: Manifest
    scores: Scores
    path: Path | None = None

    def predictions(self, backend: str) -> Iterator[PredictionRecord]:
        """The stored predictions of one of the run's back ends. Raises ``HarnessError`` for any other name."""
        names = [one.name for one in self.manifest.backends]
        if backend not in names:
            message, remedy = unknown("back end", backend, names)
            raise HarnessError(message, file=self.path, remedy=remedy)
        goldsets = {one.name for one in self.manifest.goldsets}
        path = self._place("predictions") / f"{backend}.jsonl"
        for line in _lines(path, PredictionRecord):
            if line.goldset not in goldsets:
                raise HarnessError(
                    f"has a line of {line.goldset!r}, which run.json does not have",
                    file=path,
                    remedy="run again",
                )
            yield line

    def counts(self) -> Iterator[CountRecord]:
        """The stored counts."""
        return _lines(self._place("counts.jsonl"), CountRecord)

    def matches(self) -> Iterator[MatchRecord]:
        """The stored matches."""
        return _lines(self._place("matches.jsonl"), MatchRecord)

    def _place(self, name: str) -> Path:
        if self.path is None:
            raise OutputError("this run was not written anywhere")
        return self.path / name


def text_digest(article: Article) -> str:
    """A digest of all a back end can see of an article."""
    return digest(article, 12)


def stored_regime(kind: Kind, asked: str) -> str:
    """The name under which a kind stores a regime: quotes have their own for ``strict`` and ``partial``."""
    return ALIASES.get(asked, asked) if kind == "quote" else asked


def load(path: Path) -> Run:
    """Read a run directory. Raises ``HarnessError`` naming the file that is missing, unreadable or untrue.

    Somebody else may have written it: no name in it leads out of a folder, and its scores are of its back ends.
    """
    manifest = _read(path / "run.json", Manifest)
    if manifest.format != FORMAT:
        raise HarnessError(
            f"run format {manifest.format}, this version reads {FORMAT}",
            file=path / "run.json",
            remedy="use the factharness version named in it, or run again",
        )
    for problem in _problems(manifest):
        raise HarnessError(problem, file=path / "run.json", remedy="no run wrote this; run again")
    scores = _read(path / "scores.json", Scores)
    pairs = {(g.name, b.name) for g in manifest.goldsets for b in manifest.backends}
    scored = {(one.goldset, one.backend) for one in scores.backends}
    for goldset, backend in scored | {(one.goldset, one.backend) for one in scores.scores}:
        if (goldset, backend) not in pairs:
            raise HarnessError(
                f"has scores of {backend!r} on {goldset!r}, which run.json does not have",
                file=path / "scores.json",
                remedy="run again",
            )
    return Run(manifest, scores, path)


def _problems(manifest: Manifest) -> Iterator[str]:
    """What in a manifest would lead out of a folder if it were made a path, or is known nowhere."""
    yield from filter(None, [gate_problem(manifest.gate), name_problem(manifest.suite)])
    for goldset in manifest.goldsets:
        for name in (goldset.name, *(article.id for article in goldset.articles)):
            yield from filter(None, [name_problem(name)])
    for backend in manifest.backends:
        for name in (backend.name, *backend.parts.values()):
            yield from filter(None, [name_problem(name)])
        if isinstance(backend.map, str) and backend.map not in ("", *MAPS):
            yield unknown("label map", backend.map, MAPS)[0]


def write(
    folder: Path,
    run: Run,
    predictions: Mapping[str, Iterable[PredictionRecord]],
    counts: Iterable[CountRecord],
    matches: Iterable[MatchRecord],
    renderings: Mapping[str, str],
) -> None:
    """Write a run into ``folder``, in an order that does not depend on how it was executed.

    ``renderings`` are further files, name to content. Raises ``OutputError`` when it cannot be written.
    """
    with writing(run.path or folder):
        write_json(folder / "run.json", run.manifest)
        write_json(folder / "scores.json", run.scores)
        write_lines(folder / "counts.jsonl", sorted_counts(counts))
        write_lines(folder / "matches.jsonl", iter(sorted(matches, key=_match_key)))
        for backend, lines in predictions.items():
            write_lines(folder / "predictions" / f"{backend}.jsonl", lines)
        for name, content in renderings.items():
            write_bytes(folder / name, content.encode("utf-8"))


def sorted_counts(counts: Iterable[CountRecord]) -> list[CountRecord]:
    """By back end, gold set, article, kind, regime and label."""
    return sorted(
        counts,
        key=lambda one: (
            one.backend,
            one.goldset,
            one.row.article,
            one.row.kind,
            one.row.regime,
            one.row.label,
        ),
    )


def _match_key(record: MatchRecord) -> tuple[str, str, str, str, int, int]:
    match = record.match
    last = 1 << 60  # a prediction without gold comes after all gold
    return (
        record.backend,
        record.goldset,
        match.article,
        match.kind,
        last if match.gold is None else match.gold,
        -1 if match.pred is None else match.pred,
    )


def write_json(path: Path, value: object) -> None:
    """One value as indented JSON."""
    write_bytes(path, msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def write_lines(path: Path, values: Iterable[object]) -> None:
    """One JSON value per line."""
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        for value in values:
            file.write(msgspec.json.encode(value) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def write_bytes(path: Path, data: bytes) -> None:
    """``data`` and nothing less: written and synced."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes().removeprefix(BOM), type=type_)
    except FileNotFoundError as error:
        raise HarnessError(
            "no such file", file=path, remedy="name a run directory, as `factharness run` prints it"
        ) from error
    except (OSError, msgspec.DecodeError, ValueError, RecursionError) as error:
        raise HarnessError(f"cannot be read: {error}", file=path, remedy="run again") from error


def _lines(path: Path, type_: type[T]) -> Iterator[T]:
    decoder = msgspec.json.Decoder(type_)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(unmarked(file), 1):
                try:
                    yield decoder.decode(line)
                except (msgspec.DecodeError, ValueError, RecursionError) as error:
                    raise HarnessError(
                        str(error), file=path, line=number, remedy="run again"
                    ) from error
    except OSError as error:
        raise HarnessError(
            f"cannot be read: {error.strerror}", file=path, remedy="run again"
        ) from error
