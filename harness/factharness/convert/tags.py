"""Writes tags from regions, and reads names from tags (with :func:`factharness.score.tags.decode`)."""

from __future__ import annotations

from collections.abc import Sequence

from factharness.convert.model import Notes, Region, TagReading
from factharness.convert.tokens import Token, covering
from factharness.errors import GoldError, ScoreError
from factharness.facts import Span
from factharness.score.tags import UNLABELLED, decode, parts, scheme_named


def tags_of(tokens: Sequence[Token], regions: Sequence[Region], scheme: str) -> list[str]:
    """One tag per token for regions that do not overlap."""
    tags = ["O"] * len(tokens)
    for region in regions:
        inside = covering(tokens, Span(region.spans[0].start, region.spans[-1].end))
        for order, index in enumerate(inside):
            prefix = "B" if order == 0 else "I"
            if scheme == "iobes" and order == len(inside) - 1:
                prefix = "S" if order == 0 else "E"
            tags[index] = f"{prefix}-{region.label}"
    return tags


def scheme_of(tags: Sequence[str]) -> str:
    """Recognise the scheme of a file's tags by their prefixes; ``O`` must be between sentences.

    When the prefixes allow two schemes, their positions decide: if B is used only between two names of one
    label, it is IOB1; if E is used only there, IOE1."""
    prefixes = {tag[0] for tag in tags if tag[1:2] == "-"}
    if prefixes & set("LU"):
        return "BILOU"
    if "S" in prefixes or {"B", "E"} <= prefixes:
        return "BIOES"
    after = [*tags[1:], "O"]
    if "E" in prefixes:
        pairs = zip(tags, after, strict=True)
        between = all(tag[2:] == other[2:] for tag, other in pairs if tag[:2] == "E-")
        return "IOE1" if between else "IOE2"
    pairs = zip(tags, ["O", *tags], strict=False)
    between = all(tag[2:] == other[2:] for tag, other in pairs if tag[:2] == "B-")
    return "IOB1" if between and "I" in prefixes else "BIO"


def names_in(
    tags: Sequence[str],
    lines: Sequence[int],
    file: str,
    notes: Notes,
    scheme: str,
    reading: TagReading,
) -> list[tuple[int, int, str]]:
    """The names of a sentence as (first, last, label); how they were read is noted.

    ``lines`` are those of the tags. A cell that is no tag counts as invalid: it is read as O, or refused.
    Raises :class:`GoldError` with the line of what is refused, and for an unknown scheme."""
    tags = ["O" if tag in ("", "_") else tag for tag in tags]
    try:
        scheme = scheme_named(reading.scheme or scheme)
        known = [tag if _is_tag(tag, scheme) else "O" for tag in tags]
        none = [place for place, tag in enumerate(tags) if tag != known[place]]
        if none and reading.invalid == "refuse":
            raise ScoreError(f"{tags[none[0]]!r} is no {scheme} tag", line=none[0] + 1)
        found = decode(known, scheme, reading.invalid)
        discarded = (
            len(decode(known, scheme, "repair").spans) - len(found.spans)
            if reading.invalid == "discard"
            else 0
        )
    except ScoreError as error:
        line = None if error.line is None else lines[error.line - 1]
        remedy = error.remedy if line is None else "mend the tags, or see --scheme and --invalid"
        raise GoldError(error.message, file=file, line=line, remedy=remedy) from None
    notes.add(f"names read as {found.policy}", len(found.spans))
    notes.add(f"invalid boundaries of names, {found.policy}", found.invalid)
    notes.leave_out("names with invalid boundaries", discarded, where=file)
    notes.leave_out(f"what is no {scheme} tag", len(none), where=file)
    return [(start, end - 1, label) for start, end, label in found.spans]


def _is_tag(tag: str, scheme: str) -> bool:
    """Whether a tag is one of the scheme; a name needs a label."""
    found = parts(tag, scheme)
    return found is not None and found[1] != UNLABELLED
