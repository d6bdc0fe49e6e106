"""Back end ``spacy``: any pipeline of spaCy 3, the bundled one by default.

Entities are the mentions of ``ner``, ``entity_ruler``, ``span_ruler`` and ``spancat``, and of components that
are not spaCy's. Mentions labelled as dates become dates. Quotations come from
:mod:`fact_extractors.pipelines.quotes`, over the pipeline's trees when it has a parser. Which components run
for the names and which for the trees is said in :mod:`fact_extractors.pipelines.spacy_passes`.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fact_extractors import digests, selftest
from fact_extractors.options import texts, whole
from fact_extractors.pipelines import spacy_components, spacy_passes
from fact_extractors.pipelines.batches import Batch, batched, can_fork, in_processes
from fact_extractors.pipelines.common import Common, Known, Lazy, PipelineExtractor
from fact_extractors.pipelines.model_sources import (
    BUNDLED,
    MODELS,
    bundled,
    bundled_index,
    cause,
    model_identity,
    no_folder,
    not_importable,
)
from fact_extractors.pipelines.reading import ModelMention, ParsedWord
from fact_extractors.pipelines.spacy_components import Component
from fact_extractors.pipelines.spacy_passes import Passes
from fact_extractors.torch_device import no_gpu
from factharness.errors import BackendError, BackendUnavailable
from factharness.extractor import Outcome
from factharness.facts import Article

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

REQUIRES = ("spacy",)

BLANK = "blank"


def build(
    model: str = "bundled:fr_news",
    *,
    lang: str = "fr",
    components: Sequence[Mapping[str, Any]] = (),
    span_groups: Sequence[str] | None = None,
    batch_size: int = 32,
    n_process: int = 1,
    kinds: Sequence[str] | None = None,
    quotes: str | None = None,
    labels: Mapping[str, str] | None = None,
    gpu: bool = False,
    fold_typography: bool | None = None,
    max_length: int = 20_000,
    longest: int = 200_000,
) -> SpacyExtractor:
    """Load a pipeline.

    ``model``
        an installed package, a pipeline directory, ``bundled:fr_news``, or ``blank``: the language's tokenizer
        and nothing else.
    ``lang``
        what the pipeline's language has to be, and the articles are expected in; a multi-language one (``xx``)
        always passes.
    ``components``
        what to add to the pipeline, in order; see
        :class:`fact_extractors.pipelines.spacy_components.Component`.
    ``span_groups``
        the keys of ``doc.spans`` to read; by default those that ``span_ruler`` and ``spancat`` write, and
        all when the pipeline has components that are not spaCy's.
    ``batch_size``
        articles read at once; none of them comes out before all are read.
    ``n_process``
        worker processes; -1: one per processor.
    ``kinds``
        the kinds to find; by default all that the model can.
    ``quotes``
        where quotations come from: ``tree``, what the parser says of the text; ``rules``, the back end of that
        name, with the persons of the model; ``none``. By default the tree where there is a parser.
    ``labels``
        the model's labels to PER ORG LOC MISC, DATE TIME DURATION SET or ``""`` (left out); without it the
        label set is recognised.
    ``gpu``
        run on the GPU; an error when there is none.
    ``fold_typography``
        show the model plain apostrophes and spaces for ’ and no-break spaces; by default the bundled
        model only. Offsets do not change.
    ``max_length``
        characters shown at once, at most the pipeline's own limit; longer articles are read in several
        windows, which also bounds the memory.
    ``longest``
        characters of the longest article that is read; a longer one is an error.

    The bundled pipeline, when nothing is added to it, is loaded when it is first needed. Raises
    ``BackendUnavailable`` when spaCy or the model is not installed, ``BackendError`` when the model or an
    option cannot be used.
    """
    if not isinstance(model, str) or not model:
        raise BackendError(
            f"model = {model!r} names no pipeline",
            remedy=f"name a package, a folder, bundled:fr_news, or {BLANK}",
        )
    is_bundled = model.startswith(BUNDLED)
    fold_typography = is_bundled if fold_typography is None else fold_typography
    common = Common.checked(kinds, quotes, labels, gpu, fold_typography, max_length)
    common = common._replace(is_bundled=is_bundled)
    n_process = _processes(n_process, gpu=gpu)
    batch_size = whole(batch_size, "batch_size", 1)
    if span_groups is not None:
        span_groups = (
            [span_groups] if isinstance(span_groups, str) else texts(span_groups, "span_groups")
        )
    added = spacy_components.parse(components)
    if model == BLANK and not added:
        raise BackendError(
            "a blank pipeline finds nothing",
            remedy='say its components: [{ factory = "entity_ruler", patterns = "names.jsonl" }]',
        )
    models = [each for each in [model, *(made.source for made in added)] if each not in ("", BLANK)]
    folders = [_folder(each) for each in models]
    is_whole = is_bundled and not added and span_groups is None
    common = common._replace(mends=is_whole)
    # The bundled pipeline is not loaded to know its labels: it may not be needed at all.
    pipeline = Lazy(
        partial(_pipeline, model, added, span_groups, lang=lang, gpu=gpu, parse=common.may_parse),
        partial(_known, own=common.labels),
        _bundled(folders[0]) if is_whole else None,
    )
    more = [] if pipeline.loaded is None else spacy_components.packages(pipeline.loaded.nlp)
    code = [] if pipeline.loaded is None else spacy_components.code(pipeline.loaded.nlp)
    options = (*common, span_groups, added, lang if model == BLANK else None)
    return SpacyExtractor(
        pipeline,
        common,
        batch_size=batch_size,
        longest=longest,
        n_process=n_process,
        span_groups=span_groups,
        languages={lang} - {"xx"},
        identity={
            **model_identity("spaCy", ["spacy", "thinc", *more], model, folders, options),
            "components": digests.digest(code),
        },
    )


def doctor() -> str | None:
    """What is wrong with the bundled model; None: it gives the facts it gave when it was made."""
    return selftest.problem(build(), MODELS / "spacy_fr_news")


def _processes(count: int, *, gpu: bool) -> int:
    """How many processes to read with."""
    if count == -1:
        count = os.cpu_count() or 1
    if whole(count, "n_process", 1) > 1 and gpu:
        raise BackendError("gpu and n_process do not go together", remedy="leave one of them out")
    if count > 1 and not can_fork():
        raise BackendError(
            f"n_process = {count} needs processes that are forked, which this system does not have",
            remedy="leave it out, and read in several processes with -j",
        )
    return count


_PACKAGE = re.compile(r"[\w-]+")
"""A package's name; any other is a path."""


def _folder(model: str) -> Path:
    """Where a pipeline is."""
    if model.startswith(BUNDLED):
        return bundled("spaCy", model.removeprefix(BUNDLED))
    if Path(model).exists():
        return Path(model)
    if not _PACKAGE.fullmatch(model):
        raise no_folder(Path(model))
    try:
        import spacy
    except ImportError as error:
        raise not_importable("spaCy", error) from error
    if not spacy.util.is_package(model):
        raise BackendUnavailable(
            f"spaCy pipeline {model!r} is neither installed nor a folder",
            remedy=f"python -m spacy download {model}",
        )
    return Path(spacy.util.get_package_path(model))


def _pipeline(
    model: str,
    components: Sequence[Component],
    span_groups: Sequence[str] | None,
    *,
    lang: str,
    gpu: bool,
    parse: bool,
) -> Loaded:
    """The pipeline, loaded, with only the components that are needed."""
    _compute_on(gpu)
    nlp = _blank(lang) if model == BLANK else _load(model)
    if nlp.lang not in (lang, "xx"):
        raise BackendError(
            f"spaCy pipeline {model!r} is for {nlp.lang!r}, the articles are {lang!r}",
            remedy=f"choose another, or say lang = {nlp.lang!r}",
        )
    spacy_components.add(nlp, components, _load)
    passes = spacy_passes.passes(nlp, model, parse=parse)
    nlp.select_pipes(enable=[name for name in nlp.pipe_names if name in passes.needed])
    spacy_components.span_groups(nlp, span_groups)
    return Loaded(nlp, passes)


def _compute_on(gpu: bool) -> None:
    """Have spaCy compute on the GPU or on the processor: it has one setting for all pipelines."""
    try:
        import spacy
    except ImportError as error:
        raise not_importable("spaCy", error) from error
    if not gpu:
        spacy.require_cpu()
        return
    try:
        spacy.require_gpu()
    except ValueError as error:
        raise no_gpu("spaCy", error) from error


def _blank(lang: str) -> Language:
    import spacy

    try:
        return spacy.blank(lang)
    except Exception as error:
        raise BackendError(f"spaCy has no language {lang!r}: {cause(error)}") from error


def _load(model: str) -> Language:
    import spacy

    where = _folder(model)
    folder = model.startswith(BUNDLED) or Path(model).exists()
    try:
        with warnings.catch_warnings():
            if parent_process() is not None:  # which has built the same, and shown the warning
                warnings.filterwarnings("ignore", r"\[W095\]")
            return spacy.load(where if folder else model)
    except Exception as error:
        raise BackendError(
            f"spaCy cannot load {model!r}: {cause(error)}",
            remedy="it needs a whole pipeline directory, made by a version of spaCy that fits",
        ) from error


def _bundled(where: Path) -> Known:
    """What the index of a bundled pipeline says of it."""
    index = bundled_index(where / "meta.json")
    return Known(sorted(index["labels"]["ner"]), "parser" in index["pipeline"])


def _known(pipeline: Loaded, *, own: Mapping[str, str] | None) -> Known:
    """What is known of a pipeline that is loaded."""
    return Known(
        spacy_passes.labels(pipeline.nlp, own=own), bool(spacy_passes.parsers(pipeline.nlp))
    )


class Loaded(NamedTuple):
    """A pipeline, and which of its components find names and which find trees."""

    nlp: Language
    passes: Passes


class SpacyExtractor(PipelineExtractor[Loaded]):
    """See :class:`fact_extractors.pipelines.common.PipelineExtractor`; made by :func:`build`."""

    library = "spaCy"
    code = ("pipelines/spacy.py", "pipelines/spacy_components.py", "pipelines/spacy_passes.py")

    def __init__(
        self, *given: Any, n_process: int, span_groups: Sequence[str] | None, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self._n_process, self._span_groups = n_process, span_groups

    @property
    def nlp(self) -> Language:
        """The pipeline, by the name it has in spaCy."""
        return self.pipeline.nlp

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Facts of each article; see the protocol.

        The processes of ``nlp.pipe`` are not used: spaCy waits for ever when one of them dies.
        """
        if self._n_process == 1:
            yield from super().extract(articles)
            return
        self.load()  # once, for all the workers
        batches = batched(articles, self._batch_size)
        for outcomes in in_processes(self.outcomes, batches, self._n_process, self.library):
            yield from outcomes

    def read(self, batch: Batch) -> list[Outcome]:
        """The facts of each article. Raises whatever the pipeline raises.

        spaCy keeps every word it has ever met unless it reads in a memory zone, at whose end the words that
        are new are forgotten and the documents are void. Hence no document leaves this function, and the
        zone is closed before anybody else can have the pipeline read.
        """
        _compute_on(self._common.gpu)
        zone = nullcontext() if self.nlp.vocab.in_memory_zone else self.nlp.memory_zone()
        with zone:
            return super().read(batch)

    @property
    def limit(self) -> int:
        """Characters that the pipeline is shown at once."""
        longest: int = self.nlp.max_length
        return min(self._common.max_length, longest)

    def mentions(self, texts: Sequence[str]) -> Iterator[list[ModelMention]]:
        """What the recogniser finds in each text."""
        groups = spacy_components.span_groups(self.nlp, self._span_groups)
        for doc in self._docs(texts, self.pipeline.passes.mentions):
            yield mentions(doc, groups)

    def trees(self, texts: Sequence[str]) -> Iterator[list[ParsedWord]]:
        """The words of each text as the parser reads them."""
        return map(words, self._docs(texts, self.pipeline.passes.trees))

    def _docs(self, texts: Sequence[str], components: Collection[str]) -> Iterator[Doc]:
        """Each text after those of the components that are named."""
        others = [name for name in self.nlp.pipe_names if name not in components]
        yield from self.nlp.pipe(texts, batch_size=self._batch_size, disable=others)


def mentions(doc: Doc, groups: Collection[str] | None) -> list[ModelMention]:
    """The entities of a document and the spans of its ``groups``, which are as ``span_groups`` has them."""
    read = [spans for key, spans in doc.spans.items() if groups is None or key in groups]
    return [
        ModelMention(span.start_char, span.end_char, span.label_)
        for span in [*doc.ents, *(span for spans in read for span in spans)]
    ]


def words(doc: Doc) -> list[ParsedWord]:
    """The words of a document, white space left out."""
    place = {token.i: n for n, token in enumerate(token for token in doc if not token.is_space)}
    found: list[ParsedWord] = []
    sentence = -1
    for token in doc:
        sentence += token.is_sent_start is True or token.i == 0
        if token.i in place:
            found.append(
                ParsedWord(
                    token.idx,
                    token.idx + len(token.text),
                    token.text,
                    token.lemma_,
                    token.pos_,
                    place.get(_head(token).i, len(found)),
                    token.dep_.lower(),
                    sentence,
                )
            )
    return found


def _head(token: Token) -> Token:
    """What a word hangs on, past white space."""
    head = token.head
    while head.is_space and head.head.i != head.i:
        head = head.head
    return head
