"""What an export can lose: the parts of gold that the list of formats names, and those of the header.

A test exports gold that has every part, imports it again and compares: the list is what that test measures.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from factharness.convert.model import Notes
from factharness.facts import Article
from factharness.gold.header import Header

PARTS = (
    "date of publication",
    "time of publication",
    "language",
    "meta",
    "white space",
    "control characters",
    "quotes",
    "don't care",
    "values",
    "names of speakers",
    "metonymy",
    "notes",
    "inner facts",
    "facts inside inner facts",
    "facts at one place",
    "places inside words",
)
"""``notes``: every attribute of a fact but metonymy. ``facts at one place``: two facts of one label there."""
OF_ARTICLE: Mapping[str, Callable[[Article], bool]] = {
    "date of publication": lambda article: article.published is not None,
    "time of publication": lambda article: isinstance(article.published, datetime),
    "language": lambda article: article.lang != "fr",
    "meta": lambda article: bool(article.meta),
}
"""Whether an article has a part; a format that states no language is read as French."""
NO_FORMAT = ("title", "source", "licence", "phenomena", "by", "status", "prelabel", "skip")
"""What no format carries of a header."""


def lost_of_articles(articles: Iterable[Article], loses: Collection[str]) -> Notes:
    """The parts of articles themselves, not of their facts, that are in ``loses``, with counts."""
    notes = Notes()
    for article in articles:
        for part, has in OF_ARTICLE.items():
            if part in loses and has(article):
                notes.leave_out(part)
    return notes


def lost_of_headers(headers: Sequence[Header]) -> Notes:
    """What no format carries of these headers: one note, which counts the headers."""
    notes = Notes()
    held = [key for key in NO_FORMAT if any(_has(header, key) for header in headers)]
    if held:
        notes.leave_out(f"{', '.join(held)} of the header (see import --header-from)", len(headers))
    return notes


def _has(header: Header, key: str) -> bool:
    value = getattr(header if hasattr(header, key) else header.labels, key)
    return bool(value) and value != "none"
