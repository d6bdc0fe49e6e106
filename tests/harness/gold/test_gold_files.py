"""Files are read with a clear error, and written whole or not at all."""

import os

import pytest
from gold_strategies import example

from factharness.errors import GoldError, OutputError
from factharness.files import decode, read_bytes, read_text, unify, write_text
from factharness.gold.hints import hints
from factharness.gold.parse import parse


def test_writing_that_fails_leaves_nothing(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="taken: cannot be written"):
        write_text(tmp_path / "taken", "x")
    with pytest.raises(OutputError, match="cannot be written: No such file"):
        write_text(tmp_path / "none" / "x", "x")
    assert os.listdir(tmp_path) == ["taken"]


def test_a_replaced_file_keeps_its_permissions_and_a_link_stays_one(tmp_path):
    path, link = tmp_path / "x", tmp_path / "link"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_text(link, "new é")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "new é"
    assert path.stat().st_mode & 0o777 == 0o640


def test_reading_says_what_is_wrong(tmp_path):
    path = tmp_path / "x"
    with pytest.raises(GoldError, match="cannot be read: No such file"):
        read_text(path)
    with pytest.raises(GoldError, match="cannot be read: Is a directory"):
        read_text(tmp_path)
    path.write_bytes(b"12345")
    with pytest.raises(GoldError, match="has 5 bytes, more than the 4 that are read"):
        read_bytes(path, limit=4)
    with pytest.raises(GoldError, match="x:2: is not UTF-8: byte 0xe9 at offset 3"):
        decode(b"ab\n\xe9", "x")
    with pytest.raises(GoldError, match="cannot be read"):
        read_text("a\0b")


def test_text_is_unified():
    assert unify("\ufeffe\u0301\r\na\rb") == "é\na\nb"


def test_a_skipped_layer_gets_no_hints():
    source = example(text="Il va à Lyon mardi.", labels='{ skip = ["entity"] }')
    assert [hint.kind for hint in hints(parse(source))] == ["date"]
    assert [hint.kind for hint in hints(parse(source.replace("entity", "date")))] == ["entity"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_or_device_is_written_into_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_text(pipe, "é")
    assert os.read(reading, 10) == "é".encode()
    os.close(reading)
    assert pipe.is_fifo()
