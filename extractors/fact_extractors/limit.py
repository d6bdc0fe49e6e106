"""Refuses articles that are longer than a back end reads, with an error that says so.

The time that libraries take grows with the text: an article as long as a book would hold up a run for minutes.
"""

from __future__ import annotations

from factharness.errors import ExtractionError
from factharness.facts import Article


def too_long(article: Article, longest: int) -> ExtractionError | None:
    """The error of an article of more than ``longest`` characters; None for a shorter one.

    ``longest`` need not be in a fingerprint: shorter articles are read as without it, and errors are not
    cached.
    """
    length = len(article.text)
    if length <= longest:
        return None
    return ExtractionError(
        f"the article has {length:,} characters, and at most {longest:,} are read; option `longest` sets it"
    )
