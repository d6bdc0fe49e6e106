"""Counts the pairs of two labellings in two ways: by article, and by which side marks a fact don't care."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from factharness.agreement.pairs import Pair
from factharness.facts import KINDS, Kind, label_of, spans_of


class ArticleAgreement(Struct, frozen=True):
    """One article: the counted facts of each side, the pairs with the same span and label by kind as
    ``(exact, facts of both sides)``, and how many disagreements the list has."""

    article: str
    a: int
    b: int
    exact: dict[Kind, tuple[int, int]]
    disagreements: int

    def f1(self, kind: Kind) -> float | None:
        """The F1 of either side against the other under ``exact``; None without facts of the kind."""
        exact, facts = self.exact[kind]
        return 2 * exact / facts if facts else None


class Firmness(Struct, frozen=True):
    """How often the two sides are sure of the facts of one kind.

    ``firm``: both have the fact and count it. ``firm_a``: side a counts it, side b marks it don't care;
    ``firm_b`` the other way round. ``both``: both mark it. ``alone``: one side marks a fact that the other
    does not have.
    """

    kind: Kind
    firm: int
    firm_a: int
    firm_b: int
    both: int
    alone: int


def by_article(pairs: Sequence[Pair], articles: Iterable[str]) -> tuple[ArticleAgreement, ...]:
    """A row per article, in the order of ``articles``; one without facts has a row, too."""
    pairs_of: dict[str, list[Pair]] = {name: [] for name in articles}
    for pair in pairs:
        pairs_of[pair.article].append(pair)
    return tuple(_article(name, held) for name, held in pairs_of.items())


def _article(name: str, pairs: Sequence[Pair]) -> ArticleAgreement:
    counted = [pair for pair in pairs if pair.counted]
    exact = dict.fromkeys(KINDS, 0)
    facts = dict.fromkeys(KINDS, 0)
    for pair in counted:
        facts[pair.kind] += (pair.a is not None) + (pair.b is not None)
        exact[pair.kind] += _exact(pair)
    return ArticleAgreement(
        name,
        sum(pair.a is not None for pair in counted),
        sum(pair.b is not None for pair in counted),
        {kind: (exact[kind], facts[kind]) for kind in KINDS},
        sum(bool(pair.differences()) for pair in pairs),
    )


def _exact(pair: Pair) -> bool:
    """Whether the pair counts under ``exact`` in the row ``*`` of its kind: quotes may differ in type."""
    if pair.a is None or pair.b is None:
        return False
    alike = pair.kind == "quote" or label_of(pair.a.fact) == label_of(pair.b.fact)
    return alike and spans_of(pair.a.fact) == spans_of(pair.b.fact)


def firmness(pairs: Iterable[Pair]) -> tuple[Firmness, ...]:
    """A row per kind."""
    counts = {
        kind: dict.fromkeys(("firm", "firm_a", "firm_b", "both", "alone"), 0) for kind in KINDS
    }
    for pair in pairs:
        column = _firmness(pair)
        if column is not None:
            counts[pair.kind][column] += 1
    return tuple(Firmness(kind, **counts[kind]) for kind in KINDS)


def _firmness(pair: Pair) -> str | None:
    """The column of :class:`Firmness` for a pair; None for a counted fact that one side has alone."""
    if pair.a is None or pair.b is None:
        return None if pair.counted else "alone"
    if pair.a.ignore and pair.b.ignore:
        return "both"
    if pair.counted:
        return "firm"
    return "firm_b" if pair.a.ignore else "firm_a"
