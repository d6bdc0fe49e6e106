"""Named entities (none yet)."""

from __future__ import annotations

from typing import NamedTuple

from factharness.facts import Entity


class Found(NamedTuple):
    """A named entity and the id of the rule that typed it."""

    entity: Entity
    rule: str


def find(text: str) -> list[Found]:
    """The named entities of ``text``."""
    return []
