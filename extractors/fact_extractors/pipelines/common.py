"""An extractor over the pipeline of a library: what those of spaCy and Stanza have in common."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from fact_extractors import digests
from fact_extractors.limit import too_long
from fact_extractors.options import flag, kinds_named, table, whole
from fact_extractors.pipelines.batches import Batch, batched, isolated
from fact_extractors.pipelines.quotes import prepare_quotes, quotes
from fact_extractors.pipelines.reading import (
    LabelView,
    ModelReading,
    claimed,
    entities_and_dates,
    identity,
    legible,
    prepare_dates,
)
from factharness.errors import BackendError, BackendUnavailable, unknown
from factharness.extractor import Outcome
from factharness.facts import Article, Fact, Kind
from factharness.text import fold

MODELS = Path(__file__).parents[1] / "models"
BUNDLED = "bundled:"
REINSTALL = "install factharness again: pip install --force-reinstall factharness"

_SHARED = (
    "pipelines/common.py",
    "pipelines/batches.py",
    "pipelines/reading.py",
    "pipelines/quotes.py",
    "rules",
)

Pipeline = TypeVar("Pipeline")


class Common(NamedTuple):
    """The options that every pipeline has and that its output depends on."""

    kinds: Sequence[Kind] | None
    parse: bool
    labels: Mapping[str, str] | None
    gpu: bool
    fold_typography: bool
    max_length: int

    @classmethod
    def checked(
        cls,
        kinds: Sequence[str] | None,
        parse: bool,
        labels: Mapping[str, str] | None,
        gpu: bool,
        fold_typography: bool,
        max_length: int,
    ) -> Common:
        """The options as they are given. Raises ``BackendError`` for one that makes no sense."""
        return cls(
            None if kinds is None else sorted(kinds_named(kinds)),
            flag(parse, "parse"),
            None if labels is None else table(labels, "labels", empty=True),
            flag(gpu, "gpu"),
            flag(fold_typography, "fold_typography"),
            whole(max_length, "max_length", 1),
        )

    @property
    def with_tree(self) -> bool:
        """Whether anybody asks for the tree of a sentence: only speakers of quotations need it."""
        return self.parse and (self.kinds is None or "quote" in self.kinds)


class Lazy(Generic[Pipeline]):
    """A pipeline that is loaded when it is first needed, which may be never: predictions may be in the cache.

    ``labels`` are those of its model, as far as they are known without it. Where they are not (None) the
    pipeline is loaded at once, and ``ask`` finds them in it.
    """

    def __init__(
        self,
        load: Callable[[], Pipeline],
        ask: Callable[[Pipeline], Sequence[str]],
        labels: Sequence[str] | None,
    ) -> None:
        self._load = load
        self.loaded: Pipeline | None = None
        self.labels = ask(self.get()) if labels is None else labels

    def get(self) -> Pipeline:
        """The pipeline. Raises as ``load``."""
        if self.loaded is None:
            self.loaded = self._load()
        return self.loaded


class PipelineExtractor(ABC, Generic[Pipeline]):
    """See :class:`factharness.extractor.Extractor`.

    Not for two threads at once. ``identity`` is what the library and its model add to the fingerprint, see
    :func:`model_identity`.
    """

    library: ClassVar[str]
    code: ClassVar[tuple[str, ...]]
    """The files of this package that only this library's extractor uses."""

    def __init__(
        self,
        pipeline: Lazy[Pipeline],
        common: Common,
        *,
        batch_size: int,
        longest: int,
        languages: Iterable[str],
        identity: Mapping[str, str],
    ) -> None:
        self._pipeline = pipeline
        self.labels = LabelView(pipeline.labels, common.labels)
        self.label_scheme = self.labels.scheme
        self.kinds = claimed(self.labels, common.kinds)
        self.languages = frozenset(languages)
        self._common, self._batch_size = common, batch_size
        self._longest = whole(longest, "longest", 1)
        self._identity = dict(identity)

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline; loaded when it is first needed."""
        return self._pipeline.get()

    @property
    def borrows(self) -> dict[Kind, str]:
        """The rules find the quotations; the pipeline adds who said them."""
        return {"quote": "rules"} if "quote" in self.kinds else {}

    def load(self) -> None:
        """Load the pipeline now, and the rules that it needs. Raises as the function that built this."""
        self._pipeline.get()
        prepare_dates(self.kinds)
        if "quote" in self.kinds:
            prepare_quotes()

    def fingerprint(self) -> Mapping[str, str]:
        """Code, libraries, model and options."""
        return {"code": digests.code(*self.code, *_SHARED), **identity(), **self._identity}

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Facts of each article; see the protocol."""
        for batch in batched(articles, self._batch_size):
            yield from self.outcomes(batch)

    def outcomes(self, batch: Batch) -> list[Outcome]:
        """The outcome of each article; one that is too long, or at which the pipeline raises, fails alone."""
        unasked = [self._unasked(article) for article in batch]
        asked = [article for article, known in zip(batch, unasked, strict=True) if known is None]
        outcomes = iter(isolated(self.read, asked, self.library) if asked else ())
        return [next(outcomes) if known is None else known for known in unasked]

    def _unasked(self, article: Article) -> Outcome | None:
        """The outcome of an article that the pipeline is not shown: it is too long, or has no word.

        Some components raise at a text of nothing but white space.
        """
        if problem := too_long(article, self._longest):
            return problem
        return None if self.shown(article.text).strip() else []

    @abstractmethod
    def read(self, batch: Batch) -> list[Outcome]:
        """The facts of each article. Raises whatever the pipeline raises."""

    def shown(self, text: str) -> str:
        """A text as the pipeline sees it, offset for offset."""
        return legible(fold(text) if self._common.fold_typography else text)

    def facts(self, article: Article, reading: ModelReading) -> list[Fact]:
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


def bundled_index(file: Path) -> dict[str, Any]:
    """What a file of a bundled model says of it. Raises ``BackendError``."""
    try:
        index: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackendError(
            f"a bundled model is damaged: {cause(error)}", file=file, remedy=REINSTALL
        ) from error
    return index


def no_folder(folder: Path) -> BackendUnavailable:
    """The error to raise when a path that an option names is not there."""
    return BackendUnavailable(
        f"there is no folder {folder.absolute()}",
        remedy="check the path, which is from the working directory",
    )


def model_identity(
    library: str, packages: Iterable[str], model: str, files: Iterable[Path], options: object
) -> dict[str, str]:
    """What the output depends on beside the code of this package, for fingerprints.

    The versions of the ``packages`` that the library consists of, the model by its name and by the digest of
    its files or folders, and the options. Raises ``BackendUnavailable`` when the library is not installed.
    """
    try:
        versions = {package: metadata.version(package) for package in packages}
    except metadata.PackageNotFoundError as error:
        raise not_importable(library, error) from error
    return versions | {
        "model": model,
        "model_digest": digests.digest(files),
        "options": repr(options),
    }


def not_importable(library: str, error: ImportError) -> BackendUnavailable:
    """The error to raise when a library is not there."""
    return BackendUnavailable(
        f"{library} cannot be imported ({error})",
        remedy=f"pip install 'factharness[{library.lower()}]'",
    )


def cause(error: Exception) -> str:
    """What a library raised, in a line."""
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"
