"""A check for articles that somebody forgot to label, or labelled in part."""

from __future__ import annotations

from collections.abc import Iterator

from factharness.gold.checks.finding import Checked, Finding
from factharness.gold.hints import bare, candidates

FEWEST = 6
"""Fewer unlabelled words than this are no sign of anything."""
_WHAT = {
    "entity": "capitals inside sentences are in no entity",
    "date": "time words are in no date",
}


def unlabelled_words(file: Checked) -> Iterator[Finding]:
    """At least half of the words that look like names, and of those that tell times, are labelled."""
    if file.text is None or not file.attached.blocks:
        return
    words = candidates(file.text)
    left = bare(words, file.facts, file.text)
    for kind, what in _WHAT.items():
        count = sum(hint.kind == kind for hint in left)
        whole = sum(hint.kind == kind for hint in words)
        if file.labelled(kind) and count >= FEWEST and 2 * count > whole:
            yield Finding(
                file.attached.blocks[0].paragraph.line,
                f"{count} of {whole} {what}",
                f"label them (gold show marks them), or name {kind} under skip in the header",
                "warning",
                "G2",
            )
