import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import facts, predictions, spans

from factharness.facts import (
    Date,
    Entity,
    Fact,
    GoldFact,
    Prediction,
    Quote,
    Span,
    kind_of,
    label_of,
    spans_of,
)


@given(facts)
def test_a_fact_survives_json(fact):
    assert msgspec.json.decode(msgspec.json.encode(fact), type=Fact) == fact


@given(predictions())
def test_a_prediction_survives_json(prediction):
    assert msgspec.json.decode(msgspec.json.encode(prediction), type=Prediction) == prediction


@given(spans(), spans())
def test_overlap_is_symmetric_and_means_a_shared_character(a, b):
    shared = set(range(a.start, a.end)) & set(range(b.start, b.end))
    assert a.overlaps(b) == b.overlaps(a) == bool(shared)


@given(spans(), st.text(min_size=60))
def test_a_span_covers_as_many_characters_as_it_is_long(span, text):
    assert len(span.of(text)) == len(span)


def test_a_span_is_a_pair_in_json():
    assert msgspec.json.encode(Span(3, 8)) == b"[3,8]"


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 2)])
def test_a_span_that_covers_nothing_is_refused(start, end):
    with pytest.raises(ValueError, match="0 <= start < end"):
        Span(start, end)


@pytest.mark.parametrize("content", [(), (Span(5, 9), Span(1, 3)), (Span(1, 5), Span(4, 8))])
def test_quote_fragments_are_sorted_and_disjoint(content):
    with pytest.raises(ValueError, match="content span"):
        Quote(content, "direct")


def test_a_prediction_is_facts_or_an_error_never_both_or_neither():
    with pytest.raises(ValueError, match="either facts or an error"):
        Prediction("a")
    with pytest.raises(ValueError, match="either facts or an error"):
        Prediction("a", facts=(), error="boom")


def test_kind_label_and_spans_of_each_fact():
    span = Span(0, 4)
    assert (kind_of(Entity(span, "PER")), label_of(Entity(span, "PER"))) == ("entity", "PER")
    assert (kind_of(Date(span, "SET")), label_of(Date(span, "SET"))) == ("date", "SET")
    quote = Quote((span, Span(6, 9)), "mixed")
    assert (kind_of(quote), label_of(quote), len(spans_of(quote))) == ("quote", "mixed", 2)


def test_where_a_gold_fact_stands_takes_no_part_in_equality():
    fact = Entity(Span(0, 4), "PER")
    assert GoldFact(fact, line=3) == GoldFact(fact, line=9)
    assert GoldFact(fact) != GoldFact(fact, ignore=True)
