"""Checks of quotes: their speakers, and words in quotation marks that are in no quote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from factharness.covered import Covered
from factharness.errors import GoldError
from factharness.escape import cited
from factharness.facts import Span
from factharness.gold.anchors import locate
from factharness.gold.checks.finding import Checked, Finding
from factharness.gold.marks import marked
from factharness.gold.tree import Passage


def speakers(file: Checked) -> Iterator[Finding]:
    """A quote says who speaks."""
    said = {
        line.id or line.line
        for block in file.document.blocks
        for line in block.facts()
        if "by" in line.mentions
    }
    for block in file.document.blocks:
        for line in block.facts():
            if line.kind != "quote" or line.ignore or line.anchor.continues:
                continue
            if (line.id or line.line) not in said:
                yield Finding(
                    line.line,
                    "a quote without by:",
                    "write by: words, by: @id, or by: - for nobody",
                    rule="Q26",
                )


def marked_words(file: Checked) -> Iterator[Finding]:
    """Every stretch in quotation marks touches a quote."""
    if file.text is None or not file.labelled("quote"):
        return
    for block, ((offset, part), line) in zip(file.attached.blocks, file.paragraphs(), strict=False):
        stretches = marked(part)
        content = Covered(_quoted(block) if stretches else ())
        for start, end in stretches:
            if not content.touches(Span(start, end)):
                yield Finding(
                    line,
                    f"{cited(part[start:end])} stands in marks and in no quote",
                    "label it QUOTE, or QUOTE? when nobody says it",
                    rule="Q18",
                    place=Span(offset + start, offset + end),
                )


def _quoted(block: Passage) -> Iterator[Span]:
    """The words of the block's quotes in its paragraph; also those of a quote with a mistake, which is
    reported already."""
    for fact in block.facts():
        if fact.kind == "quote":
            for fragment in fact.anchor.fragments:
                with suppress(GoldError):
                    yield Span(*locate(fragment, block.paragraph))
