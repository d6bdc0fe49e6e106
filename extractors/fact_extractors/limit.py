"""The longest article that a back end reads: a longer one is an error that says so, at once.

What libraries do grows with the text, and an article of a whole book would hold up a run for minutes.
"""

from __future__ import annotations

from factharness.errors import ExtractionError
from factharness.facts import Article


def too_long(article: Article, longest: int) -> ExtractionError | None:
    """The error of an article of more than ``longest`` characters; None: it is short enough.

    No part of a fingerprint: what is read is read alike, and an error is not kept in the cache.
    """
    length = len(article.text)
    if length <= longest:
        return None
    return ExtractionError(
        f"the article has {length:,} characters, and at most {longest:,} are read; option `longest` sets it"
    )
