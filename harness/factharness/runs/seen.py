"""Finds the gold articles that a back end was developed or trained with, kind by kind.

A number on such articles is worth less than one on articles that it never saw. Three things tell them: the
gold set names them (``[seen]`` in ``set.toml``), the back end names the digests of its training articles, or
the back end itself pre-labelled the article. A back end that takes a kind from another one (its *lender*) has
seen the articles that the lender has seen for this kind.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from factharness.facts import Kind
from factharness.gold.articles import ArticleEntry, in_memory
from factharness.gold.sets import GoldSet
from factharness.runs.record import BackendRecord
from factharness.text import sha256


class Provenance(Struct, frozen=True):
    """Where facts of a kind come from: the names of the back ends, and the digests of the texts they saw."""

    names: frozenset[str]
    digests: frozenset[str] = frozenset()

    def __or__(self, other: Provenance) -> Provenance:
        return Provenance(self.names | other.names, self.digests | other.digests)

    def named_in(
        self, entry: ArticleEntry, kind: Kind, named: Mapping[str, Mapping[Kind, frozenset[str]]]
    ) -> bool:
        """Whether one of them pre-labelled an article, or is said to have seen the facts of a kind in it;
        ``named`` is ``GoldSet.seen``."""
        return entry.prelabel in self.names - {"none"} or any(
            entry.id in named.get(name, {}).get(kind, ()) for name in self.names
        )


Origins: TypeAlias = dict[Kind, Provenance]


def own_origins(backend: BackendRecord, digests: frozenset[str]) -> Origins:
    """The origin of each kind of a plug-in; a kind that it borrows also has the lender by name."""
    own = frozenset({backend.name, backend.use})
    return {
        kind: Provenance(own | frozenset(filter(None, [backend.borrows.get(kind)])), digests)
        for kind in backend.kinds
    }


def with_lenders(plugins: Sequence[tuple[BackendRecord, Origins]]) -> list[Origins]:
    """The origins of each plug-in, with what its lenders have seen where those are among the plug-ins."""
    known = {name: origins for one, origins in plugins for name in (one.use, one.name)}
    return [
        {
            kind: origin | known.get(backend.borrows.get(kind, ""), {}).get(kind, origin)
            for kind, origin in origins.items()
        }
        for backend, origins in plugins
    ]


def part_origins(name: str, parts: Mapping[Kind, Sequence[Provenance]]) -> Origins:
    """The origins of a back end called ``name`` that is made of others, by those of its parts."""
    own = Provenance(frozenset({name}))
    return {kind: functools.reduce(operator.or_, origins, own) for kind, origins in parts.items()}


def seen_articles(goldset: GoldSet, origins: Origins) -> dict[Kind, tuple[str, ...]]:
    """The seen articles of a gold set by kind; a kind of which none was seen is left out.

    The texts are read only where a back end names digests.
    """
    articles = in_memory(goldset.articles)
    known = frozenset[str]().union(*(origin.digests for origin in origins.values()))
    texts = [sha256(gold.article.text) for gold in articles] if known else None
    found = {
        kind: tuple(
            entry.id
            for place, entry in enumerate(articles.entries)
            if origin.named_in(entry, kind, goldset.seen)
            or (texts is not None and texts[place] in origin.digests)
        )
        for kind, origin in origins.items()
    }
    return {kind: articles for kind, articles in found.items() if articles}
