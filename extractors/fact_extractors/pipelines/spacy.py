"""Back end ``spacy``: any pipeline of spaCy 3, the bundled one by default.

Entities are the mentions of ``ner``, ``entity_ruler``, ``span_ruler`` and ``spancat``, and of components that
are not spaCy's. Mentions labelled as dates become dates. Quotations come from
:mod:`fact_extractors.pipelines.quotes`, over the pipeline's tree when it has one. Components that none of this
needs are not run.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import groupby
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fact_extractors import digests, selftest
from fact_extractors.options import texts, whole
from fact_extractors.pipelines import spacy_components
from fact_extractors.pipelines.batches import Batch, batched, can_fork, in_processes
from fact_extractors.pipelines.common import (
    BUNDLED,
    MODELS,
    Common,
    Lazy,
    PipelineExtractor,
    bundled,
    bundled_index,
    cause,
    model_identity,
    no_folder,
    not_importable,
)
from fact_extractors.pipelines.reading import (
    ModelMention,
    ModelReading,
    ParsedWord,
    Window,
    windows,
)
from fact_extractors.pipelines.spacy_components import Component
from fact_extractors.torch_device import no_gpu
from factharness.errors import BackendError, BackendUnavailable
from factharness.extractor import Outcome
from factharness.facts import Article

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

REQUIRES = ("spacy",)

BLANK = "blank"
_FINDERS = {"ner", "beam_ner", "entity_ruler", "span_ruler", "future_entity_ruler"}
_SPANCATS = {"spancat", "spancat_singlelabel"}
_PARSERS = {"parser"}
_FOR_PARSE = {"tagger", "morphologizer", "attribute_ruler", "senter", "sentencizer"}
_SHARED = {"tok2vec", "transformer", "curated_transformer"}


def build(
    model: str = "bundled:fr_news",
    *,
    lang: str = "fr",
    components: Sequence[Mapping[str, Any]] = (),
    span_groups: Sequence[str] | None = None,
    batch_size: int = 32,
    n_process: int = 1,
    kinds: Sequence[str] | None = None,
    parse: bool = True,
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
    ``parse``
        run the tagger and the parser, if there are any, to find the speakers of quotations.
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
    common = Common.checked(kinds, parse, labels, gpu, fold_typography, max_length)
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
    # The bundled pipeline is not loaded to know its labels: it may not be needed at all.
    later = is_bundled and not added and span_groups is None
    pipeline = Lazy(
        partial(_pipeline, model, added, span_groups, lang=lang, gpu=gpu, parse=common.with_tree),
        partial(_labels, own=common.labels),
        _bundled_labels(folders[0]) if later else None,
    )
    more = [] if pipeline.loaded is None else spacy_components.packages(pipeline.loaded)
    code = [] if pipeline.loaded is None else spacy_components.code(pipeline.loaded)
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
) -> Language:
    """The pipeline, loaded, with only the components that are needed."""
    _compute_on(gpu)
    nlp = _blank(lang) if model == BLANK else _load(model)
    if nlp.lang not in (lang, "xx"):
        raise BackendError(
            f"spaCy pipeline {model!r} is for {nlp.lang!r}, the articles are {lang!r}",
            remedy=f"choose another, or say lang = {nlp.lang!r}",
        )
    spacy_components.add(nlp, components, _load)
    _keep_needed(nlp, model, parse)
    spacy_components.span_groups(nlp, span_groups)
    return nlp


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


def _bundled_labels(where: Path) -> list[str]:
    by_component = bundled_index(where / "meta.json")["labels"]
    return sorted(label for labels in by_component.values() for label in labels)


def _factories(nlp: Language) -> dict[str, str]:
    return {name: nlp.get_pipe_meta(name).factory for name in nlp.pipe_names}


def _keep_needed(nlp: Language, model: str, parse: bool) -> None:
    """Disable what finds neither mentions nor, when asked for, the tree."""
    factories = _factories(nlp)
    finders = {name for name, made in factories.items() if made in _FINDERS | _SPANCATS}
    foreign = {name for name in factories if spacy_components.is_foreign(nlp, name)}
    if not finders | foreign:
        raise BackendError(
            f"spaCy pipeline {model!r} has no component that finds entities",
            remedy="it needs ner, entity_ruler, span_ruler or spancat",
        )
    if not foreign and not any(nlp.get_pipe(name).labels for name in finders):
        raise BackendError(
            f"{', '.join(sorted(finders))} of spaCy pipeline {model!r} knows no label and finds nothing",
            remedy="give rulers patterns, and take other components from a trained pipeline",
        )
    keep = set(finders)
    if parse and _PARSERS & set(factories.values()):
        keep |= {name for name, made in factories.items() if made in _PARSERS | _FOR_PARSE}
    # Components that are not known here may prepare what the others read.
    keep |= {name for name, made in factories.items() if made not in _STANDARD}
    for name, made in factories.items():
        if made in _SHARED:
            listeners = set(getattr(nlp.get_pipe(name), "listening_components", keep))
            keep |= {name} if listeners & keep else set()
    nlp.select_pipes(enable=[name for name in nlp.pipe_names if name in keep])


_STANDARD = (
    _FINDERS
    | _SPANCATS
    | _PARSERS
    | _FOR_PARSE
    | _SHARED
    | {"lemmatizer", "trainable_lemmatizer", "textcat", "textcat_multilabel", "entity_linker"}
)


def _labels(nlp: Language, *, own: Mapping[str, str] | None) -> list[str]:
    """The labels of every active component that finds mentions.

    Of components that are not spaCy's, theirs count when they say that they assign entities or spans. They
    need not say so: with one of them, the labels mapped by hand count too.
    """
    found: list[str] = []
    for name, made in _factories(nlp).items():
        pipe, assigned = nlp.get_pipe(name), nlp.get_pipe_meta(name).assigns
        if made in _FINDERS | _SPANCATS:
            found += pipe.labels
        elif spacy_components.is_foreign(nlp, name):
            found += own or ()
            found += getattr(pipe, "labels", ()) if {"doc.ents", "doc.spans"} & {*assigned} else ()
    return sorted(set(found))


class ReadWindow(NamedTuple):
    """A window that has been read; ``doc`` is there only when it has a tree."""

    part: Window
    mentions: list[ModelMention]
    doc: Doc | None


class SpacyExtractor(PipelineExtractor["Language"]):
    """See :class:`fact_extractors.pipelines.common.PipelineExtractor`; made by :func:`build`."""

    library = "spaCy"
    code = ("pipelines/spacy.py", "pipelines/spacy_components.py")

    def __init__(
        self, *given: Any, n_process: int, span_groups: Sequence[str] | None, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self._n_process, self._span_groups = n_process, span_groups

    @property
    def nlp(self) -> Language:
        """The pipeline, by the name it has in spaCy."""
        return self.pipeline

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
            return list(self._read(batch))

    def _read(self, batch: Batch) -> Iterator[Outcome]:
        limit = min(self._common.max_length, self.nlp.max_length)
        groups = spacy_components.span_groups(self.nlp, self._span_groups)
        parts = [
            (n, part) for n, article in enumerate(batch) for part in windows(article.text, limit)
        ]
        texts = (self.shown(batch[n].text[part.start : part.end]) for n, part in parts)
        docs = self.nlp.pipe(texts, batch_size=self._batch_size)
        for n, pairs in groupby(zip(parts, docs, strict=True), key=lambda pair: pair[0][0]):
            pieces = [piece(part, doc, groups) for (_, part), doc in pairs]
            yield self.facts(batch[n], stitched(pieces))


def piece(part: Window, doc: Doc, groups: Collection[str] | None) -> ReadWindow:
    """What a document says of its window, in offsets of the article; ``groups`` as ``span_groups`` has them.

    The document itself is kept for its tree only: it is big, and a long article has many.
    """
    read = [spans for key, spans in doc.spans.items() if groups is None or key in groups]
    mentions = [
        ModelMention(part.start + span.start_char, part.start + span.end_char, span.label_)
        for span in [*doc.ents, *(span for spans in read for span in spans)]
        if part.core <= part.start + span.start_char < part.core_end
    ]
    return ReadWindow(part, mentions, doc if doc.has_annotation("DEP") else None)


def stitched(pieces: Sequence[ReadWindow]) -> ModelReading:
    """The windows of an article as one reading."""
    mentions = [mention for each in pieces for mention in each.mentions]
    trees = [(each.part, each.doc) for each in pieces if each.doc is not None]
    return ModelReading(mentions, bool(trees), lambda: tokens(trees))


def tokens(trees: Sequence[tuple[Window, Doc]]) -> list[ParsedWord]:
    """The words of an article's windows, white space left out."""
    found: list[ParsedWord] = []
    for part, doc in trees:
        inside = [
            t for t in doc if not t.is_space and part.core <= part.start + t.idx < part.core_end
        ]
        index: dict[int, int] = {token.i: len(found) + n for n, token in enumerate(inside)}
        for token in inside:
            start = part.start + token.idx
            found.append(
                ParsedWord(
                    start,
                    start + len(token.text),
                    token.text,
                    token.lemma_,
                    token.pos_,
                    index.get(token.head.i, -1),
                    token.dep_.lower(),
                    token.ent_type_,
                )
            )
    return found
