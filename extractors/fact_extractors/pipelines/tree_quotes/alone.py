"""Speech without a cue of its own: it goes on with a quotation, heads a title, or follows a sentence."""

from __future__ import annotations

import re

from fact_extractors.pipelines.tree_quotes import incises, phrases
from fact_extractors.pipelines.tree_quotes.phrases import Speaker
from fact_extractors.pipelines.tree_quotes.read_unit import ReadUnit, Stretch
from fact_extractors.pipelines.tree_quotes.units import UnitMark

_SHORTEST = 3
"""Words of the shortest speech that needs neither a cue nor a colon before it."""
_LONGEST_NAME = 6
"""Words of a name at the head of a title, and its colon."""
_STOP = re.compile(r"[.!?…](?=\s|$)")
_COLON = re.compile(r"[ \u00a0\u202f]*:")


def find(reading: ReadUnit, mark: UnitMark) -> bool:
    """Note speech without a cue in its sentence: its speaker is whom the sentence before is about."""
    after_colon = reading.text[max(0, mark.start - 3) : mark.start].rstrip()[-1:] == ":"
    if not after_colon and reading.words((mark.first, mark.last)) < _SHORTEST:
        return False
    speaker = _name_before(reading, mark) or _last_subject(reading, mark)
    return reading.add([(mark.start, mark.end)], speaker, None, "alone", "direct")


def headline(reading: ReadUnit, mark: UnitMark) -> bool:
    """Note speech that a colon and a title follow: *« Nous tiendrons » : le cri du cœur d'un maire.*"""
    first = reading.tree[0].start
    if (
        mark.start > first
        or not _COLON.match(reading.text, mark.end)
        or reading.unit.inside is not None
    ):
        return False
    return reading.add([(mark.start, mark.end)], None, None, "alone", "direct")


def resumed(reading: ReadUnit, mark: UnitMark) -> bool:
    """Whether speech goes on that the sentence before attributes: *« … », a dit X. « … »*."""
    before = [d for d in reading.drafts if d.content[-1][1] <= mark.start and d.type != "indirect"]
    if not before:
        return False
    draft = max(before, key=lambda each: each.content[-1][1])
    start = draft.content[-1][1]
    gap = reading.text[start : mark.start]
    if draft.cue is None or "\n" in gap or gap.rstrip()[-1:] not in '.!?…»”"':
        return False
    behind_cue = start <= draft.cue[1] and len(_STOP.findall(gap)) == 1
    behind_speech = not gap.strip(" \u00a0\u202f.!?…")
    if not (behind_cue or behind_speech) or incises.has_own_cue(reading, mark):
        return False
    draft.content.append((mark.start, mark.end))
    return True


def _name_before(reading: ReadUnit, mark: UnitMark) -> Stretch | None:
    """The name that opens a line and has nothing but a colon behind it: *Jeanne Aubry : « … »*.

    A single word may be the place that a title begins with.
    """
    tree = reading.tree
    at = tree.at(mark.start)
    first = tree.at(reading.text.rfind("\n", 0, mark.start) + 1)
    words = [tree[index] for index in range(first, at)]
    if not _SHORTEST <= len(words) <= _LONGEST_NAME or words[-1].lower != ":":
        return None
    name = words[:-1]
    if any(word.pos not in ("PROPN", "ADP") for word in name):  # which has particles
        return None
    if name[0].pos != "PROPN" or name[1].pos != "PROPN" or name[-1].pos != "PROPN":
        return None
    return name[0].start, name[-1].end


def _last_subject(reading: ReadUnit, mark: UnitMark) -> Speaker | Stretch | None:
    """Who the sentence before speech without a cue is about."""
    tree = reading.tree
    at = tree.at(mark.start)
    told = [d.speaker for d in reading.drafts if d.speaker and d.content[0][0] < mark.start]
    for _ in range(2):
        if at <= 0:
            return None
        first, end = tree.sentence(at - 1)
        start, stop = tree[first].start, tree[end - 1].end
        said = [d for d in reading.drafts if d.speaker and d.cue and start <= d.cue[0] < stop]
        if said:
            return said[-1].speaker
        for index in range(first, min(end, at)):
            word = tree[index]
            if word.relation == "nsubj" and word.mark is None and tree[word.head].relation in (
                "root", "conj", "parataxis"
            ):  # fmt: skip
                if told and word.pos != "PRON":
                    return told[-1]
                return phrases.phrase(tree, index)
        at = first
    return told[-1] if told else None
