"""Compares two labellings of the same articles, and makes one labelling of two.

``pairs`` matches the facts of the two, as ``score`` matches predictions with gold. ``measure`` makes the
figures of them (with ``alpha`` and ``breakdown``), ``render`` the text of these, ``adjudicate`` the joint
labelling.
"""

from factharness.agreement.alpha import alpha
from factharness.agreement.measure import Agreement, agree
from factharness.agreement.pairs import Pair, pair_articles, pair_sets

__all__ = ["Agreement", "Pair", "agree", "alpha", "pair_articles", "pair_sets"]
