import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import predictions

from factharness.backends import cache as cache_module
from factharness.backends.cache import Cache, default_path, key
from factharness.cli import main
from factharness.errors import OutputError
from factharness.facts import Article, Prediction

ARTICLE = Article("a", "Un texte.", meta={"rubrique": "sport"})


def refuse(message):
    raise AssertionError(message)


@given(st.dictionaries(st.binary(min_size=16, max_size=16), predictions(), max_size=8))
def test_what_is_put_is_got_but_no_error(tmp_path_factory, made):
    path = tmp_path_factory.mktemp("cache") / "c.sqlite"
    with Cache(path, refuse) as cache:
        for name, prediction in made.items():
            cache.put(name, prediction, 0.25)
    with Cache(path, refuse) as cache:
        kept = {name: (p, 0.25) for name, p in made.items() if p.error is None}
        assert cache.get(made) == kept


@pytest.mark.parametrize(
    "other",
    [
        key(Article("a", "Un texte!", meta=ARTICLE.meta), {"x": "1"}),
        key(Article("a", "Un texte.", meta={}), {"x": "1"}),
        key(ARTICLE, {"x": "2"}),
        key(ARTICLE, {"x": "1", "y": "1"}),
    ],
)
def test_whatever_an_extractor_can_see_changes_the_key(other):
    assert other != key(ARTICLE, {"x": "1"})


def test_the_order_of_a_fingerprint_does_not_change_the_key():
    assert key(ARTICLE, {"x": "1", "y": "2"}) == key(ARTICLE, {"y": "2", "x": "1"})


@pytest.mark.parametrize(
    "content", [b"not a database at all, only some words", b"SQLite format 3\0" * 90]
)
def test_a_file_that_is_no_cache_is_said_once_and_not_used(tmp_path, content):
    path = tmp_path / "c.sqlite"
    path.write_bytes(content)
    said = []
    with Cache(path, said.append) as cache:
        cache.put(b"k" * 16, Prediction("a", ()), 1)
        assert cache.get([b"k" * 16]) == {}
    assert len(said) == 1
    assert str(path) in said[0]
    assert "--no-cache" in said[0]
    assert path.read_bytes() == content


def test_a_cache_where_nothing_can_be_made_is_said_and_not_used(tmp_path):
    (tmp_path / "file").write_text("")
    said = []
    with Cache(tmp_path / "file" / "c.sqlite", said.append) as cache:
        cache.put(b"k" * 16, Prediction("a", ()), 1)
        assert cache.get([b"k" * 16]) == {}
    assert len(said) == 1


def test_a_cache_that_cannot_be_looked_at_is_said_and_not_used(tmp_path, monkeypatch):
    def refused(*_given, **_named):
        raise PermissionError("no entry")

    monkeypatch.setattr(Path, "mkdir", refused)
    monkeypatch.setattr(Path, "is_file", refused)
    said = []
    with Cache(tmp_path / "c.sqlite", said.append) as cache:
        assert cache.get([b"k" * 16]) == {}
    assert ["no entry" in line for line in said] == [True]


@pytest.mark.parametrize("name", ["c.sqlite", "c?#%20.sqlite"])
def test_a_cache_that_cannot_be_written_is_still_read(tmp_path, name):
    path = tmp_path / name
    with Cache(path, refuse) as cache:
        cache.put(b"k" * 16, Prediction("a", ()), 1)
    said = []
    with Cache(path, said.append) as cache:
        cache._readonly(sqlite3.OperationalError("attempt to write a readonly database"))
        assert cache.get([b"k" * 16]) == {b"k" * 16: (Prediction("a", ()), 1)}
        cache.put(b"l" * 16, Prediction("a", ()), 1)
    assert len(said) == 1
    assert "is only read" in said[0]


def test_two_writers_at_once_lose_nothing(tmp_path):
    path = tmp_path / "c.sqlite"

    def write(mark):
        with Cache(path, refuse) as cache:
            for number in range(100):
                cache.put(mark + os.urandom(15), Prediction(str(number), ()), 0)

    threads = [threading.Thread(target=write, args=(mark,)) for mark in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Cache(path, refuse) as cache:
        assert cache.size()[0] == 300
        assert cache_module.clear(path) == 300
        assert cache.size()[0] == 0


@pytest.mark.parametrize(
    ("prediction", "seconds"),
    [
        (b'"a list of facts"', 1.0),
        (b"[]", 1.0),
        (b"not JSON", 1.0),
        (b"\xff\xfe", 1.0),
        (b'{"article_id":"a"}', 1.0),
        (b'{"article_id":"a","facts":[{"kind":"event"}]}', 1.0),
        (b'{"article_id":"a","facts":[{"kind":"entity","span":[3,1],"label":"PER"}]}', 1.0),
        (b'{"a":' * 100_000, 1.0),
        (17, 1.0),
        (b'{"article_id":"a","facts":[]}', "long"),
        (b'{"article_id":"a","facts":[]}', -1.0),
        (b'{"article_id":"a","facts":[]}', float("inf")),
    ],
)
def test_a_row_of_another_kind_is_as_if_it_were_not_there(tmp_path, prediction, seconds):
    path = tmp_path / "c.sqlite"
    with Cache(path, refuse) as cache:
        cache.put(b"l" * 16, Prediction("b", ()), 1)
    with closing(sqlite3.connect(path)) as database, database:
        row = b"k" * 16, prediction, seconds
        database.execute("INSERT INTO predictions VALUES (?, ?, ?)", row)
    with Cache(path, refuse) as cache:
        assert cache.get([b"k" * 16, b"l" * 16]) == {b"l" * 16: (Prediction("b", ()), 1)}
        cache.put(b"k" * 16, Prediction("a", ()), 2)
    with Cache(path, refuse) as cache:
        assert cache.get([b"k" * 16]) == {b"k" * 16: (Prediction("a", ()), 2)}


def test_what_is_forgotten_is_gone_also_before_it_was_committed(tmp_path):
    path = tmp_path / "c.sqlite"
    with Cache(path, refuse) as cache:
        for mark in (b"k", b"l"):
            cache.put(mark * 16, Prediction("a", ()), 1)
        cache.flush()
        cache.put(b"m" * 16, Prediction("a", ()), 1)
        cache.forget([b"k" * 16, b"m" * 16, b"n" * 16])
    with Cache(path, refuse) as cache:
        assert list(cache.get([mark * 16 for mark in (b"k", b"l", b"m", b"n")])) == [b"l" * 16]


def test_no_cache_is_a_cache_that_keeps_nothing():
    with Cache(None, refuse) as cache:
        cache.put(b"k" * 16, Prediction("a", ()), 1)
        assert cache.get([b"k" * 16]) == {}


def damaged(path):
    with Cache(path, refuse) as cache:
        for number in range(200):
            cache.put(number.to_bytes(16, "big"), Prediction(str(number), ()), 0)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def other_tables(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE predictions (other INTEGER)")


BROKEN = {
    "no database": lambda path: path.write_bytes(b"not a database at all, only some words"),
    "a damaged one": damaged,
    "other tables": other_tables,
    "a folder": Path.mkdir,
    "a link to nothing": lambda path: path.symlink_to(path.parent / "none" / "none"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_cache_stops_no_run_and_is_cleared(tmp_path, monkeypatch, capsys, broken):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = default_path()
    path.parent.mkdir()
    broken(path)
    said = []
    with Cache(path, said.append) as cache:
        cache.put(b"k" * 16, Prediction("a", ()), 1)
        assert cache.get([b"k" * 16]) == {}
    assert len(said) == 1
    assert "factharness cache clear" in said[0]
    path.with_name(f"{path.name}-wal").write_bytes(b"what a killed process leaves")
    for args, code in ((["cache", "stats"], 2), (["cache", "clear"], 0), (["cache", "stats"], 0)):
        with pytest.raises(SystemExit) as stop:
            main(args)
        out, err = capsys.readouterr()
        assert (stop.value.code, args) == (code, args)
        assert bool(err) == bool(code)
        if args[1] == "clear":
            assert os.listdir(path.parent) == []
        if code:
            assert "is broken" in err
            assert "it is closed" not in err
            assert "factharness cache clear" in err
    assert "0 predictions" in out


def test_a_cache_in_use_is_not_cleared(tmp_path, monkeypatch):
    path = tmp_path / "c.sqlite"
    with Cache(path, refuse) as cache:
        cache.put(b"k" * 16, Prediction("a", ()), 1)
    monkeypatch.setattr(cache_module, "PATIENCE", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match="in use by another process"):
            cache_module.clear(path)
    assert cache_module.clear(path) == 1
    assert cache_module.clear(tmp_path / "none" / "c.sqlite") == 0


def test_what_is_no_cache_is_not_removed_with_all_that_is_in_it(tmp_path):
    folder = tmp_path / "c.sqlite"
    folder.mkdir()
    (folder / "thesis.txt").write_text("")
    with pytest.raises(OutputError, match=r"cannot be removed: .*; remove it by hand"):
        cache_module.clear(folder)
    assert (folder / "thesis.txt").exists()
