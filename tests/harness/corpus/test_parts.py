"""A folder of parts: published once, locked while it is written, and never half there."""

import errno
import hashlib
import json
import os

import msgspec
import pytest

from factharness.backends.recipe import Recipe
from factharness.corpus import cut, part_work, parts, sources
from factharness.corpus.journal import Sitting
from factharness.corpus.seen_ids import digest
from factharness.errors import OutputError

REPORT = parts.PartReport(3, 1, 0, 0, (), {}, digest("a"))


def lines(folder, name):
    path = folder / f".part-00003-{name}.jsonl"
    path.write_text(json.dumps({"id": name, "facts": []}) + "\n")
    return path


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "out.jsonl"
    made.mkdir()
    return made


def test_the_first_attempt_at_a_part_stays(folder):
    first = parts.publish(folder, lines(folder, "a"), REPORT)
    data = (folder / "part-00003.jsonl").read_bytes()
    assert parts.publish(folder, lines(folder, "b"), REPORT) == first
    assert (folder / "part-00003.jsonl").read_bytes() == data
    assert (first.size, first.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert parts.complete(folder, 3) == first
    assert not list(folder.glob(".part-*"))


def test_a_part_without_its_marker_or_of_another_size_is_made_again(folder):
    assert parts.complete(folder, 3) is None
    parts.publish(folder, lines(folder, "a"), REPORT)
    (folder / "part-00003.jsonl").write_text("half")
    assert parts.complete(folder, 3) is None
    whole = parts.publish(folder, lines(folder, "b"), REPORT)
    assert parts.complete(folder, 3) == whole
    assert b'"b"' in (folder / "part-00003.jsonl").read_bytes()
    (folder / "part-00003.done").write_text("{")
    assert parts.complete(folder, 3) is None


@pytest.fixture
def extraction(folder):
    """An extraction into the folder that has begun, and can be ended with or without an error."""
    recipe = Recipe("rules", {}, ".")
    text = folder.parent / "a.txt"
    text.write_text("Anne part.", encoding="utf-8")
    corpus = sources.find(text)
    sitting = Sitting.begun(recipe, recipe.build(), corpus.path)
    return parts.opened(folder, parts.About(sitting, cut.Cut.of(corpus, None)))


def published(folder):
    return sorted(file.name for file in folder.glob("*part-*"))


def test_the_end_of_an_extraction_that_comes_before_a_part_keeps_the_part_out(folder, extraction):
    """The attempt has written its part, and the extraction ends before the attempt gets the lock."""
    extraction.__enter__()
    attempt = lines(folder, "a")
    take = parts.locked

    def ends_first(path, *, wait):
        monkey.undo()
        extraction.__exit__(None, None, None)
        return take(path, wait=wait)

    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr(parts, "locked", ends_first)
        with pytest.raises(OutputError, match="the extraction has ended"):
            parts.publish(folder, attempt, REPORT)
    assert parts.complete(folder, 3) is None
    assert published(folder) == []


def test_the_end_of_an_extraction_that_comes_after_a_part_leaves_it(folder, extraction):
    with extraction:
        parts.publish(folder, lines(folder, "a"), REPORT)
    assert parts.complete(folder, 3) is not None
    assert published(folder) == ["part-00003.done", "part-00003.jsonl"]


def test_after_an_error_no_part_comes_either_until_the_extraction_goes_on(folder, extraction):
    with pytest.raises(ZeroDivisionError), extraction:
        raise ZeroDivisionError
    about = parts.begun(folder)
    assert about is not None
    with pytest.raises(OutputError, match="the extraction has ended"):
        parts.publish(folder, lines(folder, "a"), REPORT)
    with parts.opened(folder, about, resume=True):
        parts.publish(folder, lines(folder, "b"), REPORT)
    assert parts.complete(folder, 3) is not None


def test_a_worker_that_begins_a_part_after_the_end_reads_nothing(folder, extraction, monkeypatch):
    with extraction:
        pass
    monkeypatch.setattr(part_work, "_attempt", lambda *_: pytest.fail("it was begun"))
    work = msgspec.json.encode(part_work.Work(Recipe("rules", {}, "."), str(folder), "."))
    with pytest.raises(OutputError, match="the extraction has ended"):
        part_work.work_on(work, 3, b"{}")


@pytest.mark.skipif(os.name == "nt", reason="needs flock")
def test_one_command_at_a_time(folder, monkeypatch):
    with (
        parts.locked(folder / ".lock", wait=False),
        pytest.raises(OutputError, match="another extraction is writing it"),
        parts.locked(folder / ".lock", wait=False),
    ):
        pass
    with parts.locked(folder / ".lock", wait=False):
        pass


@pytest.mark.skipif(os.name == "nt", reason="needs flock")
@pytest.mark.parametrize(("number", "fails"), [(errno.ENOLCK, False), (errno.EIO, True)])
def test_a_file_system_without_locks_is_used_without(folder, monkeypatch, number, fails):
    import fcntl

    def refuse(*_arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    if fails:
        with pytest.raises(OSError, match="error"), parts.locked(folder / ".lock", wait=True):
            pass
    else:
        with parts.locked(folder / ".lock", wait=True):
            pass
