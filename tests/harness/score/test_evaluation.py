"""Gold articles against predictions: what is left out, what is counted, what is remembered."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from strategies import dates, entities, quotes

from factharness.errors import GoldError, ScoreError
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
)
from factharness.score import ALL, Counts, aggregate, evaluate, regimes_of, score_spans
from factharness.score.comparison import compare_counts, flips
from factharness.score.counts import SemEval
from factharness.score.view import inner_spans

WIKINER = {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC", "MONEY": ""}


def gold(*facts, name="a", text="x" * 80, skip=frozenset(), meta=None) -> GoldArticle:
    held = tuple(fact if isinstance(fact, GoldFact) else GoldFact(fact) for fact in facts)
    return GoldArticle(Article(name, text, meta=meta or {}), held, frozenset(skip))


def said(*facts, name="a") -> Prediction:
    return Prediction(name, facts)


def ent(start: int, end: int, label: str = "PER") -> Entity:
    return Entity(Span(start, end), label)


def whole(evaluation, regime="strict", kind="entity", label=ALL) -> Counts:
    rows = [r for r in evaluation.counts if (r.kind, r.label, r.regime) == (kind, label, regime)]
    return sum((row.counts for row in rows), Counts())


golds = st.lists(st.one_of(entities, dates, quotes), max_size=8).map(
    lambda facts: gold(*dict.fromkeys(facts))
)
predicted = st.lists(st.one_of(entities, dates, quotes), max_size=8).map(lambda f: said(*f))


@settings(max_examples=80)
@given(golds, predicted)
def test_rows_add_up_and_every_fact_is_in_one_match(article, prediction):
    evaluation = evaluate([article], [prediction], kinds=KINDS, nested=True)
    for kind in KINDS:
        for regime in regimes_of(kind, ("strict", "partial")):
            labels = {r.label for r in evaluation.counts} - {ALL, "indirect"}
            parts = [whole(evaluation, regime, kind, label) for label in labels]
            total = sum(parts, Counts())
            expected = whole(evaluation, regime, kind)
            for name in ("tp", "fp", "fn"):
                assert getattr(total, name) == pytest.approx(getattr(expected, name)), regime
    for side, facts in (("gold", article.facts), ("pred", prediction.facts)):
        indices = [getattr(m, side) for m in evaluation.matches if getattr(m, side) is not None]
        assert sorted(indices) == list(range(len(facts)))
    strict = [m for m in evaluation.matches if "strict" in m.right and m.kind == "entity"]
    assert len(strict) == whole(evaluation).tp
    assert msgspec.json.decode(msgspec.json.encode(evaluation), type=type(evaluation)) == evaluation


@settings(max_examples=60)
@given(st.lists(st.tuples(golds, predicted), min_size=2, max_size=4))
def test_an_article_has_the_counts_and_matches_that_it_has_alone(pairs):
    named = [
        (
            structs.replace(one, article=structs.replace(one.article, id=name)),
            Prediction(name, two.facts),
        )
        for name, (one, two) in zip("abcd", pairs, strict=False)
    ]
    together = evaluate(*zip(*named, strict=True), kinds=KINDS)
    for article, prediction in named:
        alone, name = evaluate([article], [prediction], kinds=KINDS), article.article.id
        assert [row for row in together.counts if row.article == name] == alone.counts
        assert [match for match in together.matches if match.article == name] == alone.matches


@pytest.mark.parametrize(
    "fact",
    [ent(0, 5), Date(Span(0, 5), "DATE", None), Quote((Span(0, 5),), "direct", None, None, None)],
)
def test_counts_stay_with_their_article_after_one_without_facts(fact):
    evaluation = evaluate(
        [gold(name="a"), gold(fact, name="b")], [said(name="a"), said(name="b")], kinds=KINDS
    )
    missed = {row.article for row in evaluation.counts if row.counts.fn}
    assert missed == {"b"}


@settings(max_examples=60)
@given(golds, predicted)
def test_it_is_the_same_engine_as_score_spans(article, prediction):
    rows = [
        [("a", f.span.start, f.span.end, f.label) for f in facts if isinstance(f, Entity)]
        for facts in ([held.fact for held in article.facts], prediction.facts)
    ]
    evaluation = evaluate([article], [prediction], kinds=["entity"], nested=True)
    for regime in ("strict", "partial"):
        score = score_spans(*rows, regimes=[regime])[regime]
        assert whole(evaluation, regime) == score.counts


def test_an_error_is_not_scored_and_not_a_zero():
    evaluation = evaluate(
        [gold(ent(0, 5)), gold(ent(0, 5), name="b"), gold(ent(0, 5), name="c")],
        [said(ent(0, 5)), Prediction("b", error="boom")],
        kinds=["entity"],
    )
    assert evaluation.articles == ["a"]
    assert evaluation.errors == {"b": "boom", "c": "no prediction"}
    assert whole(evaluation).f1 == 1


@pytest.mark.parametrize("fact", [ent(70, 99), Quote((Span(0, 5), Span(70, 99)), "direct")])
def test_a_span_beyond_the_text_is_an_error_of_its_article(fact):
    evaluation = evaluate([gold(ent(0, 5))], [said(fact)], kinds=KINDS)
    assert evaluation.articles == []
    assert "ends at 99, the text at 80" in evaluation.errors["a"]


def test_a_kind_that_is_not_claimed_has_no_rows_and_a_skipped_layer_none_for_the_article():
    articles = [gold(ent(0, 5)), gold(ent(0, 5), name="b", skip={"entity"})]
    evaluation = evaluate(articles, [said(), said(ent(0, 3), name="b")], kinds=["entity"])
    assert {(row.article, row.kind) for row in evaluation.counts} == {("a", "entity")}
    assert whole(evaluation) == Counts(0, 0, 1)


def test_an_article_without_facts_has_a_row_of_zeros():
    evaluation = evaluate([gold()], [said()], kinds=["date"], regimes=["strict"])
    assert [r.counts for r in evaluation.counts if r.regime == "value"] == [Counts()]
    assert whole(evaluation, "value", "date").f1 is None


def test_labels_are_mapped_listed_and_never_lost():
    facts = (ent(0, 5, "PER"), ent(10, 15, "GPE"), ent(20, 25, "MONEY"), ent(30, 35, "GPE"))
    evaluation = evaluate([gold(ent(0, 5))], [said(*facts)], kinds=["entity"], label_map=WIKINER)
    assert evaluation.unmapped == {"GPE": 2}
    assert evaluation.ignored == 1
    assert whole(evaluation) == Counts(1, 2, 0)
    assert whole(evaluation, label="GPE") == Counts(0, 2, 0)


def test_sublabels_count_as_their_label():
    evaluation = evaluate([gold(ent(0, 5, "LOC.gpe"))], [said(ent(0, 5, "LOC"))], kinds=["entity"])
    assert whole(evaluation, label="LOC").tp == 1


def test_without_a_map_every_label_is_known():
    found = evaluate([gold()], [said(ent(0, 5, "Person"))], kinds=["entity"])
    assert (found.unmapped, whole(found, label="Person").fp) == ({}, 1)


def test_a_label_of_dates_becomes_a_date():
    article = gold(Date(Span(0, 5), "DATE", "2024"))
    table = {"Date": "DATE"}
    evaluation = evaluate([article], [said(ent(0, 5, "Date"))], kinds=KINDS, label_map=table)
    assert whole(evaluation, kind="date").tp == 1
    assert whole(evaluation, "value", "date").tp == 0


def test_a_label_of_dates_that_the_map_does_not_know_stays_an_entity_s():
    found = evaluate(
        [gold()], [said(ent(0, 5, "DATE"), ent(6, 9, "DATE"))], kinds=KINDS, label_map=WIKINER
    )
    assert found.unmapped == {"DATE": 2}
    assert whole(found).fp == 2
    assert whole(found, kind="date").fp == 0


def test_inner_names_are_not_scored_and_neither_is_who_finds_them():
    outer, inner = ent(0, 20, "ORG"), ent(14, 18, "LOC")
    both = evaluate([gold(outer, inner)], [said(outer, inner)], kinds=["entity"])
    assert (whole(both), both.ignored) == (Counts(1, 0, 0), 1)
    other = evaluate([gold(outer, inner)], [said(outer, ent(13, 18))], kinds=["entity"])
    assert whole(other) == Counts(1, 1, 0)
    nested = evaluate([gold(outer, inner)], [said(outer, inner)], kinds=["entity"], nested=True)
    assert whole(nested) == Counts(2, 0, 0)


def test_a_dont_care_name_hides_nothing_inside_it():
    article = gold(GoldFact(ent(0, 20, "MISC"), ignore=True), ent(5, 9))
    assert whole(evaluate([article], [said(ent(5, 9))], kinds=["entity"])) == Counts(1, 0, 0)


@given(st.lists(entities.map(lambda fact: fact.span), max_size=8))
def test_inner_spans(spans):
    found = inner_spans(spans)
    assert found == {
        a for a in spans if any(b != a and b.start <= a.start and a.end <= b.end for b in spans)
    }


def test_gold_twice_names_file_and_line():
    article = GoldArticle(
        Article("a", "x" * 9), (GoldFact(ent(0, 5)), GoldFact(ent(0, 5), line=7)), path="a.gold"
    )
    with pytest.raises(GoldError, match=r"a\.gold:7: .*twice"):
        evaluate([article], [said()], kinds=["entity"])


def test_predictions_and_gold_must_fit():
    with pytest.raises(ScoreError, match="no gold article"):
        evaluate([gold()], [said(name="z")], kinds=KINDS)
    with pytest.raises(ScoreError, match="two predictions"):
        evaluate([gold()], [said(), said()], kinds=KINDS)
    with pytest.raises(ScoreError, match="2 gold articles"):
        evaluate([gold(), gold()], [], kinds=KINDS)
    with pytest.raises(ScoreError, match="regime"):
        evaluate([gold()], [said()], kinds=KINDS, regimes=["stric"])


def test_nothing_to_score():
    evaluation = evaluate([], [], kinds=KINDS)
    assert (evaluation.counts, evaluation.matches) == ([], [])
    assert aggregate([], articles={}) == []


def test_regimes_by_kind():
    assert regimes_of("entity", ("strict", "value", "joint")) == ("strict",)
    assert regimes_of("date", ("partial",))[-1] == "partial"
    assert "value" in regimes_of("date", ("partial",))
    assert regimes_of("quote", ("strict", "iou@0.7"), own=False) == ("exact", "iou@0.7")
    assert regimes_of("quote", ("partial",), own=False) == ("proportional",)


# Rows of tables


def _two() -> tuple[list, dict]:
    articles = [
        gold(ent(0, 5), ent(10, 15, "LOC"), meta={"rubrique": "monde"}),
        gold(ent(0, 5), name="b", meta={"rubrique": "sport"}),
    ]
    predictions = [said(ent(0, 5), ent(20, 25, "ORG")), said(ent(0, 5), name="b")]
    evaluation = evaluate(articles, predictions, kinds=["entity"], regimes=["strict"])
    return evaluation.counts, {a.article.id: a.article.meta for a in articles}


def test_micro_macro_weighted_and_per_article():
    counts, articles = _two()
    rows = {(r.label, r.average): r for r in aggregate(counts, articles=articles)}
    micro = rows[ALL, "micro"]
    assert (micro.articles, micro.counts, micro.f1) == (2, Counts(2, 1, 1), pytest.approx(2 / 3))
    assert (rows[ALL, "macro"].f1, rows[ALL, "macro"].averaged) == (0.5, 2)
    assert rows[ALL, "weighted"].f1 == pytest.approx(2 / 3)
    assert rows[ALL, "article"].f1 == 0.75
    assert rows["ORG", "micro"].counts == Counts(0, 1, 0)


def test_slices_are_of_their_articles():
    counts, articles = _two()
    rows = aggregate(counts, articles=articles, slices=["rubrique", "absent"])
    micro = {r.slice: r.counts for r in rows if (r.label, r.average) == (ALL, "micro")}
    assert micro == {
        "*": Counts(2, 1, 1),
        "rubrique=monde": Counts(1, 1, 1),
        "rubrique=sport": Counts(1, 0, 0),
    }


def test_a_kind_that_a_slice_lacks_leaves_out_no_other():
    counts, articles = _two()
    entity_in_b = [row for row in counts if row.article == "b"]
    date_in_both = [msgspec.structs.replace(row, kind="date") for row in counts]
    rows = aggregate(entity_in_b + date_in_both, articles=articles, slices=["rubrique"])
    assert {row.kind for row in rows if row.slice == "rubrique=monde"} == {"date"}
    assert {row.kind for row in rows if row.slice == "rubrique=sport"} == {"entity", "date"}


def test_semeval_counts_are_summed_where_every_article_has_them():
    counts, articles = _two()
    whole = [row for row in counts if row.label == ALL]
    assert all(row.semeval is not None for row in whole)
    (row,) = (
        r for r in aggregate(counts, articles=articles) if (r.label, r.average) == (ALL, "micro")
    )
    assert row.semeval == SemEval(cor=2, mis=1, spu=1)
    lacking = [
        msgspec.structs.replace(row, semeval=None) if row.article == "b" else row for row in counts
    ]
    assert aggregate(lacking, articles=articles)[0].semeval is None


def test_intervals_only_when_asked_for():
    counts, articles = _two()
    assert all(row.low is None for row in aggregate(counts, articles=articles))
    drawn = aggregate(counts, articles=articles, draws=200, seed=3)
    assert drawn == aggregate(counts, articles=articles, draws=200, seed=3)
    row = next(r for r in drawn if r.label == ALL)
    assert row.low <= row.f1 <= row.high


def test_an_article_left_out_is_left_out():
    counts, articles = _two()
    del articles["b"]
    assert aggregate(counts, articles=articles)[0].counts == Counts(1, 1, 1)


# Comparisons


def _sides():
    article = gold(ent(0, 5), ent(10, 15), ent(20, 25))
    base, head = said(ent(0, 5), ent(30, 35)), said(ent(0, 5), ent(10, 15), ent(20, 24))
    made = []
    for prediction in (base, head):
        evaluation = evaluate([article], [prediction], kinds=["entity"], regimes=["strict"])
        pairs = [
            (m, None if m.pred is None else prediction.facts[m.pred]) for m in evaluation.matches
        ]
        made.append((evaluation, pairs))
    return made


def test_flips_say_what_was_gained_and_lost():
    (_, base), (_, head) = _sides()
    found = [(f.change, f.match.gold, f.match.pred) for f in flips(base, head, regimes=_STRICT)]
    assert sorted(found, key=str) == [("gained", 1, 1), ("mended", None, 1), ("wrong", 2, 2)]
    back = [f.change for f in flips(head, base, regimes=_STRICT)]
    assert sorted(back) == ["lost", "mended", "wrong"]
    assert flips(base, base, regimes=_STRICT) == []
    assert flips(base, head, regimes={}) == []


def test_an_article_that_one_side_lacks_has_no_flips():
    (_, base), (_, head) = _sides()
    other = [(structs.replace(match, article="other"), identity) for match, identity in head]
    assert flips(base, base + other, regimes=_STRICT) == []
    assert flips(base + other, base, regimes=_STRICT) == []
    assert flips(base, other, regimes=_STRICT) == []
    both = flips(base + other, head + other, regimes=_STRICT)
    assert both == flips(base, head, regimes=_STRICT) != []


_STRICT = {"entity": "strict"}


def test_comparing_counts():
    (base, _), (head, _) = _sides()
    (row,) = compare_counts(base.counts, head.counts, draws=100)
    assert (row.base, row.head) == (Counts(1, 1, 2), Counts(2, 1, 1))
    assert row.difference.difference == pytest.approx(4 / 6 - 2 / 5)
    assert row.difference.wins == 1
    with_labels = compare_counts(base.counts, head.counts, labels=None, draws=100)
    assert {r.label for r in with_labels} == {ALL, "PER"}
    assert compare_counts(base.counts, head.counts, regimes=["strict"], draws=100) == [row]
    assert compare_counts(base.counts, head.counts, regimes=["type"], draws=10) == []
    assert compare_counts(base.counts, [], draws=10) == []


def test_holm_runs_over_the_lines_of_the_table():
    articles = [gold(ent(0, 5), ent(10, 15, "LOC"), name=f"a{i}") for i in range(8)]
    base = evaluate(articles, [said(name=a.article.id) for a in articles], kinds=["entity"])
    perfect = [said(ent(0, 5), ent(10, 15, "LOC"), name=a.article.id) for a in articles]
    head = evaluate(articles, perfect, kinds=["entity"])
    rows = compare_counts(base.counts, head.counts, draws=100)
    assert [row.difference.p for row in rows] == [2 / 2**8] * 2
    assert [row.adjusted for row in rows] == [4 / 2**8] * 2
