"""Reads a gold file as a tree: header, paragraphs, fact lines, comments. Words are not looked up yet.

A :class:`Document` is what reading, formatting, withholding and attaching work on; the mistakes that were met
on the way are in ``errors``, so that a check can list them all and a run can stop at the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from factharness.errors import GoldError, unknown
from factharness.facts import QUOTE_TYPES, QuoteType
from factharness.gold.header import Header, read_header
from factharness.gold.text_lines import LINE_MARK, is_text, wrong_marks
from factharness.labels import DATE_LABELS
from factharness.text import normalise

SEPARATOR = "+++"
QUOTE = "QUOTE"
TEXT_KEYS = {
    "entity": ("meto", "note"),
    "date": ("mod", "quant", "freq", "note"),
    "quote": ("note",),
}
MENTION_KEYS = ("by", "cue", "to")

_LABEL = re.compile(r"([A-Z][A-Z0-9_]*(?:\.[a-z]+)*)(\?)?(?=[ \t]|$)")
_ID = re.compile(r"@([A-Za-z0-9_-]{1,40})(?=[ \t]|$)")
_KEY = re.compile(r"([a-z]+):(?:[ \t]+|$)")
_WITHHELD = re.compile(r">~ ([0-9]{1,9}) ([0-9a-f]{16})")
_MARK = re.compile(r"<(?:(\+)|(\.\.\.)|#([0-9]{1,6})|([0-9]{1,9}):([0-9]{1,9}))>")
_SPECIAL = re.compile(r"<|\\.?", re.DOTALL)
"""The start of a mark, or a character behind a backslash, which starts none."""
_ESCAPED = re.compile(r"\\([\\<|=@-])")


# These are many and cannot form a reference cycle: with `gc=False` the garbage collector does not visit them.
class Words(Struct, frozen=True, gc=False):
    """Words as they stand in the paragraph; ``nth`` (from 1) says which hit when there are several."""

    text: str
    nth: int | None = None


class Elided(Struct, frozen=True, gc=False):
    """The first and the last words of a stretch, what lies between left out."""

    head: str
    tail: str


class Offsets(Struct, frozen=True, gc=False):
    """Code points of the paragraph, half-open."""

    start: int
    end: int


Fragment: TypeAlias = Words | Elided | Offsets


class Anchor(Struct, frozen=True, gc=False):
    """The words of a fact: its fragments; ``continues`` when it continues a quote of an earlier paragraph."""

    fragments: tuple[Fragment, ...]
    continues: bool = False


class Mention(Struct, frozen=True, gc=False):
    """Who speaks, to whom, or the cue: words in the paragraph, or another quote, and a resolved name."""

    fragment: Fragment | None = None
    ref: str | None = None
    name: str | None = None


class FactLine(Struct, frozen=True, gc=False):
    """One fact, or the continuation of a quote. ``kind`` follows from ``label``."""

    line: int
    label: str
    anchor: Anchor
    ignore: bool = False
    id: str | None = None
    value: str | None = None
    texts: dict[str, str] = {}
    mentions: dict[str, Mention] = {}

    @property
    def kind(self) -> Literal["entity", "date", "quote"]:
        """The layer the label belongs to."""
        return kind_of_label(self.label)


class Comment(Struct, frozen=True, gc=False):
    """A line that starts with ``#``, without its indentation."""

    line: int
    text: str


class Paragraph(Struct, frozen=True, gc=False):
    """A paragraph: its text, or None when it is withheld; ``hash16`` is "" when the text is here."""

    line: int
    text: str | None
    length: int
    hash16: str = ""


class Passage(Struct, frozen=True, gc=False):
    """A paragraph and the lines under it."""

    paragraph: Paragraph
    lines: tuple[FactLine | Comment, ...] = ()

    def facts(self) -> Iterator[FactLine]:
        """The fact lines, comments left out."""
        return (line for line in self.lines if isinstance(line, FactLine))


class Document(Struct, frozen=True):
    """A gold file. ``header_source`` is the header as typed, comments included; ``normal`` is False when
    a paragraph was not in normal form and has been normalised on reading."""

    header: Header
    header_source: str
    opening: tuple[Comment, ...]
    blocks: tuple[Passage, ...]
    path: str = ""
    normal: bool = True
    errors: tuple[GoldError, ...] = ()


def kind_of_label(label: str) -> Literal["entity", "date", "quote"]:
    """``QUOTE`` is a quote, the four TIMEX3 types are dates, all else is an entity."""
    if label == QUOTE:
        return "quote"
    return "date" if label in DATE_LABELS else "entity"


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
    while number < len(lines):
        line, here = lines[number], number + 1
        stripped = line.strip(" \t")
        number += 1
        try:
            if line.startswith(">~"):
                blocks.append((_withheld(line, here, header), []))
            elif is_text(lines, here - 1):
                while number < len(lines) and is_text(lines, number):
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
            elif stripped:
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
    text = "\n".join(LINE_MARK.sub("", line) for line in lines)
    clean = re.sub(r"\n{2,}", "\n", normalise(text))
    if not clean:
        raise GoldError("an empty paragraph", remedy="remove the line")
    return Paragraph(number, clean, len(clean)), clean == text


def read_fact(line: str, number: int) -> FactLine:
    """One fact line, stripped of its indentation."""
    label = _LABEL.match(line)
    if not label:
        raise GoldError(
            f"not a fact: {line[:40]!r}",
            remedy="a fact line is LABEL words, such as PER Claire Dumoulin; text starts with '> '",
        )
    rest = line[label.end() :].strip(" \t")
    name = _ID.match(rest)
    if name:
        rest = rest[name.end() :].strip(" \t")
    first, *fields = split_fields(rest, "|")
    if not first:
        raise GoldError(
            f"{label[1]} has no words",
            remedy="write the words after the label (words that start with @ as \\@)",
        )
    kind = kind_of_label(label[1])
    anchor = read_anchor(first)
    if anchor.continues and (kind != "quote" or not name):
        raise GoldError("<+> at the start continues no quote", remedy="write QUOTE @id <+> words")
    if len(anchor.fragments) > 1 and kind != "quote":
        raise GoldError(f"{label[1]} has several fragments", remedy="only a QUOTE may have <+>")
    value, texts, mentions = read_fields(fields, kind)
    return FactLine(
        number,
        label[1],
        anchor,
        ignore=bool(label[2]),
        id=name[1] if name else None,
        value=value,
        texts=texts,
        mentions=mentions,
    )


def read_fields(
    fields: list[str], kind: Literal["entity", "date", "quote"]
) -> tuple[str | None, dict[str, str], dict[str, Mention]]:
    """The value and the keyed fields after the first ``|``."""
    value: str | None = None
    texts: dict[str, str] = {}
    mentions: dict[str, Mention] = {}
    known = TEXT_KEYS[kind] + (MENTION_KEYS if kind == "quote" else ())
    for text in fields:
        keyed = _KEY.match(text)
        if not text:
            raise GoldError("an empty field after |", remedy="remove the |")
        if keyed is None:
            if value is not None:
                raise GoldError(f"a second value: {text!r}", remedy="keep one, or write key: text")
            value = _value(_plain(text), kind)
            continue
        key, content = keyed[1], text[keyed.end() :]
        if key not in known:
            message, remedy = unknown(f"field of {kind}", key, known)
            raise GoldError(message, remedy=remedy)
        if key in texts or key in mentions:
            raise GoldError(f"{key}: stands twice", remedy="keep one of them")
        if not content:
            raise GoldError(f"{key}: is empty", remedy="write something after it, or remove it")
        if key in MENTION_KEYS:
            mentions[key] = _mention(content, key)
        else:
            texts[key] = _plain(content)
    return value, texts, mentions


def _value(text: str, kind: Literal["entity", "date", "quote"]) -> str:
    if kind == "entity":
        raise GoldError(
            f"an entity has no value: {text!r}", remedy="write key: text, such as meto: ORG"
        )
    if kind == "quote" and text not in QUOTE_TYPES:
        message, remedy = unknown("type of quote", text, QUOTE_TYPES)
        raise GoldError(message, remedy=remedy)
    return text


def quote_type(line: FactLine) -> QuoteType | None:
    """The type a quote's line states."""
    return next((name for name in QUOTE_TYPES if name == line.value), None)


def _mention(text: str, key: str) -> Mention:
    where, *names = split_fields(text, "=")
    if len(names) > 1:
        raise GoldError(f"{key}: has two names", remedy="write \\= for an equals sign")
    if names and not names[0]:
        raise GoldError(f"{key}: has no name after =", remedy="write the name, or remove the =")
    name = _plain(names[0]) if names else None
    if key == "cue" and (name or where.startswith("@")):
        raise GoldError("a cue is words of the paragraph", remedy="write cue: a-t-il dit")
    if where == "-":
        return Mention(name=name)
    ref = _ID.fullmatch(where)
    if ref:
        return Mention(ref=ref[1], name=name)
    if where.startswith("@"):
        raise GoldError(f"{key}: {where!r} is not an id", remedy="write @id, or \\@ for an @ sign")
    anchor = read_anchor(where)
    if anchor.continues or len(anchor.fragments) > 1:
        raise GoldError(f"{key}: is not one stretch", remedy="quote one stretch without <+>")
    return Mention(anchor.fragments[0], name=name)


def read_anchor(text: str) -> Anchor:
    """``[<+>] words {<+> words}``, each ``words``, ``words <#n>``, ``words <...> words`` or ``<s:e>``."""
    if text and "<" not in text and "\\" not in text:
        return Anchor((Words(text),))
    parts: list[list[str | re.Match[str]]] = [[]]
    continues, plain, position = False, "", 0
    for special in _SPECIAL.finditer(text):
        plain += text[position : special.start()]
        position = special.end()
        if special[0] != "<":
            plain += special[0]
            continue
        mark = _MARK.match(text, special.start())
        if mark is None:
            raise GoldError("a < that is no sign of the format", remedy="write \\<")
        if plain.strip(" \t"):
            parts[-1].append(_plain(plain.strip(" \t")))
        plain, position = "", mark.end()
        if not mark[1]:
            parts[-1].append(mark)
        elif parts[-1]:
            parts.append([])
        elif len(parts) == 1 and not continues:
            continues = True
        else:
            raise GoldError("two <+> with no words between", remedy="remove one")
    plain += text[position:]
    if plain.strip(" \t"):
        parts[-1].append(_plain(plain.strip(" \t")))
    return Anchor(tuple(_fragment(part) for part in parts), continues)


def _fragment(parts: list[str | re.Match[str]]) -> Fragment:
    match parts:
        case [str(words)]:
            return Words(words)
        case [str(words), re.Match() as mark] if mark[3]:
            return Words(words, int(mark[3]))
        case [str(head), re.Match() as mark, str(tail)] if mark[2]:
            return Elided(head, tail)
        case [re.Match() as mark] if mark[4]:
            if int(mark[4]) >= int(mark[5]):
                raise GoldError(f"{mark[0]} is empty", remedy="the end lies after the start")
            return Offsets(int(mark[4]), int(mark[5]))
        case []:
            raise GoldError("no words after <+>", remedy="write words, or remove <+>")
    raise GoldError(
        "not an anchor",
        remedy="write words, words <#2>, first words <...> last words, or <start:end>",
    )


def split_fields(text: str, mark: str) -> list[str]:
    """``text`` at each ``mark`` that is not escaped, each part trimmed, escapes kept."""
    if "\\" not in text:
        return [part.strip(" \t") for part in text.split(mark)]
    parts, current, position = [], "", 0
    while position < len(text):
        step = 2 if text[position] == "\\" else 1
        if text[position] == mark:
            parts.append(current.strip(" \t"))
            current = ""
        else:
            current += text[position : position + step]
        position += step
    return [*parts, current.strip(" \t")]


def _plain(text: str) -> str:
    """``text`` with its escapes undone."""
    position = text.find("\\")
    if position == -1:
        return text
    while position != -1:
        if not _ESCAPED.match(text, position):
            raise GoldError(
                f"unknown escape {text[position : position + 2]!r}",
                remedy="escapes are \\\\ \\< \\| \\= \\@ \\-",
            )
        position = text.find("\\", position + 2)
    return _ESCAPED.sub(r"\1", text)
