"""Back end ``gliner``: zero-shot entities and dates by a GLiNER model, from a folder or the hub's local cache.

The labels are words of the user's, told to the model with each text. Articles are read in windows of as many
words as the model takes.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from fact_extractors import digests, torch_device
from fact_extractors.classifiers import hub
from fact_extractors.classifiers.hub import Model
from fact_extractors.options import flag, kinds_named, table, whole, within
from fact_extractors.pipelines.batches import Batch, batched, isolated
from fact_extractors.pipelines.reading import (
    LabelView,
    ModelMention,
    cleaned,
    entities_and_dates,
    identity,
    prepare_dates,
)
from factharness.errors import BackendError, BackendUnavailable
from factharness.extractor import Outcome
from factharness.facts import Article, Kind
from factharness.labels import DATE_LABELS, ENTITY_LABELS, SCHEME

REQUIRES = ("gliner", "torch")

LABELS: Mapping[str, str] = {
    "personne": "PER",
    "organisation": "ORG",
    "lieu": "LOC",
    "événement": "MISC",
    "œuvre": "MISC",
    "produit": "MISC",
    "date": "DATE",
    "heure": "TIME",
    "durée": "DURATION",
}
"""What the model is asked for, and what that is here."""


def build(
    model: str = "",
    *,
    labels: Mapping[str, str] | None = None,
    threshold: float = 0.5,
    revision: str | None = None,
    offline: bool = True,
    batch_size: int = 8,
    kinds: Sequence[str] | None = None,
    gpu: bool = False,
    threads: int = 1,
) -> GlinerExtractor:
    """A GLiNER model as a back end.

    ``model``, ``revision``, ``offline``
        as for ``transformers``: a folder, or a name of the hub; fetched only if ``offline`` is false.
    ``labels``
        what to ask for, to PER ORG LOC MISC or DATE TIME DURATION SET; by default nine French words.
    ``threshold``
        how sure the model has to be, from 0 to 1.
    ``batch_size``
        articles read together, and windows shown to the model at once.
    ``kinds``
        ``entity``, ``date``; by default all that ``labels`` names.
    ``gpu``, ``threads``
        run on the GPU; threads of torch in this process.

    Raises ``BackendUnavailable`` when the model is not here, ``BackendError`` for options that make no sense;
    ``load`` raises ``BackendError`` when it cannot be used.
    """
    asked = table(LABELS if labels is None else labels, "labels")
    if not asked:
        raise BackendError("labels is empty", remedy='name some, as in { lieu = "LOC" }')
    for word, label in asked.items():
        if label not in (*ENTITY_LABELS, *DATE_LABELS) or not word.strip():
            raise BackendError(
                f"labels: {word!r} = {label!r} is no label of the gold's",
                remedy=f"known: {', '.join((*ENTITY_LABELS, *DATE_LABELS))}",
            )
    view = LabelView(list(asked), asked)
    able: dict[Kind, bool] = {
        "entity": not set(asked.values()).isdisjoint(ENTITY_LABELS),
        "date": view.has_dates,
    }
    able_kinds = [kind for kind, has in able.items() if has]
    return GlinerExtractor(
        hub.find(model, "gliner_config.json", revision=revision, offline=flag(offline, "offline")),
        view,
        kinds_named(able_kinds if kinds is None else kinds, able_kinds),
        asked=asked,
        threshold=within(threshold, "threshold", 0, 1),
        batch_size=whole(batch_size, "batch_size", 1),
        offline=offline,
        gpu=flag(gpu, "gpu"),
        threads=whole(threads, "threads", 1),
    )


class GlinerExtractor:
    """See :class:`factharness.extractor.Extractor`; made by :func:`build`."""

    label_scheme = SCHEME
    deterministic = True

    def __init__(
        self,
        model: Model,
        labels: LabelView,
        kinds: frozenset[Kind],
        *,
        asked: Mapping[str, str],
        threshold: float,
        batch_size: int,
        offline: bool,
        gpu: bool,
        threads: int,
    ) -> None:
        self.model, self.labels, self.kinds = model, labels, kinds
        self._asked, self._threshold, self._batch_size = dict(asked), threshold, batch_size
        self._offline, self._gpu, self._threads = offline, gpu, threads
        self._network: Any = None

    def fingerprint(self) -> Mapping[str, str]:
        """Code, libraries, model and options."""
        from importlib.metadata import version

        return {
            "code": digests.code(
                "classifiers/gliner.py", "pipelines/batches.py", "pipelines/reading.py", "rules"
            ),
            "gliner": version("gliner"),
            "transformers": version("transformers"),
            "torch": version("torch"),
            **identity(),
            "model": f"{self.model.name} {self.model.identity()}",
            "kinds": " ".join(sorted(self.kinds)),
            "options": repr((self._asked, self._threshold, self._gpu)),
        }

    def load(self) -> None:
        """Load the model. Raises ``BackendError`` when it cannot be used."""
        if self._network is None:
            device = torch_device.device(self._gpu)
            self._network = _load(self.model, self._offline).to(device).eval()
            prepare_dates(self.kinds)

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Facts of each article; see the protocol."""
        self.load()
        for batch in batched(articles, self._batch_size):
            yield from isolated(self._read, batch, "GLiNER")

    def _read(self, batch: Batch) -> list[Outcome]:
        """The facts of each article. Raises whatever the model raises."""
        parts = [
            (n, start, article.text[start:end])
            for n, article in enumerate(batch)
            for start, end in self._windows(article.text)
        ]
        mentions: list[list[ModelMention]] = [[] for _ in batch]
        found = self._infer([text for _, _, text in parts])
        for (n, at, _), some in zip(parts, found, strict=True):
            mentions[n] += [ModelMention(at + m["start"], at + m["end"], m["label"]) for m in some]
        return [
            list(entities_and_dates(article, cleaned(article.text, mine), self.labels, self.kinds))
            for article, mine in zip(batch, mentions, strict=True)
        ]

    def _windows(self, text: str) -> Iterator[tuple[int, int]]:
        """Stretches of the text of no more words than the model takes, cut after a line where possible."""
        words = [
            (start, end) for _, start, end in self._network.data_processor.words_splitter(text)
        ]
        room = int(self._network.config.max_len)
        first = 0
        while first < len(words):
            last = min(first + room, len(words))
            if last < len(words):
                breaks = (
                    n + 1
                    for n, (left, right) in enumerate(pairwise(words[first : last + 1]), first)
                    if "\n" in text[left[1] : right[0]]
                )
                last = max(breaks, default=last)
            yield words[first][0], words[last - 1][1]
            first = last

    def _infer(self, texts: Sequence[str]) -> list[list[dict[str, Any]]]:
        import torch

        if not texts:
            return []
        torch.set_num_threads(self._threads)  # a worker process starts with torch's default again
        with torch.inference_mode():
            found: list[list[dict[str, Any]]] = self._network.inference(
                list(texts),
                list(self._asked),
                threshold=self._threshold,
                batch_size=self._batch_size,
            )
        return found


def _load(model: Model, offline: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it imports; nothing the user can mend
            from gliner import GLiNER
    except ImportError as error:
        raise BackendUnavailable(
            f"GLiNER cannot be imported ({error})", remedy="pip install 'factharness[gliner]'"
        ) from error
    try:
        return GLiNER.from_pretrained(str(model.folder), local_files_only=offline)
    except Exception as error:
        text = str(error).strip().splitlines()
        raise BackendError(
            f"GLiNER cannot load {model.name!r}: {type(error).__name__}: {text[0] if text else ''}",
            remedy="it needs the whole folder of a model, and its tokenizer there or in the hub's cache",
        ) from error
