"""Checks of facts of every kind: their labels, where they start and end, and that none is there twice."""

from __future__ import annotations

from collections.abc import Iterator

from factharness.errors import unknown
from factharness.escape import cited
from factharness.facts import Entity, Quote, kind_of, spans_of
from factharness.gold.anchors import inside_word
from factharness.gold.checks.finding import Checked, Finding
from factharness.labels import DATE_LABELS


def known_label(file: Checked) -> Iterator[Finding]:
    """The scheme is that of the set, and has the labels."""
    scheme, entities = file.document.header.labels.scheme, file.scheme.entities
    if scheme != file.scheme.name:
        yield Finding(1, *_unknown_scheme(scheme, file.scheme.name))
        return
    for fact in file.facts:
        if isinstance(fact.fact, Entity) and fact.fact.label.split(".")[0] not in entities:
            yield Finding(
                fact.line,
                *unknown("label", fact.fact.label, (*entities, *DATE_LABELS, "QUOTE")),
            )
        meto = fact.attributes.get("meto")
        if meto is not None and meto.split(".")[0] not in entities:
            yield Finding(fact.line, *unknown("label after meto:", meto, entities))


def _unknown_scheme(scheme: str, of_set: str) -> tuple[str, str]:
    return (
        f"the scheme is {scheme!r}, that of its set {of_set!r}",
        f"write scheme = {of_set!r}, or declare {scheme!r} in set.toml",
    )


def edges(file: Checked) -> Iterator[Finding]:
    """Nothing starts or ends on a space or inside a word."""
    for fact in file.facts:
        mentions = [*spans_of(fact.fact)]
        if isinstance(fact.fact, Quote):
            mentions += [span for span in (fact.fact.speaker, fact.fact.cue) if span]
        for span in mentions:
            words = file.words(span)
            if words != words.strip():
                yield Finding(
                    fact.line, f"{cited(words)} starts or ends on a space", "quote the words alone"
                )
            elif file.text is not None and (
                inside_word(file.text, span.start) or inside_word(file.text, span.end)
            ):
                yield Finding(
                    fact.line, f"{cited(words)} starts or ends inside a word", "quote whole words"
                )


def duplicates(file: Checked) -> Iterator[Finding]:
    """No entity or date is there twice, and no quote twice with the same speaker."""
    seen: dict[object, int] = {}
    for fact in file.facts:
        key: tuple[object, ...] = (kind_of(fact.fact), spans_of(fact.fact))
        if isinstance(fact.fact, Quote):
            key += (fact.fact.speaker, fact.fact.speaker_name)
        if key in seen:
            yield Finding(
                fact.line,
                f"the same {kind_of(fact.fact)} stands on line {seen[key]}",
                "keep one of the two lines",
            )
        else:
            seen[key] = fact.line
