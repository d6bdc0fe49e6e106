"""Counts a gold set: facts by kind and label, lengths, phenomena, and what it has few of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from msgspec import Struct

from factharness.facts import KINDS, GoldArticle, kind_of, label_of
from factharness.gold.header import Header
from factharness.scheme import Scheme

FEW = 20
"""With fewer counted facts than this, the score of a label means little."""


class LabelCount(Struct, frozen=True):
    """One label of a layer (``*``: all): counted facts, don't-care ones, articles it occurs in."""

    kind: str
    label: str
    facts: int
    ignored: int
    articles: int


class Stats(Struct, frozen=True):
    """The counts of a set. ``characters`` and ``words`` (those between spaces) are of the articles whose text
    is here (None and empty when none is); ``phenomena`` maps a tag to its articles."""

    articles: int
    characters: int | None
    words: tuple[int, ...]
    rows: tuple[LabelCount, ...]
    phenomena: dict[str, tuple[str, ...]]
    poor: tuple[str, ...]


def stats(
    golds: Sequence[GoldArticle], headers: Sequence[Header], schemes: Collection[Scheme]
) -> Stats:
    """The counts of articles; ``headers`` of all of them, for their phenomena. An article without its text
    has an empty one. Labels of ``schemes`` that no article has are counted, too."""
    facts: Counter[tuple[str, str]] = Counter()
    ignored: Counter[tuple[str, str]] = Counter()
    where: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for gold in golds:
        for held in gold.facts:
            kind = kind_of(held.fact)
            for key in ((kind, "*"), (kind, label_of(held.fact))):
                (ignored if held.ignore else facts)[key] += 1
                where[key].add(gold.article.id)
    wanted: dict[tuple[str, str], None] = {}
    for kind in KINDS:
        expected = (label for scheme in schemes for label in scheme.expected(kind))
        wanted |= dict.fromkeys((kind, label) for label in ("*", *expected))
    order = [*wanted, *sorted(where.keys() - wanted.keys())]
    rows = [LabelCount(*key, facts[key], ignored[key], len(where[key])) for key in order]
    tags: defaultdict[str, list[str]] = defaultdict(list)
    for header in headers:
        for tag in header.phenomena:
            tags[tag].append(header.id)
    phenomena = {tag: tuple(sorted(tags[tag])) for tag in sorted(tags)}
    texts = [gold.article.text for gold in golds if gold.article.text]
    return Stats(
        len(golds),
        sum(map(len, texts)) if texts else None,
        tuple(len(text.split()) for text in texts),
        tuple(sorted(rows, key=lambda row: KINDS.index(row.kind))),
        phenomena,
        tuple(_poor(rows, phenomena)),
    )


def _poor(rows: Sequence[LabelCount], phenomena: dict[str, tuple[str, ...]]) -> list[str]:
    thin = [
        f"{row.kind} {row.label}: {row.facts} fact{'s' * (row.facts != 1)} "
        f"in {row.articles} article{'s' * (row.articles != 1)}"
        for row in rows
        if row.facts < FEW and row.label != "?"
    ]
    rare = [f"{tag}: in {names[0]} only" for tag, names in phenomena.items() if len(names) == 1]
    return thin + rare
