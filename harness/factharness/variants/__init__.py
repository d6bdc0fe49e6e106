"""Variants of articles: the same text under a hard condition, with its gold carried over.

A variant rewrites the text by edits, of which a map of offsets is made; the spans of the gold follow that map.
What is random in it depends on the id of the article alone, so that an article has one and the same variant in
every run, shard and process. The text of a variant is not normalised again.

``letters``, ``typography``, ``ocr`` and ``names`` have the variants, ``data`` reads their data files.
``offsets`` makes the map of offsets of the edits, ``carry`` carries the gold over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random

from msgspec import Struct, convert

from factharness.facts import GoldArticle
from factharness.variants.carry import Changed, Emptied, carried
from factharness.variants.data import document
from factharness.variants.letters import capitals, nfd, no_accents
from factharness.variants.names import names
from factharness.variants.ocr import ocr
from factharness.variants.offsets import Edit
from factharness.variants.typography import spaces, straight_quotes

__all__ = ["VARIANTS", "Changed", "Emptied", "Example", "Variant", "vary"]


class Example(Struct, frozen=True):
    """What a variant makes of a text, for an article with the id ``example``; persons stand in ``[…]``."""

    text: str
    becomes: str


class Variant(Struct, frozen=True):
    """A variant: its name in a suite, and what it changes in an article."""

    name: str
    change: Callable[[GoldArticle, Random], Changed]

    @property
    def says(self) -> str:
        """What it stands for, in a few words."""
        return str(document("variants")[self.name]["says"])

    @property
    def examples(self) -> list[Example]:
        """What it does, as the documentation shows it."""
        return convert(document("variants")[self.name]["examples"], list[Example])


def _of_text(edits: Callable[[str, Random], Iterable[Edit]]) -> Callable[..., Changed]:
    """A change that looks at the text alone."""
    return lambda gold, random: Changed(list(edits(gold.article.text, random)))


VARIANTS: Mapping[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("straight-quotes", _of_text(straight_quotes)),
        Variant("no-accents", _of_text(no_accents)),
        Variant("capitals", _of_text(capitals)),
        Variant("nfd", _of_text(nfd)),
        Variant("spaces", _of_text(spaces)),
        Variant("ocr", _of_text(ocr)),
        Variant("names", names),
    )
}
"""By name, as a suite asks for them."""


def vary(gold: GoldArticle, name: str) -> GoldArticle:
    """The variant ``name`` of an article, with its gold. Raises :class:`Emptied`."""
    return carried(gold, VARIANTS[name].change(gold, Random(f"{name}/{gold.article.id}")))
