"""The matching of a component in which most units overlap most others, without a list of its pairs.

What a pair weighs follows from two starts and two ends, so that pairs are weighed where they are looked at. The
heaviest matching is looked for among a few pairs of each unit: with those near to it by start and by end, and
with some far away. Prices (:mod:`factharness.score.growing`) prove that no other pair would make it heavier;
those that would are added, until there are none. Units that are near to each other form blocks, and most
blocks are ruled out by what their pairs can weigh at most. As many exact pairs as there can be are in every
best matching, so that the search begins among what these leave.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from msgspec import Struct

from factharness.score.auction import auction
from factharness.score.growing import Growing
from factharness.score.overlap import Ints, Pairs, Units

_BLOCK = 32  # units in a block
_AT_ONCE = 64  # pairs of blocks that are weighed at a time
_BEST = 8  # blocks in which the pairs of a block are looked for first
_NEAR = 4  # pairs that are added for each unit at a time
_MANY = 8  # the auctions start again where one gold unit of so many lacks a pair
_FINE = 12  # the auctions end with a step of 2**-12 of IoU
_EFFORT = 2_000_000  # pairs that may be looked at for an exact matching


class Side(Struct, frozen=True, dict=True):
    """Gold or predicted units: ``label`` (n,), and ``starts``, ``ends`` (n, fragments); some may be empty."""

    label: Ints
    starts: Ints
    ends: Ints

    def __len__(self) -> int:
        return len(self.label)

    @classmethod
    def of(cls, units: Units, chosen: Ints) -> Side:
        """The chosen units, all of one document."""
        if units.owner is None:
            return cls(units.label[chosen], units.start[chosen, None], units.end[chosen, None])
        first = np.searchsorted(units.owner, chosen)
        count = np.searchsorted(units.owner, chosen, "right") - first
        # A unit with fewer fragments than another gets empty ones at its end.
        place = first[:, None] + np.minimum(np.arange(count.max()), count[:, None] - 1)
        starts, ends = units.start[place], units.end[place]
        starts[np.arange(count.max()) >= count[:, None]] = ends.max()
        ends = np.where(starts < ends, ends, starts)
        return cls(units.label[chosen], starts, ends)

    def only(self, chosen: Ints) -> Side:
        """The chosen units of these."""
        return Side(self.label[chosen], self.starts[chosen], self.ends[chosen])

    @cached_property
    def size(self) -> Ints:
        """Characters of each unit."""
        size: Ints = (self.ends - self.starts).sum(axis=1)
        return size

    @cached_property
    def start(self) -> Ints:
        """Where each unit starts."""
        start: Ints = self.starts.min(axis=1)
        return start

    @cached_property
    def end(self) -> Ints:
        """Where each unit ends."""
        end: Ints = np.where(self.ends > self.starts, self.ends, 0).max(axis=1)
        return end


def shared_characters(gold: Side, pred: Side, i: Ints, j: Ints) -> Ints:
    """How many characters gold units ``i`` and predictions ``j`` share."""
    shared = np.zeros(np.broadcast_shapes(i.shape, j.shape), dtype=np.int64)
    for starts, ends in zip(gold.starts.T, gold.ends.T, strict=True):
        for their_starts, their_ends in zip(pred.starts.T, pred.ends.T, strict=True):
            both = np.minimum(ends[i], their_ends[j]) - np.maximum(starts[i], their_starts[j])
            shared += np.maximum(both, 0)
    return shared


def match_dense(gold: Units, pred: Units, golds: Ints, preds: Ints) -> Pairs:
    """The matching of these gold units and predictions, all of one document."""
    sides = Side.of(gold, golds), Side.of(pred, preds)
    if len(golds) > len(preds):
        j, i = heaviest(*sides[::-1])
    else:
        i, j = heaviest(*sides)
    shared = shared_characters(*sides, i, j)
    exact = (shared == sides[0].size[i]) & (shared == sides[1].size[j])
    return Pairs(golds[i], preds[j], shared, exact)


def heaviest(gold: Side, pred: Side) -> tuple[Ints, Ints]:
    """The indices of the matched units of two sides, the shorter of which is the first."""
    matching = _solved(_Weights(gold, pred, len(gold) + 1))
    found = np.array([*matching.matched()], dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _solved(weights: _Weights) -> Growing:
    """The heaviest matching: exactly, or nearly where that takes too long."""
    if not len(weights.gold):
        return Growing((0, len(weights.pred)))
    blocks = _Blocks(weights)
    spans = _Spans(weights.gold, weights.pred)
    if len(spans.exact[0]):
        matching, new = _around(spans, weights), np.empty(0, dtype=np.int64)
    else:
        matching, new = _bid(blocks)
    _improve(matching, new, blocks)
    return matching


def _around(spans: _Spans, weights: _Weights) -> Growing:
    """A matching that is the heaviest but for labels: all exact pairs, and the heaviest of what these leave.

    All units with one span have one price, but for labels: where some are left, that of these.
    """
    gold, pred = weights.gold, weights.pred
    rest = [
        np.delete(np.arange(len(side)), taken)
        for side, taken in zip((gold, pred), spans.exact, strict=True)
    ]
    inner = _solved(_Weights(gold.only(rest[0]), pred.only(rest[1]), weights.radix))
    prices = np.split(np.array(inner.price, dtype=np.int64), [len(rest[0])])
    most = weights.exact + weights.pair + weights.unit
    # Where both sides have no unit left, any price will do that no pair with another span exceeds.
    gold_price = np.full(spans.count, most // 2)
    gold_price[spans.gold[rest[0]]] = 0
    np.maximum.at(gold_price, spans.gold[rest[0]], prices[0])
    pred_price = most - gold_price
    pred_price[spans.pred[rest[1]]] = 0
    np.maximum.at(pred_price, spans.pred[rest[1]], prices[1])
    inside = np.array([*inner.matched()], dtype=np.int64).reshape(-1, 2)
    holder = np.full(len(pred), -1)
    holder[spans.exact[1]] = spans.exact[0]
    holder[rest[1][inside[:, 1]]] = rest[0][inside[:, 0]]
    matching = Growing((len(gold), len(pred)))
    matching.start(pred_price[spans.pred], holder)
    matching.add(*spans.exact, weights(*spans.exact))
    i, j, known = inner.pairs()
    matching.add(rest[0][i], rest[1][j], known)
    matching.looked = inner.looked
    return matching


def _bid(blocks: _Blocks) -> tuple[Growing, Ints]:
    """A nearly heaviest matching, by auctions among a few pairs of each unit, and pairs that it lacks.

    The auctions start anew with every pair that is missing by far, until only a few are.
    """
    weights = blocks.weights
    shape = len(weights.gold), len(weights.pred)
    known, new = np.empty(0, dtype=np.int64), _first_pairs(weights.gold, weights.pred)
    many = shape[0] // _MANY
    matching = Growing(shape)
    while len(np.unique(new // shape[1])) > many:
        known = np.concatenate([known, new])
        i, j = np.divmod(known, shape[1])
        pairs = i, j, weights(i, j)
        column_price, holder = auction(pairs, shape, _steps(weights.unit))
        row_price = np.zeros(shape[0], dtype=np.int64)
        np.maximum.at(row_price, i, pairs[2] - column_price[j])
        new = blocks.missing(np.concatenate([row_price, column_price]), weights.rough)
        if len(np.unique(new // shape[1])) <= many:
            matching = Growing(shape)
            matching.start(column_price, holder)
            matching.add(*pairs)
            matching.settle(weights.rough, 0)
            new = blocks.missing(np.array(matching.price), weights.rough)
    return matching, new


def _improve(matching: Growing, new: Ints, blocks: _Blocks) -> None:
    """Add the pairs ``new`` and those that are missing then: by far, or at all while there is effort left."""
    weights = blocks.weights
    slack = weights.rough
    while len(new) or (slack and matching.looked < _EFFORT):
        i, j = np.divmod(new, len(weights.pred))
        matching.add(i, j, weights(i, j))
        matching.settle(weights.rough, _EFFORT)
        slack = 0 if matching.looked < _EFFORT else weights.rough
        new = blocks.missing(np.array(matching.price), slack)


class _Spans:
    """The spans of two sides.

    ``count`` is how many there are, ``gold`` and ``pred`` which one each unit has. ``exact`` are the units of
    as many exact pairs as there can be, each with its partner at the same place. Where units have several
    fragments, those with the same start and end count as exact; the search corrects that.
    """

    def __init__(self, gold: Side, pred: Side) -> None:
        bounds = np.concatenate([np.stack([side.start, side.end], axis=1) for side in (gold, pred)])
        found, number = np.unique(bounds, axis=0, return_inverse=True)
        self.count = len(found)
        self.gold, self.pred = np.split(number.reshape(-1), [len(gold)])
        most = np.minimum(
            *(np.bincount(side, minlength=self.count) for side in (self.gold, self.pred))
        )
        self.exact = _first(self.gold, most), _first(self.pred, most)


def _first(spans: Ints, most: Ints) -> Ints:
    """Of each span so many units as ``most`` says, by span."""
    order = np.argsort(spans, kind="stable")
    ranked = spans[order]
    found: Ints = order[np.arange(len(order)) - np.searchsorted(ranked, ranked) < most[ranked]]
    return found


def _steps(unit: int) -> list[int]:
    """The steps of the auctions."""
    return [max(1, unit >> fine) for fine in range(2, _FINE + 1, 2)]


class _Weights:
    """What pairs weigh: integers whose digits are levels 1 to 4 of :mod:`factharness.score.match`.

    ``radix`` is above the number of pairs of any matching. ``unit`` is the weight of an IoU of 1, ``rough`` is
    what counts as little. The lowest digit is free; :class:`_Blocks` uses it.
    """

    def __init__(self, gold: Side, pred: Side, radix: int) -> None:
        self.gold, self.pred, self.radix = gold, pred, radix
        self.steps = 2 ** max(1, 55 - 3 * radix.bit_length())
        self.label = _BLOCK
        self.unit = self.steps * radix * self.label
        self.rough = self.unit >> _FINE
        self.pair = self.unit * radix
        self.exact = self.pair * radix

    def __call__(self, i: Ints, j: Ints) -> Ints:
        """The weights of pairs of a gold and a predicted unit; 0 for those that do not overlap."""
        shared = shared_characters(self.gold, self.pred, i, j)
        union = self.gold.size[i] + self.pred.size[j] - shared
        weight: Ints = (shared / union * self.steps).astype(np.int64) * (self.unit // self.steps)
        weight += (self.gold.label[i] == self.pred.label[j]) * self.label
        weight += (shared == union) * self.exact + self.pair
        weight *= shared > 0
        return weight

    def most(self, gold: Ints, pred: Ints) -> Ints:
        """What a pair of each of these blocks of gold units and of predictions can weigh at most."""
        ours, theirs = _Bounds(self.gold, gold), _Bounds(self.pred, pred)
        shared = np.minimum.outer(ours.end[1], theirs.end[1])
        shared -= np.maximum.outer(ours.start[0], theirs.start[0])
        shared = np.minimum(shared, np.minimum.outer(ours.size[1], theirs.size[1]))
        union = np.add.outer(ours.size[0], theirs.size[0]) - shared
        union = np.maximum(union, np.maximum.outer(ours.size[0], theirs.size[0]))
        steps: Ints = np.ceil(np.minimum(shared / union, 1) * self.steps).astype(np.int64)
        most: Ints = steps * (self.unit // self.steps) + self.label + self.pair
        same = np.ones(most.shape, dtype=bool)
        for a, b in zip((ours.start, ours.end), (theirs.start, theirs.end), strict=True):
            same &= np.less_equal.outer(a[0], b[1]) & np.greater_equal.outer(a[1], b[0])
        most += same * self.exact
        most *= shared > 0
        return most


class _Bounds:
    """The least and the greatest start, end and size of the units of each block, each (2, blocks)."""

    def __init__(self, side: Side, blocks: Ints) -> None:
        self.start, self.end, self.size = (
            np.stack([column[blocks].min(axis=1), column[blocks].max(axis=1)])
            for column in (side.start, side.end, side.size)
        )


class _Blocks:
    """The units of both sides in blocks, and what pairs of blocks can weigh."""

    def __init__(self, weights: _Weights) -> None:
        self.weights = weights
        self.width = len(weights.pred)
        self.gold, self.pred = _in_blocks(weights.gold), _in_blocks(weights.pred)
        self.most = weights.most(self.gold, self.pred)
        # Of pairs that are as good, each unit of a block takes another one.
        turn = np.arange(_BLOCK)
        self.turn = np.subtract.outer(turn, turn) % _BLOCK

    def missing(self, price: Ints, slack: int) -> Ints:
        """Some of the pairs that weigh more than their prices and ``slack``, as gold * width + prediction.

        They are looked for where they may be by most; only if there are none, everywhere else, too.
        """
        gold_price, pred_price = np.split(price, [len(self.weights.gold)])
        least = np.add.outer(gold_price[self.gold].min(axis=1), pred_price[self.pred].min(axis=1))
        bound = self.most - least - slack
        best = np.zeros(bound.shape, dtype=bool)
        for axis in (0, 1):
            rank = min(_BEST, bound.shape[axis])
            best |= bound >= np.partition(bound, -rank, axis=axis).take([-rank], axis=axis)
        found = self._missing_in(np.argwhere(best & (bound > 0)), gold_price, pred_price + slack)
        if not len(found):
            found = self._missing_in(
                np.argwhere(~best & (bound > 0)), gold_price, pred_price + slack
            )
        return found

    def _missing_in(self, at: Ints, gold_price: Ints, pred_price: Ints) -> Ints:
        """Pairs that weigh more than their prices in these pairs of blocks, the best ones of each unit."""
        found = [np.empty((3, 0), dtype=np.int64)]
        for first in range(0, len(at), _AT_ONCE):
            some = at[first : first + _AT_ONCE]
            i, j = self.gold[some[:, 0], :, None], self.pred[some[:, 1], None, :]
            excess = self.weights(i, j) - gold_price[i] - pred_price[j]
            if excess.max() <= 0:
                continue
            excess += self.turn * (excess > 0)
            for axis in (1, 2):
                best = excess.argmax(axis=axis)
                value = np.take_along_axis(excess, np.expand_dims(best, axis), axis).squeeze(axis)
                block, place = np.nonzero(value > 0)
                other = best[block, place]
                row, column = (other, place) if axis == 1 else (place, other)
                found.append(np.stack([i[block, row, 0], j[block, 0, column], value[block, place]]))
        i, j, excess = np.concatenate(found, axis=1)
        kept = np.zeros(len(i), dtype=bool)
        for unit in (i, j):
            order = np.lexsort((-excess, unit))
            ranked = unit[order]
            kept[order[np.arange(len(order)) - np.searchsorted(ranked, ranked) < _NEAR]] = True
        return np.unique(i[kept] * self.width + j[kept])


def _in_blocks(side: Side) -> Ints:
    """The units (blocks, _BLOCK), those near to each other by start and end in one; the last one repeats."""
    order = np.argsort(_curve(side.start, side.end), kind="stable")
    count = -(-len(order) // _BLOCK) * _BLOCK
    return order[np.minimum(np.arange(count), len(order) - 1)].reshape(-1, _BLOCK)


def _curve(start: Ints, end: Ints) -> Ints:
    """The place of each (start, end) on a curve on which near points are near (Morton 1966)."""
    bits = max(1, int(end.max()).bit_length())
    shift = max(0, bits - 31)
    place = np.zeros(len(start), dtype=np.int64)
    for bit in range(min(bits, 31)):
        place |= ((start >> shift >> bit & 1) << 2 * bit + 1) | (
            (end >> shift >> bit & 1) << 2 * bit
        )
    return place


def _first_pairs(gold: Side, pred: Side) -> Ints:
    """Of each gold unit, the predictions next to it by start, by end and by both, and some further away."""
    far = [2**power for power in range(2, len(pred).bit_length(), 2)]
    found = []
    for by, steps in (
        ((gold.start, pred.start), [1, *far]),
        ((gold.end, pred.end), [1, 2]),
        ((_curve(gold.start, gold.end), _curve(pred.start, pred.end)), [*range(1, _NEAR + 1)]),
    ):
        order = np.argsort(by[1], kind="stable")
        places = np.searchsorted(by[1], by[0], sorter=order)[:, None]
        places = places + np.array([0, *steps, *(-step for step in steps)])
        row, place = np.nonzero((places >= 0) & (places < len(pred)))
        found.append(row * len(pred) + order[places[row, place]])
    return np.unique(np.concatenate(found))
