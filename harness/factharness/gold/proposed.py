"""Tells the facts that a back end proposed and nobody has confirmed."""

from __future__ import annotations

from collections.abc import Iterable

from factharness.facts import GoldFact

UNCONFIRMED = "unconfirmed"
"""The note of a fact that a back end proposed and nobody has looked at."""
PROPOSED = "a proposed fact that nobody has confirmed"
"""What is said of such a fact."""


def unconfirmed(facts: Iterable[GoldFact]) -> bool:
    """Whether one of the facts was proposed by a back end and nobody has confirmed it."""
    return any(fact.attributes.get("note") == UNCONFIRMED for fact in facts)
