"""IOB tags: regions to tags, and tags to runs, with those that follow no scheme told apart."""

from __future__ import annotations

from collections.abc import Sequence

from factharness.convert.model import Notes, Region
from factharness.convert.tokens import Token, covering
from factharness.errors import GoldError
from factharness.facts import Span

BEGIN, INSIDE, LAST, SINGLE = "B", "I", ("E", "L"), ("S", "U")


def tags_of(tokens: Sequence[Token], regions: Sequence[Region], scheme: str) -> list[str]:
    """One tag per token for regions that do not overlap."""
    tags = ["O"] * len(tokens)
    for region in regions:
        inside = covering(tokens, Span(region.spans[0].start, region.spans[-1].end))
        for order, index in enumerate(inside):
            prefix = BEGIN if order == 0 else INSIDE
            if scheme == "iobes" and order == len(inside) - 1:
                prefix = SINGLE[0] if order == 0 else LAST[0]
            tags[index] = f"{prefix}-{region.label}"
    return tags


def names_in(
    tags: Sequence[str], *, iob1: bool = False
) -> tuple[list[tuple[int, int, str]], list[int]]:
    """Runs of tags as (first, last, label), and the indices of the tags that follow no scheme.

    IOB2, IOBES and BILOU are read alike; with ``iob1``, ``I`` may start a name. A tag that continues nothing
    starts a name of its own."""
    runs: list[tuple[int, int, str]] = []
    wrong: list[int] = []
    open_label: str | None = None
    for index, tag in enumerate(tags):
        prefix, dash, label = tag.partition("-")
        if not dash or not label or prefix not in (BEGIN, INSIDE, *LAST, *SINGLE):
            if tag not in ("O", "_", ""):
                wrong.append(index)
            open_label = None
            continue
        continues = prefix in (INSIDE, *LAST) and label == open_label
        if continues:
            runs[-1] = (runs[-1][0], index, label)
        else:
            runs.append((index, index, label))
            if prefix in LAST or (prefix == INSIDE and not iob1):
                wrong.append(index)
        open_label = None if prefix in (*LAST, *SINGLE) else label
    return runs, wrong


def is_iob1(tags: Sequence[str]) -> bool:
    """Whether names start with ``I`` throughout: no ``B`` stands but between two names of one label."""
    return not any(
        tag.startswith("B-") and (index == 0 or tags[index - 1][2:] != tag[2:])
        for index, tag in enumerate(tags)
    )


def repaired(
    tags: Sequence[str],
    lines: Sequence[int],
    file: str,
    notes: Notes,
    *,
    iob1: bool,
    refuse: bool,
) -> list[tuple[int, int, str]]:
    """The runs of :func:`names_in`; tags that follow no scheme are noted, or with ``refuse`` an error."""
    runs, wrong = names_in(tags, iob1=iob1)
    if wrong and refuse:
        raise GoldError(
            f"{tags[wrong[0]]!r} follows {tags[wrong[0] - 1] if wrong[0] else 'nothing'!r}",
            file=file,
            line=lines[wrong[0]],
            remedy="mend the tags, or import without --refuse",
        )
    notes.add("tags that follow no scheme, repaired", len(wrong))
    return runs
