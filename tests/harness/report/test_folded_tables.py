"""A table that is too wide is folded: every part says which row is which, and nothing is lost."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from factharness.report.table import Table, TextColumn
from factharness.report.text import render

WORDS = st.text("abcdef", min_size=1, max_size=9)
COLUMNS = st.tuples(st.integers(0, 6), st.integers(0, 9)).filter(any)
"""How many of words, and how many of numbers."""


@given(st.data(), COLUMNS, st.integers(1, 4), st.integers(20, 60))
def test_each_part_begins_with_the_words_that_name_its_rows(data, counts, rows, width):
    named, counted = counts
    columns = [
        TextColumn(f"{data.draw(WORDS)}{n}", "left" if n < named else "right")
        for n in range(named + counted)
    ]
    cells = [[f"{data.draw(WORDS)}{r}.{c}" for c in range(len(columns))] for r in range(rows)]
    lines = render([Table("", tuple(columns), tuple(map(tuple, cells)))], width).split("\n")
    keys = named if named and counted else 1
    parts = "\n".join(lines).split("\n\n")
    shown = []
    for part in parts:
        heading, rule, *body = part.split("\n")
        names = heading.split()
        assert names[:keys] == [column.name for column in columns[:keys]]
        assert [line.split()[:keys] for line in body] == [row[:keys] for row in cells]
        assert len(rule) <= width or len(names) <= keys + 1
        shown.append([names[keys:], *(line.split()[keys:] for line in body)])
    joined = [list(itertools.chain(*line)) for line in zip(*shown, strict=True)]
    assert joined == [[column.name for column in columns[keys:]], *(row[keys:] for row in cells)]
