"""Checks names that are typed short: a part of the names of several persons does not say who is meant."""

from __future__ import annotations

from collections.abc import Iterator

from factharness.gold.checks.finding import Checked, Finding
from factharness.gold.complete import COMPLETED, Names


def short_names(file: Checked) -> Iterator[Finding]:
    """A resolved name that is a part of a labelled name is a part of one alone."""
    names = Names.of(file.attached)
    for block in file.document.blocks:
        for line in block.facts():
            for key in COMPLETED:
                mention = line.mentions.get(key)
                if mention is None or mention.name is None:
                    continue
                possible = names.longer(mention.name)
                if len(possible) > 1:
                    yield Finding(
                        line.line,
                        f"{key}: = {mention.name} may be {' or '.join(possible)}",
                        "write the whole name",
                    )
