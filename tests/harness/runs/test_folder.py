"""Run folders on disk: made whole, replaced in one step, and nothing of somebody else's removed."""

import os
import subprocess
import sys

import pytest

from factharness.errors import Inconclusive, OutputError
from factharness.runs import folder as folders
from factharness.runs.folder import new_folder, outdate, refuse_outdated

HEAD = b'{"format":1,"id":"%s","suite":"mine","started":"2024-03-05T18:00:00+00:00"}'


def write(place, name, **options):
    with new_folder(place, **options) as folder:
        (folder / "run.json").write_bytes(HEAD % name.encode())
        (folder / "predictions").mkdir()


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def unfinished(folder):
    return [path.name for path in folder.iterdir() if path.name.endswith(".unfinished-run")]


@pytest.fixture(params=[True, False], ids=["in one step", "in two steps"])
def exchange(request, monkeypatch):
    """Both ways of swapping two folders, as systems differ in what they can."""
    if not request.param:
        monkeypatch.setattr(folders, "_exchanged", lambda *_: False)


def test_a_run_is_not_replaced_unless_it_is_asked_for(tmp_path):
    write(tmp_path / "out", "one")
    before = contents(tmp_path)
    with pytest.raises(OutputError, match=r"exists already; replace it with --force.*--resume"):
        write(tmp_path / "out", "two")
    assert contents(tmp_path) == before


@pytest.mark.usefixtures("exchange")
def test_a_run_is_replaced_as_a_whole(tmp_path):
    write(tmp_path / "out", "one")
    (tmp_path / "out" / "junit.xml").write_text("of the old one")
    outdate(tmp_path / "out")
    write(tmp_path / "out", "two", force=True)
    assert contents(tmp_path) == {"out/run.json": HEAD % b"two"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.usefixtures("exchange")
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, RuntimeError])
def test_a_run_that_is_not_completed_leaves_the_old_one(tmp_path, error):
    write(tmp_path / "out", "one")

    def fails():
        with new_folder(tmp_path / "out", force=True) as folder:
            (folder / "run.json").write_bytes(b"half")
            raise error

    with pytest.raises(error):
        fails()
    assert contents(tmp_path) == {"out/run.json": HEAD % b"one"}
    assert unfinished(tmp_path) == []


def test_a_second_step_that_fails_is_taken_back(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    write(tmp_path / "out", "one")
    renamed = type(tmp_path).rename

    def fails(path, target):
        if path.name.endswith(".unfinished-run"):
            raise OSError("no space")
        return renamed(path, target)

    monkeypatch.setattr(type(tmp_path), "rename", fails)
    with pytest.raises(OutputError):
        write(tmp_path / "out", "two", force=True)
    assert contents(tmp_path) == {"out/run.json": HEAD % b"one"}


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"notes.docx": b""}, "no run wrote it"),
        ({"run.json": b'{"name": "another program\'s"}'}, "no run wrote it"),
        ({"run.json": b'{"a":' * 100_000}, "no run wrote it"),
        ({"run.json": HEAD % b"one", "thesis.odt": b""}, "'thesis.odt' in it is not of a run"),
        ({"run.json": HEAD % b"one", ".git/config": b""}, "'.git' in it is not of a run"),
        ({"run.json": HEAD % b"one", "a.html/a.html": b""}, "'a.html' in it is not of a run"),
    ],
)
def test_what_no_run_wrote_is_never_replaced(tmp_path, files, problem):
    for name, data in files.items():
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_bytes(data)
    for attempt in (outdate, lambda place: write(place, "two", force=True)):
        with pytest.raises(OutputError, match=problem):
            attempt(tmp_path / "out")
    assert contents(tmp_path) == {f"out/{name}": data for name, data in files.items()}


def test_what_was_put_into_it_in_the_meantime_is_not_removed(tmp_path):
    write(tmp_path / "out", "one")
    with pytest.raises(OutputError, match="'mine' in it"), new_folder(tmp_path / "out", force=True):
        (tmp_path / "out" / "mine").mkdir()
    assert (tmp_path / "out" / "mine").is_dir()


@pytest.mark.usefixtures("exchange")
def test_a_symbolic_link_stays_one(tmp_path):
    write(tmp_path / "there" / "run", "one")
    (tmp_path / "out").symlink_to(tmp_path / "there" / "run")
    outdate(tmp_path / "out")
    with pytest.raises(Inconclusive):
        refuse_outdated(tmp_path / "there" / "run")
    write(tmp_path / "out", "two", force=True)
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "there" / "run" / "run.json").read_bytes() == HEAD % b"two"
    refuse_outdated(tmp_path / "out")


def test_an_empty_folder_and_a_new_one_are_written_into_without_asking(tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "new"):
        outdate(tmp_path / name)
        write(tmp_path / name, "one")
        refuse_outdated(tmp_path / name)


def test_a_run_that_was_to_be_replaced_is_not_judged_until_it_is(tmp_path):
    write(tmp_path / "out", "one")
    refuse_outdated(tmp_path / "out")
    outdate(tmp_path / "out")
    with pytest.raises(Inconclusive, match="run again, or remove"):
        refuse_outdated(tmp_path / "out")
    write(tmp_path / "out", "two", force=True)
    refuse_outdated(tmp_path / "out")


def test_a_long_name_still_fits(tmp_path):
    one, other = (tmp_path / f"{'é' * 125}{last}" for last in "ab")
    for place in (one, other):
        write(place, "one")
    outdate(one)
    refuse_outdated(other)
    with pytest.raises(Inconclusive):
        refuse_outdated(one)
    write(one, "two", force=True)
    refuse_outdated(one)


HOLD = """
import os, sys
from pathlib import Path
from factharness.runs.folder import new_folder
with new_folder(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("")
    print(folder.name, flush=True)
    sys.stdin.read()
"""


def holding(place):
    """A process that is writing a run to ``place``, and the name of its unfinished directory."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, process.stdout.readline().strip()


@pytest.mark.skipif(sys.platform == "win32", reason="needs locks on folders")
def test_what_a_killed_run_left_is_removed_by_the_next_and_nothing_else(tmp_path):
    killed, abandoned = holding(tmp_path / "killed")
    going, kept = holding(tmp_path / "going")
    (tmp_path / ".cache").mkdir()
    (tmp_path / "x.unfinished-run").mkdir()
    try:
        write(tmp_path / "one", "one")
        assert sorted(unfinished(tmp_path)) == sorted([abandoned, kept, "x.unfinished-run"])
        killed.kill()
        killed.wait()
        write(tmp_path / "two", "two")
        assert sorted(unfinished(tmp_path)) == sorted([kept, "x.unfinished-run"])
        assert (tmp_path / ".cache").is_dir()
        going.communicate("")
        assert (tmp_path / "going" / "half").exists()
    finally:
        for process in (killed, going):
            process.kill()
            process.communicate()


def test_a_directory_that_was_swept_before_it_was_locked_is_made_again(tmp_path, monkeypatch):
    locked, swept = folders._locked, []

    def late(folder, *, wait):
        if wait and not swept:
            swept.append(folder)
            os.rmdir(folder)
        return locked(folder, wait=wait)

    monkeypatch.setattr(folders, "_locked", late)
    write(tmp_path / "out", "one")
    assert swept
    assert contents(tmp_path) == {"out/run.json": HEAD % b"one"}
