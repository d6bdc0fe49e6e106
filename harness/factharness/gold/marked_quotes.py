"""Proposes a ``QUOTE`` line for each stretch in quotation marks of a new file; its speaker is to be written."""

from __future__ import annotations

from msgspec import structs

from factharness.covered import Covered
from factharness.facts import Span
from factharness.gold.anchors import describe, locate
from factharness.gold.format import in_words, rewrite
from factharness.gold.marks import marked
from factharness.gold.proposed import UNCONFIRMED
from factharness.gold.tree import QUOTE, Anchor, Document, FactLine, Passage


def with_marked_quotes(document: Document) -> tuple[Document, int]:
    """``document``, whose text is here, with a line per marked stretch that no quote touches, and their number.

    The line is ``QUOTE « … » | direct | note: unconfirmed``. It has no ``by:``, so ``gold check`` asks for the
    speaker; ``mixed`` where the stretch starts with a small letter, as in « il juge la loi "injuste" ».
    """
    blocks = tuple(_filled(block) for block in document.blocks)
    added = sum(
        len(new.lines) - len(old.lines) for new, old in zip(blocks, document.blocks, strict=True)
    )
    return rewrite(structs.replace(document, blocks=blocks), in_words), added


def _filled(block: Passage) -> Passage:
    text = block.paragraph.text or ""
    taken = Covered(
        Span(*locate(fragment, block.paragraph))
        for fact in block.facts()
        if fact.kind == "quote"
        for fragment in fact.anchor.fragments
    )
    lines = [
        FactLine(
            0,
            QUOTE,
            Anchor((describe(place, text, shorten=True),)),
            value="direct" if _starts_with_a_capital(text[slice(*place)]) else "mixed",
            texts={"note": UNCONFIRMED},
        )
        for place in marked(text)
        if any(character.isalnum() for character in text[slice(*place)])
        and not taken.touches(Span(*place))
    ]
    return structs.replace(block, lines=(*block.lines, *lines))


def _starts_with_a_capital(words: str) -> bool:
    return next(character for character in words if character.isalnum()).isupper()
