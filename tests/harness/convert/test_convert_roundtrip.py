"""Out to a format and back: what comes back is what went out, less what the export says it could not carry."""

import re
from itertools import pairwise

import pytest
from convert_strategies import LIBRARIES, articles, same_facts
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from factharness.convert import FORMATS, export_gold, format_named
from factharness.convert.model import mark, unmark
from factharness.convert.offsets import in_normal_form
from factharness.convert.tokens import fitted, tokenise
from factharness.facts import (
    Article,
    Date,
    Entity,
    GoldArticle,
    GoldFact,
    Quote,
    Span,
    label_of,
    spans_of,
)
from factharness.text import normalise

WHOLE = ("label-studio", "spacy-json", "spacy", "xmi")
"""Formats that keep all of an article and its facts; XMI has none of the control characters."""


def back(name: str, gold: GoldArticle) -> GoldArticle:
    (document,) = format_named(name).read(export_gold(name, [gold]).files).documents
    return unmark(document)[0]


@given(articles())
def test_marking_loses_nothing(gold):
    found, notes = unmark(mark(gold))
    assert found == gold
    assert not notes.lines()


@pytest.mark.needs(name=LIBRARIES)
@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=25)
@given(gold=articles())
def test_formats_that_lose_nothing(name, gold):
    widened = export_gold(name, [gold]).notes
    assert all("its own place in user_data" in note for note in widened)
    found = back(name, gold)
    assert found.article == gold.article
    assert same_facts(found, gold)


def test_a_quote_that_prodigy_has_no_place_for_leaves_nothing_of_itself_to_another():
    # Spans begin and end with a word: both quotes would stand on the first one.
    first = Quote((Span(0, 1),), "mixed", cue=Span(4, 7))
    second = Quote((Span(0, 2),), "mixed", speaker=Span(8, 11), cue=Span(4, 6))
    gold = GoldArticle(Article("essai", "Ana dit Bob"), (GoldFact(first), GoldFact(second)))
    written = export_gold("prodigy", [gold])
    assert "a second QUOTE.mixed at one place, left out (1)" in written.notes
    (document,) = format_named("prodigy").read(written.files).documents
    found, notes = unmark(document)
    assert [held.fact for held in found.facts] == [first]
    assert not notes.left_out()


@pytest.mark.needs(name=LIBRARIES)
@pytest.mark.parametrize("name", sorted(FORMATS))
@settings(max_examples=20)
@given(gold=articles())
def test_an_import_leaves_out_nothing_of_an_export(name, gold):
    places = [(label_of(held.fact), spans_of(held.fact)) for held in gold.facts]
    quotes = [held.fact for held in gold.facts if isinstance(held.fact, Quote)]
    places += [("speaker", (quote.speaker,)) for quote in quotes if quote.speaker is not None]
    places += [("cue", (quote.cue,)) for quote in quotes if quote.cue is not None]
    # What a format says that it cannot hold, it need not bring back.
    assume("facts at one place" not in FORMATS[name].loses or len({*places}) == len(places))
    found = format_named(name).read(export_gold(name, [gold]).files)
    assert not found.notes.left_out()
    assert not unmark(found.documents[0])[1].left_out()


def breaks_only(text: str, fact: object) -> bool:
    """Whether two fragments of a quote are parted by line ends alone, which brat cannot say."""
    if not isinstance(fact, Quote):
        return False
    return any(re.fullmatch(r"[\r\n]+", text[a.end : b.start]) for a, b in pairwise(fact.content))


@settings(max_examples=60)
@given(articles())
def test_brat_loses_date_and_meta_only(gold):
    text = gold.article.text
    told = [held for held in gold.facts if not breaks_only(text, held.fact)]
    gold = structs.replace(gold, facts=tuple(told))
    found = back("brat", gold)
    assert found.article.text == text
    assert same_facts(found, gold)
    lost = [("date of publication", gold.article.published), ("meta", gold.article.meta)]
    assert export_gold("brat", [gold]).notes == tuple(
        f"{part}, left out (1)" for part, held in lost if held
    )


@settings(max_examples=60)
@given(articles())
def test_doccano_keeps_what_a_label_can_say(gold):
    kept: list[GoldFact] = []
    lost = False
    for held in gold.facts:
        fact = held.fact
        if isinstance(fact, Date):
            fact = structs.replace(fact, value=None)
        if isinstance(fact, Quote):
            fact = structs.replace(fact, speaker_name=None)
        less = GoldFact(fact, held.ignore)
        lost |= less != held
        if less not in kept:  # two facts that differed in what is lost are one
            kept.append(less)
    found = back("doccano", gold)
    assert found.article == gold.article
    assert same_facts(found, structs.replace(gold, facts=tuple(kept)))
    assert bool(export_gold("doccano", [gold]).notes) == lost


def outermost(gold: GoldArticle) -> list[tuple[Span, str]]:
    """The flat layer on whole tokens, as the exports choose it."""
    tokens = tokenise(gold.article.text)
    kept: list[tuple[Span, str]] = []
    named = [
        (fitted(held.fact.span, tokens), label_of(held.fact))
        for held in gold.facts
        if not held.ignore and not isinstance(held.fact, Quote)
    ]
    for span, label in sorted(named, key=lambda each: (each[0].start, -each[0].end)):
        if not kept or kept[-1][0].end <= span.start:
            kept.append((span, label))
    return kept


def in_paragraphs(text: str, named: list[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """The names that no blank line cuts."""
    return [(span, label) for span, label in named if not re.search(r"\n\s*?\n", span.of(text))]


def words_and_labels(text: str, named) -> list[tuple[str, str]]:
    return [(re.sub(r"\s+", "", span.of(text)), label) for span, label in named]


@pytest.mark.parametrize("name", ["iob2", "iobes", "hipe"])
@settings(max_examples=40)
@given(gold=articles())
def test_column_formats_keep_outermost_names(name, gold):
    found = back(name, gold)
    flat = outermost(gold)
    if name != "hipe":
        flat = in_paragraphs(gold.article.text, flat)
    assert re.sub(r"\s+", "", found.article.text) == re.sub(r"\s+", "", gold.article.text)
    expected = words_and_labels(gold.article.text, flat)
    got = words_and_labels(found.article.text, outermost(found))
    assert got == expected
    if len(found.facts) < len(gold.facts):
        assert export_gold(name, [gold]).notes


@settings(max_examples=40)
@given(articles())
def test_hipe_keeps_the_text_but_for_the_kind_of_white_space(gold):
    text = re.sub(r"[ \t\u00a0\u202f]+", " ", gold.article.text)
    found = back("hipe", gold).article
    assert re.sub(r"\s+", " ", found.text) == re.sub(r"\s+", " ", text)


@settings(max_examples=60)
@given(articles())
def test_webanno_loses_date_meta_and_white_space_between_lines(gold):
    found = back("webanno", gold)
    assert re.sub(r"\s", " ", found.article.text) == re.sub(r"\s", " ", gold.article.text)
    assert same_facts(found, gold)


@given(articles())
def test_the_normal_form_moves_facts_along(gold):
    moved, _ = in_normal_form(mark(gold))
    assert moved.text == normalise(gold.article.text)
    found = unmark(moved)[0]
    assert len(found.facts) == len(gold.facts)
    for before, after in zip(gold.facts, found.facts, strict=True):
        old = [normalise(span.of(gold.article.text)) for span in spans_of(before.fact)]
        new = [span.of(moved.text) for span in spans_of(after.fact)]
        if not any("\u0301" in word or "\r" in gold.article.text for word in old):
            assert [re.sub(r"\s+", " ", word) for word in new] == [
                re.sub(r"\s+", " ", word) for word in old
            ]


@given(st.text(), st.data())
def test_the_normal_form_of_any_text(raw, data):
    start = data.draw(st.integers(0, max(0, len(raw) - 1)))
    if not raw:
        return
    span = Span(start, data.draw(st.integers(start + 1, len(raw))))
    gold = GoldArticle(Article("a", raw), (GoldFact(Entity(span, "PER")),))
    moved, notes = in_normal_form(mark(gold))
    assert moved.text == normalise(raw)
    assert len(moved.regions) == 1 or notes.left_out() == 1
    places = [place for region in moved.regions for place in region.spans]
    assert all(0 <= place.start < place.end <= len(moved.text) for place in places)


def test_every_format_is_listed_and_can_be_loaded():
    for name in FORMATS:
        assert hasattr(format_named(name), "read")
