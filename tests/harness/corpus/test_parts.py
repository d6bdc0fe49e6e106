"""A folder of parts: published once, locked while it is written, and never half there."""

import errno
import hashlib
import json
import os

import pytest

from factharness.corpus import parts
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
