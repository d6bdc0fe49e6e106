"""What the labelling page works with besides the text: places inside the text, for any text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.facts import Article, Span
from factharness.label.aids import aids
from factharness.label.words import marked, sentence_ends, words
from factharness.labels import ENTITY_LABELS

TEXT = (
    "Brivac perd sa maire\n\n"
    "Lundi, la maire de Brivac, Mme Léa Fontanel, a annoncé qu’elle « partait sans amertume » du "
    "conseil départemental de la Loire. « Je pars », a dit l’élue."
)


def made(text):
    return aids(Article("a", text, date(2024, 3, 5)), ENTITY_LABELS)


def shown(text, spans):
    return [Span(*span).of(text) if not isinstance(span, Span) else span.of(text) for span in spans]


def places(found):
    """Every stretch that aids name."""
    yield from found.words
    yield from (Span(*pair) for pair in found.marks)
    yield from (Span(stop.start, stop.end) for stop in found.stops)
    for name in found.names:
        yield from (name.at, *name.extents.values())
    yield from (date.span for date in found.dates)
    for quote in found.quotes:
        yield from quote.spans
        yield from (place for place in (quote.speaker, quote.cue) if place is not None)
    yield from (mention.span for mention in found.speakers)
    yield from found.cues


pieces = st.sampled_from(
    [
        "Léa Dupont",
        "M. ",
        "Mme ",
        "« ",
        "» ",
        "“",
        "”",
        '"',
        "l’",
        "qu’",
        "d'",
        ", ",
        ". ",
        "! ",
        "\n",
        "\n\n",
        "mardi ",
        "2024 ",
        "a-t-elle dit ",
        "selon ",
        "que ",
        "🎭",
        "𝒳",
        "é",
        "conseil de la ",
        "Loire ",
        "\xa0",
        "— ",
        "12,5 %",
        "ABC",
    ]
)
anything = st.one_of(
    st.lists(pieces, max_size=20).map("".join), st.text(max_size=60), st.sampled_from(["", " "])
)


@given(anything)
def test_aids_of_any_text_lie_in_it(text):
    found = made(text)
    assert all(0 <= place.start < place.end <= len(text) for place in places(found))
    assert all(0 < end <= len(text) for end in found.sentences)


@given(anything)
def test_words_stops_and_sentences_are_in_order(text):
    found = made(text)
    assert found.words == sorted(found.words)
    assert all(a.end <= b.start for a, b in zip(found.words, found.words[1:], strict=False))
    assert found.stops == sorted(set(found.stops))
    assert found.sentences == sorted(set(found.sentences))


@given(anything)
def test_every_letter_of_a_stop_is_in_a_word_but_for_marks(text):
    found = made(text)
    starts = {word.start for word in found.words}
    assert {stop.start for stop in found.stops if stop.kind == "name"} <= starts


@given(anything)
def test_no_word_holds_a_space_and_none_is_cut(text):
    for word in words(text):
        assert not any(letter.isspace() for letter in word.of(text))
        for inside in (word.start, word.end):
            around = text[max(0, inside - 1) : inside + 1]
            assert not (len(around) == 2 and around.isdecimal())


@given(anything)
def test_marks_are_nested_or_apart(text):
    pairs = marked(text)
    for one in pairs:
        for other in pairs:
            crossing = one.start < other.start < one.end < other.end
            assert not crossing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l’accusé d'Ostende", ["l’", "accusé", "d'", "Ostende"]),
        ("qu’il aujourd’hui", ["qu’", "il", "aujourd’hui"]),
        ("a-t-elle dit à 17h30", ["a-t-elle", "dit", "à", "17h30"]),
        ("N’Djamena, O’Brien", ["N’Djamena", "O’Brien"]),
        ("le rond-point 12,5 %", ["le", "rond-point", "12,5", "%"]),
        ("M. J.-P. Dupont", ["M.", "J.-P.", "Dupont"]),
    ],
)
def test_words(text, expected):
    assert shown(text, words(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il dort. Elle part !", ["Il dort", " Elle part"]),
        ("M. Dupont dort. Oui.", ["M. Dupont dort", " Oui"]),
        ("« Quoi ? » dit-il. Rien.", ["« Quoi ? » dit-il", " Rien"]),
        ("Un\n\nDeux", ["Un", "Deux"]),
        ("Il « dort ». Oui", ["Il « dort »", " Oui"]),
    ],
)
def test_sentences_end_before_their_point(text, expected):
    ends = sentence_ends(text)
    starts = [0, *ends]
    parts = [text[a:b].lstrip(".!? \n") for a, b in zip(starts, ends, strict=False)]
    assert parts == [part.strip() for part in expected]


def test_stops_are_names_dates_and_marks_and_no_word_that_opens_a_sentence():
    found = made(TEXT)
    named = [(TEXT[s.start : s.end], s.kind) for s in found.stops]
    assert ("Léa Fontanel", "name") in named  # without Mme
    assert ("Lundi", "date") in named
    assert ("Lundi", "name") not in named
    assert ("«", "mark") in named
    assert not {"Je", "Mme"} & {words for words, _ in named}


def test_a_label_takes_the_noun_that_belongs_to_its_name():
    found = made(TEXT)
    name = next(name for name in found.names if name.at.of(TEXT) == "Loire")
    assert name.extents["ORG"].of(TEXT) == "conseil départemental de la Loire"
    assert name.extents["LOC"].of(TEXT) == "Loire"


def test_an_own_label_takes_the_run_or_what_is_found_there():
    found = aids(Article("a", "Il vend du Cambrelin à Paris.", None), ["BEER"])
    assert {tuple(name.extents) for name in found.names} == {("BEER",)}


def test_quotes_bring_speaker_and_cue_and_all_who_may_speak_are_listed():
    found = made(TEXT)
    last = found.quotes[-1]
    assert (last.speaker.of(TEXT), last.cue.of(TEXT), last.label) == ("l’élue", "a dit", "direct")
    assert "l’élue" in shown(TEXT, [mention.span for mention in found.speakers])
    assert "a annoncé" in shown(TEXT, found.cues)


def test_aids_are_plain_json():
    import msgspec

    found = msgspec.json.decode(msgspec.json.encode(made(TEXT)))
    assert set(found) == {
        *["words", "sentences", "marks", "stops", "names", "dates", "quotes", "speakers", "cues"]
    }
    assert found["words"][0] == [0, 6]
