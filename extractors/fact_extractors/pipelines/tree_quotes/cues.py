"""Which words of a tree attribute speech: the verb and what belongs to its group.

The forms come from :mod:`fact_extractors.speech.verbs`; the tree tells a verb from a noun, and which auxiliary
is its own.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from fact_extractors.pipelines.tree_quotes.lists import listed
from fact_extractors.pipelines.tree_quotes.tree import Tree, TreeWord
from fact_extractors.speech.conjugation import Mood
from fact_extractors.speech.verbs import Verb, conjugated, forms, locutions, patterns, table

_PRONOUN = re.compile(r"(?:(?:-| ?-?t[-']))(ils?|elles?|on|je|nous|ce)(?![\w-])")
_NO_PRONOUN = re.compile(r"-(?:t-?)?(?:ils?|elles?|on|je|nous|ce)?$")
_HAVING = listed("having")
_BEING = listed("being")
_CLITICS = listed("clitics")
_ADVERBS = listed("adverbs")
_DETERMINERS = listed("determiners")
_MOODS: dict[str, Mood] = {
    "avoir": "infinitive",
    "être": "infinitive",
    "ayant": "gerund",
    "étant": "gerund",
}
_WIDEST = 10
"""Words between an auxiliary and its participle, at most."""
_INFINITIVE = re.compile(r"(?:er|ir|re)$")
_FINITE = re.compile(r"(?:e|ent|a|ait|it|aient|èrent)$")
_PARTICIPLE = re.compile(r"(?:[éiu]|is|it|ert|aint|eint|oint)e?s?$")


class TreeCue(NamedTuple):
    """The verb group that attributes speech.

    ``verb``, ``first``, ``last``
        the verb and the edges of the group, as places in the tree.
    ``start``, ``end``
        the stretch of the article.
    ``uses``
        what the verb may do (:mod:`fact_extractors.speech.verbs`); empty for a verb that is not listed.
    ``pronoun``
        the stretch of an inverted subject (*a-t-**elle** dit*), else None.
    ``passive``
        whether the subject is the content, and not the speaker.
    """

    verb: int
    first: int
    last: int
    start: int
    end: int
    lemma: str
    mood: Mood
    uses: frozenset[str]
    pronoun: tuple[int, int] | None
    passive: bool


@cache
def _leads() -> dict[str, tuple[str, ...]]:
    """Each form of a verb that may stand before the infinitive of a reporting one, with the words between."""
    known = patterns()
    found: dict[str, tuple[str, ...]] = dict.fromkeys(("a", "ont", "avait", "avaient"), ("beau",))
    found |= {"peut": ("",), "pouvait": ("",)}
    for row in table("leads"):
        pattern = row["conjugation"] or known.get(row["verb"]) or "er"
        for verb in conjugated(row["verb"], pattern, ""):
            found[verb.form.text] = (*found.get(verb.form.text, ()), row["words"])
    return found


@cache
def _tails() -> dict[str, tuple[tuple[str, Verb], ...]]:
    """The locutions by the form of their verb, longest first."""
    return {
        form: tuple(sorted(pairs, key=lambda pair: -len(pair[0])))
        for form, pairs in locutions().items()
    }


def bare(word: str) -> str:
    """A verb form without the subject that stands behind it."""
    return _NO_PRONOUN.sub("", word) if "-" in word else word


def is_infinitive(word: TreeWord) -> bool:
    """Whether a word is an infinitive; without a lemma its ending has to say so."""
    if not word.verbal or _INFINITIVE.search(word.lower) is None:
        return False
    return word.lemma in ("", word.lower)


def find(tree: Tree) -> list[TreeCue]:
    """The cues of a tree, in their order; of two that overlap the longer one."""
    found: list[TreeCue] = []
    for index, word in enumerate(tree.words):
        cue = None if word.mark is not None else _cue(tree, index, word)
        if cue is None:
            continue
        if found and cue.start < found[-1].end:
            if cue.end - cue.start <= found[-1].end - found[-1].start:
                continue
            found.pop()
        found.append(cue)
    return found


def _cue(tree: Tree, index: int, word: TreeWord) -> TreeCue | None:
    form = bare(word.lower)
    located = [
        cue._replace(last=last, end=tree[last].end, uses=verb.uses)
        for tail, verb in _tails().get(form, ())
        if (last := _follows(tree, index, tail)) is not None
        and (cue := _group(tree, index, verb)) is not None
    ]
    if located:
        return min(located, key=lambda cue: (cue.start, -cue.end))
    verbs = forms().get(form, ())
    if not verbs or not _is_verb(tree, index, word):
        return None
    groups = [group for verb in verbs if (group := _group(tree, index, verb)) is not None]
    return max(
        groups, key=lambda group: (len(group.uses) > 0, group.end - group.start), default=None
    )


def _follows(tree: Tree, index: int, words: str) -> int | None:
    """The last of the ``words`` behind a verb and what may stand between; None when they do not follow."""
    wanted = words.replace("'", "' ").split()
    at = index + 1
    while at < min(len(tree), index + 4) and (tree[at].pos == "ADV" or tree[at].lower[:1] == "-"):
        at += 1
    if [word.lower for word in tree.words[at : at + len(wanted)]] != wanted:
        return None
    return at + len(wanted) - 1


def _is_verb(tree: Tree, index: int, word: TreeWord) -> bool:
    """Whether a form of a reporting verb is a verb here: as the parser says, or as the words beside it do.

    Parsers take a verb behind a comma or closing marks for a noun or an adjective: « … », martèle le maire.
    """
    if word.verbal:
        return True
    if index == 0 or word.pos in ("DET", "ADP", "PRON", "NUM", "PUNCT"):
        return False
    left = tree[index - 1]
    if left.lower in _DETERMINERS or any(
        tree[i].dep == "det" and i < index for i in tree.dependents[index]
    ):
        return left.lower == "l'" and index > 1 and tree[index - 2].lower == "comme"
    behind = left.lower in (",", "»", "”", '"') or left.mark is not None
    return behind or left.lower in _HAVING or left.lower in ("se", "s'", "qui", "il", "elle")


def _group(tree: Tree, index: int, verb: Verb) -> TreeCue | None:
    """The verb group around a form; None when the form attributes no speech here."""
    first = last = index
    mood, passive = verb.form.mood, False
    word = tree[index]
    if mood == "participle":
        auxiliary = _auxiliary(tree, index)
        if auxiliary is None:
            return _bare_participle(tree, index, verb)
        first = auxiliary
        having = any(bare(w.lower) in _HAVING for w in tree.words[first:index])
        been = any(w.lower == "été" for w in tree.words[first:index])
        passive = been or not having
        mood = _MOODS.get(tree[first].lower, "finite")
    elif mood == "infinitive":
        lead = _lead(tree, index)
        if lead is not None:
            first, mood = lead, "finite"
    first = _with_clitics(tree, first)
    while first < index and tree[first].lower in ("tout", "bien", "rien") and first + 1 < index:
        first += 1
    if mood == "gerund" and tree[first].lower == "en":
        first += 1
    group = {w.lower for w in tree.words[first:index]}
    reflexive = not group.isdisjoint(("se", "s'"))
    if reflexive:
        passive = False
    end = word.end
    pronoun = _inverted(tree, first, index)
    if pronoun is not None:
        end = max(end, pronoun[1])
        while last + 1 < len(tree) and tree[last + 1].start < end:
            last += 1
    if not group.isdisjoint(("ne", "n'")) and last + 1 < len(tree) and tree[last + 1].lower in (
        "pas", "plus", "jamais", "guère"
    ):  # fmt: skip
        last += 1
        end = tree[last].end
    uses = verb.uses if reflexive == verb.reflexive else frozenset[str]()
    return TreeCue(
        index, first, last, tree[first].start, end, verb.lemma, mood, uses, pronoun, passive
    )


def _bare_participle(tree: Tree, index: int, verb: Verb) -> TreeCue | None:
    """A participle that shares the auxiliary of one before: *a salué … et annoncé que …*."""
    word = tree[index]
    if word.dep != "conj" or word.head >= index:
        return None
    head = tree[word.head]
    if not head.verbal or _auxiliary(tree, word.head) is None:
        return None
    return TreeCue(
        index, index, index, word.start, word.end, verb.lemma, "finite", verb.uses, None, False
    )


def _auxiliary(tree: Tree, index: int) -> int | None:
    """The auxiliary of a participle, the first one of *a été*; None when it has none."""
    found = None
    at = index - 1
    while at >= max(0, index - _WIDEST):
        word = tree[at]
        form = bare(word.lower)
        own = word.head == index and word.relation in ("aux", "cop")
        if form in _HAVING or form in _BEING:
            if not own and not _is_parted(tree, at, index):
                break
            found = at
            if form != "été":
                break
        elif word.mark is not None or word.lower in ".!?;:" or word.pos == "SCONJ":
            break
        at -= 1
    return found


def _is_parted(tree: Tree, auxiliary: int, participle: int) -> bool:
    """Whether what stands between two words may part an auxiliary from its participle: an aside."""
    between = tree.words[auxiliary + 1 : participle]
    if all(_between(word) for word in between):
        return True
    opens = between[0].pos in ("ADP", "ADV") or between[0].lower == ","
    commas = sum(word.lower == "," for word in between)
    noun_or_verb = any(word.pos == "PROPN" or word.lower in _HAVING for word in between)
    return opens and commas in (0, 2) and not noun_or_verb and tree[participle].verbal


def _between(word: TreeWord) -> bool:
    """Whether a word may stand between an auxiliary and its participle, whatever it hangs on."""
    return (
        word.pos == "ADV"
        or word.lower in _ADVERBS
        or word.lower in _CLITICS
        or word.lower == "été"
        or _NO_PRONOUN.fullmatch(word.lower) is not None
    )


def _lead(tree: Tree, index: int) -> int | None:
    """The first word of what leads to an infinitive: *a voulu* rassurer, *tient à* préciser."""
    at = index - 1
    while at >= 0 and tree[at].lower in _CLITICS:
        at -= 1
    for back in range(at, max(-1, at - 5), -1):
        for between in _leads().get(bare(tree[back].lower), ()):
            wanted = between.replace("'", "' ").split()
            here = [
                w.lower
                for w in tree.words[back + 1 : at + 1]
                if not (w.pos == "ADV" or w.lower[:1] == "-")
            ]
            if here == wanted or [w.replace("d'", "de") for w in here] == wanted:
                auxiliary = _auxiliary(tree, back)
                return back if auxiliary is None else auxiliary
    return None


def _with_clitics(tree: Tree, first: int) -> int:
    """The place from which the clitics before a verb group start."""
    at = first
    while at > 0 and tree[at - 1].lower in _CLITICS and first - at < 4:
        if tree[at - 1].relation == "nsubj" and tree[at - 1].lower in (
            "lui",
            "leur",
            "nous",
            "vous",
        ):
            break
        at -= 1
    return at


def _inverted(tree: Tree, first: int, index: int) -> tuple[int, int] | None:
    """The subject that hangs behind the verb or its auxiliary by a hyphen."""
    for at in range(first, index + 1):
        word = tree[at]
        stem = len(bare(word.lower))
        found = _PRONOUN.match(tree.folded, word.start + stem)
        if found is not None:
            return found.span(1)
    return None


def is_participle(word: TreeWord) -> bool:
    """Whether a word has the ending of a past participle."""
    return _PARTICIPLE.search(word.lower) is not None


def is_finite(tree: Tree, index: int) -> bool:
    """Whether a verb is finite, by itself or with an auxiliary."""
    word = tree[index]
    if not word.verbal or is_infinitive(word):
        return False
    if _auxiliary(tree, index) is not None:
        return True
    return not word.lower.endswith("ant") and _PARTICIPLE.search(word.lower) is None


def _looks_like_verb(tree: Tree, index: int) -> bool:
    """Whether what the parser takes for a noun is a verb behind closing marks: *« … », dissèque Anne Lor*."""
    word = tree[index]
    if word.pos not in ("NOUN", "ADJ", "PROPN", "X", "ADV") or not index or index + 1 >= len(tree):
        return False
    small = tree.text[word.start].islower() and _FINITE.search(word.lower) is not None
    behind = tree[index - 1].lower in (",", "»", "”") or tree[index - 1].mark is not None
    if behind and bare(word.lower) != word.lower:
        return True
    return small and behind and tree[index + 1].pos in ("DET", "PROPN")


def unlisted(tree: Tree, index: int) -> TreeCue | None:
    """The group of a finite verb that no list has: « … », *philosophe* Anne Lor."""
    word = tree[index]
    auxiliary = _auxiliary(tree, index)
    if word.verbal:
        if word.relation in ("aux", "cop") or (auxiliary is None and not is_finite(tree, index)):
            return None
    elif not _looks_like_verb(tree, index):
        return None
    first = _with_clitics(tree, index if auxiliary is None else auxiliary)
    pronoun = _inverted(tree, first, index)
    end = max(word.end, pronoun[1] if pronoun else 0)
    last = index
    while last + 1 < len(tree) and tree[last + 1].start < end:
        last += 1
    return TreeCue(
        index,
        first,
        last,
        tree[first].start,
        end,
        word.lemma,
        "finite",
        frozenset(),
        pronoun,
        False,
    )
