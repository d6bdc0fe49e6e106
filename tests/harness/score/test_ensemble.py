"""The facts of several back ends made into one prediction: which groups there are, and what a group gives."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import dates, entities, quotes

from factharness.facts import (
    KINDS,
    Article,
    Date,
    Entity,
    GoldArticle,
    GoldFact,
    Prediction,
    Quote,
    Span,
    kind_of,
    spans_of,
)
from factharness.score import ALL, Counts, evaluate
from factharness.score.ensemble import HOWS, Source, combined, in_scheme, oracle
from factharness.score.groups import groups

WIKINER = {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC", "MONEY": ""}
TEXT = "« Nous partons demain », a dit la ministre. Le préfet, Jean Dupont, a dit non à la presse."
ARTICLE = Article("a", TEXT + " " * 60)

answers = st.lists(st.one_of(entities, dates, quotes), max_size=7)
sides = st.lists(answers, min_size=2, max_size=4)


def ent(start: int, end: int, label: str = "PER") -> Entity:
    return Entity(Span(start, end), label)


def quote(*content, speaker=None, cue=None, name=None, type_="direct") -> Quote:
    spans = tuple(Span(*one) for one in content)
    return Quote(spans, type_, speaker and Span(*speaker), name, cue and Span(*cue))


def together(how, *answers, kinds=None, article=ARTICLE) -> Prediction:
    """Back ends called b0, b1, …; an answer is a list of facts, or the error with which one failed."""
    said = {
        f"b{number}": Prediction(article.id, error=answer)
        if isinstance(answer, str)
        else Prediction(article.id, tuple(answer))
        for number, answer in enumerate(answers)
    }
    claims = {f"b{number}": (kinds or {}).get(number, KINDS) for number in range(len(answers))}
    sources = {
        kind: Source(how, of)
        for kind in KINDS
        if (of := tuple(name for name in said if kind in claims[name]))
    }
    return combined(article, sources, said)


def facts(how, *answers, **more) -> tuple:
    return together(how, *answers, **more).facts


def same_kind(sides):
    for kind in KINDS:
        yield [[fact for fact in side if kind_of(fact) == kind] for side in sides]


# Properties


@settings(max_examples=150)
@given(sides, st.randoms())
def test_which_groups_there_are_does_not_depend_on_the_order_of_the_parts(sides, random):
    turned = list(range(len(sides)))
    random.shuffle(turned)
    for some in same_kind(sides):
        as_named = groups(some, ARTICLE.text)
        as_turned = groups([some[side] for side in turned], ARTICLE.text)
        back = [{turned[side]: fact for side, fact in group.items()} for group in as_turned]
        key = lambda group: sorted((side, repr(fact)) for side, fact in group.items())  # noqa: E731
        assert sorted(map(key, as_named)) == sorted(map(key, back))


def test_pairs_that_are_equally_good_do_not_depend_on_the_order_either():
    one = [quote((0, 5)), quote((1, 2), (4, 8)), quote((1, 4), (5, 8))]
    other = [quote((1, 3), (5, 7)), quote((1, 4), (6, 7))]
    as_named, as_turned = groups([one, other], "x" * 9), groups([other, one], "x" * 9)
    assert as_named == [{1 - side: fact for side, fact in group.items()} for group in as_turned]


@settings(max_examples=100)
@given(sides)
def test_every_fact_is_in_one_group_and_a_group_has_one_fact_of_each(sides):
    for some in same_kind(sides):
        found = groups(some, ARTICLE.text)
        for side, own in enumerate(some):
            assert sorted(map(repr, dict.fromkeys(own))) == sorted(
                repr(group[side]) for group in found if side in group
            )


@settings(max_examples=100)
@given(sides)
def test_facts_of_a_group_hang_together(sides):
    for some in same_kind(sides):
        for group in groups(some, ARTICLE.text):
            first, *others = group.values()
            reached = [first]
            while grown := [f for f in others if any(_overlap(f, r) for r in reached)]:
                reached += grown
                others = [f for f in others if not any(f is g for g in grown)]
            assert not others


def _overlap(one, other) -> bool:
    return any(a.overlaps(b) for a in spans_of(one) for b in spans_of(other))


@settings(max_examples=100)
@given(answers, st.integers(2, 5), st.sampled_from(HOWS))
def test_copies_of_one_back_end_are_that_back_end(own, copies, how):
    assert set(facts(how, *[own] * copies)) == set(own)


@settings(max_examples=100)
@given(sides)
def test_the_intersection_is_in_the_vote_and_the_vote_in_the_union(sides):
    found = {how: set(facts(how, *sides)) for how in HOWS}
    assert found["intersection"] <= found["vote"] <= found["union"]
    assert set(sides[0]) <= found["first"]


@settings(max_examples=100)
@given(sides, st.sampled_from(["union", "vote", "intersection"]))
def test_edges_and_labels_are_those_of_a_part(sides, how):
    every = [fact for side in sides for fact in side]
    for fact in facts(how, *sides):
        assert spans_of(fact) in {spans_of(one) for one in every if kind_of(one) == kind_of(fact)}
        if isinstance(fact, Entity):
            assert fact.label in {one.label for one in every if isinstance(one, Entity)}


@settings(max_examples=60)
@given(sides)
def test_the_first_adds_only_what_touches_nothing(sides):
    for kind in KINDS:
        found = [fact for fact in facts("first", *sides) if kind_of(fact) == kind]
        own = [[fact for fact in side if kind_of(fact) == kind] for side in sides]
        for fact in found:
            first = next(number for number, side in enumerate(own) if fact in side)
            earlier = {f for f in found if any(f in side for side in own[:first])}
            assert not any(_overlap(fact, other) for other in earlier)


@settings(max_examples=60)
@given(sides, answers)
def test_the_oracle_bounds_every_recall(sides, golds):
    held = tuple(GoldFact(fact) for fact in dict.fromkeys(golds) if isinstance(fact, Entity))
    gold = GoldArticle(ARTICLE, held)

    def strict(prediction, bound=lambda rows: rows) -> Counts:
        rows = bound(evaluate([gold], [prediction], kinds=["entity"]).counts)
        return sum((r.counts for r in rows if (r.label, r.regime) == (ALL, "strict")), Counts())

    best = strict(together("all", *sides), oracle)
    assert best.fp == 0
    for how, side in itertools.product(HOWS, sides):
        assert strict(together(how, *sides)).tp <= best.tp or how == "vote"
        assert strict(Prediction("a", tuple(side))).tp <= best.tp


# How many must agree


@pytest.mark.parametrize(("voters", "needed"), [(2, 2), (3, 2), (4, 3), (5, 3), (6, 4)])
def test_a_majority_is_more_than_half(voters, needed):
    fact = ent(0, 5)
    for yes in range(voters + 1):
        found = facts("vote", *[[fact]] * yes, *[[]] * (voters - yes))
        assert found == ((fact,) if yes >= needed else ())


def test_ways_to_combine():
    a, b, c = ent(0, 5), ent(10, 15), ent(20, 25)
    said = [a, b], [b, c], [b, a, a]
    assert {how: facts(how, *said) for how in HOWS} == {
        "vote": (a, b),
        "union": (a, b, c),
        "first": (a, b, c),
        "intersection": (b,),
    }


def test_who_does_not_claim_a_kind_is_not_counted():
    said = quote((2, 21))
    kinds = {0: ("quote", "entity"), 1: ("entity",)}
    for how in ("vote", "intersection"):
        assert facts(how, [said], [ent(0, 5)], kinds=kinds) == (said,)


def test_who_failed_is_not_counted_and_it_is_said():
    fact = ent(0, 5)
    found = together("vote", [fact], [fact], "no memory", "no net")
    assert found.facts == (fact,)
    assert found.without == {"b2": "no memory", "b3": "no net"}
    assert together("vote", [fact], [], "no memory").facts == ()


def test_an_article_on_which_all_failed_is_an_error():
    found = together("union", "no memory", "no net")
    assert found.error == "b0: no memory; b1: no net"


def test_a_kind_that_only_a_failed_part_claims_is_an_error_of_the_article():
    kinds = {0: ("entity", "quote"), 1: ("entity",)}
    assert together("union", "no memory", [ent(0, 5)], kinds=kinds).error == "b0: no memory"
    assert together("union", [ent(0, 5)], "no memory", kinds=kinds).error is None


def test_each_kind_has_its_own_back_ends_in_its_own_order():
    one, other = ent(0, 5), ent(0, 7)
    said = quote((2, 21))
    answers = {
        "a": Prediction("a", (one, said)),
        "b": Prediction("a", (other,)),
        "c": Prediction("a", error="not asked"),
    }
    sources = {"entity": Source("vote", ("b", "a")), "quote": Source("first", ("a", "b"))}
    found = combined(ARTICLE, sources, answers)
    assert (found.facts, found.without) == ((other, said), {})


def test_who_did_not_read_the_article_is_not_counted():
    sources = {"entity": Source("vote", ("a", "b", "c"))}
    answers = {"b": Prediction("a", (ent(0, 5),))}
    assert combined(ARTICLE, sources, answers) == answers["b"]
    assert combined(ARTICLE, sources, {}).error == "nobody looked for facts of kind 'entity'"


# What a group gives


def test_names_that_overlap_agree_that_there_is_a_name():
    found = facts("vote", [ent(0, 12)], [ent(5, 12)], [])
    assert found == (ent(0, 12),)
    assert facts("vote", [ent(5, 12)], [ent(0, 12)], []) == (ent(5, 12),)


def test_edges_and_label_of_a_name_are_decided_apart():
    said = [ent(0, 12, "ORG")], [ent(5, 12, "PER")], [ent(0, 12, "PER")]
    assert facts("vote", *said) == (ent(0, 12, "PER"),)
    all_differ = [ent(0, 12, "ORG")], [ent(5, 12, "PER")], [ent(4, 12, "LOC")]
    assert facts("vote", *all_differ) == (ent(0, 12, "ORG"),)


def test_the_closest_pairs_come_first():
    wide, left, right = ent(0, 20), ent(0, 4), ent(5, 20)
    assert groups([[wide], [left, right]], TEXT) == [{1: left}, {0: wide, 1: right}]
    # The first is nearer to the second than to what the third has for it.
    a, b, c = [ent(0, 12)], [ent(8, 20)], [ent(0, 2), ent(12, 20)]
    assert groups([a, b, c], TEXT) == [{2: c[0]}, {0: a[0], 1: b[0], 2: c[1]}]


def test_a_date_has_the_value_of_most_of_its_type():
    def date(type_, value, end=10):
        return Date(Span(0, end), type_, value)

    said = [date("DATE", None)], [date("TIME", "2024-03-12T10:00")], [date("DATE", "2024-03-12", 8)]
    assert facts("vote", *said) == (date("DATE", "2024-03-12"),)
    said = [date("DATE", "2024")], [date("DATE", "2023")], [date("DATE", "2023")]
    assert facts("vote", *said) == (date("DATE", "2023"),)
    assert facts("vote", [date("DATE", None)], [date("TIME", "T10")]) == (date("DATE", None),)


def test_content_agrees_without_marks_around_it():
    bare, with_marks, short = quote((2, 21)), quote((0, 24)), quote((2, 15))
    assert facts("vote", [short], [with_marks], [bare]) == (with_marks,)


def test_a_quote_takes_content_speaker_and_cue_each_from_most():
    said = (
        [quote((2, 15), speaker=(50, 55), cue=(27, 29))],
        [quote((2, 21), speaker=(33, 41), cue=(25, 29))],
        [quote((2, 21), speaker=(30, 41))],
    )
    (found,) = facts("vote", *said)
    assert found.content == (Span(2, 21),)
    assert found.speaker == Span(33, 41)
    assert found.cue == Span(27, 29)


def test_to_have_found_no_speaker_is_no_answer_but_no_cue_is():
    (found,) = facts("vote", [quote((2, 21))], [quote((2, 21), name="Jean Dupont", cue=(27, 29))])
    assert (found.speaker_name, found.cue) == ("Jean Dupont", None)
    (found,) = facts("vote", [quote((2, 21))], *[[quote((2, 21), cue=(27, 29))]] * 2)
    assert found.cue == Span(27, 29)
    (found,) = facts("vote", [quote((2, 21))], [quote((2, 21))])
    assert (found.speaker, found.speaker_name, found.cue) == (None, None, None)


def test_speakers_agree_by_name():
    preset, dupont, ministre = (47, 53), (55, 66), (30, 41)
    said = (
        [quote((2, 21), speaker=ministre)],
        [quote((2, 21), speaker=preset, name="Jean Dupont")],
        [quote((2, 21), speaker=dupont)],
    )
    (found,) = facts("vote", *said)
    assert found.speaker == Span(*preset)


def test_indirect_quotes_are_apart_from_direct_ones():
    direct, mixed, indirect = (quote((2, 21), type_=t) for t in ("direct", "mixed", "indirect"))
    assert facts("vote", [direct], [indirect]) == ()
    assert facts("vote", [direct], [mixed]) == (direct,)
    assert len(facts("union", [direct], [indirect])) == 2


def test_quotes_that_share_little_are_two():
    assert facts("vote", [quote((0, 10))], [quote((8, 28))]) == ()
    assert facts("vote", [quote((0, 10))], [quote((4, 14))]) == (quote((0, 10)),)


def test_the_first_takes_nothing_that_touches():
    first, touching, apart = quote((2, 21)), quote((20, 40), type_="indirect"), quote((50, 60))
    assert facts("first", [first], [touching, apart]) == (first, apart)
    assert facts("first", [touching], [first, apart]) == (touching, apart)


def test_what_the_only_back_end_of_a_kind_says_twice_stays_twice():
    twice = [ent(0, 5), ent(0, 5)]
    assert facts("vote", twice, "no memory") == tuple(twice)


def test_maps_come_before_votes():
    prediction = Prediction("a", (ent(0, 5, "PER"), ent(6, 9, "MONEY"), ent(10, 12, "GPE")))
    assert in_scheme(prediction, WIKINER).facts == (ent(0, 5), ent(10, 12, "GPE"))
    broken = Prediction("a", error="boom")
    assert in_scheme(broken, WIKINER) == broken
