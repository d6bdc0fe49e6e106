"""Reads a gold file into its tree, line by line. Words are not looked up yet."""

from __future__ import annotations

import re

from factharness.errors import GoldError
from factharness.gold.fact_line import plain_facts, read_fact
from factharness.gold.header import Header, read_header
from factharness.gold.text_lines import is_text, without_mark, wrong_marks
from factharness.gold.tree import Comment, Document, FactLine, Paragraph, Passage
from factharness.text import PARAGRAPH_BREAK, normalise

SEPARATOR = "+++"

_WITHHELD = re.compile(r">~ ([0-9]{1,9}) ([0-9a-f]{16})")


def read(source: str, path: str = "") -> Document:
    """``source`` (``\\n`` line ends, NFC) as a :class:`Document`; only a bad header raises."""
    lines = source.split("\n")
    separator = next((i for i, line in enumerate(lines) if line.rstrip() == SEPARATOR), None)
    if separator is None:
        raise GoldError(
            "no line '+++' ends the header",
            file=path,
            line=max(1, len(lines) - 1),
            remedy="a gold file is a TOML header, a line +++, then paragraphs and facts",
        )
    header_source = "\n".join(lines[:separator]) + "\n"
    header = read_header(header_source, path)
    opening: list[Comment] = []
    blocks: list[tuple[Paragraph, list[FactLine | Comment]]] = []
    errors: list[GoldError] = []
    normal, number = True, separator + 1
    plain = plain_facts(source)
    while number < len(lines):
        line, fact, here = lines[number], plain[number], number + 1
        number += 1
        if fact is not None and blocks:
            blocks[-1][1].append(fact)
            continue
        stripped = line.strip(" \t")
        if not stripped:
            continue
        try:
            if line.startswith(">~"):
                blocks.append((_withheld(line, here, header), []))
            elif is_text(lines, here - 1):
                while number < len(lines) and plain[number] is None and is_text(lines, number):
                    number += 1
                errors += [
                    placed(error, path, here)
                    for error in wrong_marks(lines[here - 1 : number], here)
                ]
                paragraph, same = _paragraph(lines[here - 1 : number], here, header)
                normal = normal and same
                blocks.append((paragraph, []))
            elif stripped.startswith("#"):
                (blocks[-1][1] if blocks else opening).append(Comment(here, stripped))
            else:
                fact = read_fact(stripped, here)
                if not blocks:
                    raise GoldError("a fact before the first paragraph", remedy="put > text first")
                blocks[-1][1].append(fact)
        except GoldError as error:
            errors.append(placed(error, path, here))
    return Document(
        header,
        header_source,
        tuple(opening),
        tuple(Passage(paragraph, tuple(items)) for paragraph, items in blocks),
        path,
        normal,
        tuple(errors),
    )


def placed(error: GoldError, path: str, line: int) -> GoldError:
    """``error`` with file and line, if it has none yet."""
    return GoldError(error.message, file=path or None, line=error.line or line, remedy=error.remedy)


def _withheld(line: str, number: int, header: Header) -> Paragraph:
    found = _WITHHELD.fullmatch(line.rstrip(" \t"))
    if not found:
        raise GoldError(
            "not a withheld paragraph", remedy=">~ LENGTH HASH16, as gold withhold writes it"
        )
    if header.text != "withheld":
        raise GoldError(
            'a withheld paragraph in a file with text = "full"',
            remedy='write text = "withheld", or attach the text',
        )
    if int(found[1]) == 0:
        raise GoldError("a withheld paragraph of no characters", remedy="remove it")
    return Paragraph(number, None, int(found[1]), found[2])


def _paragraph(lines: list[str], number: int, header: Header) -> tuple[Paragraph, bool]:
    """The paragraph in consecutive ``>`` lines, and whether it was in normal form."""
    if header.text != "full":
        raise GoldError(
            'a paragraph of text in a file with text = "withheld"',
            remedy='write text = "full", or take the words out with gold withhold',
        )
    text = "\n".join(map(without_mark, lines))
    clean = normalise(text).replace(PARAGRAPH_BREAK, "\n")
    if not clean:
        raise GoldError("an empty paragraph", remedy="remove the line")
    return Paragraph(number, clean, len(clean)), clean == text
