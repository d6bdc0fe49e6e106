"""Windows that a pipeline reads, mentions that it finds, and the facts made of them; for spaCy and Stanza.

A recogniser sees an article through *windows*, mostly one. Its mentions come back as offsets into the article,
so that nothing later knows about windows, documents or tokenizers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from fact_extractors import digests
from fact_extractors.options import kinds_named, table
from factharness import labels as label_maps
from factharness import text as folding
from factharness.facts import KINDS, Article, Date, DateType, Entity, Fact, Kind, Span
from factharness.labels import DATE_LABELS, DROPPED, MAPS, SCHEME, mapped, recognise

_LINE_ENDS = re.compile(r"\n+")
_FEW = 40
_NO_WORDS = re.compile(rf"(?:[^\w\s]|_){{{_FEW},}}")
_LONG_WORD = re.compile(r"(\S{99})\S")


def legible(text: str) -> str:
    """A text without what tokenizers take minutes to read, character for character.

    They try every mark at either end of what stands between two spaces, each time over all of it. So there are
    spaces for forty marks and more without a letter, a figure or a space, and for every hundredth character
    of what is longer than any word.
    """
    if max(map(len, text.split()), default=0) < _FEW:
        return text
    text = _NO_WORDS.sub(lambda marks: " " * len(marks.group()), text)
    return _LONG_WORD.sub(r"\1 ", text)


class ParsedWord(NamedTuple):
    """A word of a text that a parser was shown.

    ``start``, ``end`` are code points into that text; ``pos`` is a universal part of speech and ``dep`` a
    universal relation, in lower case (``""``: not analysed); ``lemma`` is ``""`` where no component finds it.
    ``head`` is the index of another word of the same text, its own for a root; ``sentence`` is the number of
    its sentence, from 0.
    """

    start: int
    end: int
    text: str
    lemma: str
    pos: str
    head: int
    dep: str
    sentence: int


class ModelMention(NamedTuple):
    """A labelled stretch ``[start, end)`` of the article, the label being the model's own."""

    start: int
    end: int
    label: str


def cleaned(text: str, mentions: Iterable[ModelMention]) -> list[ModelMention]:
    """The mentions of a model as they count, in the order of the text, none twice.

    A mention has no white space at its ends, and does not go on in the next line: it is cut at the first line
    end inside. What has no letter and no figure is no mention.
    """
    found = set()
    for start, end, label in mentions:
        line = text[start:end].strip().partition("\n")[0].rstrip()
        if any(character.isalnum() for character in line):
            start += len(text[start:end]) - len(text[start:end].lstrip())
            found.add(ModelMention(start, start + len(line), label))
    return sorted(found)


class Window(NamedTuple):
    """A stretch ``[start, end)`` to read, of which ``[core, core_end)`` counts; the rest is context."""

    start: int
    end: int
    core: int
    core_end: int


def windows(text: str, limit: int, context: int = 200) -> Iterator[Window]:
    """Cut a text at line ends so that no window is longer than ``limit`` characters; at least one.

    Each window reaches over its core by whole lines, ``context`` characters or more on either side if
    they fit: a model that looks a few words around then says the same as over the whole text. A line
    that is too long is cut at a space, or anywhere when it has none.
    """
    if len(text) <= limit:
        yield Window(0, len(text), 0, len(text))
        return
    context = min(context, limit // 8)
    cores = list(cuts(text, limit - 4 * context))
    lines = [0, *(match.end() for match in _LINE_ENDS.finditer(text)), len(text)]
    left = right = 0
    for core, core_end in pairwise(cores):
        while left + 1 < len(lines) and lines[left + 1] <= core - context:
            left += 1
        while right + 1 < len(lines) and lines[right] < core_end + context:
            right += 1
        start = min(core, max(lines[left], core - 2 * context))
        end = max(core_end, min(lines[right], core_end + 2 * context))
        yield Window(start, end, core, core_end)


def cuts(text: str, limit: int) -> Iterator[int]:
    """Offsets from 0 to the length, no two more than ``limit`` apart, after a line end if possible."""
    limit = max(limit, 1)
    at = 0
    while at < len(text):
        yield at
        stop = at + limit
        if stop >= len(text):
            break
        cut = text.rfind("\n", at, stop) + 1 or text.rfind(" ", at, stop) + 1
        at = cut if cut > at else stop
    yield len(text)


def trimmed(text: str, start: int, end: int) -> Span | None:
    """``[start, end)`` without the white space at its ends; None when nothing else is there."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


class LabelView:
    """The labels of a model: which set they are from, and which of them are dates.

    ``own`` maps the model's labels by hand, to PER ORG LOC MISC or DATE TIME DURATION SET (``""`` leaves a
    label out); otherwise the set is recognised, and entities keep their label for the scorer to map.
    Raises ``BackendError`` when it is no such table.
    """

    def __init__(self, labels: Sequence[str], own: Mapping[str, str] | None = None) -> None:
        self.own = None if own is None else table(own, "labels", empty=True)
        self.scheme = SCHEME if own is not None else recognise(labels)
        self._table = MAPS[self.scheme] if self.own is None else self.own
        gold = {mapped(label, self._table) for label in labels}
        self.has_dates = not gold.isdisjoint(DATE_LABELS)
        self.has_entities = bool(gold - {*DATE_LABELS, DROPPED}) or not labels

    def gold_label(self, label: str) -> str | None:
        """The label of the gold's set; ``""`` when left out on purpose, None when unmapped."""
        return mapped(label, self._table)

    def date_type(self, label: str) -> DateType | None:
        """The kind of date a label stands for, or None."""
        gold = mapped(label, self._table)
        return gold if gold in DATE_LABELS else None  # type: ignore[return-value]

    def entity_label(self, label: str) -> str:
        """The label an entity is given; ``""``: none, it is left out."""
        if self.own is None:
            return label
        gold = mapped(label, self._table)
        return label if gold is None else gold


def claimed(
    labels: LabelView, asked: Iterable[str] | None, *, quotes: bool = True
) -> frozenset[Kind]:
    """The kinds that a pipeline with these labels can find, or those asked for.

    ``quotes`` says whether it finds quotations. Raises ``BackendError`` for a kind that does not exist or that
    the pipeline cannot find.
    """
    lacking = {
        "entity": not labels.has_entities,
        "date": not labels.has_dates,
        "quote": not quotes,
    }
    able = [kind for kind in KINDS if not lacking.get(kind)]
    return kinds_named(able if asked is None else asked, able)


def identity() -> dict[str, str]:
    """What the facts of a reading depend on outside this package, for fingerprints: the libraries that dates
    and names are read with, the maps that tell a date from an entity, and how a text is folded."""
    return {
        "babel": version("babel"),
        "holidays": version("holidays"),
        "label_maps": digests.digest([Path(label_maps.__file__)]),
        "folding": digests.digest([Path(folding.__file__)]),
    }


def entities_and_dates(
    article: Article,
    mentions: Iterable[ModelMention],
    labels: LabelView,
    kinds: Collection[Kind] = KINDS,
    *,
    values: bool = True,
) -> Iterator[Fact]:
    """Mentions that have been :func:`cleaned` as facts of ``kinds``, in their order.

    ``values`` says whether dates are resolved, which rules of French do.
    """
    with_dates, with_entities = "date" in kinds, "entity" in kinds
    for start, end, label in mentions:
        if kind := labels.date_type(label):
            if with_dates:
                span = Span(start, end)
                yield _date(article, span, kind) if values else Date(span, kind)
        elif with_entities and (name := labels.entity_label(label)):
            yield Entity(Span(start, end), name)


def prepare_dates(kinds: Collection[Kind]) -> None:
    """Load the rules of dates if ``kinds`` has dates, so that the first article does not wait for them."""
    if "date" in kinds:
        from fact_extractors.rules import dates

        dates.normalise("mardi", date(2024, 3, 5))


def _date(article: Article, span: Span, kind: DateType) -> Date:
    """The value comes from the rules; a model knows where a date stands, not which day it is."""
    from fact_extractors.rules import dates

    value = dates.normalise(span.of(article.text), _day(article.published))
    return Date(span, kind) if value is None else Date(span, value.type, value.value)


def _day(published: date | datetime | None) -> date | None:
    return published.date() if isinstance(published, datetime) else published
