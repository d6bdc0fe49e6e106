"""An input is cut into parts that are together the input, whatever its kind and the size of the parts."""

import errno
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.corpus import cut, sources
from factharness.errors import HarnessError
from factharness.facts import Article

LINES = st.lists(
    st.one_of(
        st.text("aé\r\u2028 ", max_size=9).map(lambda text: json.dumps({"id": text, "text": text})),
        st.sampled_from(["", "  ", "nothing", '{"id": "ü", "text": "\u2028"}']),
    )
)


def whole(entries):
    """What does not depend on where the input was cut: all but the names of lines without an id."""
    return [entry if isinstance(entry, Article) else "error" for entry in entries]


def joined(found, size):
    parts = [*cut.parts(found, size)]
    return [entry for part in parts for entry in cut.read(part)], parts


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans(), st.integers(1, 200))
def test_json_lines_are_cut_at_line_ends(tmp_path_factory, lines, end, last, marked, size):
    path = tmp_path_factory.mktemp("lines") / "c.jsonl"
    text = "".join(line + end for line in lines)
    text = text if last else text.removesuffix(end)
    path.write_bytes(b"\xef\xbb\xbf" * marked + text.encode())
    found = sources.find(path)
    entries, parts = joined(found, size)
    assert whole(entries) == whole(found.entries())
    assert [cut.count(part) for part in parts] == [len([*cut.read(part)]) for part in parts]
    errors = [entry.article_id for entry in entries if not isinstance(entry, Article)]
    assert len(set(errors)) == len(errors)
    data = path.read_bytes()
    ends = [part.end for part in parts]
    assert [part.start for part in parts] + ends[-1:] == ([0, *ends] if data else [])
    assert ends[-1:] == ([len(data)] if data else [])
    for part in parts:
        piece = data[part.start : part.end]
        assert piece.endswith(b"\n") or part is parts[-1]
        # No larger than it must be: without its last line, it is smaller than was asked.
        assert piece.removesuffix(b"\n").rfind(b"\n") + 1 < size


@pytest.mark.needs("pyarrow")
@pytest.mark.parametrize(("size", "count"), [(1, 8), (10**6, 1)])
def test_parquet_is_cut_at_its_row_groups(tmp_path, size, count):
    import pyarrow
    from pyarrow import parquet

    ids = [f"a{n}" if n != 31 else None for n in range(50)]
    table = pyarrow.table({"id": ids, "text": ["Anne part."] * 50})
    parquet.write_table(table, tmp_path / "c.parquet", row_group_size=7)
    found = sources.find(tmp_path / "c.parquet")
    entries, parts = joined(found, size)
    assert entries == [*found.entries()]
    assert sum(map(cut.count, parts)) == 50
    assert len(parts) == count


@pytest.mark.parametrize(("size", "count"), [(1, 12), (40, 10), (10_000, 1)])
def test_text_files_are_put_together(tmp_path, size, count):
    for number in range(12):
        (tmp_path / f"{number:02}.txt").write_text("Anne part." * (number + 1))
    found = sources.find(tmp_path)
    entries, parts = joined(found, size)
    assert entries == [*found.entries()]
    assert len(parts) == count
    assert sum(map(cut.count, parts)) == 12


def test_a_packed_file_is_one_part(tmp_path):
    import gzip

    lines = "".join(json.dumps({"id": f"a{n}", "text": "x"}) + "\n" for n in range(50))
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        (tmp_path / name).write_bytes(gzip.compress(lines.encode()))
    found = sources.find(tmp_path)
    entries, parts = joined(found, 1)
    assert entries == [*found.entries()]
    assert [*map(cut.count, parts)] == [50, 50]


def test_a_file_that_is_not_here_or_another_is_named(tmp_path):
    path = tmp_path / "c.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n')
    (part,) = cut.parts(sources.find(path), 100)
    path.write_text('{"id": "a", "text": "xy"}\n')
    with pytest.raises(HarnessError, match="has 26 bytes, and had 25 where it was cut"):
        [*cut.read(part)]
    path.unlink()
    with pytest.raises(HarnessError, match=r"c\.jsonl: cannot be read: No such file"):
        [*cut.read(part)]


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    def refuse(file, *_more):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), file)

    path = tmp_path / "c.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n')
    (part,) = cut.parts(sources.find(path), 100)
    monkeypatch.setattr(cut, "open", refuse, raising=False)
    with pytest.raises(HarnessError, match=r"c\.jsonl: cannot be read: Permission denied"):
        [*cut.read(part)]


def test_the_cut_of_an_input_changes_with_its_files(tmp_path):
    path = tmp_path / "c.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n')
    before = cut.Cut.of(sources.find(path), None)
    assert cut.Cut.of(sources.find(path), None) == before
    path.write_text('{"id": "a", "text": "xy"}\n')
    assert cut.Cut.of(sources.find(path), None) != before
