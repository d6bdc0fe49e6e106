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
from factharness.runs.review import Suggestion, of_article, voices
from factharness.runs.side_by_side import SideBySide
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


class Reviewing:
    """Collects the list, while something reads the articles of a run."""

    def __init__(self, run: Run, texts: Texts, *, with_texts: bool = False) -> None:
        self._voices = voices(run)
        self._texts = texts
        self._with_texts = with_texts
        self._found: list[Suggestion] = []

    def add(self, article: SideBySide) -> None:
        """What should be looked at in one article."""
        room = MOST + 1 - len(self._found)
        if room > 0:
            found = of_article(article, self._voices, self._texts, Filter())
            self._found += islice(found, room)

    @property
    def review(self) -> Review:
        """What the script reads."""
        listed = [
            _listed(one, self._texts, with_texts=self._with_texts) for one in self._found[:MOST]
        ]
        return Review(listed, len(self._found) > MOST)


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
