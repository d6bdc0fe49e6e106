"""A back end of a run with its predictions, before they are scored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from factharness.facts import KINDS, Kind
from factharness.gold.sets import GoldSet
from factharness.runs.plan import variant_of
from factharness.runs.predictions import ReadAgain, Records
from factharness.runs.record import BackendRecord
from factharness.runs.seen import Origins


class Extracted(Struct):
    """A back end and its predictions, by the names of ``Plan.articles``, in the order of the articles.

    Articles in a language that the back end does not read have none. ``origins`` says where its facts come
    from; ``seen`` has, by gold set and kind, the articles that it was developed or trained with.
    """

    backend: BackendRecord
    predictions: Mapping[str, Records]
    origins: Origins = field(default_factory=dict)
    seen: dict[str, dict[Kind, tuple[str, ...]]] = field(default_factory=dict)

    def of_variant(self, variant: str, goldsets: Iterable[GoldSet]) -> Extracted:
        """The predictions on the variants of articles, by the names of the gold sets."""
        its = {
            one.name: _renamed(self.predictions.get(variant_of(one.name, variant), ()), one.name)
            for one in goldsets
        }
        return Extracted(self.backend, its, self.origins, self.seen)


def _renamed(records: Records, goldset: str) -> Records:
    """The predictions as those on another gold set."""
    return ReadAgain(len(records), lambda: (replace(line, goldset=goldset) for line in records))


def ordered(kinds: Collection[Kind]) -> tuple[Kind, ...]:
    """The kinds in the order of the tables."""
    return tuple(kind for kind in KINDS if kind in kinds)
