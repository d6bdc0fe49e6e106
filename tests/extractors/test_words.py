"""The words of a text and their places, whatever the text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from fact_extractors.words import WORD, Lookout

TEXTS = st.text(
    st.one_of(st.sampled_from(" a1é_'-’.\n\x00İ🙂\u0301"), st.characters()), max_size=40
)


@given(text=TEXTS, start=st.integers(0, 50), end=st.none() | st.integers(0, 50))
def test_places_are_those_of_the_words_of_the_stretch(text, start, end):
    start = min(start, len(text))
    stop = len(text) if end is None else end
    expected = [(m.group(), m.start()) for m in re.compile(r"\w+").finditer(text, start, stop)]
    long = Lookout(WORD, lambda word: len(word) != 2)
    assert list(Lookout(WORD).places(text, start, end)) == expected
    assert list(long.places(text, start, end)) == [pair for pair in expected if len(pair[0]) != 2]
    assert long.any_in(text[start:end]) == any(len(word) != 2 for word, _ in expected)
    first = next((at for word, at in long.places(text, start, end)), start - 1) - start
    assert long.first_in(text[start:end]) == first
