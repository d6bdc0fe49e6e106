"""The ten tab-separated columns of HIPE (Ehrmann et al. 2020): ``# document_id`` before each document.

The first column of labels holds outermost names and dates, others metonymy (``meto:``) and one inner name;
quotes, don't-care facts and values are left out. The flags of the last column say what follows a token, so
that the text comes back whole but for the kind of white space."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePath

from msgspec import Struct, structs

from factharness.convert.model import Marked, Notes, Read, Reading, Region, Written
from factharness.convert.tags import names_in, tags_of
from factharness.convert.text import decode_raw
from factharness.convert.tokens import edges_of, flat, tokenise
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

    reading: Reading = Reading()

    def read(self, files: Mapping[str, bytes]) -> Read:
        """The documents of ``.tsv`` files."""
        notes = Notes()
        documents = [
            document
            for file, raw in files.items()
            for document in _documents(decode_raw(raw, file), file, self.reading, notes)
        ]
        return Read(tuple(documents), notes)

    def write(self, documents: Sequence[Marked]) -> Written:
        """One file of all documents."""
        notes = Notes()
        lines = ["\t".join(COLUMNS) + "\n"]
        for document in documents:
            lines += _lines(document, notes)
        return Written({"hipe.tsv": "".join(lines).encode()}, notes.lines())


def _lines(document: Marked, notes: Notes) -> Iterator[str]:
    yield f"# document_id = {document.id}\n"
    if isinstance(document.published, date):
        yield f"# date = {document.published.isoformat()[:10]}\n"
    counted = [region for region in document.regions if not region.fields.get("ignore")]
    outer = flat(structs.replace(document, regions=tuple(_without_meto(counted))), Notes())
    kept = {region.id for region in outer}
    inner_notes = Notes()
    rest = tuple(region for region in _without_meto(counted) if region.id not in kept)
    inner = flat(structs.replace(document, regions=rest), inner_notes)
    both = {region.id for region in (*outer, *inner)}
    for region in document.regions:
        if region.id not in both:
            notes.leave_out(f"{region.label}")
        for key in region.fields.keys() - {"meto"} if region.id in both else ():
            notes.leave_out(f"{key} of {region.label}")
    meto = [
        structs.replace(region, label=region.fields["meto"])
        for region in counted
        if region.id in kept and region.fields.get("meto")
    ]
    tokens = tokenise(document.text, edges_of([*outer, *inner]))
    columns = [tags_of(tokens, regions, "iob2") for regions in (outer, meto, inner)]
    for token, lit, other, nested in zip(tokens, *columns, strict=True):
        flags = []
        if not token.after:
            flags.append("NoSpaceAfter")
        elif "\n" in token.after:
            flags.append("EndOfParagraph" if token.after.count("\n") > 1 else "EndOfLine")
        row = [token.text, lit, other, "O", "O", "O", nested, "_", "_", "|".join(flags) or "_"]
        yield "\t".join(row) + "\n"
    yield "\n"


def _without_meto(regions: Sequence[Region]) -> list[Region]:
    """Entities and dates, their fields out of the way: the columns hold labels only."""
    return [structs.replace(region, fields={}) for region in regions]


def _documents(source: str, file: str, reading: Reading, notes: Notes) -> Iterator[Marked]:
    rows: list[tuple[int, list[str]]] = []
    header: list[str] | None = None
    name, published = "", None

    def document() -> Marked | None:
        if not rows:
            return None
        return _from_rows(name or PurePath(file).stem, published, rows, file, reading, notes)

    for number, line in enumerate(source.split("\n"), 1):
        line = line.rstrip("\r")
        if line.startswith("#") and "\t" not in line:
            key, _, value = line.lstrip("# ").partition("=")
            if key.strip().endswith("document_id"):
                if (found := document()) is not None:
                    yield found
                rows.clear()
                name, published = value.strip(), None
            elif key.strip().split(":")[-1] == "date":
                published = _day(value.strip())
        elif not line.strip():
            continue
        elif header is None:
            header = line.split("\t")
            if tuple(header[:2]) != COLUMNS[:2]:
                raise GoldError(
                    f"not the header of HIPE: {line[:40]!r}",
                    file=file,
                    line=number,
                    remedy=f"the first line has the tab-separated columns {' '.join(COLUMNS)}",
                )
        else:
            row = line.split("\t")
            if len(row) != len(header):
                raise GoldError(
                    f"{len(row)} columns, the header has {len(header)}",
                    file=file,
                    line=number,
                    remedy="part the columns by single tabs",
                )
            rows.append((number, row))
    if (found := document()) is not None:
        yield found


def _from_rows(
    name: str,
    published: date | None,
    rows: Sequence[tuple[int, list[str]]],
    file: str,
    reading: Reading,
    notes: Notes,
) -> Marked:
    text = ""
    places: list[Span] = []
    for _, row in rows:
        start = len(text)
        text += row[0] or " "
        places.append(Span(start, len(text)))
        flags = row[-1].split("|")
        if "EndOfParagraph" in flags:
            text += "\n\n"
        elif "EndOfLine" in flags:
            text += "\n"
        elif "NoSpaceAfter" not in flags:
            text += " "
    numbers = [number for number, _ in rows]
    found: list[Region] = []
    for column in (1, 6):
        if column >= len(rows[0][1]) - 1:
            continue
        tags = [row[column] for _, row in rows]
        for first, last, label in names_in(tags, numbers, file, notes, "BIO", reading):
            fields = {}
            meto = (
                rows[first][1][2].partition("-")[2]
                if column == 1 and len(rows[first][1]) > 3
                else ""
            )
            if meto:
                fields = {"meto": meto}
            span = Span(places[first].start, places[last].end)
            found.append(Region(f"T{len(found) + 1}", (span,), label, fields))
    return Marked(name, text.rstrip(), tuple(found), published=published)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
