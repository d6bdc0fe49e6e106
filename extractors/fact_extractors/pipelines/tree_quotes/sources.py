"""Sources named without a verb: *selon le maire*, *d'après l'institut*, *pour elle*."""

from __future__ import annotations

import re
from functools import cache

from fact_extractors.pipelines.tree_quotes import phrases, speakers
from fact_extractors.pipelines.tree_quotes.lists import listed
from fact_extractors.pipelines.tree_quotes.phrases import Speaker
from fact_extractors.pipelines.tree_quotes.read_unit import ReadUnit, Stretch
from fact_extractors.speech.verbs import table

_ENDS = frozenset((",", ".", "!", "?", "…", "...", ";", ":"))
_RELATIVE = frozenset(("qui", "lequel", "laquelle", "lesquels", "lesquelles", "lui", "elle"))
_JOINTS = frozenset(("que", "qu'", "car", "et", "mais", "or"))
_NO_SOURCE = listed("no_source")


@cache
def _phrases() -> re.Pattern[str]:
    listed = sorted((row["words"] for row in table("sources")), key=len, reverse=True)
    words = "|".join(re.escape(each) + ("" if each.endswith("'") else r"(?!\w)") for each in listed)
    return re.compile(rf"(?<![\w'-])(?:{words})")


def find(reading: ReadUnit) -> None:
    """Note the quotations whose source is named without a verb."""
    tree = reading.tree
    if not len(tree):
        return
    for found in _phrases().finditer(reading.folded, tree[0].start, tree[len(tree) - 1].end):
        index = tree.last_at(found.start())
        if tree[index].mark is None and tree[index].start == found.start():
            _source(reading, index, found.start(), found.end())


def _source(reading: ReadUnit, index: int, start: int, end: int) -> None:
    """The quotation of the source that a phrase ``[start, end)`` names."""
    tree = reading.tree
    behind = tree.at(end)
    first, last = _part(reading, index)
    noun = _noun(reading, behind, last)
    if noun is None:
        return
    cue = (start, end)
    phrase = reading.folded[start:end]
    opens = index == first or all(not w.lower[:1].isalnum() for w in tree.words[first:index])
    if (
        phrase == "pour"
        and not (opens and _says(reading, noun, last))
        and tree[noun].lower != "qui"
    ):
        return
    if tree[noun].lower in ("qui", "lequel", "laquelle"):
        antecedent = speakers.antecedent(tree, index)
        if antecedent is not None:
            rest = reading.trimmed(tree[noun].end, tree[last - 1].end)
            reading.add([rest], phrases.phrase(tree, antecedent), cue, "source")
        return
    speaker = phrases.phrase(tree, noun)
    speaker = speaker._replace(start=max(speaker.start, end))
    stop = _end(reading, noun, speaker, last)
    before = reading.trimmed(_clause_start(reading, first, index), start)
    after = reading.trimmed(tree[stop].start, tree[last - 1].end) if stop < last else (start, start)
    reading.add(_content(reading, before, after, index, stop, opens), speaker, cue, "source")


def _part(reading: ReadUnit, index: int) -> tuple[int, int]:
    """The words of the part of a sentence that a word stands in: up to a semicolon before another cue."""
    tree = reading.tree
    first, last = tree.sentence(index)
    cuts = [i for i in range(first, last) if tree[i].lower == ";" and not tree[i].quoted]
    behind = [i for i in cuts if i > index and any(c.first < last for c in reading.cues_from(i))]
    return max((i + 1 for i in cuts if i < index), default=first), min(behind, default=last)


def _content(
    reading: ReadUnit, before: Stretch, after: Stretch, index: int, stop: int, opens: bool
) -> list[Stretch]:
    """What the source says: the rest of its sentence, on both sides of it where it stands between commas."""
    tree = reading.tree
    empty = (before[0], before[0])
    at = index - 1
    while at > 0 and tree[at].lower == ",":
        at -= 1
    if reading.words(before) < 2 or opens or tree[at].lower in _JOINTS:
        before = empty
    elif reading.words(after):
        between = tree[index - 1].lower == "," or tree[tree.at(tree[stop - 1].start)].pos == "PRON"
        if not between or (stop + 1 < len(tree) and speakers.opens_aside(tree, stop + 1)):
            after = empty
    return [before, after]


def _noun(reading: ReadUnit, at: int, last: int) -> int | None:
    """The noun behind the phrase of a source; None when it names nothing that can speak."""
    tree = reading.tree
    for index in range(at, min(at + 6, last)):
        word = tree[index]
        if word.mark is not None or word.verbal or word.lower in _ENDS:
            return None
        if word.lower in _NO_SOURCE:
            return None
        if word.nominal or word.lower in _RELATIVE:
            above = word.head
            if (
                index < above < index + 4
                and tree[above].nominal
                and word.relation in ("nmod", "flat", "amod")
            ):
                continue
            return index
    return None


def _says(reading: ReadUnit, noun: int, last: int) -> bool:
    """Whether *pour X* names who thinks so: a person or a pronoun, a comma and a clause behind."""
    tree = reading.tree
    named = (
        tree[noun].pos == "PROPN"
        or tree[noun].lower in _RELATIVE
        or tree[noun].lower in ("eux", "elles")
    )
    end = tree.high[noun] + 1
    comma = any(word.lower == "," for word in tree.words[noun + 1 : min(end + 1, last)])
    marks = reading.marks_in(tree[noun].end, tree[last - 1].end)
    colon = any(reading.text[max(0, m.start - 3) : m.start].rstrip()[-1:] == ":" for m in marks)
    return comma and (named or (bool(marks) and not colon))


def _end(reading: ReadUnit, noun: int, speaker: Speaker, last: int) -> int:
    """The first word behind a source: its comma, or where the clause goes on."""
    tree = reading.tree
    at = _next_end(reading, max(speaker.last, noun) + 1, last)
    while at + 1 < last and tree[at].lower == "," and speakers.opens_aside(tree, at + 1):
        after = _next_end(reading, at + 1, last)
        if after >= last or tree[after].lower != ",":
            break
        at = after
    return at


def _next_end(reading: ReadUnit, at: int, last: int) -> int:
    tree = reading.tree
    while at < last and tree[at].lower not in _ENDS and tree[at].mark is None:
        at += 1
    return at


def _clause_start(reading: ReadUnit, first: int, index: int) -> int:
    """Where what stands before a source starts: behind a held stretch, a dash, or another quotation's cue."""
    tree = reading.tree
    start = tree[first].start
    for at in range(first, index):
        word = tree[at]
        if word.mark is not None or (word.lower in ("–", "—") and at < first + 8):
            start = word.end
    for draft in reading.drafts:
        if draft.cue and start <= draft.cue[0] < tree[index].start:
            start = max(start, draft.cue[1], draft.speaker[1] if draft.speaker else 0)
    return start
