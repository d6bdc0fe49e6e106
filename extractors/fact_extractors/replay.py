"""Back end ``replay``: predictions that somebody stored, as if they were made now.

From a run directory (``backends/<backend>.jsonl.gz`` in it; ``predictions/<backend>.jsonl`` in one of the first
format), from a file with a JSON record per line as in :mod:`fact_extractors.records`, plain or ``.gz``, or from
what ``factharness extract`` wrote: JSON lines, CSV, Parquet, or a folder of parts. An article of which nothing
is stored is an error, never an empty list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from fact_extractors import digests
from fact_extractors.options import kinds_named, scheme_named, text
from fact_extractors.records import Answer, Unusable, checked
from factharness.errors import BackendError, ExtractionError, HarnessError, unknown
from factharness.extracted.reading import parts, stored
from factharness.extractor import Outcome
from factharness.facts import KINDS, Article, Kind, Prediction, kind_of
from factharness.labels import MAPS, SCHEME
from factharness.text import BOM


def build(
    path: str = "",
    *,
    backend: str | None = None,
    goldset: str | None = None,
    kinds: Sequence[str] | None = None,
    label_scheme: str | None = None,
) -> ReplayExtractor:
    """Stored predictions as a back end.

    ``path``
        a run directory, or a file of JSON records.
    ``backend``
        whose predictions of a run directory; needed when it holds those of several.
    ``goldset``
        of which gold set; needed when an article of that name is in several.
    ``kinds``
        the kinds to give; by default those the run says the back end claims, or those in the file.
    ``label_scheme``
        the label set of the entities; by default the run's, or the gold's.

    Raises ``BackendError`` when there is nothing to replay.
    """
    if path == "":
        raise BackendError("no path is given", remedy='options = { path = "reports/…" }')
    place = Path(text(path, "path"))
    if backend is not None:
        text(backend, "backend")
    if goldset is not None:
        text(goldset, "goldset")
    kept = _found(place, backend)
    answers = _read(kept.file, goldset)
    found = {kind_of(fact) for said in answers.values() for fact in said.facts or ()}
    able = kept.kinds or found or frozenset(KINDS)
    return ReplayExtractor(
        answers,
        kinds_named(able if kinds is None else kinds),
        scheme_named(label_scheme or kept.scheme),
        identity={
            "file": digests.digest(kept.files()),
            "goldset": goldset or "",
        },
    )


class _Stored(NamedTuple):
    """A file of predictions, and what is known of them."""

    file: Path
    kinds: frozenset[Kind] | None = None
    scheme: str = SCHEME

    def files(self) -> list[Path]:
        """The files of which the fingerprint has a digest."""
        return parts(self.file) if self.file.is_dir() else [self.file]


def _found(place: Path, backend: str | None) -> _Stored:
    """What is stored at ``place``: by a run for a back end, or by an extraction (a file, a folder of parts)."""
    if place.is_dir() and not any(place.glob("part-*")):
        return _of_run(place, backend)
    return _Stored(place)


class ReplayExtractor:
    """See :class:`factharness.extractor.Extractor`; made by :func:`build`."""

    deterministic = True

    def __init__(
        self,
        answers: Mapping[str, Answer],
        kinds: frozenset[Kind],
        label_scheme: str,
        *,
        identity: Mapping[str, str],
    ) -> None:
        self.kinds, self.label_scheme = kinds, label_scheme
        self._answers, self._identity = answers, dict(identity)

    def fingerprint(self) -> Mapping[str, str]:
        """A digest of the file, and the options."""
        return {
            "code": digests.code("replay.py", "records.py"),
            "kinds": " ".join(sorted(self.kinds)),
            "labels": self.label_scheme,
            **self._identity,
        }

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """What is stored of each article; see the protocol."""
        for article in articles:
            yield self._stored(article)

    def _stored(self, article: Article) -> Outcome:
        said = self._answers.get(article.id)
        if said is None:
            return ExtractionError(f"no prediction of article {article.id!r} is stored")
        try:
            outcome = checked(said, article)
        except Unusable as error:
            return ExtractionError(f"made on another text: {error}")
        if isinstance(outcome, ExtractionError):
            return outcome
        return [fact for fact in outcome if kind_of(fact) in self.kinds]


class _Backend(Struct):
    """What is needed of a back end in ``run.json``."""

    name: str
    kinds: frozenset[Kind] = frozenset()
    map: str | dict[str, str] = ""


class _Manifest(Struct):
    format: int
    backends: list[_Backend]


def _of_run(folder: Path, backend: str | None) -> _Stored:
    try:
        manifest = msgspec.json.decode(
            (folder / "run.json").read_bytes().removeprefix(BOM), type=_Manifest
        )
    except (OSError, msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BackendError(
            f"not a run directory: {error}",
            file=folder,
            remedy="name a folder that `factharness run` wrote, or a file of records",
        ) from error
    known = {one.name: one for one in manifest.backends}
    if backend is None and len(known) == 1:
        (backend,) = known
    if backend not in known:
        message, remedy = unknown("back end", backend or "", known)
        raise BackendError(f"{message} in this run", file=folder, remedy=remedy)
    chosen = known[backend]
    scheme = chosen.map if isinstance(chosen.map, str) and chosen.map in MAPS else SCHEME
    lines = folder / "backends" / f"{backend}.jsonl.gz"
    if manifest.format == 1:
        lines = folder / "predictions" / f"{backend}.jsonl"
    return _Stored(lines, chosen.kinds or None, scheme)


class _StoredLine(Struct):
    """A line of a run's predictions, or a record; its keys tell which."""

    goldset: str | None = None
    prediction: Prediction | None = None


def _read(file: Path, goldset: str | None) -> dict[str, Answer]:
    """The answers by article id. An article may have two lines if both are the same."""
    answers: dict[str, Answer] = {}
    try:
        lines = list(stored(file))
    except HarnessError as error:
        raise BackendError(
            error.message, file=error.file, line=error.line, remedy=error.remedy
        ) from error
    for line, file, number in lines:
        if not line.strip():
            continue
        try:
            said = _answer(line, goldset)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise BackendError(
                f"not a record: {error}",
                file=file,
                line=number,
                remedy='a line is JSON like {"id": "a", "facts": []}',
            ) from error
        if said is not None and answers.setdefault(said.id, said) != said:
            raise BackendError(
                f"article {said.id!r} stands here twice, with different facts",
                file=file,
                line=number,
                remedy="name one goldset, or remove one of the lines",
            )
    if not answers:
        raise BackendError(
            "holds no prediction" + (f" of gold set {goldset!r}" if goldset else ""), file=file
        )
    return answers


def _answer(line: bytes, goldset: str | None) -> Answer | None:
    """The answer on a line, None when it is of another gold set."""
    made = msgspec.json.decode(line, type=_StoredLine)
    if goldset is not None and made.goldset != goldset:
        return None
    if made.prediction is None:
        return msgspec.json.decode(line, type=Answer)
    said: dict[str, Any] = msgspec.structs.asdict(made.prediction)
    return Answer(said["article_id"], said["facts"], said["error"])
