"""Makes records (:mod:`factharness.score.records`) of a gold set, to score predictions in a file against it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from factharness.errors import GoldError
from factharness.files import listed
from factharness.gold.sets import load_set
from factharness.resources import find
from factharness.runs.plan import confirmed


def gold_place(name: str) -> Path | None:
    """The gold set that ``name`` means: a gold file, a folder of them, or a set's name, which is no path and
    has no ending. None for all else. Raises ``SuiteError`` for a name that no set has.
    """
    path = Path(name)
    if path.suffix == ".gold":
        return path
    if path.is_dir() and listed(path, ".gold"):
        return path
    if path.exists() or path.suffix or path.name != name:
        return None
    return find("goldsets", name)


class GoldRecords:
    """The articles of a gold set as records; signatures name the set as those of a run do.

    An article that a run would not score, because its text is not here or nobody has confirmed its facts, is a
    record with an error, and is among ``left_out``. Raises ``GoldError`` for a mistake in the gold, and when no
    article is left.
    """

    def __init__(self, place: Path) -> None:
        self._goldset = confirmed(load_set(place))
        self.left_out = self._goldset.skipped
        if not self._goldset.articles:
            first = self.left_out[0]
            raise GoldError(
                f"there is no article to score: {first.reason}",
                file=first.path,
                remedy=first.remedy,
            )

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Each article as a record, under the line number 0, since it stands on no line of a file."""
        read = set()
        for gold in self._goldset.articles:
            read.add(gold.article.id)
            yield 0, msgspec.json.encode(gold)
        for skipped in self.left_out:
            if skipped.id not in read:
                yield 0, msgspec.json.encode({"id": skipped.id, "error": skipped.reason})

    def __str__(self) -> str:
        return self._goldset.signature
