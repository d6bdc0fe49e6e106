"""Scores: matching, counting, statistics. Pure: no I/O, no clock, randomness only from a seed.

``spans``, ``dates`` and ``quotes`` score a kind of fact: ``match`` pairs gold and predictions, ``regimes`` says
which pairs are right, ``tally`` counts them, and ``regime_score`` makes numbers of the counts. ``evaluation``
does so for articles, of which ``view`` selects the facts, ``stream`` for files of any length, which ``records``
reads. ``aggregate`` adds counts up to the rows of tables, ``stats`` makes intervals and tests, ``comparison``
sets two back ends against each other, ``ensemble`` makes one prediction of those of several.
"""

from factharness.score.aggregate import ScoreRow, aggregate
from factharness.score.columns import SpanTable
from factharness.score.counts import ALL, CountRow, Counts, SemEval
from factharness.score.dates import score_dates
from factharness.score.evaluation import Evaluation, Match, evaluate, regimes_of
from factharness.score.quotes import score_quotes
from factharness.score.regime_score import RegimeScore
from factharness.score.spans import Scores, score_spans
from factharness.score.tally import Tally

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
