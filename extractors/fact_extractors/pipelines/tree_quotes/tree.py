"""The words of a unit as a dependency tree, with offsets into the article."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fact_extractors.pipelines.reading import ParsedWord
from fact_extractors.pipelines.tree_quotes.units import Unit, UnitMark, UnitPiece

_STOPS = ".!?…;:"


class TreeWord(NamedTuple):
    """A word of a tree.

    ``start``, ``end`` are offsets into the article; ``lower`` is the word in small letters, with ``'`` for
    every apostrophe. ``head`` is its own place for a root. ``mark`` is the stretch in quotation marks that the
    word stands for, if it does; it is then one word, whatever the parser was shown. ``quoted`` says whether the
    word itself stands in marks.
    """

    start: int
    end: int
    lower: str
    lemma: str
    pos: str
    dep: str
    head: int
    sentence: int
    mark: UnitMark | None = None
    quoted: bool = False

    @property
    def nominal(self) -> bool:
        """Whether it may be the head of a noun phrase."""
        return self.pos in ("NOUN", "PROPN", "PRON") and self.mark is None

    @property
    def verbal(self) -> bool:
        """Whether it is a verb or an auxiliary."""
        return self.pos in ("VERB", "AUX") and self.mark is None

    @property
    def relation(self) -> str:
        """The universal relation without what languages add to it: ``nsubj`` for ``nsubj:pass``."""
        return self.dep.partition(":")[0]


class Tree:
    """The words of a unit, each with its dependents and the stretch of words below it.

    ``folded`` is the article's ``text`` in small letters (:func:`fact_extractors.words.lower`).
    """

    def __init__(self, text: str, folded: str, unit: Unit, parsed: Sequence[ParsedWord]) -> None:
        self.text, self.folded = text, folded
        self.words = _without_cycles(_joined(folded, unit, parsed))
        self.dependents: list[list[int]] = [[] for _ in self.words]
        for index, word in enumerate(self.words):
            if word.head != index:
                self.dependents[word.head].append(index)
        self._starts = [word.start for word in self.words]
        self._sentences: list[tuple[int, int]] = []
        self._split()
        self._below()

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, index: int) -> TreeWord:
        return self.words[index]

    def _split(self) -> None:
        """Number the sentences anew.

        Parsers end them at closing marks and in front of an incise: a sentence ends behind a stop or a held
        stretch, and none starts with a comma or a small letter, unless a stop stands before it.
        """
        number = first = 0
        for index, word in enumerate(self.words):
            if index and _starts(self.text, self.words[index - 1], word):
                self._sentences.append((first, index))
                number, first = number + 1, index
            self.words[index] = word._replace(sentence=number)
        self._sentences.append((first, len(self.words)))

    def _below(self) -> None:
        """Work out the first and the last word of each subtree, within the sentence of its top."""
        self.low, self.high = list(range(len(self.words))), list(range(len(self.words)))
        for index in self._upwards():
            word = self.words[index]
            if word.head != index and self.words[word.head].sentence == word.sentence:
                self.low[word.head] = min(self.low[word.head], self.low[index])
                self.high[word.head] = max(self.high[word.head], self.high[index])

    def _upwards(self) -> Iterator[int]:
        """Every word, behind all that hang on it."""
        waiting = [len(found) for found in self.dependents]
        ready = [index for index, count in enumerate(waiting) if not count]
        while ready:
            index = ready.pop()
            yield index
            head = self.words[index].head
            if head != index:
                waiting[head] -= 1
                if not waiting[head]:
                    ready.append(head)

    def sentence(self, index: int) -> tuple[int, int]:
        """The words of the sentence of a word: the first, and the one behind the last."""
        return self._sentences[self.words[index].sentence]

    def at(self, offset: int) -> int:
        """The first word that starts at ``offset`` of the article or later."""
        return bisect_left(self._starts, offset)

    def before(self, offset: int) -> int:
        """The last word that starts before ``offset``; -1 when none does."""
        return bisect_left(self._starts, offset) - 1

    def last_at(self, offset: int) -> int:
        """The last word that starts at ``offset`` or before."""
        return bisect_right(self._starts, offset) - 1

    def child(self, index: int, *relations: str) -> int | None:
        """The first dependent in one of the relations."""
        found = (i for i in self.dependents[index] if self.words[i].dep in relations)
        return next(found, None)

    def heads(self, index: int) -> Iterator[int]:
        """The words that a word hangs on, upwards."""
        while (head := self.words[index].head) != index:
            yield head
            index = head


def _starts(text: str, left: TreeWord, right: TreeWord) -> bool:
    """Whether a sentence starts between two words that the parser has in different ones."""
    if left.sentence == right.sentence:
        return False
    opens = right.mark is not None or text[right.start].isupper() or text[right.start] in "([«\"'"
    if not opens and not text[right.start].isdigit():
        return False
    return left.mark is not None or left.lower[-1:] in _STOPS


def _joined(folded: str, unit: Unit, parsed: Sequence[ParsedWord]) -> list[TreeWord]:
    """The words with offsets into the article; those of one stand-in are one word."""
    groups: list[list[int]] = []
    places: list[UnitPiece] = []
    group_of: dict[int, int] = {}
    pieces, at = unit.pieces, 0
    for index, word in enumerate(parsed):
        while at + 1 < len(pieces) and pieces[at].stop <= word.start:
            at += 1
        if not word.text.strip() or word.start >= word.end or not pieces:
            continue
        if groups and pieces[at].stands_in and places[-1] is pieces[at]:
            groups[-1].append(index)
        else:
            groups.append([index])
            places.append(pieces[at])
        group_of[index] = len(groups) - 1
    found = []
    for here, (members, piece) in enumerate(zip(groups, places, strict=True)):
        word = parsed[members[0]]
        head, dep = here, "root"
        for index in members:
            above = group_of.get(parsed[index].head, here)
            if above != here:
                head, dep = above, parsed[index].dep
                break
        if piece.stands_in:
            found.append(
                TreeWord(
                    piece.start, piece.end, "«»", "", "X", dep, head, word.sentence, piece.mark
                )
            )
            continue
        start, end = unit.back(word.start, word.end)
        form, quoted = folded[start:end], piece.mark is not None
        found.append(
            TreeWord(start, end, form, word.lemma, word.pos, dep, head, word.sentence, None, quoted)
        )
    return found


def _without_cycles(words: list[TreeWord]) -> list[TreeWord]:
    """The words, with a root wherever the heads of a broken tree run in a circle."""
    checked = [False] * len(words)
    for start in range(len(words)):
        path: list[int] = []
        on_path: set[int] = set()
        index = start
        while not checked[index] and index not in on_path:
            path.append(index)
            on_path.add(index)
            index = words[index].head
        if index in on_path and words[index].head != index:
            words[index] = words[index]._replace(head=index, dep="root")
        for each in path:
            checked[each] = True
    return words
