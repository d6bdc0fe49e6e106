"""Removes the text from a gold file (*withhold*), and brings it back (*attach*).

A withheld file has for each paragraph its length and the start of its hash, and offsets in place of words. A
text is attached paragraph by paragraph: when some paragraphs of a copy differ, the others can still be used.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from msgspec import structs

from factharness.errors import GoldError
from factharness.gold.anchors import Range
from factharness.gold.format import rewrite, with_header
from factharness.gold.parse import to_article
from factharness.gold.proposed import unconfirmed
from factharness.gold.tree import (
    Anchor,
    Document,
    FactLine,
    Fragment,
    Mention,
    Offsets,
    Paragraph,
    Passage,
)
from factharness.text import PARAGRAPH_BREAK, normalise, paragraphs, sha256


def withhold(document: Document) -> Document:
    """``document`` without a word of its text: offsets for words, no title, no notes, no comments.

    Labels, values and the names of speakers stay. The document must have no mistakes and no unconfirmed facts,
    since the notes that mark these are removed.
    """
    if document.errors:
        raise document.errors[0]
    if document.header.text == "full" and unconfirmed(to_article(document).facts):
        raise GoldError(
            "holds facts that a back end proposed and nobody has confirmed",
            file=document.path,
            remedy="confirm them first; factharness gold check lists them",
        )
    bare = rewrite(document, as_offsets)
    blocks = tuple(
        structs.replace(block, lines=tuple(_silent(line) for line in block.facts()))
        for block in bare.blocks
    )
    return closed(structs.replace(bare, opening=(), blocks=blocks))


def closed(document: Document) -> Document:
    """``document`` with the lengths and hashes of its paragraphs in place of their text.

    Its lines stay as they are, so their anchors must be offsets."""
    header = structs.replace(document.header, text="withheld", title="")
    blocks = tuple(
        structs.replace(block, paragraph=_closed(block.paragraph)) for block in document.blocks
    )
    return with_header(structs.replace(document, blocks=blocks), header)


def attach(document: Document, text: str) -> tuple[Document, tuple[int, ...]]:
    """A withheld document with the paragraphs of ``text`` that are unchanged, and the lines of those that
    were not found.

    With all of them the document is the full one. Otherwise it is one of the found paragraphs alone, with their
    own hash: the facts under the others are gone, a quote that lost a part is don't-care. Raises
    :class:`GoldError` when less than half of the characters are found.
    """
    if document.errors:
        raise document.errors[0]
    if document.header.text == "full":
        raise GoldError(
            'has its text already (text = "full")',
            file=document.path,
            remedy="attach to a withheld file",
        )
    texts = [part for _, part in paragraphs(normalise(text))]
    found = _match([block.paragraph for block in document.blocks], texts)
    whole = sum(block.paragraph.length for block in document.blocks)
    kept = sum(len(part) for part in found.values())
    if 2 * kept < whole or not found:
        raise GoldError(
            f"the text is another one: {len(found)} of {len(document.blocks)} paragraphs match",
            file=document.path,
            remedy="give the article's text as published, one paragraph per line or block",
        )
    missing = [index for index in range(len(document.blocks)) if index not in found]
    lost = {fact.id for index in missing for fact in document.blocks[index].facts() if fact.id}
    blocks = [
        Passage(
            structs.replace(block.paragraph, text=found[index], hash16=""),
            tuple(
                _mended(line, lost) if isinstance(line, FactLine) else line for line in block.lines
            ),
        )
        for index, block in enumerate(document.blocks)
        if index in found
    ]
    joined = PARAGRAPH_BREAK.join(found[index] for index in sorted(found))
    header = structs.replace(document.header, text="full", sha256=sha256(joined))
    full = structs.replace(document, blocks=tuple(blocks))
    if not missing and header.sha256 != document.header.sha256:
        raise GoldError(
            "every paragraph matches, but not the sha256 of the header",
            file=document.path,
            remedy="the gold file was changed by hand: restore its >~ lines and sha256",
        )
    return with_header(full, header), tuple(document.blocks[i].paragraph.line for i in missing)


def hash16(text: str) -> str:
    """The first 16 hex digits of the SHA-256 of a paragraph."""
    return sha256(text)[:16]


def as_offsets(place: Range, _paragraph: Paragraph, _shorten: bool) -> Fragment:
    """A :data:`~factharness.gold.format.Describe`: offsets."""
    return Offsets(*place)


def _closed(paragraph: Paragraph) -> Paragraph:
    if paragraph.text is None:
        return paragraph
    return structs.replace(paragraph, text=None, hash16=hash16(paragraph.text))


def _silent(line: FactLine) -> FactLine:
    texts = {key: text for key, text in line.texts.items() if key != "note"}
    return structs.replace(line, texts=texts)


def _match(wanted: list[Paragraph], texts: list[str]) -> dict[int, str]:
    """The text of each wanted paragraph that was found, by its index; the order of both is kept."""
    here = [(len(text), hash16(text)) for text in texts]
    there = [(paragraph.length, paragraph.hash16) for paragraph in wanted]
    blocks = SequenceMatcher(None, there, here, autojunk=False).get_matching_blocks()
    return {block.a + step: texts[block.b + step] for block in blocks for step in range(block.size)}


def _mended(line: FactLine, lost: set[str]) -> FactLine:
    """``line`` when the quotes with the ids ``lost`` stood, in whole or part, in missing paragraphs."""
    mentions = {
        key: Mention(name=mention.name) if mention.ref in lost else mention
        for key, mention in line.mentions.items()
    }
    line = structs.replace(line, mentions=mentions)
    if line.id not in lost:
        return line
    return structs.replace(
        line, id=None, ignore=True, anchor=Anchor(line.anchor.fragments, continues=False)
    )
