"""The clean view of a text: a clean text is its own view, and every word of a view leads back to its words."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fact_extractors.folded import Folded, folded
from fact_extractors.rules import build
from factharness.facts import Article, Date, Entity, Quote, Span

WORDS = [
    "Anne",
    "Vial",
    "maire",
    "Besançon",
    "été",
    "où",
    "Müller",
    "2024",
    "lundi",
    "l’Europe",
    "«",
    "»",
    "—",
]
NOTHING = ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\u200e"]
SPACES = ["  ", "\u2009", "\u00a0 ", "\t", "&nbsp;", " &#160;", "\u3000"]

sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


@given(sentences, sentences)
def test_a_clean_text_is_its_own_view(one, two):
    text = f"{one}.\n\n{two}."
    view = Folded(text)
    assert view.same
    assert view.text == text


@given(st.lists(st.sampled_from(["Un", "mot", ".", " ", "\u00a0", "\u202f", "\n"])).map("".join))
@example("Un.\n mot")
@example("Un. \nMot")
@example("Un\u202f\u00a0mot")
def test_no_space_stands_beside_another(text):
    assert not re.search(
        "[ \u00a0\u202f]{2}|[ \u00a0\u202f]\n|\n[ \u00a0\u202f]", Folded(text).text
    )


@given(sentences, st.data())
def test_what_stands_for_nothing_is_left_out(text, data):
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=6))
    dirty = text
    for place in sorted(places, reverse=True):
        dirty = dirty[:place] + data.draw(st.sampled_from(NOTHING)) + dirty[place:]
    assert Folded(dirty).text == text


@given(sentences)
def test_accents_apart_are_put_on_their_letters(text):
    view = Folded(unicodedata.normalize("NFD", text))
    assert view.text == text


@given(
    st.lists(
        st.sampled_from(
            [*WORDS, *NOTHING, *SPACES, "&eacute;", "e\u0301", "🎉", "\n", "LYON SANS EAU"]
        ),
        max_size=20,
    )
)
def test_every_stretch_of_a_view_leads_back(pieces):
    text = "".join(pieces)
    view = Folded(text)
    before = 0
    for word in re.finditer(r"\w+", view.text):
        back = view.back(Span(*word.span()))
        assert before <= back.start < back.end <= len(text)
        assert Folded(back.of(text)).text.lower() == word.group().lower()
        before = back.end


def test_what_stands_for_a_picture_brings_no_spaces_along():
    text = "Le 12 mai. 😀 😀 Selon l’Insee"
    view = Folded(text)
    bullet = view.text.index("•")
    assert view.back(Span(0, bullet + 1)).of(text) == "Le 12 mai. 😀 😀"
    assert view.back(Span(bullet, bullet + 1)).of(text) == "😀"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Anne  Vial\u2009a\tvoté", "Anne Vial a voté"),
        ("Mar\u00ad\nseille", "Marseille"),
        ("roul&eacute; &amp;laquo;&nbsp;ici", "roulé «\u00a0ici"),
        ("R&amp;D, Angela Merkel&amp;", "R&D, Angela Merkel&"),
        ("R&D et AT&T, &inconnu;", "R&D et AT&T, &inconnu;"),
        ("👩\u200d👧 Anne vote. 🇫🇷", "Anne vote."),
        ("Lyon 🎉 Anne vote", "Lyon • Anne vote"),
        ("la soeur, le coeur et l’oeuvre", "la sœur, le cœur et l’œuvre"),
        ("un coefficient, Noel, la moelle", "un coefficient, Noel, la moelle"),
        ("Aix\u2011en\u2011Provence", "Aix-en-Provence"),
        ("o\ufb03ciel", "officiel"),
        ("A Lyon, il pleut. A Nice aussi.", "À Lyon, il pleut. À Nice aussi."),
        ("A voté. Vitamine A Lyon", "A voté. Vitamine A Lyon"),
        ("un\r\n\r\n\r\ndeux \n trois", "un\n\ndeux trois"),
    ],
)
def test_a_text_as_it_comes_is_read_clean(text, clean):
    assert Folded(text).text == clean


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Le maire de\nLyon parle", True),
        ("Le maire\nparle de Lyon", True),
        ("Hier, Anne\nVial a voté", True),
        ("Incendie à Lyon\nLe feu a pris", False),
        ("Il a voté.\nsuite", False),
        (
            "Le conseil de la ville a voté le plan\nBrugas pour les années à venir, mais la\n"
            "Mairie n’a rien dit de sa date",
            True,
        ),
    ],
)
def test_a_line_that_is_cut_goes_on(text, joined):
    assert ("\n" not in Folded(text).text) is joined


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("EMMANUEL GARNIER EN VISITE A MARSEILLE", "Emmanuel Garnier en visite à Marseille"),
        ("LE CONSEIL D’ETAT REJETTE LE RECOURS", "Le Conseil d’État rejette le recours"),
        ("GRÈVE À LA SNCF : LYON SANS TRAINS", "Grève à la SNCF : Lyon sans trains"),
        ("MME DUVAL A ETE ELUE", "Mme Duval a ete elue"),
        ("INCENDIE A BRUGAS : DEUX MORTS", "Incendie à Brugas : deux morts"),
        ("SNCF", "SNCF"),
        ("« ONU »", "« ONU »"),
    ],
)
def test_a_line_in_capitals_is_read_in_small_letters(line, read):
    view = Folded(f"{line}\n\nIl a plu hier.")
    assert view.text.split("\n")[0].replace("’", "'") == read.replace("’", "'")


def test_a_line_in_capitals_has_the_names_of_the_article():
    text = "L’USINE VARNIER FERME A ZELVOC\n\nHier, l’usine Varnier, à Zelvoc, a fermé."
    assert Folded(text).text.startswith("L’usine Varnier ferme à Zelvoc\n")


def test_facts_go_back_to_the_text():
    view = Folded("\ufeffAnne  Vial dit « oui » lun\u00addi.")
    anne, oui, lundi = (view.text.index(word) for word in ("Anne", "«", "lundi"))
    who, when = Span(anne, anne + 9), Span(lundi, lundi + 5)
    text = "\ufeffAnne  Vial dit « oui » lun\u00addi."
    assert view.fact(Entity(who, "PER")).span.of(text) == "Anne  Vial"
    assert view.fact(Date(when, "DATE")).span.of(text) == "lun\u00addi"
    quote = view.fact(Quote((Span(oui, oui + 7),), "direct", speaker=who, speaker_name="Anne Vial"))
    assert quote.content[0].of(text) == "« oui »"
    assert (quote.speaker.of(text), quote.cue, quote.speaker_name) == (
        "Anne  Vial",
        None,
        "Anne Vial",
    )


def test_an_article_that_is_clean_stays_itself():
    article = Article(id="a", text="Anne vote.")
    assert folded(article)[0] is article


def test_the_rules_find_the_same_in_a_text_as_it_comes():
    clean = "Anne Vial, maire de Besançon, a déclaré lundi : « Le pont sera rouvert. »"
    odd = unicodedata.normalize("NFD", clean).replace(" ", "  ").replace("rouvert", "rou\u00advert")
    one, two = (next(build().extract([Article(id="a", text=t)])) for t in (clean, odd))
    assert [type(fact) for fact in one] == [type(fact) for fact in two]
    names = [fact.span.of(odd) for fact in two if isinstance(fact, Entity)]
    assert [Folded(name).text for name in names] == ["Anne Vial", "Besançon"]
