"""Outputs of every form: the same whenever the extraction was broken off, also while they were written."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.backends.recipe import Recipe
from factharness.corpus import extraction, journal, sources
from factharness.corpus.seen_ids import SeenIds
from factharness.errors import HarnessError, OutputError
from factharness.extracted.forms import FORMS
from factharness.extracted.reading import stored

HERE = str(Path(__file__).parents[1])
COUNT = 12
RECIPE = Recipe("file:local_backends.py:build", {"when": {"a5": "raise"}}, HERE)
PACKED = [
    pytest.param(form.ending, marks=pytest.mark.needs("pyarrow"))
    if form.ending == ".parquet"
    else form.ending
    for form in FORMS[1:]
]


def corpus(path, count=COUNT):
    rows = ({"id": f"a{n}", "text": f"Anne {n} part en 20{n:02}."} for n in range(count))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return sources.find(path)


def begun(folder, ending, lines, source):
    """An output as a process leaves it that is killed after so many bytes of lines."""
    extraction.extract(RECIPE, source, folder / "whole.jsonl")
    out = folder / f"out{ending}"
    data = (folder / "whole.jsonl").read_bytes()
    Path(f"{out}.part.jsonl").write_bytes(data[: lines % (len(data) + 1)])
    Path(f"{out}.journal").write_bytes((folder / "whole.jsonl.journal").read_bytes())
    return out


@pytest.mark.parametrize("ending", PACKED)
@settings(max_examples=15)
@given(cut=st.integers(0, 10_000), torn=st.none() | st.binary(max_size=20))
def test_cut_at_any_byte_the_output_is_the_same(tmp_path_factory, ending, cut, torn):
    folder = tmp_path_factory.mktemp("cut")
    source = corpus(folder / "c.jsonl")
    extraction.extract(RECIPE, source, folder / f"wanted{ending}")
    out = begun(folder, ending, cut, source)
    if torn is not None:  # killed while the output was made of its lines
        Path(f"{out}.part").write_bytes(torn)
    tally = extraction.extract(RECIPE, source, out)
    assert out.read_bytes() == (folder / f"wanted{ending}").read_bytes()
    assert (tally.articles, tally.errors) == (COUNT, 1)
    assert {file.name for file in folder.glob("out*")} == {out.name, f"{out.name}.journal"}
    lines = [line.data.strip() for line in stored(out)]
    assert lines == (folder / "whole.jsonl").read_bytes().splitlines()


@pytest.mark.parametrize("ending", PACKED)
def test_a_complete_output_is_compared_with_the_input_and_left_as_it_is(tmp_path, ending):
    source, out = corpus(tmp_path / "c.jsonl"), tmp_path / f"out{ending}"
    extraction.extract(RECIPE, source, out)
    before = out.read_bytes(), out.stat().st_mtime_ns, Path(f"{out}.journal").read_bytes()
    tally = extraction.extract(RECIPE, source, out, resume=True)
    assert (tally.articles, tally.before, tally.errors) == (COUNT, COUNT, 1)
    assert (out.read_bytes(), out.stat().st_mtime_ns, Path(f"{out}.journal").read_bytes()) == before
    with pytest.raises(OutputError, match="is complete, and the input goes on with 'a12'"):
        extraction.extract(RECIPE, corpus(tmp_path / "c.jsonl", COUNT + 1), out)
    other = tmp_path / "d.jsonl"
    other.write_text('{"id": "b", "text": ""}\n')
    with pytest.raises(HarnessError, match="is of 'a0', where the input has 'b'"):
        extraction.extract(RECIPE, sources.find(other), out)
    assert out.read_bytes() == before[0]


@pytest.mark.parametrize("ending", PACKED)
def test_killed_after_the_output_was_made_it_is_made_again(tmp_path, ending):
    source, out = corpus(tmp_path / "c.jsonl"), tmp_path / f"out{ending}"
    extraction.extract(RECIPE, source, out)
    wanted = out.read_bytes()
    begun(tmp_path, ending, -1, source)
    out.write_bytes(b"old")
    extraction.extract(RECIPE, source, out)
    assert out.read_bytes() == wanted
    assert not Path(f"{out}.part.jsonl").exists()


def test_an_output_that_fails_while_it_is_made_leaves_its_lines(tmp_path, monkeypatch):
    source, out = corpus(tmp_path / "c.jsonl"), tmp_path / "out.csv"

    def full(lines):
        articles = list(journal_decoded(lines))
        yield from articles[:3]
        if articles:  # the lines of an extraction that begins are none
            raise OSError(28, "No space left on device")

    journal_decoded = journal.decoded
    with monkeypatch.context() as patch:
        patch.setattr(journal, "decoded", full)
        with pytest.raises(OutputError, match="cannot be written: No space left"):
            extraction.extract(RECIPE, source, out)
    assert not out.exists()
    assert not Path(f"{out}.part").exists()
    tally = extraction.extract(RECIPE, source, out, resume=True)
    assert (tally.before, out.exists()) == (COUNT, True)


@pytest.mark.parametrize("name", ["out.csv", "out.csv.part.jsonl"])
def test_files_of_somebody_else_are_left_alone(tmp_path, name):
    (tmp_path / name).write_text("my notes\n")
    with pytest.raises(OutputError, match="no extraction wrote it"):
        extraction.extract(RECIPE, corpus(tmp_path / "c.jsonl"), tmp_path / "out.csv")
    assert (tmp_path / name).read_text() == "my notes\n"


@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
def test_resume_needs_something_to_continue(tmp_path, ending):
    source, out = corpus(tmp_path / "c.jsonl"), tmp_path / f"out{ending}"
    with pytest.raises(OutputError, match="there is no extraction to continue"):
        extraction.extract(RECIPE, source, out, resume=True)
    assert [file.name for file in tmp_path.iterdir()] == ["c.jsonl"]
    begun(tmp_path, ending, 100, source)
    if ending == ".jsonl":
        Path(f"{out}.part.jsonl").rename(out)
    extraction.extract(RECIPE, source, out, resume=True)
    assert len(list(stored(out))) == COUNT


def test_an_id_that_an_earlier_article_has_is_counted_and_both_are_kept(tmp_path):
    path = tmp_path / "c.jsonl"
    ids = [*"abcab", "a"]
    path.write_text("".join(json.dumps({"id": one, "text": "Anne"}) + "\n" for one in ids))
    tally = extraction.extract(RECIPE, sources.find(path), tmp_path / "out.csv")
    assert (tally.articles, tally.repeats, tally.repeated) == (6, 3, ["a", "b"])
    assert [json.loads(line.data)["id"] for line in stored(tmp_path / "out.csv")] == ids


@given(st.lists(st.text(max_size=2)))
def test_seen_ids_are_a_set(names):
    ids, wanted = SeenIds(), set()
    for name in names:
        assert ids.add(name) == (name in wanted)
        wanted.add(name)
    assert len(ids) == len(wanted)


def test_seen_ids_grow_and_take_no_more_than_24_bytes_each():
    ids = SeenIds()
    assert not any(ids.add(str(number)) for number in range(20_000))
    assert all(ids.add(str(number)) for number in range(20_000))
    assert len(ids) == 20_000
    assert 8 * len(ids._table) <= 24 * len(ids)
