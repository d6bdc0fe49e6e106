"""Back end ``stanza``: any Stanza pipeline that has an entity tagger, the bundled one by default.

Never downloads. Articles go in batches, as Stanza is many times faster on them; torch is held to one thread
per process, because on a busy machine the threads of its default wait for each other most of the time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fact_extractors import digests, selftest
from fact_extractors.batches import Batch
from fact_extractors.pipelines import (
    BUNDLED,
    MODELS,
    PipelineExtractor,
    bundled,
    cause,
    not_importable,
    versions,
)
from fact_extractors.reading import LabelView, Mention, Reading, Token, Window, claimed, windows
from factharness.errors import BackendError, BackendUnavailable
from factharness.extractor import Outcome
from factharness.facts import Article

if TYPE_CHECKING:
    from stanza.models.common.doc import Document
    from stanza.pipeline.core import Pipeline

REQUIRES = ("stanza", "torch")

_FIND = ("tokenize", "mwt", "ner")
_PARSE = ("pos", "lemma", "depparse")

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")

# Longer than any word: data, at which the character models would work for minutes.
_LONG_WORD = re.compile(r"(\S{99})\S")


def build(
    lang: str = "fr",
    package: str | None = None,
    *,
    model_dir: str | None = "bundled:fr_news",
    files: Mapping[str, str] | None = None,
    pretokenised: bool = False,
    batch_size: int = 32,
    kinds: Sequence[str] | None = None,
    parse: bool = True,
    labels: Mapping[str, str] | None = None,
    gpu: bool = False,
    threads: int = 1,
    fold_typography: bool | None = None,
    max_length: int = 20_000,
) -> StanzaExtractor:
    """Load a pipeline.

    ``lang``, ``package``
        as ``stanza.Pipeline`` takes them; no package: the language's default.
    ``model_dir``
        a Stanza resources directory, ``bundled:fr_news``, or None for Stanza's own.
    ``files``
        a model file for single processors, ``{"ner": "my_ner.pt"}``.
    ``pretokenised``
        take the words and sentences of the text as they are, instead of running the tokenizer: white space of
        any kind, no-break spaces included, parts words, a line end parts sentences.
    ``batch_size``
        articles per batch.
    ``kinds``
        the kinds to find; by default all that the model can.
    ``parse``
        run the parser, if there is one, to find the speakers of quotations.
    ``labels``
        the model's labels to PER ORG LOC MISC, DATE TIME DURATION SET or ``""`` (left out); without it the
        label set is recognised.
    ``gpu``, ``threads``
        use the GPU; threads of torch in this process.
    ``fold_typography``
        show the model plain apostrophes and spaces for ’ and no-break spaces; by default the bundled
        models only. Offsets do not change.
    ``max_length``
        characters shown at once; longer articles are read in several windows.

    The bundled models are loaded when they are first needed. Raises ``BackendUnavailable`` when Stanza or a
    model is not installed, ``BackendError`` when they cannot be used.
    """
    folder = _folder(model_dir)
    is_bundled = (model_dir or "").startswith(BUNDLED)
    parse = parse and (kinds is None or "quote" in kinds)

    load = partial(
        _load,
        lang,
        package,
        folder,
        dict(files or {}),
        pretokenised=pretokenised,
        parse=parse,
        gpu=gpu,
        threads=threads,
    )
    # The bundled models are not loaded to know their labels: they may not be needed at all.
    known = _bundled_labels(folder, lang) if is_bundled and folder and not files else None
    pipeline = None
    if known is None:
        pipeline = load()
        known = _labels(pipeline)
    view = LabelView(known, labels)
    read_from = _model_files(pipeline) if pipeline else [folder] if folder else []
    options = (kinds, parse, dict(labels or {}), gpu, fold_typography, max_length, pretokenised)
    return StanzaExtractor(
        load,
        pipeline,
        view,
        claimed(view, kinds),
        batch_size=batch_size,
        folded=is_bundled if fold_typography is None else fold_typography,
        max_length=max_length,
        threads=threads,
        pretokenised=pretokenised,
        identity={
            **versions("Stanza", "stanza", "torch"),
            "model": f"{lang} {package or 'default'} {model_dir or ''}".strip(),
            "model_digest": digests.digest(read_from),
            "options": repr(options),
        },
    )


def _bundled_labels(folder: Path, lang: str) -> list[str] | None:
    """The tagger's labels as the bundled index has them; None: it has none of that language."""
    index = json.loads((folder / "resources.json").read_text(encoding="utf-8"))
    labels: list[str] | None = index.get(lang, {}).get("ner", {}).get("news", {}).get("labels")
    return labels


def _labels(pipeline: Pipeline) -> list[str]:
    return sorted(pipeline.processors["ner"].get_known_tags())


def doctor() -> str | None:
    """What is wrong with the bundled model; None: it gives the facts it gave when it was made."""
    return selftest.problem(build(), MODELS / "stanza_fr_news")


def _folder(model_dir: str | None) -> Path | None:
    if model_dir is None:
        return None
    if not model_dir.startswith(BUNDLED):
        return Path(model_dir)
    return bundled("Stanza", model_dir.removeprefix(BUNDLED))


def _load(
    lang: str,
    package: str | None,
    folder: Path | None,
    files: Mapping[str, str],
    *,
    pretokenised: bool,
    parse: bool,
    gpu: bool,
    threads: int,
) -> Pipeline:
    try:
        import stanza
        import torch
        from stanza.resources.common import DEFAULT_MODEL_DIR
    except ImportError as error:
        raise not_importable("Stanza", error) from error
    torch.set_num_threads(threads)
    if gpu and not torch.cuda.is_available():
        raise BackendUnavailable("torch finds no GPU", remedy="leave out gpu = true")
    where = folder or Path(DEFAULT_MODEL_DIR)
    processors = _processors(where, lang, package, files, parse=parse)
    if pretokenised:  # a tokenizer would have to say which words are fused
        processors = [name for name in processors if name != "mwt"]
    missing = [path for path in files.values() if not Path(path).is_file()]
    if missing:
        raise BackendError("no such model file", file=missing[0])
    try:
        return stanza.Pipeline(
            lang,
            dir=str(where),
            package=package or "default",
            processors=",".join(processors),
            download_method=None,
            use_gpu=gpu,
            verbose=False,
            tokenize_pretokenized=pretokenised,
            **{f"{name}_model_path": path for name, path in files.items()},
        )
    except FileNotFoundError as error:
        raise _not_installed(where, lang, f"file {error.filename or error}") from error
    except Exception as error:
        raise BackendError(
            f"Stanza cannot load {lang!r} from {where}: {cause(error)}",
            remedy="it needs whole model files, made for this version of Stanza",
        ) from error


def _processors(
    where: Path, lang: str, package: str | None, files: Mapping[str, str], *, parse: bool
) -> list[str]:
    """The processors to run: those needed, and of those that help the ones that are there."""
    index = where / "resources.json"
    if not index.is_file():
        raise _not_installed(where, lang, "resources.json")
    try:
        resources = json.loads(index.read_text(encoding="utf-8"))
        language = resources.get(lang)
        while language is not None and "alias" in language:
            language = resources[language["alias"]]
        available = dict((language or {}).get("packages", {}).get(package or "default", {}))
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise BackendError(f"not an index of Stanza models: {error}", file=index) from error
    if language is None:
        raise _not_installed(where, lang, f"language {lang!r}")

    def there(processor: str) -> bool:
        return processor in files or (
            processor in available and (where / lang / processor).is_dir()
        )

    if not there("ner"):
        raise BackendUnavailable(
            f"Stanza has no entity tagger for {lang!r} in {where}",
            remedy=f'python -c "import stanza; stanza.download({lang!r})"',
        )
    found = [name for name in _FIND if name == "tokenize" or there(name)]
    if parse and all(there(name) for name in _PARSE):
        found += _PARSE
    return found


def _not_installed(where: Path, lang: str, what: str) -> BackendUnavailable:
    return BackendUnavailable(
        f"Stanza finds no {what} in {where}",
        remedy=f'python -c "import stanza; stanza.download({lang!r})", or another model_dir',
    )


def _model_files(pipeline: Pipeline) -> list[Path]:
    """The files the processors were loaded from."""
    found: set[Path] = set()
    for processor in pipeline.processors.values():
        for key, value in processor.config.items():
            paths = value if isinstance(value, list | tuple) else [value]
            if key.endswith(("model_path", "pretrain_path", "charlm_path")):
                found |= {Path(path) for path in paths if path and Path(path).is_file()}
    return sorted(found)


class StanzaExtractor(PipelineExtractor["Pipeline"]):
    """See :class:`fact_extractors.pipelines.PipelineExtractor`; made by :func:`build`."""

    library = "Stanza"
    code = ("stanza_pipeline.py",)

    def __init__(self, *given: Any, threads: int, pretokenised: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        self._threads, self._pretokenised = threads, pretokenised

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Facts of each article; see the protocol."""
        import torch

        torch.set_num_threads(self._threads)  # a worker process starts with torch's default again
        yield from super().extract(articles)

    def shown(self, text: str) -> str:
        """A text as the pipeline sees it, offset for offset."""
        return _LONG_WORD.sub(r"\1 ", super().shown(text))

    def read(self, batch: Batch) -> list[Outcome]:
        """The facts of each article. Raises whatever the pipeline raises."""
        import stanza

        parts = [
            (n, part)
            for n, article in enumerate(batch)
            for part in windows(article.text, self._max_length)
        ]
        texts = [self.shown(batch[n].text[part.start : part.end]) for n, part in parts]
        words = sentences if self._pretokenised else lambda _text: []
        # Stanza has no answer to a text without a word.
        documents = {
            at: stanza.Document(words(text), text=text)
            for at, text in enumerate(texts)
            if text.strip()
        }
        read_documents: list[Document] = self.pipeline.bulk_process(list(documents.values()))
        done: list[list[tuple[Window, Document]]] = [[] for _ in batch]
        for at, document in zip(documents, read_documents, strict=True):
            n, part = parts[at]
            done[n].append((part, document))
        return [self.facts(article, read(mine)) for article, mine in zip(batch, done, strict=True)]


def sentences(text: str) -> list[list[dict[str, Any]]]:
    """The words of a text that is tokenised already, as ``stanza.Document`` takes them.

    They are those that Stanza would find itself, but Stanza counts their offsets with single spaces between.
    """
    lines = (
        [
            {"id": n, "text": word[0], "start_char": word.start(), "end_char": word.end()}
            for n, word in enumerate(_WORD.finditer(text, line.start(), line.end()), 1)
        ]
        for line in _LINE.finditer(text)
    )
    return [line for line in lines if line]


def read(parts: Sequence[tuple[Window, Document]]) -> Reading:
    """What the documents of an article's windows say, in offsets of the article."""
    mentions = [
        Mention(part.start + span.start_char, part.start + span.end_char, span.type)
        for part, document in parts
        for span in document.ents
        if part.core <= part.start + span.start_char < part.core_end
    ]
    parsed = any(
        word.head is not None
        for _, doc in parts
        for sent in doc.sentences[:1]
        for word in sent.words
    )
    return Reading(mentions, parsed, lambda: tokens(parts))


def tokens(parts: Sequence[tuple[Window, Document]]) -> list[Token]:
    """The syntactic words of an article's windows.

    The words of a multi-word token (``du`` = ``de`` + ``le``) all have its offsets.
    """
    found: list[Token] = []
    for part, document in parts:
        for sentence in document.sentences:
            first = sentence.tokens[0]
            if not part.core <= part.start + first.start_char < part.core_end:
                continue
            base = len(found)
            for token in sentence.tokens:
                ent = (token.ner or "O").partition("-")[2]
                for word in token.words:
                    here = len(found)
                    head = -1 if word.head is None else base + word.head - 1 if word.head else here
                    found.append(
                        Token(
                            part.start + token.start_char,
                            part.start + token.end_char,
                            word.text,
                            word.lemma or "",
                            word.upos or "",
                            head,
                            (word.deprel or "").lower(),
                            ent,
                        )
                    )
    return found
