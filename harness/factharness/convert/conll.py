"""CoNLL columns, tags read in any scheme and written in IOB2 or IOBES: one token per line, a blank line after
each line of the text, ``-DOCSTART-`` before each document.

They hold entities and dates in one flat layer: quotes, don't-care facts, values, inner names and the white
space between tokens are left out; the tokens come back parted by one space. What a scheme does not
allow (``I-PER`` after ``O`` in BIO) is repaired as conlleval does, discarded or refused, and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec import Struct

from factharness.convert.model import Marked, Notes, Read, Reading, Region, Written
from factharness.convert.tags import names_in, scheme_of, tags_of
from factharness.convert.text import decode_raw
from factharness.convert.tokens import edges_of, flat, tokenise
from factharness.errors import GoldError
from factharness.facts import Span


class Conll(Struct, frozen=True):
    """CoNLL columns: the token first, the tag last. ``scheme`` is that of writing; reading takes any."""

    scheme: str = "iob2"
    reading: Reading = Reading()

    def read(self, files: Mapping[str, bytes]) -> Read:
        """The documents of column files, blank lines between sentences."""
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
        lines: list[str] = []
        for document in documents:
            notes.leave_out("white space between tokens, date of publication and meta")
            lines.append(f"-DOCSTART- {document.id} O\n\n")
            regions = flat(document, notes)
            tokens = tokenise(document.text, edges_of(regions))
            tags = tags_of(tokens, regions, self.scheme)
            following = [*tags[1:], "O"]
            for token, tag, after in zip(tokens, tags, following[: len(tags)], strict=True):
                lines.append(f"{token.text}\t{tag}\n")
                if "\n" in token.after and after[0] not in "IE":
                    lines.append("\n")
            lines.append("\n")
        return Written({f"{self.scheme}.conll": "".join(lines).encode()}, notes.lines())


def _documents(source: str, file: str, reading: Reading, notes: Notes) -> Iterator[Marked]:
    rows: list[tuple[int, list[str]]] = []
    name, count = PurePath(file).stem, 0
    scheme = scheme_of([_tag(line) for line in source.split("\n")])

    def document() -> Marked | None:
        if not any(row for _, row in rows):
            return None
        unique = name if name != PurePath(file).stem else f"{name}-{count}"
        return _from_rows(unique, rows, file, notes, scheme, reading)

    for number, line in enumerate(source.split("\n"), 1):
        row = line.rstrip("\r").split("\t") if "\t" in line else line.split()
        if row and row[0] == "-DOCSTART-":
            if (found := document()) is not None:
                yield found
            count += 1
            rows.clear()
            name = row[1] if len(row) > 1 and row[1] not in ("-X-", "O") else PurePath(file).stem
        elif _is_comment(line):
            continue
        elif line.strip():
            if len(row) < 2:
                raise GoldError(
                    f"one column only: {line[:40]!r}",
                    file=file,
                    line=number,
                    remedy="a line is a token, a tab or spaces, and a tag",
                )
            rows.append((number, row))
        else:
            rows.append((number, []))
    if (found := document()) is not None:
        yield found


def _is_comment(line: str) -> bool:
    return line.startswith("# ") and "\t" not in line


def _tag(line: str) -> str:
    """The tag of a line, O where it has none."""
    if not line.strip() or _is_comment(line) or line.startswith("-DOCSTART-"):
        return "O"
    return line.split()[-1]


def _from_rows(
    name: str,
    rows: Sequence[tuple[int, list[str]]],
    file: str,
    notes: Notes,
    scheme: str,
    reading: Reading,
) -> Marked:
    text = ""
    regions: list[Region] = []
    sentence: list[tuple[int, int, int, str]] = []

    def close() -> None:
        tags = [tag for _, _, _, tag in sentence]
        lines = [line for line, _, _, _ in sentence]
        for first, last, label in names_in(tags, lines, file, notes, scheme, reading):
            span = Span(sentence[first][1], sentence[last][2])
            regions.append(Region(f"T{len(regions) + 1}", (span,), label))
        sentence.clear()

    for line, row in rows:
        if not row:
            close()
            text += "" if not text or text.endswith("\n") else "\n"
            continue
        if text and not text.endswith("\n"):
            text += " "
        start = len(text)
        text += row[0]
        sentence.append((line, start, len(text), row[-1]))
    close()
    return Marked(name, text.strip("\n"), tuple(regions))
