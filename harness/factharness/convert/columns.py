"""Reads files of columns as words with tags: finds the lines of words, the column of words and that of tags.

Columns are separated by tabs or by spaces; a no-break space is a character of a word. The words are in the
first column, or in the second when the first numbers them, as in CoNLL-U. The tags are looked for in all other
columns and in each key of CoNLL-U's MISC; columns of parts of speech or chunks do not count. When two columns
have tags, that is an error.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from factharness.convert.layers import SYNTACTIC
from factharness.convert.model import Notes
from factharness.errors import GoldError

CONLLU = 10
"""How many columns CoNLL-U has; the last is MISC."""
START = "-DOCSTART-"
_ID = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9})|\.[0-9]{1,9})?")
_TAG = re.compile(r"[BIESLU]-(.+)")
_EMPTY = ("", "_")


class Word(Struct, frozen=True):
    """A word and its tag. ``spaced``: a space follows. ``inside``: it has the same place in the text as the
    word before it, like the second of the two words of *du*."""

    line: int
    text: str
    tag: str
    spaced: bool = True
    inside: bool = False


class Sentence(Struct):
    """The words between two blank lines; ``paragraph``: a paragraph opens with it."""

    words: list[Word]
    paragraph: bool = False


class TokenSection(Struct):
    """A document of a file. ``name`` is that of its document mark, ``count`` the number of marks so far."""

    name: str
    count: int
    sentences: list[Sentence]


class _Row(Struct, frozen=True):
    line: int
    cells: list[str]
    tabbed: bool

    def misc(self) -> dict[str, str]:
        """The keys and values of the last column of CoNLL-U."""
        pairs = (part.partition("=") for part in self.cells[-1].split("|"))
        return {key: text for key, equals, text in pairs if equals}


class _Layout(Struct, frozen=True):
    """The layout of a file: ``tags`` is a column, a key of MISC, or None when there are no tags. ``width`` is
    the number of columns when spaces separate them."""

    word: int
    width: int
    conllu: bool
    tags: int | str | None

    def tag(self, row: _Row) -> str:
        """The tag of a row, empty where it has none."""
        if self.tags is None:
            return ""
        return row.misc().get(self.tags, "") if isinstance(self.tags, str) else row.cells[self.tags]


def read_columns(source: str, file: str, notes: Notes) -> list[TokenSection]:
    """The documents of a file. Which column the tags are read from is noted; where there is none, what the
    columns hold instead is left out.

    Raises :class:`GoldError` for a line that lacks columns, and where two columns hold tags."""
    rows = list(_rows(source))
    words = [row for row in rows if _is_word(row)] or [row for row in rows if row.tabbed]
    layout = _layout([row for row in words if row.cells], rows, file, notes)
    sections = [TokenSection("", 0, [])]
    sentence: list[_Row] = []
    paragraph = False

    def close() -> None:
        nonlocal sentence, paragraph
        if sentence:
            words = list(_words(sentence, layout, file, notes))
            sections[-1].sentences.append(Sentence(words, paragraph))
            sentence, paragraph = [], False

    for row in rows:
        mark = _mark(row)
        if mark is not None:
            close()
            sections.append(TokenSection(mark, len(sections), []))
        elif not row.cells:
            close()
        elif _is_word(row) or _is_hash(row, layout):
            _check_width(row, layout, file)
            sentence.append(row)
        else:
            paragraph |= row.cells[:2] == ["#", "newpar"]
    close()
    return [section for section in sections if section.sentences]


def _rows(source: str) -> Iterator[_Row]:
    """The lines as cells; none in a blank one."""
    for number, line in enumerate(source.split("\n"), 1):
        line = line.rstrip("\r")
        tabbed = "\t" in line
        cells = line.split("\t") if tabbed else [cell for cell in line.split(" ") if cell]
        yield _Row(number, cells if line.strip() else [], tabbed)


def _mark(row: _Row) -> str | None:
    """The name that a document mark gives, empty where it gives none; None when the row is no such mark."""
    if row.cells[:1] == [START]:
        name = "".join(row.cells[1:2])
        return "" if name in ("-X-", "O") else name
    if row.cells[:2] == ["#", "newdoc"]:
        return " ".join(row.cells[4:]) if row.cells[2:4] == ["id", "="] else ""
    return None


def _is_word(row: _Row) -> bool:
    """Whether a row is a word, whatever its columns are; see :func:`_is_hash` for the others."""
    if not row.cells or row.cells[0] == START:
        return False
    head = row.cells[0]
    return not head.startswith("#") or (row.tabbed and head != "#" and head[1] != " ")


def _is_hash(row: _Row, layout: _Layout) -> bool:
    """Whether a row that begins with ``#`` is a word: then it has a tag in the column of tags."""
    column = layout.tags
    if layout.conllu or not isinstance(column, int) or len(row.cells) <= column:
        return False
    return (row.tabbed or len(row.cells) == layout.width) and _is_tag(row.cells[column])


def _layout(words: Sequence[_Row], rows: Sequence[_Row], file: str, notes: Notes) -> _Layout:
    for row in words:
        if len(row.cells) < 2:
            raise GoldError(
                f"one column only: {row.cells[0][:40]!r}",
                file=file,
                line=row.line,
                remedy="a line is a token, a tab or spaces, and a tag",
            )
    widths = Counter(len(row.cells) for row in words if not row.tabbed)
    width = widths.most_common(1)[0][0] if widths else 0
    for row in words:
        if not row.tabbed and len(row.cells) != width:
            raise GoldError(
                f"{len(row.cells)} columns, other lines have {width}",
                file=file,
                line=row.line,
                remedy="give every line the same columns, or part them by tabs",
            )
    indexed = _is_indexed(rows)
    conllu = indexed and len(words[0].cells) == CONLLU
    for row in words if indexed else ():
        if not _ID.fullmatch(row.cells[0]) or (conllu and len(row.cells) != CONLLU):
            raise GoldError(
                f"not a line of CoNLL-U: {len(row.cells)} columns, the first {row.cells[0][:40]!r}",
                file=file,
                line=row.line,
                remedy=f"write the number of the word first, and {CONLLU} columns parted by tabs"
                if conllu
                else "write the number of the word in the first column of every line",
            )
    word = 1 if indexed else 0
    columns = _columns(words, word + 1, conllu)
    tags = _column_of_tags(columns, file)
    if tags is not None:
        place = f"column {tags + 1}" if isinstance(tags, int) else f"{tags} in MISC"
        notes.add(f"tags read from {place}", where=file)
    else:
        for column, cells in columns.items():
            place = f"column {column + 1}" if isinstance(column, int) else f"{column} in MISC"
            held = [cell for cell in cells if cell not in _EMPTY]
            shown = ", ".join(map(repr, islice(dict.fromkeys(held), 3)))
            notes.leave_out(f"{place}, which holds {shown}: no tags", len(held), where=file)
    return _Layout(word, width, conllu, tags)


def _is_indexed(rows: Sequence[_Row]) -> bool:
    """Whether the first column counts the words of each sentence, from 1; a damaged line does not matter."""
    opening: Counter[bool] = Counter()
    inside = False
    for row in rows:
        if _is_word(row):
            if not inside:
                opening[len(row.cells) > 2 and row.cells[0] in ("1", "1-2", "1-3", "0.1")] += 1
            inside = True
        elif not row.cells:
            inside = False
    return opening[True] > opening[False]


def _columns(words: Sequence[_Row], first: int, conllu: bool) -> Mapping[int | str, list[str]]:
    """The cells of each column that may hold tags, from the column ``first`` on."""
    columns: dict[int | str, list[str]] = {}
    for row in words:
        for number, cell in enumerate(row.cells[first:], first):
            columns.setdefault(number, []).append(cell)
        for key, text in row.misc().items() if conllu else ():
            columns.setdefault(key, []).append(text)
    if conllu:
        del columns[CONLLU - 1]
    return columns


def _is_tag(cell: str) -> bool:
    return cell == "O" or bool(_TAG.fullmatch(cell))


def _column_of_tags(columns: Mapping[int | str, Sequence[str]], file: str) -> int | str | None:
    """The column in which most cells are tags of names; without one, the last in which all cells are O."""
    named = [column for column, cells in columns.items() if _holds_names(cells)]
    if len(named) > 1:
        numbers = [str(column + 1) if isinstance(column, int) else column for column in named]
        raise GoldError(
            f"the columns {' and '.join(numbers)} hold tags",
            file=file,
            remedy="leave one of them in the file, for example with `cut -f`",
        )
    outside = [
        column
        for column, cells in columns.items()
        if "O" in cells and all(cell in (*_EMPTY, "O") for cell in cells)
    ]
    return next(iter(named or reversed(outside)), None)


def _holds_names(cells: Iterable[str]) -> bool:
    """Whether most of the cells that hold something are tags, and some of them of names."""
    counts = Counter(cell for cell in cells if cell not in _EMPTY)
    labels = {found[1] for cell in counts if (found := _TAG.fullmatch(cell))}
    tags = sum(times for cell, times in counts.items() if _is_tag(cell))
    return not labels <= SYNTACTIC and 2 * tags > counts.total()


def _check_width(row: _Row, layout: _Layout, file: str) -> None:
    last = max(layout.word, layout.tags if isinstance(layout.tags, int) else 0)
    if len(row.cells) <= last:
        raise GoldError(
            f"{len(row.cells)} columns, the tags are in column {last + 1}",
            file=file,
            line=row.line,
            remedy="give every line the same columns",
        )


def _words(sentence: Sequence[_Row], layout: _Layout, file: str, notes: Notes) -> Iterator[Word]:
    """The words of a sentence. A token of several words, as CoNLL-U counts *du*, stands in the text once, at
    its first word; the tag is its own where it has one, else its words have theirs."""
    token: _Row | None = None
    until = 0
    tagged = False
    for row in sentence:
        tag = layout.tag(row)
        if not layout.conllu:
            yield Word(row.line, row.cells[layout.word], tag)
            continue
        number = _ID.fullmatch(row.cells[0])
        spaced = row.misc().get("SpaceAfter") != "No"
        if "." in row.cells[0]:
            notes.leave_out("a tag of an empty node", tag not in (*_EMPTY, "O"), where=file)
        elif number and number[2]:
            token, until, tagged = row, int(number[2]), tag not in _EMPTY
            if tagged:
                yield Word(row.line, row.cells[1], tag, spaced)
        elif number and int(number[1]) <= until:
            if tagged:
                lost = tag not in (*_EMPTY, "O")
                notes.leave_out("a tag inside a token that has its own", lost, where=file)
            elif token is not None:
                whole = token.misc().get("SpaceAfter") != "No"
                yield Word(row.line, token.cells[1], tag, whole)
                token = None
            else:
                yield Word(row.line, "", tag, inside=True)
        else:
            yield Word(row.line, row.cells[1], tag, spaced)
