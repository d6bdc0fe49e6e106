"""Corpora without gold: what is read, in which order, and what becomes of what cannot be read."""

import json
import os
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.corpus import parquet_rows, sources
from factharness.errors import HarnessError
from factharness.facts import Article, Prediction

ROWS = [
    ({"id": "a", "text": "un", "published": "2024-03-05"}, Article("a", "un", date(2024, 3, 5))),
    (
        {"id": "b", "text": "", "published": "2024-03-05T18:00:00Z", "rubrique": 3},
        Article("b", "", datetime(2024, 3, 5, 18, tzinfo=UTC)),
    ),
    ({"id": 7, "text": "deux"}, Article("7", "deux")),
    ({"text": "deux"}, "has no id"),
    ({"id": True, "text": "deux"}, "has no id"),
    *(
        ({"id": name, "text": "deux"}, Article(name, "deux"))
        for name in (
            "2024/05/x",
            "https://exemple.org/?a=b#c",
            "../../evil",
            "nul",
            "é 😀 | =1",
            "-",
        )
    ),
    *(
        ({"id": name, "text": "deux"}, "has control characters in its id")
        for name in ("a\0", "a\x1b[2J", "a\nb", "\r", "a\x9b", "a\u2028b")
    ),
    ({"id": "c"}, "has no text"),
    ({"id": "c", "text": ["deux"]}, "has no text"),
    ({"id": "c", "text": "deux", "published": "hier"}, "published is 'hier'"),
    ({"id": "c", "text": "deux", "published": 5}, "published is int"),
]


def read(path):
    return list(sources.find(path).entries())


@pytest.mark.parametrize(("row", "wanted"), ROWS)
def test_a_row_is_an_article_or_says_what_is_wrong(tmp_path, row, wanted):
    path = tmp_path / "c.jsonl"
    path.write_text(f"\n{json.dumps(row)}\n", encoding="utf-8")
    (entry,) = read(path)
    if isinstance(wanted, Article):
        assert entry == wanted
    else:
        assert entry.article_id == str(row["id"] if row.get("id") == "c" else "line 2")
        assert wanted in entry.error
        assert "line 2" in entry.error


def test_a_file_whose_name_is_no_text_is_read_and_one_with_controls_is_not(tmp_path):
    for name in (b"caf\xe9.txt", b"a\nb.txt", b"\x1b[2J.txt"):
        path = os.fsencode(tmp_path) + b"/" + name
        try:
            with open(path, "wb") as file:
                file.write(b"un")
        except OSError:
            pytest.skip("this file system has no such names")
    entries = {
        entry.article_id: entry.error for entry in read(tmp_path) if isinstance(entry, Prediction)
    }
    assert set(entries) == {"'a\\nb'", "'\\x1b[2J'"}
    assert all("control characters" in error for error in entries.values())
    assert [entry.id for entry in read(tmp_path) if isinstance(entry, Article)] == ["caf\\udce9"]


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_no_line_is_too_bad_to_be_passed_over(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("corpus") / "c.jsonl"
    good = b'{"id": "last", "text": "un"}'
    path.write_bytes(b"\n".join([*lines, good]))
    found = sources.find(path)
    entries = list(found.entries())
    assert entries[-1] == Article("last", "un")
    assert len(entries) == len(found)
    assert all(isinstance(entry, Article | Prediction) for entry in entries)


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path):
    for name in (
        "b/2.txt",
        "a/1.txt",
        "c/1.txt",
        "b/10.txt",
        "2024-03-05-moulin.txt",
        "a.txt",
        "note.md",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"Texte de {name}", encoding="utf-8")
    (tmp_path / "latin.txt").write_bytes("été".encode("latin-1"))
    found = sources.find(tmp_path)
    entries = list(found.entries())
    assert [getattr(entry, "id", None) for entry in entries] == [
        "2024-03-05-moulin", "a", None, "a/1", "b/10", "b/2", "c/1",
    ]  # fmt: skip
    assert entries[0].published == date(2024, 3, 5)
    assert entries[1].published is None
    assert (entries[2].article_id, "not UTF-8" in entries[2].error) == ("latin", True)
    assert len(found) == 7


def test_hidden_files_and_folders_are_no_articles(tmp_path):
    for name in (".git/a.txt", "b/.c/a.txt", ".a.txt", "b/._a.txt", "b/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("un")
    assert read(tmp_path) == [Article("b/a", "un")]
    assert len(sources.find(tmp_path)) == 1
    assert read(tmp_path / ".git") == [Article("a", "un")]


def test_links_to_folders_are_followed_and_no_folder_is_read_twice(tmp_path):
    for name in ("elsewhere/x.txt", "elsewhere/.y/y.txt", "root/b/1.txt", "root/b/c/2.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("un")
    root = tmp_path / "root"
    (root / "a-link").symlink_to(tmp_path / "elsewhere")
    (root / "hidden").symlink_to(tmp_path / "elsewhere" / ".y")
    (root / "a-second").symlink_to(root / "b")
    (root / "b" / "up").symlink_to(root)
    (root / "self").symlink_to(root / "self")
    (tmp_path / "elsewhere" / "back").symlink_to(root / "b" / "c")
    names = ["b/1", "b/c/2", "a-link/x", "hidden/y"]
    assert [entry.id for entry in read(root)] == names
    (tmp_path / "link").symlink_to(root)
    assert [entry.id for entry in read(tmp_path / "link")] == names
    assert len(sources.find(root)) == 4


def test_a_text_file_that_cannot_be_read_is_the_error_of_its_article(tmp_path):
    (tmp_path / "a.txt").symlink_to(tmp_path / "none")
    (tmp_path / "b.txt").write_text("un")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "c.txt")
    (tmp_path / "d.txt").mkdir()
    lost, good, *pipe = read(tmp_path)
    assert "a.txt cannot be read: not a file, or a link to none" in lost.error
    assert good == Article("b", "un")
    assert all("c.txt cannot be read: not a file" in each.error for each in pipe)


def test_a_byte_order_mark_is_no_line(tmp_path):
    (tmp_path / "c.jsonl").write_bytes(b"\xef\xbb\xbf\n")
    assert (read(tmp_path / "c.jsonl"), len(sources.find(tmp_path / "c.jsonl"))) == ([], 0)


@pytest.mark.needs("pyarrow")
def test_parquet_says_what_json_lines_say(tmp_path):
    import pandas as pd

    rows = [
        {"id": f"a{number}", "text": f"Texte {number}", "published": date(2024, 3, 5)}
        for number in range(2 * parquet_rows.ROWS + 3)
    ]
    pd.DataFrame(rows).to_parquet(tmp_path / "c.parquet")
    (tmp_path / "c.jsonl").write_text(
        "".join(json.dumps(row | {"published": "2024-03-05"}) + "\n" for row in rows)
    )
    assert read(tmp_path / "c.parquet") == read(tmp_path / "c.jsonl")
    assert len(sources.find(tmp_path / "c.parquet")) == len(rows)


@pytest.mark.needs("pyarrow")
def test_a_file_that_only_ends_like_parquet_is_refused(tmp_path):
    (tmp_path / "c.parquet").write_text("PAR1 no")
    with pytest.raises(HarnessError, match="cannot be read"):
        read(tmp_path / "c.parquet")
