"""A back end of a run with its predictions, before they are scored."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from factharness.facts import KINDS, Kind
from factharness.gold.sets import GoldSet
from factharness.runs.plan import variant_of
from factharness.runs.record import BackendRecord, PredictionRecord
from factharness.runs.seen import Origins


class Extracted(Struct):
    """A back end and its predictions, by the names of ``Plan.articles``, in the order of the articles.

    Articles in a language that the back end does not read have none. ``origins`` says where its facts come
    from; ``seen`` has, by gold set and kind, the articles that it was developed or trained with.
    """

    backend: BackendRecord
    predictions: dict[str, list[PredictionRecord]]
    origins: Origins = field(default_factory=dict)
    seen: dict[str, dict[Kind, tuple[str, ...]]] = field(default_factory=dict)

    def of_variant(self, variant: str, goldsets: Iterable[GoldSet]) -> Extracted:
        """The predictions on the variants of articles, by the names of the gold sets."""
        lines = {
            one.name: self.predictions.get(variant_of(one.name, variant), []) for one in goldsets
        }
        return Extracted(
            self.backend,
            {name: [replace(line, goldset=name) for line in some] for name, some in lines.items()},
            self.origins,
            self.seen,
        )


def ordered(kinds: Collection[Kind]) -> tuple[Kind, ...]:
    """The kinds in the order of the tables."""
    return tuple(kind for kind in KINDS if kind in kinds)
