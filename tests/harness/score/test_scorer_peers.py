"""Where other tools are right (mentions that do not overlap), they say the same."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings
from span_rows import flat_rows

from factharness.score import score_spans
from factharness.score.tags import decode

LENGTH = 24


def tags(rows: list, doc: str) -> list[str]:
    found = ["O"] * LENGTH
    for name, start, end, label in rows:
        if name == doc:
            found[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return found


def sequences(gold: list, pred: list) -> tuple[list, list]:
    docs = ["d0", "d1"]
    return [tags(gold, doc) for doc in docs], [tags(pred, doc) for doc in docs]


@pytest.mark.needs("seqeval")
@settings(max_examples=60)
@given(flat_rows(), flat_rows())
@pytest.mark.parametrize("mode", ["default", "strict"])
def test_seqeval(mode, gold, pred):
    from seqeval import metrics
    from seqeval.scheme import IOB2

    options = {"mode": "strict", "scheme": IOB2} if mode == "strict" else {}
    if not gold and not pred:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = metrics.classification_report(
            *sequences(gold, pred), output_dict=True, zero_division=0, **options
        )
    score = score_spans(gold, pred, regimes=["strict"])["strict"]
    micro = report["micro avg"]
    assert micro["precision"] == pytest.approx(score.precision or 0)
    assert micro["recall"] == pytest.approx(score.recall or 0)
    assert micro["f1-score"] == pytest.approx(score.f1 or 0)
    for label, tally in score.per_label.items():
        assert report[label]["support"] == tally.possible
        assert report[label]["f1-score"] == pytest.approx(tally.f1 or 0)


@pytest.mark.needs("seqscore")
@settings(max_examples=60)
@given(flat_rows(), flat_rows())
def test_seqscore(gold, pred):
    from seqscore import scoring

    true, said = sequences(gold, pred)
    theirs, _ = scoring.score_label_sequences(said, true, "BIO", repair=None)
    ours = score_spans(gold, pred, regimes=["strict"])["strict"]
    assert (theirs.true_pos, theirs.false_pos, theirs.false_neg) == (
        ours.counts.tp,
        ours.counts.fp,
        ours.counts.fn,
    )
    for label, tally in ours.per_label.items():
        mine = theirs.type_scores[label]
        assert (mine.true_pos, mine.false_pos, mine.false_neg) == (
            tally.counts.tp,
            tally.counts.fp,
            tally.counts.fn,
        )


def _one_to_one(gold: list, pred: list) -> bool:
    """Whether nothing overlaps two things, so that the matching is no question."""

    def partners(row: tuple, others: list) -> int:
        return sum(o[0] == row[0] and o[1] < row[2] and row[1] < o[2] for o in others)

    return all(partners(g, pred) < 2 for g in gold) and all(partners(p, gold) < 2 for p in pred)


@pytest.mark.needs("nervaluate")
@settings(max_examples=150)
@given(flat_rows(), flat_rows())
def test_nervaluate(gold, pred):
    import nervaluate

    if not _one_to_one(gold, pred) or not (gold or pred):
        return
    sides = [
        [
            [{"label": x, "start": s, "end": e - 1} for d, s, e, x in side if d == doc]
            for doc in docs
        ]
        for side in (gold, pred)
        for docs in (["d0", "d1"],)
    ]
    theirs = nervaluate.Evaluator(*sides, tags=["LOC", "ORG", "PER"], loader="dict").evaluate()
    ours = score_spans(gold, pred, regimes=("strict", "exact", "partial", "type"))
    for regime, score in ours.items():
        found = theirs["overall"]["ent_type" if regime == "type" else regime]
        assert (found.correct, found.incorrect, found.partial, found.missed, found.spurious) == (
            score.cor,
            score.inc,
            score.par,
            score.mis,
            score.spu,
        ), regime
        assert found.f1 == pytest.approx(score.f1 or 0)


@pytest.mark.needs("nervaluate")
def test_nervaluate_depends_on_the_order_of_predictions():
    """One of the cases of docs/scoring.md: theirs changes, ours does not."""
    import nervaluate

    gold = [[{"label": "PER", "start": 0, "end": 9}, {"label": "PER", "start": 20, "end": 29}]]
    first, second = (
        {"label": "PER", "start": 5, "end": 24},
        {"label": "PER", "start": 0, "end": 9},
    )
    theirs = [
        nervaluate.Evaluator(gold, [order], tags=["PER"], loader="dict").evaluate()["overall"]
        for order in ([first, second], [second, first])
    ]
    assert theirs[0]["strict"].correct != theirs[1]["strict"].correct
    rows = [("a", 0, 10, "PER"), ("a", 20, 30, "PER")], [("a", 5, 25, "PER"), ("a", 0, 10, "PER")]
    assert score_spans(*rows)["strict"].cor == 1
    assert score_spans(rows[0], rows[1][::-1])["strict"].cor == 1


# The other cases of the table in docs/scoring.md


def _nervaluate(gold: list, pred: list, **options) -> dict:
    import nervaluate

    sides = [[[{"label": x, "start": s, "end": e} for s, e, x in side]] for side in (gold, pred)]
    return nervaluate.Evaluator(*sides, tags=["PER", "ORG"], loader="dict", **options).evaluate()


@pytest.mark.needs("nervaluate")
def test_a_huge_prediction_passes_nervaluates_threshold():
    theirs = _nervaluate([(100, 109, "PER")], [(0, 499, "PER")], min_overlap_percentage=90)
    assert theirs["overall"]["ent_type"].correct == 1
    ours = score_spans([("a", 100, 110, "PER")], [("a", 0, 500, "PER")], regimes=["iou@0.03"])
    assert ours["iou@0.03"].tp == 0


@pytest.mark.needs("nervaluate")
def test_touching_spans_overlap_for_nervaluate():
    assert _nervaluate([(0, 5, "PER")], [(5, 9, "PER")])["overall"]["partial"].partial == 1
    assert score_spans([("a", 0, 5, "PER")], [("a", 5, 9, "PER")])["partial"].tp == 0


@pytest.mark.needs("nervaluate")
def test_nervaluates_labels_do_not_add_up():
    theirs = _nervaluate([(0, 5, "PER")], [(0, 5, "ORG")])
    assert theirs["overall"]["exact"].correct == 1
    assert sum(rows["exact"].correct for rows in theirs["entities"].values()) == 0
    ours = score_spans([("a", 0, 6, "PER")], [("a", 0, 6, "ORG")])["exact"]
    assert sum(tally.cor for tally in ours.per_label.values()) == ours.cor == 1


@pytest.mark.needs("seqeval", "nervaluate")
def test_undefined_is_not_zero():
    assert _nervaluate([(0, 5, "PER")], [])["overall"]["strict"].precision == 0
    from seqeval import metrics

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert metrics.precision_score([["B-PER"]], [["O"]]) == 0
    assert score_spans([("a", 0, 1, "PER")], [])["strict"].precision is None


@pytest.mark.needs("seqeval")
@pytest.mark.parametrize(
    ("scheme", "tags", "right"),
    [("IOB2", ["I-PER", "I-PER"], ["B-PER", "I-PER"]), ("IOBES", ["B-PER", "O"], ["S-PER", "O"])],
)
def test_seqeval_reads_or_drops_invalid_tags_without_a_word(scheme, tags, right):
    from seqeval import metrics
    from seqeval import scheme as schemes

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        strict = {"mode": "strict", "scheme": getattr(schemes, scheme)}
        assert metrics.f1_score([right], [tags]) == 1
        assert metrics.f1_score([right], [tags], **strict) == 0
    decoded = decode(tags, scheme)
    assert (len(decoded.spans), decoded.invalid) == (1, 1)


@pytest.mark.needs("seqscore")
def test_seqscore_refuses_invalid_tags():
    from seqscore import encoding, scoring

    with pytest.raises(encoding.EncodingError):
        scoring.score_label_sequences([["I-PER"]], [["B-PER"]], "BIO", repair=None)
