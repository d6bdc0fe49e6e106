"""Gold sets as sequences that read an article when it is asked for."""

import os

import pytest
from gold_strategies import example
from hypothesis import given
from hypothesis import strategies as st

from factharness.errors import GoldError
from factharness.facts import Article, GoldArticle
from factharness.gold import sets
from factharness.gold.articles import GoldArticles, digest, entry_of, in_memory
from factharness.gold.parse import parse
from factharness.gold.sets import load_set

NAMES = ("a", "a-b", "b", "c", "d")


@pytest.fixture(autouse=True)
def nothing_stored(monkeypatch):
    """Articles are read from their files: they are kept nowhere but in memory."""
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("essais")
    for number, name in enumerate(NAMES):
        facts = ["LOC Lyon"] * (number % 2)
        (made / f"{name}.gold").write_text(article(name, *facts))
    return made


def article(name, *facts):
    return example(*facts).replace('id = "essai"', f'id = "{name}"')


@pytest.fixture(params=[0, sets.KEPT], ids=["nothing kept", "kept"])
def loaded(request, folder, monkeypatch):
    monkeypatch.setattr(sets, "KEPT", request.param)
    return load_set(folder)


def whole(folder):
    return [parse((folder / f"{name}.gold").read_text()) for name in NAMES]


def test_articles_come_in_the_order_of_their_ids_however_often(loaded, folder):
    assert list(loaded.articles) == list(loaded.articles) == whole(folder)
    assert len(loaded.articles) == len(NAMES)
    assert loaded.digest == digest(whole(folder)) == digest(loaded.articles)
    assert loaded.digest == digest(reversed(loaded.articles))


@pytest.mark.parametrize(
    "place", [slice(1, None, 2), slice(None, -1), slice(9, 20), slice(None, None, -1)]
)
def test_a_slice_is_a_sequence_that_is_read_when_asked(loaded, folder, place):
    part = loaded.articles[place]
    assert isinstance(part, GoldArticles)
    assert list(part) == whole(folder)[place]
    assert digest(part) == digest(whole(folder)[place])


def test_one_article_by_its_place(loaded, folder):
    assert loaded.articles[-1] == whole(folder)[-1]
    with pytest.raises(IndexError):
        loaded.articles[len(NAMES)]


@given(places=st.lists(st.sampled_from(range(len(NAMES))), unique=True))
def test_articles_are_chosen_by_place(folder, places):
    articles = load_set(folder).articles
    assert list(articles.chosen(places)) == [articles[place] for place in places]


def test_nothing_is_read_until_it_is_asked_for(folder, monkeypatch):
    monkeypatch.setattr(sets, "KEPT", 0)
    articles = load_set(folder).articles
    read = []
    monkeypatch.setattr(sets, "_load", spied(sets._load, read))
    part = articles.chosen([1, 0])[::-1].changed(articles.entries[:2], lambda gold: gold)
    assert [entry.id for entry in part.entries] == ["a", "a-b"]
    assert read == []
    assert part[:1][0].article.id == "a"
    assert [path.stem for path in read] == ["a"]


def spied(function, calls):
    return lambda path, *more: calls.append(path) or function(path, *more)


def test_an_article_that_no_room_is_left_for_is_read_again(folder, monkeypatch):
    monkeypatch.setattr(sets, "KEPT", 2 * len(parse(article("a")).article.text) + sets.FACT_SIZE)
    articles = load_set(folder).articles
    read = []
    monkeypatch.setattr(sets, "_load", spied(sets._load, read))
    assert list(articles) == whole(folder)
    assert [path.stem for path in read] == list(NAMES[2:])


def test_texts_are_those_of_the_articles_and_read_no_gold(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sets, "KEPT", 0)
    load_set(folder)  # keeps the articles
    articles = load_set(folder).articles
    read = []
    monkeypatch.setattr(sets, "kept_gold", spied(sets.kept_gold, read))
    texts = articles[1:].texts
    assert list(texts) == [gold.article for gold in whole(folder)[1:]]
    assert len(read) == 1  # before it is known that there is no room


def test_articles_come_by_id_when_their_files_are_named_otherwise(tmp_path):
    (tmp_path / "set.toml").write_text('name = "essais"')
    for file, name in ("x", "b"), ("y", "a"), ("z", "c"):
        (tmp_path / f"{file}.gold").write_text(article(name))
    loaded = load_set(tmp_path)
    assert [gold.article.id for gold in loaded.articles] == ["a", "b", "c"]
    assert loaded.digest == digest([parse(article(name)) for name in "abc"])


@given(
    folder=st.sampled_from(["", "set/", "/set/", "set/a.gold/", "set-"]),
    stem=st.sampled_from(["", "a", "b.a", "b"]),
    end=st.sampled_from(["", ".gold", ".txt"]),
    name=st.sampled_from(["a", "b"]),
)
def test_the_path_of_an_entry_is_that_of_its_file(folder, stem, end, name):
    path = f"{folder}{stem}{end}".rstrip("/").replace("/", os.sep)
    gold = GoldArticle(Article(name, "Lyon."), (), path=path)
    assert entry_of(gold).path == path


def test_entries_share_their_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in "ab":
        (tmp_path / f"{name}.gold").write_text(article(name))
    for _ in range(2):  # parsed, then kept
        one, other = load_set(tmp_path).articles.entries
        assert one.place is other.place
        assert one.place == f"{tmp_path}{os.sep}"


def test_an_entry_says_what_its_article_is(loaded):
    for entry, gold in zip(loaded.articles.entries, loaded.articles, strict=True):
        assert entry == entry_of(gold, entry.content)
        assert entry.digest == digest([gold])
        assert entry.characters == len(gold.article.text)


def test_unconfirmed_facts_are_known_without_reading(tmp_path):
    (tmp_path / "set.toml").write_text('name = "essais"')
    (tmp_path / "essai.gold").write_text(example("LOC Lyon | note: unconfirmed"))
    assert load_set(tmp_path).articles.entries[0].unconfirmed


def test_a_file_that_changes_after_loading_is_told_and_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(sets, "KEPT", 0)
    (tmp_path / "set.toml").write_text('name = "essais"')
    file = tmp_path / "essai.gold"
    file.write_text(example("LOC Lyon"))
    articles = load_set(tmp_path).articles
    file.write_text(example("ORG Lyon"))
    with pytest.raises(GoldError, match=r"essai\.gold: was changed while it was in use"):
        list(articles)
    file.write_text(example("LOC Lyon"))
    assert len(list(articles)) == 1


def test_articles_in_memory_are_a_sequence_too(folder):
    articles = in_memory(tuple(whole(folder)))
    assert list(articles) == whole(folder)
    assert digest(articles) == digest(whole(folder))
    assert in_memory(articles) is articles
    changed = articles.changed(articles.entries[1:], renamed)
    assert [gold.prelabel for gold in changed] == ["changed"] * (len(NAMES) - 1)


def renamed(gold):
    return GoldArticle(gold.article, gold.facts, prelabel="changed")
