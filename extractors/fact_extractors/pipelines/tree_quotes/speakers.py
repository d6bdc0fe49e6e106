"""Who speaks: the subject of a cue in a tree, and the noun phrase that names it."""

from __future__ import annotations

from collections.abc import Mapping

from fact_extractors.pipelines.tree_quotes.cues import TreeCue, is_participle
from fact_extractors.pipelines.tree_quotes.lists import listed
from fact_extractors.pipelines.tree_quotes.phrases import TIMES, Speaker, phrase
from fact_extractors.pipelines.tree_quotes.tree import Tree, TreeWord

_SUBJECT = ("nsubj", "nsubj:caus", "csubj", "nsubj:outer", "nsubj:pass", "expl:subj")
_RELATIVE = frozenset(("qui", "lequel", "laquelle", "lesquels", "lesquelles"))
_SHARES = frozenset(("conj", "xcomp", "advcl", "ccomp", "aux", "cop", "parataxis", "dep"))
"""Relations by which a verb shares the subject of the one that it hangs on."""
_NO_SUBJECT = listed("no_subject")
_STRESSED = frozenset(["lui", "elle", "eux", "elles", "moi", "nous"])
_WIDEST = 40
"""Words of the longest noun phrase, to either side."""
_REACH = 25
"""Words behind an inverted verb among which its subject is looked for."""
_STEPS = 6
"""Verbs that a subject is looked for at, one above the other."""


def inverted(tree: Tree, cue: TreeCue) -> Speaker | None:
    """The subject behind the verb: its pronoun, or the noun that follows, whatever the parser calls it."""
    if cue.pronoun is not None:
        return Speaker(*cue.pronoun, cue.last, cue.last)
    index = _noun_behind(tree, cue)
    return None if index is None else phrase(tree, index, cue.last + 1)


def _noun_behind(tree: Tree, cue: TreeCue) -> int | None:
    """The head of the noun phrase that follows a verb; what says to whom or when is passed over."""
    at = cue.last + 1
    _, end = tree.sentence(cue.verb)
    end = min(end, cue.last + _REACH)
    article = False
    while at < end:
        word = tree[at]
        if word.mark is not None or word.quoted or word.pos in ("VERB", "AUX", "SCONJ", "CCONJ"):
            return None
        if word.pos == "ADP" or word.lower in ("au", "aux"):
            at = _past_complement(tree, at, end)
            article = False
            continue
        if word.lower == ",":
            article = False
        elif word.pos == "PUNCT" and word.lower not in ("-", "(", ")", "«", "»"):
            return None
        elif word.pos == "DET":
            article = True
        elif word.lower in TIMES or (
            word.lower in _STRESSED and at + 1 < end and tree[at + 1].pos != "PUNCT"
        ):
            article = False
        elif _may_speak(tree, at, article) or (article and _stands_for_noun(tree, at, end)):
            return _top(tree, at)
        at += 1
    return None


def _may_speak(tree: Tree, at: int, article: bool) -> bool:
    """Whether a noun may head the phrase of a speaker: a name, a pronoun, or a noun with an article.

    A bare noun in small letters is none: *tranche* **net** *le sénateur*, *lance d'***emblée** *la maire*.
    """
    word = tree[at]
    if not word.nominal:
        return False
    return article or word.pos == "PRON" or not tree.text[word.start].islower()


def _stands_for_noun(tree: Tree, at: int, end: int) -> bool:
    """Whether an adjective behind an article is the noun itself: *lance la quinquagénaire*."""
    if tree[at].pos not in ("ADJ", "X", "NUM", "ADV"):
        return False
    return at + 1 >= end or tree[at + 1].pos not in ("NOUN", "PROPN", "ADJ")


def _past_complement(tree: Tree, at: int, end: int) -> int:
    """Where a complement ends that a preposition opens: *au micro de France Bleu*, *auprès de l'AFP*.

    Parsers hang the subject behind it on its noun, so the order of the words decides: it is over at the next
    article, or where a name follows a common noun.
    """
    at += 1
    noun = False
    names = 0
    while at < end:
        word = tree[at]
        if word.mark is not None or word.quoted or word.verbal or word.pos in ("PUNCT", "SCONJ"):
            break
        if word.pos == "ADP":
            return at
        if word.pos == "DET" and noun:
            break
        if word.pos == "PROPN" and (noun if not names else names > 1 and _names(tree, at, end) > 1):
            break
        noun = noun or word.nominal or word.pos in ("ADJ", "NUM", "ADV")
        names += word.pos == "PROPN"
        at += 1
    return at


def _names(tree: Tree, at: int, end: int) -> int:
    """How many names stand one behind the other from a word on."""
    stop = at
    while stop < end and tree[stop].pos == "PROPN":
        stop += 1
    return stop - at


def _has_case(tree: Tree, index: int) -> bool:
    return any(tree[i].relation == "case" for i in tree.dependents[index])


def _top(tree: Tree, index: int) -> int:
    """The head of the phrase of a noun, which may stand further on: *le* **ministre** *de …*."""
    for above in tree.heads(index):
        if above <= index or above > index + 6 or not tree[above].nominal:
            break
        if any(w.verbal or w.lower == "," for w in tree.words[index:above]):
            break
        index = above
    return index


def subject(tree: Tree, cue: TreeCue, cues: Mapping[int, TreeCue]) -> Speaker | None:
    """Who is the subject of a cue, wherever it stands; None when nothing says it.

    ``cues`` are the cues of the tree by their verbs: a gerund shares the subject of the verb that it hangs on.
    """
    if cue.pronoun is not None:
        return Speaker(*cue.pronoun, cue.last, cue.last)
    if cue.passive:
        agent = _agent(tree, cue.verb)
        return None if agent is None else phrase(tree, agent)
    if cue.first and tree[cue.first - 1].lower == "qui":
        index = antecedent(tree, cue.first - 1)
        return None if index is None else phrase(tree, index)
    found = _by_relations(tree, cue, cues)
    if found is None and cue.mood == "finite":
        index = _noun_before(tree, cue)
        found = None if index is None else phrase(tree, index)
    return found


def _by_relations(tree: Tree, cue: TreeCue, cues: Mapping[int, TreeCue]) -> Speaker | None:
    """The subject that the tree gives a verb, or the verb that it hangs on."""
    verb, seen = cue.verb, 0
    while seen < _STEPS:
        seen += 1
        mine = own(tree, verb)
        if mine is not None:
            named = _named(tree, mine, verb)
            if named is not None and not (named < verb and _has_preposition(tree, named)):
                return phrase(tree, named)
            return None
        other = cues.get(verb)
        if other is not None and verb != cue.verb and other.mood == "finite":
            return inverted(tree, other) or subject(tree, other, {})
        word = tree[verb]
        if word.head == verb:
            return None
        if word.relation == "acl":
            return phrase(tree, word.head) if tree[word.head].nominal else None
        if word.relation not in _SHARES and cue.mood == "finite":
            return None
        verb = word.head
    return None


def _noun_before(tree: Tree, cue: TreeCue) -> int | None:
    """The noun before a verb whose subject the parser did not find.

    It stands right before the verb, or before an aside between commas; else it is the first noun of the
    sentence without a preposition.
    """
    first, _ = tree.sentence(cue.verb)
    at = cue.first - 1
    while at >= first and (tree[at].pos in ("ADV", "ADJ", "NUM") or tree[at].lower in (",", ")")):
        at -= 1
    if at >= first and tree[at].nominal and not tree[at].quoted:
        top = _top_before(tree, at, first)
        if _may_be_subject(tree, top):
            return top
    for index in range(first, cue.first):
        if tree[index].nominal and _may_be_subject(tree, index):
            return index
    return None


def _may_be_subject(tree: Tree, index: int) -> bool:
    """Whether a noun may be a subject that the parser missed: without a preposition, and nobody's object."""
    word = tree[index]
    if word.lower in TIMES or word.quoted or is_governed(tree, index):
        return False
    if word.pos == "NOUN" and not any(
        tree[i].pos in ("DET", "NUM") for i in range(max(0, index - 3), index)
    ):
        return False
    return word.relation != "obj" or word.head > index


def _top_before(tree: Tree, index: int, first: int) -> int:
    for above in tree.heads(index):
        if not first <= above < index or not tree[above].nominal:
            break
        if tree[index].relation not in ("flat", "nmod", "appos", "conj", "amod", "obl"):
            break
        index = above
    return index


def is_governed(tree: Tree, index: int) -> bool:
    """Whether a preposition stands before a noun and its article."""
    if _has_case(tree, index):
        return True
    for at in range(index - 1, max(-1, index - 12), -1):
        if tree[at].pos not in ("DET", "ADJ", "NUM", "PROPN"):
            return tree[at].pos == "ADP"
    return False


def _has_preposition(tree: Tree, index: int) -> bool:
    """Whether the parser took a complement for a subject: **Avec** *Anne à ses côtés, Paul …*."""
    low = tree.low[index]
    return tree[low].pos == "ADP" and tree[low].lower not in ("de", "d'", "du", "des")


def _agent(tree: Tree, verb: int) -> int | None:
    """The agent of a passive that the parser takes for another complement: *qualifié par la gauche*."""
    agent = tree.child(verb, "obl:agent")
    if agent is not None:
        return agent
    for index in tree.dependents[verb]:
        if (
            index > verb
            and tree[index].nominal
            and any(
                tree[i].lower in ("par", "de") and tree[i].relation == "case"
                for i in tree.dependents[index]
            )
        ) and any(tree[i].lower == "par" for i in tree.dependents[index]):
            return index
    return None


def own(tree: Tree, verb: int) -> int | None:
    """The dependent of a verb that is its subject."""
    for relation in _SUBJECT:
        for index in tree.dependents[verb]:
            word = tree[index]
            if word.dep == relation and _names_somebody(word):
                return index
    return None


def opens_aside(tree: Tree, at: int) -> bool:
    """Whether what says more of a speaker starts behind a comma: an apposition, a participle, an age."""
    word = tree[at]
    if word.lower in ("qui", "dont", "où") or word.pos == "NUM":
        return True
    if word.pos == "VERB":
        return is_participle(word)
    return word.pos in ("NOUN", "ADJ") and not word.quoted


def _names_somebody(word: TreeWord) -> bool:
    """Whether a word that is called a subject can be one: no clitic, mark or conjunction."""
    if word.mark is not None or word.lower in _NO_SUBJECT or not word.lower[:1].isalnum():
        return word.lower[:1] == "-" and word.lower not in ("-t", "-t-", "-")
    return word.pos not in ("PUNCT", "SCONJ", "CCONJ", "ADP", "ADV")


def _named(tree: Tree, index: int, verb: int) -> int | None:
    """A subject, or the noun that a relative pronoun stands for."""
    if tree[index].lower not in _RELATIVE:
        return index
    above = tree[verb].head
    if tree[verb].dep.startswith("acl") and above != verb and tree[above].nominal and above < index:
        return above
    return antecedent(tree, index)


def antecedent(tree: Tree, index: int) -> int | None:
    """The noun that a relative pronoun at ``index`` follows."""
    at = index - 1
    while at > 0 and not tree[at].nominal and index - at < 5 and not tree[at].verbal:
        at -= 1
    if at < 0 or not tree[at].nominal:
        return None
    for above in tree.heads(at):
        if above > at or at - above > _WIDEST or not tree[above].nominal:
            break
        if tree[at].relation not in ("flat", "nmod", "appos", "conj", "obl"):
            break
        at = above
    return at
