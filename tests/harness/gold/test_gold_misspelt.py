"""Misspelt words, straight marks and forgotten ``>``: what was meant is found, and told once."""

import re
from itertools import pairwise

import pytest
from gold_strategies import example
from hypothesis import given
from hypothesis import strategies as st

from factharness.errors import GoldError
from factharness.gold import misspelt, other_marks
from factharness.gold.anchors import hits, locate
from factharness.gold.format import format_document
from factharness.gold.misspelt import LOOKED_AT, did_you_mean
from factharness.gold.problems import check_document
from factharness.gold.syntax import read
from factharness.gold.tree import Paragraph, Words

TEXT = "Mme Claire Dumoulin, ministre du Travail, a présenté mardi à Lyon un plan pour l’apprentissage."


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Claire Dumolin", "Claire Dumoulin"),
        ("Dumolin", "Dumoulin"),
        ("ministre du travai", "ministre du Travail"),
        ("Claire-Dumoulin", "Claire Dumoulin"),
        ("a presente", "a présenté"),
        ("l'aprentissage", "l’apprentissage"),
        ("Dumoul in", "Dumoulin"),
    ],
)
def test_misspelt_words_are_met_with_the_nearest(words, meant):
    assert did_you_mean(words, TEXT) == f"did you mean {meant!r}?"
    with pytest.raises(GoldError) as caught:
        locate(Words(words), Paragraph(1, TEXT, len(TEXT)))
    assert meant in (caught.value.remedy or "")


@pytest.mark.parametrize("words", ["Zanzibar", "qqq", "-", "…", "un autre texte que celui-là"])
def test_words_that_are_like_nothing_are_met_with_nothing(words):
    assert did_you_mean(words, TEXT) is None


def test_of_many_words_the_place_is_told_where_they_leave_the_text():
    long = (
        "Claire Dumoulin, ministre du Travail, a présenté jeudi à Lyon un plan pour l’apprentissage"
    )
    assert did_you_mean(long, TEXT) == (
        "behind 'Travail, a présenté' the paragraph has 'mardi à Lyon un'"
    )
    assert (
        did_you_mean("Rien de tout cela ne se trouve dans le paragraphe qui est au-dessus", TEXT)
        is None
    )


def test_one_word_alone_is_no_beginning_of_the_same_words():
    other = "Claire et toutes les autres qui sont venues de loin pour en parler avec elle"
    assert did_you_mean(other, TEXT) is None


@given(
    st.text(st.sampled_from("ab é’-.«» \n"), max_size=90), st.text(st.sampled_from("ab é’-.«» \n"))
)
def test_any_words_get_an_answer_of_one_line(words, text):
    assert "\n" not in (did_you_mean(words, text) or "")


def test_the_work_is_bounded_in_a_long_paragraph(monkeypatch):
    compared = 0
    plain = misspelt._plain

    def counted(words: str) -> str:
        nonlocal compared
        compared += 1
        return plain(words)

    monkeypatch.setattr(misspelt, "_plain", counted)
    did_you_mean("Mot7x Mot8x", " ".join(f"Mot{number}" for number in range(20 * LOOKED_AT)))
    assert LOOKED_AT < compared < 4 * LOOKED_AT


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ('"oui"', "dit «\u00a0oui\u00a0» là", "«\u00a0oui\u00a0»"),
        ('"oui"', "dit «\u202foui\u202f» là", "«\u202foui\u202f»"),
        ('"oui"', "dit «oui» là", "«oui»"),
        ('"oui"', "dit “oui” là", "“oui”"),
        ('" oui "', "dit «\u00a0oui\u00a0» là", "«\u00a0oui\u00a0»"),
        ('que "oui", puis "non"', "que « oui », puis « non ».", "que « oui », puis « non »"),
        ('d\'"un coup"', "parle d’« un coup » dur", "d’« un coup »"),
        ('dit "oui', "il dit « oui, non » là", "dit « oui"),
        ('non"', "il dit « oui, non » là", "non »"),
        ('"oui".', "il dit « oui ».", "« oui »."),
        ("«oui»", "il dit « oui ».", "« oui »"),
        ("« oui »", "il dit “oui”.", "“oui”"),
        ("“oui”", "il dit « oui ».", "« oui »"),
        ("« oui »", 'il dit "oui".', '"oui"'),
    ],
)
def test_marks_of_one_kind_find_those_of_another(typed, text, found):
    assert [text[start:end] for start, end in hits(typed, text)] == [found]


@pytest.mark.parametrize(
    ("typed", "text", "count"),
    [
        ('"oui"', "« a » oui « b »", 0),
        ('"oui"', "oui", 0),
        ('"oui"', 'dit "oui" et « oui »', 1),
        ('"oui"', "dit « oui » et « oui »", 2),
        ('"', "dit « oui »", 0),
        ('"oui"', "« ouir »", 0),
    ],
)
def test_marks_that_do_not_enclose_the_words_are_others(typed, text, count):
    assert len(hits(typed, text)) == count


@given(
    st.lists(st.text(st.sampled_from("aé’,"), min_size=1, max_size=4), min_size=3, max_size=3),
    st.data(),
)
def test_straight_marks_find_the_place_of_any_others(words, data):
    left, right = data.draw(st.sampled_from([["« ", "» "], ["« ", " »"], ["“", "”"], ["«", "»"]]))
    before, inner, behind = (f"x{word}x" for word in words)
    text = f"{before} {left}{inner}{right} {behind}"
    start = len(before) + 1
    place = start, start + len((left + inner + right).rstrip())
    assert hits(f'"{inner}"', text) == (place,)
    assert hits(f'{before} "{inner}"', text) == ((0, place[1]),)


def _as_pattern(words):
    """Words with straight marks as a pattern for those with any marks; its group 1 is a hit."""
    parts = words.split('"')
    pattern, optional = "", 0
    for left, right in pairwise(parts):
        opens = not left or (left[-1] in " '([-–—" and right[:1] not in ("", " "))
        closes = not right or (right[0] in " .,;:!?…)]-–—" and left[-1:] not in ("", " "))
        ends = int(closes or not opens)
        mark = '[«»“”"]' if opens == closes else '[«“"]' if opens else '[»”"]'
        left = left.removeprefix(" " * optional)
        pattern += " ?" * optional + re.escape(left.removesuffix(" " * ends)) + " ?" * ends + mark
        optional = int(opens or not closes)
    return f"(?=({pattern}{' ?' * optional}{re.escape(parts[-1].removeprefix(' ' * optional))}))"


marked_words = st.lists(
    st.sampled_from(
        ["a", "é", "oui", " ", '"', "«", "»", "“", "”", "« ", " »", ",", ".", "'", "("]
    ),
    max_size=9,
).map("".join)


def _assert_places(words, text):
    needle = other_marks.straight(words)
    found = re.compile(_as_pattern(needle)).finditer(text)
    assert list(other_marks.places(needle, text)) == [match.span(1) for match in found]


@given(marked_words.filter(re.compile('[«»“”"]').search), marked_words, marked_words, st.data())
def test_places_are_those_of_a_pattern(words, before, behind, data):
    text = re.sub(r'[«»“”"]', lambda _: data.draw(st.sampled_from('«»“”"')), words)
    _assert_places(words, before + text + behind)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ('"a"  ', '"a" '),
        ('a  "b"', 'a "b"'),
        ('"b" a ', '"b" a'),
        (' a "b"', '" a "b"'),
    ],
)
def test_spaces_that_no_mark_encloses_must_be_there(words, text):
    _assert_places(words, text)
    _assert_places(words, f"{text} {words}")


def test_the_canonical_form_has_the_marks_of_the_text():
    document = read(example('QUOTE "oui" | direct | by: -', text="Il dit «\u00a0oui\u00a0»."))
    assert "QUOTE    «\u00a0oui\u00a0» | direct" in format_document(document)


GOOD = example("PER Claire Dumoulin", "LOC Lyon", "DATE mardi | 2024-03-05", text=TEXT)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (TEXT, "a line of text without >"),
        ("  " + TEXT, "a line of text without >"),
        (">" + TEXT, "no space after >"),
    ],
)
def test_a_forgotten_mark_is_one_mistake(typed, says):
    source = GOOD.replace(f"> {TEXT}", typed)
    (found,), _ = check_document(read(source, "essai.gold"))
    assert str(found).startswith(f"essai.gold:9: {says}; write >")


@pytest.mark.parametrize(
    "text",
    [
        "Mort d’Odilon Ferté, l’accordéon en clair-obscur",
        "A Lyon, la maire Claire Dumoulin a présenté mardi le plan que la ville attendait.",
        "LYON (AP) — La ministre Claire Dumoulin a présenté mardi un plan que tous les élus attendaient.",
        "« Nous irons à Lyon mardi », dit-elle",
        "14 élus de la ville ont voté",
    ],
)
def test_a_paragraph_without_its_mark_is_read_as_text(text):
    source = example(text=text).replace(f"> {text}", text)
    found = [one for one in check_document(read(source, "essai.gold"))[0] if not one.rule]
    assert [one.message for one in found] == ["a line of text without >"]


def test_a_line_without_its_mark_inside_a_paragraph_is_one_mistake():
    text = "La ministre est venue\nmardi à Lyon avec elles\npour un plan."
    source = example("LOC Lyon", text=text).replace("> mardi", "mardi")
    (found,), _ = check_document(read(source, "essai.gold"))
    assert (found.line, found.message) == (10, "a line of text without >")


@pytest.mark.parametrize(
    "line",
    [
        "  per Claire",
        "per Claire Dumoulin est là",
        "LOC Lyon",
        "MISC L’homme qui en savait trop.",
        "QUOTE « Nous irons tous ensemble à Lyon pour voir la ville et ses élus mardi. »",
        "DATE? mardi de la semaine où nous irons tous ensemble à Lyon pour voir la ville.",
        "PRE Claire Dumoulin, ministre | note: non",
        "Claire Dumoulin est là | note: non",
        "  MISC Un titre qui est si long que douze mots n’y suffisent pas du tout.",
    ],
)
def test_a_fact_is_not_taken_for_text(line):
    document = read(GOOD + line + "\n", "essai.gold")
    assert len(document.blocks) == 1
