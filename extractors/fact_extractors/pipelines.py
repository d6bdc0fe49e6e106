"""An extractor over the pipeline of a library: what those of spaCy and Stanza have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from fact_extractors import digests
from fact_extractors.batches import Batch, batched, isolated
from fact_extractors.reading import LabelView, Reading, entities_and_dates, fold
from fact_extractors.token_quotes import quotes
from factharness.errors import BackendError, BackendUnavailable, unknown
from factharness.extractor import Outcome
from factharness.facts import Article, Fact, Kind

MODELS = Path(__file__).parent / "models"
BUNDLED = "bundled:"

_SHARED = ("pipelines.py", "batches.py", "reading.py", "token_quotes.py", "rules")

Pipeline = TypeVar("Pipeline")


class PipelineExtractor(ABC, Generic[Pipeline]):
    """See :class:`factharness.extractor.Extractor`.

    Not for two threads at once. ``pipeline`` may be None, and is then loaded when it is first needed.
    """

    library: ClassVar[str]
    code: ClassVar[tuple[str, ...]]
    """The files of this package that only this library's extractor uses."""

    def __init__(
        self,
        loader: Callable[[], Pipeline],
        pipeline: Pipeline | None,
        labels: LabelView,
        kinds: frozenset[Kind],
        *,
        batch_size: int,
        folded: bool,
        max_length: int,
        identity: Mapping[str, str],
    ) -> None:
        self._loader, self._pipeline = loader, pipeline
        self.labels = labels
        self.label_scheme = labels.scheme
        self.kinds = kinds
        self._batch_size, self._folded, self._max_length = batch_size, folded, max_length
        self._identity = dict(identity)

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline; loaded when it is first needed."""
        if self._pipeline is None:
            self._pipeline = self._loader()
        return self._pipeline

    def load(self) -> None:
        """Load the pipeline now. Raises as the function that built this."""
        self._pipeline = self.pipeline

    def fingerprint(self) -> Mapping[str, str]:
        """Code, libraries, model and options."""
        return {"code": digests.code(*self.code, *_SHARED), **self._identity}

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Facts of each article; see the protocol."""
        for batch in batched(articles, self._batch_size):
            yield from self.outcomes(batch)

    def outcomes(self, batch: Batch) -> list[Outcome]:
        """The outcome of each article; one at which the pipeline raises fails alone."""
        return isolated(self.read, batch, self.library)

    @abstractmethod
    def read(self, batch: Batch) -> list[Outcome]:
        """The facts of each article. Raises whatever the pipeline raises."""

    def shown(self, text: str) -> str:
        """A text as the pipeline sees it, offset for offset."""
        return fold(text) if self._folded else text

    def facts(self, article: Article, reading: Reading) -> list[Fact]:
        """The facts that follow from what was read."""
        found: list[Fact] = [*entities_and_dates(article, reading, self.labels, self.kinds)]
        if "quote" in self.kinds:
            found += quotes(article.text, reading, self.labels)
        return found


def bundled(library: str, name: str) -> Path:
    """The folder of a model that comes with this package. Raises ``BackendError``."""
    prefix = f"{library.lower()}_"
    folder = MODELS / f"{prefix}{name}"
    if not folder.is_dir():
        known = [path.name.removeprefix(prefix) for path in MODELS.glob(f"{prefix}*")]
        message, remedy = unknown(f"bundled {library} model", name, known)
        raise BackendError(message, remedy=remedy)
    return folder


def versions(library: str, *packages: str) -> dict[str, str]:
    """The versions of the packages that a library consists of. Raises ``BackendUnavailable``."""
    try:
        return {package: metadata.version(package) for package in packages}
    except metadata.PackageNotFoundError as error:
        raise not_importable(library, error) from error


def not_importable(library: str, error: ImportError) -> BackendUnavailable:
    """The error to raise when a library is not there."""
    return BackendUnavailable(
        f"{library} cannot be imported ({error})",
        remedy=f"pip install 'factharness[{library.lower()}]'",
    )


def cause(error: Exception) -> str:
    """What a library raised, in a line."""
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"
