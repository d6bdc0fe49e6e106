"""The checks of gold files beyond what reading them demands: one small function each.

A check sees a :class:`Checked` file and yields ``(line, message, remedy)``; the table :data:`CHECKS` names
them all, and ``docs/gold-format.md`` describes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from factharness.errors import GoldError, unknown
from factharness.facts import Date, Entity, GoldFact, Quote, Span, kind_of, spans_of
from factharness.gold.anchors import hits, inside_word, locate
from factharness.gold.syntax import Comment, Document, Passage
from factharness.gold.timex import MODIFIERS, contradiction, malformed
from factharness.labels import DATE_LABELS
from factharness.scheme import Scheme
from factharness.text import fold, paragraphs

UNCONFIRMED = "unconfirmed"
"""The note of a fact that a back end proposed and nobody has looked at."""
OPEN = re.compile(r"# [ab]: ")
"""The start of a comment that holds one side of an open disagreement."""

_ELIDED = re.compile(r"(?:l|qu|s|n|j|c|m|t|jusqu|lorsqu|puisqu|quoiqu)'", re.UNICODE)
_ELIDED_DATE = re.compile(r"(?:l|d|qu|jusqu|lorsqu|puisqu)'")
_MARKS = {"«": "»", "“": "”"}
_MARK = re.compile(r'[«»“”"]')


def unconfirmed(facts: Iterable[GoldFact]) -> bool:
    """Whether one of the facts was proposed by a back end and nobody has confirmed it."""
    return any(fact.attributes.get("note") == UNCONFIRMED for fact in facts)


class Checked(Struct, frozen=True):
    """A file that is being checked: as it is, and with its text when that is attached; its facts; its text
    (None when the text is missing); the scheme of its labels."""

    document: Document
    attached: Document
    facts: tuple[GoldFact, ...]
    text: str | None
    scheme: Scheme

    def words(self, span: Span) -> str:
        """The words of a span; empty when the text is missing."""
        return span.of(self.text) if self.text is not None else ""

    def paragraphs(self) -> Iterator[tuple[tuple[int, str], int]]:
        """Each paragraph of the text with its offset, and its line in the file; none without the text."""
        if self.text is not None:
            lines = [block.paragraph.line for block in self.attached.blocks]
            yield from zip(paragraphs(self.text), lines, strict=False)

    def labelled(self, kind: str) -> bool:
        """Whether the layer is labelled in this file (the header's ``skip`` does not name it)."""
        return kind not in self.document.header.labels.skip


Finding: TypeAlias = tuple[int, str, str]


def _file_name(file: Checked) -> Iterator[Finding]:
    name = Path(file.document.path).name
    if file.document.path and name != f"{file.document.header.id}.gold":
        yield (
            1,
            f"the id {file.document.header.id!r} is not the file's name",
            f"name the file {file.document.header.id}.gold, or change the id",
        )


def _normal_form(file: Checked) -> Iterator[Finding]:
    if not file.document.normal:
        yield 1, "the text is not in normal form (spaces, line ends)", "run factharness gold fmt"


def _known_label(file: Checked) -> Iterator[Finding]:
    scheme, entities = file.document.header.labels.scheme, file.scheme.entities
    if scheme != file.scheme.name:
        yield 1, *_unknown_scheme(scheme, file.scheme.name)
        return
    for fact in file.facts:
        if isinstance(fact.fact, Entity) and fact.fact.label.split(".")[0] not in entities:
            yield (
                fact.line,
                *unknown("label", fact.fact.label, (*entities, *DATE_LABELS, "QUOTE")),
            )
        meto = fact.attributes.get("meto")
        if meto is not None and meto.split(".")[0] not in entities:
            yield fact.line, *unknown("label after meto:", meto, entities)


def _unknown_scheme(scheme: str, of_set: str) -> tuple[str, str]:
    return (
        f"the scheme is {scheme!r}, that of its set {of_set!r}",
        f"write scheme = {of_set!r}, or declare {scheme!r} in set.toml",
    )


def _timex_value(file: Checked) -> Iterator[Finding]:
    for fact in file.facts:
        if not isinstance(fact.fact, Date):
            continue
        mod = fact.attributes.get("mod")
        if mod is not None and mod not in MODIFIERS:
            yield fact.line, *unknown("mod:", mod, MODIFIERS)
        value = fact.fact.value
        if value is None:
            if not fact.ignore:
                yield (
                    fact.line,
                    f"a {fact.fact.type} without a value",
                    f"write | and its TIMEX3 value, or {fact.fact.type}? if nobody could say it",
                )
            continue
        wrong = malformed(fact.fact.type, value)
        if wrong:
            yield fact.line, wrong, f"see the values of {fact.fact.type} in the guidelines"
            continue
        against = contradiction(file.words(fact.fact.span), value)
        if against:
            yield fact.line, against, "correct the value"


def _quote_has_speaker(file: Checked) -> Iterator[Finding]:
    said = {
        line.id or line.line
        for block in file.document.blocks
        for line in block.facts()
        if "by" in line.mentions
    }
    for block in file.document.blocks:
        for line in block.facts():
            if line.kind != "quote" or line.ignore or line.anchor.continues:
                continue
            if (line.id or line.line) not in said:
                yield (
                    line.line,
                    "a quote without by:",
                    "write by: words, by: @id, or by: - for nobody",
                )


def _edges(file: Checked) -> Iterator[Finding]:
    for fact in file.facts:
        mentions = [*spans_of(fact.fact)]
        if isinstance(fact.fact, Quote):
            mentions += [span for span in (fact.fact.speaker, fact.fact.cue) if span]
        for span in mentions:
            words = file.words(span)
            if words != words.strip():
                yield fact.line, f"{words!r} starts or ends on a space", "quote the words alone"
            elif file.text is not None and (
                inside_word(file.text, span.start) or inside_word(file.text, span.end)
            ):
                yield fact.line, f"{words!r} starts or ends inside a word", "quote whole words"


def _elisions(file: Checked) -> Iterator[Finding]:
    for fact in file.facts:
        if isinstance(fact.fact, Entity | Date):
            pattern = _ELIDED_DATE if isinstance(fact.fact, Date) else _ELIDED
            words = file.words(fact.fact.span)
            if pattern.match(fold(words)):
                yield fact.line, f"{words!r} starts with an elided article", "leave the article out"


def _duplicates(file: Checked) -> Iterator[Finding]:
    seen: dict[object, int] = {}
    for fact in file.facts:
        key: tuple[object, ...] = (kind_of(fact.fact), spans_of(fact.fact))
        if isinstance(fact.fact, Quote):
            key += (fact.fact.speaker, fact.fact.speaker_name)
        if key in seen:
            yield (
                fact.line,
                f"the same {kind_of(fact.fact)} stands on line {seen[key]}",
                "keep one of the two lines",
            )
        else:
            seen[key] = fact.line


def _unlabelled_name(file: Checked) -> Iterator[Finding]:
    """A name that is labelled once and stands elsewhere unlabelled. Parts of longer labelled names and of
    hyphenated words are left alone, as are names that do not start with a capital or a digit."""
    if file.text is None or not file.labelled("entity"):
        return
    entities = [fact for fact in file.facts if isinstance(fact.fact, Entity)]
    covered = sorted(
        spans_of(fact.fact)[0] for fact in file.facts if not isinstance(fact.fact, Quote)
    )
    names: dict[str, GoldFact] = {}
    for fact in entities:
        words = file.words(spans_of(fact.fact)[0])
        if not fact.ignore and words[:1].isupper():
            names.setdefault(words, fact)
    parts = list(file.paragraphs())
    for words, fact in names.items():
        for (offset, part), line in parts:
            for start, end in hits(words, part):
                place = Span(offset + start, offset + end)
                if part[start - 1 : start] == "-" or part[end : end + 1] == "-":
                    continue
                if not any(place.overlaps(span) for span in covered):
                    yield (
                        line,
                        f"{words!r} is labelled on line {fact.line} and unlabelled in this paragraph",
                        "label it here too, or mark it don't care with ?",
                    )


def _unquoted_marks(file: Checked) -> Iterator[Finding]:
    if file.text is None or not file.labelled("quote"):
        return
    for block, ((_, part), line) in zip(file.attached.blocks, file.paragraphs(), strict=False):
        content = list(_quoted(block))
        for start, end in marked(part):
            if not any(Span(start, end).overlaps(span) for span in content):
                yield (
                    line,
                    f"{part[start:end]!r} stands in marks and in no quote",
                    "label it QUOTE, or QUOTE? when nobody says it",
                )


def _quoted(block: Passage) -> Iterator[Span]:
    """The words of the block's quotes in its paragraph; those of a quote with a mistake elsewhere too, which is
    told already."""
    for fact in block.facts():
        if fact.kind == "quote":
            for fragment in fact.anchor.fragments:
                with suppress(GoldError):
                    yield Span(*locate(fragment, block.paragraph))


def marked(paragraph: str) -> list[tuple[int, int]]:
    """The outermost stretches in quotation marks, marks included; an unclosed one runs to the paragraph's end,
    an unopened one from its start. Straight marks count in pairs, when their number is even."""
    found: list[tuple[int, int]] = []
    depth: list[tuple[str, int]] = []
    straight: list[int] = []
    for mark in _MARK.finditer(paragraph):
        character, index = mark[0], mark.start()
        if character == '"':
            straight.append(index)
        elif character in _MARKS:
            depth.append((_MARKS[character], index))
        elif depth and depth[-1][0] == character:
            _, start = depth.pop()
            if not depth:
                found.append((start, index + 1))
        elif not depth and not found:
            found.append((0, index + 1))
    if depth:
        found.append((depth[0][1], len(paragraph)))
    if len(straight) % 2 == 0:
        pairs = zip(straight[::2], straight[1::2], strict=True)
        found += [
            (start, end + 1)
            for start, end in pairs
            if not any(left <= start and end < right for left, right in found)
        ]
    return sorted(found)


def _wordless(file: Checked) -> Iterator[Finding]:
    if file.document.header.text == "full":
        return
    if file.document.header.title:
        yield 1, "a text-free file holds a title", "run factharness gold withhold on it"
    for fact in file.facts:
        if "note" in fact.attributes:
            yield fact.line, "a text-free file holds a note", "run factharness gold withhold on it"


def _confirmed(file: Checked) -> Iterator[Finding]:
    for fact in file.facts:
        if unconfirmed([fact]):
            yield (
                fact.line,
                "a proposed fact that nobody has confirmed",
                "read it, correct it, and remove the note",
            )


def _settled(file: Checked) -> Iterator[Finding]:
    for block in file.document.blocks:
        for line in block.lines:
            if isinstance(line, Comment) and OPEN.match(line.text):
                yield (
                    line.line,
                    "an open disagreement",
                    "take one side, without its mark, and remove the other",
                )


Check: TypeAlias = Callable[[Checked], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    _file_name,
    _normal_form,
    _known_label,
    _timex_value,
    _edges,
    _duplicates,
    _wordless,
    _confirmed,
    _settled,
)
"""The checks of the format, which hold for every scheme."""

OF_SCHEME: dict[str, Check] = {
    "elisions": _elisions,
    "repeated-names": _unlabelled_name,
    "marked-words": _unquoted_marks,
    "speakers": _quote_has_speaker,
}
"""The checks that a scheme decides on: what ``fr-news-1`` asks of annotators, and another scheme need not."""


def findings(file: Checked) -> Iterator[Finding]:
    """What every check that holds for the file's scheme finds."""
    for check in (*CHECKS, *(OF_SCHEME[name] for name in file.scheme.checks)):
        yield from check(file)
