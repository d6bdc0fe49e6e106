"""Marked words that no incise, clause or source took: behind a colon, fragments, speech without a cue."""

from __future__ import annotations

from collections.abc import Sequence

from fact_extractors.pipelines.tree_quotes import alone, cues, incises, phrases, speakers
from fact_extractors.pipelines.tree_quotes.cues import TreeCue
from fact_extractors.pipelines.tree_quotes.read_unit import ReadUnit, TreeQuote
from fact_extractors.pipelines.tree_quotes.units import UnitMark

_STEPS = 8
"""Words between marked words and the verb that governs them, one above the other."""
_NEAR, _FAR = 60, 150
"""Characters between a fragment, or speech that stands for itself, and its cue in the same sentence."""
_WISHES = frozenset(("souhaiter", "espérer", "vouloir", "viser"))
"""Verbs whose marked object is somebody's words, and which do not say them."""


def find(reading: ReadUnit) -> None:
    """Note the quotations of the stretches in marks that are left."""
    for mark in reading.marks:
        if reading.is_taken(mark.start, mark.end):
            continue
        words = _words(reading, mark)
        if not words:
            continue
        if alone.headline(reading, mark) or (mark.held and alone.resumed(reading, mark)):
            continue
        cue = _cue(reading, mark, words)
        if cue is not None and _said(reading, mark, cue):
            continue
        if not _predicate(reading, mark, words) and mark.held:
            alone.find(reading, mark)


def _words(reading: ReadUnit, mark: UnitMark) -> Sequence[int]:
    """The words of a stretch in marks, one for speech that stands for itself."""
    tree = reading.tree
    return range(tree.at(mark.start), tree.at(mark.end))


def _cue(reading: ReadUnit, mark: UnitMark, words: Sequence[int]) -> TreeCue | None:
    """The verb of saying that governs marked words, or the nearest one of their sentence."""
    by_verb = {cue.verb: cue for cue in reading.cues if cue.verb not in words}
    tree = reading.tree
    top = next((i for i in words if tree[i].head not in words or tree[i].head == i), words[0])
    for steps, above in enumerate(tree.heads(top)):
        if above in by_verb:
            return by_verb[above]
        if (
            not mark.held
            and above not in words
            and cues.is_finite(tree, above)
            and tree[above].lemma in _WISHES
        ):
            return None
        if steps >= _STEPS:
            break
    near: list[tuple[int, int]] = []
    colon = reading.text[max(0, mark.start - 3) : mark.start].rstrip()[-1:] == ":"
    here = tree[words[0]].sentence
    for cue in by_verb.values():
        if reading.mark_over(cue.start) is not None:
            continue
        apart = abs(tree[cue.verb].sentence - here)
        gap = mark.start - cue.end if cue.end <= mark.start else cue.start - mark.end
        reach = _FAR if mark.held else _NEAR
        if gap < reach and (apart == 0 or (mark.held and colon and apart == 1)):
            near.append((gap, cue.verb))
    return by_verb[min(near)[1]] if near else None


def _said(reading: ReadUnit, mark: UnitMark, cue: TreeCue) -> bool:
    """Note that a cue says the marked words."""
    speaker = reading.subject(cue)
    if speaker is None and (mark.held or cue.pronoun):
        speaker = speakers.inverted(reading.tree, cue)
    if speaker is None and not mark.held:
        return False
    way = "held" if mark.held else "fragment"
    return reading.add(
        [(mark.start, mark.end)], speaker, cue, way, "direct" if mark.held else "mixed"
    )


def _predicate(reading: ReadUnit, mark: UnitMark, words: Sequence[int]) -> bool:
    """Marked words that hold the verb of a subject outside: *le ministère « ne commente pas »*."""
    if mark.held:
        return False
    tree = reading.tree
    for index in words:
        if not tree[index].verbal or tree[index].relation in ("aux", "cop"):
            continue
        subject = tree.child(index, "nsubj", "nsubj:pass")
        if subject is None or subject >= words[0] or tree[subject].lower in ("qui", "que"):
            continue
        speaker = phrases.phrase(tree, subject)
        if speaker.last >= words[0] - 2:
            return reading.add([(mark.start, mark.end)], speaker, None, "predicate", "mixed")
    return False


def nested(reading: ReadUnit) -> list[TreeQuote]:
    """The quotations with a cue of their own inside quoted speech."""
    reading.drafts.clear()
    incises.find(reading)
    find(reading)
    marks = {(mark.start, mark.end) for mark in reading.marks}
    return [draft for draft in reading.drafts if draft.cue and marks.issuperset(draft.content)]
