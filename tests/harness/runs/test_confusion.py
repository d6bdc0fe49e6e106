"""The confusion matrices and SemEval counts of a run: rows sum to gold, columns to predictions."""

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import dates, entities, quotes

from factharness.facts import KINDS, Article, GoldArticle, GoldFact, Prediction
from factharness.runs.score import confusion
from factharness.score import ALL, aggregate, evaluate
from factharness.score.counts import NONE

facts = st.lists(st.one_of(entities, dates, quotes), max_size=8)


def cells(evaluation):
    return [
        (match.kind, match.label or NONE, match.predicted or NONE, 1)
        for match in evaluation.matches
        if not match.ignored
    ]


def evaluated(sides):
    gold, ignored, pred = sides
    held = [GoldFact(fact) for fact in dict.fromkeys(gold)]
    held += [GoldFact(fact, ignore=True) for fact in dict.fromkeys(ignored) if fact not in gold]
    article = GoldArticle(Article("a", "x" * 80), tuple(held))
    return evaluate([article], [Prediction("a", tuple(pred))], kinds=KINDS)


@settings(max_examples=80)
@given(st.tuples(facts, facts, facts))
def test_rows_sum_to_gold_and_columns_to_predictions(sides):
    evaluation = evaluated(sides)
    found = confusion(cells(evaluation))
    for row in aggregate(evaluation.counts, articles={"a": {}}):
        if row.kind == "quote" or (row.average, row.regime) != ("micro", "strict"):
            continue
        matrix = found.get(row.kind, {})
        gold = {label: sum(cells.values()) for label, cells in matrix.items() if label != NONE}
        pred = sum(cells.get(row.label, 0) for cells in matrix.values())
        if row.label == ALL:
            assert sum(gold.values()) == row.counts.gold
        else:
            assert (gold.get(row.label, 0), pred) == (row.counts.gold, row.counts.pred)


@settings(max_examples=80)
@given(st.tuples(facts, facts, facts))
def test_semeval_counts_are_those_of_the_row(sides):
    for row in aggregate(evaluated(sides).counts, articles={"a": {}}):
        counts = row.semeval
        if row.average != "micro":
            assert counts is None
            continue
        assert counts.cor + counts.inc + counts.par + counts.mis == row.counts.gold
        assert counts.cor <= row.counts.tp <= counts.cor + counts.par
        if row.label == ALL:
            assert counts.cor + counts.inc + counts.par + counts.spu == row.counts.pred


@given(st.lists(st.tuples(st.sampled_from(KINDS), *[st.sampled_from("BAnone")] * 2, st.just(1))))
def test_the_parts_of_a_run_add_up_to_the_whole(all_cells):
    half = len(all_cells) // 2
    parts = [confusion(all_cells[:half]), confusion(all_cells[half:])]
    summed = confusion(
        (kind, gold, predicted, times)
        for part in parts
        for kind, rows in part.items()
        for gold, row in rows.items()
        for predicted, times in row.items()
    )
    assert repr(summed) == repr(confusion(all_cells))


def test_labels_are_in_order_and_none_is_last():
    found = confusion(
        [("entity", NONE, "PER", 1), ("entity", "PER", NONE, 2), ("entity", "PER", "LOC", 1)]
    )
    assert repr(found) == repr({"entity": {"PER": {"LOC": 1, NONE: 2}, NONE: {"PER": 1}}})
