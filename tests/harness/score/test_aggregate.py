"""Rows of a table from counts: the arrays give what adding up article by article gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from factharness.facts import KINDS, Kind
from factharness.score import ALL, CountRow, Counts, ScoreRow, aggregate
from factharness.score.aggregation import Aggregate, slices_of
from factharness.score.count_columns import columns_of
from factharness.score.counts import SemEval, ratio
from factharness.score.quote_regimes import APART
from factharness.score.rows import numbers_of
from factharness.score.stats import interval

ARTICLES = ("a", "b", "c", "d", "e")
LABELS = (ALL, "direct", "indirect", "PER")
DRAWS = 60
RATIOS = ("precision", "recall", "f1")


def added_up(
    counts: Sequence[CountRow],
    articles: Mapping[str, Mapping[str, str]],
    slices: Sequence[str],
    draws: int,
) -> list[ScoreRow]:
    """What `aggregate` must give, one article, label and slice after the other."""
    inside = {ALL: set(articles)}
    for key in slices:
        for value in sorted({meta[key] for meta in articles.values() if key in meta}):
            members = {name for name, meta in articles.items() if meta.get(key) == value}
            inside[f"{key}={value}"] = members
    groups = dict.fromkeys((row.kind, row.regime) for row in counts if row.article in articles)
    rows = []
    for name, members in inside.items():
        for kind, regime in sorted(groups, key=lambda group: KINDS.index(group[0])):
            cells = {
                (row.label, row.article): row
                for row in counts
                if (row.kind, row.regime) == (kind, regime) and row.article in members
            }
            scored = [article for label, article in cells if label == ALL]
            if scored:
                rows += _group(kind, regime, name, scored, cells, draws)
    return rows


def _group(
    kind: Kind,
    regime: str,
    name: str,
    scored: Sequence[str],
    cells: Mapping[tuple[str, str], CountRow],
    draws: int,
) -> list[ScoreRow]:
    rows, with_gold = [], []
    for label in sorted({label for label, _ in cells} | {ALL}, key=lambda x: (x != ALL, x)):
        mine = [cells.get((label, article)) for article in scored]
        values = [row.counts if row else Counts() for row in mine]
        total = sum(values, Counts())
        if label != ALL and total == Counts():
            continue
        drawn = interval(values, draws=draws) if draws else None
        there = [row.semeval for row in mine if row]
        row = ScoreRow(
            kind, label, regime, name, len(scored), total, total.precision, total.recall, total.f1,
            drawn.low if drawn else None, drawn.high if drawn else None,
            semeval=None if None in there else sum(there, SemEval()),
        )  # fmt: skip
        rows.append(row)
        if label != ALL and total.gold and not (kind == "quote" and label in APART):
            with_gold.append(total)
    each = [cells[ALL, article].counts for article in scored]
    for average, parts, weights in (
        ("macro", with_gold, [1] * len(with_gold)),
        ("weighted", with_gold, [part.gold for part in with_gold]),
        ("article", each, [1] * len(each)),
    ):
        means = []
        for metric in RATIOS:
            values = [(getattr(part, metric), w) for part, w in zip(parts, weights, strict=True)]
            known = [(value, w) for value, w in values if value is not None]
            means.append(ratio(sum(v * w for v, w in known), sum(w for _, w in known)))
        averaged = sum(part.f1 is not None for part in parts)
        rows.append(
            replace(
                rows[0],
                **dict(zip(RATIOS, means, strict=True)),
                low=None,
                high=None,
                semeval=None,
                average=average,
                averaged=averaged,
            )
        )
    return rows


def keys(row: CountRow) -> tuple[str, ...]:
    return row.article, row.kind, row.label, row.regime


def count_rows(amounts: st.SearchStrategy[float]) -> st.SearchStrategy[list[CountRow]]:
    row = st.builds(
        CountRow,
        article=st.sampled_from((*ARTICLES, "elsewhere")),
        kind=st.sampled_from(KINDS),
        label=st.sampled_from(LABELS),
        regime=st.sampled_from(("strict", "partial")),
        counts=st.builds(Counts, amounts, amounts, amounts),
        semeval=st.none() | st.builds(SemEval, *[st.integers(0, 9)] * 5),
    )
    return st.lists(row, unique_by=keys, max_size=60)


metadata = st.fixed_dictionaries(
    {}, optional={"desk": st.sampled_from(("sport", "world")), "year": st.just("2020")}
)
scored_articles = st.fixed_dictionaries({}, optional=dict.fromkeys(ARTICLES, metadata))

WHOLE = st.integers(0, 40)
HALVES = st.integers(0, 80).map(lambda n: n / 2)
SHARES = st.integers(0, 30).flatmap(lambda n: st.floats(0, 1).map(lambda share: n * share))


def check_rows(rows: Sequence[ScoreRow], wanted: Sequence[ScoreRow], rounded: bool) -> None:
    """The rows are equal; means may differ in the last digit, and so may sums where `rounded`."""
    assert len(rows) == len(wanted)
    for row, other in zip(rows, wanted, strict=True):
        exactly = not rounded and row.average == "micro"
        for name in RATIOS:
            value = getattr(other, name)
            if value is not None and not exactly:
                value = pytest.approx(value, rel=1e-12)
            assert getattr(row, name) == value
        if rounded:
            assert amounts(row) == pytest.approx(amounts(other), rel=1e-12)
            row, other = (replace(side, counts=Counts()) for side in (row, other))
        cleared = dict.fromkeys(RATIOS)
        assert replace(row, **cleared) == replace(other, **cleared)


def amounts(row: ScoreRow) -> tuple[float, float, float]:
    return row.counts.tp, row.counts.fp, row.counts.fn


@given(counts=count_rows(WHOLE | HALVES), articles=scored_articles)
@example(counts=[], articles={})
@example(counts=[CountRow("a", "quote", ALL, "strict", Counts())], articles={"a": {}})
def test_rows_are_those_of_adding_up_article_by_article(counts, articles):
    slices = ("desk", "year", "none")
    rows = aggregate(counts, articles=articles, slices=slices, draws=DRAWS)
    check_rows(rows, added_up(counts, articles, slices, DRAWS), rounded=False)


@given(counts=count_rows(SHARES), articles=scored_articles)
def test_sums_of_any_fractions_agree_but_for_rounding(counts, articles):
    rows = aggregate(counts, articles=articles, slices=("desk",))
    check_rows(rows, added_up(counts, articles, ("desk",), 0), rounded=True)


def test_whole_sums_are_whole_numbers():
    halves = [CountRow(name, "date", ALL, "partial", Counts(0.5, 1.5, 2)) for name in "ab"]
    row, *_ = aggregate(halves, articles={"a": {}, "b": {}})
    assert repr(row.counts) == "Counts(tp=1, fp=3, fn=4)"


@given(
    counts=count_rows(SHARES),
    articles=scored_articles,
    sizes=st.lists(st.integers(1, 3), max_size=4),
)
def test_blocks_of_articles_add_up_to_all_of_them(counts, articles, sizes):
    """Bit by bit for what is kept article by article, and that is decided by the caller."""
    slices = slices_of(articles, ("desk",))
    counts = [row for row in counts if row.article in articles]
    # An article is in one block; the rows of a kind and regime come in the same order as before.
    names = list(dict.fromkeys(row.article for row in counts))
    whole, parts = (Aggregate(slices, kept=lambda _: True) for _ in range(2))
    for columns in columns_of(sorted(counts, key=lambda row: names.index(row.article))):
        whole.add(columns)
    while names:
        size = sizes.pop() if sizes else 1
        block, names = names[:size], names[size:]
        for columns in columns_of([row for row in counts if row.article in block]):
            parts.add(columns)
    by_key = [
        {(row.kind, row.regime, row.slice, row.label, row.average): row for row in one.rows()}
        for one in (whole, parts)
    ]
    assert by_key[0] == by_key[1]
    for kind in KINDS:
        for label in LABELS:
            columns = [one.column(kind, label, "strict") for one in (whole, parts)]
            found = [
                column and dict(zip(column.numbers.tolist(), column.counts.tolist(), strict=True))
                for column in columns
            ]
            assert found[0] == found[1]


@given(counts=count_rows(WHOLE | HALVES), articles=scored_articles)
def test_it_makes_no_difference_what_is_kept(counts, articles):
    slices = slices_of(articles, ("desk",))
    sides = [Aggregate(slices, kept=lambda _, all_=all_: all_) for all_ in (True, False)]
    for columns in columns_of(row for row in counts if row.article in articles):
        for side in sides:
            side.add(columns)
    assert sides[0].rows() == sides[1].rows()


@given(counts=count_rows(WHOLE | HALVES | SHARES))
def test_rows_come_back_from_columns(counts):
    scored = {(r.article, r.kind, r.regime) for r in counts if r.label == ALL}
    wanted = [row for row in counts if (row.article, row.kind, row.regime) in scored]
    made = [row for columns in columns_of(counts) for row in columns.rows()]
    assert sorted(made, key=keys) == sorted(wanted, key=keys)
    for columns in columns_of(counts):
        for article, by_label in zip(columns.articles, columns.by_article(), strict=True):
            rows = [row for row in columns.rows() if row.article == article]
            assert by_label == {row.label: numbers_of(row) for row in rows}
            assert list(by_label) == sorted(by_label)


exact = st.integers(0, 99_999) | st.sampled_from([0.5, 1024.5, 1 / 3]) | st.floats(0, 1e9)


@given(st.lists(st.lists(st.tuples(exact, exact, exact), min_size=1), min_size=1, max_size=3))
def test_the_counts_of_a_kept_column_are_kept_exactly(blocks):
    names = [[f"a{block}-{n}" for n in range(len(some))] for block, some in enumerate(blocks)]
    whole = Aggregate(slices_of({}, ()), lambda _column: True)
    for some, counts in zip(names, blocks, strict=True):
        for columns in columns_of(
            CountRow(name, "entity", ALL, "strict", Counts(*each))
            for name, each in zip(some, counts, strict=True)
        ):
            whole.add(columns)
    found = whole.column("entity", ALL, "strict")
    assert found is not None
    assert found.numbers.tolist() == list(range(sum(map(len, blocks))))
    assert found.counts.tolist() == [list(each) for some in blocks for each in some]
