"""Back end ``transformers``: any token-classification model, from a folder or from the hub's local cache.

Articles longer than the model's window are read in overlapping windows, each sub-word labelled where it has
the most context; see :mod:`fact_extractors.classifiers.token_classifier`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from fact_extractors import digests
from fact_extractors.classifiers import hub
from fact_extractors.classifiers.hub import Model
from fact_extractors.classifiers.token_classifier import Tagger, mentions, split
from fact_extractors.options import flag, kinds_named, named, whole
from fact_extractors.pipelines.batches import Batch, batched, isolated
from fact_extractors.pipelines.reading import (
    LabelView,
    cleaned,
    entities_and_dates,
    identity,
    prepare_dates,
)
from factharness.errors import BackendError
from factharness.extractor import Outcome
from factharness.facts import Article, Kind
from factharness.text import fold

REQUIRES = ("transformers", "torch")

AGGREGATIONS = ("first", "average", "max", "simple")


def build(
    model: str = "",
    *,
    revision: str | None = None,
    offline: bool = True,
    aggregation: str = "first",
    batch_size: int = 8,
    window: int | None = None,
    overlap: int | None = None,
    kinds: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    gpu: bool = False,
    threads: int = 1,
    fold_typography: bool = False,
) -> TransformersExtractor:
    """A token-classification model as a back end.

    ``model``, ``revision``
        a folder that ``save_pretrained`` wrote, or a name of the hub and, if not the latest, a revision of it.
    ``offline``
        take a hub model from the local cache only; false: fetch it when it is not there.
    ``aggregation``
        the label of a word of several sub-words: that of the ``first``; the best of their ``average`` or of
        their ``max`` probabilities; ``simple``: each sub-word counts by itself.
    ``batch_size``
        articles read together, and windows shown to the model at once.
    ``window``, ``overlap``
        sub-words a window holds (default: all that the model takes, at most 512), and how many of them it
        shares with the next (default: an eighth).
    ``kinds``
        ``entity``, ``date``; by default all that the model has labels for.
    ``labels``
        the model's labels to PER ORG LOC MISC, DATE TIME DURATION SET or ``""`` (left out); without it the
        label set is recognised.
    ``gpu``, ``threads``
        run on the GPU; threads of torch in this process.
    ``fold_typography``
        show the model plain apostrophes and spaces for ’ and no-break spaces. Offsets do not change.

    Raises ``BackendUnavailable`` when the model is not here, ``BackendError`` for options that make no sense;
    ``load`` raises ``BackendError`` when it cannot be used.
    """
    found = hub.find(model, "config.json", revision=revision, offline=flag(offline, "offline"))
    tags = _tags(found)
    view = LabelView(sorted({label for tag in tags if (label := split(tag)[1])}), labels)
    able: dict[Kind, bool] = {"entity": view.has_entities, "date": view.has_dates}
    able_kinds = [kind for kind, has in able.items() if has]
    return TransformersExtractor(
        found,
        view,
        kinds_named(able_kinds if kinds is None else kinds, able_kinds),
        aggregation=named(aggregation, "aggregation", AGGREGATIONS),
        batch_size=whole(batch_size, "batch_size", 1),
        window=None if window is None else whole(window, "window", 8),
        overlap=None if overlap is None else whole(overlap, "overlap", 0),
        gpu=flag(gpu, "gpu"),
        threads=whole(threads, "threads", 1),
        folded=flag(fold_typography, "fold_typography"),
        options=repr((aggregation, window, overlap, labels, gpu, fold_typography)),
    )


_UNNAMED = {"0": "LABEL_0", "1": "LABEL_1"}
"""What transformers leaves out of a configuration."""


def _tags(model: Model) -> list[str]:
    """The output labels of a model, by their numbers, from its configuration alone."""
    path = model.folder / "config.json"
    config = hub.read_json(path)
    made_for = config.get("architectures") or []
    if made_for and not any("TokenClassification" in str(one) for one in made_for):
        raise BackendError(
            f"{model.name!r} is a {made_for[0]}, not a token-classification model",
            file=path,
            remedy="choose a model that was trained to find names",
        )
    numbered = config.get("id2label", _UNNAMED)
    try:
        return [str(numbered[number]) for number in sorted(numbered, key=int)]
    except (TypeError, ValueError) as error:
        raise BackendError(
            f"{model.name!r} has no labels",
            file=path,
            remedy="it needs id2label, as every trained token-classification model has",
        ) from error


class TransformersExtractor:
    """See :class:`factharness.extractor.Extractor`; made by :func:`build`."""

    deterministic = True

    def __init__(
        self,
        model: Model,
        labels: LabelView,
        kinds: frozenset[Kind],
        *,
        aggregation: str,
        batch_size: int,
        window: int | None,
        overlap: int | None,
        gpu: bool,
        threads: int,
        folded: bool,
        options: str,
    ) -> None:
        self.model, self.labels, self.kinds = model, labels, kinds
        self.label_scheme = labels.scheme
        self._aggregation, self._batch_size = aggregation, batch_size
        self._window, self._overlap = window, overlap
        self._gpu, self._threads, self._folded = gpu, threads, folded
        self._options = options
        self._tagger: Tagger | None = None

    def fingerprint(self) -> Mapping[str, str]:
        """Code, libraries, model and options."""
        from importlib.metadata import version

        return {
            "code": digests.code(
                "classifiers/transformers.py",
                "classifiers/token_classifier.py",
                "pipelines/batches.py",
                "pipelines/reading.py",
                "rules",
            ),
            "transformers": version("transformers"),
            "torch": version("torch"),
            **identity(),
            "model": f"{self.model.name} {self.model.identity()}",
            "kinds": " ".join(sorted(self.kinds)),
            "options": self._options,
        }

    def load(self) -> None:
        """Load tokenizer and model. Raises ``BackendError`` when they cannot be used."""
        self._loaded()
        prepare_dates(self.kinds)

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Facts of each article; see the protocol."""
        self.load()
        for batch in batched(articles, self._batch_size):
            yield from isolated(self._read, batch, "transformers")

    def _read(self, batch: Batch) -> list[Outcome]:
        """The facts of each article. Raises whatever tokenizer and model raise."""
        tagger = self._loaded()
        shown = (fold(article.text) if self._folded else article.text for article in batch)
        windows = [tagger.windows(text) for text in shown]
        read = tagger.read([window for some in windows for window in some])
        outcomes: list[Outcome] = []
        for article, mine in zip(batch, windows, strict=True):
            rows, read = read[: len(mine)], read[len(mine) :]
            pieces = tagger.pieces(article.text, mine, rows, self._aggregation)
            found = cleaned(article.text, mentions(article.text, pieces))
            outcomes.append(list(entities_and_dates(article, found, self.labels, self.kinds)))
        return outcomes

    def _loaded(self) -> Tagger:
        if self._tagger is None:
            self._tagger = Tagger(
                self.model, self._window, self._overlap, self._batch_size, self._gpu, self._threads
            )
        return self._tagger
