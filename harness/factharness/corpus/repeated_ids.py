"""Finds the ids that a folder of parts has more than once, from the digests in the markers of its parts.

As many digests are compared at once as fit into about 1 GB. For more articles, the possible values of a digest
are divided into shares, and the markers are read once for each share.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from factharness.corpus import parts
from factharness.corpus.journal import decoded
from factharness.corpus.seen_ids import DIGEST

Numbers: TypeAlias = NDArray[np.uint64]
Places: TypeAlias = NDArray[np.intp]

AT_ONCE = 1 << 25
"""Digests that are compared at once."""


def repeated(folder: Path, numbers: Iterable[int], named: int) -> tuple[int, list[str]]:
    """How many articles in the complete ones of these parts have an id that an earlier one has, and the first
    of these ids, at most ``named``, in the order of the parts."""
    sizes = {number: report.articles for number, report in _complete(folder, numbers)}
    shares = 1 + sum(sizes.values()) // AT_ONCE
    times, first = 0, np.empty(0, np.intp)
    for share in range(shares):
        found, again = _again(*_share(folder, sizes, share, shares))
        times, first = times + found, np.sort(np.concatenate((first, again)))[:named]
    return times, [_id(folder, sizes, int(place)) for place in first]


def _complete(folder: Path, numbers: Iterable[int]) -> Iterator[tuple[int, parts.PartReport]]:
    for number in numbers:
        report = parts.complete(folder, number)
        if report is not None:
            yield number, report


def _share(folder: Path, sizes: dict[int, int], share: int, shares: int) -> tuple[Numbers, Places]:
    """The digests of a share of the values, and the places of their articles, counted over all parts."""
    some: list[Any] = [np.empty(0, np.uint64)]
    places: list[Any] = [np.empty(0, np.intp)]
    before = 0
    for _, report in _complete(folder, sizes):
        digests = np.frombuffer(report.ids, f">u{DIGEST}").astype(np.uint64)
        chosen = np.flatnonzero(digests % np.uint64(shares) == share)
        some.append(digests[chosen])
        places.append(chosen + before)
        before += report.articles
    return np.concatenate(some), np.concatenate(places)


def _again(digests: Numbers, places: Places) -> tuple[int, Places]:
    """How many digests an earlier article has, and where each of these is for the second time."""
    order = np.argsort(digests, kind="stable")
    ordered = digests[order]
    same = np.zeros(len(ordered), bool)
    same[1:] = ordered[1:] == ordered[:-1]
    second = same.copy()
    second[1:] &= ~same[:-1]
    return int(same.sum()), places[order[second]]


def _id(folder: Path, sizes: dict[int, int], place: int) -> str:
    """The id of the article at a place."""
    for number, size in sizes.items():
        if place < size:
            articles = decoded(parts.part_file(folder, number))
            return next(itertools.islice(articles, place, None))[1].id
        place -= size
    raise IndexError(place)
