"""What a back end is: three members, nothing to inherit from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from factharness.errors import ExtractionError
from factharness.facts import Article, Fact, Kind

Outcome: TypeAlias = Sequence[Fact] | ExtractionError
"""What one article came to: its facts, or the error that kept them from being found."""


@runtime_checkable
class Extractor(Protocol):
    """A fact extractor.

    ``kinds``
        what it claims to find. A kind it does not claim is reported as "n/a", not as 0.
    ``label_scheme``
        the label set its entities are in, by a name of :mod:`factharness.labels` (``"fr-news-1"``
        when the labels are the gold's own).
    """

    kinds: frozenset[Kind]
    label_scheme: str

    def fingerprint(self) -> Mapping[str, str]:
        """Everything that can change the output: code hash, library and model versions, options."""
        ...

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """One item per article, in order, lazily.

        An article the back end cannot handle is yielded as an :class:`ExtractionError` value, so that
        a batching back end keeps its other articles. An exception that is *raised* ends the
        generator; the harness then records it for the article at hand and calls ``extract`` again
        with the articles that are left.
        """
        ...
