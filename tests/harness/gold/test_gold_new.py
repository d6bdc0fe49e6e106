"""Making a gold file, showing it, counting a set."""

import json

import pytest
from gold_strategies import EXAMPLE, example
from hypothesis import given
from hypothesis import strategies as st

from factharness.cli import main
from factharness.facts import Date, Entity, Quote, Span
from factharness.gold.format import render
from factharness.gold.hints import hints
from factharness.gold.new import proposals
from factharness.gold.parse import parse
from factharness.gold.stats import stats
from factharness.gold.syntax import read
from factharness.gold.withhold import withhold
from factharness.labels import MAPS
from factharness.scheme import FR_NEWS

RAW = "\ufeffUn titre\r\n\r\nMarie  Lefort a dit « oui » mardi à Lyon. \r\n"

PLUGIN = """
from factharness.facts import Date, Entity, Quote, Span

class Toy:
    kinds = frozenset({"entity", "date", "quote"})
    label_scheme = "ontonotes"
    loaded = False

    def fingerprint(self):
        return {}

    def load(self):
        self.loaded = True

    def extract(self, articles):
        for article in articles:
            assert self.loaded
            at = article.text.index("Marie")
            yield [Entity(Span(at, at + 12), "PERSON"), Entity(Span(at, at + 5), "MONEY"),
                   Quote((Span(at + 19, at + 26),), "direct", Span(at, at + 12), "Marie Lefort")]

def build():
    return Toy()
"""


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_bytes(RAW.encode())
    (tmp_path / "toy.py").write_text(PLUGIN)
    return tmp_path


def test_new_makes_a_valid_skeleton(here, capsys):
    assert call("new", "essai", "--text", "text.txt", "--published", "2024-03-06", "--by", "mb",
                "--meta", "rubrique=sport", "--licence", "CC0-1.0", "--outlet", "exemple") == 0  # fmt: skip
    assert (
        capsys.readouterr().out
        == "essai.gold: 2 paragraphs, 0 facts to confirm, 1 quote to complete\n"
    )
    source = (here / "essai.gold").read_text()
    gold = parse(source)
    assert gold.article.text == "Un titre\n\nMarie Lefort a dit « oui » mardi à Lyon."
    assert gold.article.meta == {"rubrique": "sport"}
    assert read(source).header.labels.status == "draft"
    assert call("check", "essai.gold") == 2
    assert capsys.readouterr().out.splitlines() == [
        "essai.gold:16: a proposed fact that nobody has confirmed; decide it with factharness gold confirm, "
        "or correct it and remove the note",
        "essai.gold:16: a quote without by: [Q26]; write by: words, by: @id, or by: - for nobody",
    ]
    assert call("fmt", "--check", "essai.gold") == 0


def test_new_with_proposed_facts(here, capsys):
    args = ["new", "essai", "--text", "text.txt", "--published", "2024-03-06T10:00:00+01:00"]
    assert call(*args, "--prelabel", "file:toy.py:build") == 0
    out, err = capsys.readouterr()
    assert out.endswith("2 facts to confirm\n")
    assert "left out: MONEY" in err
    source = (here / "essai.gold").read_text()
    assert "  PER      Marie Lefort | note: unconfirmed\n" in source
    assert "  QUOTE    « oui » | direct | by: Marie Lefort | note: unconfirmed\n" in source
    assert parse(source).prelabel == "file:toy.py:build"
    assert call("check", "essai.gold") == 2
    assert "nobody has confirmed (2 times: lines 13, 14)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["a b", "--text", "text.txt", "--published", "2024-03-06"], "'a b' is not a name"),
        (["a", "--text", "none.txt", "--published", "2024-03-06"], "cannot be read"),
        (["a", "--text", "text.txt", "--published", "mardi"], "is not a date such as"),
        (["a", "--text", "text.txt"], "Give --published"),
        (["a", "--text", "empty.txt", "--published", "2024-03-06"], "the text is empty"),
        (["a", "--text", "binary.txt", "--published", "2024-03-06"], "is a binary file"),
        (["there", "--text", "text.txt", "--published", "2024-03-06"], "is there already"),
        (["a", "--text", "text.txt", "--published", "2024-03-06", "--meta", "x"], "KEY=VALUE"),
        (["a", "--text", "text.txt", "--published", "2024-03-06", "--prelabel", "rulez"], "rulez"),
        (["a", "--text", "text.txt", "--published", "2024-03-06", "-o", "text.txt/where"], "cannot be made"),
    ],
)  # fmt: skip
def test_new_says_what_is_wrong_and_writes_nothing(here, args, says, capsys):
    (here / "empty.txt").write_text(" \n\n")
    (here / "binary.txt").write_bytes(b"\x00\x01")
    (here / "there.gold").write_text("mine")
    assert call("new", *args) == 2
    assert says in capsys.readouterr().err
    assert sorted(path.name for path in here.glob("*.gold")) == ["there.gold"]
    assert (here / "there.gold").read_text() == "mine"


def test_proposals_are_mapped_once_each():
    text = "Marie à Lyon"
    facts = [
        Entity(Span(0, 5), "PERSON"),
        Entity(Span(0, 5), "PERSON"),
        Entity(Span(8, 12), "DATE"),
        Entity(Span(8, 12), "MONEY"),
        Entity(Span(8, 12), "XYZ"),
        Quote((Span(6, 7),), "direct", Span(0, 5), "Marie"),
    ]
    found, left_out = proposals(facts, MAPS["ontonotes"], text)
    assert [held.fact for held in found] == [
        Entity(Span(0, 5), "PER"),
        Date(Span(8, 12), "DATE"),
        Quote((Span(6, 7),), "direct", Span(0, 5)),
    ]
    assert {held.attributes["note"] for held in found} == {"unconfirmed"}
    assert left_out == ["MONEY", "XYZ"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("La maire Marie Lefort sourit.", ["Marie", "Lefort"]),
        ("Elle part. Lyon attend. « Oui. »", []),
        ("L’ONU attend. ONU !", ["ONU", "ONU"]),
        ("Il part mardi 5 mars 2024 à 14 h 30.", ["mardi", "mars", "2024", "14 h 30"]),
        ("Il a été là cet été, l’été.", ["été", "été"]),
        ("– Non, dit Ana.", ["Ana"]),
        ("Jean-Paul et U.S. Navy", ["U.S"]),
    ],
)
def test_hints(text, words):
    gold = parse(example(text=text))
    assert [hint.span.of(text) for hint in hints(gold)] == words


@given(st.text())
def test_hints_lie_within_the_text_and_are_in_order(text):
    from factharness.facts import Article, GoldArticle

    found = hints(GoldArticle(Article("a", text), ()))
    assert all(hint.span.end <= len(text) for hint in found)
    assert found == sorted(found, key=lambda hint: hint.span)


def test_what_is_labelled_is_no_hint():
    gold = parse(example("LOC Lyon", "DATE mardi | 2024-03-05", text="À Lyon, mardi, Ana."))
    assert [hint.span.of(gold.article.text) for hint in hints(gold)] == ["Ana"]


def test_show_prints_paragraphs_facts_and_what_may_be_missing(tmp_path, capsys):
    path = tmp_path / "2024-03-05-apprentissage.gold"
    path.write_text(EXAMPLE.replace("  LOC      Lyon\n", ""))
    assert call("show", path) == 0
    out = capsys.readouterr().out
    assert "    PER Claire Dumoulin\n" in out
    assert "    unlabelled: Travail, Lyon\n" in out
    assert "| by: elle = Claire Dumoulin | cue: a-t-elle promis" in out
    assert "    DATE été | 2024-SU | mod: BEFORE  avant l’été 2024\n" in out
    assert call("show", path, "--no-hints") == 0
    assert "unlabelled" not in capsys.readouterr().out


def test_stats_counts_and_lists_what_a_set_is_poor_in():
    sources = [EXAMPLE, example("LOC Lyon", "LOC? maire", phenomena='["incise"]')]
    found = stats(
        [parse(source) for source in sources],
        [read(source).header for source in sources],
        [FR_NEWS],
    )
    rows = {(row.kind, row.label): row for row in found.rows}
    place = rows["entity", "LOC"]
    assert (place.facts, place.ignored, place.articles) == (5, 1, 2)
    assert rows["quote", "*"].facts == 2
    assert rows["date", "SET"].facts == 0
    assert found.phenomena == {"incise": ("essai",)}
    assert "date SET: 0 facts in 0 articles" in found.poor
    assert "incise: in essai only" in found.poor
    assert found.words == (69, 9)


def test_the_stats_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "goldsets" / "a").mkdir(parents=True)
    (tmp_path / "goldsets" / "a" / "x.gold").write_text(example("LOC Lyon", phenomena='["incise"]'))
    assert call("stats") == 0
    out = capsys.readouterr().out
    assert out.startswith("1 article, 31 characters, 9 words")
    assert "Poor in:" in out
    assert call("stats", "--json") == 0
    assert json.loads(capsys.readouterr().out)["articles"] == 1
    assert call("stats", "--phenomena") == 0
    assert "| incise" in capsys.readouterr().out


def test_stats_count_the_labels_of_files_without_their_text(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "texts"))
    bare = render(withhold(read(EXAMPLE)))
    (tmp_path / "bare.gold").write_text(bare)
    assert call("stats", "--json", tmp_path / "bare.gold") == 0
    without = json.loads(capsys.readouterr().out)
    assert (without["articles"], without["characters"], without["words"]) == (1, None, [])
    (tmp_path / "full.gold").write_text(EXAMPLE)
    assert call("stats", "--json", tmp_path / "full.gold") == 0
    assert json.loads(capsys.readouterr().out)["rows"] == without["rows"]
    assert call("stats", tmp_path / "bare.gold") == 0
    out = capsys.readouterr().out
    assert out.startswith("1 article\n1 of them without their whole text")
    (tmp_path / "more.gold").write_text(example("LOC Lyon"))
    assert call("stats", tmp_path / "bare.gold", tmp_path / "more.gold") == 0
    assert capsys.readouterr().out.startswith("2 articles; the text of 1 of them has 31 characters")


def test_a_folder_that_is_not_there_yet_is_made(here):
    args = ["new", "essai", "--text", "text.txt", "--published", "2024-03-06", "-o", "my/gold/"]
    assert call(*args) == 0
    assert (here / "my" / "gold" / "essai.gold").is_file()
