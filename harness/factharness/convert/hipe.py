"""The ten tab-separated columns of HIPE (Ehrmann et al. 2020): ``# document_id`` before each document.

The first column of labels holds outermost names and dates, others metonymy (``meto:``) and one inner name;
quotes, don't-care facts and values are left out on the way out, components of names and links to a knowledge
base on the way in. The flags of the last column say what follows a token, so that the text comes back whole but
for the kind of white space."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from functools import partial
from pathlib import PurePath

from msgspec import Struct, structs

from factharness.convert.model import (
    LINKS,
    QUOTE,
    MarkedText,
    Notes,
    Read,
    Region,
    TagReading,
    Written,
)
from factharness.convert.tags import names_in, tags_of
from factharness.convert.text import read_texts
from factharness.convert.tokens import on_tokens, outermost, tokenise
from factharness.errors import GoldError
from factharness.facts import Span

COLUMNS = (
    "TOKEN",
    "NE-COARSE-LIT",
    "NE-COARSE-METO",
    "NE-FINE-LIT",
    "NE-FINE-METO",
    "NE-FINE-COMP",
    "NE-NESTED",
    "NEL-LIT",
    "NEL-METO",
    "MISC",
)


class Hipe(Struct, frozen=True):
    """HIPE's ten columns; the text comes back whole, but for the kind of white space."""

    reading: TagReading = TagReading()

    def read(self, files: Mapping[str, bytes]) -> Read:
        """The documents of ``.tsv`` files."""
        return read_texts(files, partial(_documents, self.reading))

    def write(self, documents: Sequence[MarkedText]) -> Written:
        """One file of all documents."""
        notes = Notes()
        lines = ["\t".join(COLUMNS) + "\n"]
        for document in documents:
            lines += _lines(document, notes)
        return Written({"hipe.tsv": "".join(lines).encode()}, notes.lines())


def _lines(document: MarkedText, notes: Notes) -> Iterator[str]:
    yield f"# document_id = {document.id}\n"
    if isinstance(document.published, date):
        yield f"# date = {document.published.isoformat()[:10]}\n"
    yield f"# language = {document.lang}\n"
    tokens = tokenise(document.text)
    named = tuple(region for region in document.regions if _is_name(region))
    placed = on_tokens(structs.replace(document, regions=named, links=()), tokens, notes).regions
    outer = outermost(placed, Notes())
    kept = {region.id for region in outer}
    inner = outermost((region for region in placed if region.id not in kept), Notes())
    both = {region.id for region in (*outer, *inner)}
    for region in document.regions:
        if region.id not in both:
            notes.leave_out(f"{region.label}")
            continue
        carried = {"meto"} if region.id in kept else set()
        for key in region.fields.keys() - carried:
            notes.leave_out(f"{key} of {region.label}")
    meto = [
        structs.replace(region, label=region.fields["meto"])
        for region in outer
        if region.fields.get("meto")
    ]
    columns = [tags_of(tokens, regions, "iob2") for regions in (outer, meto, inner)]
    for token, lit, other, nested in zip(tokens, *columns, strict=True):
        flags = []
        if not token.after:
            flags.append("NoSpaceAfter")
        elif "\n" in token.after:
            flags.append("EndOfParagraph" if token.after.count("\n") > 1 else "EndOfLine")
        if token.after not in ("", " ", "\n", "\n\n"):
            notes.leave_out("the kind of white space between two tokens")
        row = [token.text, lit, other, "O", "O", "O", nested, "_", "_", "|".join(flags) or "_"]
        yield "\t".join(row) + "\n"
    yield "\n"


def _is_name(region: Region) -> bool:
    """Whether a region is a counted entity or date: the columns hold no others."""
    return region.label not in (QUOTE, *LINKS.values()) and not region.fields.get("ignore")


def _documents(reading: TagReading, source: str, file: str, notes: Notes) -> Iterator[MarkedText]:
    table = _DocumentRows(file, reading, notes)
    for number, line in enumerate(source.split("\n"), 1):
        line = line.rstrip("\r")
        if line.startswith("#") and "\t" not in line:
            key, _, value = line.lstrip("# ").partition("=")
            if key.strip().endswith("document_id"):
                yield from table.document()
                table.name, table.published, table.lang = value.strip(), None, "fr"
            elif key.strip().split(":")[-1] == "date":
                table.published = _day(value.strip())
            elif key.strip().split(":")[-1] == "language":
                table.lang = value.strip() or "fr"
        elif line.strip():
            table.add(line.split("\t"), number)
    yield from table.document()


class _DocumentRows:
    """The rows of a document, under the header of the file."""

    def __init__(self, file: str, reading: TagReading, notes: Notes) -> None:
        self.file, self.reading, self.notes = file, reading, notes
        self.name = ""
        self.published: date | None = None
        self.lang = "fr"
        self.header: list[str] = []
        self.rows: list[list[str]] = []
        self.lines: list[int] = []

    def add(self, row: list[str], line: int) -> None:
        """Add a row; the first is the header. Raises :class:`GoldError` for one of other columns."""
        if not self.header:
            if tuple(row[:2]) != COLUMNS[:2]:
                raise GoldError(
                    f"not the header of HIPE: {' '.join(row)[:40]!r}",
                    file=self.file,
                    line=line,
                    remedy=f"the first line has the tab-separated columns {' '.join(COLUMNS)}",
                )
            self.header = row
            return
        if len(row) != len(self.header):
            raise GoldError(
                f"{len(row)} columns, the header has {len(self.header)}",
                file=self.file,
                line=line,
                remedy="part the columns by single tabs",
            )
        self.rows.append(row)
        self.lines.append(line)

    def column(self, title: str) -> list[str]:
        """The cells of a column, empty where the file has none."""
        if title not in self.header:
            return [""] * len(self.rows)
        return [row[self.header.index(title)] for row in self.rows]

    def document(self) -> Iterator[MarkedText]:
        """The document of the rows so far, if there are any; the next one begins."""
        if not self.rows:
            return
        text, places = self._text()
        regions: list[Region] = []
        outer: set[int] = set()
        meto = self.column("NE-COARSE-METO")
        for title in ("NE-COARSE-LIT", "NE-NESTED"):
            for first, last, label in self._names(title):
                solid = [place for place in places[first : last + 1] if place is not None]
                if not solid:
                    self.notes.leave_out("a name of empty tokens", where=self.file)
                    continue
                fields = {}
                if title == "NE-COARSE-LIT":
                    outer.add(first)
                    other = meto[first].partition("-")[2]
                    fields = {"meto": other} if other else {}
                span = Span(solid[0].start, solid[-1].end)
                regions.append(Region(f"T{len(regions) + 1}", (span,), label, fields))
        self._count_others(outer)
        name = self.name or PurePath(self.file).stem
        yield MarkedText(
            name,
            text,
            tuple(regions),
            published=self.published,
            lang=self.lang,
            file=self.file,
        )
        self.rows, self.lines = [], []

    def _names(self, title: str) -> list[tuple[int, int, str]]:
        tags = self.column(title)
        return names_in(tags, self.lines, self.file, self.notes, "BIO", self.reading)

    def _count_others(self, outer: Set[int]) -> None:
        """Count what the other columns say; ``outer`` are the first rows of the names that were read."""
        for title in ("NE-COARSE-METO", "NE-FINE-LIT", "NE-FINE-METO", "NE-FINE-COMP"):
            known = set() if title == "NE-FINE-COMP" else outer
            begun = (at for at, tag in enumerate(self.column(title)) if tag[:2] in ("B-", "S-"))
            lost = sum(at not in known for at in begun)
            self.notes.leave_out(f"a name of column {title}", lost, where=self.file)
        for title in ("NEL-LIT", "NEL-METO"):
            cells = self.column(title)
            lost = sum(cells[at] not in ("", "_", "NIL", "O") for at in outer)
            self.notes.leave_out(f"a link of column {title}", lost, where=self.file)

    def _text(self) -> tuple[str, list[Span | None]]:
        """The text, and the place of each row's token, None of an empty one."""
        parts: list[str] = []
        places: list[Span | None] = []
        at = 0
        for token, misc in zip(self.column("TOKEN"), self.column("MISC"), strict=True):
            flags = misc.split("|")
            after = " "
            if "EndOfParagraph" in flags:
                after = "\n\n"
            elif "EndOfLine" in flags:
                after = "\n"
            elif "NoSpaceAfter" in flags or not token:
                after = ""
            places.append(Span(at, at + len(token)) if token else None)
            parts += [token, after]
            at += len(token) + len(after)
        return "".join(parts).rstrip(), places


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
