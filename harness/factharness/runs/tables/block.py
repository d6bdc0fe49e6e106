"""What a table is before it is text: a block of rows of numbers, with what its columns mean.

Text, Markdown, LaTeX, JSON, the HTML page and notebooks all show these blocks; ``Block.frame`` is one as a
pandas frame.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from factharness.runs.tables import cells

if TYPE_CHECKING:
    import pandas as pd

Value: TypeAlias = str | int | float | None
"""A raw number, undefined being None, or a name."""

Format: TypeAlias = Literal["text", "count", "score", "interval", "seconds", "rate"]

BACKEND = "backend"
"""The column that names the back end of a row."""

SEEN_SIGN, BORROWED_SIGN = "*", "†"
"""What follows the name of a back end that has seen some of the articles, or borrows the kind from another."""


class Column(Struct, frozen=True):
    """A column.

    ``name``
        the key of its numbers in :attr:`Row.values`.
    ``heading``, ``format``
        how it is shown. The format ``interval`` shows the values ``low`` and ``high`` as one.
    ``meaning``
        a sentence for the legend; empty where the heading says it.
    ``compared``
        whether more is better, so that the best of the column is marked.
    ``wide``
        whether it is shown only where there is room.
    """

    name: str
    heading: str
    format: Format = "score"
    meaning: str = ""
    compared: bool = False
    wide: bool = False


class Row(Struct, frozen=True):
    """A row.

    ``values``
        its numbers by the names of the columns.
    ``seen``
        how many of the articles the back end, or the one that it borrows from, was developed or trained with.
    ``borrowed``
        the back end that these facts are taken from; empty when they are its own.
    ``best``, ``ahead``
        the columns of which it is the best, and those in which it is better than the next one by more than
        chance.
    ``total``
        whether it adds up the rows above it.
    """

    values: dict[str, Value]
    seen: int = 0
    borrowed: str = ""
    best: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    total: bool = False

    @property
    def signs(self) -> str:
        """``*`` when some of the articles were seen, ``†`` when the facts are borrowed."""
        return SEEN_SIGN * bool(self.seen) + BORROWED_SIGN * bool(self.borrowed)


class Block(Struct, frozen=True):
    """A table of one matter: ``name`` is a word for programs, ``title`` a heading for people."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """The raw numbers: a row per row, a column per value, then ``seen`` and ``borrowed``."""
        import pandas as pd

        frame = pd.DataFrame([row.values for row in self.rows])
        return frame.assign(
            seen=[row.seen for row in self.rows], borrowed=[row.borrowed for row in self.rows]
        )

    def shown(self, row: Row, column: Column) -> str:
        """A cell as it is printed; the name of a back end has the signs of its row."""
        value = row.values.get(column.name)
        if column.format == "interval":
            return cells.interval(_number(row.values.get("low")), _number(row.values.get("high")))
        if isinstance(value, str):
            return value + row.signs * (column.name == BACKEND)
        return _FORMATS[column.format](value)


def _number(value: Value) -> float | None:
    assert not isinstance(value, str)
    return value


_FORMATS = {
    "text": cells.count,
    "count": cells.count,
    "score": cells.score,
    "seconds": cells.seconds,
    "rate": cells.rate,
}


class Section(Struct, frozen=True):
    """The blocks of one gold set.

    ``kinds``
        a block per kind of facts, the indirect quotes apart.
    ``seen``
        the scores on seen and unseen articles; None where no back end has both.
    ``labels``, ``slices``, ``confusions``
        a block per kind; per kind and metadata key that the suite asks for; per back end.
    ``notes``
        what a reader must know of the numbers, a sentence each.
    ``left_out``
        the articles and back ends that are not in the numbers, and what to do about it.
    ``signatures``
        what the numbers of each back end are signed with.
    """

    goldset: str
    title: str
    kinds: tuple[Block, ...]
    seen: Block | None
    labels: tuple[Block, ...]
    slices: tuple[Block, ...]
    confusions: tuple[Block, ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    signatures: tuple[str, ...]

    @property
    def main(self) -> tuple[Block, ...]:
        """What is compared: the blocks per kind, and seen against unseen."""
        return self.kinds + ((self.seen,) if self.seen else ())

    @property
    def all(self) -> tuple[Block, ...]:
        """Every block."""
        return self.main + self.labels + self.slices + self.confusions

    def __getitem__(self, name: str) -> Block:
        """The block of that name."""
        return {block.name: block for block in self.all}[name]


class Tables(Struct, frozen=True):
    """The tables of a run: a section per gold set, and what each back end costs."""

    sections: tuple[Section, ...]
    cost: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Every block, section by section, the cost last."""
        return (*(block for section in self.sections for block in section.all), self.cost)


def legend(blocks: Iterable[tuple[Block, Iterable[Column]]]) -> list[str]:
    """What the shown columns of blocks mean, a sentence each, without repetition."""
    meanings = (column.meaning for _, columns in blocks for column in columns if column.meaning)
    return list(dict.fromkeys(meanings))
