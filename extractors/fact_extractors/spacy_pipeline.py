"""Back end ``spacy``: any pipeline of spaCy 3, the bundled one by default.

Entities are the mentions of ``ner``, ``entity_ruler``, ``span_ruler`` and ``spancat``. Mentions labelled as
dates become dates. Quotations come from :mod:`fact_extractors.token_quotes`, over the pipeline's tree when
it has one. Components that none of this needs are not run.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fact_extractors import digests, selftest
from fact_extractors.reading import (
    LabelView,
    Mention,
    Reading,
    Token,
    Window,
    claimed,
    entities_and_dates,
    fold,
    windows,
)
from fact_extractors.token_quotes import quotes
from factharness.errors import BackendError, BackendUnavailable, ExtractionError, unknown
from factharness.extractor import Outcome
from factharness.facts import Article, Fact, Kind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

REQUIRES = ("spacy",)

MODELS = Path(__file__).parent / "models"
_BUNDLED = "bundled:"
_FINDERS = {"ner", "beam_ner", "entity_ruler", "span_ruler", "future_entity_ruler"}
_SPANCATS = {"spancat", "spancat_singlelabel"}
_PARSERS = {"parser"}
_FOR_PARSE = {"tagger", "morphologizer", "attribute_ruler", "senter", "sentencizer"}
_SHARED = {"tok2vec", "transformer", "curated_transformer"}

Waiting = tuple[Article, list[Window]]


def build(
    model: str = "bundled:fr_news",
    *,
    lang: str = "fr",
    batch_size: int = 32,
    n_process: int = 1,
    kinds: Sequence[str] | None = None,
    parse: bool = True,
    labels: Mapping[str, str] | None = None,
    gpu: bool = False,
    fold_typography: bool | None = None,
    max_length: int = 20_000,
) -> SpacyExtractor:
    """Load a pipeline.

    ``model``
        an installed package, a pipeline directory, or ``bundled:fr_news``.
    ``lang``
        what the pipeline's language has to be; a multi-language one (``xx``) always passes.
    ``batch_size``, ``n_process``
        handed to ``nlp.pipe``: articles per batch, worker processes.
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

    The bundled pipeline is loaded when it is first needed. Raises ``BackendUnavailable`` when spaCy or the
    model is not installed, ``BackendError`` when the model cannot be used.
    """
    wanted = parse and (kinds is None or "quote" in kinds)
    where = _folder(model)

    def load() -> Language:
        return _pipeline(model, where, lang=lang, gpu=gpu, parse=wanted)

    # The bundled pipeline is not loaded to know its labels: it may not be needed at all.
    bundled = model.startswith(_BUNDLED)
    nlp = None if bundled else load()
    view = LabelView(_bundled_labels(where) if nlp is None else _labels(nlp), labels)
    return SpacyExtractor(
        load,
        nlp,
        view,
        claimed(view, kinds),
        batch_size=batch_size,
        n_process=n_process,
        folded=bundled if fold_typography is None else fold_typography,
        max_length=max_length,
        identity={
            "spacy": _version(),
            "model": model,
            "model_digest": digests.digest([where]),
            "options": repr((kinds, parse, dict(labels or {}), gpu, fold_typography, max_length)),
        },
    )


def doctor() -> str | None:
    """What is wrong with the bundled model; None: it gives the facts it gave when it was made."""
    return selftest.problem(build(), MODELS / "spacy_fr_news")


def _folder(model: str) -> Path:
    """Where a pipeline is."""
    if model.startswith(_BUNDLED):
        return _bundled(model.removeprefix(_BUNDLED))
    if Path(model).exists():
        return Path(model)
    try:
        import spacy
    except ImportError as error:
        raise _no_spacy(error) from error
    if not spacy.util.is_package(model):
        raise BackendUnavailable(
            f"spaCy pipeline {model!r} is neither installed nor a folder",
            remedy=f"python -m spacy download {model}",
        )
    return Path(spacy.util.get_package_path(model))


def _pipeline(model: str, where: Path, *, lang: str, gpu: bool, parse: bool) -> Language:
    """The pipeline, loaded, with only the components that are needed."""
    nlp = _load(model, where, gpu)
    if nlp.lang not in (lang, "xx"):
        raise BackendError(
            f"spaCy pipeline {model!r} is for {nlp.lang!r}, the articles are {lang!r}",
            remedy=f"choose another, or say lang = {nlp.lang!r}",
        )
    _keep_needed(nlp, model, parse)
    return nlp


def _load(model: str, where: Path, gpu: bool) -> Language:
    try:
        import spacy
    except ImportError as error:
        raise _no_spacy(error) from error
    if gpu:
        try:
            spacy.require_gpu()
        except ValueError as error:
            raise BackendUnavailable("spaCy finds no GPU", remedy="leave out gpu = true") from error
    folder = model.startswith(_BUNDLED) or Path(model).exists()
    try:
        return spacy.load(where if folder else model)
    except Exception as error:
        text = str(error).strip().splitlines()
        raise BackendError(
            f"spaCy cannot load {model!r}: {type(error).__name__}: {text[0] if text else ''}",
            remedy="it needs a whole pipeline directory, made by a version of spaCy that fits",
        ) from error


def _version() -> str:
    try:
        return metadata.version("spacy")
    except metadata.PackageNotFoundError as error:
        raise _no_spacy(error) from error


def _no_spacy(error: ImportError) -> BackendUnavailable:
    return BackendUnavailable(
        f"spaCy cannot be imported ({error})", remedy="pip install 'factharness[spacy]'"
    )


def _bundled_labels(where: Path) -> list[str]:
    meta = json.loads((where / "meta.json").read_text(encoding="utf-8"))
    return sorted(label for labels in meta["labels"].values() for label in labels)


def _bundled(name: str) -> Path:
    folder = MODELS / f"spacy_{name}"
    if not folder.is_dir():
        known = [path.name.removeprefix("spacy_") for path in MODELS.glob("spacy_*")]
        message, remedy = unknown("bundled spaCy pipeline", name, known)
        raise BackendError(message, remedy=remedy)
    return folder


def _factories(nlp: Language) -> dict[str, str]:
    return {name: nlp.get_pipe_meta(name).factory for name in nlp.pipe_names}


def _keep_needed(nlp: Language, model: str, parse: bool) -> None:
    """Disable what finds neither mentions nor, when asked for, the tree."""
    factories = _factories(nlp)
    finders = {name for name, made in factories.items() if made in _FINDERS | _SPANCATS}
    if not finders:
        raise BackendError(
            f"spaCy pipeline {model!r} has no component that finds entities",
            remedy="it needs ner, entity_ruler, span_ruler or spancat",
        )
    keep = set(finders)
    if parse and _PARSERS & set(factories.values()):
        keep |= {name for name, made in factories.items() if made in _PARSERS | _FOR_PARSE}
    for name, made in factories.items():
        if made in _SHARED:
            listeners = set(getattr(nlp.get_pipe(name), "listening_components", keep))
            keep |= {name} if listeners & keep else set()
    # Components of the user's own making (no factory of spaCy's) may prepare what the others read.
    keep |= {name for name, made in factories.items() if made not in _STANDARD}
    nlp.select_pipes(enable=[name for name in nlp.pipe_names if name in keep])


_STANDARD = (
    _FINDERS
    | _SPANCATS
    | _PARSERS
    | _FOR_PARSE
    | _SHARED
    | {"lemmatizer", "trainable_lemmatizer", "textcat", "textcat_multilabel", "entity_linker"}
)


def _labels(nlp: Language) -> list[str]:
    """The labels of every active component that finds mentions."""
    found: list[str] = []
    for name, made in _factories(nlp).items():
        if made in _FINDERS | _SPANCATS:
            found += nlp.get_pipe(name).labels
    return sorted(set(found))


class Piece(NamedTuple):
    """A window that has been read; ``doc`` is there only when it has a tree."""

    part: Window
    mentions: list[Mention]
    doc: Doc | None


class SpacyExtractor:
    """See :class:`factharness.extractor.Extractor`; made by :func:`build`."""

    def __init__(
        self,
        pipeline: Callable[[], Language],
        nlp: Language | None,
        labels: LabelView,
        kinds: frozenset[Kind],
        *,
        batch_size: int,
        n_process: int,
        folded: bool,
        max_length: int,
        identity: Mapping[str, str],
    ) -> None:
        self._pipeline, self._nlp = pipeline, nlp
        self.labels = labels
        self.label_scheme = labels.scheme
        self.kinds = kinds
        self._batch_size, self._n_process = batch_size, n_process
        self._folded, self._max_length = folded, max_length
        self._identity = dict(identity)

    @property
    def nlp(self) -> Language:
        """The pipeline; loaded when it is first needed."""
        if self._nlp is None:
            self._nlp = self._pipeline()
        return self._nlp

    def load(self) -> None:
        """Load the pipeline now. Raises as :func:`build`."""
        self._nlp = self.nlp

    def fingerprint(self) -> Mapping[str, str]:
        """Code, libraries, model and options."""
        code = digests.code("spacy_pipeline.py", "reading.py", "token_quotes.py", "rules")
        return {"code": code, **self._identity}

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Facts of each article; see the protocol.

        When the pipeline raises, the articles it had been given and not given back are read again one
        at a time, so that only the culprit has the error.
        """
        source = iter(articles)
        done = False
        while not done:
            waiting: deque[Waiting] = deque()
            try:
                yield from self._stream(source, waiting)
                done = True
            except Exception:
                if not waiting:
                    raise
                while waiting:
                    yield self._alone(*waiting.popleft())

    def _stream(self, source: Iterator[Article], waiting: deque[Waiting]) -> Iterator[Outcome]:
        """All articles through one ``nlp.pipe``; ``waiting`` holds those that are under way."""

        def texts() -> Iterator[str]:
            for article in source:
                parts = list(windows(article.text, min(self._max_length, self.nlp.max_length)))
                waiting.append((article, parts))
                yield from self._texts(article, parts)

        pieces: list[Piece] = []
        for doc in self.nlp.pipe(texts(), batch_size=self._batch_size, n_process=self._n_process):
            article, parts = waiting[0]
            pieces.append(piece(parts[len(pieces)], doc))
            if len(pieces) == len(parts):
                facts = self._facts(article, pieces)
                waiting.popleft()
                pieces = []
                yield facts

    def _alone(self, article: Article, parts: list[Window]) -> Outcome:
        try:
            texts = self._texts(article, parts)
            docs = (self.nlp(text) for text in texts)
            return self._facts(article, [piece(*pair) for pair in zip(parts, docs, strict=True)])
        except Exception as error:
            return ExtractionError(f"spaCy: {type(error).__name__}: {error}")

    def _texts(self, article: Article, parts: list[Window]) -> Iterator[str]:
        for part in parts:
            text = article.text[part.start : part.end]
            yield fold(text) if self._folded else text

    def _facts(self, article: Article, pieces: Sequence[Piece]) -> Outcome:
        reading = stitched(pieces)
        found: list[Fact] = [*entities_and_dates(article, reading, self.labels, self.kinds)]
        if "quote" in self.kinds:
            found += quotes(article.text, reading, self.labels)
        return found


def piece(part: Window, doc: Doc) -> Piece:
    """What a document says of its window, in offsets of the article.

    The document itself is kept for its tree only: it is big, and a long article has many.
    """
    mentions = [
        Mention(part.start + span.start_char, part.start + span.end_char, span.label_)
        for span in [*doc.ents, *(span for group in doc.spans.values() for span in group)]
        if part.core <= part.start + span.start_char < part.core_end
    ]
    return Piece(part, mentions, doc if doc.has_annotation("DEP") else None)


def stitched(pieces: Sequence[Piece]) -> Reading:
    """The windows of an article as one reading."""
    mentions = [mention for each in pieces for mention in each.mentions]
    trees = [(each.part, each.doc) for each in pieces if each.doc is not None]
    return Reading(mentions, bool(trees), lambda: tokens(trees))


def tokens(trees: Sequence[tuple[Window, Doc]]) -> list[Token]:
    """The words of an article's windows, white space left out."""
    found: list[Token] = []
    for part, doc in trees:
        inside = [
            t for t in doc if not t.is_space and part.core <= part.start + t.idx < part.core_end
        ]
        index: dict[int, int] = {token.i: len(found) + n for n, token in enumerate(inside)}
        for token in inside:
            start = part.start + token.idx
            found.append(
                Token(
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
