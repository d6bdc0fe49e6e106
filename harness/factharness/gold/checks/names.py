"""Checks of names: where they start, and that each is labelled everywhere."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from factharness.covered import Covered
from factharness.escape import cited
from factharness.facts import Date, Entity, GoldFact, Quote, Span, label_of
from factharness.gold.anchors import hits
from factharness.gold.checks.finding import Checked, Finding
from factharness.gold.hints import opens_sentence
from factharness.text import fold

_PART_OF_NAME = re.compile(r"(?<![\w'-])[^\W\d_][\w'-]{2,}(?![\w.])")
_ELIDED = re.compile(r"(?:l|qu|s|n|j|c|m|t|jusqu|lorsqu|puisqu|quoiqu)'", re.UNICODE)
_ELIDED_DATE = re.compile(r"(?:l|d|qu|jusqu|lorsqu|puisqu)'")


def elisions(file: Checked) -> Iterator[Finding]:
    """No entity or date starts with an elided article."""
    for fact in file.facts:
        if isinstance(fact.fact, Entity | Date):
            pattern = _ELIDED_DATE if isinstance(fact.fact, Date) else _ELIDED
            words = file.words(fact.fact.span)
            if pattern.match(fold(words)):
                yield Finding(
                    fact.line,
                    f"{cited(words)} starts with an elided article",
                    "leave the article out",
                    rule="E6" if isinstance(fact.fact, Entity) else "D1",
                )


def repeated_names(file: Checked) -> Iterator[Finding]:
    """A name that is labelled once is labelled everywhere.

    Parts of longer labelled names and of hyphenated words are left alone, as are names that do not start with a
    capital.
    """
    names: dict[str, GoldFact] = {}
    for fact, words in _entities(file):
        if not fact.ignore and words[:1].isupper():
            names.setdefault(words, fact)
    for words, fact, line, place in _unlabelled(file, names):
        yield Finding(
            line,
            f"{cited(words)} is labelled on line {fact.line} and unlabelled in this paragraph",
            "label it here too, or mark it don't care with ?",
            rule="G2",
            place=place,
        )


def parts_of_names(file: Checked) -> Iterator[Finding]:
    """The family name or the first name of a person who is labelled in full is labelled where it stands alone.

    A common word that opens a sentence (« Petit à petit ») is left alone.
    """
    parts: dict[str, GoldFact] = {}
    for fact, words in _entities(file):
        if label_of(fact.fact) == "PER" and not fact.ignore:
            for part in _PART_OF_NAME.findall(fold(words)):
                if part[0].isupper():
                    parts.setdefault(part, fact)
    alone = list(_unlabelled(file, parts))
    whole = {words: fact for fact, words in _entities(file)} if alone else {}
    told = Covered(place for *_, place in _unlabelled(file, whole))
    for part, fact, line, place in alone:
        opens = opens_sentence(file.text or "", place.start)
        common = opens and hits(part.lower(), file.text or "")
        if not common and not told.touches(place):
            yield Finding(
                line,
                f"{cited(part)} is unlabelled in this paragraph, and a part of the name on line {fact.line}",
                "label it here too if it is the same name",
                "warning",
                "G2",
                place,
            )


def _entities(file: Checked) -> Iterator[tuple[GoldFact, str]]:
    """The entities with their words; none where nobody labelled entities, or the text is missing."""
    if file.text is not None and file.labelled("entity"):
        for fact in file.facts:
            if isinstance(fact.fact, Entity):
                yield fact, file.words(fact.fact.span)


def _unlabelled(
    file: Checked, names: Mapping[str, GoldFact]
) -> Iterator[tuple[str, GoldFact, int, Span]]:
    """Where a name stands outside every entity and date: its fact, the line of the paragraph, the place."""
    if not names:
        return
    text = file.text or ""
    covered = bytearray(len(text))
    for fact in file.facts:
        if not isinstance(fact.fact, Quote):
            span = fact.fact.span
            covered[span.start : span.end] = b"\1" * len(span)
    parts = [(offset, line) for (offset, _), line in file.paragraphs()]
    for words, fact in names.items():
        for start, end in hits(words, text):
            hyphenated = "-" in (text[start - 1 : start], text[end : end + 1])
            if not hyphenated and not any(covered[start:end]):
                index = bisect_right(parts, start, key=lambda part: part[0]) - 1
                yield words, fact, parts[index][1], Span(start, end)
