"""The matching of the design by trying everything, and the counts a reader would make by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import lcm

Unit = tuple[str, frozenset[int], str]
"""Document, covered characters, label."""


def unit(row: tuple[str, int, int, str]) -> Unit:
    doc, start, end, label = row
    return doc, frozenset(range(start, end)), label


def matchings(golds: Sequence[Unit], preds: Sequence[Unit]) -> Iterator[list[tuple[int, int]]]:
    """Every one-to-one matching of overlapping units of one document."""

    def extend(g: int, free: frozenset[int]) -> Iterator[list[tuple[int, int]]]:
        if g == len(golds):
            yield []
            return
        for p in sorted(free):
            if golds[g][0] == preds[p][0] and golds[g][1] & preds[p][1]:
                for rest in extend(g + 1, free - {p}):
                    yield [(g, p), *rest]
        yield from extend(g + 1, free)

    yield from extend(0, frozenset(range(len(preds))))


def iou(a: frozenset[int], b: frozenset[int]) -> Fraction:
    return Fraction(len(a & b), len(a | b))


def levels(
    pairs: list[tuple[int, int]],
    shared: dict[tuple[int, int], int],
    golds: Sequence[Unit],
    preds: Sequence[Unit],
    counted: Sequence[bool] | None = None,
) -> tuple:
    """What a matching is judged by; greater is better."""
    exact = [golds[g][1] == preds[p][1] for g, p in pairs]
    agree = [golds[g][2] == preds[p][2] for g, p in pairs]
    by_gold = dict(pairs)
    return (
        sum(exact),
        len(pairs),
        sum(shared[pair] for pair in pairs),
        sum(agree),
        sum(e and a for e, a in zip(exact, agree, strict=True)),
        sum(counted is None or counted[g] for g, _ in pairs),
        [-by_gold.get(g, len(preds)) for g in range(len(golds))],
    )


def ious(golds: Sequence[Unit], preds: Sequence[Unit]) -> dict[tuple[int, int], int]:
    """The intersection over union of each pair, as whole numbers of one common fraction."""
    pairs = list(product(range(len(golds)), range(len(preds))))
    whole = lcm(*(len(golds[g][1] | preds[p][1]) for g, p in pairs))
    return {(g, p): int(iou(golds[g][1], preds[p][1]) * whole) for g, p in pairs}


def best(
    golds: Sequence[Unit], preds: Sequence[Unit], counted: Sequence[bool] | None = None
) -> list[tuple[int, int]]:
    """The optimal matching. Both sides must be in canonical order."""
    shared = ious(golds, preds)
    return max(
        matchings(golds, preds), key=lambda pairs: levels(pairs, shared, golds, preds, counted)
    )
