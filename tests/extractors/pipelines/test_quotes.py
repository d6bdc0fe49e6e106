"""Who is speaking: by the tree of the words, by the persons that a model found."""

from __future__ import annotations

import pytest

from fact_extractors.pipelines import quotes
from fact_extractors.pipelines.quotes import Tree
from fact_extractors.pipelines.reading import LabelView, ModelMention, ModelReading, ParsedWord
from fact_extractors.rules import quotes as rules
from factharness.facts import Quote, Span

VIEW = LabelView(["PER", "LOC"])


def words(text: str, *rows: tuple[str, int, str]) -> list[ParsedWord]:
    """Tokens from (form, head from 1 or 0, relation), found in the text from left to right."""
    found: list[ParsedWord] = []
    at = 0
    for form, head, relation in rows:
        at = text.index(form, at)
        index = len(found)
        found.append(
            ParsedWord(at, at + len(form), form, "", "", head - 1 if head else index, relation, "")
        )
        at += len(form)
    return found


def speaker(text: str, cue: str, *rows: tuple[str, int, str]) -> str | None:
    """The phrase that the tree gives for a cue."""
    tree = Tree(words(text, *rows))
    start = text.index(cue)
    source = tree.source(start, start + len(cue))
    if source is None:
        return None
    low, high = tree.phrase(source)
    return text[low:high]


def test_the_subject_with_its_complements() -> None:
    text = "La ministre du Travail a dit oui."
    rows = [
        ("La", 2, "det"), ("ministre", 6, "nsubj"), ("du", 4, "case"), ("Travail", 2, "nmod"),
        ("a", 6, "aux:tense"), ("dit", 0, "root"), ("oui", 6, "obj"), (".", 6, "punct"),
    ]  # fmt: skip
    assert speaker(text, "a dit", *rows) == "La ministre du Travail"


def test_an_apposition_is_in_and_a_relative_clause_out() -> None:
    text = "Le maire, Jean Martin, qui part, dit oui."
    rows = [
        ("Le", 2, "det"), ("maire", 9, "nsubj"), (",", 4, "punct"), ("Jean", 2, "appos"),
        ("Martin", 4, "flat:name"), (",", 8, "punct"), ("qui", 8, "nsubj"),
        ("part", 2, "acl:relcl"), ("dit", 0, "root"), ("oui", 9, "obj"),
    ]  # fmt: skip
    assert speaker(text, "dit", *rows) == "Le maire, Jean Martin"


def test_the_antecedent_of_a_relative_pronoun() -> None:
    text = "Anne Petit, qui affirme partir, rit."
    rows = [
        ("Anne", 7, "nsubj"), ("Petit", 1, "flat:name"), (",", 5, "punct"), ("qui", 5, "nsubj"),
        ("affirme", 1, "acl:relcl"), ("partir", 5, "xcomp"), ("rit", 0, "root"),
    ]  # fmt: skip
    assert speaker(text, "affirme", *rows) == "Anne Petit"


def test_a_coordinated_verb_and_a_gerund_share_the_subject() -> None:
    text = "Anne part et ajoute en précisant."
    rows = [
        ("Anne", 2, "nsubj"), ("part", 0, "root"), ("et", 4, "cc"), ("ajoute", 2, "conj"),
        ("en", 6, "mark"), ("précisant", 4, "advcl"),
    ]  # fmt: skip
    assert speaker(text, "ajoute", *rows) == "Anne"
    assert speaker(text, "précisant", *rows) == "Anne"


def test_the_agent_of_a_passive() -> None:
    text = "Le plan est jugé absurde par le maire."
    rows = [
        ("Le", 2, "det"), ("plan", 4, "nsubj:pass"), ("est", 4, "aux:pass"), ("jugé", 0, "root"),
        ("absurde", 4, "xcomp"), ("par", 8, "case"), ("le", 8, "det"), ("maire", 4, "obl:agent"),
    ]  # fmt: skip
    assert speaker(text, "est jugé", *rows) == "le maire"


def test_the_source_that_a_preposition_names() -> None:
    text = "Selon la police, rien."
    rows = [
        ("Selon", 3, "case"), ("la", 3, "det"), ("police", 5, "obl"), (",", 3, "punct"),
        ("rien", 0, "root"),
    ]  # fmt: skip
    assert speaker(text, "Selon", *rows) == "la police"


def test_a_verb_without_subject_has_no_source() -> None:
    assert speaker("Dire oui.", "Dire", ("Dire", 0, "root"), ("oui", 1, "obj")) is None


def test_a_circular_tree_ends() -> None:
    text = "dit ajoute"
    assert speaker(text, "dit", ("dit", 2, "conj"), ("ajoute", 1, "conj")) is None


def found(text: str, *persons: str, tokens: list[ParsedWord] | None = None) -> list[Quote]:
    mentions = [
        ModelMention(text.index(name), text.index(name) + len(name), "PER") for name in persons
    ]
    reading = ModelReading(mentions, tokens is not None, lambda: tokens or [])
    return quotes.quotes(text, reading, VIEW)


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
    assert quote.speaker.of(text) == "Jeanne Aubry"


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


def test_without_a_tree_the_nearest_person_of_the_sentence_speaks(nobody: str) -> None:
    (quote,) = found(nobody, "Anne Petit", "Paul Durand")
    assert quote.speaker is not None
    assert quote.speaker.of(nobody) == "Anne Petit"


def test_with_a_tree_the_subject_speaks(nobody: str) -> None:
    rows = [
        ("Anne", 4, "nsubj"), ("Petit", 1, "flat:name"), ("a", 4, "aux:tense"), ("dit", 0, "root"),
    ]  # fmt: skip
    (quote,) = found(nobody, "Paul Durand", tokens=words(nobody, *rows))
    assert quote.speaker is not None
    assert quote.speaker.of(nobody) == "Anne Petit"


def test_nobody_is_better_than_anybody(nobody: str) -> None:
    (quote,) = found(nobody, "Paul Durand")
    assert quote.speaker is None
