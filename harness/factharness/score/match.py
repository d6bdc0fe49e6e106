"""One-to-one matching of gold and predicted units, optimal in a fixed lexicographic order.

Among all one-to-one matchings of overlapping units, the one is taken that has, in this order,

1. the most exact pairs (the same characters),
2. the most pairs,
3. the greatest sum of IoU,
4. the most pairs that agree in label (on a tie, the most *exact* pairs that do: so the strict regime is
   plain set intersection),
5. the fewest pairs with don't-care gold,
6. by offset: the first gold unit gets the first prediction it can have, then the second, and so on.

So it does not depend on the order of the input, and no gold unit is used twice. Connected components of the
overlap graph are independent of each other. Most pairs with one span are found first, without a look at any
other (:mod:`factharness.score.same_spans`); what is left is nearly always one pair, or a star (one unit against
several), for which the best edge is the optimum. Only other components go to an assignment solver, in exact
integer arithmetic. Two limits keep time and memory in bounds where a back end has gone wrong:

- In a component of more than 10 000 pairs in which a quarter of all pairs overlap, levels 1 and 2 are exact;
  for level 3 each IoU is rounded down to a fraction that 64-bit integers have room for (2**-16 for 8000 units),
  and where the exact matching takes too long, the sum is at most 2**-11 for each pair below the greatest, and
  level 4 is not exact either; levels 5 and 6 do not count (:mod:`factharness.score.dense`).
- Where exact sums of IoU would take more than 256 MB, level 3 is rounded to 2**-128.

The result still does not depend on the order of the input.
"""

from __future__ import annotations

import math

import numpy as np
from msgspec.structs import astuple

from factharness.score.assignment import assign
from factharness.score.components import connected, dense_components
from factharness.score.dense import match_dense
from factharness.score.overlap import Ints, Pairs, UnitBlock, Units, axis, overlapping
from factharness.score.same_spans import same_spans

_BLOCK = 2**14  # units of a side that are matched at a time, so that caches hold what is at hand
_DIGITS = 2**31  # bits that the numbers of a component may take together


def match(gold: Units, pred: Units, docs: int) -> Pairs:
    """The optimal matching of two sides in ``docs`` documents.

    The units are in canonical order, which decides ties; repeats are matched with nothing.
    """
    cuts = np.unique(max(gold.doc, pred.doc, key=len)[_BLOCK::_BLOCK])
    cuts = np.concatenate([[0], cuts[cuts > 0], [docs]])
    most = min(len(gold), len(pred))
    g, p, shared = np.empty((3, most), dtype=np.int64)
    found = Pairs(g, p, shared, np.empty(most, dtype=bool))
    count = 0
    for sides in zip(gold.cut(cuts), pred.cut(cuts), strict=True):
        block = _match(*sides)
        for whole, part in zip(astuple(found), astuple(block), strict=True):
            whole[count : count + len(part)] = part
        count += len(block.gold)
    return Pairs(*(column[:count] for column in astuple(found)))


def _match(gold: UnitBlock, pred: UnitBlock) -> Pairs:
    """The optimal matching of the units of a few documents."""
    g, p = gold.units, pred.units
    base = axis(gold.docs, (g.place, g.end), (p.place, p.end))
    same_gold, same_pred = same_spans(g, p, base)
    settled = Pairs(same_gold, same_pred, g.size[same_gold], np.ones(len(same_gold), dtype=bool))
    found = [settled]
    golds, preds = [same_gold], [same_pred]
    for tangle in dense_components(g, p, base, without=(same_gold, same_pred)):
        found.append(match_dense(g, p, *tangle))
        golds.append(tangle[0])
        preds.append(tangle[1])
    rest = overlapping(g, p, base, without=(np.concatenate(golds), np.concatenate(preds)))
    best = _Edges(rest, g, p).best()
    found.append(Pairs(*(column[best] for column in astuple(rest))))
    all_gold, all_pred, shared, exact = map(np.concatenate, zip(*map(astuple, found), strict=True))
    return Pairs(all_gold + gold.first, all_pred + pred.first, shared, exact)


class _Edges:
    """What is left of the overlap graph once the unique exact pairs are out: (k,) arrays."""

    def __init__(self, pairs: Pairs, gold: Units, pred: Units) -> None:
        self.gold, self.pred, self.shared = pairs.gold, pairs.pred, pairs.shared
        gold_size, pred_size = gold.size[pairs.gold], pred.size[pairs.pred]
        self.union = gold_size + pred_size - pairs.shared
        self.exact = pairs.exact
        self.agree = gold.label[pairs.gold] == pred.label[pairs.pred]
        self.counted = gold.counted[pairs.gold]

    def best(self) -> Ints:
        """Indices of the edges of the optimal matching."""
        if not len(self.gold):
            return np.empty(0, dtype=np.int64)
        many_preds = np.bincount(self.gold)[self.gold] > 1
        many_golds = np.bincount(self.pred)[self.pred] > 1
        lone = ~(many_preds | many_golds)
        if lone.all():
            return np.arange(len(lone))
        # A star around a gold unit: none of its predictions overlaps anything else. And the reverse.
        tangled_gold = np.bincount(self.gold, weights=many_golds)[self.gold] > 0
        tangled_pred = np.bincount(self.pred, weights=many_preds)[self.pred] > 0
        found = [
            np.flatnonzero(lone),
            self._best_of_each(np.flatnonzero(~tangled_gold & many_preds), self.gold),
            self._best_of_each(np.flatnonzero(~tangled_pred & many_golds), self.pred),
        ]
        for component in self._components(np.flatnonzero(tangled_gold & tangled_pred)):
            found.append(self._solve(component))
        return np.concatenate(found)

    def _best_of_each(self, edges: Ints, centre: Ints) -> Ints:
        """The best edge of each star. The order of float IoU is exact below 2**26 characters."""
        if not len(edges):
            return edges
        iou = self.shared[edges] / self.union[edges]
        order = np.lexsort(
            (
                self.pred[edges],
                self.gold[edges],
                ~self.counted[edges],
                ~self.agree[edges],
                -iou,
                ~self.exact[edges],
                centre[edges],
            )
        )
        ranked = edges[order]
        first = np.r_[True, centre[ranked][1:] != centre[ranked][:-1]]
        best: Ints = ranked[first]
        return best

    def _components(self, edges: Ints) -> list[Ints]:
        """The edges of each connected component."""
        if not len(edges):
            return []
        gold, pred = self.gold[edges], self.pred[edges] + int(self.gold[edges].max()) + 1
        component = connected(gold, pred, int(pred.max()) + 1)[gold]
        order = np.argsort(component, kind="stable")
        return np.split(edges[order], np.flatnonzero(np.diff(component[order])) + 1)

    def _solve(self, edges: Ints) -> Ints:
        """The optimal matching of one component.

        Each edge gets one integer in mixed radix whose digits, from the top, are the levels of the module's
        docstring but the last, which the solver sees to; a digit's radix exceeds any sum it can reach, so that
        adding integers compares matchings lexicographically. IoU is put over a common denominator.
        """
        golds, gold = np.unique(self.gold[edges], return_inverse=True)
        preds, pred = np.unique(self.pred[edges], return_inverse=True)
        radix = min(len(golds), len(preds)) + 1
        common = _common(np.unique(self.union[edges]).tolist(), _DIGITS // len(edges))
        weights: list[dict[int, int]] = [{} for _ in golds]
        lower = (self.agree[edges] * radix + (self.exact & self.agree)[edges]) * radix
        lower += self.counted[edges]
        upper = self.exact[edges] * radix + 1
        ratio = common * radix, radix**3
        for i, j, top, shared, union, low in zip(
            gold.tolist(),
            pred.tolist(),
            upper.tolist(),
            self.shared[edges].tolist(),
            self.union[edges].tolist(),
            lower.tolist(),
            strict=True,
        ):
            weights[i][j] = (top * ratio[0] + shared * common // union) * ratio[1] + low
        chosen = np.array(assign(weights), dtype=np.int64).reshape(-1, 2)
        width = len(preds)
        number = gold * width + pred
        order = np.argsort(number)
        at = np.searchsorted(number, chosen[:, 0] * width + chosen[:, 1], sorter=order)
        return edges[order[at]]


def _common(denominators: list[int], bits: int) -> int:
    """The least common multiple, or 2**128 where that would have more than ``bits`` bits."""
    common = 1
    for each in denominators:
        common = math.lcm(common, each)
        if common.bit_length() > max(bits, 128):
            return 2**128
    return common
