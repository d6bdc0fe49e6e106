"""WebAnno TSV 3: one token per line with its offsets, one layer ``webanno.custom.Fact`` with four features.

The features are label, region, fields and the link to it; sentences are the lines of the text. dkpro-cassis
reads no TSV, so this module does. Of other people's files it reads every layer of spans but those of words and
grammar; the label is the feature ``value``, else the first one. Annotations of no width have no words, and are
left out. A region that begins or ends inside a token is written on the part of it, in a row of its own below
the token (``1-3.1``), as WebAnno does. Offsets are UTF-16 units, as in WebAnno. What stands between two
sentences is not in the format: line ends and spaces there come back as line ends.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec import Struct

from factharness.convert.jsonish import JsonValue
from factharness.convert.layers import is_grammar
from factharness.convert.model import (
    CONTINUES,
    LINKS,
    Link,
    MarkedText,
    Notes,
    Read,
    Region,
    Written,
    in_fragments,
    joined,
)
from factharness.convert.offsets import to_utf16, utf16_length
from factharness.convert.text import read_json, read_texts
from factharness.convert.tokens import Token, covering, tokenise
from factharness.errors import GoldError
from factharness.facts import Span

HEAD = "#FORMAT=WebAnno TSV 3"
LONGEST_GAPS = 1_000_000
"""Characters between the sentences of a file: offsets alone could ask for gigabytes of them."""
LAYER = "webanno.custom.Fact"
FEATURES = ("label", "region", "fields", "link")
_ESCAPE = re.compile(r"->|[\\\[\]|_;\t\n\r*]")
_ESCAPED = re.compile(r"\\(->|.)", re.DOTALL)
_VALUE = re.compile(r"((?:[^\\|\[]|\\.)*)(?:\[([0-9]{1,9})\])?")
_ROW = re.compile(r"[0-9]{1,9}-[0-9]{1,9}(?:\.[0-9]{1,9})?\t([0-9]{1,9})-([0-9]{1,9})\t(.*)")


class _Layer(Struct, frozen=True):
    """A layer and its columns, one per feature; ``spans``: it is neither of relations nor of chains."""

    name: str
    features: tuple[str, ...]
    spans: bool

    @property
    def width(self) -> int:
        """How many columns it has; a layer without features has one."""
        return max(1, len(self.features))

    @property
    def slots(self) -> list[int]:
        """The columns of roles; each has its targets in the next."""
        return [at for at, feature in enumerate(self.features) if feature.startswith("ROLE_")]

    def label(self, values: Sequence[str]) -> str:
        """The label of an annotation: its ``value``, else its first feature that is no slot."""
        slots = {column for at in self.slots for column in (at, at + 1)}
        plain = [value for at, value in enumerate(values) if at not in slots]
        value = values[self.features.index("value")] if "value" in self.features else ""
        return value or next(filter(None, plain), self.name.split(".")[-1])


class _TokenRow(Struct, frozen=True):
    line: int
    begin: int
    end: int
    token: str
    cells: tuple[str, ...]


class _Sentence(Struct, frozen=True):
    """The lines ``#Text=`` before some tokens, and those; ``line`` is that of the first."""

    line: int
    text: list[str]
    rows: list[_TokenRow]


def read(files: Mapping[str, bytes]) -> Read:
    """One document per ``.tsv`` file."""
    return read_texts(files, lambda *of_file: [_document(*of_file)])


def write(documents: Sequence[MarkedText]) -> Written:
    """One file per document."""
    notes = Notes()
    files = {}
    for document in documents:
        files[f"{document.id}.tsv"] = "".join(_lines(in_fragments(document), notes)).encode()
    return Written(files, notes.lines())


def _lines(document: MarkedText, notes: Notes) -> Iterator[str]:
    yield f"{HEAD}.3\n#T_SP={LAYER}|{'|'.join(FEATURES)}\n\n"
    text, units = document.text, to_utf16(document.text)
    tokens = tokenise(text)
    annotations = _annotations(document, tokens, notes)
    sentence: list[Token] = []
    number = 0
    for index, token in enumerate(tokens):
        sentence.append(token)
        if "\n" not in token.after and index < len(tokens) - 1:
            continue
        number += 1
        if token.after.strip("\n"):
            notes.leave_out("white space at the end of a line")
        yield f"\n#Text={_sentence(text[sentence[0].start : token.end])}\n"
        for place, each in enumerate(sentence, 1):
            whole = Span(each.start, each.end)
            held = annotations.get(each.start, {})
            parts = [whole, *sorted(part for part in held if part != whole)]
            for order, part in enumerate(parts):
                name = f"{number}-{place}" + (f".{order}" if order else "")
                offsets = f"{units[part.start]}-{units[part.end]}"
                yield "\t".join([name, offsets, part.of(text), *_cells(held.get(part, ())), "\n"])
        sentence = []


_Annotations = dict[int, dict[Span, list[tuple[str, ...]]]]
"""By the start of a token, then by a part of it or the whole: the four values of each annotation there."""


def _annotations(document: MarkedText, tokens: Sequence[Token], notes: Notes) -> _Annotations:
    """The annotations on each token and on parts of it."""
    found: _Annotations = defaultdict(lambda: defaultdict(list))
    incoming = {link.target: f"{link.label}:{link.source}" for link in document.links}
    for number, region in enumerate(document.regions, 1):
        span = region.spans[0]
        inside = [tokens[index] for index in covering(tokens, span)]
        if not inside:
            notes.leave_out(f"a {region.label} of white space only")
            continue
        if span.start < inside[0].start or span.end > inside[-1].end:
            notes.add(f"a {region.label} without the white space at its ends")
        fields = json.dumps(region.fields, ensure_ascii=False) if region.fields else ""
        said = (region.label, region.id, fields, incoming.get(region.id, ""))
        row = tuple(f"{_escape(text) if text else '*'}[{number}]" for text in said)
        for token in inside:
            part = Span(max(token.start, span.start), min(token.end, span.end))
            found[token.start][part].append(row)
    return found


def _cells(rows: Sequence[Sequence[str]]) -> list[str]:
    """The cells of a token, one per feature: the values of all annotations on it."""
    return ["|".join(values) for values in zip(*rows, strict=True)] or ["_"] * len(FEATURES)


def _escape(text: str) -> str:
    return _ESCAPE.sub(
        lambda found: "\\" + {"\t": "t", "\n": "n", "\r": "r"}.get(found[0], found[0]), text
    )


def _unescape(text: str) -> str:
    return _ESCAPED.sub(
        lambda found: {"t": "\t", "n": "\n", "r": "\r"}.get(found[1], found[1]), text
    )


def _sentence(text: str) -> str:
    for character, code in (
        ("\\", "\\\\"),
        ("\n", "\\n"),
        ("\r", "\\r"),
        ("\t", "\\t"),
        ("\f", "\\f"),
    ):
        text = text.replace(character, code)
    return text


def _unsentence(text: str) -> str:
    codes = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "b": "\b"}
    return re.sub(r"\\(.)", lambda found: codes.get(found[1], found[1]), text)


def _document(source: str, file: str, notes: Notes) -> MarkedText:
    lines = source.split("\n")
    if not lines[0].startswith(HEAD):
        raise GoldError(
            f"not WebAnno TSV 3: {lines[0][:40]!r}",
            file=file,
            line=1,
            remedy=f"the first line is {HEAD}.3",
        )
    layers: list[_Layer] = []
    sentences: list[_Sentence] = []
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r")
        if line.startswith("#T_SP="):
            name, *features = line[6:].split("|")
            layers.append(_Layer(name, tuple(features), spans=True))
        elif line.startswith(("#T_RL=", "#T_CH=")):
            name, *features = line[6:].split("|")
            layers.append(_Layer(name, tuple(features), spans=False))
        elif line.startswith("#Text="):
            if not sentences or sentences[-1].rows:
                sentences.append(_Sentence(number, [], []))
            sentences[-1].text.append(_unsentence(line[6:]))
        elif line.strip() and not line.startswith("#"):
            row = _ROW.fullmatch(line)
            if row is None or not sentences:
                raise GoldError(
                    f"not a token line: {line[:40]!r}",
                    file=file,
                    line=number,
                    remedy="write 1-1, a tab, 0-5, a tab, the token, after a line #Text=",
                )
            token, *cells = row[3].split("\t")
            sentences[-1].rows.append(
                _TokenRow(number, int(row[1]), int(row[2]), token, tuple(cells))
            )
    rows = [row for sentence in sentences for row in sentence.rows]
    wide = any(row.end - row.begin != len(row.token) for row in rows)
    text, starts = _text(sentences, file, wide=wide)
    regions, links = _regions(rows, layers, starts, file, notes)
    return joined(
        MarkedText(PurePath(file).stem, text, tuple(regions), tuple(links), file=file),
    )


def _text(sentences: Sequence[_Sentence], file: str, *, wide: bool) -> tuple[str, dict[int, int]]:
    """The text, and the code point of each offset of the file."""
    parts: list[str] = []
    at = gaps = 0
    for sentence in sentences:
        words = "\n".join(sentence.text)
        begin = sentence.rows[0].begin if sentence.rows else at
        gaps += max(0, begin - at)
        if begin < at or gaps > LONGEST_GAPS:
            raise GoldError(
                f"the sentence starts at {begin}, the one before ends at {at}",
                file=file,
                line=sentence.line,
                remedy="check that the file is whole",
            )
        parts += ["\n" * (begin - at), words]
        at = begin + (utf16_length(words) if wide else len(words))
    text = "".join(parts)
    table = to_utf16(text) if wide else list(range(len(text) + 1))
    starts = {offset: index for index, offset in enumerate(table)}
    for sentence in sentences:
        for row in sentence.rows:
            first, last = starts.get(row.begin), starts.get(row.end)
            if first is None or last is None or first > last or text[first:last] != row.token:
                raise GoldError(
                    f"{row.begin}-{row.end} ends before it begins"
                    if row.begin > row.end
                    else f"{row.begin}-{row.end} is not {row.token[:40]!r} in the text",
                    file=file,
                    line=row.line,
                    remedy="check that #Text and tokens belong together",
                )
    return text, starts


def _regions(
    rows: Sequence[_TokenRow],
    layers: Sequence[_Layer],
    starts: Mapping[int, int],
    file: str,
    notes: Notes,
) -> tuple[list[Region], list[Link]]:
    regions: list[Region] = []
    links: list[Link] = []
    column = 0
    for layer in layers:
        found: dict[str, tuple[int, int, list[str]]] = {}
        for row in rows:
            for key, values in _values(row, column, layer.width, file):
                begin, end, first = found.get(key, (row.begin, row.end, values))
                found[key] = (min(begin, row.begin), max(end, row.end), first)
        column += layer.width
        if not layer.spans or is_grammar(layer.name):
            kind = "grammar" if layer.spans else "relations or chains"
            notes.leave_out(f"layer {layer.name} of {kind}", len(found), where=file)
            continue
        for begin, end, values in found.values():
            if begin == end:
                notes.leave_out(f"an annotation {layer.name} of no width", where=file)
                continue
            filled = sum(bool(values[at]) for at in layer.slots)
            notes.leave_out(f"slots of {layer.name}", filled, where=file)
            span = Span(starts[begin], starts[end])
            if layer.name == LAYER and layer.features == FEATURES:
                _own(values, span, regions, links, file)
            else:
                regions.append(Region(f"L{len(regions) + 1}", (span,), layer.label(values)))
    return regions, links


def _values(row: _TokenRow, column: int, width: int, file: str) -> Iterator[tuple[str, list[str]]]:
    """The annotations on a token: a key that is the same on all tokens of one, and the features."""
    cells = list(row.cells[column : column + width])
    if len(cells) < width:
        raise GoldError(
            "too few columns",
            file=file,
            line=row.line,
            remedy="one column per feature of each layer",
        )
    if all(cell == "_" for cell in cells):
        return
    split = [[found for found in _VALUE.findall(cell) if found[0] or found[1]] for cell in cells]
    for index in range(max(map(len, split))):
        values, key = [], ""
        for cell in split:
            said, number = cell[min(index, len(cell) - 1)] if cell else ("", "")
            values.append("" if said in ("*", "_") else _unescape(said))
            key = number or key
        yield (key or f"line {row.line}.{index}"), values


def _own(
    values: Sequence[str], span: Span, regions: list[Region], links: list[Link], file: str
) -> None:
    label, name, fields, link = values
    said = JsonValue(read_json(fields, file), file, None).strings() if fields else {}
    name = name or f"T{len(regions) + 1}"
    regions.append(Region(name, (span,), label, said))
    kind, colon, source = link.partition(":")
    if colon and kind in (*LINKS, CONTINUES):
        links.append(Link(kind, source, name))
