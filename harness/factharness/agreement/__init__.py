"""Compares two labellings of the same articles, and makes one labelling of two.

Above ``score`` (it matches facts with it) and below ``cli``.
"""

from factharness.agreement.alpha import alpha
from factharness.agreement.measure import Agreement, agree
from factharness.agreement.pairs import Pair, pair_articles, pair_sets

__all__ = ["Agreement", "Pair", "agree", "alpha", "pair_articles", "pair_sets"]
