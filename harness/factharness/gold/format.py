"""Writes a tree as the text of a gold file, in its canonical spelling."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import structs

from factharness.errors import GoldError
from factharness.gold.anchors import Range, describe, locate
from factharness.gold.complete import completed
from factharness.gold.header import Header, Labelling, read_header, with_labels, write_header
from factharness.gold.parse import text_of
from factharness.gold.syntax import SEPARATOR, placed
from factharness.gold.tree import (
    QUOTE,
    Anchor,
    Comment,
    Document,
    Elided,
    FactLine,
    Fragment,
    Mention,
    Offsets,
    Paragraph,
    Passage,
)
from factharness.text import sha256

Describe = Callable[[Range, Paragraph, bool], Fragment]
"""Writes the place of a paragraph as a fragment; the flag says whether long words may be shortened."""


def format_document(document: Document) -> str:
    """``document`` in canonical form: exact words, ``<#n>`` where needed and nowhere else, facts by (start,
    −end, label), references and names written out (:mod:`factharness.gold.complete`). The header stays as
    typed. Raises the first mistake; doing it twice changes nothing."""
    if document.errors:
        raise document.errors[0]
    return render(rewrite(completed(document), in_words))


def rehash(document: Document) -> Document:
    """``document`` with the SHA-256 of the text as it stands."""
    header = structs.replace(document.header, sha256=sha256(text_of(document)))
    source = re.sub(
        r'(?m)^(\s*sha256\s*=\s*")[0-9a-f]*(")',
        lambda found: found[1] + header.sha256 + found[2],
        document.header_source,
    )
    if read_header(source, document.path) != header:
        return with_header(document, header)
    return structs.replace(document, header=header, header_source=source)


def rewrite(document: Document, describe: Describe) -> Document:
    """``document`` with each anchor written anew by ``describe`` and the facts of each paragraph sorted; a
    comment stays above the fact it stood above."""
    blocks = tuple(_rewrite_block(block, describe, document.path) for block in document.blocks)
    return structs.replace(document, blocks=blocks)


def render(document: Document) -> str:
    """``document`` as the text of a file, as it stands."""
    lines = [document.header_source.rstrip("\n"), SEPARATOR]
    if document.opening:
        lines += ["", *(comment.text for comment in document.opening)]
    for block in document.blocks:
        lines.append("")
        paragraph = block.paragraph
        if paragraph.text is None:
            lines.append(f">~ {paragraph.length} {paragraph.hash16}")
        else:
            lines += [f"> {line}" for line in paragraph.text.split("\n")]
        lines += [
            f"  {line.text if isinstance(line, Comment) else write_fact(line)}"
            for line in block.lines
        ]
    return "\n".join(lines) + "\n"


def write_fact(line: FactLine) -> str:
    """One fact line, without its indentation."""
    head = line.label + ("?" if line.ignore else "") + (f" @{line.id}" if line.id else "")
    fields = [_escape(line.value)] if line.value is not None else []
    for key in ("by", "to", "cue"):
        if key in line.mentions:
            fields.append(f"{key}: {_write_mention(line.mentions[key])}")
    fields += [f"{key}: {_escape(text)}" for key, text in sorted(line.texts.items())]
    return " | ".join([f"{head:<8} {write_anchor(line.anchor)}", *fields])


def write_anchor(anchor: Anchor) -> str:
    """An anchor as it is read back."""
    text = " <+> ".join(_write_fragment(fragment) for fragment in anchor.fragments)
    if anchor.continues:
        return f"<+> {text}"
    return "\\" + text if text.startswith("@") else text


def _write_fragment(fragment: Fragment) -> str:
    if isinstance(fragment, Offsets):
        return f"<{fragment.start}:{fragment.end}>"
    if isinstance(fragment, Elided):
        return f"{_escape(fragment.head)} <...> {_escape(fragment.tail)}"
    words = _escape(fragment.text)
    return words if fragment.nth is None else f"{words} <#{fragment.nth}>"


def _write_mention(mention: Mention) -> str:
    if mention.ref is not None:
        where = f"@{mention.ref}"
    elif mention.fragment is None:
        where = "-"
    else:
        where = _write_fragment(mention.fragment)
        if not isinstance(mention.fragment, Offsets):
            where = where.replace("=", "\\=")
        if where == "-" or where.startswith("@"):
            where = "\\" + where
    if mention.name is None:
        return where
    return f"{where} = {_escape(mention.name).replace('=', chr(92) + '=')}"


def _escape(text: str) -> str:
    return re.sub(r"[\\<|]", r"\\\g<0>", text)


def in_words(place: Range, paragraph: Paragraph, shorten: bool) -> Fragment:
    """A :data:`Describe`: the shortest words that find the place again; offsets under a withheld paragraph."""
    if paragraph.text is None:
        return Offsets(*place)
    return describe(place, paragraph.text, shorten=shorten)


def _rewrite_block(block: Passage, describe: Describe, path: str) -> Passage:
    paragraph = block.paragraph
    groups: list[tuple[tuple[int, int, str], int, list[FactLine | Comment]]] = []
    pending: list[FactLine | Comment] = []
    for line in block.lines:
        if isinstance(line, Comment):
            pending.append(line)
            continue
        try:
            fact, places = _rewrite_line(line, paragraph, describe)
        except GoldError as error:
            raise placed(error, path, line.line) from None
        key = (min(start for start, _ in places), -max(end for _, end in places), line.label)
        groups.append((key, len(groups), [*pending, fact]))
        pending = []
    lines = [line for _, _, group in sorted(groups, key=lambda group: group[:2]) for line in group]
    return structs.replace(block, lines=(*lines, *pending))


def _rewrite_line(
    line: FactLine, paragraph: Paragraph, describe: Describe
) -> tuple[FactLine, list[Range]]:
    places = sorted(locate(fragment, paragraph) for fragment in line.anchor.fragments)
    quote = line.label == QUOTE
    anchor = structs.replace(
        line.anchor, fragments=tuple(describe(place, paragraph, quote) for place in places)
    )
    mentions = {
        key: mention
        if mention.fragment is None
        else structs.replace(
            mention, fragment=describe(locate(mention.fragment, paragraph), paragraph, False)
        )
        for key, mention in line.mentions.items()
    }
    return structs.replace(line, anchor=anchor, mentions=mentions), places


def with_header(document: Document, header: Header) -> Document:
    """``document`` under another header, written in canonical form."""
    return structs.replace(document, header=header, header_source=write_header(header))


def relabelled(document: Document, labels: Labelling) -> Document:
    """``document`` with other ``labels`` in its header, the rest of which stays as typed where that can be."""
    if labels == document.header.labels:
        return document
    header = structs.replace(document.header, labels=labels)
    source = with_labels(document.header_source, labels)
    if source is None:
        return with_header(document, header)
    return structs.replace(document, header=header, header_source=source)
