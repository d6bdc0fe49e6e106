"""What all back ends did on one article after the other."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from factharness import api
from factharness.errors import HarnessError
from factharness.runs.directory import load
from factharness.runs.side_by_side import side_by_side

DATA = Path(__file__).resolve().parents[2] / "data"
LOCAL = Path(__file__).resolve().parents[1] / "local_backends.py"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run of two back ends, and of a third one that cannot be built."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    suite = tmp_path / "mine.toml"
    suite.write_text(
        f'[suite]\ngoldsets = ["{DATA / "goldsets" / "mini"}"]\n[[backend]]\nuse = "rules"\n'
        f'[[backend]]\nuse = "file:{LOCAL}:build"\nname = "capitals"\n'
        '[[backend]]\nuse = "replay"\noptions = { path = "nowhere.jsonl" }\n',
        encoding="utf-8",
    )
    return api.run(suite, output=tmp_path / "out")


def test_each_article_has_what_the_run_says_of_it_back_end_by_back_end(run):
    articles = list(side_by_side(run))
    (goldset,) = run.manifest.goldsets
    assert [one.article for one in articles] == list(goldset.articles)
    assert [one.gold for one in articles] == list(run.gold())
    for backend in ("rules", "capitals"):
        assert [one.results[backend] for one in articles] == list(run.results(backend))
        assert [m for one in articles for m in one.matches[backend]] == list(run.matches(backend))
        assert [m for one in articles for m in one.mistakes[backend]] == list(run.mistakes(backend))
    assert {name for one in articles for name in one.results} == {"rules", "capitals"}


def test_some_back_ends_and_articles_are_what_they_are_among_all(run):
    whole = list(side_by_side(run))
    name = whole[1].goldset, whole[1].article.id
    (one,) = side_by_side(run, ["capitals"], [name])
    assert list(one.results) == ["capitals"]
    assert one.mistakes["capitals"] == whole[1].mistakes["capitals"]


def test_a_run_of_the_first_format_has_its_matches_and_no_gold():
    run = load(DATA / "runs" / "first")
    articles = list(side_by_side(run))
    assert {one.gold for one in articles} == {None}
    assert [m for one in articles for m in one.matches["rules"]] == list(run.matches("rules"))


def rewritten(path, lines):
    with gzip.open(path) as file:
        read = [json.loads(line) for line in file]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in lines(read))


@pytest.mark.parametrize(
    ("name", "lines", "words"),
    [
        ("backends/rules.jsonl.gz", lambda read: read[::-1], "out of the order of the run"),
        ("backends/rules.jsonl.gz", lambda read: [*read, read[0]], "out of the order of the run"),
        ("gold.jsonl.gz", lambda read: read[:-1], "does not have the gold of"),
        ("gold.jsonl.gz", lambda read: read[::-1], "does not have the gold of"),
        (
            "gold.jsonl.gz",
            lambda read: [line | {"facts": [], "words": [], "lines": []} for line in read],
            "a match of a fact that",
        ),
    ],
)
def test_files_of_a_run_that_do_not_belong_together_are_refused(run, tmp_path, name, lines, words):
    shutil.copytree(run.path, tmp_path / "copy")
    rewritten(tmp_path / "copy" / name, lines)
    with pytest.raises(HarnessError, match=words) as error:
        list(side_by_side(load(tmp_path / "copy")))
    assert ".jsonl.gz: " in str(error.value)


def test_a_file_that_was_cut_is_refused(run, tmp_path):
    shutil.copytree(run.path, tmp_path / "copy")
    path = tmp_path / "copy" / "backends" / "rules.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(HarnessError, match="cannot be read"):
        list(side_by_side(load(tmp_path / "copy")))


def test_an_article_that_a_back_end_has_no_result_of_is_passed_over(run, tmp_path):
    shutil.copytree(run.path, tmp_path / "copy")
    rewritten(tmp_path / "copy" / "backends" / "capitals.jsonl.gz", lambda read: read[1:])
    first, second, _ = side_by_side(load(tmp_path / "copy"))
    assert list(first.results) == ["rules"]
    assert list(second.results) == ["rules", "capitals"]
