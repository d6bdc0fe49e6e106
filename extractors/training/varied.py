"""The trees on which the parsers are trained: those of the treebanks and variants of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from corpus import read_treebank
from names import known_names
from quotations import Quoter
from trees import Tree, surface_tree

TRAIN = ("sequoia-train", "gsd-dev", "gsd-test", "sequoia-test")
DEVELOPMENT = "sequoia-dev"
AUGMENTATIONS = ("none", "marks", "quotations")


def training_trees(data: Path) -> list[Tree]:
    """The trees of the treebanks in `data`; those that are not there are left out."""
    files = [data / "ud-french" / f"{name}.conllu" for name in TRAIN]
    return [surface_tree(s) for file in files if file.exists() for s in read_treebank(file)]


def development_trees(data: Path, seed: int) -> list[Tree]:
    """The trees by which a training is judged, in the typography of newspapers."""
    varied = Varied([], "marks", random.Random(seed))
    file = data / "ud-french" / f"{DEVELOPMENT}.conllu"
    return [varied.typography(surface_tree(s)) for s in read_treebank(file)]


class Varied:
    """Makes variants of the treebank's sentences; the same seed and the same calls give the same.

    `augmentation`: `none`; `marks` for the quotation marks and apostrophes of newspapers; `quotations` for
    these and made-up quotations.
    """

    def __init__(self, trees: Sequence[Tree], augmentation: str, rng: random.Random) -> None:
        self._rng, self._augmentation = rng, augmentation
        self._quoter = Quoter(trees, known_names(), rng)

    def variant(self, tree: Tree) -> Tree:
        """The sentence, a variant of it, or a made-up quotation."""
        if self._augmentation == "none":
            return tree
        if self._augmentation == "quotations":
            draw = self._rng.random()
            if draw < 0.4:
                return self.typography(self._quoter.quotation(tree))
            if draw < 0.5:
                tree = self._quoter.marked_fragment(tree)
        return self.typography(tree)

    def typography(self, tree: Tree) -> Tree:
        """Straight marks become « » most of the time, apostrophes typographic half of the time."""
        nodes = list(tree)
        guillemets, curly, opening = self._rng.random() < 0.7, self._rng.random() < 0.5, True
        for index, node in enumerate(nodes):
            if node.form == '"' and guillemets:
                nodes[index] = node._replace(
                    form="«" if opening else "»", space=opening or node.space
                )
                if not opening and index:
                    nodes[index - 1] = nodes[index - 1]._replace(space=True)
                opening = not opening
            elif curly:
                nodes[index] = node._replace(form=node.form.replace("'", "’"))
        return tuple(nodes)
