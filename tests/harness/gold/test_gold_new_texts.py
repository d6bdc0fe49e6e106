"""`gold new` on texts as they come: several at once, from standard input, their dates, paragraphs and marks."""

import io
import sys
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.cli import main
from factharness.gold.header import Labelling
from factharness.gold.marked_quotes import with_marked_quotes
from factharness.gold.new import article_from, skeleton
from factharness.gold.parse import read_document
from factharness.gold.published import read_published
from factharness.gold.raw_text import WRAPPED, paragraphed, slug
from factharness.gold.timex import MONTHS, WEEKDAYS
from factharness.text import normalise

moments = st.datetimes(datetime(1800, 1, 1), datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(moments, st.booleans(), st.booleans(), st.sampled_from(["/", ".", "-"]))
def test_a_date_is_read_as_it_was_written(moment, named, timed, mark):
    day = moment.date()
    name = f"{WEEKDAYS[day.weekday()]} " * named
    ordinal = "1er" if day.day == 1 else day.day
    clocks = [f" {moment.hour}h{moment.minute:02}", f" à {moment.hour} h {moment.minute:02}",
              f", {moment.hour}:{moment.minute:02}"] if timed else [""]  # fmt: skip
    for clock in clocks:
        for spelled in (
            f"{name}{ordinal} {MONTHS[day.month - 1]} {day.year}{clock}",
            f"Le {name}{ordinal} {MONTHS[day.month - 1].upper()} {day.year}{clock}",
            f"{name}{day.day:02}{mark}{day.month:02}{mark}{day.year}{clock}",
        ):
            assert read_published(spelled) == (moment if timed else day)
    assert read_published(moment.isoformat()) == moment
    assert read_published(day.isoformat()) == day


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5 mars 2024", date(2024, 3, 5)),
        ("mardi 5 mars 2024 18h30", datetime(2024, 3, 5, 18, 30)),
        ("05/03/2024", date(2024, 3, 5)),
        ("Publié le mardi 5 mars 2024 à 18 h", datetime(2024, 3, 5, 18)),
        ("15 fevr. 2024", date(2024, 2, 15)),
        ("1er aout 2023", date(2023, 8, 1)),
        ("5\u00a0mars 2024", date(2024, 3, 5)),
    ],
)
def test_dates_as_they_stand_on_articles(typed, meant):
    assert read_published(typed) == meant


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("lundi 5 mars 2024", "2024-03-05 is a mardi"),
        ("marsdi 5 mars 2024", "'marsdi' is not a weekday"),
        ("31 février 2024", "is not a date"),
        ("5 ju 2024", "'ju' is not a month"),
        ("5 jui 2024", "'jui' is not a month"),
        ("03/25/2024", "is not a date"),
        ("5/3/24", "is not a date such as"),
        ("5 mars 2024 25h00", "is not a date"),
        ("hier", "is not a date such as"),
    ],
)
def test_what_is_no_date_is_told(typed, says):
    with pytest.raises(ValueError, match=says):
        read_published(typed)


LONG = "Un paragraphe assez long pour qu’aucun éditeur ne l’ait coupé à cet endroit, " * 2


@pytest.mark.parametrize(
    ("raw", "breaks", "paragraphs"),
    [
        ("Un titre\nLa suite.\nLa fin.", "auto", 3),
        ("Un titre\n\nLa suite.\nLa fin.", "auto", 2),
        ("Un texte coupé\nau bord de la\nfenêtre.", "auto", 1),
        (f"Un titre\n{LONG}\nUn intertitre", "auto", 3),
        ("Un titre\nLa suite.\nLa fin.", "blank", 1),
        ("Un texte coupé\nau bord", "lines", 2),
        ("Un titre\n\nLa suite.\nLa fin.", "lines", 3),
        ("Une ligne.", "lines", 1),
        ("Il dit : « oui »\nElle dit : “non”", "auto", 2),
    ],
)
def test_where_paragraphs_end(raw, breaks, paragraphs):
    assert len(LONG) > WRAPPED
    text, by_line = paragraphed(raw, breaks)
    assert len(text.split("\n\n")) == paragraphs
    assert by_line == (text != normalise(raw) or (breaks == "lines" and "\n" in normalise(raw)))


@given(st.text(alphabet="ab.\n «»", max_size=60), st.sampled_from(["auto", "blank", "lines"]))
def test_no_word_is_lost(raw, breaks):
    assert paragraphed(raw, breaks)[0].split() == normalise(raw).split()


def test_a_name_from_the_first_words():
    assert slug("L’Œuvre d’été : où ça ? Là-bas, 12 fois") == "l-oeuvre-d-ete-ou"
    assert slug("…") == ""


def marked(text):
    article = article_from("a", text, date(2024, 3, 5))
    document, _ = skeleton(article)
    document, added = with_marked_quotes(document)
    lines = [line for block in document.blocks for line in block.facts()]
    assert len(lines) == added
    return [(line.value, line.anchor.fragments[0].text) for line in lines]


def test_a_line_for_each_marked_stretch():
    assert marked("« Oui », dit-il. Il juge la loi « injuste ». « ! »") == [
        ("direct", "« Oui »"),
        ("mixed", "« injuste »"),
    ]
    assert marked("Rien ici.") == []
    assert skeleton(article_from("a", "« Oui »", date(2024, 3, 5)))[0].header.labels == Labelling(
        status="draft"
    )


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "2024-03-05-pont.txt").write_text("Un pont.\nIl est « beau », dit Marie Lefort.")
    (tmp_path / "fanfare.txt").write_text("Une fanfare.\n\nElle joue.")
    return tmp_path


def stdin(monkeypatch, text):
    stream = SimpleNamespace(buffer=io.BytesIO(text.encode()), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", stream)


def test_several_texts_and_standard_input_at_once(here, capsys, monkeypatch):
    stdin(monkeypatch, "Grève à l’usine\n\nElle dure.")
    day = ("--published", "mercredi 6 mars 2024")
    assert call("new", "2024-03-05-pont.txt", "fanfare.txt", "-", *day, "-o", "set") == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "set/2024-03-05-pont.gold: 2 paragraphs, 0 facts to confirm, 1 quote to complete",
        "set/fanfare.gold: 2 paragraphs, 0 facts to confirm",
        "set/2024-03-06-greve-a-l-usine.gold: 2 paragraphs, 0 facts to confirm",
    ]
    assert said.err.splitlines() == [
        "set/2024-03-05-pont.gold: the text has no empty line: each of its lines was made a paragraph"
        " (not with --paragraphs blank)"
    ]
    assert read_document("set/fanfare.gold").header.published == date(2024, 3, 6)


def test_the_day_is_taken_from_the_name(here, capsys):
    assert call("new", "2024-03-05-pont.txt", "--no-quotes") == 0
    assert capsys.readouterr().out == "2024-03-05-pont.gold: 2 paragraphs, 0 facts to confirm\n"
    assert read_document("2024-03-05-pont.gold").header.published == date(2024, 3, 5)


def test_the_text_of_an_id_may_come_from_standard_input(here, monkeypatch):
    stdin(monkeypatch, "Elle dure.")
    assert call("new", "greve", "--text", "-", "--published", "05/03/2024") == 0
    assert read_document("greve.gold").header.id == "greve"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["a.txt"], "'a.txt' is no file; name files of text"),
        (["."], f"'.' is a folder; name its files: {Path('*.txt')}"),
        (["-", "-"], "can be read once"),
        (["a", "b", "--text", "fanfare.txt"], "--text is the text of one ID"),
        (["2024-03-05-pont.txt", "fanfare.txt"], "fanfare.txt: when was it published?"),
        (["fanfare.txt", "2024-03-05-pont.txt", "--title", "x"], "are for one article"),
        (["fanfare.txt", "fanfare.txt", "--published", "2024-03-05"], "two of the texts"),
        (["fanfare.txt", "2024-03-05-pont.txt", "-o", "x.gold"], "are for one article"),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_is_written(here, args, says, capsys):
    assert call("new", *args) == 2
    assert says in capsys.readouterr().err
    assert list(here.glob("**/*.gold")) == []


BACKEND = """
from factharness.facts import Quote, Span

class Toy:
    kinds = frozenset({"quote"})

    def fingerprint(self):
        return {}

    def extract(self, articles):
        for article in articles:
            at = article.text.index("«")
            yield [Quote((Span(at, at + 8),), "direct", None, "Marie Lefort")]

def build():
    return Toy()
"""


def test_a_stretch_whose_quote_a_back_end_proposed_has_no_second_line(here, capsys):
    (here / "toy.py").write_text(BACKEND)
    (here / "essai.txt").write_text("« beau », dit-elle.")
    day = ("--published", "05/03/2024", "--title", "Un essai", "--url", "https://example.org")
    assert call("new", "essai.txt", *day, "--prelabel", "file:toy.py:build") == 0
    assert capsys.readouterr().out == "essai.gold: 1 paragraph, 1 fact to confirm\n"
    assert read_document("essai.gold").header.title == "Un essai"


def test_a_set_that_does_not_check_marked_words_has_no_lines_for_them(here):
    (here / "set").mkdir()
    (here / "set" / "set.toml").write_text(
        'name = "set"\nscheme = "own"\n\n[labels]\nFIRM = { kind = "entity" }\n'
    )
    assert call("new", "2024-03-05-pont.txt", "-o", "set") == 0
    assert "QUOTE" not in (here / "set" / "2024-03-05-pont.gold").read_text()
