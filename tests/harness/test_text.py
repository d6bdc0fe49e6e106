import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import factharness.text
from factharness.text import fold, nfc, normalise, paragraphs

raw = st.text(st.characters() | st.sampled_from("\n\r\t \u00a0\u202f\ufeff’é"), max_size=60)


@given(raw)
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(raw)
@example("a    \t b")
@example("a\n b \n \n \n\tc")
def test_normalising_is_done_line_by_line(text):
    text = unicodedata.normalize("NFC", text.replace("\ufeff", ""))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    trimmed = "\n".join(re.sub("[ \t]+", " ", line).strip(" ") for line in lines)
    assert normalise(text) == re.sub("\n{2,}", "\n\n", trimmed).strip("\n")


@given(raw)
def test_paragraphs_are_found_where_they_start(text):
    text = normalise(text)
    found = paragraphs(text)
    assert all(text[start:].startswith(part) for start, part in found)
    assert "\n\n".join(part for _, part in found) == text


@given(raw)
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ea\u0301\u0327\u0323\u0344\u0f73\u0f75\u05b0\U0001d165’\uac00\u11a8"),
            st.sampled_from([1, 2, 60, 130]),
        ),
        max_size=8,
    ).map(lambda parts: "".join(character * count for character, count in parts))
)
@example("e" + "\u0301" * 200 + "\u0327" * 200)
@example("e" + "\u0f73" * 200)
@example("e" + "\u0301\u0327’" * 200 + "\u0301" * 200 + "\u0327")
def test_many_marks_on_a_letter_are_normalised_as_few_are(text):
    assert nfc(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "marks",
    ["\u0301" * 300 + "\u0327" * 300, "\u0301\u0327" * 300, "\u0f73" * 300, "\u0f75\u0301" * 300],
)
def test_many_marks_are_in_order_before_they_are_normalised(marks, monkeypatch):
    """What is out of order takes ``unicodedata`` time that grows with the square of its length."""
    given = []
    monkeypatch.setattr(factharness.text, "unicodedata", Spied(given))
    nfc(f"une e{marks}lle")
    (text,) = given
    classes = [unicodedata.combining(character) for character in unicodedata.normalize("NFD", text)]
    decomposed = [
        unicodedata.combining(part)
        for character in text
        for part in unicodedata.normalize("NFD", character)
    ]
    assert decomposed == classes


class Spied:
    """Notes what is normalised."""

    combining = staticmethod(unicodedata.combining)
    is_normalized = staticmethod(unicodedata.is_normalized)

    def __init__(self, given):
        self.given = given

    def normalize(self, _form, text):
        self.given.append(text)
        return text


def test_normalisation_1():
    raw = "\ufeff Titre\t du  jour \r\n\r\n\r\nL’e\u0301te\u0301\u00a0:\u202foui \rnon\n"
    assert normalise(raw) == "Titre du jour\n\nL’été\u00a0:\u202foui\nnon"


def test_folding_takes_typographic_characters_to_what_is_typed():
    assert fold("l’été ʼ\u00a0\u202f\u2009‘") == "l'été '   '"
