"""Back end ``dateparser``: the dates that ``dateparser.search`` finds, with the value each one is read as.

A baseline of general purpose: it knows days, months, years and clock times, and reads a length of time as the
day it reaches. The granularity of a value is the period dateparser reports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from fact_extractors import digests
from fact_extractors.limit import too_long
from fact_extractors.options import flag, named, texts, whole
from factharness.errors import BackendError, ExtractionError
from factharness.extractor import Outcome
from factharness.facts import Article, Date, DateType, Kind, Span

REQUIRES = ("dateparser",)

STRATEGIES = ("split", "ngram")
PREFERENCES = ("past", "future", "current_period")

_BASES = datetime(2001, 1, 1), datetime(2010, 6, 16)
"""Two days to read an article without a date on: a value that both agree on is not relative."""

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_LEADS = re.compile(
    r"(?:(?:le|la|les|en|à|au|aux|du|de|des|dès|et|ou|un|une|vers|depuis|entre|pour|fin de)\s+|[ld]['’]|\W+)+",
    re.IGNORECASE,
)
_TAILS = re.compile(r"(?:\s+(?:le|la|les|en|a|à|au|du|de|des|et|ou|un|une)|\W+)+$", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?:(?:\d{1,3}|dans|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze"
    r"|seize|vingt|trente|quarante|cinquante|soixante|cents?|mille)(?:\W+|$))+",
    re.IGNORECASE,
)


def build(
    languages: Sequence[str] = ("fr",),
    *,
    strategy: str = "split",
    prefer: str = "past",
    tidy: bool = True,
    longest: int = 40_000,
) -> DateparserExtractor:
    """dateparser as a back end.

    ``languages``
        those to read dates in, by their codes.
    ``strategy``
        how it searches: ``split`` or ``ngram``; see dateparser's documentation.
    ``prefer``
        which day an incomplete date is: ``past``, ``future`` or ``current_period``.
    ``tidy``
        leave French articles and prepositions at the ends of an expression out of its span, and leave out
        numbers that stand alone (« deux », « 80 »), which dateparser reads as days and years.
    ``longest``
        characters of the longest article that is read; a longer one is an error.

    Raises ``BackendError`` for an option dateparser does not know.
    """
    codes = [languages] if isinstance(languages, str) else texts(languages, "languages")
    if not codes:
        raise BackendError("languages is empty", remedy='write languages = ["fr"]')
    extractor = DateparserExtractor(
        codes,
        strategy=named(strategy, "strategy", STRATEGIES),
        prefer=named(prefer, "preference", PREFERENCES),
        tidy=flag(tidy, "tidy"),
        longest=whole(longest, "longest", 1),
    )
    try:
        extractor.search("", _BASES[0])
    except ValueError as error:
        raise BackendError(f"languages: {error}", remedy='write languages = ["fr"]') from error
    return extractor


class Hit(NamedTuple):
    """An expression at ``[start, end)``, and what it is read as."""

    start: int
    end: int
    type: DateType
    value: str


class DateparserExtractor:
    """See :class:`factharness.extractor.Extractor`; made by :func:`build`."""

    kinds: frozenset[Kind] = frozenset({"date"})

    def __init__(
        self, languages: Sequence[str], *, strategy: str, prefer: str, tidy: bool, longest: int
    ) -> None:
        self._languages, self._strategy, self._prefer = list(languages), strategy, prefer
        self._tidy, self._longest = tidy, longest
        self.languages = frozenset(languages)

    def fingerprint(self) -> Mapping[str, str]:
        """Code, library and options."""
        from importlib.metadata import version

        return {
            "code": digests.code("dateparser_dates.py"),
            "dateparser": version("dateparser"),
            "languages": " ".join(self._languages),
            "options": f"{self._strategy} {self._prefer} tidy={self._tidy}",
        }

    def load(self) -> None:
        """Load dateparser and the data of the languages, by a search."""
        self.search("5/3/2024", _BASES[0])

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """The dates of each article; see the protocol."""
        for article in articles:
            try:
                yield too_long(article, self._longest) or list(self._dates(article))
            except Exception as error:
                yield ExtractionError(f"dateparser: {type(error).__name__}: {error}")

    def _dates(self, article: Article) -> Iterator[Date]:
        for line in _LINE.finditer(article.text):
            at = line.start()
            for hit, value in self._read(line.group(), _moment(article.published)):
                yield Date(Span(at + hit.start, at + hit.end), hit.type, value)

    def _read(self, text: str, moment: datetime | None) -> Iterator[tuple[Hit, str | None]]:
        if moment is not None:
            for hit in self.search(text, moment):
                yield hit, hit.value
            return
        first = self.search(text, _BASES[0])
        agreed = set(self.search(text, _BASES[1]) if first else ())
        for hit in first:
            yield hit, hit.value if hit in agreed else None

    def search(self, text: str, moment: datetime) -> list[Hit]:
        """What dateparser finds in a line when ``moment`` is now."""
        from dateparser.search import search_dates

        found: Any = search_dates(
            text,
            languages=self._languages,
            strategy=self._strategy,
            add_period=True,
            settings={
                "RELATIVE_BASE": moment,
                "PREFER_DATES_FROM": self._prefer,
                "RETURN_TIME_AS_PERIOD": True,
                "TIMEZONE": "UTC",
            },
        )
        hits, at = [], 0
        for words, when, period in found or ():
            place = _place(words, text, at)
            if place is None:
                raise ExtractionError(f"it found {words!r}, which is not in the text")
            at = place[1]
            span = _tidied(text, *place) if self._tidy else place
            if span is not None:
                hits.append(Hit(*span, *timex(when, period)))
        return hits


def timex(when: datetime, period: str | None) -> tuple[DateType, str]:
    """Type and TIMEX3 value of a moment that is known as exactly as ``period`` says."""
    iso = when.isoformat()
    match period:
        case "year":
            return "DATE", iso[:4]
        case "month":
            return "DATE", iso[:7]
        case "week":
            year, week, _ = when.isocalendar()
            return "DATE", f"{year:04}-W{week:02}"
        case "time":
            return "TIME", iso[:16]
        case "part_of_day":
            part = "MO" if when.hour < 12 else "AF" if when.hour < 18 else "EV"
            return "DATE", f"{iso[:10]}T{part}"
    return "DATE", iso[:10]


def _moment(published: date | datetime | None) -> datetime | None:
    if published is None or isinstance(published, datetime):
        return published and published.replace(tzinfo=None)
    return datetime(published.year, published.month, published.day)


def _place(words: str, text: str, at: int) -> tuple[int, int] | None:
    """Where the words stand from ``at`` on, inside longer words only if nowhere else.

    dateparser gives no offsets and may change the spaces.
    """
    plain = r"\s+".join(map(re.escape, words.split()))
    whole = rf"(?!\B\w){plain}(?<!\w\B)"  # neither end inside a word
    found = re.compile(whole).search(text, at) or re.compile(plain).search(text, at)
    return None if found is None or not found.group() else found.span()


def _tidied(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Without the small words at the ends; None when nothing is left but numbers."""
    lead = _LEADS.match(text, start, end)
    start = lead.end() if lead else start
    tail = _TAILS.search(text, start, end)
    end = tail.start() if tail else end
    return (start, end) if start < end and not _NUMBERS.fullmatch(text, start, end) else None
