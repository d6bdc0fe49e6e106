"""Finds which facts of several back ends mean the same thing in an article.

Each two back ends are matched one to one, as the scorer matches gold and predictions
(:mod:`factharness.score.match`). The pairs are then joined to groups, the closest first: same characters, then
the greatest share of common characters, then the same label, then by place. A group has at most one fact of
each back end; a pair that would bring a second one is left out. The order of the back ends changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from factharness.facts import Fact, Quote, Span, label_of, spans_of
from factharness.score.quote_regimes import APART, FOUND
from factharness.score.trim import quote_trimmed

if TYPE_CHECKING:
    from factharness.score.overlap import Units

Group: TypeAlias = dict[int, Fact]
"""By the number of a back end, the fact that it has in the group."""

_Node: TypeAlias = tuple[int, int]
"""A back end and the place of the fact among its facts."""

_Key: TypeAlias = tuple[int, tuple[Span, ...], str, str]
"""What facts are sorted by: plane, spans as they are compared, label, and all the rest."""


def groups(sides: Sequence[Sequence[Fact]], text: str) -> list[Group]:
    """The facts of several back ends, all of one kind and one article, in groups by the order of the text.

    A fact that nobody shares is a group of its own. A fact that a back end has twice counts once. Quotes are
    compared without marks and closing punctuation; direct and mixed ones may be the same quote, indirect ones
    are apart, and two quotes that share less than 30 % of their characters are two.
    """
    from factharness.score.match import match

    keyed = [
        sorted(((_order(fact, text), fact) for fact in dict.fromkeys(side)), key=itemgetter(0))
        for side in sides
    ]
    keys = [[key for key, _ in side] for side in keyed]
    ordered = [[fact for _, fact in side] for side in keyed]
    labels = {
        label: code for code, label in enumerate(sorted({label_of(f) for s in sides for f in s}))
    }
    units = [_units(side, labels) for side in keys]
    # The lesser side of each match is the one whose facts come first, not the back end that is named first.
    turn = sorted(range(len(sides)), key=lambda side: keys[side])
    found: list[tuple[tuple[float, bool, list[_Key]], _Node, _Node]] = []
    for one, other in combinations(turn, 2):
        pairs = match(units[one], units[other], docs=2)
        left, right = units[one].size, units[other].size
        for i, j, shared in zip(
            pairs.gold.tolist(), pairs.pred.tolist(), pairs.shared.tolist(), strict=True
        ):
            union = int(left[i] + right[j]) - shared
            if isinstance(ordered[one][i], Quote) and Fraction(shared, union) < FOUND:
                continue
            differ = label_of(ordered[one][i]) != label_of(ordered[other][j])
            place = sorted((keys[one][i], keys[other][j]))
            # The order of the shares is exact below 2**26 characters, as in the matching.
            found.append(((-shared / union, differ, place), (one, i), (other, j)))
    found.sort(key=lambda pair: pair[0])
    of: dict[
        _Node, dict[int, int]
    ] = {  # by its nodes, the group: the place of the fact of each back end
        (side, at): {side: at} for side, facts in enumerate(ordered) for at in range(len(facts))
    }
    for _, one_node, other_node in found:
        joined, more = of[one_node], of[other_node]
        if joined is not more and not joined.keys() & more.keys():
            joined |= more
            for node in more.items():
                of[node] = joined
    whole = {id(group): group for group in of.values()}.values()
    in_order = sorted(whole, key=lambda group: min(keys[side][at] for side, at in group.items()))
    return [{side: ordered[side][at] for side, at in group.items()} for group in in_order]


def compared(fact: Fact, text: str) -> tuple[Span, ...]:
    """The spans by which a fact is compared: the fragments of a quote without marks around them."""
    if isinstance(fact, Quote):
        return tuple(Span(*quote_trimmed(text, span.start, span.end)) for span in fact.content)
    return spans_of(fact)


def _plane(fact: Fact) -> int:
    """1 for an indirect quote, else 0: facts of the two planes are never matched with each other."""
    return int(isinstance(fact, Quote) and fact.type in APART)


def _order(fact: Fact, text: str) -> _Key:
    """The sort key of a fact; the last part tells facts apart that differ in anything."""
    return _plane(fact), compared(fact, text), label_of(fact), repr(fact)


def _units(keys: Sequence[_Key], labels: dict[str, int]) -> Units:
    import numpy as np

    from factharness.score.overlap import Units

    spans = [some for _, some, _, _ in keys]
    owner = [at for at, some in enumerate(spans) for _ in some]
    return Units(
        doc=np.array([plane for plane, _, _, _ in keys], dtype=np.int64),
        label=np.array([labels[label] for _, _, label, _ in keys], dtype=np.int64),
        owner=np.array(owner, dtype=np.int64) if len(owner) > len(spans) else None,
        start=np.array([span.start for some in spans for span in some], dtype=np.int64),
        end=np.array([span.end for some in spans for span in some], dtype=np.int64),
        counted=np.ones(len(keys), dtype=bool),
        repeats=np.zeros(len(keys), dtype=bool),
    )
