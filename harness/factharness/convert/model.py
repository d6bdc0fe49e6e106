"""Marked texts: the model between gold articles and other formats, a text with regions and links between them.

A region is one labelled stretch of the text, or several; its ``fields`` are names and strings. A quote is a
region ``QUOTE`` that is linked to regions ``SPEAKER`` and ``CUE``. The module of a format handles only regions
and links; this module converts them from and to facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field, structs

from factharness.facts import (
    DATE_TYPES,
    QUOTE_TYPES,
    Article,
    Date,
    Entity,
    Fact,
    GoldArticle,
    GoldFact,
    Quote,
    Span,
)
from factharness.labels import DROPPED, ENTITY_LABELS, mapped

if TYPE_CHECKING:
    from factharness.score.tags import Policy

QUOTE, SPEAKER, CUE = "QUOTE", "SPEAKER", "CUE"
LINKS = {"speaker": SPEAKER, "cue": CUE}
CONTINUES = "continues"
"""The link from a fragment to the next, for formats in which a region has a single stretch."""


class Region(Struct, frozen=True):
    """A labelled stretch (or several, in order). Fields: ``value`` of dates, ``type`` and ``speaker_name`` of
    quotes, ``ignore`` ("yes" for don't care), and the attributes of gold facts."""

    id: str
    spans: tuple[Span, ...]
    label: str
    fields: dict[str, str] = field(default_factory=dict)


class Link(Struct, frozen=True):
    """A directed link between two regions, by id."""

    label: str
    source: str
    target: str


class MarkedText(Struct, frozen=True):
    """A text, as the other format has it, with its regions. Offsets are code points."""

    id: str
    text: str
    regions: tuple[Region, ...] = ()
    links: tuple[Link, ...] = ()
    published: date | datetime | None = None
    lang: str = "fr"
    meta: dict[str, str] = field(default_factory=dict)
    file: str = ""
    """The file it was read from, where several documents and files are read at once."""
    annotator: str = ""
    """Who labelled it, where the file says so."""
    labels: tuple[str, ...] = ENTITY_LABELS
    """The labels that its gold set has for entities, which a labelling page offers."""


class TagReading(Struct, frozen=True):
    """How tags are read: their scheme (None: recognise it), and what to do with invalid chunks.

    As :func:`factharness.score.tags.decode` takes them."""

    scheme: str | None = None
    invalid: Policy = "repair"


class Note(Struct, frozen=True):
    """A note, how often it was made, and the first file or article that it is about."""

    text: str
    times: int
    left_out: bool
    where: str = ""

    def __str__(self) -> str:
        return (
            f"{self.text}, left out ({self.times})"
            if self.left_out
            else f"{self.text} ({self.times})"
        )


class Notes:
    """Notes on what was left out and what was corrected, each once with its count.

    ``where`` names the file or the article that a note is about."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, bool, str]] = Counter()

    def add(self, note: str, times: int = 1, *, where: str = "") -> None:
        """Note something that was corrected or should be known; nothing was lost."""
        self._count(note, False, where, times)

    def leave_out(self, what: str, times: int = 1, *, where: str = "") -> None:
        """Note annotations, or parts of them, that were read and will not be in the result."""
        self._count(what, True, where, times)

    def _count(self, text: str, lost: bool, where: str, times: int) -> None:
        if times:
            self._counts[text, lost, where] += times

    def take(self, other: Notes, *, where: str) -> None:
        """Count the notes of ``other`` too, as notes about ``where``."""
        for (text, lost, _), times in other._counts.items():
            self._count(text, lost, where, times)

    def left_out(self) -> int:
        """How many annotations were left out."""
        return self.left_out_by_place().total()

    def left_out_by_place(self) -> Counter[str]:
        """How many annotations were left out of each file or article."""
        counts: Counter[str] = Counter()
        for (_, lost, place), times in self._counts.items():
            counts[place] += times * lost
        return counts

    def sums(self, where: str | None = None) -> list[Note]:
        """Each note once, with how often it came; of one file or article if it is named."""
        first: dict[tuple[str, bool], str] = {}
        times_of: Counter[tuple[str, bool]] = Counter()
        for (text, lost, place), times in self._counts.items():
            if where in (None, place):
                first.setdefault((text, lost), place)
                times_of[text, lost] += times
        return [
            Note(text, times, lost, first[text, lost]) for (text, lost), times in times_of.items()
        ]

    def lines(self) -> tuple[str, ...]:
        """Each note in words."""
        return tuple(map(str, self.sums()))


class Read(Struct, frozen=True):
    """The articles that were read, and notes on what was left out or corrected."""

    documents: tuple[MarkedText, ...]
    notes: Notes = field(default_factory=Notes)


class Written(Struct, frozen=True):
    """The content of files by name, and notes on what the format cannot hold."""

    files: dict[str, bytes]
    notes: tuple[str, ...] = ()


class Format(Protocol):
    """A format: reads files as documents with regions, and writes these as files. Raises ``GoldError``."""

    def read(self, files: Mapping[str, bytes]) -> Read:
        """The documents in ``files`` (name to bytes)."""
        ...

    def write(self, documents: Sequence[MarkedText]) -> Written:
        """``documents`` as files."""
        ...


def mark(gold: GoldArticle) -> MarkedText:
    """The marked text of a gold article. Nothing is lost."""
    regions: list[Region] = []
    links: list[Link] = []

    def add(spans: tuple[Span, ...], label: str, fields: dict[str, str]) -> str:
        regions.append(Region(f"T{len(regions) + 1}", spans, label, fields))
        return regions[-1].id

    for held in gold.facts:
        fact = held.fact
        fields = dict(held.attributes) | ({"ignore": "yes"} if held.ignore else {})
        if isinstance(fact, Entity):
            add((fact.span,), fact.label, fields)
        elif isinstance(fact, Date):
            add((fact.span,), fact.type, fields | _some(value=fact.value))
        else:
            more = _some(type=fact.type, speaker_name=fact.speaker_name)
            name = add(fact.content, QUOTE, fields | more)
            for label, mention in (("speaker", fact.speaker), ("cue", fact.cue)):
                if mention is not None:
                    links.append(Link(label, name, add((mention,), LINKS[label], {})))
    article = gold.article
    return MarkedText(
        article.id,
        article.text,
        tuple(regions),
        tuple(links),
        article.published,
        article.lang,
        dict(article.meta),
    )


def unmark(marked: MarkedText, table: Mapping[str, str] | None = None) -> tuple[GoldArticle, Notes]:
    """The gold article of a marked text, and what was left out.

    ``table`` maps the labels of entities and dates to the gold's (:mod:`factharness.labels`); without it they
    stay as they are. A region whose label it maps to ``QUOTE``, ``SPEAKER`` or ``CUE`` becomes a quote or a
    part of one. The facts are in the order of the regions."""
    notes = Notes()
    regions = [_relabelled(region, table or {}) for region in marked.regions]
    by_id = {region.id: region for region in regions}
    links: dict[str, list[Link]] = {}
    for link in marked.links:
        source = by_id.get(link.source)
        if link.label not in LINKS:
            notes.leave_out(f"relation {link.label!r}")
        elif link.target not in by_id or source is None or source.label.upper() != QUOTE:
            notes.leave_out(f"a {link.label} that links no quote with a stretch")
        else:
            links.setdefault(link.source, []).append(link)
    mentions = {link.target for linked in links.values() for link in linked}
    facts: dict[Hashable, GoldFact] = {}
    for region in regions:
        if region.label.upper() in (SPEAKER, CUE):
            if region.id not in mentions:
                notes.leave_out(f"a {region.label.upper()} linked to no quote")
            continue
        fact = _fact(region, links.get(region.id, ()), by_id, table, notes)
        if fact is not None:
            known = ("ignore", "value", "type", "speaker_name")
            attributes = {key: text for key, text in region.fields.items() if key not in known}
            ignore = bool(region.fields.get("ignore"))
            key = (fact, ignore, frozenset(attributes.items()))
            if key in facts:
                notes.add("a fact that stands twice, kept once")
            facts[key] = GoldFact(fact, ignore, attributes)
    article = Article(marked.id, marked.text, marked.published, marked.lang, dict(marked.meta))
    return GoldArticle(article, tuple(facts.values())), notes


def _relabelled(region: Region, table: Mapping[str, str]) -> Region:
    """A region whose label is mapped to a quote or to a part of one, under that label."""
    label = mapped(region.label, table)
    return structs.replace(region, label=label) if label in (QUOTE, SPEAKER, CUE) else region


def _fact(
    region: Region,
    links: Sequence[Link],
    by_id: Mapping[str, Region],
    table: Mapping[str, str] | None,
    notes: Notes,
) -> Fact | None:
    if region.label.upper() == QUOTE:
        return _quote(region, links, by_id, notes)
    label = region.label if table is None else mapped(region.label, table)
    if label is None:
        notes.leave_out(f"label {region.label!r}, which is not in the map")
        return None
    if label == DROPPED:
        notes.add(f"label {region.label!r}, which the map leaves out")
        return None
    span = Span(region.spans[0].start, region.spans[-1].end)
    if len(region.spans) > 1:
        notes.add(f"{label!r} in several stretches, joined")
    kind = next((name for name in DATE_TYPES if name == label), None)
    return Date(span, kind, region.fields.get("value")) if kind else Entity(span, label)


def _quote(
    region: Region, links: Sequence[Link], by_id: Mapping[str, Region], notes: Notes
) -> Quote | None:
    found: dict[str, Span] = {}
    for link in links:
        if link.label in found:
            notes.leave_out(f"a second {link.label} of a quote")
            continue
        spans = by_id[link.target].spans
        found[link.label] = Span(spans[0].start, spans[-1].end)
    kind = next((name for name in QUOTE_TYPES if name == region.fields.get("type")), None)
    if kind is None and not region.fields.get("ignore"):
        notes.add("a quote without a type, taken for direct")
        kind = "direct"
    return Quote(
        region.spans,
        kind,
        found.get("speaker"),
        region.fields.get("speaker_name"),
        found.get("cue"),
    )


def in_fragments(marked: MarkedText) -> MarkedText:
    """Each region of several stretches as several, linked by ``continues``; fields stay on the first."""
    regions: list[Region] = []
    links = list(marked.links)
    for region in marked.regions:
        last = region.id
        for number, span in enumerate(region.spans):
            name = region.id if number == 0 else f"{region.id}.{number}"
            regions.append(
                Region(name, (span,), region.label, region.fields if number == 0 else {})
            )
            if number:
                links.append(Link(CONTINUES, last, name))
            last = name
    return structs.replace(marked, regions=tuple(regions), links=tuple(links))


def joined(marked: MarkedText) -> MarkedText:
    """The inverse of :func:`in_fragments`. Overlapping stretches and rings are left as they are."""
    following = {link.source: link.target for link in marked.links if link.label == CONTINUES}
    parts = {region.id: region for region in marked.regions}
    tails = set(following.values())
    regions: list[Region] = []
    taken: set[str] = set()
    for region in marked.regions:
        if region.id in tails:
            continue
        chain, name = [region], region.id
        taken.add(name)
        while (name := following.get(name, "")) in parts and name not in taken:
            chain.append(parts[name])
            taken.add(name)
        spans = sorted(span for part in chain for span in part.spans)
        apart = all(left.end <= right.start for left, right in pairwise(spans))
        if apart:
            regions.append(structs.replace(region, spans=tuple(spans)))
        else:
            regions += chain
    regions += [region for region in marked.regions if region.id not in taken]
    links = tuple(link for link in marked.links if link.label != CONTINUES)
    return structs.replace(marked, regions=tuple(regions), links=links)


def plain_label(region: Region) -> str:
    """Label and fields of a region as one label, for formats without fields: ``QUOTE.direct``, ``PER?``."""
    kind = f".{region.fields['type']}" if region.fields.get("type") else ""
    return region.label + kind + ("?" if region.fields.get("ignore") else "")


def from_plain_label(label: str) -> tuple[str, dict[str, str]]:
    """The label and fields that :func:`plain_label` wrote; any other label is unchanged, without fields."""
    bare = label.removesuffix("?")
    fields = {"ignore": "yes"} if bare and bare != label else {}
    name, dot, kind = bare.partition(".")
    if dot and name.upper() == QUOTE and kind in QUOTE_TYPES:
        return QUOTE, fields | {"type": kind}
    return bare or label, fields


def lost_fields(marked: MarkedText, carried: Callable[[str], bool], notes: Notes) -> None:
    """Note the fields that are lost in a format without fields."""
    for region in marked.regions:
        for key in region.fields:
            if not carried(key):
                notes.leave_out(f"{key} of {region.label}")


def _some(**fields: str | None) -> dict[str, str]:
    return {key: text for key, text in fields.items() if text is not None}
