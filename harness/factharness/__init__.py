"""factharness: scores fact extractors on hand-labelled French news.

The names below are all that most programs need; ``docs/python.md`` shows them at work. Each is imported when it
is first used, so that ``import factharness`` costs next to nothing.
"""

from __future__ import annotations

from factharness.lazy import on_first_use

TYPE_CHECKING = False  # importing typing for it would take half of the time that this module takes
if TYPE_CHECKING:
    from factharness.api import compare, load, read_gold, run
    from factharness.errors import HarnessError
    from factharness.facts import (
        Article,
        Date,
        Entity,
        GoldArticle,
        GoldFact,
        Prediction,
        Quote,
        Span,
    )
    from factharness.score import evaluate, score_dates, score_quotes, score_spans

__version__ = "0.1.0"

_PLACES = {
    "api": ("compare", "load", "read_gold", "run"),
    "errors": ("HarnessError",),
    "facts": (
        *("Article", "Date", "Entity", "GoldArticle", "GoldFact", "Prediction", "Quote", "Span"),
    ),
    "score": ("evaluate", "score_dates", "score_quotes", "score_spans"),
}

__all__ = [
    "Article",
    "Date",
    "Entity",
    "GoldArticle",
    "GoldFact",
    "HarnessError",
    "Prediction",
    "Quote",
    "Span",
    "compare",
    "evaluate",
    "load",
    "read_gold",
    "run",
    "score_dates",
    "score_quotes",
    "score_spans",
]

if not TYPE_CHECKING:  # a type checker knows the names from the imports above, and refuses others
    __getattr__ = on_first_use(__name__, _PLACES)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
