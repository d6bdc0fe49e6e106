"""Clauses below a verb of saying: *affirme que …*, *demande si …*, *assure avoir …*, *promet de …*."""

from __future__ import annotations

import re
from itertools import islice

from fact_extractors.pipelines.tree_quotes import cues, phrases, speakers
from fact_extractors.pipelines.tree_quotes.cues import TreeCue
from fact_extractors.pipelines.tree_quotes.lists import listed
from fact_extractors.pipelines.tree_quotes.phrases import Speaker
from fact_extractors.pipelines.tree_quotes.read_unit import ReadUnit

_FUTURE = re.compile(r"r(?:a|ont|ait|aient)$")
_REACH = 14
"""Words between a verb and its ``que``, at most."""
_CONJUNCTIONS = frozenset(("que", "qu'"))
_OF = frozenset(("de", "d'"))
_GOVERNED = ("ccomp", "xcomp", "advcl", "obj")
_JOINTS = frozenset((",", "et", "mais", "puis", "ou"))
_CLITICS = listed("before_infinitive")
_FIRM = listed("firm")
_ASKING = frozenset(("demander", "réclamer", "exiger"))
_OPINIONS = listed("opinions")


def find(reading: ReadUnit) -> None:
    """Note the quotations that are clauses below a cue."""
    for cue in reading.cues:
        if cue.verb in reading.spent or cue.passive or reading.tree[cue.verb].quoted:
            continue
        speaker = reading.subject(cue)
        if speaker is None or cue.mood == "participle":
            continue
        if not _that(reading, cue, speaker):
            _to(reading, cue, speaker)


def _that(reading: ReadUnit, cue: TreeCue, speaker: Speaker) -> bool:
    """A clause with ``que`` or ``si``."""
    mark = _conjunction(reading, cue)
    if mark is None:
        return False
    if not cue.uses & {"say", "that", "ask", "about", "tell"}:
        return False
    stretch = reading.trimmed(reading.tree[mark].start, reading.tree[_last(reading, cue, mark)].end)
    if reading.words(stretch) < 3:
        return False
    if reading.type_of([stretch]) == "indirect" and not _is_firm(cue):
        return False
    return reading.add([stretch], speaker, cue, "clause")


def _is_firm(cue: TreeCue) -> bool:
    """Whether a clause below a verb is a quotation without any marks."""
    says = not cue.uses.isdisjoint(("say", "tell"))
    return cue.lemma in _ASKING or (says and cue.lemma not in _OPINIONS)


def _conjunction(reading: ReadUnit, cue: TreeCue) -> int | None:
    """The ``que`` or ``si`` of the clause that a cue governs."""
    tree = reading.tree
    _, end = tree.sentence(cue.verb)
    for at in range(cue.last + 1, min(end, cue.last + _REACH)):
        word = tree[at]
        if word.mark is not None or word.lower in ".;:!?" or word.lower in ("qui", "dont"):
            return None
        if (
            word.verbal
            and word.lower not in ("dit",)
            and at > cue.last + 1
            and cues.is_finite(tree, at)
        ):
            return None
        if word.lower == "si" and (word.pos == "SCONJ" or at == cue.last + 1):
            return at if cue.uses & {"ask", "say"} and word.dep == "mark" else None
        if word.lower in _CONJUNCTIONS:
            if at > cue.last + 1 and _is_other(reading, cue, at):
                continue
            return at
    return None


def _is_other(reading: ReadUnit, cue: TreeCue, at: int) -> bool:
    """Whether a ``que`` some words behind a verb belongs to something else: *plus … que*, *la loi que …*."""
    tree = reading.tree
    word, left = tree[at], tree[at - 1]
    above = tree[word.head]
    if word.dep == "mark" and above.head == cue.verb and above.relation in _GOVERNED:
        return False
    if left.lower in ("plus", "moins", "autre", "autant", "ce", "aussi", "tel", "telle"):
        return True
    if left.lower == ",":
        return word.dep != "mark"
    return above.dep == "acl:relcl" and left.nominal and _has_object(reading, cue, at)


def _has_object(reading: ReadUnit, cue: TreeCue, at: int) -> bool:
    """Whether a noun without a preposition stands between a verb and the word ``at``."""
    tree = reading.tree
    return any(
        tree[index].nominal
        and tree[index].pos != "PRON"
        and not speakers.is_governed(tree, index)
        and tree[index].lower not in phrases.TIMES
        for index in range(cue.last + 1, at)
    )


def _last(reading: ReadUnit, cue: TreeCue, first: int) -> int:
    """The last word of a clause: the sentence's, unless the narrator goes on before."""
    _, end = reading.tree.sentence(first)
    for index in range(first + 1, end):
        if _narrator_from(reading, cue, index):
            return index - 1
    return end - 1


def _narrator_from(reading: ReadUnit, cue: TreeCue, index: int) -> bool:
    """Whether the narrator goes on from a comma or a conjunction."""
    tree = reading.tree
    word = tree[index]
    if word.quoted or word.mark is not None or word.lower not in _JOINTS:
        return False
    at = index + 1
    while at < len(tree) and (tree[at].lower in _JOINTS or tree[at].pos == "ADV"):
        at += 1
    if at >= len(tree) or tree[at].lower in _CONJUNCTIONS:
        return False
    behind_marks = tree[index - 1].quoted or tree[index - 1].mark is not None
    if word.lower == "," and tree[at].lower == "ce" and at + 1 < len(tree):
        return tree[at + 1].lower in ("qui", "que", "qu'", "dont")
    if behind_marks and word.lower == "," and _is_aside(reading, at):
        return True
    if word.lower == "," and cue.first and tree[cue.first - 1].lower == "qui":
        verb = _next_verb(reading, at)  # *X, qui affirme que …,* **a** *porté plainte*
        if verb is not None and tree[index + 1].verbal:
            return True
    return _says_on(reading, cue, at, behind_marks) or _conjunct(reading, cue, index, at)


def _is_aside(reading: ReadUnit, at: int) -> bool:
    """Whether a relative clause or a participle starts at a word: behind quoted words it is the narrator's."""
    tree = reading.tree
    if tree[at].lower in ("qui", "dont", "où"):
        return True
    return tree[at].pos in ("VERB", "ADJ") and cues.is_participle(tree[at])


def _says_on(reading: ReadUnit, cue: TreeCue, at: int, behind_marks: bool) -> bool:
    """Whether another cue starts at a word that has the subject of the first."""
    tree = reading.tree
    for other in reading.cues_from(at):
        if other.first != at:
            break
        if other.mood == "infinitive" or other.verb == cue.verb:
            return False
        return other.pronoun is None and speakers.own(tree, other.verb) is None
    pronoun = tree[at].lower in ("il", "elle", "ils", "elles")
    if behind_marks and pronoun:
        return True
    verb = _next_verb(reading, at)
    # Behind quoted words a verb without a subject is the narrator's (« … » et s'est attiré un rappel), but not
    # in the future tense (« … » et aura lieu lundi).
    return (
        behind_marks
        and verb is not None
        and speakers.own(tree, verb) is None
        and _FUTURE.search(tree[at].lower) is None
    )


def _next_verb(reading: ReadUnit, at: int) -> int | None:
    """The finite verb that starts at a word, clitics and auxiliary apart."""
    tree = reading.tree
    while at < len(tree) and (tree[at].lower in _CLITICS or tree[at].pos == "AUX"):
        at += 1
    return at if at < len(tree) and cues.is_finite(tree, at) else None


def _conjunct(reading: ReadUnit, cue: TreeCue, index: int, at: int) -> bool:
    """Whether a verb that is joined to the cue, or to one above it, starts behind a comma or a conjunction."""
    tree = reading.tree
    above = {cue.verb, *islice(tree.heads(cue.verb), 4)}
    for verb in range(at, min(at + 6, len(tree))):
        word = tree[verb]
        if word.relation == "conj" and word.verbal and word.head in above:
            return tree.low[verb] >= index
    return False


def _to(reading: ReadUnit, cue: TreeCue, speaker: Speaker) -> bool:
    """An infinitive: *assure avoir vu …*, *promet de venir …*."""
    tree = reading.tree
    start = cue.last + 1
    _, end = tree.sentence(cue.verb)
    at = start
    while (
        at < min(end, start + 4)
        and tree[at].pos in ("ADV", "NOUN", "PROPN", "DET", "NUM", "PRON")
        and not (tree[at].lower in _CLITICS or tree[at].lower in _OF)
    ):
        at += 1
    first = at
    while at < end and (
        tree[at].lower in _CLITICS
        or tree[at].lower in _OF
        or tree[at].pos == "ADV"
        or tree[at].lower in ("tout", "rien", "bien")
    ):
        at += 1
    if at >= end or at > first + 5 or not cues.is_infinitive(tree[at]):
        return False
    stretch = reading.trimmed(tree[first].start, tree[_last(reading, cue, first)].end)
    if reading.words(stretch) < 3:
        return False
    bare = tree[first].lower not in _OF
    if reading.type_of([stretch]) == "indirect" and not (cue.lemma in _FIRM and bare):
        return False
    return reading.add([stretch], speaker, cue, "infinitive")
