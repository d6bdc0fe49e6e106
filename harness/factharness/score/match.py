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
overlap graph are independent of each other. A pair of unique exact spans is in every optimum and is taken
first; what is left is nearly always one pair, or a star (one unit against several), for which the best
edge is the optimum. Only other components go to an assignment solver, in exact integer arithmetic. A
component of more than 10 000 pairs is a back end gone wrong; there 64-bit integers decide, levels 3 and 6 are
rounded, and the result still does not depend on the order of the input.
"""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from factharness.score.assignment import assign, assign_dense
from factharness.score.overlap import Ints, Pairs, Units, axis, overlapping, same_spans

_LARGE = 10_000  # pairs in a component that exact arithmetic is still quick for


def match(gold: Units, pred: Units, docs: int) -> Pairs:
    """The optimal matching of two sides in ``docs`` documents.

    The units are in canonical order, which decides ties; repeats are matched with nothing.
    """
    base = axis(docs, (gold.doc[gold.owner], gold.end), (pred.doc[pred.owner], pred.end))
    same_gold, same_pred = same_spans(gold, pred, base)
    rest = overlapping(gold, pred, base, without=(same_gold, same_pred))
    best = _Edges(rest, gold, pred).best()
    return Pairs(
        np.concatenate([same_gold, rest.gold[best]]),
        np.concatenate([same_pred, rest.pred[best]]),
        np.concatenate([gold.size[same_gold], rest.shared[best]]),
    )


class _Edges:
    """What is left of the overlap graph once the unique exact pairs are out: (k,) arrays."""

    def __init__(self, pairs: Pairs, gold: Units, pred: Units) -> None:
        self.gold, self.pred, self.shared = pairs.gold, pairs.pred, pairs.shared
        gold_size, pred_size = gold.size[pairs.gold], pred.size[pairs.pred]
        self.union = gold_size + pred_size - pairs.shared
        self.exact = self.shared == self.union
        self.agree = gold.label[pairs.gold] == pred.label[pairs.pred]
        self.counted = gold.counted[pairs.gold]

    def best(self) -> Ints:
        """Indices of the edges of the optimal matching."""
        if not len(self.gold):
            return np.empty(0, dtype=np.int64)
        gold_degree, pred_degree = np.bincount(self.gold), np.bincount(self.pred)
        shared_gold, shared_pred = gold_degree[self.gold] > 1, pred_degree[self.pred] > 1
        # A star around a gold unit: none of its predictions overlaps anything else. And the reverse.
        tangled_gold = np.bincount(self.gold, weights=shared_pred)[self.gold] > 0
        tangled_pred = np.bincount(self.pred, weights=shared_gold)[self.pred] > 0
        around_gold = ~tangled_gold
        around_pred = ~tangled_pred & ~around_gold
        found = [
            self._best_of_each(np.flatnonzero(around_gold), self.gold),
            self._best_of_each(np.flatnonzero(around_pred), self.pred),
        ]
        for component in self._components(np.flatnonzero(tangled_gold & tangled_pred)):
            solve = self._solve if len(component) <= _LARGE else self._solve_rounded
            found.append(np.asarray(solve(component), dtype=np.int64))
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

    def _components(self, edges: Ints) -> list[list[int]]:
        """The edges of each connected component."""
        parent: dict[int, int] = {}

        def root(node: int) -> int:
            while (up := parent.setdefault(node, node)) != node:
                parent[node] = node = parent.setdefault(up, up)
            return node

        ends = [(int(self.gold[e]), ~int(self.pred[e])) for e in edges]  # ~: apart from gold
        for left, right in ends:
            parent[root(left)] = root(right)
        groups: dict[int, list[int]] = defaultdict(list)
        for edge, (left, _) in zip(edges.tolist(), ends, strict=True):
            groups[root(left)].append(edge)
        return list(groups.values())

    def _solve(self, edges: list[int]) -> list[int]:
        """The optimal matching of one component.

        Each edge gets one integer in mixed radix whose digits, from the top, are the levels of the module's
        docstring; a digit's radix exceeds any sum it can reach, so that adding integers compares matchings
        lexicographically. IoU is put over a common denominator.
        """
        golds = {node: i for i, node in enumerate(sorted({int(self.gold[e]) for e in edges}))}
        preds = {node: j for j, node in enumerate(sorted({int(self.pred[e]) for e in edges}))}
        radix = min(len(golds), len(preds)) + 1
        common = math.lcm(*{int(self.union[e]) for e in edges})
        place = [(len(preds) + 1) ** i for i in range(len(golds))]
        weights: list[dict[int, int]] = [{} for _ in golds]
        at: dict[tuple[int, int], int] = {}
        for e in edges:
            i, j = golds[int(self.gold[e])], preds[int(self.pred[e])]
            exact, agree = int(self.exact[e]), int(self.agree[e])
            weight = exact * radix + 1
            weight = weight * common * radix + int(self.shared[e]) * (common // int(self.union[e]))
            weight = weight * radix + agree
            weight = weight * radix + (exact & agree)
            weight = weight * radix + int(self.counted[e])
            weight = weight * place[-1] * (len(preds) + 1) + (len(preds) - j) * place[-1 - i]
            weights[i][j] = weight
            at[i, j] = e
        return [at[i, j] for i, j in assign(weights)]

    def _solve_rounded(self, edges: list[int]) -> list[int]:
        """The same in 64 bits: those that the counts leave free hold the IoU."""
        at = np.array(edges)
        golds, i = np.unique(self.gold[at], return_inverse=True)
        preds, j = np.unique(self.pred[at], return_inverse=True)
        radix = min(len(golds), len(preds)) + 1
        steps = 2 ** max(1, 52 - 4 * math.ceil(math.log2(radix)))
        weight = (self.exact[at] * radix + 1) * radix * steps
        weight = (weight + (self.shared[at] / self.union[at] * steps).astype(np.int64)) * radix
        weights = np.zeros((len(golds), len(preds)), dtype=np.int64)
        weights[i, j] = weight + self.agree[at]
        number = np.full(weights.shape, -1)
        number[i, j] = at
        chosen = number[assign_dense(weights)]
        return [int(edge) for edge in chosen if edge >= 0]
