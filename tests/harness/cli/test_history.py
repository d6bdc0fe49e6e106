"""`factharness history` and `env` from outside, and the tables and pictures behind them."""

import itertools
import json
import shutil
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from factharness.backends import environment, registry
from factharness.backends.registry import BUILT_IN
from factharness.report.history import table, trends
from factharness.report.trend import COLOURS, svg
from factharness.runs.directory import load
from factharness.runs.history import stored

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def one(shell):
    """A stored run of the small gold set."""
    assert shell("run", shell.suite(), "-o", "reports/one", "-q").returncode == 0
    return shell.folder / "reports" / "one"


def later(run, hour, **changes):
    """The same run, some hours later, with other scores."""
    manifest = replace(run.manifest, started=f"2030-01-01T{hour:02}:00:00+00:00", id=f"r{hour}")
    return replace(run, manifest=replace(manifest, **changes))


def halved(run, kind):
    """The run with half the F1 on a kind."""
    scores = tuple(
        replace(one, row=replace(one.row, f1=one.row.f1 and one.row.f1 / 2))
        if one.row.kind == kind
        else one
        for one in run.scores.scores
    )
    return replace(run, scores=replace(run.scores, scores=scores))


def on_sets(run, **changes):
    """The run with another signature on each of its sets."""
    made = tuple(
        replace(one, signature=replace(one.signature, **changes)) for one in run.scores.backends
    )
    return replace(run, scores=replace(run.scores, backends=made))


def test_the_trend_is_printed_oldest_first_and_drawn(shell, one):
    shutil.copytree(one, one.with_name("earlier"))
    path = one.with_name("earlier") / "run.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"started": "2020-02-02T02:02:02+00:00", "commit": None}))
    said = shell("history", "-o", "trend.svg")
    assert said.returncode == 0, said.stderr
    title, _, head, _, first, second = said.stdout.splitlines()
    assert title.startswith("mini@1#")
    assert title.endswith(", F1, regime strict")
    assert head.split("  ")[0] == "started (UTC)"
    assert "capitals date" in head
    assert first.split()[:4] == ["2020-02-02", "02:02", "mine", "–"]
    assert second.split()[:2] > first.split()[:2]
    drawn = ElementTree.parse(shell.folder / "trend.svg").getroot()
    assert len(drawn.findall(f".//{SVG}polyline")) == 3
    assert len(drawn.findall(f".//{SVG}circle")) == 6


def test_what_is_no_whole_run_is_left_out_with_a_note(shell, one):
    reports = one.parent
    for name in ("a", "b", "c"):
        shutil.copytree(one, reports / name)
    (reports / "a" / "run.json").unlink()
    (reports / "b" / "scores.json").write_text("{")
    (reports / "c" / "run.json").write_text('{"format": 9}')
    (reports / "baselines").mkdir()
    (reports / "baselines" / "mine.json").write_text("{}")
    shell("run", shell.suite(), "--shard", "1/2", "-o", "reports/d", "-q")
    said = shell("history")
    assert said.returncode == 0, said.stderr
    notes = said.stderr.splitlines()
    assert [note.split(" is left out: ")[0] for note in notes] == [
        "note: a", "note: b", "note: c", "note: d",
    ]  # fmt: skip
    assert "no such file" in notes[0]
    assert "combine the shards first" in notes[3]
    assert len(said.stdout.splitlines()) == 5


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["none"], 2, "cannot be listed"),
        (["empty"], 3, "no run to show"),
        (["-o", "trend.png"], 2, "name a .svg file"),
        (["--suite", "mien"], 2, "did you mean 'mine'?"),
    ],
)
def test_wrong_use_is_said(shell, one, args, code, said):
    (shell.folder / "empty").mkdir()
    answer = shell("history", *args)
    assert (answer.returncode, said in answer.stderr) == (code, True), answer.stderr


def test_a_suite_can_be_picked(shell, one):
    assert shell("run", shell.suite("other"), "-o", "reports/other", "-q").returncode == 0
    assert len(shell("history").stdout.splitlines()) == 6
    assert len(shell("history", "--suite", "other").stdout.splitlines()) == 5


def test_each_number_is_that_of_its_run_and_what_is_missing_is_a_gap(one):
    run = load(one)
    runs = [later(run, 1), halved(later(run, 2), "date"), later(run, 3)]
    (trend,) = trends(runs)
    values = {series.kind: series.values for series in trend.series}
    assert values["quote"][0] == 1
    assert values["date"] == (0.75, 0.375, 0.75)
    shown = table(trend)
    assert [row[3 + [s.kind for s in trend.series].index("quote")] for row in shown.rows] == [
        "1.000"
    ] * 3
    # A back end that was not run in between: two stretches with a hole, not a line across it.
    empty = replace(runs[1], scores=replace(runs[1].scores, scores=()))
    (broken,) = trends([runs[0], empty, runs[2]])
    assert [series.values[1] for series in broken.series] == [None, None, None]
    drawn = ElementTree.fromstring(svg([broken]))
    assert len(drawn.findall(f".//{SVG}polyline")) == 6


@pytest.mark.parametrize("change", [{"gold": "mini@1#ffffff"}, {"scheme": "other-1"}])
def test_what_must_not_be_compared_is_not_put_in_one_table(one, change):
    run = load(one)
    assert len(trends([later(run, 1), later(run, 2)])) == 1
    assert len(trends([later(run, 1), on_sets(later(run, 2), **change)])) == 2
    assert len(trends([later(run, 1), later(run, 2, regimes=("partial",))])) == 2


def test_each_gold_set_has_a_table_of_its_own(one):
    run = load(one)
    other = on_sets(halved(run, "date"), gold="other@1#ffffff")
    scores = replace(
        run.scores,
        backends=(
            *run.scores.backends,
            *(replace(one, goldset="other") for one in other.scores.backends),
        ),
        scores=(
            *run.scores.scores,
            *(replace(one, goldset="other") for one in other.scores.scores),
        ),
    )
    mini, other = trends([replace(run, scores=scores)])
    dates = [
        series.values for trend in (mini, other) for series in trend.series if series.kind == "date"
    ]
    assert dates == [(0.75,), (0.375,)]
    assert (mini.title[:6], other.title[:7]) == ("mini@1", "other@1")


def test_a_back_end_has_one_colour_in_every_panel(one):
    (trend,) = trends([load(one)])
    date, quote = (s for s in trend.series if s.kind in ("date", "quote"))
    more = (date, replace(date, backend="another"), quote)
    drawn = ElementTree.fromstring(svg([replace(trend, series=more)]))
    colours = {}
    for text in drawn.findall(f"{SVG}text"):
        if text.get("fill") in COLOURS:
            colours.setdefault(text.text.split()[0], set()).add(text.get("fill"))
    assert {name: len(used) for name, used in colours.items()} == {"another": 1, "capitals": 1}


def test_another_label_map_is_a_column_of_its_own(one):
    run = load(one)
    (trend,) = trends([later(run, 1), on_sets(later(run, 2), map="wikiner")])
    names = {series.backend for series in trend.series}
    assert names == {"capitals (fr-news-1)", "capitals (wikiner)"}


def test_the_picture_escapes_names_and_keeps_its_words_apart(one):
    run = load(one)
    (trend,) = trends([later(run, 1)])
    same = tuple(
        replace(trend.series[0], backend=f"<{letter}&>", values=(0.5,)) for letter in "abc"
    )
    drawn = ElementTree.fromstring(svg([replace(trend, series=same)]))
    places = [
        float(text.get("y")) for text in drawn.findall(f"{SVG}text") if "&>" in (text.text or "")
    ]
    assert len(places) == 3
    assert all(low - high >= 12 for high, low in itertools.pairwise(places))


def test_runs_are_ordered_by_their_start_whatever_their_names(one):
    for name, started in (("b", "2021"), ("a", "2022"), ("c", "2020")):
        shutil.copytree(one, one.with_name(name))
        path = one.with_name(name) / "run.json"
        manifest = json.loads(path.read_text())
        path.write_text(json.dumps(manifest | {"started": f"{started}-01-01T00:00:00+00:00"}))
    runs, notes = stored(one.parent)
    assert [run.path.name for run in runs] == ["c", "b", "a", "one"]
    assert notes == []


def test_the_environment_is_printed_and_is_data(shell, monkeypatch):
    # Without the back ends that load a large library.
    known = {"rules": BUILT_IN["rules"], "gone": "no_such_module:build"}
    monkeypatch.setattr(registry, "targets", lambda: known)
    said = shell("env", "--json")
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert found["hardware"]["cores"] > 0
    assert found["libraries"]["msgspec"]
    assert "rules" in found["backends"]["rules"]["fingerprint"]
    assert "no_such_module" in found["backends"]["gone"]["problem"]
    text = shell("env").stdout
    assert f"Python {found['python']}" in text
    assert found["backends"]["rules"]["fingerprint"]["rules"] in text
    assert "back end gone: unavailable" in text


def test_what_the_system_does_not_tell_is_left_open(monkeypatch):
    monkeypatch.setattr(environment, "_text", lambda _: "")
    monkeypatch.delattr("os.sysconf", raising=False)
    found = environment.hardware()
    assert (found.memory, found.gpus) == (None, ())
