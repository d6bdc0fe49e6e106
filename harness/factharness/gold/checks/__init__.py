"""The checks of gold files beyond what reading them demands: one small function each.

A check sees a :class:`Checked` file and yields each :class:`Finding` (module ``finding``); the tables here name
all checks, and ``docs/gold-format.md`` describes them. They are about the file itself (``files``), facts of
every kind (``facts``), names (``names``, ``name_edges``, ``short_names``), dates (``dates``, ``date_words``),
quotes (``quotes``, ``quote_marks``), and articles that are labelled in part (``unlabelled``).
"""

from __future__ import annotations

from collections.abc import Iterator

from factharness.gold.checks import (
    date_words,
    dates,
    facts,
    files,
    name_edges,
    names,
    quote_marks,
    quotes,
    short_names,
    unlabelled,
)
from factharness.gold.checks.finding import Check, Checked, Finding

CHECKS: tuple[Check, ...] = (
    files.file_name,
    files.normal_form,
    facts.known_label,
    dates.value,
    dates.contradictions,
    facts.edges,
    facts.duplicates,
    files.wordless,
    short_names.short_names,
    files.confirmed,
    files.settled,
)
"""The checks of the format, which hold for every scheme."""

OF_SCHEME: dict[str, Check] = {
    "elisions": names.elisions,
    "repeated-names": names.repeated_names,
    "parts-of-names": names.parts_of_names,
    "unlabelled-words": unlabelled.unlabelled_words,
    "marked-words": quotes.marked_words,
    "speakers": quotes.speakers,
    "quote-marks": quote_marks.marks_in_quotes,
    "speaker-names": quote_marks.speaker_names,
    "name-edges": name_edges.edges,
    "date-edges": date_words.date_edges,
    "modifiers": date_words.modifiers,
    "parts-of-day": date_words.parts_of_day,
    "weekdays": date_words.weekdays,
    "vague-times": date_words.vague_times,
}
"""The checks that a scheme decides on: what ``fr-news-1`` asks of annotators, and another scheme need not."""


def findings(file: Checked) -> Iterator[Finding]:
    """What every check that holds for the file's scheme finds."""
    for check in (*CHECKS, *(OF_SCHEME[name] for name in file.scheme.checks)):
        yield from check(file)
