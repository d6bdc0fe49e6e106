"""What Stanza's tagger and parser are trained on: documents, a stream of variants, words, scores."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from trees import Tree
from varied import Varied

from fact_extractors.speech.verbs import forms

Scores = dict[str, float]


def document(trees: Sequence[Tree], tags: Sequence[Sequence[str]] | None = None) -> Any:
    """A Stanza document of the trees; `tags`: other parts of speech than theirs."""
    from stanza.models.common.doc import Document

    return Document([
        [
            {
                "id": index + 1,
                "text": node.form,
                "lemma": node.form,
                "upos": tags[number][index] if tags else node.pos,
                "head": 0 if node.head == index else node.head + 1,
                "deprel": "root" if node.head == index else node.relation,
            }
            for index, node in enumerate(tree)
        ]
        for number, tree in enumerate(trees)
    ])  # fmt: skip


class Stream:
    """Variants of the trees without end, in a new order each time."""

    def __init__(self, trees: Sequence[Tree], augmentation: str, rng: random.Random) -> None:
        self._trees, self._rng = trees, rng
        self._varied = Varied(trees, augmentation, rng)
        self._variants = self._endless()

    def _endless(self) -> Iterator[Tree]:
        while True:
            shuffled = self._rng.sample(self._trees, len(self._trees))
            yield from map(self._varied.variant, shuffled)

    def take(self, words: int) -> list[Tree]:
        """The next trees, of so many words in all."""
        taken: list[Tree] = []
        while words > 0:
            taken.append(next(self._variants))
            words -= len(taken[-1])
        return taken

    def vocabulary(self) -> list[Tree]:
        """The trees, and as many variants; of few trees so many that all that is made up is among them."""
        return [*self._trees, *islice(self._variants, max(len(self._trees), 4000))]


def verb_vocabulary() -> Any:
    """The vocabulary of lemmas: forms of reporting verbs share the row of their mood and their uses."""
    from stanza.models.pos.vocab import WordVocab

    kinds = {
        form: f"{verbs[0].form.mood} {' '.join(sorted(verbs[0].uses))}"
        for form, verbs in forms().items()
    }
    rows = [[(kind,) for kind in sorted(set(kinds.values()))]]
    vocabulary = WordVocab(rows, "fr_news", lower=True)
    state = vocabulary.state_dict()
    numbers = state["_unit2id"]
    state["_unit2id"] = numbers | {form: numbers[kind] for form, kind in kinds.items()}
    return WordVocab.load_state_dict(state)


def percent(right: int, of: int) -> float:
    """A share in per cent."""
    return round(100 * right / max(1, of), 2)


def attachment(trees: Sequence[Tree], found: Sequence[Sequence[tuple[int, str]]]) -> Scores:
    """How many heads are right (UAS), and how many with their relation (LAS); marks are left out.

    Heads that are found count from one, and the root has none.
    """
    words = heads = both = 0
    for tree, arcs in zip(trees, found, strict=True):
        for index, (node, (head, relation)) in enumerate(zip(tree, arcs, strict=True)):
            is_root = node.head == index
            if node.relation == "punct":
                continue
            words += 1
            if head == (0 if is_root else node.head + 1):
                heads += 1
                both += relation == ("root" if is_root else node.relation)
    return {"LAS": percent(both, words), "UAS": percent(heads, words)}
