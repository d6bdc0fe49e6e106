"""Back end ``stanza``: any Stanza pipeline that has an entity tagger, the bundled one by default.

Never downloads. Articles go in batches, as Stanza is many times faster on them; torch is held to one thread
per process, because on a busy machine the threads of its default wait for each other most of the time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from fact_extractors import selftest
from fact_extractors.options import flag, table, text, whole
from fact_extractors.pipelines.common import Common, Known, Lazy, PipelineExtractor
from fact_extractors.pipelines.model_sources import (
    BUNDLED,
    MODELS,
    REINSTALL,
    bundled,
    bundled_index,
    cause,
    model_identity,
    no_folder,
    not_importable,
)
from fact_extractors.pipelines.reading import ModelMention, ParsedWord
from fact_extractors.torch_device import device
from factharness.errors import BackendError, BackendUnavailable, unknown
from factharness.extractor import Outcome
from factharness.facts import Article

if TYPE_CHECKING:
    from stanza.models.common.doc import Document
    from stanza.pipeline.core import Pipeline

REQUIRES = ("stanza", "torch")

_WORDS = ("tokenize", "mwt")
_FIND = (*_WORDS, "ner")
_PARSE = ("pos", "lemma", "depparse")
_NEEDED = {"tokenize", "ner"}
_HEADS = {"pos", "depparse"}
_FORM = "identity"
"""Stanza's name for what gives the form of a word as its lemma: its parser asks for lemmas of some kind."""

INDEX = "resources.json"

LONGEST = 100
"""Words of a sentence that the parser is shown at most. What it takes grows with their square, and with the
cube where it sees circles, as in lists without end."""

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")


def build(
    lang: str = "fr",
    package: str | None = None,
    *,
    model_dir: str | None = "bundled:fr_news",
    files: Mapping[str, str] | None = None,
    pretokenised: bool = False,
    batch_size: int = 32,
    kinds: Sequence[str] | None = None,
    quotes: str | None = None,
    labels: Mapping[str, str] | None = None,
    gpu: bool = False,
    threads: int = 1,
    fold_typography: bool | None = None,
    max_length: int = 20_000,
    longest: int = 100_000,
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
    ``quotes``
        where quotations come from: ``tree``, what the parser says of the text; ``rules``, the back end of that
        name, with the persons of the model; ``none``. By default the tree where there is a parser.
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
    ``longest``
        characters of the longest article that is read; a longer one is an error.

    The bundled models are loaded when they are first needed. Raises ``BackendUnavailable`` when Stanza or a
    model is not installed, ``BackendError`` when they cannot be used.
    """
    lang = text(lang, "lang")
    package = None if package is None else text(package, "package")
    model_dir = None if model_dir is None else text(model_dir, "model_dir")
    is_bundled = (model_dir or "").startswith(BUNDLED)
    fold_typography = is_bundled if fold_typography is None else fold_typography
    common = Common.checked(kinds, quotes, labels, gpu, fold_typography, max_length)
    batch_size, threads = whole(batch_size, "batch_size", 1), whole(threads, "threads", 1)
    own = _files(files or {})
    common = common._replace(is_bundled=is_bundled, mends=is_bundled and not own)
    folder = _folder(model_dir)
    # The bundled models are not loaded to know their labels: they may not be needed at all.
    pipeline = Lazy(
        partial(
            _load,
            lang,
            package,
            folder,
            own,
            pretokenised=flag(pretokenised, "pretokenised"),
            parse=common.may_parse,
            gpu=gpu,
            threads=threads,
        ),
        _known,
        _bundled(folder, lang) if is_bundled and folder and not own else None,
    )
    read_from = _model_files(pipeline.loaded) if pipeline.loaded else [folder] if folder else []
    return StanzaExtractor(
        pipeline,
        common,
        batch_size=batch_size,
        longest=longest,
        threads=threads,
        pretokenised=pretokenised,
        languages={lang},
        identity=model_identity(
            "Stanza",
            ["stanza", "torch"],
            f"{lang} {package or 'default'} {model_dir or ''}".strip(),
            read_from,
            (*common, pretokenised),
        ),
    )


def _bundled(folder: Path, lang: str) -> Known | None:
    """What the index of the bundled models says of them; None: it has none of that language."""
    language = bundled_index(folder / INDEX).get(lang, {})
    labels = language.get("ner", {}).get("news", {}).get("labels")
    return None if labels is None else Known(labels, language.keys() >= _HEADS)


def _known(pipeline: Pipeline) -> Known:
    """What is known of a pipeline that is loaded."""
    processors = pipeline.processors
    return Known(sorted(processors["ner"].get_known_tags()), "depparse" in processors)


def doctor() -> str | None:
    """What is wrong with the bundled model; None: it gives the facts it gave when it was made."""
    return selftest.problem(build(), MODELS / "stanza_fr_news")


def _files(files: Mapping[str, str]) -> dict[str, str]:
    own = table(files, "files")
    for name, path in own.items():
        if name not in _FIND + _PARSE:
            message, remedy = unknown("processor", name, _FIND + _PARSE)
            raise BackendError(f"files: {message}", remedy=remedy)
        if not Path(path).is_file():
            raise BackendError(
                "no such model file",
                file=Path(path).absolute(),
                remedy=f"check files.{name}, which is from the working directory",
            )
    return own


def _folder(model_dir: str | None) -> Path | None:
    if model_dir is None:
        return None
    if model_dir.startswith(BUNDLED):
        return bundled("Stanza", model_dir.removeprefix(BUNDLED))
    if not Path(model_dir).is_dir():
        raise no_folder(Path(model_dir))
    return Path(model_dir)


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
    device(gpu)
    where = folder or Path(DEFAULT_MODEL_DIR)
    # A tokenizer that is not run needs no file, and would have to say which words are fused.
    given = {*files} | ({"tokenize"} if pretokenised else set())
    with _indexed(where, given) as indexed:
        processors = _processors(indexed, lang, package, given, parse=parse)
        if pretokenised:
            processors.pop("mwt", None)
        try:
            return stanza.Pipeline(
                lang,
                dir=str(indexed),
                package=None,
                processors=processors,
                download_method=None,
                use_gpu=gpu,
                verbose=False,
                allow_unknown_language=True,
                tokenize_pretokenized=pretokenised,
                **{f"{name}_model_path": path for name, path in files.items()},
            )
        except FileNotFoundError as error:
            first = error.__cause__ if isinstance(error.__cause__, FileNotFoundError) else error
            raise _not_there(where, lang, f"file {first.filename or first}") from error
        except Exception as error:
            raise BackendError(
                f"Stanza cannot load {lang!r} from {where}: {cause(error)}",
                remedy="it needs whole model files, made for this version of Stanza",
            ) from error


@contextmanager
def _indexed(where: Path, given: Set[str]) -> Iterator[Path]:
    """A folder with an index, which Stanza insists on: an empty one when the index has nothing to add."""
    if not given >= _NEEDED or (where / INDEX).is_file():
        yield where
        return
    with TemporaryDirectory() as folder:
        (Path(folder) / INDEX).write_text("{}", encoding="utf-8")
        yield Path(folder)


def _processors(
    where: Path, lang: str, package: str | None, given: Set[str], *, parse: bool
) -> dict[str, str]:
    """The processors to run, with their models: those needed, and of those that help the ones that are there.

    ``given`` need nothing in ``where``.
    """
    index = where / INDEX
    if not index.is_file():
        raise _not_there(where, lang, INDEX)
    try:
        resources = json.loads(index.read_text(encoding="utf-8"))
        language = resources.get(lang)
        while language is not None and "alias" in language:
            language = resources[language["alias"]]
        packages = dict((language or {}).get("packages", {}))
        available = dict(packages.get(package or "default", {}))
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise BackendError(f"not an index of Stanza models: {error}", file=index) from error
    if language is None and not given >= _NEEDED:
        raise _not_there(where, lang, f"language {lang!r}")
    if language is not None and package is not None and package not in packages:
        message, remedy = unknown(f"package of {lang!r}", package, packages)
        raise BackendError(f"{message} in {where.absolute()}", remedy=remedy)

    def there(processor: str) -> bool:
        return processor in given or (
            processor in available and (where / lang / processor).is_dir()
        )

    if not there("ner"):
        raise _not_there(where, lang, f"entity tagger for {lang!r}")
    found = {name for name in _FIND if name == "tokenize" or there(name)}
    if parse and all(map(there, _HEADS)):
        found |= {*_PARSE}
    default = {"lemma": _FORM}
    return {
        name: available.get(name, default.get(name, "default"))
        for name in (*_FIND, *_PARSE)
        if name in found
    }


def _not_there(where: Path, lang: str, what: str) -> BackendUnavailable:
    if not where.is_relative_to(MODELS):
        download = f"stanza.download({lang!r}, model_dir={str(where.absolute())!r})"
        remedy = f'python -c "import stanza; {download}", or another model_dir'
    elif (where / lang).is_dir():
        remedy = REINSTALL
    else:
        remedy = "name the model_dir of models for it"
    return BackendUnavailable(f"Stanza finds no {what} in {where.absolute()}", remedy=remedy)


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
    """See :class:`fact_extractors.pipelines.common.PipelineExtractor`; made by :func:`build`."""

    library = "Stanza"
    code = ("pipelines/stanza.py",)

    def __init__(self, *given: Any, threads: int, pretokenised: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        self._threads, self._pretokenised = threads, pretokenised

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Facts of each article; see the protocol."""
        import torch

        torch.set_num_threads(self._threads)  # a worker process starts with torch's default again
        yield from super().extract(articles)

    def mentions(self, texts: Sequence[str]) -> Iterator[list[ModelMention]]:
        """What the entity tagger finds in each text."""
        return map(mentions, self._documents(texts, _FIND))

    def trees(self, texts: Sequence[str]) -> Iterator[list[ParsedWord]]:
        """The words of each text as the parser reads them."""
        lemmatised = not self.pipeline.processors["lemma"].use_identity
        documents = [in_parts(document) for document in self._documents(texts, _WORDS)]
        for document in self.pipeline.bulk_process(documents, processors=_PARSE):
            yield words(document, lemmatised)

    def _documents(self, texts: Sequence[str], processors: Sequence[str]) -> Iterator[Document]:
        """Each text after those of the processors that are named and that the pipeline has."""
        import stanza

        given = sentences if self._pretokenised else lambda _text: []
        documents = [stanza.Document(given(text), text=text) for text in texts]
        yield from self.pipeline.bulk_process(documents, processors=processors)


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


def mentions(document: Document) -> list[ModelMention]:
    """The entities of a document."""
    return [ModelMention(span.start_char, span.end_char, span.type) for span in document.ents]


def in_parts(document: Document) -> Document:
    """A document whose sentences of more than ``LONGEST`` words are cut, each part being one of its own."""
    import stanza

    if all(len(sentence.words) <= LONGEST for sentence in document.sentences):
        return document
    parts: list[list[dict[str, Any]]] = []
    for sentence in document.sentences:
        part: list[dict[str, Any]] = []
        for token in sentence.tokens:
            if len(part) + len(token.words) > LONGEST:
                parts.append(part)
                part = []
            shift = len(part) + 1 - token.words[0].id
            for entry in token.to_dict():
                old = entry["id"]
                new = [n + shift for n in old] if isinstance(old, list | tuple) else old + shift
                part.append(entry | {"id": new})
        parts.append(part)
    return stanza.Document(parts, text=document.text)


def words(document: Document, lemmatised: bool) -> list[ParsedWord]:
    """The syntactic words of a document; ``lemmatised``: with their lemmas.

    The words of a multi-word token (``du`` = ``de`` + ``le``) all have its offsets.
    """
    found: list[ParsedWord] = []
    for number, sentence in enumerate(document.sentences):
        base = len(found)
        for token in sentence.tokens:
            for word in token.words:
                found.append(
                    ParsedWord(
                        token.start_char,
                        token.end_char,
                        word.text,
                        (lemmatised and word.lemma) or "",
                        word.upos or "",
                        base + word.head - 1 if word.head else len(found),
                        (word.deprel or "").lower(),
                        number,
                    )
                )
    return found
