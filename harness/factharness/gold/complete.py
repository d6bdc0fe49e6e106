"""Completes what may be typed short in a gold file: ``by: @PER`` and ``= Dumoulin``.

``@LABEL`` in ``by:`` or ``to:`` stands for the one entity with that label in the paragraph. A resolved name
that begins or ends the name of exactly one labelled person is completed to it, unless it is itself the name of
something else (a firm called like its founder). ``gold fmt`` writes both out; where several things can be
meant, ``gold check`` says which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress

from msgspec import Struct, structs

from factharness.errors import GoldError
from factharness.gold.anchors import locate
from factharness.gold.tree import Comment, Document, FactLine, Mention, Passage
from factharness.text import fold

PERSON = "PER"
LONGEST = 30
"""A name of more words has no parts that somebody would write in its place."""
COMPLETED = ("by", "to")
"""The fields in which names and references are completed."""


class Names(Struct, frozen=True):
    """The labelled persons of a file by each beginning and end of their names, and the names of all else.

    Don't-care entities are left out. Parts and names of others are folded, see :func:`factharness.text.fold`.
    """

    by_part: Mapping[str, Collection[str]]
    others: frozenset[str]

    @staticmethod
    def of(document: Document) -> Names:
        """The names of a file, except those whose words are not in its paragraphs."""
        named = [
            (line.label.split(".")[0], words)
            for block in document.blocks
            for line in block.facts()
            if line.kind == "entity" and not line.ignore
            for words in _words(line, block)
        ]
        return Names.from_words(
            (words for label, words in named if label == PERSON),
            (words for label, words in named if label != PERSON),
        )

    @staticmethod
    def from_words(persons: Iterable[str], others: Iterable[str] = ()) -> Names:
        """From the names of persons, and of everything else."""
        by_part: defaultdict[str, set[str]] = defaultdict(set)
        for person in persons:
            words = fold(person).split(" ")
            if len(words) > LONGEST:
                continue
            for length in range(1, len(words)):
                by_part[" ".join(words[:length])].add(person)
                by_part[" ".join(words[length:])].add(person)
        return Names(by_part, frozenset(map(fold, others)))

    def longer(self, name: str) -> list[str]:
        """The longest names of persons that begin or end with ``name``, or with a longer name that does so.

        Sorted; empty when ``name`` is also a name of something else.

        >>> Names.from_words(["Claire Dumoulin", "Dumoulin"]).longer("Dumoulin")
        ['Claire Dumoulin']
        """
        if fold(name) in self.others:
            return []
        found: set[str] = set()
        waiting = [name]
        while waiting:
            more = set(self.by_part.get(fold(waiting.pop()), ())) - found
            found |= more
            waiting += more
        return sorted(person for person in found if fold(person) not in self.by_part)


def completed(document: Document) -> Document:
    """``document`` with references and names written out, wherever only one completion is possible."""
    names = Names.of(document)
    blocks = tuple(_completed_block(block, names) for block in document.blocks)
    return structs.replace(document, blocks=blocks)


def meant(reference: str, lines: Iterable[FactLine]) -> list[FactLine]:
    """The lines of a paragraph that ``@reference`` may stand for: its entities with this label."""
    return [line for line in lines if line.kind == "entity" and line.label == reference]


def unknown_reference(key: str, reference: str, lines: Iterable[FactLine]) -> GoldError | None:
    """The error of ``@reference`` when it is a label rather than the id of a quote: what it may stand for."""
    if not reference.isupper():
        return None
    found = [
        " ".join(str(getattr(fragment, "text", "")) for fragment in line.anchor.fragments)
        for line in meant(reference, lines)
    ]
    if len(found) == 1:
        return GoldError(
            f"{key}: @{reference} stands for {found[0]!r}",
            remedy="write it out with factharness gold fmt",
        )
    return GoldError(
        f"{key}: @{reference} stands for one {reference} of the paragraph, which has "
        f"{' and '.join(map(repr, found)) or 'none'}",
        remedy=f"write the words: {key}: words",
    )


def _completed_block(block: Passage, names: Names) -> Passage:
    facts = list(block.facts())
    lines = tuple(
        line if isinstance(line, Comment) else _completed_line(line, facts, names)
        for line in block.lines
    )
    return structs.replace(block, lines=lines)


def _completed_line(line: FactLine, facts: list[FactLine], names: Names) -> FactLine:
    mentions = {
        key: _completed_mention(mention, facts, names) if key in COMPLETED else mention
        for key, mention in line.mentions.items()
    }
    return structs.replace(line, mentions=mentions)


def _completed_mention(mention: Mention, facts: list[FactLine], names: Names) -> Mention:
    if mention.ref is not None:
        lines = meant(mention.ref, facts)
        if len(lines) == 1:
            fragment = lines[0].anchor.fragments[0]
            mention = structs.replace(mention, ref=None, fragment=fragment)
    if mention.name is not None:
        longer = names.longer(mention.name)
        if len(longer) == 1:
            mention = structs.replace(mention, name=longer[0])
    return mention


def _words(line: FactLine, block: Passage) -> Iterator[str]:
    """The words of a line's fact, one space for each line end; nothing where they are not found or withheld."""
    if block.paragraph.text is None:
        return
    with suppress(GoldError):
        start, end = locate(line.anchor.fragments[0], block.paragraph)
        yield block.paragraph.text[start:end].replace("\n", " ")
