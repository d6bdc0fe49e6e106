"""Makes the quotations of an article from the trees of its units."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from fact_extractors.pipelines.reading import ParsedWord
from fact_extractors.pipelines.tree_quotes import clauses, incises, marked, sources
from fact_extractors.pipelines.tree_quotes.read_unit import ReadUnit, Stretch, TreeQuote
from fact_extractors.pipelines.tree_quotes.tree import Tree
from fact_extractors.pipelines.tree_quotes.units import Unit, UnitMark, word_count
from fact_extractors.words import lower
from factharness.facts import Quote, Span

_STOP = re.compile(r"[.!?…;]")
_WORD = re.compile(r"\w+")


def drafts(
    text: str, units: Sequence[Unit], parsed: Sequence[Sequence[ParsedWord]]
) -> list[TreeQuote]:
    """The quotations of an article, in the order of their starts; ``parsed`` has the words of each unit."""
    folded = lower(text)
    told: list[TreeQuote] = []
    inside: dict[int, TreeQuote] = {}
    nested: list[TreeQuote] = []
    marks: dict[int, UnitMark] = {}
    for unit, words in zip(units, parsed, strict=True):
        reading = ReadUnit(text, folded, unit, Tree(text, folded, unit, words))
        if unit.inside is None:
            marks.update((mark.start, mark) for mark in unit.marks)
            incises.find(reading)
            clauses.find(reading)
            sources.find(reading)
            marked.find(reading)
            told += reading.drafts
        else:
            incises.find_inside(reading)
            if reading.drafts:
                inside.setdefault(unit.inside.start, reading.drafts[0])
            if unit.marks:
                nested += marked.nested(reading)
    told = [part for draft in told for part in _with_incises(draft, inside)] + list(inside.values())
    told = _carried(told, list(marks.values()))
    told = _apart(told)
    _name_alone(text, told)
    return told + nested


def _with_incises(draft: TreeQuote, inside: dict[int, TreeQuote]) -> Iterator[TreeQuote]:
    """A quotation as one or several: a fragment with an incise of its own begins a new one."""
    kept: list[Stretch] = []
    current = draft
    for part in sorted(draft.content):
        own = inside.pop(part[0], None)
        if own is None or (not kept and draft.way in ("incise", "as said", "source")):
            kept.append(part)
            continue
        if kept:
            current.content = kept
            yield current
        current, kept = own, list(own.content)
    current.content = kept
    yield current


def _carried(told: list[TreeQuote], marks: Sequence[UnitMark]) -> list[TreeQuote]:
    """The quotations, with speech that runs over several paragraphs as one."""
    chains: list[list[UnitMark]] = []
    for mark in marks:
        if mark.carried and chains:
            chains[-1].append(mark)
        else:
            chains.append([mark])
    by_start = {part[0]: draft for draft in told for part in draft.content}
    for chain in chains:
        if len(chain) < 2:
            continue
        parts = [by_start[mark.start] for mark in chain if mark.start in by_start]
        best = max(
            parts,
            key=lambda draft: (draft.cue is not None, draft.speaker is not None),
            default=None,
        )
        if best is None:
            continue
        others = {id(part) for part in parts} - {id(best)}
        told = [draft for draft in told if id(draft) not in others]
        known = {part[0] for part in best.content}
        best.content += [(m.start, m.end) for m in chain if m.start not in known]
        best.content.sort()
    return told


def _name_alone(text: str, told: Sequence[TreeQuote]) -> None:
    """Give speech without a speaker that of the same words elsewhere, else the last speaker before it, else the
    first of the article."""
    by_words = {
        words: draft.speaker
        for draft in told
        if draft.speaker
        for part in draft.content
        for words in _sentences(text, part)
    }
    last = next((d.speaker for d in told if d.speaker and d.type != "indirect"), None)
    for draft in told:
        if draft.speaker is None and draft.way == "alone":
            known = [
                by_words[words] for words in _sentences(text, draft.content[0]) if words in by_words
            ]
            draft.named = known[0] if known else last
        elif draft.speaker and draft.type != "indirect":
            last = draft.speaker


def _sentences(text: str, part: Stretch) -> list[str]:
    """The words of each sentence of a stretch, in small letters, without what stands between them."""
    return [
        " ".join(words)
        for sentence in _STOP.split(text[slice(*part)].lower())
        if len(words := _WORD.findall(sentence)) > 2
    ]


def _apart(told: list[TreeQuote]) -> list[TreeQuote]:
    """The quotations without those that share characters with an earlier one."""
    kept: list[TreeQuote] = []
    taken: list[Stretch] = []
    for draft in sorted(told, key=lambda each: (each.content[0], each.cue is None)):
        if any(_is_over(taken, part) for part in draft.content):
            continue
        kept.append(draft)
        for part in draft.content:
            taken.insert(bisect_left(taken, part), part)
    return kept


def _is_over(taken: Sequence[Stretch], part: Stretch) -> bool:
    place = bisect_left(taken, (part[1],))
    return place > 0 and taken[place - 1][1] > part[0]


def quote(text: str, draft: TreeQuote) -> Quote:
    """A draft as a quotation, each of its lines a fragment."""
    content: list[Span] = []
    for start, end in sorted(draft.content):
        for line in _lines(text, start, end):
            if word_count(text, *line) and (not content or content[-1].end <= line[0]):
                content.append(Span(*line))
    speaker = None if draft.speaker is None else Span(*draft.speaker)
    cue = None if draft.cue is None else Span(*draft.cue)
    return Quote(tuple(content), draft.type, speaker, None, cue)


def _lines(text: str, start: int, end: int) -> list[Stretch]:
    """The lines of a stretch without the white space around them."""
    found = []
    at = start
    for line in text[start:end].split("\n"):
        first = at + len(line) - len(line.lstrip())
        last = at + len(line.rstrip())
        if first < last:
            found.append((first, last))
        at += len(line) + 1
    return found
