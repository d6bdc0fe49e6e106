"""Who is speaking in what the rules find: by the rules, by the persons that a model found."""

from __future__ import annotations

import pytest

from fact_extractors.pipelines import quotes
from fact_extractors.pipelines.quotes import Persons
from fact_extractors.rules import quotes as rules
from factharness.facts import Article, Quote, Span


def found(text: str, *persons: str) -> list[Quote]:
    named = Persons(text, [(text.index(name), text.index(name) + len(name)) for name in persons])
    return quotes.rule_quotes(Article("a", text), named)


def test_speaker_and_cue_of_an_incise() -> None:
    text = "« Tout est prêt », a assuré la ministre Jeanne Aubry."
    (quote,) = found(text, "Jeanne Aubry")
    assert quote.type == "direct"
    assert quote.speaker is not None
    assert quote.cue is not None
    assert quote.speaker.of(text) == "la ministre Jeanne Aubry"
    assert quote.cue.of(text) == "a assuré"


def test_a_signature_names_the_speaker() -> None:
    text = "Rien ne va.\n\n« Nous sommes très loin du compte. »\n\n— Jeanne Aubry, maire"
    (quote,) = found(text, "Jeanne Aubry")
    assert quote.speaker is not None
    assert quote.speaker.of(text) == "Jeanne Aubry, maire"


def test_a_pronoun_gets_the_name_before_it() -> None:
    text = "Jeanne Aubry est venue.\n\n« Tout est prêt », a-t-elle assuré."
    (quote,) = found(text, "Jeanne Aubry")
    assert quote.speaker is not None
    assert quote.speaker.of(text) == "elle"
    assert quote.speaker_name == "Jeanne Aubry"


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> str:
    """A text whose quote the rules give no speaker."""
    text = "Lyon. Face à lui, Anne Petit a dit « oui ». Paul Durand part."
    quote = Quote((Span(35, 42),), "direct", cue=Span(29, 34))
    assert quote.content[0].of(text) == "« oui »"
    assert quote.cue is not None
    assert quote.cue.of(text) == "a dit"
    monkeypatch.setattr(rules, "find", lambda _: [rules.FoundQuote(quote, "test")])
    return text


def test_the_nearest_person_of_the_sentence_speaks(nobody: str) -> None:
    (quote,) = found(nobody, "Anne Petit", "Paul Durand")
    assert quote.speaker is not None
    assert quote.speaker.of(nobody) == "Anne Petit"


def test_nobody_is_better_than_anybody(nobody: str) -> None:
    (quote,) = found(nobody, "Paul Durand")
    assert quote.speaker is None
