"""Components of spaCy pipelines: adding them, the span groups they write, and whose code they run."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs

from fact_extractors.pipelines.model_sources import cause
from factharness.errors import BackendError, HarnessError, unknown
from factharness.text import unmarked

if TYPE_CHECKING:
    from spacy.language import Language

_GROUP_WRITERS = {"spancat", "spancat_singlelabel", "span_ruler"}
_TRANSFORMERS = {
    "spacy-transformers": ("spacy-transformers", "transformers", "torch"),
    "spacy-curated-transformers": (
        "spacy-curated-transformers",
        "curated-transformers",
        "curated-tokenizers",
        "torch",
    ),
}
_VECTORS = "static_vectors"
"""The name of the layer by which a model of spaCy reads word vectors."""
_SPACYS_OWN = {"spacy", "thinc", "spacy_legacy", "spacy_transformers", "spacy_curated_transformers"}


class Pattern(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a ruler looks for: words, or a dictionary per token, as spaCy's rulers take them."""

    label: str
    pattern: str | list[dict[str, Any]]
    id: str = ""


class Component(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A component to add: made by ``factory``, or ``component`` of the pipeline ``source``.

    ``patterns`` are those of a ruler, or the file they stand in, one per line. The others are the
    parameters of spaCy's ``add_pipe``.
    """

    factory: str = ""
    source: str = ""
    component: str = ""
    name: str = ""
    config: dict[str, Any] = {}
    patterns: str | list[Pattern] = []
    before: str | int | None = None
    after: str | int | None = None
    first: bool | None = None

    @property
    def called(self) -> str:
        """The name it gets in the pipeline."""
        return self.name or self.component or self.factory


def parse(tables: Sequence[Mapping[str, Any]]) -> list[Component]:
    """Components from an option's tables, with the patterns of files read. Raises ``BackendError``."""
    if isinstance(tables, str | Mapping) or not isinstance(tables, Sequence):
        raise BackendError(
            f"components = {tables!r} is not a list",
            remedy='it lists tables: [{ factory = "entity_ruler", patterns = "names.jsonl" }]',
        )
    return [_parsed(number, table) for number, table in enumerate(tables, 1)]


def _parsed(number: int, table: Mapping[str, Any]) -> Component:
    try:
        component = msgspec.convert(table, Component)
    except msgspec.ValidationError as error:
        raise BackendError(
            f"component {number}: {error}",
            remedy=f"its keys may be {', '.join(Component.__struct_fields__)}",
        ) from error
    if bool(component.factory) == bool(component.source):
        raise BackendError(
            f"component {number} needs a factory or a source, and not both",
            remedy='say factory = "entity_ruler", or source = "bundled:fr_news", name = "ner"',
        )
    if component.source and not component.called:
        raise BackendError(f"component {number}: which of {component.source!r}?", remedy="say name")
    if isinstance(component.patterns, str):
        component = structs.replace(component, patterns=_patterns(Path(component.patterns)))
    return component


def _patterns(file: Path) -> list[Pattern]:
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise BackendError(f"patterns cannot be read: {error.strerror}", file=file) from error
    found = []
    for number, line in enumerate(unmarked(lines), 1):
        if line.strip():
            try:
                found.append(msgspec.json.decode(line, type=Pattern))
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise BackendError(
                    f"not a pattern: {error}",
                    file=file,
                    line=number,
                    remedy='a line is {"label": "ORG", "pattern": "Insee"}',
                ) from error
    return found


def add(nlp: Language, components: Iterable[Component], load: Callable[[str], Language]) -> None:
    """Add components to a pipeline, in order. ``load`` loads a source. Raises ``BackendError``."""
    sources: dict[str, Language] = {}
    for component in components:
        if component.source and component.source not in sources:
            sources[component.source] = load(component.source)
        try:
            _add(nlp, component, sources.get(component.source))
        except HarnessError:
            raise
        except Exception as error:
            raise BackendError(f"component {component.called!r}: {_text_of(error)}") from error


def _text_of(error: Exception) -> str:
    from thinc.api import ConfigValidationError

    if isinstance(error, ConfigValidationError):  # its first line says only that something is wrong
        return "; ".join(each["msg"] for each in error.errors)
    return cause(error)


def _add(nlp: Language, component: Component, source: Language | None) -> None:
    from spacy.util import registry

    place = {"before": component.before, "after": component.after, "first": component.first}
    if source is not None:
        name = component.component or component.name
        _check_source(source, name, component.source)
        _take_vectors(nlp, source, name, component.source)
        _keep_listening(nlp, source, name)
        added = nlp.add_pipe(name, name=component.called, source=source, **place)
    else:
        if not nlp.has_factory(component.factory):
            known = registry.factories.get_all()
            message, remedy = unknown("component factory", component.factory, known)
            raise BackendError(message, remedy=remedy)
        added = nlp.add_pipe(
            component.factory, name=component.called, config=component.config, **place
        )
    if component.patterns:
        if not hasattr(added, "add_patterns"):
            raise BackendError(
                f"component {component.called!r} takes no patterns",
                remedy="entity_ruler and span_ruler do",
            )
        # spaCy runs what comes before a ruler over every phrase, which only attributes other than the
        # words themselves need, and which takes minutes for a long list after a model.
        plain = getattr(added, "phrase_matcher_attr", None) is None
        with nlp.select_pipes(disable=nlp.pipe_names if plain else []):
            added.add_patterns(msgspec.to_builtins(component.patterns))


def _check_source(source: Language, name: str, model: str) -> None:
    if name not in source.component_names:
        message, remedy = unknown(f"component of {model!r}:", name, source.component_names)
        raise BackendError(message, remedy=remedy)


def _take_vectors(nlp: Language, source: Language, name: str, model: str) -> None:
    """Take over the word vectors of ``source``, if its component ``name`` reads them.

    Raises ``BackendError`` when the pipeline has others: it has one set, which all components share.
    """
    theirs = source.vocab.vectors
    if not len(theirs) or theirs == nlp.vocab.vectors or not _reads_vectors(source, name):
        return
    if len(nlp.vocab.vectors):
        raise BackendError(
            f"{name!r} of {model!r} reads the word vectors of its pipeline, and there are others already: "
            "a pipeline has one set",
            remedy="make each pipeline a back end of its own, and put their facts together with use = "
            '"vote", "union" or "first"',
        )
    nlp.vocab.vectors = theirs


def _reads_vectors(source: Language, name: str) -> bool:
    """Whether a component, or a layer that it listens to, was trained with word vectors.

    Components that are not spaCy's may read them without a word of it.
    """
    heard = [
        pipe for _, pipe in source.components if name in getattr(pipe, "listening_components", ())
    ]
    models = [getattr(pipe, "model", None) for pipe in (source.get_pipe(name), *heard)]
    return is_foreign(source, name) or any(
        node.name == _VECTORS for model in models if model is not None for node in model.walk()
    )


def _keep_listening(nlp: Language, source: Language, name: str) -> None:
    """Give a component its own copy of what it listens to, unless that has been taken along."""
    for heard in source.component_names:
        shared = source.get_pipe(heard)
        taken = heard in nlp.component_names and nlp.get_pipe(heard) is shared
        if not taken and name in getattr(shared, "listening_components", ()):
            source.replace_listeners(heard, name, ["model.tok2vec"])


def span_groups(nlp: Language, asked: Sequence[str] | None) -> frozenset[str] | None:
    """The keys of ``doc.spans`` to read; None: all, as a component that is not spaCy's may write any.

    Raises ``BackendError`` for a group that is asked for and that no component writes.
    """
    written = {
        nlp.get_pipe(name).key
        for name in nlp.pipe_names
        if nlp.get_pipe_meta(name).factory in _GROUP_WRITERS
    } - {None}
    foreign = any(is_foreign(nlp, name) for name in nlp.pipe_names)
    if asked is None:
        return None if foreign else frozenset(written)
    for key in asked:
        if key not in written and not foreign:
            message, remedy = unknown("span group", key, written)
            raise BackendError(message, remedy=remedy)
    return frozenset(asked)


def is_foreign(nlp: Language, name: str) -> bool:
    """Whether a component's code is not spaCy's."""
    return bool(_modules(nlp, name))


def code(nlp: Language) -> list[Path]:
    """The files in which the components stand that are not spaCy's, as far as they stand in files."""
    modules = {module for name in nlp.pipe_names for module in _modules(nlp, name)}
    files = {getattr(sys.modules.get(module), "__file__", None) for module in modules}
    return sorted(Path(file) for file in files if file)


def _modules(nlp: Language, name: str) -> set[str]:
    """The modules of a component, of its base classes and of its factory, without those of spaCy."""
    from spacy.util import registry

    pipe, factory = nlp.get_pipe(name), nlp.get_pipe_meta(name).factory
    specific = nlp.get_factory_name(factory)  # a language may have its own of that name
    made_by = specific if specific in registry.factories else factory
    functions = [pipe, registry.factories.get(made_by)]
    found = {made.__module__ for made in type(pipe).__mro__}
    for function in functions:
        while isinstance(function, functools.partial):
            function = function.func
        if inspect.isroutine(function):
            found.add(inspect.unwrap(function).__module__)
    return {
        module
        for module in found
        if module.partition(".")[0] not in _SPACYS_OWN | sys.stdlib_module_names
    }


def packages(nlp: Language) -> list[str]:
    """The packages beyond spaCy whose versions count for a pipeline: those of its transformers."""
    config = nlp.config.to_str()
    return sorted({each for key, names in _TRANSFORMERS.items() if key in config for each in names})
