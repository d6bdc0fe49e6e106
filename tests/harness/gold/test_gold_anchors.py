"""Words and the places they stand at: as a plain search finds them, in work that grows with the text."""

import unicodedata
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factharness.errors import GoldError
from factharness.gold import anchors
from factharness.gold.anchors import describe, hits, inside_word, locate
from factharness.gold.tree import Elided, Paragraph, Words
from factharness.text import fold

texts = st.text(st.sampled_from("aAb1é_'’- \u00a0\n,.\u0301"), max_size=30)


def plain_hits(words: str, text: str) -> tuple[tuple[int, int], ...]:
    needle, hay = (fold(each).replace("\n", " ") for each in (words, text))
    return tuple(
        (start, start + len(needle))
        for start in range(len(hay))
        if needle
        and hay.startswith(needle, start)
        and not inside_word(text, start)
        and not inside_word(text, start + len(needle))
    )


@pytest.fixture(params=[0, anchors.INDEXED], ids=["indexed", "short"])
def searched(request, monkeypatch):
    """Texts are looked through by their index, or from their start."""
    monkeypatch.setattr(anchors, "INDEXED", request.param)
    hits.cache_clear()


@pytest.mark.usefixtures("searched")
@given(texts, texts.filter(lambda words: len(words) < 6))
def test_hits_are_those_of_a_plain_search(text, words):
    assert hits(words, text) == plain_hits(words, text)


@pytest.mark.usefixtures("searched")
@given(texts, st.data())
def test_a_part_of_the_text_is_found_where_it_stands(text, data):
    start = data.draw(st.integers(0, len(text)))
    words = text[start : data.draw(st.integers(start, len(text)))]
    assert hits(words, text) == plain_hits(words, text)


@pytest.mark.usefixtures("searched")
def test_hits_may_overlap():
    assert hits("la la", "la la la") == ((0, 5), (3, 8))


def located(fragment, text):
    try:
        return locate(fragment, Paragraph(1, text, len(text)))
    except GoldError as error:
        return str(error)


@st.composite
def searches(draw):
    """A text, and two stretches that stand in it, in any order, with other marks or not."""
    text = draw(texts | st.text(st.sampled_from("ab 'é«»\"\u00a0\u0301"), max_size=20))
    words = []
    for _ in range(2):
        start = draw(st.integers(0, len(text)))
        part = text[start : draw(st.integers(start, len(text)))]
        words.append(draw(st.sampled_from([part, fold(part), part.replace("«", '"')])))
    return text, *words


@given(searches(), st.sampled_from([None, 1, 2]))
@example(("la la", "la", "l"), None)
@example(("ab", "a", "b"), None)
@example(("ab", "b", "a"), None)
@example(("a b a", "b", "b"), None)
@example(("e\u0301 a", "e", "a"), None)
@example(("", "", ""), None)
def test_words_that_stand_alone_are_found_as_all_are(searched, nth):
    text, head, tail = searched
    fragments = Words(head, nth), Elided(head, tail)
    found = [located(fragment, text) for fragment in fragments]
    with mock.patch.object(anchors, "_alone", return_value=None):
        assert [located(fragment, text) for fragment in fragments] == found


@given(texts, st.integers(-1, 31))
def test_a_word_is_letters_digits_and_marks(text, position):
    of_word = [each.isalnum() or unicodedata.category(each)[0] == "M" for each in text]
    inside = 0 < position < len(text) and of_word[position - 1] and of_word[position]
    assert inside_word(text, position) == inside


def test_a_combining_mark_belongs_to_the_word_of_its_letter():
    assert inside_word("e\u0301t", 1)
    assert inside_word("e\u0301t", 2)
    assert not inside_word("e\u02d8", 1)
    assert not hits("e", "e\u0301")


def test_the_index_of_a_long_text_is_asked_for_the_rarest_part_alone(monkeypatch):
    """Counts the places of a long text that are compared with the words that are looked for."""
    looked = []
    parts = anchors._parts
    monkeypatch.setattr(
        anchors,
        "_parts",
        lambda hay: {part: Spied(places, looked) for part, places in parts(hay).items()},
    )
    text = "la rue et " * anchors.INDEXED + "la place"
    assert hits("la place", text) == plain_hits("la place", text)
    assert len(looked) == 1
    locate(Words("rue et la place"), Paragraph(1, text, len(text)))
    assert len(looked) == 2


class Spied(list):
    """A list that notes what is taken from it."""

    def __init__(self, items, looked):
        super().__init__(items)
        self.looked = looked

    def __iter__(self):
        for item in super().__iter__():
            self.looked.append(item)
            yield item


@pytest.mark.parametrize("names", [2, 300, 10**6])
def test_describing_every_name_of_a_paragraph_is_work_that_grows_with_it(names, monkeypatch):
    """Counts the positions that are looked at closely: for a text twice as long, about twice as many."""
    looked = 0

    def counted(text: str, position: int) -> bool:
        nonlocal looked
        looked += 1
        return inside_word(text, position)

    monkeypatch.setattr(anchors, "inside_word", counted)
    work = []
    hits.cache_clear()
    for size in (500, 1000):
        words = [f"Ana{number % names}" for number in range(size)]
        text = ", ".join(words)
        looked, start = 0, 0
        for word in words:
            place = (start, start + len(word))
            assert locate(describe(place, text), Paragraph(0, text, len(text))) == place
            start += len(word) + 2
        work.append(looked)
    assert work[0] >= 500
    assert work[1] <= 3 * work[0]
