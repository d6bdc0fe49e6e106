"""Lets several back ends read a corpus side by side, in memory that grows by one profile per article."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from typing import Any

from msgspec import Struct

from factharness.backends.recipe import Recipe
from factharness.backends.workers import Placement
from factharness.corpus.extraction import predictions
from factharness.corpus.profiles import CorpusReader, Profile, profile
from factharness.corpus.sources import Corpus
from factharness.errors import HarnessError
from factharness.extractor import label_scheme
from factharness.facts import Article, Prediction
from factharness.scheme import Scheme


class Reading(Struct):
    """The profiles of a corpus, and why articles have none, by id."""

    profiles: list[Profile]
    failed: dict[str, str]


def read(
    corpus: Corpus,
    backends: Mapping[str, tuple[str, Mapping[str, Any]]],
    scheme: Scheme,
    *,
    jobs: int = 1,
) -> Reading:
    """Profile every article of a corpus; ``backends`` are by name what to use and its options.

    Raises ``HarnessError`` when the input cannot be read, a back end cannot be used, or no two of them find the
    same kind.
    """
    readers: list[CorpusReader] = []
    reading = Reading([], {})
    with ExitStack() as stack:
        sides: list[Iterator[Prediction]] = []
        for name, (use, options) in backends.items():
            recipe = Recipe(use, dict(options), ".")
            extractor = recipe.build()
            label_map = scheme.map_from(label_scheme(extractor))
            readers.append(CorpusReader(name, frozenset(extractor.kinds), label_map))
            batches = predictions(recipe, extractor, corpus.entries(), Placement(jobs))
            stack.enter_context(closing(batches))
            sides.append(prediction for batch in batches for _, prediction in batch)
        _check_comparable(readers)
        for entry, *answers in zip(corpus.entries(), *sides, strict=True):
            _add(reading, entry, readers, answers, scheme)
    return reading


def _add(
    reading: Reading,
    entry: Article | Prediction,
    readers: Sequence[CorpusReader],
    answers: Sequence[Prediction],
    scheme: Scheme,
) -> None:
    """Add the profile of one entry, or why it has none."""
    if isinstance(entry, Prediction):
        reading.failed[entry.article_id] = entry.error or ""
        return
    made = profile(entry, readers, answers, scheme)
    if made is not None:
        reading.profiles.append(made)
        return
    wrong = (
        f"{reader.name}: {answer.error}"
        for reader, answer in zip(readers, answers, strict=True)
        if answer.error
    )
    reading.failed[entry.id] = next(wrong, "")


def _check_comparable(readers: Sequence[CorpusReader]) -> None:
    """Raise ``HarnessError`` unless two of the back ends find a kind in common."""
    pairs = itertools.combinations(readers, 2)
    if not any(first.kinds & second.kinds for first, second in pairs):
        raise HarnessError(
            f"no two of {', '.join(reader.name for reader in readers)} find the same kind of fact",
            remedy="name two back ends that do; factharness backends show says what one finds",
        )
