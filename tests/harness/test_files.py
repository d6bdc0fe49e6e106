"""Where a user's files lie, how they are read, and what is said when one cannot be written."""

import errno
import os
import stat
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from factharness.errors import GoldError, OutputError, ScoreError
from factharness.files import cache_folder, read_bytes, umask, write_bytes, writing

linux = pytest.mark.skipif(sys.platform != "linux", reason="folders of the XDG specification")


@pytest.fixture
def homeless(monkeypatch):
    """A user that the system's list of users does not know, as in some containers."""
    pwd = pytest.importorskip("pwd")

    def nobody(uid):
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)


@linux
def test_the_cache_folder_is_where_xdg_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache_folder() == tmp_path / "x" / "factharness"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert cache_folder() == tmp_path / ".cache" / "factharness"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == tmp_path / ".cache" / "factharness"


@linux
def test_without_home_the_folder_is_that_of_the_system_s_list_of_users(monkeypatch):
    pwd = pytest.importorskip("pwd")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    entry = pwd.struct_passwd(("a", "x", os.getuid(), 0, "", "/users/a", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: entry)
    assert cache_folder() == Path("/users/a/.cache/factharness")


@linux
@pytest.mark.usefixtures("homeless")
def test_a_user_without_a_home_has_the_cache_among_temporary_files():
    assert cache_folder() == Path(tempfile.gettempdir()) / "factharness"


@linux
@pytest.mark.usefixtures("homeless")
def test_older_versions_of_platformdirs_leave_a_tilde_that_makes_no_folder(monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: Path("~/.cache/a"))
    assert cache_folder() == Path(tempfile.gettempdir()) / "factharness"


def test_what_goes_wrong_with_files_is_about_the_path_and_says_what_to_do(tmp_path):
    with (
        pytest.raises(OutputError, match=r"x: cannot be written: No such file.*; do this"),
        writing(tmp_path / "x", "do this"),
    ):
        os.listdir(tmp_path / "none")
    with pytest.raises(OutputError, match=r"cannot be written: .*embedded null"):
        write_bytes("a\0b", b"")


@pytest.mark.parametrize("error", [KeyError("k"), ValueError("v"), ScoreError("s"), UnicodeError()])
def test_what_is_no_mistake_with_files_goes_through(tmp_path, error):
    with pytest.raises(type(error)) as raised, writing(tmp_path):
        raise error
    assert raised.value is error


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_file_whose_replacement_breaks_off_stays_as_it_was(tmp_path, monkeypatch, error):
    path = tmp_path / "x"
    path.write_bytes(b"old")

    def fails(_descriptor):
        raise error

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["x"]


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o000])
def test_a_new_file_has_the_permissions_the_umask_leaves(tmp_path, mask):
    before = os.umask(mask)
    try:
        assert umask() == mask
        assert umask() == mask, "asking does not change it"
        write_bytes(tmp_path / "x", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not flushed there")
@pytest.mark.parametrize("fails", [False, True])
def test_the_folder_is_flushed_after_the_file_is_renamed(tmp_path, monkeypatch, fails):
    path, flushed = tmp_path / "a", []
    synced = os.fsync

    def sync(descriptor):
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        flushed.append((is_folder, path.exists()))
        if is_folder and fails:
            raise OSError(errno.EINVAL, "a file system that cannot")
        synced(descriptor)

    monkeypatch.setattr("os.fsync", sync)
    write_bytes(path, b"new")
    assert flushed == [(False, False), (True, True)]
    assert path.read_text() == "new"


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_file_is_read_up_to_a_limit(tmp_path, size):
    path = tmp_path / "a"
    path.write_bytes(b"x" * size)
    assert read_bytes(path, limit=size) == b"x" * size
    with pytest.raises(
        GoldError, match=f"a: the file has {size:,} bytes, more than the {size - 1:,}"
    ):
        read_bytes(path, limit=size - 1)


@linux
def test_a_pipe_is_read_to_its_end_and_a_device_up_to_the_limit(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor(1) as pool:
        pool.submit((tmp_path / "pipe").write_bytes, b"x" * 100_000)
        assert read_bytes(tmp_path / "pipe") == b"x" * 100_000
    assert len(read_bytes("/dev/zero", limit=1000)) <= 1001
