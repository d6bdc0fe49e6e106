"""Dependency trees over the words of a text, as the parser is trained on them.

A treebank counts syntactic words (`de` + `le`), a parser sees the words of a text (`du`). Here a tree has one
node for each word of the text. Trees can be put together: `insert` is the one operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from corpus import Sentence

FEATURES = ("Mood", "Tense", "VerbForm")
"""The features that are learnt; what reads the trees needs no others."""


class Node(NamedTuple):
    """A word; `head` is the index of another of the same tree, its own for the root."""

    form: str
    pos: str
    head: int = 0
    relation: str = "ROOT"
    morph: str = ""
    space: bool = True  # one follows
    number: str = ""  # Sing, Plur; not learnt, but a verb that is added must agree


Tree: TypeAlias = tuple[Node, ...]


def surface_tree(sentence: Sentence) -> Tree:
    """The tree of a sentence; a fused word has the head and the tag of its first half."""
    owner = {word.number: i for i, token in enumerate(sentence) for word in token.words}
    nodes = []
    for index, token in enumerate(sentence):
        outward = next((w for w in token.words if owner.get(w.head, -1) != index), token.words[0])
        given = dict(part.split("=") for part in outward.features.split("|") if "=" in part)
        nodes.append(
            Node(
                token.form,
                outward.pos,
                owner.get(outward.head, index),
                "ROOT" if outward.head == 0 else outward.relation,
                "|".join(f"{name}={given[name]}" for name in FEATURES if name in given),
                token.space_after,
                given.get("Number", ""),
            )
        )
    return tuple(nodes)


def root(tree: Tree) -> int:
    """The index of the root."""
    return next(i for i, node in enumerate(tree) if node.head == i)


def word(form: str, pos: str, morph: str = "", *, space: bool = True) -> Tree:
    """A tree of one word."""
    return (Node(form, pos, morph=morph, space=space),)


def insert(
    tree: Tree, at: int, piece: Tree, relation: str, *, head: int | None = None, gap: bool = True
) -> Tree:
    """`tree` with `piece` before the word at index `at` (its length: at the end).

    The root of `piece` becomes a `relation` of the word at index `head` (none: of the root); `gap`: a space
    stands before it.
    """
    head = root(tree) if head is None else head
    size = len(piece)

    def moved(index: int) -> int:
        return index + size if index >= at else index

    kept = [node._replace(head=moved(node.head)) for node in tree]
    if at:
        kept[at - 1] = kept[at - 1]._replace(space=gap)
    added = [
        node._replace(head=moved(head), relation=relation)
        if node.head == i
        else node._replace(head=node.head + at)
        for i, node in enumerate(piece)
    ]
    return (*kept[:at], *added, *kept[at:])


def append(
    tree: Tree, piece: Tree, relation: str, *, head: int | None = None, gap: bool = True
) -> Tree:
    """`tree` with `piece` at its end; see `insert`."""
    return insert(tree, len(tree), piece, relation, head=head, gap=gap)


def under(piece: Tree, tree: Tree, relation: str) -> Tree:
    """`piece`, and behind it `tree`, whose root takes that of `piece` as a `relation`."""
    return insert(tree, 0, piece, relation)


def without(tree: Tree, at: int) -> Tree:
    """`tree` without the word at index `at`, on which no other may depend."""
    kept = (n._replace(head=n.head - (n.head > at)) for i, n in enumerate(tree) if i != at)
    return tuple(kept)


def without_last(tree: Tree) -> Tree:
    """`tree` without its last word, on which no other may depend."""
    return tree[:-1]


def reach(tree: Tree, index: int) -> list[int]:
    """The indices of a word and of all that depends on it, in order."""
    inside = {index}
    grown = True
    while grown:
        grown = False
        for i, node in enumerate(tree):
            if node.head in inside and i not in inside:
                inside.add(i)
                grown = True
    return sorted(inside)


def phrase(tree: Tree, index: int) -> Tree | None:
    """A word and all that depends on it as a tree of its own; None: there are others in between."""
    inside = reach(tree, index)
    first, last = inside[0], inside[-1]
    if last - first + 1 != len(inside):
        return None
    return tuple(
        node._replace(head=index - first, relation="ROOT")
        if i == index
        else node._replace(head=node.head - first)
        for i, node in enumerate(tree[first : last + 1], first)
    )


def text_of(trees: Sequence[Tree]) -> str:
    """The text of some sentences, one space between them."""
    return " ".join("".join(n.form + " " * n.space for n in tree).rstrip(" ") for tree in trees)


class Placed(NamedTuple):
    """The nodes of one or more trees as a text has them: `spans` in characters, heads over all of them."""

    nodes: list[Node]
    spans: list[tuple[int, int]]


def placed(trees: Sequence[Tree]) -> Placed:
    """Some sentences as they stand in `text_of(trees)`."""
    nodes: list[Node] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for tree in trees:
        base = len(nodes)
        for index, node in enumerate(tree):
            spans.append((at, at + len(node.form)))
            nodes.append(node._replace(head=node.head + base))
            at += len(node.form) + (node.space or index == len(tree) - 1)
    return Placed(nodes, spans)


def fit(given: Placed, tokens: Sequence[tuple[int, int]]) -> list[Node]:
    """The nodes for other words of the same text, by their spans: those that a tokenizer makes.

    Of several that were one, the first takes its place (the last for `-t-il` and `l'on`), and the others
    depend on it. One that was several takes the place of the one nearest to the root.
    """
    covered = list(_overlaps(given.spans, tokens))  # for each token, the nodes in it
    main: dict[int, int] = {}  # the token that takes the place of a node
    for token, nodes in enumerate(covered):
        for node in nodes:
            if node not in main or given.nodes[node].form.lower().startswith(("-t-", "l'o", "l’o")):
                main[node] = token
    found = []
    for token, (start, end) in enumerate(tokens):
        above = min(covered[token], key=lambda node: _depth(given.nodes, node))
        whole = given.nodes[above]
        form = whole.form[max(0, start - given.spans[above][0]) :][: end - start]
        if main[above] == token:
            found.append(whole._replace(form=form, head=main[whole.head]))
        elif not any(c.isalnum() for c in form):
            found.append(Node(form, "PUNCT", main[above], "punct"))
        else:
            relation = "flat:name" if whole.pos == "PROPN" else "fixed"
            found.append(whole._replace(form=form, head=main[above], relation=relation))
    return found


def _depth(nodes: Sequence[Node], index: int) -> int:
    """How many heads are above a word."""
    depth = 0
    while nodes[index].head != index:
        index = nodes[index].head
        depth += 1
    return depth


def _overlaps(
    spans: Sequence[tuple[int, int]], tokens: Sequence[tuple[int, int]]
) -> Iterator[list[int]]:
    first = 0
    for start, end in tokens:
        while spans[first][1] <= start:
            first += 1
        covered = [first]
        while covered[-1] + 1 < len(spans) and spans[covered[-1] + 1][0] < end:
            covered.append(covered[-1] + 1)
        yield covered
