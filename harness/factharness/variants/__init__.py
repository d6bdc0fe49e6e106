"""Variants of articles: the same text under a hard condition, with its gold carried over.

A variant rewrites the text by edits, of which a map of offsets is made; the spans of the gold follow that map.
What is random in it depends on the id of the article alone, so that an article has one and the same variant in
every run, shard and process. The text of a variant is not normalised again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random

from msgspec import Struct

from factharness.facts import GoldArticle
from factharness.variants.carry import Emptied, carried
from factharness.variants.letters import capitals, nfd, no_accents
from factharness.variants.names import Renamed, names
from factharness.variants.ocr import ocr
from factharness.variants.offsets import Edit, rewrite
from factharness.variants.typography import spaces, straight_quotes

__all__ = ["VARIANTS", "Emptied", "Variant", "vary"]


class Variant(Struct, frozen=True):
    """A variant: what it stands for, and what it changes in an article."""

    says: str
    change: Callable[[GoldArticle, Random], Renamed]


def _of_text(edits: Callable[[str, Random], Iterable[Edit]]) -> Callable[..., Renamed]:
    """A change that looks at the text alone."""
    return lambda gold, random: Renamed(list(edits(gold.article.text, random)))


VARIANTS: Mapping[str, Variant] = {
    "straight-quotes": Variant(
        "straight quotation marks and apostrophes", _of_text(straight_quotes)
    ),
    "no-accents": Variant("letters without accents", _of_text(no_accents)),
    "capitals": Variant("everything in capitals", _of_text(capitals)),
    "nfd": Variant("letters and accents as two characters", _of_text(nfd)),
    "spaces": Variant("spaces as copying leaves them", _of_text(spaces)),
    "ocr": Variant("mistakes of a scanned newspaper", _of_text(ocr)),
    "names": Variant("persons with names of other origins", names),
}
"""By name, as a suite asks for them."""


def vary(gold: GoldArticle, name: str) -> GoldArticle:
    """The variant ``name`` of an article, with its gold. Raises :class:`Emptied`."""
    changed = VARIANTS[name].change(gold, Random(f"{name}/{gold.article.id}"))
    text, offsets = rewrite(gold.article.text, changed.edits)
    return carried(gold, text, offsets, changed.speakers, changed.groups)
