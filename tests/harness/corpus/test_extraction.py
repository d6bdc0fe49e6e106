"""Extraction of a corpus: in order, complete, and the same however often it was broken off."""

import itertools
import json
from io import FileIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.backends.recipe import Recipe
from factharness.backends.workers import AHEAD, BATCH, Placement
from factharness.corpus import extraction, journal, sources
from factharness.corpus.journal import Ledger
from factharness.errors import HarnessError, OutputError
from factharness.facts import Article

HERE = str(Path(__file__).parents[1])
COUNT = 20


def recipe(**options):
    return Recipe("file:local_backends.py:build", options, HERE)


def write(path, count=COUNT, bad=(3,)):
    """A corpus of that many lines; those numbered in ``bad`` are no JSON."""
    path.write_text(
        "".join(
            "nothing\n"
            if number in bad
            else json.dumps({"id": f"a{number}", "text": f"Anne {number} part en 20{number:02}."})
            + "\n"
            for number in range(count)
        ),
        encoding="utf-8",
    )
    return sources.find(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A corpus, and what an extraction that was never broken off writes."""
    folder = tmp_path_factory.mktemp("whole")
    found = write(folder / "c.jsonl")
    tally = extraction.extract(recipe(when={"a5": "raise"}), found, folder / "out.jsonl")
    assert (tally.articles, tally.errors, tally.before) == (COUNT, 2, 0)
    return found, (folder / "out.jsonl").read_bytes(), folder / "out.jsonl.journal"


def test_a_line_per_entry_in_the_order_of_the_input(whole):
    lines = [json.loads(line) for line in whole[1].splitlines()]
    assert [line["id"] for line in lines] == [
        "line 4" if number == 3 else f"a{number}" for number in range(COUNT)
    ]
    assert {line["id"] for line in lines if "error" in line} == {"line 4", "a5"}
    assert lines[5]["error"].startswith("RuntimeError: cannot do a5 (at ")
    assert lines[0]["facts"][0] == {
        "kind": "entity",
        "span": [0, 4],
        "label": "PER",
        "words": "Anne",
    }


@settings(max_examples=40)
@given(data=st.data())
def test_whatever_was_written_the_rest_is_neither_repeated_nor_lost(whole, tmp_path_factory, data):
    found, wanted, journal = whole
    out = tmp_path_factory.mktemp("cut") / "out.jsonl"
    cut = data.draw(st.integers(0, len(wanted)))
    out.write_bytes(wanted[:cut])
    Path(f"{out}.journal").write_bytes(journal.read_bytes())
    options = {"when": {"a5": "raise"}}
    tally = extraction.extract(recipe(**options), found, out)
    assert out.read_bytes() == wanted
    assert tally.before == wanted[:cut].count(b"\n")
    lines = [json.loads(line) for line in Path(f"{out}.journal").read_bytes().splitlines()]
    sittings = [line for line in lines if "at" in line]
    assert [sitting["at"] for sitting in sittings] == [0, tally.before]


def test_several_processes_write_the_same(whole, tmp_path):
    found, wanted, _ = whole
    extraction.extract(
        recipe(when={"a5": "raise"}), found, tmp_path / "out.jsonl", where=Placement(2)
    )
    assert (tmp_path / "out.jsonl").read_bytes() == wanted


@pytest.mark.parametrize("where", [Placement(2), Placement(isolate=True)])
def test_a_process_that_dies_costs_only_the_article_it_died_on(tmp_path, where):
    found = write(tmp_path / "c.jsonl", count=8 * BATCH, bad=())
    deadly = f"a{3 * BATCH + 7}"
    extraction.extract(recipe(when={deadly: "die"}), found, tmp_path / "out.jsonl", where=where)
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert [line["id"] for line in lines] == [entry.id for entry in found.entries()]
    assert [line["id"] for line in lines if "error" in line] == [deadly]


@pytest.mark.parametrize("parts", [1, 2, 3, 30])
def test_shards_are_the_whole_in_turns(whole, tmp_path, parts):
    found, wanted, _ = whole
    shards = []
    for part in range(1, parts + 1):
        out = tmp_path / f"{part}.jsonl"
        extraction.extract(recipe(when={"a5": "raise"}), found, out, shard=(part, parts))
        shards.append(out.read_bytes().splitlines(keepends=True))
    in_turns = itertools.chain.from_iterable(itertools.zip_longest(*shards, fillvalue=b""))
    assert b"".join(in_turns) == wanted


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_corpus_is_read_no_further_than_the_workers_need(jobs):
    read = []

    def endless():
        for number in itertools.count():
            read.append(number)
            yield Article(f"a{number}", "Anne")

    batches = extraction.predictions(recipe(), recipe().build(), endless(), Placement(jobs))
    made = itertools.chain.from_iterable(batches)
    for written in range(5 * BATCH):
        entry, prediction = next(made)
        assert entry.id == prediction.article_id == f"a{written}"
        assert len(read) - written <= AHEAD * jobs * BATCH + BATCH
    batches.close()


def test_another_back_end_shard_or_corpus_cannot_go_on(whole, tmp_path):
    found, wanted, journal = whole
    out = tmp_path / "out.jsonl"
    out.write_bytes(wanted[:200])
    Path(f"{out}.journal").write_bytes(journal.read_bytes())
    with pytest.raises(
        OutputError, match=r"was begun otherwise: .*kinds date,entity,quote against date"
    ):
        extraction.extract(recipe(kinds=["date"]), found, out)
    with pytest.raises(OutputError, match=r"shard None against \(1, 2\)"):
        extraction.extract(recipe(when={"a5": "raise"}), found, out, shard=(1, 2))
    other = write(tmp_path / "other.jsonl", bad=(0,))
    with pytest.raises(HarnessError, match="is of 'a0', where the input has 'line 1'"):
        extraction.extract(recipe(when={"a5": "raise"}), other, out)
    assert out.read_bytes() == wanted[: wanted[:200].rindex(b"\n") + 1]


def test_a_file_of_somebody_else_is_left_alone(whole, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("my notes\n")
    with pytest.raises(OutputError, match="no extraction wrote it"):
        extraction.extract(recipe(), whole[0], out)
    assert out.read_text() == "my notes\n"


def test_a_line_changed_by_hand_is_named(whole, tmp_path):
    found, wanted, journal = whole
    out = tmp_path / "out.jsonl"
    lines = wanted.splitlines(keepends=True)
    out.write_bytes(lines[0] + b"{}\n" + lines[2])
    Path(f"{out}.journal").write_bytes(journal.read_bytes())
    with pytest.raises(HarnessError, match="not what an extraction writes") as refused:
        extraction.extract(recipe(when={"a5": "raise"}), found, out)
    assert refused.value.line == 2


def test_a_line_that_is_taken_in_pieces_is_whole(whole, tmp_path, monkeypatch):
    class Reluctant(FileIO):
        def write(self, data):
            return super().write(bytes(data[:7]))

    monkeypatch.setattr(journal, "appending", lambda path: Reluctant(path, "a+"))
    extraction.extract(recipe(when={"a5": "raise"}), whole[0], tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == whole[1]


def test_two_at_once_do_not_mix_their_lines(whole, tmp_path, monkeypatch):
    found, wanted, _ = whole
    out = tmp_path / "out.jsonl"
    append = Ledger.append

    def meanwhile(self, prediction):
        with pytest.raises(OutputError, match="another extraction is writing it"):
            extraction.extract(recipe(when={"a5": "raise"}), found, out)
        append(self, prediction)

    monkeypatch.setattr(Ledger, "append", meanwhile)
    extraction.extract(recipe(when={"a5": "raise"}), found, out)
    assert out.read_bytes() == wanted
