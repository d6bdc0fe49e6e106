"""Worked examples of what context decides: tenses, the day of a clock time, the name of a speaker."""

from datetime import date

import pytest

from fact_extractors.rules import dates, quotes
from fact_extractors.rules.verbs import cues
from fact_extractors.speech.quotation_marks import dialogue, quoted
from fact_extractors.speech.verbs import lookup

TUESDAY = date(2024, 3, 5)


def values(text, published=TUESDAY):
    return [f.value.value for f in dates.find(text, published)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Le maire a démissionné lundi.", "2024-03-04"),
        ("Le maire démissionnera lundi.", "2024-03-11"),
        ("Le maire doit démissionner lundi.", "2024-03-11"),
        ("Un homme arrêté mardi a été libéré.", "2024-03-05"),
        ("Le procès aura lieu le 20 février.", "2025-02-20"),
        ("Le procès a eu lieu le 20 février.", "2024-02-20"),
        ("Le procès a eu lieu le 20 avril.", "2023-04-20"),
        ("Elle a été élue en novembre.", "2023-11"),
        ("Elle sera élue en novembre.", "2024-11"),
        ("Le texte, prévu lundi, attendra.", "2024-03-11"),
        ("Elle ira à Lyon samedi.", "2024-03-09"),
        ("Ils iront voter dimanche.", "2024-03-10"),
        ("Le maire pourra partir lundi.", "2024-03-11"),
        ("Le procès doit avoir lieu lundi.", "2024-03-11"),
        ("Le procès a lieu lundi.", "2024-03-11"),
        ("Le procès a eu lieu lundi.", "2024-03-04"),
        ("Le maire a dû partir lundi.", "2024-03-04"),
        ("L’artiste a peint lundi.", "2024-03-04"),
    ],
)
def test_the_tense_of_the_clause_decides(text, value):
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "christmas"),
    [
        ("Il est mort deux semaines avant Noël.", "2023-12-25"),
        ("Il partira deux semaines avant Noël.", "2024-12-25"),
    ],
)
def test_the_verb_decides_across_a_length_of_time(text, christmas):
    assert values(text)[-1] == christmas


def test_a_clock_time_takes_the_day_of_its_sentence():
    assert values("Le feu a pris lundi vers 14 h 30.") == ["2024-03-04", "2024-03-04T14:30"]


def test_a_clock_time_takes_the_day_of_the_dateline():
    text = "PARIS, 4 mars – Il pleut.\n\nLe feu a pris à 14h30."
    assert values(text) == ["2024-03-04", "2024-03-04T14:30"]


def test_a_clock_time_without_a_day_has_none():
    assert values("Le feu a pris à 14h30.") == ["T14:30"]


def test_a_range_runs_forward_over_the_new_year():
    assert values("Fermé du 28 décembre au 3 janvier 2023.") == ["2022-12-28", "2023-01-03"]


def test_a_day_named_again_keeps_its_year():
    text = "Il est mort le 3 novembre 2017. Le 3 novembre, il neigeait."
    assert values(text) == ["2017-11-03", "2017-11-03"]


def test_ages_are_no_durations_and_hide_no_shorter_ones():
    assert values("Jean Dupont, trente et un ans, et un homme de 45 ans sont morts à 20 ans.") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jeanne Martin est là. « Il pleut », dit-elle.", "Jeanne Martin"),
        ("Jeanne Martin a vu Paul Durand. « Il pleut », dit-il.", "Paul Durand"),
        ("Jeanne Martin est là. « Il pleut », dit Mme Martin.", "Jeanne Martin"),
        ("La ministre Jeanne Martin est là. « Il pleut », dit la ministre.", "Jeanne Martin"),
        ("« Il pleut », dit un passant.", None),
    ],
)
def test_the_name_of_the_speaker_is_resolved(text, name):
    assert [f.quote.speaker_name for f in quotes.find(text)] == [name]


def test_a_quotation_runs_on_over_paragraphs():
    text = "« Un premier point.\n\n« Un second point », a dit Paul Durand."
    marks = quoted(text)
    assert [(m.paragraph, m.closed, m.continues) for m in marks] == [
        (0, False, False),
        (1, True, True),
    ]


@pytest.mark.parametrize("first", ["Un premier point.", "Un premier point assez long."])
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_speaker_at_the_end_has_all_of_a_carried_quotation(first, gap):
    text = f"« {first}{gap}« Un second point », conclut Paul Durand."
    (found,) = quotes.find(text)
    assert [span.of(text) for span in found.quote.content] == [f"« {first}", "« Un second point »"]
    assert found.quote.speaker.of(text) == "Paul Durand"


def test_a_nested_quotation_may_start_a_line():
    text = "« Il a crié :\n« Sors ! » et puis plus rien », raconte Anne Lor."
    (found, *_) = quotes.find(text)
    assert found.quote.content[0].of(text) == "« Il a crié :\n« Sors ! » et puis plus rien »"
    assert found.quote.speaker.of(text) == "Anne Lor"


def test_speech_resumes_after_a_stop():
    text = "« Il pleut », a dit Paul Durand. « Mais cela ne durera pas. »"
    (found,) = quotes.find(text)
    assert [span.of(text) for span in found.quote.content] == [
        "« Il pleut »",
        "« Mais cela ne durera pas. »",
    ]


def test_marks_inside_marks_with_a_speaker_of_their_own():
    text = "« Mon mari criait “Sors, sors !” », raconte Anne Lor."
    speakers = [f.quote.speaker.of(text) for f in quotes.find(text)]
    assert speakers == ["Anne Lor", "Mon mari"]


def test_a_line_of_dialogue_has_a_speaker_of_its_own():
    text = "— Viens ici, dit-elle.\n— Jamais.\n— Pourquoi ? demanda Paul."
    said = [
        ([part.of(text) for part in f.quote.content], f.quote.speaker and f.quote.speaker.of(text))
        for f in quotes.find(text)
    ]
    assert said == [
        (["— Viens ici,"], "elle"),
        (["— Jamais."], None),
        (["— Pourquoi ?"], "Paul"),
    ]


def test_lines_of_dialogue():
    assert [(m.open, m.close) for m in dialogue("— Oui.\n— Non.")] == [(0, 6), (7, 13)]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("« Oui », n’a-t-elle pas ajouté.", "n’a-t-elle pas ajouté"),
        ("Ils se sont félicités du vote.", "se sont félicités"),
        ("Le club a également fait savoir que oui.", "a également fait savoir"),
        ("Elle a tenu à préciser que oui.", "a tenu à préciser"),
        ("« Oui », lance-t-il.", "lance-t-il"),
    ],
)
def test_the_cue_is_the_whole_verb_group(text, group):
    assert group in [text[c.start : c.end] for c in cues(text)]


@pytest.mark.parametrize("text", ["L’annonce du maire.", "Le vote est annoncé.", "Une note salée."])
def test_nouns_and_passives_are_no_cues(text):
    assert cues(text) == []


def test_lookup_knows_the_forms_of_a_verb():
    assert {v.lemma for v in lookup("répètent")} == {"répéter"}
    assert lookup("table") == ()
