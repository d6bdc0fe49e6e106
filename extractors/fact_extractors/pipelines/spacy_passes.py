"""Which components of a spaCy pipeline find names, and which find the trees of sentences.

The two passes are apart because a recogniser does not cross the sentence starts that a parser has set: names
would depend on whether quotations are looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from fact_extractors.pipelines import spacy_components
from factharness.errors import BackendError

if TYPE_CHECKING:
    from spacy.language import Language

_RULERS = {"entity_ruler", "span_ruler", "future_entity_ruler"}
_FINDERS = {"ner", "beam_ner", "spancat", "spancat_singlelabel", *_RULERS}
_SENTENCES = {"senter", "sentencizer"}
_TAGGERS = {"tagger", "morphologizer", "attribute_ruler"}
_LEMMATIZERS = {"lemmatizer", "trainable_lemmatizer"}
_SHARED = {"tok2vec", "transformer", "curated_transformer"}
_UNUSED = {"textcat", "textcat_multilabel", "entity_linker"}

_GRAMMAR = {"TAG", "POS", "MORPH", "LEMMA", "DEP"}
"""What the patterns of a ruler may ask of a word that only another component can say."""


class Passes(NamedTuple):
    """The names of the components that run for the mentions, and of those for the trees (none: no trees)."""

    mentions: frozenset[str]
    trees: frozenset[str]

    @property
    def needed(self) -> frozenset[str]:
        """The components that run at all."""
        return self.mentions | self.trees


def factories(nlp: Language) -> dict[str, str]:
    """The factory of each active component."""
    return {name: nlp.get_pipe_meta(name).factory for name in nlp.pipe_names}


def parsers(nlp: Language) -> set[str]:
    """The active components that set heads, by what they say of themselves."""
    return {name for name in nlp.pipe_names if "token.dep" in nlp.get_pipe_meta(name).assigns}


def passes(nlp: Language, model: str, *, parse: bool) -> Passes:
    """The components that are needed, of ``model``; those for trees only where they are to be found.

    Raises ``BackendError`` when nothing finds mentions.
    """
    made = factories(nlp)
    finders = {name for name, factory in made.items() if factory in _FINDERS}
    foreign = {name for name in made if spacy_components.is_foreign(nlp, name)}
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
    # Components that are not known here may prepare what the others read.
    known = _FINDERS | _SENTENCES | _TAGGERS | _LEMMATIZERS | _SHARED | _UNUSED
    heads = parsers(nlp)
    unknown = {name for name, factory in made.items() if factory not in known} - heads
    mentions = finders | unknown | _asked_by_rulers(nlp, made, heads)
    trees: set[str] = set()
    if parse and heads:
        tagging = {name for name, factory in made.items() if factory in _TAGGERS | _LEMMATIZERS}
        trees = heads | tagging | unknown
    return Passes(
        frozenset(mentions | _heard(nlp, made, mentions)),
        frozenset(trees | _heard(nlp, made, trees)),
    )


def _asked_by_rulers(nlp: Language, made: Mapping[str, str], heads: set[str]) -> set[str]:
    """The components that say of a word what the patterns of rulers ask for."""
    asked = {
        key.upper()
        for name, factory in made.items()
        if factory in _RULERS
        for pattern in nlp.get_pipe(name).patterns
        if not isinstance(pattern["pattern"], str)
        for word in pattern["pattern"]
        for key in word
    }
    if not asked & _GRAMMAR:
        return set()
    tagging = {name for name, factory in made.items() if factory in _TAGGERS | _LEMMATIZERS}
    return tagging | (heads if "DEP" in asked else set())


def _heard(nlp: Language, made: Mapping[str, str], needed: set[str]) -> set[str]:
    """The shared layers that a component which is needed listens to."""
    return {
        name
        for name, factory in made.items()
        if factory in _SHARED
        and set(getattr(nlp.get_pipe(name), "listening_components", needed)) & needed
    }


def labels(nlp: Language, *, own: Mapping[str, str] | None) -> list[str]:
    """The labels of every active component that finds mentions.

    Of components that are not spaCy's, theirs count when they say that they assign entities or spans. They
    need not say so: with one of them, the labels mapped by hand count too.
    """
    found: list[str] = []
    for name, factory in factories(nlp).items():
        pipe, assigned = nlp.get_pipe(name), nlp.get_pipe_meta(name).assigns
        if factory in _FINDERS:
            found += pipe.labels
        elif spacy_components.is_foreign(nlp, name):
            found += own or ()
            found += getattr(pipe, "labels", ()) if {"doc.ents", "doc.spans"} & {*assigned} else ()
    return sorted(set(found))
