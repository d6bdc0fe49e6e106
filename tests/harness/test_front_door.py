"""``import factharness``: light, exact, typed, and what the page on Python shows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import factharness as fh

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "python.md"
MINI = ROOT / "tests" / "data" / "goldsets" / "mini"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    suite = tmp_path / "mine.toml"
    suite.write_text(
        f'[suite]\ngoldsets = ["{MINI}"]\n[[backend]]\nuse = "rules"\n'
        '[[backend]]\nuse = "replay"\noptions = { path = "stored.jsonl", kinds = ["entity"] }\n',
        encoding="utf-8",
    )
    lines = [f'{{"id": "{gold.article.id}", "facts": []}}\n' for gold in fh.read_gold(MINI)]
    (tmp_path / "stored.jsonl").write_text("".join(lines), encoding="utf-8")
    return fh.run(suite, output="out")


def test_all_names_are_there_and_no_others():
    assert fh.__all__ == sorted(fh.__all__)
    assert {name for names in fh._PLACES.values() for name in names} == set(fh.__all__)
    assert all(getattr(fh, name) is not None for name in fh.__all__)
    assert set(fh.__all__) <= set(dir(fh))
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        _ = fh.runn


def test_the_import_loads_nothing_of_weight():
    code = "import sys, factharness; print(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    for heavy in ("numpy", "pandas", "msgspec", "click", "rich", "typing'"):
        assert f"'{heavy}" not in loaded


def test_a_run_that_is_loaded_is_the_run(run):
    again = fh.load("out")
    assert again.manifest == run.manifest
    assert again.scores == run.scores
    assert repr(again) == repr(run)


def test_a_run_is_short_in_a_terminal_and_a_table_in_a_notebook(run):
    assert len(repr(run)) < 300
    assert "rules entity 0." in repr(run)
    html = run._repr_html_()
    # A block per kind, each with its heading row; the replayed entities have a row of their own.
    assert html.count("<table") == html.count("<thead") == 3
    assert html.count("<tr") == 3 + len(run.rows())


def test_a_frame_has_the_columns_and_rows_of_the_csv(run):
    import pandas as pd

    frame = run.to_frame()
    written = pd.read_csv("out/scores.csv")
    assert list(frame.columns) == list(written.columns)
    assert len(frame) == len(written)
    assert len(run.to_frame(averages=True)) == len(run.scores.scores)


def test_mistakes_say_what_where_and_what_instead(run):
    mistakes = run.mistakes("replay", kind="entity")
    assert {mistake.what for mistake in mistakes} == {"missed"}
    assert re.search(r"\.gold:\d+: replay: missed (PER|LOC|ORG|MISC) '", str(mistakes[0]))
    frame = mistakes.to_frame()
    assert len(frame) == len(mistakes)
    groups = mistakes.groups()
    assert sum(group.times for group in groups) == len(mistakes)
    assert [group.times for group in groups] == sorted((g.times for g in groups), reverse=True)
    assert repr(mistakes) == f"{len(mistakes)} mistakes: {len(mistakes)} missed"
    assert repr(mistakes[:0]) == "0 mistakes"
    assert len(run.mistakes()) > len(mistakes)
    with pytest.raises(fh.HarnessError, match="did you mean 'rules'"):
        run.mistakes("rule")


def test_two_back_ends_and_two_runs_are_compared(run):
    (comparison,) = fh.compare(run, "rules", "replay", draws=50)
    assert comparison.title == "replay against rules, on mini"
    frame = comparison.to_frame()
    assert set(frame.kind) == {"entity"}
    assert (frame.difference < 0).all()
    assert {flip.change for flip in comparison.flips} <= {"lost", "mended"}
    same = fh.compare(run, fh.load("out"), draws=50)
    assert [one.goldset for one in same] == ["mini", "mini"]
    assert all(one.flips == [] for one in same)
    with pytest.raises(fh.HarnessError, match="unknown back end"):
        fh.compare(run, "rules", "nobody")


@pytest.fixture
def no_texts(monkeypatch, tmp_path):
    """A folder of attached texts that is empty, whatever this machine has attached."""
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "texts"))


@pytest.mark.usefixtures("no_texts")
def test_gold_is_read_by_path_or_name_and_what_is_not_here_is_said():
    assert [gold.article.id for gold in fh.read_gold(MINI)] == [
        path.stem for path in sorted(MINI.glob("*.gold"))
    ]
    assert len(fh.read_gold("depeches")) == 40
    with (
        pytest.warns(UserWarning, match="is left out: its text is not here|is left out"),
        pytest.raises(fh.HarnessError, match="no article of this set has its text here"),
    ):
        fh.read_gold(ROOT / "goldsets" / "presse" / "2017-04-29-lavrov-astana.gold")


@pytest.mark.usefixtures("no_texts")
def test_nothing_to_score_is_an_error_that_says_why(tmp_path):
    suite = tmp_path / "none.toml"
    suite.write_text(
        f'[suite]\ngoldsets = ["{ROOT / "goldsets" / "presse"}"]\n[[backend]]\nuse = "rules"\n',
        encoding="utf-8",
    )
    with pytest.raises(fh.HarnessError, match="no article to score"):
        fh.run(suite, output=tmp_path / "out")
    with pytest.raises(fh.HarnessError, match="name it as output"):
        fh.run(suite, force=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": -2}, "limit=-2 is not a whole number from 1"),
        ({"limit": 1.5}, "limit=1.5 is not"),
        ({"sample": -1}, "sample=-1"),
        ({"jobs": 0}, "jobs=0"),
        ({"timeout": -1}, "timeout=-1 is not a number of seconds"),
        ({"backends": "rule"}, "unknown back end 'rule'.*did you mean 'rules'"),
        ({"articles": "x"}, "unknown article 'x'"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(tmp_path, options, message):
    with pytest.raises(fh.HarnessError, match=message):
        fh.run("default", output=tmp_path / "out", **options)


def test_a_typo_is_not_taken_for_no_mistakes(run):
    with pytest.raises(fh.HarnessError, match=r"unknown kind 'entities'.*did you mean 'entity'"):
        run.mistakes("rules", kind="entities")
    with pytest.raises(fh.HarnessError, match="unknown kind 'entities'"):
        fh.evaluate(fh.read_gold(MINI), [], kinds={"entities"})
    with pytest.raises(fh.HarnessError, match="two back ends or of two runs"):
        fh.compare(run, "rules")
    with pytest.raises(KeyError, match="loose was not scored; these were: strict"):
        fh.score_spans([], [])["loose"]


def test_what_a_notebook_shows_is_short(run):
    shown = [repr(run.mistakes()[0]), repr(run.mistakes().groups()[0])]
    (comparison,) = fh.compare(run, "rules", "replay", draws=50)
    shown += [repr(comparison), repr(comparison.flips[0])]
    assert all(len(one) < 200 and one.startswith("<") for one in shown)
    assert "entity -" in repr(comparison)


@pytest.mark.slow
@pytest.mark.needs("mypy")
def test_a_type_checker_knows_the_scores(tmp_path):
    from mypy import api

    source = tmp_path / "use.py"
    source.write_text(
        "import factharness as fh\n"
        's = fh.score_spans([("a", 0, 1, "PER")], [])\n'
        'reveal_type(s["strict"].f1)\n'
        's["strict"].typo\n'
        "fh.rnu\n",
        encoding="utf-8",
    )
    said, _, _ = api.run(["--strict", f"--config-file={ROOT / 'pyproject.toml'}", str(source)])
    assert re.search(r'use\.py:3: note: Revealed type is "(builtins\.)?float \| None"', said), said
    assert '"RegimeScore" has no attribute "typo"' in said
    assert re.search(r'use\.py:5: error: Module has no attribute "rnu"', said)


def blocks():
    return re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.slow
@pytest.mark.needs("spacy")
def test_the_blocks_of_the_page_run_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    names: dict[str, object] = {}
    for block in blocks():
        exec(compile(block, str(PAGE), "exec"), names)
    assert len(blocks()) > 8
    assert names["mistakes"]
