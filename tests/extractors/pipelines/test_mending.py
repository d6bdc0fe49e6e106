"""Names of the bundled models are mended by the spelling of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fact_extractors.pipelines.mending import mended, readable
from fact_extractors.pipelines.reading import ModelMention


def mentions(text, *pairs):
    return [
        ModelMention(text.index(name), text.index(name) + len(name), label) for name, label in pairs
    ]


@pytest.mark.parametrize(
    ("text", "found", "right"),
    [
        ("pour la gauche.", [("gauche", "ORG")], []),
        ("de Genève à Besançon", [("à Besançon", "LOC")], [("Besançon", "LOC")]),
        (
            "au Suisse Anton Brel",
            [("Suisse", "LOC"), ("Anton Brel", "PER")],
            [("Anton Brel", "PER")],
        ),
        ("le Camerounais Anton Brel", [("Camerounais Anton Brel", "PER")], [("Anton Brel", "PER")]),
        ("La Suisse a voté", [("Suisse", "LOC")], [("Suisse", "LOC")]),
        (
            "à Brugny-le-Bas-lès-Cret.",
            [("Brugny", "LOC"), ("Cret", "LOC")],
            [("Brugny-le-Bas-lès-Cret", "LOC")],
        ),
        ("La ligne Paris-Lyon", [("Paris-Lyon", "LOC")], [("Paris", "LOC"), ("Lyon", "LOC")]),
        ("La course Paris-Nice", [("Paris-Nice", "MISC")], [("Paris-Nice", "MISC")]),
        ("rien", [], []),
    ],
)
def test_names_are_mended(text, found, right):
    assert mended(text, mentions(text, *found)) == mentions(text, *right)


@given(st.text(alphabet="NDaœSrum’' éK", max_size=30))
def test_a_readable_text_is_as_long(text):
    assert len(readable(text)) == len(text)


def test_names_that_tokenizers_part_stay_whole():
    assert readable("N’Dolo Kassi et l’Egypte, n’est-ce pas, Sœur Anne") == (
        "NaDolo Kassi et l’Égypte, n’est-ce pas, Mère Anne"
    )
