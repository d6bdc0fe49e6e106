"""Every regime counts what a reader would count by hand from the optimal matching."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from span_rows import LABELS, rows

from factharness.errors import ScoreError
from factharness.score import score_spans

REGIMES = ("strict", "exact", "type", "partial", "typed-partial", "overlap", "iou@0.5", "iou@0.8")
ALL_REGIMES = (*REGIMES, "char")
FREE = ("exact", "partial", "overlap")


def credit(regime: str, gold: brute.Unit, pred: brute.Unit) -> Fraction:
    """What a pair is worth, after the table of the design."""
    span, label = gold[1] == pred[1], gold[2] == pred[2]
    if regime.startswith("iou@"):
        return Fraction(brute.iou(gold[1], pred[1]) >= Fraction(regime[4:]) and label)
    half = Fraction(1) if span else Fraction(1, 2)
    return {
        "strict": Fraction(span and label),
        "exact": Fraction(span),
        "type": Fraction(label),
        "partial": half,
        "typed-partial": half * label,
        "overlap": Fraction(1),
    }[regime]


def by_hand(regime: str, gold: list, pred: list) -> tuple[Counter, Counter]:
    """SemEval counts, and (tp, gold, pred) by label."""
    gold, pred = sorted(gold), sorted(pred)
    firsts = [p for i, p in enumerate(pred) if i == 0 or pred[i - 1] != p]
    units = [brute.unit(r) for r in gold], [brute.unit(r) for r in firsts]
    pairs = brute.best(*units)
    counts, labels = Counter(), Counter()
    for g, p in pairs:
        worth = credit(regime, units[0][g], units[1][p])
        counts["cor" if worth == 1 else "par" if worth else "inc"] += 1
        counts["tp"] += worth
        labels["tp", gold[g][3]] += worth
        if regime in FREE:
            labels["pred", gold[g][3]] += 1
        else:
            labels["pred", firsts[p][3]] += 1
    counts["mis"], counts["spu"] = len(gold) - len(pairs), len(pred) - len(pairs)
    for row in gold:
        labels["gold", row[3]] += 1
    matched = Counter(firsts[p] for _, p in pairs)
    for row in (Counter(pred) - matched).elements():
        labels["pred", row[3]] += 1
    return counts, labels


@settings(max_examples=120)
@given(rows(), rows(unique=False))
def test_the_counts_are_those_made_by_hand(gold, pred):
    scores = score_spans(gold, pred, regimes=REGIMES)
    for regime in REGIMES:
        counts, labels = by_hand(regime, gold, pred)
        found = scores[regime].total
        assert {name: getattr(found, name) for name in counts} == dict(counts), regime
        for label in LABELS:
            tally = scores[regime].per_label.get(label)
            made = (tally.tp, tally.possible, tally.actual) if tally else (0, 0, 0)
            assert made == tuple(labels[what, label] for what in ("tp", "gold", "pred")), regime


@settings(max_examples=100)
@given(rows(most=8), rows(most=8, unique=False))
def test_labels_and_documents_add_up(gold, pred):
    for regime, score in score_spans(gold, pred, regimes=ALL_REGIMES).items():
        for part in (score.per_label.values(), score.per_doc.values()):
            whole = sum(part, type(score.total)())
            assert whole == score.total, regime
            assert whole.counts == score.total.counts
        assert score.actual == score.cor + score.inc + score.par + score.spu
        if regime != "char":
            assert (score.possible, score.actual) == (len(gold), len(pred))


@settings(max_examples=100)
@given(rows(most=8), rows(most=8, unique=False))
def test_confusion_rows_sum_to_gold_and_columns_to_predictions(gold, pred):
    confusion = score_spans(gold, pred)["strict"].confusion
    for label in {r[3] for r in gold + pred}:
        assert sum(confusion[label].values()) == sum(r[3] == label for r in gold)
        assert sum(row[label] for row in confusion.values()) == sum(r[3] == label for r in pred)
    assert confusion["none"]["none"] == 0


@settings(max_examples=120)
@given(rows(docs=3, most=10), rows(docs=3, most=10, unique=False))
def test_strict_is_set_intersection(gold, pred):
    score = score_spans(gold, pred, regimes=["strict"])["strict"]
    assert score.tp == len(set(gold) & set(pred))
    assert (score.counts.fp, score.counts.fn) == (len(pred) - score.tp, len(gold) - score.tp)


@given(rows(), rows())
def test_characters_are_sets_of_positions(gold, pred):
    sides = [{(d, c, x) for d, s, e, x in side for c in range(s, e)} for side in (gold, pred)]
    score = score_spans(gold, pred, regimes=["char"])["char"]
    assert score.tp == len(sides[0] & sides[1])
    assert (score.possible, score.actual) == tuple(map(len, sides))
    for label, tally in score.per_label.items():
        assert tally.possible == sum(x == label for _, _, x in sides[0])


@given(rows(), rows())
def test_regimes_are_ordered_by_leniency(gold, pred):
    scores = score_spans(gold, pred, regimes=(*REGIMES, "iou@1"))
    tp = {regime: score.tp for regime, score in scores.items()}
    assert tp["strict"] == tp["iou@1"] <= tp["iou@0.8"] <= tp["iou@0.5"] <= tp["type"]
    assert tp["strict"] <= tp["exact"] <= tp["partial"] <= tp["overlap"]
    assert tp["strict"] <= tp["typed-partial"] <= tp["partial"]


@given(rows(), rows())
def test_swapping_the_sides_swaps_precision_and_recall(gold, pred):
    there, back = score_spans(gold, pred), score_spans(pred, gold)
    for regime in ("strict", "exact", "partial"):
        assert there[regime].precision == back[regime].recall
        assert there[regime].f1 == back[regime].f1


@settings(max_examples=100)
@given(rows(most=6), rows(most=6), rows(most=3))
def test_dont_care_takes_predictions_out_and_costs_nothing_else(gold, pred, ignore):
    for regime, score in (s := score_spans(gold, pred, ignore=ignore)).items():
        assert score.possible == len(gold), regime
        assert score.actual == len(pred) - s.ignored
        assert s.ignored <= len(ignore)


def test_unmatched_dont_care_costs_nothing_and_a_match_counts_for_nobody():
    gold, ignore = [("a", 0, 5, "PER")], [("a", 10, 15, "MISC"), ("a", 20, 25, "MISC")]
    scores = score_spans(gold, [*gold, ("a", 11, 14, "LOC")], ignore=ignore)
    assert scores["strict"].counts.f1 == 1
    assert scores.ignored == 1


def test_a_prediction_that_fits_counted_gold_better_stays():
    scores = score_spans([("a", 0, 10, "PER")], [("a", 0, 10, "PER")], ignore=[("a", 0, 9, "PER")])
    assert scores["strict"].tp == 1
    assert scores.ignored == 0


def test_nothing_at_all_is_undefined():
    score = score_spans([], [], docs=["a"])["strict"]
    assert (score.precision, score.recall, score.f1, score.macro) == (None, None, None, None)
    assert score.per_doc["a"].f1 is None


def test_one_side_empty():
    missed = score_spans([("a", 0, 5, "PER")], [])["strict"]
    assert (missed.precision, missed.recall, missed.f1) == (None, 0, 0)
    made_up = score_spans([], [("a", 0, 5, "PER")])["strict"]
    assert (made_up.precision, made_up.recall, made_up.f1, made_up.macro) == (0, None, 0, None)


def test_a_type_error_is_a_miss_of_one_label_and_a_false_alarm_of_the_other():
    score = score_spans([("a", 0, 5, "PER")], [("a", 0, 5, "ORG")])["strict"]
    assert (score.inc, score.tp) == (1, 0)
    per, org = score.per_label["PER"].counts, score.per_label["ORG"].counts
    assert (per.tp, per.fp, per.fn) == (0, 0, 1)
    assert (org.tp, org.fp, org.fn) == (0, 1, 0)


def test_macro_and_weighted_run_over_labels_with_gold():
    gold = [("a", 0, 1, "PER"), ("a", 2, 3, "PER"), ("a", 4, 5, "PER"), ("a", 6, 7, "LOC")]
    score = score_spans(gold, [*gold[:3], ("a", 8, 9, "ORG")])["strict"]
    assert score.supported == ["LOC", "PER"]
    assert score.macro == pytest.approx(0.5)
    assert score.weighted == pytest.approx(0.75)


def test_the_threshold_of_iou_is_exact():
    gold, pred = [("a", 0, 10, "PER")], [("a", 0, 8, "PER")]
    assert score_spans(gold, pred, regimes=["iou@0.8"])["iou@0.8"].tp == 1
    assert score_spans(gold, pred, regimes=["iou@0.81"])["iou@0.81"].tp == 0


TEXT = "Le président Jean Martin, de l’Union, est à Lyon."


def _at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


@pytest.mark.parametrize(
    ("gold", "pred", "same"),
    [
        ("Union", "l’Union", True),
        ("Union", "Union,", True),
        ("Martin", "Jean Martin", False),
        ("Lyon", "à Lyon", False),
        ("Lyon", "Lyon.", True),
    ],
)
def test_normalised_forgives_edges_and_nothing_else(gold, pred, same):
    sides = [[("a", *_at(words), "X")] for words in (gold, pred)]
    score = score_spans(*sides, regimes=["normalised"], texts={"a": TEXT})["normalised"]
    assert score.tp == same


def test_tokens_are_words_a_span_touches():
    gold, pred = [("a", *_at("Jean Martin"), "PER")], [("a", *_at("Martin,"), "PER")]
    score = score_spans(gold, pred, regimes=["token"], texts={"a": TEXT})["token"]
    assert (score.tp, score.counts.fn, score.counts.fp) == (1, 1, 1)


@pytest.mark.parametrize("regime", ["token", "normalised"])
def test_regimes_of_words_want_the_text(regime):
    with pytest.raises(ScoreError, match="texts"):
        score_spans([("a", 0, 1, "X")], [], regimes=[regime])
    with pytest.raises(ScoreError, match="no text of 'a'"):
        score_spans([("a", 0, 1, "X")], [], regimes=[regime], texts={})


@pytest.mark.parametrize("regime", ["token", "normalised"])
def test_spans_beyond_the_text_are_refused(regime):
    with pytest.raises(ScoreError, match="ends at 9, the text of 'a' at 3"):
        score_spans([], [("a", 0, 9, "X")], regimes=[regime], texts={"a": "abc"})


@pytest.mark.parametrize("regime", ["strct", "iou@", "iou@0", "iou@1.5", "iou@x", ""])
def test_an_unknown_regime_is_named(regime):
    with pytest.raises(ScoreError):
        score_spans([], [], regimes=[regime])


@given(st.data())
def test_many_labels_take_the_sparse_way_to_the_same_counts(data):
    gold = data.draw(rows(docs=2, most=4))
    docs = [f"x{i}" for i in range(900)]
    few = score_spans(gold, gold)["strict"]
    many = score_spans(gold, gold, docs=docs)["strict"]
    assert few.total == many.total
    assert few.per_label == many.per_label
    assert {d: t for d, t in many.per_doc.items() if t.possible} == dict(few.per_doc)


def test_the_frame_has_a_row_per_regime_and_label():
    frame = score_spans([("a", 0, 5, "PER")], [("a", 0, 5, "PER")]).to_frame()
    assert list(frame.columns[:2]) == ["regime", "label"]
    assert set(frame["label"]) == {"*", "PER"}
    assert frame["f1"].eq(1).all()
