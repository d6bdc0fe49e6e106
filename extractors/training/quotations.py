"""Made-up quotations for the training of the parsers: sentences of a treebank, said by somebody.

A treebank of 2,000 sentences has two dozen quotations with a clause of their own behind them (*« … », a dit le
maire*). `Quoter` makes as many as are wanted: the words that are quoted are a sentence of the treebank, or the
short clause *« C'est vrai »*, which the search for quotations puts in the place of long ones; the speaker is
a noun phrase of the treebank, a name, or a function; the verb is one of those that the rules know.

Heads are set as UD_French does: the reporting verb of an incise is a `parataxis:insert` of the quotation; a
quotation behind a colon or `que` is a `ccomp` of its verb; marks depend on the root of what they hold.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

from clauses import FINITE, Clauses, capitalised
from speakers import VOWELS, Speakers, lowered, phrases
from trees import Tree, append, insert, phrase, reach, root, under, without, without_last, word

_PAIRS = (("«", "»"),) * 6 + (('"', '"'),) * 3 + (("“", "”"),)
_DASHES = "–—-"
_LONGEST = 32
"""Words of the longest sentence that is quoted."""


class Quoter:
    """Makes quotations; the same seed and the same calls give the same.

    `trees` are the sentences of the treebank, `names` those of `names.known_names()`.
    """

    def __init__(
        self, trees: Iterable[Tree], names: Mapping[str, Sequence[str]], rng: random.Random
    ) -> None:
        self._rng = rng
        self._subjects: list[Tree] = []
        self._adverbials: list[Tree] = []
        self._infinitives: list[Tree] = []
        self._contents: list[Tree] = []
        for tree in trees:
            self._remember(tree)
        self._speakers = Speakers(names, self._subjects, self._adverbials, rng)
        self._clauses = Clauses(self._speakers, rng)

    def _remember(self, tree: Tree) -> None:
        if content := quotable(tree):
            self._contents.append(content)
        for index, node in enumerate(tree):
            if node.relation.startswith("nsubj") and node.pos in ("NOUN", "PROPN"):
                found = phrase(tree, index)
                while found and found[-1].pos == "PUNCT":
                    found = without_last(found)
                if found and len(found) <= 14 and not any(n.form in '"«»:;(' for n in found):
                    self._subjects.append(found)
            elif node.relation.startswith("obl:") and node.pos in ("NOUN", "PROPN"):
                found = phrase(tree, index)
                if found and 2 <= len(found) <= 7 and not any(n.pos == "PUNCT" for n in found):
                    self._adverbials.append(found)
            elif node.relation == "xcomp" and "VerbForm=Inf" in node.morph:
                found = phrase(tree, index)
                if found and 3 <= len(found) <= 20 and not any(n.form in '"«»:;' for n in found):
                    self._infinitives.append(found)

    def placeholder(self) -> Tree:
        """The clause that stands for quoted words."""
        clause = insert(
            word("vrai", "ADJ"), 0, word("est", "AUX", f"{FINITE}|Tense=Pres|VerbForm=Fin"), "cop"
        )
        return insert(clause, 0, word("C'", "PRON", space=False), "nsubj")

    def in_marks(self, tree: Tree, *, pair: tuple[str, str] | None = None) -> Tree:
        """`tree` between quotation marks."""
        opening, closing = pair or self._rng.choice(_PAIRS)
        spaced = opening == "«"
        tree = insert(tree, 0, word(opening, "PUNCT", space=spaced), "punct")
        return append(tree, word(closing, "PUNCT"), "punct", gap=spaced)

    def marked_fragment(self, tree: Tree) -> Tree:
        """`tree` with some words that belong together between marks."""
        if any(node.form in '"«»“”' for node in tree):
            return tree
        for _ in range(4):
            index = self._rng.randrange(len(tree))
            inside = reach(tree, index)
            first, last = inside[0], inside[-1]
            if (
                last - first + 1 == len(inside)
                and 1 <= len(inside) <= 14
                and tree[index].pos != "PUNCT"
            ):
                opening, closing = self._rng.choice(_PAIRS)
                spaced = opening == "«"
                after = tree[last].space
                tree = insert(
                    tree,
                    last + 1,
                    word(closing, "PUNCT", space=after),
                    "punct",
                    head=index,
                    gap=spaced,
                )
                return insert(
                    tree, first, word(opening, "PUNCT", space=spaced), "punct", head=index
                )
        return tree

    def _cut(self, tree: Tree) -> int | None:
        """Where an incise can stand inside a sentence: no relation but the root's own goes over it."""
        at = root(tree)
        open_ = [
            cut
            for cut in range(2, len(tree) - 2)
            if all(
                at in (i, node.head)
                for i, node in enumerate(tree)
                if min(i, node.head) < cut <= max(i, node.head)
            )
            and tree[cut].pos != "PUNCT"
            and tree[cut - 1].space
        ]
        commas = [cut for cut in open_ if tree[cut - 1].form == ","]
        return self._rng.choice(commas or open_) if open_ else None

    # --- both together ------------------------------------------------------------------------

    def quotation(self, sentence: Tree) -> Tree:
        """A quotation of `sentence`, of another when this cannot be quoted, or of the short clause."""
        if self._rng.random() < 0.35 or not self._contents:
            return capitalised(self._of_placeholder())
        content = quotable(sentence) or self._rng.choice(self._contents)
        kind = self._rng.random()
        if kind < 0.32:
            return self._incise_behind(content)
        if kind < 0.47:
            return self._incise_inside(content)
        if kind < 0.55:
            return self._behind_colon(content)
        if kind < 0.74:
            return self._clause(content)
        if kind < 0.82 and self._infinitives:
            return self._infinitive()
        if kind < 0.91:
            return self._according(content)
        if kind < 0.95:
            return self.in_marks(self._closed(content))
        return self._dialogue(content)

    def _closed(self, content: Tree) -> Tree:
        if content[-1].form in "?!…":
            return content
        return append(content, word(".", "PUNCT"), "punct", gap=False)

    def _stopped(self, tree: Tree) -> Tree:
        """With a full stop, which headlines do not have."""
        if self._rng.random() < 0.06:
            return tree
        return append(tree, word(".", "PUNCT"), "punct", gap=False)

    def _of_placeholder(self) -> Tree:
        quoted = self.in_marks(self.placeholder(), pair=_PAIRS[0])
        kind = self._rng.random()
        if kind < 0.55:
            return self._ended(quoted, self._clauses.incise())
        if kind < 0.7:
            verb = self._clauses.subject_first()
            return append(verb, _colon(quoted), "ccomp")
        if kind < 0.76:
            return quoted
        if kind < 0.84:  # « C'est vrai », a dit X, « c'est vrai ».
            first = append(
                append(quoted, word(",", "PUNCT"), "punct", gap=False),
                self._clauses.incise(),
                "parataxis:insert",
            )
            second = self.in_marks(self.placeholder(), pair=_PAIRS[0])
            second = insert(second, 0, word(",", "PUNCT"), "punct")
            return self._stopped(append(first, second, "parataxis", gap=False))
        if kind < 0.92:
            return self._according(quoted)
        return self._clause(quoted)

    def _ended(self, quoted: Tree, incise: Tree) -> Tree:
        tree = append(quoted, word(",", "PUNCT"), "punct", gap=False)
        return self._stopped(append(tree, incise, "parataxis:insert"))

    def _incise_behind(self, content: Tree) -> Tree:
        """*« S », a dit X.*; *« S ! » s'exclame X.*; *« S. T », a dit X.*; without marks, *S, a dit X.*"""
        if self._rng.random() < 0.1:
            more = self._rng.choice(self._contents)
            return self._ended(
                self.in_marks(append(self._closed(content), more, "parataxis")),
                self._clauses.incise(),
            )
        if content[-1].form in "?!…":
            quoted = self.in_marks(content)
            if self._rng.random() < 0.5:
                return self._stopped(append(quoted, self._clauses.incise(), "parataxis:insert"))
            return self._ended(quoted, self._clauses.incise())
        kind = self._rng.random()
        if kind < 0.25:
            if self._rng.random() < 0.4:
                content = self.marked_fragment(content)
            return self._ended(content, self._clauses.incise())
        if kind < 0.35:  # the comma inside the marks
            comma = append(content, word(",", "PUNCT"), "punct", gap=False)
            return self._stopped(
                append(self.in_marks(comma), self._clauses.incise(), "parataxis:insert")
            )
        return self._ended(self.in_marks(content), self._clauses.incise())

    def _incise_inside(self, content: Tree) -> Tree:
        """*« S1, a dit X, S2. »* and *« S1 », a dit X, « S2 »*; the sentence may have no marks."""
        cut = self._cut(content)
        if cut is None:
            return self._incise_behind(content)
        incise = self._clauses.incise()
        opening, closing = self._rng.choice(_PAIRS)
        spaced, kind = opening == "«", self._rng.random()
        if content[cut - 1].form == ",":
            content = without(content, cut - 1)
            cut -= 1
        comma = word(",", "PUNCT")
        incise = append(incise, comma, "punct", gap=False)
        if kind < 0.4:
            incise = append(incise, word(opening, "PUNCT", space=spaced), "punct")
        whole = insert(content, cut, incise, "parataxis:insert")
        whole = insert(whole, cut, comma, "punct", gap=False)
        if kind < 0.4:
            whole = insert(whole, cut, word(closing, "PUNCT", space=False), "punct", gap=spaced)
        if kind < 0.75:
            whole = self.in_marks(whole, pair=(opening, closing))
        return self._stopped(whole)

    def _behind_colon(self, content: Tree) -> Tree:
        """*X a dit : « S. »*"""
        if self._rng.random() < 0.6:
            content = self._closed(content)
        quoted = self.in_marks(content)
        verb = self._clauses.subject_first()
        whole = append(verb, _colon(quoted), "ccomp", gap=self._rng.random() < 0.9)
        return whole if quoted[-2].form == "." else self._stopped(whole)

    def _clause(self, content: Tree) -> Tree:
        """*X affirme que S*, words of it in marks or not."""
        if content[-1].form in "?!…":
            content = without_last(content)
        content = lowered(content)
        if self._rng.random() < 0.35:
            content = self.marked_fragment(content)
        elif self._rng.random() < 0.15:
            content = self.in_marks(content)
        elided = content[0].form[0] in VOWELS
        content = insert(
            content, 0, word("qu'" if elided else "que", "SCONJ", space=not elided), "mark"
        )
        verb = self._clauses.subject_first()
        return self._stopped(append(verb, content, "ccomp"))

    def _infinitive(self) -> Tree:
        """*X promet de …*"""
        lemma, _, opens = self._rng.choice(phrases("infinitives")).partition(" ")
        content = self._rng.choice(self._infinitives)
        has = content[0].form in ("de", "d'", "d’", "à")
        if has:
            at = root(content)
            if at == 0 or content[0].head != at or len(content) < 2:
                return self._clause(self.placeholder())
            content = without(content, 0)
        content = lowered(content)
        if self._rng.random() < 0.3:
            content = self.marked_fragment(content)
        if opens:
            elided = content[0].form[0] in VOWELS
            content = insert(
                content, 0, word("d'" if elided else "de", "ADP", space=not elided), "mark"
            )
        return self._stopped(append(self._clauses.subject_first(lemma), content, "xcomp"))

    def _according(self, content: Tree) -> Tree:
        """*Selon X, S*; *S, selon X*; *Comme l'a dit X, S*."""
        if content[-1].form in "?!…":
            content = without_last(content)
        if self._rng.random() < 0.6:
            source = under(word("selon", "ADP"), self._speakers.speaker(), "case")
            relation = "obl:mod"
        else:
            source, relation = self._clauses.as_said(), "advcl"
        if self._rng.random() < 0.4:
            content = self.marked_fragment(content)
        if self._rng.random() < 0.5:
            source = append(capitalised(source), word(",", "PUNCT"), "punct", gap=False)
            return self._stopped(insert(lowered(content), 0, source, relation))
        tree = append(content, word(",", "PUNCT"), "punct", gap=False)
        return self._stopped(append(tree, source, relation))

    def _dialogue(self, content: Tree) -> Tree:
        """*– S, dit X.* and *– S.*"""
        dash = word(self._rng.choice(_DASHES), "PUNCT")
        if self._rng.random() < 0.3:
            return insert(self._stopped(content), 0, dash, "punct")
        if content[-1].form in "?!…":
            whole = append(content, self._clauses.incise(), "parataxis:insert")
        else:
            whole = append(
                append(content, word(",", "PUNCT"), "punct", gap=False),
                self._clauses.incise(),
                "parataxis:insert",
            )
        return insert(self._stopped(whole), 0, dash, "punct")


def quotable(tree: Tree) -> Tree | None:
    """A sentence without its full stop, when it is a whole one without marks of its own."""
    if not 4 <= len(tree) <= _LONGEST or tree[-1].form not in (".", "?", "!", "…"):
        return None
    at = root(tree)
    kids = [node for i, node in enumerate(tree) if node.head == at and i != at]
    if not any(node.relation.startswith("nsubj") for node in kids):
        return None
    if not any(FINITE in node.morph for node in [tree[at], *kids]):
        return None
    if any(node.form in '"«»“”:;()' for node in tree) or not tree[0].form[0].isupper():
        return None
    return without_last(tree) if tree[-1].form == "." else tree


def _colon(quoted: Tree) -> Tree:
    return insert(quoted, 0, word(":", "PUNCT"), "punct")
