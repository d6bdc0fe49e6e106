"""What a back end is: three members, nothing to inherit from, and two more it may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from factharness.errors import ExtractionError
from factharness.facts import Article, Fact, Kind
from factharness.labels import SCHEME

Outcome: TypeAlias = Sequence[Fact] | ExtractionError
"""What one article came to: its facts, or the error that kept them from being found."""


@runtime_checkable
class Extractor(Protocol):
    """A fact extractor.

    ``kinds`` is what it claims to find; a kind it does not claim is reported as "n/a", not as 0.

    Building one is cheap, and so is asking for its fingerprint: when every prediction is in the cache, no
    model is ever loaded.

    It may also have

    ``label_scheme: str``
        the label set its entities are in, by a name of :mod:`factharness.labels`; without it, the gold's.
    ``load() -> None``
        load the model; called once, before the first ``extract``, and timed apart. Raises ``BackendError``.
    """

    kinds: frozenset[Kind]

    def fingerprint(self) -> Mapping[str, str]:
        """Everything that can change the output: code hash, library and model versions, options."""
        ...

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """One item per article, in order, lazily.

        An article the back end cannot handle is yielded as an :class:`ExtractionError` value, so that a
        batching back end keeps its other articles. An exception that is *raised* ends the generator; the
        harness records it for the article at hand and calls ``extract`` again with the articles that are
        left.
        """
        ...


def label_scheme(extractor: Extractor) -> str:
    """The label set of an extractor's entities; the gold's own unless it says otherwise."""
    return str(getattr(extractor, "label_scheme", SCHEME))


def load(extractor: Extractor) -> None:
    """Load an extractor's model where it has one to load. Raises what its ``load`` raises."""
    loader = getattr(extractor, "load", None)
    if loader is not None:
        loader()
