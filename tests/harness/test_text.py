import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from factharness.text import fold, normalise, paragraphs

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


def test_normalisation_1():
    raw = "\ufeff Titre\t du  jour \r\n\r\n\r\nL’e\u0301te\u0301\u00a0:\u202foui \rnon\n"
    assert normalise(raw) == "Titre du jour\n\nL’été\u00a0:\u202foui\nnon"


def test_folding_takes_typographic_characters_to_what_is_typed():
    assert fold("l’été ʼ\u00a0\u202f\u2009‘") == "l'été '   '"
