"""The slices of a set of articles, as arrays: all articles, and those with each value of their metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from factharness.score.counts import ALL
from factharness.score.overlap import Bools, Ints


class Slices(Struct):
    """Which articles are in which slice.

    ``names``
        of the slices, in the order of the rows of a table.
    ``numbers``
        the articles by id, numbered; all slices of a gold set share them. An article that is asked for and is
        not there gets the next number, and is in no slice.
    ``inside`` (slices, articles)
        whether each article is in each slice.
    """

    names: Sequence[str]
    numbers: dict[str, int]
    inside: Bools

    def numbers_of(self, articles: Iterable[str]) -> Ints:
        """The number of each article."""
        numbers = self.numbers
        return np.array([numbers.setdefault(one, len(numbers)) for one in articles], dtype=np.int32)

    def holding(self, numbers: Ints) -> Bools:
        """Whether each of these articles is in each slice, (slices, articles)."""
        new = len(self.numbers) - self.inside.shape[1]
        if new:
            self.inside = np.pad(self.inside, ((0, 0), (0, new)))
        return self.inside[:, numbers]

    def others(self, members: Mapping[str, Bools]) -> Slices:
        """Other slices of the same articles; ``members`` has for each whether each article is in it."""
        return Slices(list(members), self.numbers, np.stack(list(members.values())))


def slices_of(articles: Mapping[str, Mapping[str, str]], keys: Sequence[str]) -> Slices:
    """The slices ``*`` and each ``key=value`` of the metadata of articles by id; values are sorted."""
    members = {ALL: np.ones(len(articles), dtype=bool)}
    for key in keys:
        there = [meta.get(key) for meta in articles.values()]
        for value in sorted({value for value in there if value is not None}):
            members[f"{key}={value}"] = np.array([other == value for other in there], dtype=bool)
    numbers = {name: number for number, name in enumerate(articles)}
    return Slices(list(members), numbers, np.stack(list(members.values())))
