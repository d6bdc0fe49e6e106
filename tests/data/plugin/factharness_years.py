"""Back end years: every year from ``first`` to ``last`` is a date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from factharness.errors import BackendError
from factharness.extractor import Outcome
from factharness.facts import Article, Date, Kind, Span

__version__ = "1.0"

_YEAR = re.compile(r"\b[12][0-9]{3}\b")


def build(first: int = 1900, last: int = 2099) -> YearsExtractor:
    """Make the extractor.

    ``first``, ``last``
        the years it takes for one.
    """
    if first > last:
        raise BackendError(f"no year is from {first} to {last}", remedy="swap first and last")
    return YearsExtractor(first, last)


class YearsExtractor:
    """See factharness.extractor.Extractor."""

    kinds: frozenset[Kind] = frozenset({"date"})

    def __init__(self, first: int, last: int) -> None:
        self._first, self._last = first, last

    def fingerprint(self) -> Mapping[str, str]:
        """The release and the options: all that can change what it finds."""
        return {"years": __version__, "range": f"{self._first}-{self._last}"}

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """The years of each article."""
        for article in articles:
            yield [
                Date(Span(*found.span()), "DATE", found[0])
                for found in _YEAR.finditer(article.text)
                if self._first <= int(found[0]) <= self._last
            ]
