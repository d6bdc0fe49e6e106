"""Incises: a verb of saying behind the speech, followed by its subject.

*« Il pleut », a dit le maire.* *Personne n'est blessé, confirme la mairie.* *La digue, a-t-elle détaillé, est
« bien malade ».* *Comme le rappelle la maire, la digue est vieille.*
"""

from __future__ import annotations

from collections.abc import Iterator

from fact_extractors.pipelines.tree_quotes import cues, speakers
from fact_extractors.pipelines.tree_quotes.cues import TreeCue
from fact_extractors.pipelines.tree_quotes.lists import listed
from fact_extractors.pipelines.tree_quotes.phrases import Speaker
from fact_extractors.pipelines.tree_quotes.read_unit import ReadUnit, Stretch
from fact_extractors.pipelines.tree_quotes.units import UnitMark

_ENDS = frozenset((",", ".", "!", "?", "…", "...", ";", ":"))
_OPENS_CLAUSE = frozenset(("que", "qu'", "si"))
_NO_CONTENT = listed("no_content")
_FIRST_PERSON = frozenset(("je", "j'", "nous", "vous", "tu", "on", "me", "moi"))


def find(reading: ReadUnit) -> None:
    """Note the quotations that an incise attributes."""
    for cue in _candidates(reading):
        if cue.mood != "finite" or cue.passive:
            continue
        mark = reading.mark_before(cue.start)
        if _after_as(reading, cue):
            _as_said(reading, cue)
        elif mark is not None:
            _behind_marks(reading, cue, mark)
        elif cue.uses & {"say", "tell"}:
            _behind_clause(reading, cue)


def find_inside(reading: ReadUnit) -> None:
    """Note the incise inside quoted speech: *« Nous irons, dit-elle, mais tard. »*"""
    mark = reading.unit.inside
    assert mark is not None
    for cue in _inner_candidates(reading):
        if cue.mood != "finite" or cue.passive or cue.first == 0 or _opens_clause(reading, cue):
            continue
        if reading.mark_before(cue.start) is not None:
            continue
        left = reading.tree[cue.first - 1]
        stop = left.lower in ("?", "!", "…", "...")
        unclosed = left.lower == "." and not mark.closed and reading.text[cue.start].islower()
        listed = (left.lower == "," or unclosed) and (cue.uses & {"say", "tell"} or not cue.uses)
        if not listed and not (stop and cue.pronoun):
            continue
        speaker = speakers.inverted(reading.tree, cue)
        if speaker is None or reading.folded[speaker.start : speaker.end] in _FIRST_PERSON:
            continue
        if not cue.uses and not _is_named(reading, cue, speaker):
            continue
        end = _past_asides(reading, _end(reading, cue, speaker))
        rest = _from(reading, end, mark.end)
        content = [(mark.start, left.end)]
        if not unclosed and reading.words((rest, mark.last)):
            content.append((rest, mark.end))
        if reading.add(content, speaker, cue, "inside", "direct"):
            return


def _candidates(reading: ReadUnit) -> Iterator[TreeCue]:
    """The cues, and behind closing marks any finite verb: the place tells more than the list."""
    tree = reading.tree
    known = reading.by_verb
    inside = {i for cue in reading.cues for i in range(cue.first, cue.last + 1)}
    for index in range(len(tree)):
        if index in known:
            yield known[index]
        elif index not in inside:
            cue = cues.unlisted(tree, index)
            if cue and cue.first not in inside and reading.mark_before(cue.start) is not None:
                yield cue


def _inner_candidates(reading: ReadUnit) -> Iterator[TreeCue]:
    """The cues of quoted speech, and finite verbs behind a comma that no list has."""
    tree = reading.tree
    for index, word in enumerate(tree.words):
        if index in reading.by_verb:
            yield reading.by_verb[index]
        elif word.verbal:
            cue = cues.unlisted(tree, index)
            if cue is not None and cue.first and tree[cue.first - 1].lower == ",":
                yield cue


def _is_named(reading: ReadUnit, cue: TreeCue, speaker: Speaker) -> bool:
    """Whether a name follows a verb, and a comma or a stop the name, so that it can only be an incise."""
    tree = reading.tree
    if cue.pronoun is not None or speaker.last + 1 >= len(tree):
        return False
    named = any(word.pos == "PROPN" for word in tree.words[speaker.first : speaker.last + 1])
    return named and speaker.first == cue.last + 1 and tree[speaker.last + 1].lower in _ENDS


def _opens_clause(reading: ReadUnit, cue: TreeCue) -> bool:
    """Whether the clause of the verb follows it, so that it is no incise."""
    behind = reading.tree[cue.last + 1].lower if cue.last + 1 < len(reading.tree) else ""
    return behind in _OPENS_CLAUSE and cue.pronoun is None


def _after_as(reading: ReadUnit, cue: TreeCue) -> bool:
    return cue.first > 0 and reading.tree[cue.first - 1].lower == "comme"


def _end(reading: ReadUnit, cue: TreeCue, speaker: Speaker | None) -> int:
    """The first word behind an incise: behind its speaker and what else it has before a comma or a stop."""
    tree = reading.tree
    at = max(cue.last, speaker.last if speaker else cue.last) + 1
    while at < len(tree) and tree[at].lower not in _ENDS and tree[at].mark is None:
        if reading.mark_over(tree[at].start) is not None:
            break
        at += 1
    return at


def _past_asides(reading: ReadUnit, end: int) -> int:
    """The word behind an incise and what its commas say more of the speaker: *dit Anne Petit, 63 ans, …*."""
    tree = reading.tree
    while end + 1 < len(tree) and tree[end].lower == "," and speakers.opens_aside(tree, end + 1):
        after = end + 1
        while after < len(tree) and tree[after].lower not in _ENDS:
            after += 1
        if after >= len(tree):
            break
        end = after
    return end


def _from(reading: ReadUnit, at: int, default: int) -> int:
    """Where what follows an incise starts: behind its comma or stop."""
    if at >= len(reading.tree):
        return default
    word = reading.tree[at]
    start = word.end if word.lower in _ENDS else word.start
    while start < len(reading.text) and reading.text[start].isspace():
        start += 1
    return start


def _behind_marks(reading: ReadUnit, cue: TreeCue, mark: UnitMark) -> None:
    """*« Il pleut », a dit le maire*; *la digue est « malade », a dit le maire.*"""
    if _opens_clause(reading, cue):
        return
    speaker = speakers.inverted(reading.tree, cue)
    if speaker is None:
        speaker = reading.subject(cue)
        if speaker is not None and speaker.first < cue.first:
            return
        if speaker is None and not cue.uses & {"read"}:
            return
    if not cue.uses and not (speaker and _directly(reading, cue, speaker)):
        return
    content = [_back_to_clause(reading, mark)]
    end = _end(reading, cue, speaker)
    content += _going_on(reading, cue, end, reading.type_of(content) == "mixed")
    reading.add(content, speaker, cue, "incise")


def _directly(reading: ReadUnit, cue: TreeCue, speaker: Speaker) -> bool:
    """Whether nothing that parts stands between a verb and its subject."""
    return all(word.lower != "," for word in reading.tree.words[cue.last + 1 : speaker.first])


def _back_to_clause(reading: ReadUnit, mark: UnitMark) -> Stretch:
    """A stretch in marks, with the clause that it closes where its words are a part of one."""
    if mark.held:
        return mark.start, mark.end
    tree = reading.tree
    first = tree.at(mark.start)
    start = _clause_start(reading, min(first, len(tree) - 1), mark.start)
    lead = reading.trimmed(start, mark.start)
    if reading.words(lead) < 2:
        return mark.start, mark.end
    return reading.trimmed(start, mark.end)


def _clause_start(reading: ReadUnit, index: int, offset: int) -> int:
    """Where the clause up to ``offset`` starts: with its sentence, behind a held stretch or a colon."""
    tree = reading.tree
    first, _ = tree.sentence(index)
    start = tree[first].start
    for at in range(first, index):
        word = tree[at]
        if word.start >= offset:
            break
        if reading.mark_over(word.start) is not None and word.mark is None:
            continue
        if (
            word.mark is not None
            or word.lower in (":", ";")
            or (word.lower in ("–", "—") and at > first)
        ):
            start = word.end
    return start


def _going_on(reading: ReadUnit, cue: TreeCue, end: int, mixed: bool) -> list[Stretch]:
    """The fragments behind an incise that ends before the word ``end``."""
    tree = reading.tree
    if end >= len(tree):
        return []
    mark = reading.mark_behind(_from(reading, end, tree[-1].end))
    if tree[end].lower in _ENDS and mark is not None:
        return [] if has_own_cue(reading, mark) else [(mark.start, mark.end)]
    if mixed and tree[end].lower == ",":
        _, last = tree.sentence(cue.verb)
        rest = reading.trimmed(tree[end].end, tree[last - 1].end)
        return [rest] if end + 1 < len(tree) and tree[end + 1].lower not in _NO_CONTENT else []
    return []


def has_own_cue(reading: ReadUnit, mark: UnitMark) -> bool:
    """Whether an incise of its own stands right behind a stretch in marks."""
    at = reading.tree.at(mark.end)
    while at < len(reading.tree) and reading.tree[at].lower in (",", ".", "»", "”"):
        at += 1
    for cue in reading.cues:
        if cue.first == at:
            return cue.mood == "finite" and not cue.passive
    return False


def _behind_clause(reading: ReadUnit, cue: TreeCue) -> None:
    """*Personne n'est blessé, confirme la mairie*; *la digue, a-t-elle dit, est vieille.*"""
    tree = reading.tree
    if cue.first == 0 or tree[cue.first - 1].lower != "," or _opens_clause(reading, cue):
        return
    first, last = tree.sentence(cue.verb)
    speaker = speakers.inverted(tree, cue)
    if speaker is None or first >= cue.first - 1:
        return
    end = _end(reading, cue, speaker)
    start = _clause_start(reading, cue.first - 1, cue.start)
    lead = reading.trimmed(start, tree[cue.first - 1].start)
    goes_on = end < last and tree[end].lower == ","
    states = reading.states(tree.at(start), cue.first - 1)
    if not states and not (goes_on and (cue.pronoun or reading.states(end + 1, last))):
        return
    if not reading.words(lead):
        return
    content = [lead]
    if goes_on and _is_content(reading, end + 1, states):
        content.append(reading.trimmed(tree[end].end, tree[last - 1].end))
    dashed = reading.text[start : start + 1] in ("–", "—") and reading.text[start - 1 : start] in (
        "",
        "\n",
    )
    reading.add(content, speaker, cue, "clause incise", "direct" if dashed else None)


def _is_content(reading: ReadUnit, at: int, states: bool) -> bool:
    """Whether the words behind an incise and a comma continue the speech."""
    tree = reading.tree
    if at >= len(tree):
        return False
    if not states:
        return True
    word = tree[at]
    if word.lower in _NO_CONTENT or word.nominal or word.pos in ("NUM", "DET", "ADJ", "PROPN"):
        return (
            word.lower in ("et", "mais")
            and at + 1 < len(tree)
            and tree[at + 1].lower in ("que", "qu'")
        )
    return cues.is_finite(tree, at) or word.pos in ("SCONJ", "ADV")


def _as_said(reading: ReadUnit, cue: TreeCue) -> None:
    """*Comme le rappelle la maire, la digue est vieille*; *la digue est vieille, comme le dit la maire.*"""
    tree = reading.tree
    speaker = speakers.inverted(tree, cue)
    if speaker is None:
        return
    _, last = tree.sentence(cue.verb)
    end = _end(reading, cue, speaker)
    start = _clause_start(reading, cue.first - 1, cue.start)
    nothing = (start, start)
    before = reading.trimmed(start, tree[cue.first - 1].start)
    behind = reading.trimmed(tree[end].start, tree[last - 1].end) if end < last else nothing
    mark = reading.mark_behind(_from(reading, end, tree[-1].end)) if end < len(tree) else None
    if mark is not None and mark.held:
        behind = mark.start, mark.end
    if reading.words(before) < 2 or _is_joint(reading, cue.first - 2):
        before = nothing
    elif behind != nothing and tree[min(end + 1, len(tree) - 1)].lower in _NO_CONTENT:
        behind = nothing
    reading.add([before, behind], speaker, cue, "as said")


def _is_joint(reading: ReadUnit, at: int) -> bool:
    """Whether what a cue attributes only starts behind it: *car, comme …*, *et, comme …*, *que, comme …*."""
    tree = reading.tree
    while at > 0 and tree[at].lower == ",":
        at -= 1
    return at >= 0 and tree[at].lower in (
        "car",
        "et",
        "mais",
        "que",
        "qu'",
        "or",
        "donc",
        "puisque",
    )
