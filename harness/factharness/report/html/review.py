"""The list of gold that an annotator should look at again, for the part "Mistakes".

:mod:`factharness.runs.review` finds what belongs on it; the page shows each fact in its text, with the lines of
the gold file as they stand and as they would be.
"""

from __future__ import annotations

from itertools import islice

from msgspec import Struct, field

from factharness.escape import visible
from factharness.report.html.facts import utf16
from factharness.runs.filters import Filter
from factharness.runs.record import Run
from factharness.runs.review import Suggestion, suggestions
from factharness.runs.texts import Texts

MOST = 500
"""How many are embedded: to propose lines, the gold files are read again, which takes time."""


class Listed(Struct, frozen=True, omit_defaults=True):
    """A fact to look at, found again on the page by its article, kind and spans."""

    goldset: str
    article: str
    verdict: str
    kind: str
    spans: tuple[int, ...]
    gold: bool
    stands: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Review(Struct, frozen=True):
    """The list, and whether there is more than it holds."""

    listed: list[Listed] = field(default_factory=list)
    more: bool = False


def data(run: Run, texts: Texts, *, with_texts: bool = False) -> Review:
    """What the script reads; nothing for a run of the first format, which does not hold the gold facts."""
    if run.manifest.format == 1:
        return Review()
    found = list(islice(suggestions(run, texts, Filter()), MOST + 1))
    return Review(
        [_listed(one, texts, with_texts=with_texts) for one in found[:MOST]], len(found) > MOST
    )


def _listed(one: Suggestion, texts: Texts, *, with_texts: bool) -> Listed:
    entry = one.entry
    name = entry.goldset, entry.article
    secret = texts.withheld(*name) and not with_texts
    text = None if secret else texts.of(*name)
    offset = utf16(text) if text is not None else int
    lines = ((), (), ()) if secret else (one.stands, one.proposed, one.doubts)
    return Listed(
        *name,
        one.verdict,
        entry.kind,
        tuple(offset(end) for span in entry.shown.spans for end in (span.start, span.end)),
        entry.gold is not None,
        *(tuple(map(visible, each)) for each in lines),
    )
