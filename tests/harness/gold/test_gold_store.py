"""Gold that is kept as it was read: never other than what is read anew, and never in the way."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from gold_strategies import EXAMPLE, example, gold_articles
from hypothesis import given
from hypothesis import strategies as st

from factharness.cli import main
from factharness.errors import GoldError
from factharness.facts import Article, GoldArticle
from factharness.gold import sets, store
from factharness.gold.articles import entry_of
from factharness.gold.format import render
from factharness.gold.kept_index import FileHashes, GrowingIndex, Index
from factharness.gold.parse import parse, text_of
from factharness.gold.sets import load_set
from factharness.gold.syntax import read
from factharness.gold.withhold import withhold

NAME = "2024-03-05-apprentissage"


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """A cache of this test's own, and no articles in memory."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "texts"))
    monkeypatch.setattr(sets, "KEPT", 0)


@pytest.fixture
def parsed(monkeypatch):
    """The names of the files that are parsed."""
    names = []
    parse_file = sets.read

    def spied(text, path):
        names.append(Path(path).name)
        return parse_file(text, path)

    monkeypatch.setattr(sets, "read", spied)
    return names


@pytest.fixture
def folder(tmp_path):
    return written(tmp_path / "essais", a=("LOC Lyon",), b=())


def written(folder, **articles):
    folder.mkdir()
    for name, facts in articles.items():
        write(folder, name, *facts)
    return folder


def write(folder, name, *facts):
    (folder / f"{name}.gold").write_text(example(*facts).replace('id = "essai"', f'id = "{name}"'))


def everything(folder):
    """All that is in a set, with the lines and paths that equality does not look at, but where its articles are
    kept; or the error."""
    try:
        loaded = load_set(folder)
        entries = [msgspec.structs.replace(one, kept=b"") for one in loaded.articles.entries]
        return (
            loaded.signature,
            loaded.skipped,
            loaded.seen,
            entries,
            list(map(repr, loaded.articles.texts)),
            list(map(repr, loaded.articles)),
        )
    except GoldError as error:
        return str(error)


def anew(folder):
    """The same, where nothing is kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", os.devnull)
        return everything(folder)


def test_what_has_not_changed_is_not_parsed_again(folder, parsed):
    first = everything(folder)
    assert sorted(parsed) == ["a.gold", "b.gold"]
    parsed.clear()
    assert everything(folder) == first
    assert parsed == []


def test_only_the_file_that_changed_is_parsed_again(folder, parsed):
    everything(folder)
    parsed.clear()
    write(folder, "b", "ORG Lyon")
    second = everything(folder)
    assert parsed == ["b.gold"]
    assert second == anew(folder)


EDITS = st.one_of(
    st.tuples(
        st.just("write"), st.sampled_from("abc"), st.sampled_from(["LOC Lyon", "ORG Lyon", "X ?"])
    ),
    st.tuples(st.just("remove"), st.sampled_from("abc")),
    st.tuples(st.just("rename"), st.sampled_from("abc"), st.sampled_from("abc")),
    st.tuples(
        st.just("set.toml"), st.sampled_from(["", 'name = "x"', "[seen]\nme = ['a']", "wrong"])
    ),
    st.tuples(st.just("withhold")),
    st.tuples(st.just("attach"), st.sampled_from(["whole", "part", "other", "none"])),
    st.tuples(st.just("damage"), st.integers(0, 5000)),
)


@given(edits=st.lists(EDITS, max_size=6))
def test_after_any_edit_a_set_is_what_it_is_when_it_is_parsed_anew(tmp_path_factory, edits):
    place = tmp_path_factory.mktemp("edits")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(place / "cache"))
        patch.setenv("FACTHARNESS_TEXTS", str(place / "texts"))
        folder = written(place / "essais", a=("LOC Lyon",), b=())
        for edit in [None, *edits]:
            if edit:
                change(folder, place / "texts", *edit)
            assert everything(folder) == anew(folder)
            assert everything(folder) == anew(folder)
    shutil.rmtree(place)


def change(folder, texts, what, *how):
    if what == "write":
        write(folder, *how)
    elif what == "remove":
        (folder / f"{how[0]}.gold").unlink(missing_ok=True)
    elif what == "rename" and (folder / f"{how[0]}.gold").exists():
        (folder / f"{how[0]}.gold").replace(folder / f"{how[1]}.gold")
    elif what == "set.toml":
        (folder / "set.toml").write_text(how[0])
    elif what == "withhold":
        (folder / f"{NAME}.gold").write_text(render(withhold(read(EXAMPLE))))
    elif what == "attach":
        attach_text(texts, how[0])
    elif what == "damage":
        for kept in store.kept_folder().glob("*"):
            flip(kept, how[0])


def attach_text(texts, which):
    document = read(EXAMPLE)
    text = text_of(document)
    paragraphs = text.split("\n\n")
    texts.mkdir(exist_ok=True)
    file = texts / f"{document.header.sha256}.txt"
    given = {"whole": text, "part": "\n\n".join([*paragraphs[:-1], "autre"]), "other": "autre"}
    if which in given:
        file.write_text(given[which])
    else:
        file.unlink(missing_ok=True)


def flip(path, place):
    """Change one byte of a file."""
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1
    path.write_bytes(data)


def test_any_damaged_byte_is_parsed_again(tmp_path):
    folder = written(tmp_path / "essais", a=("LOC Lyon",))
    right = anew(folder)
    everything(folder)
    (kept,) = store.kept_folder().glob("*")
    whole = kept.read_bytes()
    for place in range(len(whole)):
        kept.write_bytes(whole)
        flip(kept, place)
        assert everything(folder) == right
    for length in range(0, len(whole), 7):
        kept.write_bytes(whole[:length])
        assert everything(folder) == right


@given(made=gold_articles())
def test_an_article_and_its_entry_come_back_as_they_were(made):
    _, gold = made
    back = store._decode(store._encode(gold), gold.path)
    assert back == gold
    # What equality leaves out: lines and attributes of facts, and the zone of a moment.
    assert repr(back.facts) == repr(gold.facts)
    assert str(back.article.published) == str(gold.article.published)
    assert repr(store._decode_text(store._encode(gold))) == repr(back.article)


@given(made=st.lists(gold_articles(), min_size=1, max_size=3), number=st.integers(0, 9))
def test_the_entries_of_an_index_come_back_as_they_were(made, number):
    index = GrowingIndex()
    entries, added = [], []
    for _, gold in [*made, made[number % len(made)]]:
        place = str(len(entries)).encode()
        entries.append(entry_of(gold, b"content"))
        added.append(index.add(FileHashes(b"con", "", b"tent"), entries[-1], place))
        entries[-1] = msgspec.structs.replace(entries[-1], kept=place)
    back = msgspec.msgpack.decode(index.encoded(b"code", "digest"), type=Index)
    assert (back.code, back.digest) == (b"code", "digest")
    assert added == [back.entry(row, "") for row in back.rows] == entries
    # What articles have in common is held once.
    first = added[number % len(made)]
    assert added[-1].meta is first.meta
    assert added[-1].phenomena is first.phenomena


def test_the_same_folder_under_another_name_has_the_paths_of_that_name(folder, parsed, monkeypatch):
    everything(folder)
    parsed.clear()
    monkeypatch.chdir(folder.parent)
    loaded = load_set("essais")
    assert [gold.path for gold in loaded.articles] == ["essais/a.gold", "essais/b.gold"]
    assert [entry.path for entry in loaded.articles.entries] == ["essais/a.gold", "essais/b.gold"]
    assert parsed == []


def test_another_version_of_the_code_parses_again(folder, parsed, monkeypatch):
    everything(folder)
    parsed.clear()
    monkeypatch.setattr(store, "code", lambda: b"another")
    everything(folder)
    assert parsed == ["a.gold", "b.gold"]


def test_a_set_stays_as_it_was_loaded_when_its_files_change(folder, parsed):
    right = everything(folder)
    loaded = load_set(folder)
    parsed.clear()
    write(folder, "a", "ORG Lyon")
    (folder / "b.gold").unlink()
    assert tuple(map(repr, loaded.articles)) == tuple(right[-1])
    assert parsed == []
    assert everything(folder) == anew(folder) != right


def test_what_was_loaded_and_is_kept_no_more_is_read_from_its_file_if_that_is_the_same(folder):
    right = everything(folder)
    loaded = load_set(folder)
    write(folder, "b", "ORG Lyon")
    everything(folder)  # writes anew what is kept
    assert repr(loaded.articles[0]) == right[-1][0]
    with pytest.raises(GoldError, match=r"b\.gold: was changed while it was in use"):
        print(loaded.articles[1])


def test_a_text_that_is_no_longer_attached_is_not_used(tmp_path, parsed):
    folder = tmp_path / "essais"
    folder.mkdir()
    change(folder, tmp_path / "texts", "withhold")
    change(folder, tmp_path / "texts", "attach", "whole")
    everything(folder)
    parsed.clear()
    assert len(load_set(folder).articles) == 1
    assert parsed == []
    change(folder, tmp_path / "texts", "attach", "none")
    assert len(load_set(folder).skipped) == 1


@pytest.mark.parametrize("wrong", ["a file", "no permission"])
def test_a_folder_that_cannot_be_written_is_no_error(folder, monkeypatch, wrong, tmp_path):
    right = anew(folder)
    if wrong == "a file":
        (tmp_path / "cache").write_text("")
    else:
        monkeypatch.setattr(store.tempfile, "mkstemp", refuse)
    assert everything(folder) == right
    assert everything(folder) == right
    assert store.size() == (0, 0)


def test_a_full_disk_is_no_error(folder, monkeypatch):
    right = anew(folder)
    monkeypatch.setattr(store.os, "replace", refuse)
    assert everything(folder) == right
    assert store.size() == (0, 0)


def refuse(*_, **__):
    raise OSError("refused")


def test_a_mistake_in_the_gold_leaves_no_file(folder):
    write(folder, "c", "X ?")
    assert "c.gold" in everything(folder)
    assert store.size() == (0, 0)


def test_without_an_article_that_was_not_kept_a_set_has_another_digest(tmp_path):
    folder = written(tmp_path / "essais", a=())
    change(folder, tmp_path / "texts", "withhold")
    change(folder, tmp_path / "texts", "attach", "part")
    everything(folder)
    (folder / f"{NAME}.gold").unlink()
    assert everything(folder) == anew(folder)


def test_a_single_file_is_not_kept(folder):
    load_set(folder / "a.gold")
    assert store.size() == (0, 0)


def test_readers_and_writers_at_once_read_what_is_there(folder):
    right = anew(folder)

    def once(number):
        if number % 3 == 0:
            store.clear()
        return everything(folder)

    with ThreadPoolExecutor(4) as pool:
        assert all(found == right for found in pool.map(once, range(40)))


def test_sets_used_longest_ago_go_when_there_is_no_room(tmp_path, monkeypatch):
    folders = [written(tmp_path / name, a=()) for name in "xyz"]
    for age, folder in enumerate(folders):
        everything(folder)
        own = store.Store(folder, sets._attached).path
        os.utime(own, (1000 + age, 1000 + age))
    everything(folders[0])  # used last
    one = store.size()[1] // 3
    monkeypatch.setattr(store, "LIMIT", 3 * one + one // 2)
    everything(written(tmp_path / "w", a=()))
    left = [store.Store(folder, sets._attached).path.exists() for folder in folders]
    assert left == [True, False, True]


def test_a_set_that_is_over_the_limit_alone_is_not_kept(folder, monkeypatch):
    monkeypatch.setattr(store, "LIMIT", 100)
    assert everything(folder) == anew(folder)
    assert store.size() == (0, 0)


def test_the_command_shows_and_removes_what_is_kept(folder, capsys):
    everything(folder)
    said = [run(words, capsys) for words in ("stats", "clear", "stats")]
    assert f"{store.kept_folder()}: 1 gold set, 0.0 MB" in said[0]
    assert said[1] == "forgot 0 predictions and 1 gold set\n"
    assert ": 0 gold sets" in said[2]
    assert store.size() == (0, 0)


def run(word, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["cache", word])
    assert stop.value.code == 0
    return capsys.readouterr().out


def test_moments_keep_their_zone():
    gold = parse(example().replace("2024-03-05", "2024-03-05T10:00:00+02:00"))
    again = store._decode(store._encode(gold), "")
    assert isinstance(again, GoldArticle)
    assert isinstance(again.article, Article)
    assert str(again.article.published) == "2024-03-05 10:00:00+02:00"
