"""Back end ``dateparser``: its hits as dates, in the place they were found and as exact as they are."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import pairwise
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.errors import BackendError, ExtractionError
from factharness.facts import Article, Date, Fact
from factharness.testing import check_extractor

dateparser = pytest.importorskip("dateparser")

from fact_extractors.dateparser_dates import build, timex  # noqa: E402

DAY = date(2024, 3, 6)


def read(
    text: str, published: date | None = DAY, **options: object
) -> list[tuple[str, str | None]]:
    (said,) = build(**options).extract([Article("a", text, published)])  # type: ignore[arg-type]
    assert not isinstance(said, ExtractionError), said
    return [(fact.span.of(text), fact.value) for fact in said if isinstance(fact, Date)]


@pytest.mark.parametrize("options", [{}, {"strategy": "ngram", "tidy": False}])
def test_it_keeps_the_contract(options: dict[str, object]) -> None:
    check_extractor(build, **options)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Elle est arrivée le 12 mars 2024.", [("12 mars 2024", "2024-03-12")]),
        ("Elle est arrivée en mars 2022.", [("mars 2022", "2022-03")]),
        ("Elle est arrivée en 2019.", [("2019", "2019")]),
        ("Elle est arrivée hier.", [("hier", "2024-03-05")]),
        ("À 14h30, elle est partie.", [("14h30", "2024-03-06T14:30")]),
        ("Le 12\u00a0mars\u202f2024, oui.", [("12\u00a0mars\u202f2024", "2024-03-12")]),
        ("Rien.", []),
    ],
)
def test_what_it_reads(text: str, found: list[tuple[str, str]]) -> None:
    moment = datetime(2024, 3, 6, 18)
    assert read(text, moment) == found


def test_an_expression_does_not_reach_over_a_line() -> None:
    found = read("Elle part le 12 mars\n2019 a été dure.\n\nLundi, elle rentre.")
    assert [words for words, _ in found] == ["12 mars", "2019", "Lundi"]


def test_the_same_words_are_found_as_often_as_they_stand_there() -> None:
    (said,) = build().extract([Article("a", "Hier, rien. Hier, tout.\nHier, assez.", DAY)])
    starts = [fact.span.start for fact in said if isinstance(fact, Date)]  # type: ignore[union-attr]
    assert starts == [0, 12, 24]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Ouvert les samedis, fermé samedi.", 26),
        ("Les 20172 francs, 2017.", 18),
        ("Les 12017 francs, 2017.", 18),
    ],
)
def test_a_date_is_not_placed_inside_a_longer_word(text: str, start: int) -> None:
    (said,) = build().extract([Article("a", text, DAY)])
    assert not isinstance(said, ExtractionError), said
    assert next(fact.span.start for fact in said if isinstance(fact, Date)) == start


PIECES = st.sampled_from(["12", "mai", "é", "_", "😀", " ", "\u00a0", ",", "’", ".", "2017"])


@given(
    before=st.lists(PIECES, max_size=6).map("".join),
    words=st.lists(PIECES, min_size=1, max_size=3).map("".join).filter(str.strip),
    after=st.lists(PIECES, max_size=6).map("".join),
)
def test_words_are_cut_only_where_no_whole_ones_stand(before: str, words: str, after: str) -> None:
    text = before + words + after
    spaced = r"\s+".join(map(re.escape, words.split()))
    places = [found.span(1) for found in re.finditer(f"(?=({spaced}))", text)]
    inside = {at for at in range(1, len(text)) if re.fullmatch(r"\w\w", text[at - 1 : at + 1])}
    whole = [place for place in places if inside.isdisjoint(place)]
    extractor = build(tidy=False)
    with mock.patch("dateparser.search.search_dates") as search:
        search.return_value = [(words, datetime(2017, 5, 12), "day")]
        (said,) = extractor.extract([Article("a", text, DAY)])
    assert not isinstance(said, ExtractionError), said
    assert [(fact.span.start, fact.span.end) for fact in said if isinstance(fact, Date)] == (
        whole or places
    )[:1]


def test_without_a_date_of_publication_relative_dates_have_no_value() -> None:
    assert read("Hier, ou le 12 mars 2024 ?", None) == [
        ("Hier", None),
        ("12 mars 2024", "2024-03-12"),
    ]


def test_tidying_is_optional() -> None:
    assert read("Le 12 mars 2024 à Lyon.") == [("12 mars 2024", "2024-03-12")]
    assert read("Le 12 mars 2024 à Lyon.", tidy=False) == [("Le 12 mars 2024 à", "2024-03-12")]
    text = "Les années 80, dans deux villes."
    assert [words for words, _ in read(text)] == ["années 80"]
    assert [words for words, _ in read(text, tidy=False)] == ["années 80", "dans deux"]


WORDS = st.lists(
    st.sampled_from(
        [
            "lundi",
            "12",
            "mars",
            "2024",
            "hier",
            "à",
            "14 h 30",
            "le",
            "«",
            ",",
            "\u00a0",
            "\n",
            "😀",
            "il y a",
        ]
    ),
    max_size=12,
).map(" ".join)


@settings(max_examples=40)
@given(text=WORDS, published=st.sampled_from([None, DAY]))
def test_dates_stand_in_the_order_of_the_text_and_apart(text: str, published: date | None) -> None:
    (said,) = build().extract([Article("a", text, published)])
    assert not isinstance(said, ExtractionError), said
    facts: list[Fact] = list(said)
    spans = [fact.span for fact in facts if isinstance(fact, Date)]
    assert all(span.of(text) == span.of(text).strip() for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("period", "type_", "value"),
    [
        ("year", "DATE", "2024"),
        ("month", "DATE", "2024-03"),
        ("week", "DATE", "2024-W10"),
        ("day", "DATE", "2024-03-05"),
        (None, "DATE", "2024-03-05"),
        ("time", "TIME", "2024-03-05T19:30"),
        ("part_of_day", "DATE", "2024-03-05TEV"),
    ],
)
def test_the_period_is_the_granularity(period: str | None, type_: str, value: str) -> None:
    assert timex(datetime(2024, 3, 5, 19, 30), period) == (type_, value)


def test_a_year_keeps_its_four_digits() -> None:
    assert timex(datetime(812, 3, 5), "year") == ("DATE", "0812")
    assert timex(datetime(812, 3, 5), "day") == ("DATE", "0812-03-05")


def test_an_article_that_breaks_the_library_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import dateparser.search

    whole = dateparser.search.search_dates

    def fragile(text: str, **more: object) -> object:
        if "boum" in text:
            raise OverflowError("boum")
        return whole(text, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(dateparser.search, "search_dates", fragile)
    articles = [Article(text, text, DAY) for text in ("hier", "boum", "hier")]
    first, second, third = build().extract(articles)
    assert first == third != []
    assert isinstance(second, ExtractionError)
    assert "OverflowError: boum" in str(second)


def test_an_article_that_is_too_long_fails_alone() -> None:
    articles = [Article(text, text, DAY) for text in ("hier", "hier.", "hier")]
    first, second, third = build(longest=4).extract(articles)
    assert first == third != []
    assert isinstance(second, ExtractionError)
    assert "5 characters, and at most 4 are read; option `longest`" in str(second)
    assert build(longest=4).fingerprint() == build().fingerprint()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"languages": ["xq"]}, "languages"),
        ({"languages": []}, "languages is empty"),
        ({"languages": 3}, "languages = 3 is not a list"),
        ({"languages": [3]}, "languages = 3 is not a text"),
        ({"longest": 0}, "longest = 0 is not a whole number from 1"),
        ({"tidy": "no"}, "tidy = 'no' is neither"),
        ({"strategy": "n-gram"}, "did you mean 'ngram'"),
        ({"prefer": "pats"}, "did you mean 'past'"),
    ],
)
def test_options_dateparser_does_not_know(options: dict[str, object], said: str) -> None:
    with pytest.raises(BackendError, match=said):
        build(**options)  # type: ignore[arg-type]


def test_the_fingerprint_follows_the_options() -> None:
    made = [
        build(),
        build(["fr", "en"]),
        build(strategy="ngram"),
        build(prefer="future"),
        build(tidy=False),
    ]
    assert len({tuple(sorted(one.fingerprint().items())) for one in made}) == len(made)
