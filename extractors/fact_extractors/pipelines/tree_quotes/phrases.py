"""The noun phrase that names a speaker: where it begins and ends."""

from __future__ import annotations

from typing import NamedTuple

from fact_extractors.pipelines.tree_quotes.cues import is_finite
from fact_extractors.pipelines.tree_quotes.lists import listed
from fact_extractors.pipelines.tree_quotes.tree import Tree, TreeWord

_LOOSE = listed("loose")
_NO_SUBJECT = listed("no_subject")
_PRONOUNS = listed("pronouns")
TIMES = listed("times")
_WIDEST = 40
"""Words of the longest noun phrase, to either side."""


class Speaker(NamedTuple):
    """Who speaks: the stretch of the article that names them, and its words in the tree."""

    start: int
    end: int
    first: int
    last: int


def phrase(tree: Tree, index: int, floor: int = 0) -> Speaker:
    """The noun phrase of a word: determiner, name, function, complements, appositions.

    Out: relative clauses, participles behind a comma, circumstances, the preposition that governs the phrase,
    and the words before ``floor``.
    """
    low = high = index
    waiting = [index] if tree[index].lower not in _PRONOUNS else []
    while waiting:
        head = waiting.pop()
        for child in tree.dependents[head]:
            if not _belongs(tree, child, head, index):
                continue
            low, high = min(low, child), max(high, child)
            waiting.append(child)
    while high + 1 < len(tree) and tree[high].pos == tree[high + 1].pos == "PROPN":
        high += 1
    low, high = _tight(tree, index, max(low, floor), high)
    return Speaker(tree[low].start, tree[high].end, low, high)


def _belongs(tree: Tree, child: int, head: int, top: int) -> bool:
    """Whether a dependent of a word of a noun phrase is inside it."""
    word = tree[child]
    if word.mark is not None or word.dep in _LOOSE or abs(child - top) > _WIDEST:
        return False
    if word.verbal and (
        word.relation in ("conj", "advcl", "ccomp", "xcomp")
        or (word.relation == "acl" and is_finite(tree, child))
    ):
        return False
    if head == top and word.relation in ("case", "mark", "cop", "advmod", "nsubj", "aux", "expl"):
        return child > top and word.relation == "advmod" and tree[top].pos == "PRON"
    if child < head and _comma(tree, child, head):
        return False
    if child > head and _comma(tree, head, child):
        if word.relation in ("acl", "obl", "advmod", "amod") or word.pos == "PRON":
            return False
        if word.relation == "conj" and not _listed(tree, child):
            return False
        if word.relation == "nmod" and not _affiliation(tree, child):
            return False
    return True


def _listed(tree: Tree, child: int) -> bool:
    """Whether a coordinated noun is one more speaker: *A, B et C*."""
    return tree[child].nominal and tree[child].lower not in TIMES


def _affiliation(tree: Tree, child: int) -> bool:
    """Whether a complement behind a comma says of what somebody is: *, du National Oceanography Centre*."""
    return any(
        tree[i].lower in ("de", "du", "d'", "des") for i in tree.dependents[child] if i < child
    )


def _comma(tree: Tree, left: int, right: int) -> bool:
    return any(word.lower == "," for word in tree.words[left + 1 : right])


def _tight(tree: Tree, index: int, low: int, high: int) -> tuple[int, int]:
    """The edges of a phrase, which no stop, verb or held stretch may part, without marks at its ends."""
    for at in range(index - 1, low - 1, -1):
        if _parts(tree[at]):
            low = at + 1
            break
    for at in range(index + 1, high + 1):
        if _parts(tree[at]):
            high = at - 1
            break
    while low < index and tree[low].pos in ("PUNCT", "ADP", "CCONJ", "SPACE"):
        low += 1
    low, high = _without_party(tree, index, low, high)
    while (
        high > index
        and tree[high].lower != ")"
        and (
            tree[high].pos in ("PUNCT", "CCONJ", "DET", "ADP", "SPACE")
            or tree[high].lower in _NO_SUBJECT
        )
    ):
        high -= 1
    return low, high


def _without_party(tree: Tree, index: int, low: int, high: int) -> tuple[int, int]:
    """A phrase without an affiliation in parentheses: *Anne Petit (PS)*; the acronym of what it names stays."""
    for at in range(index + 1, high + 2 if high + 1 < len(tree) else high + 1):
        if tree[at].lower == "(":
            close = next(
                (i for i in range(at, min(at + 4, len(tree))) if tree[i].lower == ")"), None
            )
            if close is None or close != at + 2 or not _is_acronym(tree, low, at):
                return low, at - 1
            return low, max(high, close)
    return low, high


def _is_acronym(tree: Tree, low: int, bracket: int) -> bool:
    """Whether the word behind a bracket is made of initials of the words before it."""
    initials = iter("".join(tree[i].lower[0] for i in range(low, bracket)))
    return all(letter in initials for letter in tree[bracket + 1].lower)


def _parts(word: TreeWord) -> bool:
    return word.mark is not None or word.lower in (".", "!", "?", "…", ";", ":")
