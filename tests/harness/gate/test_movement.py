"""How far each back end and kind moved since the baseline, against the tests of two runs."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from factharness.gate.baseline import of
from factharness.gate.baseline_lines import Lines
from factharness.gate.judge import judge
from factharness.gate.movement import LEVEL, movements
from factharness.runs.comparison import compare_runs
from factharness.runs.directory import load
from factharness.score.stats import holm
from factharness.signature import SEED

RUN = load(Path(__file__).resolve().parents[2] / "data" / "runs" / "first")
BASELINE = of(RUN, "the first")
RULES = ["errors >= 0"]


def moved(baseline):
    return movements(RUN, judge(RUN, RULES, baseline))


def edited(change, backend=None, kind=None):
    """The baseline with the counts of a back end's lines of a kind changed by ``change``."""
    lines = [
        replace(line, counts={
            label: {regime: change(*counts) for regime, counts in by_regime.items()}
            for label, by_regime in line.counts.items()
        }) if backend in (None, line.backend) and kind in (None, line.kind) else line
        for line in BASELINE.lines
    ]  # fmt: skip
    return replace(BASELINE, lines=Lines(lines))


def test_a_run_did_not_move_from_itself():
    found = moved(BASELINE)
    assert [one.number.task for one in found] == [
        (row.goldset, row.backend, row.row.kind) for row in RUN.rows()
    ]
    for one, row in zip(found, RUN.rows(), strict=True):
        assert one.now == row.row.f1
        assert (one.change, one.p, one.more_than_chance) in ((0, 1, False), (None, None, None))


def test_a_movement_is_what_a_comparison_of_two_runs_says():
    names = [one.name for one in RUN.manifest.backends]
    (row,) = (
        row
        for comparison in compare_runs((RUN, names[0]), (RUN, names[1]), draws=10_000, seed=SEED)
        for row in comparison.rows
        if (row.kind, row.regime) == ("date", RUN.manifest.main_regime("date"))
    )

    def dates(backend):
        return [line for line in BASELINE.lines if (line.backend, line.kind) == (backend, "date")]

    before = {line.article: line.counts for line in dates(names[0])}
    lines = [
        replace(line, counts=before[line.article]) if line in dates(names[1]) else line
        for line in BASELINE.lines
    ]
    found = moved(replace(BASELINE, lines=Lines(lines)))
    one = next(one for one in found if one.number.task[1:] == (names[1], "date"))
    assert one.change == pytest.approx(row.difference.difference)
    tested = [other.p for other in found if other.p is not None]
    assert one.p == pytest.approx(holm([row.difference.p, *[1.0] * (len(tested) - 1)])[0])


def test_nothing_found_before_is_a_rise():
    names = [one.name for one in RUN.manifest.backends]
    found = moved(edited(lambda tp, fp, fn: (0, fp, fn + tp), names[0]))
    mine = [one for one in found if one.number.backend == names[0] and one.now]
    assert mine
    assert all(one.change == pytest.approx(one.now) for one in mine)
    # Of the 8 ways to swap three articles, 2 are as far apart when all three have got better.
    alone = [2 / 8 if one in mine else 1.0 for one in found]
    assert [one.p for one in found] == pytest.approx(holm(alone))


@pytest.mark.parametrize(("p", "more"), [(LEVEL, True), (LEVEL + 0.001, False), (None, None)])
def test_more_than_chance_is_a_small_p(p, more):
    assert replace(moved(BASELINE)[0], p=p).more_than_chance is more


def test_a_number_that_is_missing_says_why():
    first, *others = RUN.manifest.backends
    record = replace(first, unavailable="its model is gone")
    manifest = replace(RUN.manifest, backends=(record, *others))
    run = replace(RUN, manifest=manifest)
    found = movements(run, judge(run, RULES, BASELINE))
    gone = [one for one in found if one.number.backend == first.name]
    assert len(gone) == len(first.kinds)
    for one in gone:
        assert (one.now, one.change, one.p) == (None, None, None)
        assert f"{first.name} is unavailable: its model is gone; the baseline" in one.why


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        (None, "there is no baseline that can be compared with this run"),
        (
            replace(BASELINE, suite="another"),
            "there is no baseline that can be compared with this run",
        ),
        (replace(BASELINE, lines=Lines()), "has no article that was scored now"),
        (edited(lambda *_: (0, 0, 0)), "F1 is undefined, now or in the baseline"),
        (replace(BASELINE, kinds=dict.fromkeys(BASELINE.kinds, ())), "does not know the kind"),
    ],
)
def test_where_nothing_can_be_tested_it_says_why(baseline, said):
    for one in moved(baseline):
        assert said in one.why
        assert (one.change, one.p, one.more_than_chance) == (None, None, None)
