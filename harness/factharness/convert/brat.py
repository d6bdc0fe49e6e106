"""brat standoff: a ``.txt`` and an ``.ann`` per article, and the configuration of the collection.

Text-bound annotations (T, discontinuous ones too), attributes (A, M), relations (R) and annotator notes (#).
A quote is a T with relations ``speaker`` and ``cue``; don't care is the attribute ``Ignore``, its type is
``Type``; all other fields are a JSON object in a note. Other people's attributes are read as fields too. Since
brat wants no line end inside a stretch, one that has it is written in pieces, and pieces parted by line ends
alone are read as one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import PurePath
from typing import Any

from factharness.convert.brat_config import ATTRIBUTES, annotation_conf, visual_conf
from factharness.convert.model import LINKS, Link, MarkedText, Notes, Read, Region, Written
from factharness.convert.offsets import Claim, resolve
from factharness.convert.text import decode_raw
from factharness.errors import GoldError
from factharness.facts import Span

_BOUND = re.compile(r"(T\S+)\t(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)\t(.*)", re.DOTALL)
_ATTRIBUTE = re.compile(r"[AM]\S+\t(\S+) (\S+)(?: (.*))?")
_RELATION = re.compile(r"R\S+\t(\S+) \w+:(\S+) \w+:(\S+)\s*")
_NOTE = re.compile(r"#\S*\t\S+ (\S+)\s*?(?:\t(.*))?")
_BREAKS = re.compile(r"[\r\n]+")


def read(files: Mapping[str, bytes]) -> Read:
    """The documents of pairs ``NAME.txt`` and ``NAME.ann``."""
    documents: list[MarkedText] = []
    notes = Notes()
    annotations = sorted(name for name in files if name.endswith(".ann"))
    if not annotations:
        raise GoldError("no .ann file", remedy="give NAME.ann and NAME.txt, or their folder")
    for name in annotations:
        partner = name.removesuffix(".ann") + ".txt"
        if partner not in files:
            raise GoldError(f"{partner} is missing", file=name, remedy="put the text beside it")
        text = decode_raw(files[partner], partner)
        documents.append(_document(name, text, decode_raw(files[name], name), notes))
    return Read(tuple(documents), notes)


def write(documents: Sequence[MarkedText]) -> Written:
    """A pair of files per document, and the two files of the configuration."""
    files = {
        "annotation.conf": annotation_conf(documents).encode(),
        "visual.conf": visual_conf(documents).encode(),
    }
    notes = Notes()
    for document in documents:
        files[f"{document.id}.txt"] = document.text.encode()
        files[f"{document.id}.ann"] = "".join(_lines(document, notes)).encode()
    return Written(files, notes.lines())


def _document(name: str, text: str, source: str, notes: Notes) -> MarkedText:
    bound: list[tuple[int, str, str, list[tuple[int, int]], str]] = []
    fields: dict[str, dict[str, str]] = {}
    links: list[Link] = []

    def add(target: str, said: dict[str, str]) -> None:
        mine = fields.setdefault(target, {})
        notes.leave_out(
            "a second attribute or note of one name", len(mine.keys() & said.keys()), where=name
        )
        mine |= said | mine

    for number, line in enumerate(source.split("\n"), 1):
        line = line.rstrip("\r")
        if not line.strip():
            continue
        kind = line[0]
        if kind == "T":
            bound.append(_bound(line, name, number))
        elif kind in "AM" and (found := _ATTRIBUTE.fullmatch(line)):
            key = found[1][0].lower() + found[1][1:]
            add(found[2], {key: (found[3] or "yes").strip()})
        elif kind == "R" and (relation := _RELATION.fullmatch(line)):
            links.append(Link(relation[1].lower(), relation[2], relation[3]))
        elif kind == "#" and (note := _NOTE.fullmatch(line)):
            add(note[1], _noted(note[2] or ""))
        elif kind in "EN*" and "\t" in line:
            what = {"E": "an event", "N": "a normalisation"}.get(kind, "an equivalence")
            notes.leave_out(what, where=name)
        else:
            raise GoldError(
                f"not a line of brat standoff: {line[:40]!r}",
                file=name,
                line=number,
                remedy="lines start with T, A, M, R, E, N, * or #, and have tabs between their parts",
            )
    spans = _spans(text, bound, name, notes)
    seen: set[str] = set()
    regions = []
    for (number, key, label, _, _), stretches in zip(bound, spans, strict=True):
        if key in seen:
            raise GoldError(
                f"{key} stands twice", file=name, line=number, remedy="give each T its own id"
            )
        seen.add(key)
        regions.append(Region(key, stretches, label, fields.pop(key, {})))
    notes.leave_out("attributes or notes of something else than a T", len(fields), where=name)
    known = [link for link in links if {link.source, link.target} <= seen]
    lost = len(links) - len(known)
    notes.leave_out("relations of something else than two T", lost, where=name)
    unknown = [link for link in known if link.label not in LINKS]
    for link in unknown:
        notes.leave_out(f"relation {link.label!r}", where=name)
    kept = tuple(link for link in known if link.label in LINKS)
    return MarkedText(PurePath(name).stem, text, tuple(regions), kept, file=name)


def _bound(line: str, name: str, number: int) -> tuple[int, str, str, list[tuple[int, int]], str]:
    found = _BOUND.fullmatch(line)
    if not found:
        raise GoldError(
            f"not a text-bound annotation: {line[:40]!r}",
            file=name,
            line=number,
            remedy="write T1, a tab, LABEL START END, a tab, the words",
        )
    pieces = [piece.split(" ") for piece in found[3].split(";")]
    return number, found[1], found[2], [(int(start), int(end)) for start, end in pieces], found[4]


def _spans(
    text: str,
    bound: Sequence[tuple[int, str, str, list[tuple[int, int]], str]],
    name: str,
    notes: Notes,
) -> list[tuple[Span, ...]]:
    """The stretches of each T, checked against the words it states."""
    claims: list[Claim] = []
    for number, _, _, pieces, words in bound:
        said = _split_words(words, pieces)
        claims += [
            Claim(start, end, part, number) for (start, end), part in zip(pieces, said, strict=True)
        ]
    resolved, unit = resolve(text, claims, name)
    if unit != "code points":
        notes.add(f"offsets in {unit}, converted", where=name)
    following = iter(resolved)
    spans: list[tuple[Span, ...]] = []
    for number, key, _, pieces, _ in bound:
        merged: list[Span] = []
        for span in sorted(islice(following, len(pieces))):
            if merged and span.start < merged[-1].end:
                raise GoldError(
                    f"the pieces of {key} overlap", file=name, line=number, remedy="part them"
                )
            gap = text[merged[-1].end : span.start] if merged else ""
            if merged and _BREAKS.fullmatch(gap):
                merged[-1] = Span(merged[-1].start, span.end)
            else:
                merged.append(span)
        spans.append(tuple(merged))
    return spans


def _split_words(words: str, pieces: Sequence[tuple[int, int]]) -> Sequence[str | None]:
    """The words of each piece, where their lengths agree in code points; None where they cannot be told."""
    if len(pieces) == 1:
        return [words]
    parts, at = [], 0
    for start, end in pieces:
        parts.append(words[at : at + end - start])
        at += end - start + 1
    if at != len(words) + 1:
        return [None] * len(pieces)
    return parts


def _noted(text: str) -> dict[str, str]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and all(isinstance(item, str) for item in found.values()):
        return found
    return {"note": text.strip()} if text.strip() else {}


def _lines(document: MarkedText, notes: Notes) -> list[str]:
    lines: list[str] = []
    attributes = 0
    for region in document.regions:
        pieces = [piece for span in region.spans for piece in _unbroken(document.text, span)]
        if not pieces:
            notes.leave_out(f"a {region.label} of line ends only")
            continue
        for left, right in zip(region.spans, region.spans[1:], strict=False):
            if _BREAKS.fullmatch(document.text[left.end : right.start]):
                notes.add("fragments parted by a line end alone, read back as one")
        where = ";".join(f"{span.start} {span.end}" for span in pieces)
        words = " ".join(span.of(document.text) for span in pieces)
        lines.append(f"{region.id}\t{region.label} {where}\t{words}\n")
        worded: dict[str, str] = {}
        for key, text in region.fields.items():
            if key in ATTRIBUTES and re.fullmatch(r"[!-~]+", text):
                attributes += 1
                value = "" if key == "ignore" else f" {text}"
                lines.append(f"A{attributes}\t{key[0].upper()}{key[1:]} {region.id}{value}\n")
            else:
                worded[key] = text
        if worded:
            said = json.dumps(worded, ensure_ascii=False)
            lines.append(f"#{region.id}\tAnnotatorNotes {region.id}\t{said}\n")
    for number, link in enumerate(document.links, 1):
        lines.append(f"R{number}\t{link.label} Arg1:{link.source} Arg2:{link.target}\n")
    return lines


def _unbroken(text: str, span: Span) -> list[Span]:
    """The stretches of ``span`` between line ends."""
    pieces, start = [], span.start
    for found in _BREAKS.finditer(text, span.start, span.end):
        if found.start() > start:
            pieces.append(Span(start, found.start()))
        start = found.end()
    if start < span.end:
        pieces.append(Span(start, span.end))
    return pieces
