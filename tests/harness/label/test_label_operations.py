"""Batches on facts: applied whole or not at all, undone, and applied again to what has them already."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_articles import ASTRAL, TEXT, at, change, date_fact, entity

from factharness.errors import GoldError
from factharness.facts import Span
from factharness.label.operations import LabelledFact, Operation, apply

FACTS = st.builds(
    lambda label, start, ignore: LabelledFact("entity", label, (Span(start, start + 2),), ignore),
    st.sampled_from(["PER", "LOC"]),
    st.integers(0, 3),
    st.booleans(),
)
CHANGES = st.one_of(
    st.builds(lambda fact: Operation(after=fact), FACTS),
    st.builds(lambda fact: Operation(before=fact), FACTS),
    st.builds(lambda old, new: Operation(before=old, after=new), FACTS, FACTS),
)
BATCHES = st.lists(CHANGES, max_size=4)


def unique(facts):
    return tuple({repr(fact): fact for fact in facts}.values())


def inverse(steps):
    """The operations that undo the steps, as the page sends them."""
    return [Operation(before=step.after, after=step.before) for step in reversed(steps)]


def as_set(facts):
    return {repr(fact) for fact in facts}


@given(st.lists(FACTS, max_size=6).map(unique), BATCHES)
def test_the_inverse_of_a_batch_restores(facts, batch):
    applied = apply(facts, batch)
    back = apply(applied.facts, inverse(applied.steps))
    assert not back.conflicts
    assert as_set(back.facts) == as_set(facts)


@given(st.lists(FACTS, max_size=6).map(unique), BATCHES)
def test_a_batch_is_applied_whole_or_not_at_all(facts, batch):
    applied = apply(facts, batch)
    if applied.conflicts:
        assert applied.facts == facts
        assert not applied.steps
        return
    last = {}
    for operation in batch:
        if operation.before != operation.after:
            last |= {repr(operation.before): False, repr(operation.after): True}
    last.pop("None", None)
    now = as_set(applied.facts)
    assert {fact for fact in last if fact in now} == {
        fact for fact, is_there in last.items() if is_there
    }
    assert {fact for fact in now if fact not in last} == as_set(facts) - last.keys()


@given(st.lists(FACTS, max_size=6).map(unique), BATCHES)
def test_a_batch_that_is_there_changes_nothing(facts, batch):
    once = apply(facts, batch)
    assert as_set(apply(once.facts, batch).facts) == as_set(once.facts)


@given(st.lists(FACTS, max_size=6).map(unique), BATCHES)
def test_no_two_facts_become_equal(facts, batch):
    after = apply(facts, batch).facts
    assert len(after) == len(as_set(after))


@given(st.lists(FACTS, max_size=6).map(unique), BATCHES)
def test_a_conflict_is_a_change_of_what_is_not_there(facts, batch):
    for conflict in apply(facts, batch).conflicts:
        assert conflict.operation.before is not None
        assert conflict.operation.after is not None


def test_a_fact_that_is_replaced_keeps_its_place():
    alice, brivac = entity("Alice Rey"), entity("Brivac", "LOC")
    after = msgspec.structs.replace(alice, label="LOC")
    assert apply([alice, brivac], [change(alice, after)]).facts == (after, brivac)


@pytest.mark.parametrize(
    "fact",
    [
        entity("Alice Rey"),
        entity(ASTRAL, "LOC", attributes={"meto": "ORG"}),
        date_fact("mardi", "2024-03-05", attributes={"mod": "BEFORE"}),
        date_fact("mardi", None, ignore=True),
        LabelledFact(
            "quote",
            "direct",
            (at("« Nous irons à Brivac »"),),
            speaker=at("elle"),
            name="Alice Rey",
            cue=at("a-t-elle dit"),
        ),
        LabelledFact("quote", "", (at("« Rien »"),), ignore=True),
    ],
    ids=repr,
)
def test_a_fact_goes_to_gold_and_to_json_and_back(fact):
    assert LabelledFact.of(fact.to_gold()) == fact
    assert msgspec.json.decode(msgspec.json.encode(fact), type=LabelledFact) == fact


@pytest.mark.parametrize(
    "fact",
    [
        LabelledFact("entity", "DATE", (Span(0, 2),)),
        LabelledFact("entity", "QUOTE", (Span(0, 2),)),
        LabelledFact("entity", "PER", (Span(0, 2), Span(3, 4))),
        LabelledFact("entity", "PER", ()),
        LabelledFact("entity", "PER", (Span(0, 2),), value="2024"),
        LabelledFact("entity", "PER", (Span(0, 2),), name="Rey"),
        LabelledFact("entity", "PER", (Span(0, 2),), cue=Span(3, 4)),
        LabelledFact("date", "PER", (Span(0, 2),)),
        LabelledFact("date", "DATE", (Span(0, 2),), speaker=Span(3, 4)),
        LabelledFact("quote", "direct", (Span(0, 2),), value="2024"),
        LabelledFact("quote", "", (Span(0, 2),)),
        LabelledFact("quote", "loud", (Span(0, 2),), ignore=True),
        LabelledFact("quote", "direct", (Span(3, 5), Span(0, 4))),
        LabelledFact("quote", "direct", ()),
    ],
    ids=repr,
)
def test_what_is_no_fact_is_refused(fact):
    with pytest.raises(GoldError, match="not a fact"):
        fact.to_gold()


@pytest.mark.parametrize(
    "operation",
    [
        {},
        {"visit": 1, "done": True},
        {"before": None, "after": None},
        {"done": True, "after": {"kind": "entity", "label": "PER", "spans": [[0, 2]]}},
        {"after": {"kind": "entity", "label": "PER", "spans": [[2, 2]]}},
        {"after": {"kind": "entity", "label": "PER", "spans": [[-1, 2]]}},
        {"after": {"kind": "person", "label": "PER", "spans": [[0, 2]]}},
        {"reviewed": {"backends": ["rules"], "shown": 1, "accepted": 2}},
        {"reviewed": {"backends": ["rules"], "shown": 10**9, "accepted": 2}},
        {"visited": 3},
        {"visit": 3, "decided": {"difference": 1}},
    ],
    ids=repr,
)
def test_what_is_no_operation_is_refused(operation):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(operation, Operation)


def test_the_words_are_those_of_the_code_points():
    for words in ("Alice Rey", ASTRAL, "l’Élysée", "👩‍🌾"):
        change(after=entity(words)).check_words(TEXT)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (at(ASTRAL), "Paris"),
        (Span(at(ASTRAL).start, at(ASTRAL).start + 2 * len(ASTRAL)), ASTRAL),  # units of JavaScript
        (at("l’Élysée"), "l’E\u0301lysée"),
        (Span(at("Élysée").start + 1, at("Élysée").end + 1), "Élysée"),
        (Span(len(TEXT) - 2, len(TEXT) + 2), TEXT[-2:]),
    ],
)
def test_other_words_than_those_of_the_text_are_refused(span, words):
    operation = Operation(after=LabelledFact("entity", "PER", (span,)), words=(words,))
    with pytest.raises(GoldError, match="the text at"):
        operation.check_words(TEXT)


def test_every_place_has_its_words():
    fact = LabelledFact("quote", "direct", (at("« Rien »"),), cue=at("dit-il"))
    with pytest.raises(GoldError, match="1 words for 2 places"):
        Operation(after=fact, words=("« Rien »",)).check_words(TEXT)
