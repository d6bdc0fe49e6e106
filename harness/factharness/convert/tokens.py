"""Makes tokens for formats of tokens. A text is also cut at every edge of a region, so that regions fit tokens.

It also selects the regions that a format without nesting can hold.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct

from factharness.convert.model import QUOTE, MarkedText, Notes, Region, lost_fields
from factharness.facts import Span

_TOKEN = re.compile(r"\w+(?:[-’'](?=\w)\w+)*[’']?|\S", re.UNICODE)


class Token(Struct, frozen=True):
    """A word or a mark: its offsets in the text, and the white space that follows it."""

    start: int
    end: int
    text: str
    after: str


def tokenise(text: str, edges: Iterable[int] = ()) -> list[Token]:
    """The tokens of ``text``, white space left out, none across one of ``edges``."""
    cuts = sorted(set(edges))
    pieces: list[tuple[int, int]] = []
    at = 0
    for found in _TOKEN.finditer(text):
        start = found.start()
        while at < len(cuts) and cuts[at] <= start:
            at += 1
        while at < len(cuts) and cuts[at] < found.end():
            pieces.append((start, cuts[at]))
            start = cuts[at]
            at += 1
        pieces.append((start, found.end()))
    ends = [start for start, _ in pieces[1:]] + [len(text)]
    return [
        Token(start, end, text[start:end], text[end:following])
        for (start, end), following in zip(pieces, ends, strict=True)
    ]


def edges_of(regions: Iterable[Region]) -> list[int]:
    """Every offset at which a region starts or ends."""
    return [edge for region in regions for span in region.spans for edge in (span.start, span.end)]


def flat(marked: MarkedText, notes: Notes) -> list[Region]:
    """The counted entities and dates, outermost only, in order.

    Quotes, don't-care facts, inner and crossing ones, and the words of fields are noted."""
    kept: list[Region] = []
    candidates = []
    for region in marked.regions:
        if region.label in (QUOTE, "SPEAKER", "CUE"):
            notes.leave_out(f"{region.label}")
        elif region.fields.get("ignore"):
            notes.leave_out(f"don't-care {region.label}")
        else:
            candidates.append(region)
    lost_fields(
        MarkedText(marked.id, marked.text, tuple(candidates)), lambda key: key == "ignore", notes
    )
    for region in sorted(candidates, key=lambda item: (item.spans[0].start, -item.spans[-1].end)):
        if kept and region.spans[0].start < kept[-1].spans[-1].end:
            notes.leave_out(f"{region.label} inside or across another")
        else:
            kept.append(region)
    return kept


def covering(tokens: Sequence[Token], span: Span) -> list[int]:
    """The indices of the tokens that overlap ``span``."""
    first = bisect_right(tokens, span.start, key=lambda token: token.end)
    return list(
        range(first, bisect_left(tokens, span.end, lo=first, key=lambda token: token.start))
    )
