"""Scores: matching, counting, statistics. Pure: no I/O, no clock, randomness only from a seed.

``spans``, ``dates`` and ``quotes`` score a kind of fact: ``columns`` takes in the spans of a caller, ``match``
pairs gold and predictions, ``regimes`` says which pairs are right, ``tally`` counts them, and ``regime_score``
makes numbers of the counts. ``match`` uses ``overlap`` (which spans overlap), ``same_spans`` (pairs that need
no search) and ``assignment`` (the best pairs of the others).

How single facts are compared: ``trim`` cuts the edges of spans, ``timex`` has the values of dates, ``speakers``
and ``names`` the speakers of quotes, ``quote_regimes`` the names of their regimes; ``extent`` compares
characters and words in place of pairs. ``tags`` makes spans of the tags of tokens.

``evaluation`` scores articles, of which ``view`` selects the facts; ``stream`` scores files of any length,
which ``records`` reads. ``counts``, ``count_columns`` and ``rows`` are the types of the results;
``aggregation`` adds counts up to the rows of tables, ``stats`` makes intervals and tests, ``comparison`` sets
two back ends against each other. ``ensemble`` makes one prediction of those of several back ends, whose facts
``groups`` has matched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factharness.lazy import on_first_use

if TYPE_CHECKING:
    from factharness.score.aggregation import aggregate
    from factharness.score.columns import SpanTable
    from factharness.score.counts import ALL, CountRow, Counts, SemEval
    from factharness.score.dates import score_dates
    from factharness.score.evaluation import Evaluation, evaluate, regimes_of
    from factharness.score.quotes import score_quotes
    from factharness.score.regime_score import RegimeScore
    from factharness.score.rows import Match, ScoreRow
    from factharness.score.spans import Scores, score_spans
    from factharness.score.tally import Tally

_PLACES = {
    "aggregation": ("aggregate",),
    "columns": ("SpanTable",),
    "counts": ("ALL", "CountRow", "Counts", "SemEval"),
    "dates": ("score_dates",),
    "evaluation": ("Evaluation", "evaluate", "regimes_of"),
    "quotes": ("score_quotes",),
    "regime_score": ("RegimeScore",),
    "rows": ("Match", "ScoreRow"),
    "spans": ("Scores", "score_spans"),
    "tally": ("Tally",),
}

__all__ = [
    "ALL",
    "CountRow",
    "Counts",
    "Evaluation",
    "Match",
    "RegimeScore",
    "ScoreRow",
    "Scores",
    "SemEval",
    "SpanTable",
    "Tally",
    "aggregate",
    "evaluate",
    "regimes_of",
    "score_dates",
    "score_quotes",
    "score_spans",
]

if not TYPE_CHECKING:  # a type checker knows the names from the imports above, and refuses others
    # What reads stored scores needs no arrays.
    __getattr__ = on_first_use(__name__, _PLACES)
