"""Blocks of numbers: what is marked as best, what adds up, what a frame holds."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import factharness
from factharness.report.json import schema
from factharness.report.layout import narrow, table
from factharness.report.text import render
from factharness.runs.leads import against_parts, leads
from factharness.runs.record import CountRecord, Lead
from factharness.runs.tables.block import Block, Column, Row
from factharness.runs.tables.cells import score
from factharness.runs.tables.kinds import marked
from factharness.runs.tabulate import tabulate
from factharness.score import CountRow, Counts
from factharness.score.aggregation import KeptColumn
from factharness.score.stats import compare, holm

ROOT = Path(__file__).resolve().parents[3]
SUITE = """[suite]
goldsets = ["{gold}"]
slices = ["rubrique"]
[[backend]]
use = "rules"
[[backend]]
name = "mixed"
entities = "rules"
quotes = "rules"
"""
COLUMNS = (
    Column("backend", "back end", "text"),
    Column("gold", "gold", "count"),
    Column("f1", "F1", compared=True),
    Column("other", "other", compared=True),
)
values = st.one_of(st.none(), st.floats(0, 1), st.sampled_from([0.5, 0.5004, 0.4996]))


@st.composite
def rows(draw):
    return [
        Row(
            {"backend": f"b{n}", "gold": 3, "f1": draw(values), "other": draw(values)},
            borrowed=draw(st.sampled_from(["", "", "b0"])),
        )
        for n in range(draw(st.integers(0, 5)))
    ]


@st.composite
def drawn_tests(draw, made):
    """The test of F1 as a run would hold it, with any p."""
    known = {
        row.values["backend"]: row.values["f1"]
        for row in made
        if not row.borrowed and row.values["f1"] is not None
    }
    if len(known) < 2:
        return {}
    best = max(known, key=known.__getitem__)
    p = {name: draw(st.sampled_from([0.001, 0.2])) for name in known if name != best}
    return {"f1": Lead("set", "entity", "*", "strict", best, p)}


@given(st.data())
def test_the_best_are_those_that_print_as_the_highest_number(data):
    made = data.draw(rows())
    tests = data.draw(drawn_tests(made))
    shown = list(marked(made, COLUMNS, tests))
    assert [row.values for row in shown] == [row.values for row in made]
    for name in ("f1", "other"):
        competing = [row for row in shown if not row.borrowed and row.values[name] is not None]
        printed = {score(row.values[name]) for row in competing}
        best = [row for row in shown if name in row.best]
        assert all(row in competing for row in best)
        if len(printed) > 1:
            assert best == [row for row in competing if score(row.values[name]) == max(printed)]
        else:
            assert not best  # nobody to be better than, or all alike
    for row in shown:
        assert set(row.ahead) <= set(row.best) & set(tests)
        assert "gold" not in row.best


@given(st.data())
def test_a_lead_is_more_than_chance_only_by_its_test_against_the_next(data):
    made = data.draw(rows())
    tests = data.draw(drawn_tests(made))
    shown = list(marked(made, COLUMNS, tests))
    best = [row for row in shown if "f1" in row.best]
    ahead = [row for row in shown if "f1" in row.ahead]
    if len(best) == 1:
        others = {
            row.values["backend"]: row.values["f1"]
            for row in shown
            if not row.borrowed and row.values["f1"] is not None and row is not best[0]
        }
        following = {name for name, value in others.items() if value == max(others.values())}
        p = {tests["f1"].p[name] for name in following}
        assert bool(ahead) == (min(p) < 0.05) or len(following) > 1
    else:
        assert not ahead  # two that print alike lead together


names = st.lists(
    st.text(st.sampled_from("abé界-"), min_size=1, max_size=12), min_size=2, max_size=6
)


@given(names, st.lists(st.lists(st.integers(0, 99_999), min_size=8, max_size=8), max_size=3))
def test_a_block_is_folded_so_that_it_fits_and_nothing_is_lost(headings, numbers):
    columns = [Column(f"c{n}", f"{heading}{n}", "count") for n, heading in enumerate(headings)]
    block = Block(
        "any",
        "Any",
        (Column("backend", "back end", "text"), *columns),
        tuple(
            Row({"backend": "b", **{f"c{n}": row[n] for n in range(len(columns))}})
            for row in numbers
        ),
    )
    lines = render([table(block, narrow(block))], 40).splitlines()
    rules = [line for line in lines if line.startswith("--")]
    assert max(map(len, rules)) <= 40
    words = " ".join(lines).split()
    for n, heading in enumerate(headings):
        assert f"{heading}{n}" in words
        assert all(str(row[n]) in words for row in numbers)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    suite = folder / "mine.toml"
    gold = ROOT / "tests" / "data" / "goldsets" / "mini"
    suite.write_text(SUITE.format(gold=gold), encoding="utf-8")
    return factharness.run(suite, output=folder / "out", cache=False)


def test_labels_add_up_to_their_total(run):
    (section,) = run.tables().sections
    assert section.labels
    totals = 0
    for block in section.labels:
        whole = section[block.name.partition(".")[2]].frame.set_index("backend")
        parts = block.frame[[not row.total for row in block.rows]]
        for row in block.rows:
            backend, labels = row.values["backend"], str(row.values["label"]).split("+")
            mine = parts[(parts["backend"] == backend) & parts["label"].isin(labels)]
            assert row.total == (len(labels) > 1)
            totals += row.total
            for counted in ("gold", "pred"):
                assert mine[counted].sum() == row.values[counted]
                assert not row.total or row.values[counted] == whole.loc[backend, counted]
    assert totals == 3  # entities of two back ends, dates of one; all quotes are direct


def test_a_row_is_of_a_back_end_that_claims_the_kind(run):
    (section,) = run.tables().sections
    claimed = {block.name: [row.values["backend"] for row in block.rows] for block in section.kinds}
    assert claimed == {
        "entity": ["rules", "mixed"],
        "date": ["rules"],
        "quote": ["rules", "mixed"],
    }


def test_joint_is_at_most_the_content_that_it_belongs_to(run):
    block = run.tables().sections[0]["quote"]
    assert (block.frame["joint"] <= block.frame["content"]).all()


def test_value_accuracy_is_the_share_of_right_values_and_not_their_f1(run):
    (row,) = run.tables().sections[0]["date"].rows
    scores = {
        one.row.regime: one.row for one in run.scores.scores if one.whole and one.row.kind == "date"
    }
    assert row.values["value_f1"] == scores["value"].f1
    right, found = scores["value"].counts.tp, scores["overlap"].counts.tp
    assert row.values["value_accuracy"] == right / found


def test_a_frame_has_the_raw_numbers(run):
    frame = run.tables().sections[0]["entity"].frame
    (expected,) = [
        one.row for one in run.rows() if (one.backend, one.row.kind) == ("rules", "entity")
    ]
    row = frame.set_index("backend").loc["rules"]
    assert (row["f1"], row["low"], row["gold"]) == (expected.f1, expected.low, expected.counts.gold)
    assert frame["borrowed"].tolist() == ["", "rules"]


def test_every_block_has_a_name_of_its_own_in_its_section(run):
    (section,) = run.tables().sections
    names = [block.name for block in section.all]
    assert len(set(names)) == len(names)
    assert section["label.entity"] in section.labels


def test_what_a_column_means_is_said_once_and_only_where_it_is_shown(run):
    from factharness.report import text_tables

    printed = text_tables([run], detail=False).replace("\n  ", " ")
    for meaning, times in (("joint: F1", 1), ("95 %: the interval", 1), ("F1 partial", 0)):
        assert printed.count(meaning) == times


def test_the_schema_of_the_json_report_is_the_one_in_the_docs():
    # After a change that is meant: write what schema() returns into the file.
    assert (ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8") == schema()


def rows_of(right):
    return [
        CountRow(f"a{n}", "entity", "*", "strict", Counts(tp, 0, 2 - tp))
        for n, tp in enumerate(right)
    ]


def kept(counts):
    """The same as the column of entities under strict."""

    def read(goldset, backend, column):
        rows = counts.get((goldset, backend))
        if rows is None or column != ("entity", "*", "strict"):
            return None
        return KeptColumn(
            np.array([int(row.article[1:]) for row in rows]),
            np.array([(row.counts.tp, row.counts.fp, row.counts.fn) for row in rows], float),
        )

    return read


sides = st.lists(st.integers(0, 2), min_size=7, max_size=7)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(sides, min_size=1, max_size=4))
def test_a_leader_is_tested_against_each_other_with_holms_correction(run, right):
    names = [f"b{n}" for n in range(len(right))]
    (first, *_) = run.manifest.backends
    lender = replace(first, name="hybrid", borrows={"entity": "b0"})
    backends = [lender, *(replace(first, name=name) for name in names)]
    manifest = replace(run.manifest, backends=tuple(backends))
    counts = {("mini", name): rows_of(side) for name, side in zip(names, right, strict=True)}
    counts["mini", "hybrid"] = rows_of([2] * 7)  # better than all, and takes no part
    found = list(leads(manifest, kept(counts)))
    if len(right) == 1:
        assert found == []
        return
    (lead,) = found
    totals = {name: sum(side) for name, side in zip(names, right, strict=True)}
    assert totals[lead.backend] == max(totals.values())
    others = [name for name in names if name != lead.backend]
    best = [row.counts for row in counts["mini", lead.backend]]
    p = [compare([row.counts for row in counts["mini", name]], best).p for name in others]
    assert lead.p == pytest.approx(dict(zip(others, holm(p), strict=True)), abs=1e-6)


def combining(run, *sides):
    """A run whose back ends b0, b1, … have these numbers of right entities, the last combining the others."""
    (first, *_) = run.manifest.backends
    names = [f"b{n}" for n in range(len(sides))]
    backends = [replace(first, name=name) for name in names]
    backends[-1] = replace(backends[-1], combines={"entity": tuple(names[:-1])})
    (goldset,) = run.manifest.goldsets
    articles = tuple(replace(goldset.articles[0], id=f"a{n}") for n in range(9))
    goldsets = (replace(goldset, articles=articles),)
    manifest = replace(run.manifest, backends=tuple(backends), goldsets=goldsets)
    return manifest, {("mini", n): rows_of(side) for n, side in zip(names, sides, strict=True)}


def test_a_combination_is_tested_against_its_parts_whoever_leads(run):
    manifest, counts = combining(run, [0] * 9, [1] * 9, [2] * 9)
    (found,) = against_parts(manifest, kept(counts))
    assert (found.backend, found.kind, found.regime) == ("b2", "entity", "strict")
    best = [row.counts for row in counts["mini", "b2"]]
    p = [compare([row.counts for row in counts["mini", name]], best).p for name in ("b0", "b1")]
    assert found.p == pytest.approx(dict(zip(("b0", "b1"), holm(p), strict=True)), abs=1e-6)
    behind, worse = combining(run, [2] * 9, [1] * 9, [0] * 9)
    assert [one.backend for one in against_parts(behind, kept(worse))] == ["b2"]
    lender = replace(manifest.backends[0], borrows={"entity": "b1"})
    some = replace(manifest, backends=(lender, *manifest.backends[1:]))
    assert [[*one.p] for one in against_parts(some, kept(counts))] == [["b1"]]


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        (([0] * 9, [1] * 9, [2] * 9), "better than each on entities 1.000 (p 0.00"),
        (([0] * 9, [2] * 9, [1] * 9), "worse than b1 on entities 0.667 (p 0.00"),
        (
            ([0] * 9, [1] * 9, [1] * 8 + [2]),
            "no clear difference from b1 on entities 0.714 (p 1.000",
        ),
        (([0] * 9, [1] * 9, [1] * 9), "no clear difference from b1 on entities 0.667 (p 1.000"),
        (
            ([0] * 9, [1] * 8 + [2], [1] * 9),
            "no clear difference from b1 on entities 0.667 (p 1.000",
        ),
    ],
)
def test_a_note_says_whether_a_combination_beats_each_of_its_parts(run, sides, said):
    manifest, counts = combining(run, *sides)
    records = [
        CountRecord(goldset, backend, row)
        for (goldset, backend), rows in counts.items()
        for row in rows
    ]
    (on_set, *_) = run.scores.backends
    on_sets = [replace(on_set, backend=one.name, seen={}) for one in manifest.backends]
    whole = replace(run, manifest=manifest, scores=tabulate(manifest, records, on_sets))
    (note,) = [note for note in whole.tables().sections[0].notes if "against its parts" in note]
    assert note.startswith(f"b2 against its parts (paired test, Holm): {said}")
