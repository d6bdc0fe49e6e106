"""Who speaks in a made-up quotation: names, functions and noun phrases of a treebank, as trees."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from trees import Node, Tree, append, root, under, word

_FILE = Path(__file__).with_name("speakers.toml")
VOWELS = "aâàeéèêiîoôuùyœAÂÀEÉÈÊIÎOÔUÙYŒ"

_RELATIONS = {"ADP": "case", "DET": "det", "ADJ": "amod", "NUM": "nummod", "PUNCT": "punct"}
"""What a word of a noun phrase is to its noun; another noun is its `nmod`."""

_GERUND = "Tense=Pres|VerbForm=Part"


@cache
def phrases(key: str) -> list[str]:
    """A list of `speakers.toml`."""
    value: str = tomllib.loads(_FILE.read_text("utf-8"))[key]
    return [" ".join(part.split()) for part in value.split(";")]


def noun_phrase(text: str) -> Tree:
    """The tree of a phrase in the notation of `speakers.toml`: `maire de Lyon`, `directeur général/ADJ`."""
    nodes: list[Node] = []
    head: int | None = None  # the last noun
    waiting: list[int] = []  # what stands before its noun
    preposition = False
    for index, part in enumerate(text.split()):
        form, _, tag = part.partition("/")
        low = form.lower()
        pos = tag or (
            "ADP"
            if low in phrases("prepositions")
            else "DET"
            if low in phrases("determiners")
            else "PUNCT"
            if form == ","
            else "PROPN"
            if form[0].isupper()
            else "NOUN"
        )
        morph = "" if pos != "VERB" else "VerbForm=Inf" if low.endswith("re") else _GERUND
        node = Node(form, pos, index, morph=morph, space=not form.endswith("'"))
        relation = _RELATIONS.get(pos, "nmod")
        if relation in ("case", "det", "nummod", "punct") or (
            pos == "ADJ" and (head is None or waiting)
        ):
            waiting.append(index)
            preposition |= pos == "ADP"
            nodes.append(node._replace(relation=relation))
            continue
        if head is not None:
            apart = relation == "amod" or preposition or nodes[head].pos != "PROPN"
            node = node._replace(head=head, relation=relation if apart else "flat:name")
        nodes.append(node)
        for at in waiting:
            nodes[at] = nodes[at]._replace(head=index)
            if pos == "VERB" and nodes[at].pos == "ADP":  # en souriant
                nodes[at] = nodes[at]._replace(relation="mark")
        waiting, preposition = [], False
        if pos != "ADJ":
            # Words of one name all hang from its first.
            head = nodes[index].head if nodes[index].relation == "flat:name" else index
    return tuple(nodes)


def name(text: str) -> Tree:
    """The tree of a name: its words hang from the first."""
    parts = text.split()
    return tuple(
        Node(part, "PROPN", 0, "flat:name" if i else "ROOT") for i, part in enumerate(parts)
    )


def lowered(tree: Tree) -> Tree:
    """`tree` as it stands inside a sentence."""
    first = tree[0]
    if first.pos == "PROPN" or first.form[1:2].isupper():
        return tree
    return (first._replace(form=first.form[0].lower() + first.form[1:]), *tree[1:])


def is_several(tree: Tree) -> bool:
    """Whether a verb must agree with several."""
    at = root(tree)
    return tree[at].number == "Plur"


class Speakers:
    """Makes speakers; the same seed and the same calls give the same.

    `names` are those of `names.known_names()`; `subjects` and `adverbials`, of a treebank, are used too.
    """

    def __init__(
        self,
        names: Mapping[str, Sequence[str]],
        subjects: Sequence[Tree],
        adverbials: Sequence[Tree],
        rng: random.Random,
    ) -> None:
        self._names, self._rng = names, rng
        self._subjects, self._adverbials = subjects, adverbials

    def _person(self) -> str:
        names = self._names
        surname = self._rng.choice(names["surnames"])
        return (
            surname
            if self._rng.random() < 0.25
            else f"{self._rng.choice(names['first_names'])} {surname}"
        )

    def _function(self, kind: str = "functions") -> tuple[Tree, str]:
        """A function or group without its article, and `f` for a feminine, `p` for several."""
        text = self._rng.choice(phrases(kind))
        kind, text = (text[0], text[2:]) if text[1] == ":" else ("", text)
        return noun_phrase(self.filled(text)), kind

    def filled(self, text: str) -> str:
        """`text` with names for LOC and ORG."""
        place, group = self._rng.choice(self._names["LOC"]), self._rng.choice(self._names["ORG"])
        filled = text.replace("LOC", place).replace("ORG", group)
        for vowel in VOWELS:
            filled = filled.replace(f"de {vowel}", f"d' {vowel}")
        return filled

    def _with_article(self, function: Tree, kind: str) -> Tree:
        opens = function[0].form[0] in VOWELS + "hH"
        if kind == "p":
            article = self._rng.choice(("les", "des", "plusieurs", "certains"))
        elif self._rng.random() < 0.7:
            article = "l'" if opens else "la" if kind == "f" else "le"
        else:
            article = "une" if kind == "f" else "un"
        return under(word(article, "DET", space=not article.endswith("'")), function, "det")

    def speaker(self) -> Tree:
        """Who speaks, with what stands beside the name; the root's `number` says whether they are several."""
        kind = self._rng.random()
        if kind < 0.3 and self._subjects:
            return lowered(self._rng.choice(self._subjects))
        if kind < 0.45:
            return name(self._person())
        if kind < 0.5:
            title = self._rng.choice(("M.", "Mme", "Me", "Dr"))
            return append(
                word(title, "NOUN"), name(self._rng.choice(self._names["surnames"])), "nmod"
            )
        if kind < 0.55:
            return name(self._rng.choice(self._names["ORG"]))
        if kind < 0.6:
            return _several(name(self._person()), name(self._person()))
        if kind < 0.65:
            return self._with_article(*self._function("groups"))
        if kind < 0.68:  # Jean Dupont, 45 ans
            age = noun_phrase(f", {self._rng.randint(8, 98)}/NUM ans")
            return append(name(self._person()), age, "appos", gap=False)
        function, gender = self._function()
        if gender == "p":
            return _numbered(self._with_article(function, gender))
        if kind < 0.79:  # Jean Dupont, maire de Lyon
            return append(
                name(self._person()),
                under(word(",", "PUNCT"), function, "punct"),
                "appos",
                gap=False,
            )
        if kind < 0.84:  # Jean Dupont (ONU)
            group = under(
                word("(", "PUNCT", space=False), name(self._rng.choice(self._names["ORG"])), "punct"
            )
            group = append(group, word(")", "PUNCT"), "punct", gap=False)
            return append(name(self._person()), group, "nmod")
        whole = self._with_article(function, gender)
        if kind < 0.89:  # le maire Jean Dupont
            return append(whole, name(self._person()), "nmod")
        if kind < 0.94:  # le maire de Lyon, Jean Dupont
            person = under(word(",", "PUNCT"), name(self._person()), "punct")
            return append(whole, person, "appos", gap=False)
        return whole

    def adverbial(self) -> Tree:
        """What may stand beside the verb: *hier*, *dans un communiqué*."""
        if self._adverbials and self._rng.random() < 0.35:
            return lowered(self._rng.choice(self._adverbials))
        return noun_phrase(self.filled(self._rng.choice(phrases("adverbials"))))

    def pronoun(self) -> Tree:
        """A pronoun before its verb."""
        form = self._rng.choice(("il", "elle", "ils", "elles", "on"))
        return (Node(form, "PRON", number="Plur" if form.endswith("s") else "Sing"),)


def _several(first: Tree, second: Tree) -> Tree:
    return _numbered(append(first, under(word("et", "CCONJ"), second, "cc"), "conj"))


def _numbered(tree: Tree) -> Tree:
    at = root(tree)
    return tuple(n._replace(number="Plur") if i == at else n for i, n in enumerate(tree))
