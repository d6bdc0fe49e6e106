"""What an input may be: one file, a folder, a pattern; all of them say the same of the same articles."""

import gzip
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.corpus import sources
from factharness.errors import HarnessError
from factharness.facts import Article, Prediction

NAMES = st.text("ab2é- ", min_size=1, max_size=4).map(str.strip).filter(bool)
FOLDERS = st.lists(NAMES, max_size=2)


def read(path):
    found = sources.find(path)
    entries = list(found.entries())
    assert len(entries) == len(found)
    return entries


@settings(max_examples=50)
@given(places=st.lists(st.tuples(FOLDERS, NAMES), min_size=1, max_size=12))
def test_a_pattern_for_all_files_below_a_folder_is_the_folder(tmp_path_factory, places):
    root = tmp_path_factory.mktemp("root")
    for folders, name in places:
        file = root.joinpath(*folders, f"{name}.txt")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    assert read(root / "**" / "*.txt") == read(root)


@settings(max_examples=50)
@given(
    lines=st.lists(st.integers(0, 9), max_size=12),
    cuts=st.lists(st.integers(0, 12), max_size=3).map(sorted),
    packed=st.booleans(),
)
def test_parts_in_the_order_of_their_names_are_the_whole(tmp_path_factory, lines, cuts, packed):
    root = tmp_path_factory.mktemp("root")
    rows = [json.dumps({"id": f"a{place}", "text": str(line)}) for place, line in enumerate(lines)]
    (root / "whole.jsonl").write_text("".join(f"{row}\n" for row in rows))
    (root / "parts").mkdir()
    for place, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(rows)], strict=True)):
        data = "".join(f"{row}\n" for row in rows[start:end]).encode()
        if packed and place % 2:
            (root / "parts" / f"{place}.jsonl.gz").write_bytes(gzip.compress(data))
        else:
            (root / "parts" / f"{place}.jsonl").write_bytes(data)
    wanted = read(root / "whole.jsonl")
    assert read(root / "parts") == wanted
    assert read(root / "parts" / "*.jsonl*") == wanted


def test_a_single_text_file_is_called_as_in_its_folder(tmp_path):
    for name in ("2024-03-05-pont.txt", "2024-03-06-gare.txt", "note.txt"):
        (tmp_path / name).write_text("un")
    assert read(tmp_path / "2024-03-05-pont.txt") == [
        Article("2024-03-05-pont", "un", date(2024, 3, 5))
    ]
    assert [entry.id for entry in read(tmp_path / "2024-*.txt")] == [
        "2024-03-05-pont",
        "2024-03-06-gare",
    ]


def test_an_id_begins_below_the_folder_before_the_first_wildcard(tmp_path):
    for name in ("2023/a/x.txt", "2023/b/x.txt", "2024/a/x.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("un")
    assert [entry.id for entry in read(tmp_path / "2*" / "a" / "*.txt")] == ["2023/a/x", "2024/a/x"]
    assert [entry.id for entry in read(tmp_path / "2023" / "*" / "x.txt")] == ["a/x", "b/x"]


def test_a_file_with_the_name_of_a_pattern_is_that_file(tmp_path):
    (tmp_path / "a[1].txt").write_text("un")
    (tmp_path / "a1.txt").write_text("deux")
    assert read(tmp_path / "a[1].txt") == [Article("a[1]", "un")]


def test_an_entry_without_an_id_is_named_with_its_file_where_there_are_several(tmp_path):
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text('{"id": "x", "text": "un"}\n{}\n')
    ids = [getattr(entry, "article_id", None) for entry in read(tmp_path)]
    assert ids == [None, "a.jsonl line 2", None, "b.jsonl line 2"]
    assert read(tmp_path / "b.jsonl")[1].article_id == "line 2"


@pytest.mark.needs("pyarrow")
def test_a_folder_of_parquet_is_read_in_the_order_of_its_names(tmp_path):
    import pandas as pd

    for name, ids in (("b", ["3", None]), ("a", ["1", "2"])):
        pd.DataFrame({"id": ids, "text": "un"}).to_parquet(tmp_path / f"{name}.parquet")
    entries = read(tmp_path)
    assert entries[:3] == [Article(name, "un") for name in ("1", "2", "3")]
    assert entries[3].article_id == "b.parquet row 2"


def test_gold_files_are_read_as_their_texts(tmp_path):
    from factharness.cli import main

    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"Texte {name}.")
        text = str(tmp_path / f"{name}.txt")
        with pytest.raises(SystemExit):
            main(["gold", "new", text, "--published", "2024-03-05", "-o", f"{tmp_path / 'mine'}/"])
    (tmp_path / "mine" / "c.gold").write_text("x")
    articles = read(tmp_path / "mine")
    assert [(entry.id, entry.text) for entry in articles[:2]] == [
        ("a", "Texte a."),
        ("b", "Texte b."),
    ]
    assert articles[2].article_id == "c"
    assert isinstance(articles[2], Prediction)
    assert read(tmp_path / "mine" / "b.gold") == articles[1:2]


def test_what_is_left_out_of_a_folder_is_counted(tmp_path):
    for name in ("a.txt", "b/c.txt", "b/d.md", "e.md", "LISEZMOI", ".git/x.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("un")
    assert sources.find(tmp_path).left_out == {".md": 2, "without an ending": 1}


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (".", "holds files of several kinds: 1 .txt, 1 .jsonl; name those"),
        ("*", "matches files of different kinds: a.jsonl, b.txt; name those"),
    ],
)
def test_files_of_several_kinds_are_not_chosen_from(tmp_path, named, said):
    (tmp_path / "a.jsonl").write_text("")
    (tmp_path / "b.txt").write_text("un")
    with pytest.raises(HarnessError) as refused:
        sources.find(tmp_path / named)
    assert said in str(refused.value)
    assert "*.txt" in refused.value.remedy


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.jsonl", "no such input; name a .jsonl"),
        ("none/*.txt", "no file matches"),
        ("c.json", "did you mean '.jsonl'?"),
        ("c.docx", "unknown kind of input '.docx'; name a .jsonl, .jsonl.gz, .parquet, .txt"),
    ],
)
def test_what_is_known_is_said_of_what_is_not(tmp_path, name, said):
    for file in ("c.json", "c.docx"):
        (tmp_path / file).write_text("")
    with pytest.raises(HarnessError) as refused:
        sources.find(tmp_path / name)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [b"no gzip", gzip.compress(b'{"id": "a"}\n' * 99, mtime=0)[:-12]],
    ids=["no gzip", "cut off"],
)
def test_a_damaged_gzip_file_is_refused(tmp_path, data):
    (tmp_path / "c.jsonl.gz").write_bytes(data)
    with pytest.raises(HarnessError, match="cannot be read"):
        list(sources.find(tmp_path / "c.jsonl.gz").entries())
