"""Sets of gold files, withheld texts and what a run is told about them."""

import pytest
from gold_strategies import EXAMPLE, example

from factharness.errors import GoldError
from factharness.facts import Quote
from factharness.files import cache_folder
from factharness.gold.format import render
from factharness.gold.parse import parse, read_document
from factharness.gold.set_file import read_set
from factharness.gold.sets import load_file, load_set, store_text, text_folder
from factharness.gold.syntax import read
from factharness.gold.withhold import attach, withhold

NAME = "2024-03-05-apprentissage"


@pytest.fixture(autouse=True)
def texts(tmp_path, monkeypatch):
    folder = tmp_path / "texts"
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "essais"
    made.mkdir()
    (made / "essai.gold").write_text(example("LOC Lyon"))
    return made


@pytest.fixture
def bare(folder):
    path = folder / f"{NAME}.gold"
    path.write_text(render(withhold(read(EXAMPLE))))
    return path


def test_a_folder_is_a_set_named_after_it(folder):
    (folder / "by").mkdir()
    (folder / "by" / "x.gold").write_text("broken")
    loaded = load_set(folder)
    assert (loaded.name, loaded.version, loaded.scheme.name) == ("essais", "0", "fr-news-1")
    assert [item.article.id for item in loaded.articles] == ["essai"]
    assert loaded.signature == f"essais@0#{loaded.digest}"
    assert len(loaded.digest) == 6


def test_a_single_file_is_a_set_of_one(folder):
    assert load_set(folder / "essai.gold").name == "essai"


def test_set_toml_names_the_set(folder):
    (folder / "set.toml").write_text(
        'name = "dep"\nversion = 2\nscheme = "fr-news-1"\nlicence = { text = "CC0-1.0" }\n'
        'texts = { repository = "a/b", commit = "c0" }\n[articles]\ne = { path = "p/e.txt", sha256 = "00" }\n'
    )
    info = read_set(folder)
    assert (info.name, info.version, info.repository, info.commit) == ("dep", "2", "a/b", "c0")
    assert info.articles["e"].path == "p/e.txt"
    assert load_set(folder).signature.startswith("dep@2#")


@pytest.mark.parametrize("name", ["deux mots", "CON", ".cache"])
def test_a_folder_that_cannot_name_its_set_needs_a_set_file(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "essai.gold").write_text(EXAMPLE)
    with pytest.raises(GoldError, match=r"cannot name the set.*set\.toml"):
        load_set(folder)
    (folder / "set.toml").write_text('name = "essais"')
    assert load_set(folder).name == "essais"


def test_a_file_that_cannot_name_its_set_is_refused(tmp_path):
    (tmp_path / "deux mots.gold").write_text(EXAMPLE)
    with pytest.raises(GoldError, match="cannot name the set"):
        load_set(tmp_path / "deux mots.gold")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("vresion = '1'", "unknown key 'vresion'; did you mean 'version'?"),
        ("texts = { repo = 'a' }", "unknown key 'repo'"),
        ("name = 3", "set.toml:1: 'name' must be text in quotes"),
        ("texts = 3", "set.toml:1: 'texts' must be a table"),
        ("articles = { a = 1 }", "set.toml:1: an entry of 'articles' must be a table"),
        ("[seen]\na = 1", "set.toml:2: [seen] a is neither"),
        ("[seen]\n\na = ['x']", "set.toml:3: [seen] a: unknown article 'x'"),
        ("\nname = 'a/b'", "set.toml:2: name 'a/b' is not a name"),
        ("[[", "not TOML"),
    ],
)
def test_a_wrong_set_file_is_named(folder, source, says):
    (folder / "set.toml").write_text(source)
    with pytest.raises(GoldError, match=r"set\.toml") as caught:
        load_set(folder)
    assert says in str(caught.value)


def test_the_digest_covers_what_can_change_a_score(folder):
    first = load_set(folder).digest
    path = folder / "essai.gold"
    seen = {first}
    for source in (
        example("ORG Lyon"),
        example("LOC? Lyon"),
        example("LOC Lyon", text="Lyon."),
        example("LOC Lyon", published="2024-03-06"),
        example("LOC Lyon", labels='{ skip = ["quote"] }'),
    ):
        path.write_text(source)
        seen.add(load_set(folder).digest)
    assert len(seen) == 6
    path.write_text("# comment\n" + example("# one more", "LOC Lyon | note: sure", title='"T"'))
    assert load_set(folder).digest == first


def test_the_digest_is_stable():
    """It stands in committed baselines: a change of it makes every stored number incomparable."""
    from factharness.gold.articles import digest

    assert digest([parse(EXAMPLE)]) == "c405a1"


def test_two_articles_of_one_id_are_refused(folder):
    (folder / "other.gold").write_text(example("LOC Lyon"))
    with pytest.raises(GoldError, match="is also that of"):
        load_set(folder)


def test_a_folder_without_gold_is_refused(tmp_path):
    with pytest.raises(GoldError, match=r"no \.gold file"):
        load_set(tmp_path)
    with pytest.raises(GoldError, match="cannot be read"):
        load_file(tmp_path / "none.gold")


def test_a_withheld_article_is_skipped_until_its_text_is_attached(folder, bare):
    before = load_set(folder)
    assert [item.article.id for item in before.articles] == ["essai"]
    (skipped,) = before.skipped
    assert skipped.id == NAME
    assert f"gold attach {bare} TEXT.txt" in skipped.remedy
    with pytest.raises(GoldError, match="not attached; factharness gold attach"):
        load_file(bare)
    full = parse(EXAMPLE)
    store_text(read_document(bare), full.article.text)
    after = load_set(folder)
    assert after.skipped == ()
    assert load_file(bare) == full
    assert after.digest != before.digest


def test_a_set_with_published_texts_says_to_fetch_them(folder, bare):
    (folder / "set.toml").write_text('texts = { repository = "a/b", commit = "c" }')
    assert load_set(folder).skipped[0].remedy == f"factharness gold fetch {folder}"


def test_text_is_attached_under_normalisation(bare):
    text = parse(EXAMPLE).article.text
    path, missing = store_text(
        read_document(bare), "\ufeff" + text.replace("\n\n", " \r\n\r\n\r\n")
    )
    assert missing == ()
    assert path.parent == text_folder()
    assert path.read_text() == text + "\n"


def test_another_text_is_refused(bare, texts):
    with pytest.raises(GoldError, match="0 of 3 paragraphs match"):
        store_text(read_document(bare), "Autre chose.")
    assert not texts.exists()
    with pytest.raises(GoldError, match="has its text already"):
        attach(read(EXAMPLE), "x")


def test_a_text_with_a_changed_paragraph_serves_the_others(bare):
    text = parse(EXAMPLE).article.text.replace("plan de 300", "plan de 400")
    _, missing = store_text(read_document(bare), text)
    assert missing == (12,)
    loaded = load_set(bare.parent)
    part = next(item for item in loaded.articles if item.article.id == NAME)
    assert part.article.text == text.split("\n\n", 1)[1]
    assert [
        item.fact.span.of(part.article.text)
        for item in part.facts
        if not isinstance(item.fact, Quote)
    ][:2] == ["État", "Paris"]
    assert loaded.skipped[0].reason == (
        "1 of 3 paragraphs differ in the attached text (line 12); the others are used"
    )


def test_a_text_of_which_less_than_half_is_unchanged_is_refused(bare):
    first, second, third = parse(EXAMPLE).article.text.split("\n\n")
    with pytest.raises(GoldError, match="1 of 3 paragraphs match"):
        attach(read_document(bare), f"{first}\n\n{second} .\n\n{third} .")
    assert attach(read_document(bare), f"{first} .\n\n{second}\n\n{third}")[1] == (12,)


def test_a_quote_that_lost_a_part_is_dont_care():
    text = "« Un.\n\n« Deux », dit Ana, puis « Trois ».\n\nUn long paragraphe sans rien."
    base = example(text=text).replace("\n\n> « Deux", "\n  QUOTE @a « Un. | direct\n\n> « Deux")
    source = base.replace(
        "\n\n> Un long",
        "\n  QUOTE @a <+> « Deux » | by: Ana\n  QUOTE « Trois » | direct | by: @a\n\n> Un long",
    )
    full, missing = attach(withhold(read(source)), text.split("\n\n", 1)[1])
    assert len(missing) == 1
    first, second = parse(render(full)).facts
    assert first.ignore
    assert first.fact.speaker is not None
    assert not second.ignore


def test_a_damaged_stored_text_is_told(bare):
    path, _ = store_text(read_document(bare), parse(EXAMPLE).article.text)
    path.write_bytes(b"\xff\x00 something else")
    assert "damaged" in load_set(bare.parent).skipped[0].reason


def test_a_withheld_file_changed_by_hand_is_told(bare):
    source = bare.read_text()
    sha = parse(EXAMPLE).article.text
    changed = read(source.replace('sha256    = "ebd', 'sha256    = "000'))
    with pytest.raises(GoldError, match="every paragraph matches, but not the sha256"):
        attach(changed, sha)


def test_texts_lie_in_the_cache_folder_unless_another_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "mine"))
    assert text_folder() == tmp_path / "mine"
    monkeypatch.delenv("FACTHARNESS_TEXTS")
    assert text_folder() == cache_folder() / "texts"
