"""Run directories: what is written is read again, of this format and of the first."""

import gzip
import json
import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from strategies import facts

from factharness import api
from factharness.errors import HarnessError
from factharness.facts import Prediction
from factharness.runs import parts
from factharness.runs.directory import load, write_head
from factharness.runs.record import (
    ArticleRecord,
    ArticleResult,
    BackendRecord,
    GoldFacts,
    GoldSetRecord,
)
from factharness.score import CountRow, Counts, Match, SemEval
from factharness.score.rows import article_counts

DATA = Path(__file__).resolve().parents[2] / "data"
FIRST = DATA / "runs" / "first"


@pytest.fixture
def again(tmp_path, monkeypatch):
    """The run of the first format, made anew by this version."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    suite = tmp_path / "mine.toml"
    suite.write_text(
        f'[suite]\ngoldsets = ["{DATA / "goldsets" / "mini"}"]\nslices = ["rubrique"]\n'
        '[[backend]]\nuse = "rules"\n',
        encoding="utf-8",
    )
    return api.run(suite, output=tmp_path / "out")


def counted(run):
    return {
        (one.goldset, one.row.article, one.row.kind, one.row.regime, one.row.label): (
            one.row.counts,
            one.row.semeval,
        )
        for one in run.counts("rules")
        if one.row.regime != "typed-partial"  # the first format was scored without
    }


def without(match):
    return replace(match, right=tuple(name for name in match.right if name != "typed-partial"))


def test_a_run_of_the_first_format_is_read_as_one_of_this(again):
    first = load(FIRST)
    assert [record.row.f1 for record in first.rows() if record.backend == "rules"] == [
        record.row.f1 for record in again.rows()
    ]
    assert counted(first) == counted(again)
    assert {one.prediction.article_id: one.prediction for one in first.predictions("rules")} == {
        one.prediction.article_id: one.prediction for one in again.predictions("rules")
    }
    old, new = list(first.matches("rules")), list(again.matches("rules"))
    assert [one.match for one in old] == [without(one.match) for one in new]
    for one, other in zip(old, new, strict=True):
        for before, after in ((one.gold, other.gold), (one.pred, other.pred)):
            assert (before is None) == (after is None)
            if before is not None and after is not None:
                assert (before.label, before.spans, before.words, before.line) == (
                    *(after.label, after.spans, after.words, after.line),
                )
    assert len(first.mistakes("rules")) == len(again.mistakes("rules"))
    with pytest.raises(HarnessError, match="first format does not hold the gold"):
        list(first.gold())


def test_facts_come_with_what_a_reader_wants_to_see(again):
    quotes = [
        one.gold for one in again.matches() if one.match.kind == "quote" and one.gold is not None
    ]
    assert any(quote.speaker and quote.cue for quote in quotes)
    dates = [one.gold for one in again.matches() if one.match.kind == "date" and one.gold]
    assert all(date.value for date in dates)


def test_the_long_part_takes_little_room(again):
    results = parts.backend_file(again.folder, "rules").stat().st_size
    assert results / 3 < 3_000


words = st.lists(st.text(max_size=5), min_size=1, max_size=3).map(tuple)
numbers = st.integers(0, 9) | st.floats(0, 9)


@st.composite
def results(draw):
    found = tuple(draw(st.lists(facts, max_size=4)))
    rows = st.builds(
        CountRow,
        st.just("a"),
        st.sampled_from(["entity", "date"]),
        st.sampled_from(["*", "PER", "é|"]),
        st.sampled_from(["strict", "iou@0.5"]),
        st.builds(Counts, numbers, numbers, numbers),
        st.none() | st.builds(SemEval, *[st.integers(0, 9)] * 5),
    )
    unique = draw(st.lists(rows, unique_by=lambda row: (row.kind, row.regime, row.label)))
    matches = st.builds(
        Match,
        st.just("a"),
        st.just("entity"),
        st.none() | st.integers(0, 3),
        st.none() | st.integers(0, 3),
        st.none() | st.text(max_size=3),
        st.none() | st.text(max_size=3),
        st.floats(0, 1),
        st.lists(st.sampled_from(["strict", "partial"])).map(tuple),
        st.booleans(),
    )
    error = None if draw(st.booleans()) else "raised"
    return ArticleResult(
        "mini",
        Prediction("a", None if error else found, error),
        draw(st.floats(0, 9)),
        draw(st.booleans()),
        tuple(draw(words) for _ in found),
        article_counts(sorted(unique, key=lambda row: (row.kind, row.regime, row.label))),
        tuple(draw(st.lists(matches, max_size=3))),
    )


@given(st.lists(results(), max_size=3))
def test_what_is_written_is_read_again(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("run")
    parts.write_results(folder, "b", made)
    read = list(parts.read_results(folder, "b"))
    for one, other in zip(read, made, strict=True):
        assert sorted(one.counts, key=repr) == sorted(other.counts, key=repr)
        assert (one.goldset, one.prediction, one.seconds, one.cached, one.words, one.matches) == (
            *(other.goldset, other.prediction, other.seconds, other.cached),
            *(other.words, other.matches),
        )


def test_the_same_values_are_the_same_bytes(tmp_path):
    gold = GoldFacts("mini", "a", (), (), ())
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with parts.Files(tmp_path / name, ()) as files:
            files.gold(gold)
    assert (tmp_path / "one" / parts.GOLD).read_bytes() == (
        tmp_path / "two" / parts.GOLD
    ).read_bytes()


@given(st.lists(st.lists(st.text(max_size=3), max_size=3), max_size=3), st.text(max_size=9))
def test_the_head_is_indented_json_though_it_is_written_by_article(tmp_path_factory, sets, odd):
    def article(name):
        meta = {"rubrique": odd, '"goldsets": []': '\n "articles": []'}
        return ArticleRecord(name, odd, "digest", "text", meta, 3, phenomena=(odd,))

    goldsets = tuple(
        GoldSetRecord(odd, "1", "fr-news-1", odd, tuple(map(article, names))) for names in sets
    )
    backend = BackendRecord("b", "u", {"goldsets": [], "articles": []})
    run = load(FIRST)
    run = replace(run, manifest=replace(run.manifest, goldsets=goldsets, backends=(backend,)))
    folder = tmp_path_factory.mktemp("run")
    write_head(folder, run)
    whole = msgspec.json.format(msgspec.json.encode(run.manifest), indent=1)
    assert (folder / "run.json").read_bytes() == whole + b"\n"


def damaged(path, change):
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data[: len(data) // 2], "cannot be read"),
        (lambda data: b"no gzip", "cannot be read"),
        (lambda data: gzip.compress(b'{"goldset": 1}\n'), r"gz:1: cannot be read"),
        (lambda data: gzip.compress(gzip.decompress(data).replace(b'"mini"', b'"maxi"')), "maxi"),
        (
            lambda data: gzip.compress(
                gzip.decompress(data).replace(b'["entity",0,', b'["entity",999,')
            ),
            "a match of a fact",
        ),
    ],
)
def test_a_damaged_file_is_named(again, tmp_path, change, message):
    copy = Path(shutil.copytree(again.folder, tmp_path / "copy"))
    damaged(parts.backend_file(copy, "rules"), change)
    with pytest.raises(HarnessError, match=message):
        list(load(copy).matches())


def test_gold_that_is_missing_is_said(again, tmp_path):
    copy = Path(shutil.copytree(again.folder, tmp_path / "copy"))
    lines = gzip.decompress((copy / parts.GOLD).read_bytes()).splitlines(keepends=True)
    (copy / parts.GOLD).write_bytes(gzip.compress(b"".join(lines[1:])))
    with pytest.raises(HarnessError, match="has no gold of mini/2024-03-05-moulin"):
        list(load(copy).matches())


def test_a_newer_format_is_refused(again, tmp_path):
    copy = Path(shutil.copytree(again.folder, tmp_path / "copy"))
    manifest = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    (copy / "run.json").write_text(json.dumps(manifest | {"format": 3}), encoding="utf-8")
    with pytest.raises(HarnessError, match="run format 3, this version reads up to 2"):
        load(copy)
