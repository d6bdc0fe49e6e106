"""Dates and quotes: what is right, and how it becomes counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import quotes

from factharness.errors import ScoreError
from factharness.facts import Quote, Span
from factharness.score import score_dates, score_quotes
from factharness.score.names import name_tokens, names_somebody, same_name
from factharness.score.trim import quote_trimmed, trimmed


def tp(scores):
    return {regime: score.tp for regime, score in scores.items()}


# Dates


def test_the_levels_of_a_date():
    gold = [("a", 0, 5, "DATE", "2024-03-05"), ("a", 9, 14, "DURATION", "P1W")]
    pred = [("a", 0, 9, "TIME", "2024-03"), ("a", 9, 14, "DURATION", "P7D")]
    assert tp(score_dates(gold, pred)) == {
        "strict": 1,
        "overlap": 2,
        "type": 1,
        "value": 1,
        "value-granular": 2,
        "value-interval": 2,
    }


def test_value_f1_is_that_of_tempeval():
    gold = [("a", 10 * i, 10 * i + 5, "DATE", "2024") for i in range(4)]
    pred = [*gold[:2], ("a", 20, 25, "DATE", "2023"), ("a", 90, 95, "DATE", "2024")]
    pred += [("a", 96, 99, "DATE", "2024")]
    scores = score_dates(gold, pred)
    assert scores["value"].f1 == pytest.approx(2 * 2 / (4 + 5))
    assert scores["value"].tp / scores["overlap"].tp == pytest.approx(2 / 3)


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from([None, "2024", "2024-03", "P1Y"]))))
def test_values_are_nested_levels(drawn):
    gold = [("a", 10 * i, 10 * i + 4, "DATE", v) for i, (_, v) in enumerate(drawn)]
    pred = [
        ("a", s + n % 3, s + 4, "DATE", "2024")
        for (_, s, _, _, _), (n, _) in zip(gold, drawn, strict=True)
    ]
    found = tp(score_dates(gold, pred))
    assert found["value"] <= found["value-granular"] <= found["value-interval"] <= found["overlap"]


def test_the_same_date_with_two_values_is_two_predictions():
    gold = [("a", 0, 5, "DATE", "2024")]
    scores = score_dates(gold, [("a", 0, 5, "DATE", "2024"), ("a", 0, 5, "DATE", "2023")])
    assert scores.duplicates == 0
    assert scores["strict"].spu == 1
    again = score_dates(gold, gold * 2)
    assert (again.duplicates, again["strict"].spu) == (1, 1)


@pytest.mark.parametrize("row", [("a", 0, 5, "DATE"), ("a", 0, 5, "DATE", 2024), 3, None])
def test_bad_dates(row):
    with pytest.raises(ScoreError):
        score_dates([row], [])


# Quotes

TEXT = "« Nous irons, a dit M. Claude Roux, mais pas seuls. » Elle part, selon Anne Le Goff."


def at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def one(gold: dict, pred: dict) -> dict[str, float]:
    """Regime to f1 of one gold and one predicted quote."""
    base = {"content": [at("Nous irons")], "type": "direct"}
    rows = [
        [("a", *({**base, **side}.get(k) for k in ("content", "type", "speaker", "name", "cue")))]
        for side in (gold, pred)
    ]
    return {r: s.f1 for r, s in score_quotes(*rows, texts={"a": TEXT}).items()}


def test_marks_and_closing_punctuation_do_not_count():
    found = one({"content": [at("« Nous irons,")]}, {"content": [at("Nous irons")]})
    assert found["exact"] == 1


def test_the_incise_is_a_gap():
    fragments = [at("« Nous irons,"), at("mais pas seuls. »")]
    whole = one({"content": fragments}, {"content": [(0, TEXT.index("»") + 1)]})
    assert whole["exact"] == 0
    assert 0.3 < whole["proportional"] < 0.8
    assert one({"content": fragments}, {"content": fragments})["exact"] == 1


def test_direct_and_mixed_are_one_kind_and_each_has_a_row():
    gold = [("a", [(0, 9)], "direct"), ("a", [(20, 29)], "mixed"), ("a", [(40, 49)], "indirect")]
    pred = [("a", [(0, 9)], "mixed"), ("a", [(20, 29)], "mixed"), ("a", [(40, 49)], "indirect")]
    score = score_quotes(gold, pred)["exact"]
    assert (score.tp, score.possible, score.actual, score.f1) == (2, 2, 2, 1)
    assert {label: tally.f1 for label, tally in score.per_label.items()} == {
        "direct": 1,
        "mixed": 1,
        "indirect": 1,
    }
    assert score.per_doc["a"].possible == 2
    assert score.supported == ["direct", "mixed"]


def test_indirect_is_matched_apart():
    score = score_quotes([("a", [(0, 9)], "direct")], [("a", [(0, 9)], "indirect")])["exact"]
    assert (score.possible, score.actual, score.tp) == (1, 0, 0)
    assert score.per_label["indirect"].counts.fp == 1


def test_thresholds_and_proportion():
    gold, pred = [("a", [(0, 100)], "direct")], [("a", [(0, 40)], "direct")]
    found = {regime: score.f1 for regime, score in score_quotes(gold, pred).items()}
    assert (found["exact"], found["iou@0.8"], found["iou@0.5"], found["iou@0.3"]) == (0, 0, 0, 1)
    assert found["proportional"] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("gold", "pred", "right"),
    [
        ({}, {}, True),
        ({}, {"speaker": at("Claude Roux")}, False),
        ({"name": "Claude Roux"}, {}, False),
        ({"speaker": at("Claude Roux")}, {"speaker": at("M. Claude")}, True),
        ({"speaker": at("Claude Roux")}, {"speaker": at("Anne Le Goff")}, False),
        ({"speaker": at("Elle"), "name": "Anne Le Goff"}, {"speaker": at("Anne Le Goff")}, True),
        ({"speaker": at("Elle")}, {"speaker": at("Anne Le Goff")}, False),
        ({"speaker": at("Claude Roux")}, {"name": "Mme ROUX"}, True),
        ({"name": "Claude Roux"}, {"name": "Jean Roux"}, False),
    ],
)
def test_speakers(gold, pred, right):
    found = one(gold, pred)
    assert (found["speaker"], found["joint"]) == (right, right)


@pytest.mark.parametrize(
    ("gold", "pred", "right"),
    [
        ({}, {}, True),
        ({"cue": at("a dit")}, {"cue": at("dit")}, True),
        ({"cue": at("a dit")}, {}, False),
        ({"cue": at("a dit")}, {"cue": at("selon")}, False),
    ],
)
def test_cues(gold, pred, right):
    found = one(gold, pred)
    assert (found["cue"], found["joint-cue"], found["joint"]) == (right, right, 1)


def test_a_shared_space_is_no_shared_word():
    space = TEXT.index(" dit")
    found = one({"cue": (space - 1, space + 1)}, {"cue": (space, space + 4)})
    assert found["cue"] == 0


def test_accuracies_are_of_found_quotes_and_joint_of_all():
    gold = [("a", [(0, 9)], "direct", (50, 55)), ("a", [(20, 29)], "direct", (50, 55))]
    pred = [("a", [(0, 9)], "direct", (50, 55)), ("a", [(30, 39)], "direct", (50, 55))]
    scores = score_quotes(gold, pred)
    assert (scores["speaker"].possible, scores["speaker"].actual, scores["speaker"].f1) == (1, 1, 1)
    assert (scores["joint"].possible, scores["joint"].actual, scores["joint"].f1) == (2, 2, 0.5)


def test_strict_and_partial_are_other_names():
    rows = [("a", [(0, 9)], "direct")]
    assert set(score_quotes(rows, rows, regimes=("strict", "partial"))) == {"exact", "proportional"}


def test_dont_care_quotes_absorb_any_type():
    for kind in ("direct", "mixed", "indirect"):
        ignore = [("a", Quote((Span(0, 9),), None))]
        scores = score_quotes([], [("a", [(1, 9)], kind)], ignore=ignore)
        assert scores.ignored == 1
        assert all(tally.actual == 0 for tally in scores["exact"].per_label.values())


@pytest.mark.parametrize(("name", "f1"), [("Ana Roux", 1.0), ("Bo Roux", 0.0), (None, 0.0)])
def test_without_texts_a_speaker_elsewhere_is_named_by_speaker_name_only(name, f1):
    gold = [("a", [(0, 9)], "direct", (12, 15), "Ana Roux")]
    pred = [("a", [(0, 9)], "direct", (40, 43), name)]
    assert score_quotes(gold, pred)["speaker"].f1 == f1


@given(st.lists(quotes, max_size=4), st.lists(quotes, max_size=4), st.randoms())
def test_quotes_in_any_order(gold, pred, rng):
    gold = [("a", quote) for quote in dict.fromkeys(gold)]
    pred = [("a", quote) for quote in pred]
    texts = {"a": "un mot « et » l’autre, " * 4}
    before = score_quotes(gold, pred, texts=texts)
    rng.shuffle(gold)
    rng.shuffle(pred)
    after = score_quotes(gold, pred, texts=texts)
    for regime, score in before.items():
        assert score.per_label == after[regime].per_label, regime
        if regime not in ("speaker", "cue"):
            assert score.possible == sum(quote.type != "indirect" for _, quote in gold)
            assert score.actual == sum(quote.type != "indirect" for _, quote in pred)
    exact, joint = before["exact"], before["joint"]
    assert exact.tp <= before["iou@0.8"].tp <= before["iou@0.5"].tp <= before["iou@0.3"].tp
    assert before["joint-cue"].tp <= joint.tp <= before["iou@0.3"].tp == before["speaker"].possible


@pytest.mark.parametrize(
    "row",
    [
        ("a",),
        ("a", []),
        ("a", [], "direct"),
        ("a", [(5, 1)], "direct"),
        ("a", [(0, 5), (3, 9)], "direct"),
        ("a", [(0, 5)], "spoken"),
        ("a", [(0, 5)], "direct", "x"),
        ("a", [(0, 5)], "direct", None, 3),
        ("a", [(0, 5)], "direct", None, None, None, None),
        (["a"], [(0, 5)], "direct"),
        3,
        None,
    ],
)
def test_bad_quotes(row):
    with pytest.raises(ScoreError):
        score_quotes([row], [])


def test_quotes_beyond_the_text_or_without_one_are_refused():
    rows = [("a", [(0, 9)], "direct")]
    with pytest.raises(ScoreError, match="'a' ends at 3, a span at 9"):
        score_quotes(rows, [], texts={"a": "abc"})
    with pytest.raises(ScoreError, match="'a' has no text"):
        score_quotes(rows, [], texts={})


def test_gold_quotes_said_twice_are_an_error():
    with pytest.raises(ScoreError, match="twice"):
        score_quotes([("a", [(0, 5)], "direct")] * 2, [])


# Names and edges


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Sergueï Lavrov", "LAVROV", True),
        ("M. Lavrov", "Serguei  Lavrov", True),
        ("le président Emmanuel Macron", "Emmanuel Macron", True),
        ("Jean-Marie Le Pen", "Marie Le Pen", False),
        ("Claude Roux", "Jean Roux", False),
        ("Anne", "Anne Roux", False),
        ("", "", False),
        ("…", "…", False),
        ("Œuvre", "oeuvre", True),
        ("d’Estaing", "d'Estaing", True),
    ],
)
def test_names(left, right, same):
    assert same_name(left, right) == same_name(right, left) == same


@given(st.text(max_size=12))
def test_any_text_is_a_name_or_none(text):
    assert same_name(text, text) == bool(name_tokens(text))
    assert isinstance(names_somebody(text), bool)


@given(st.text(alphabet="« »ab’.,lLe M", min_size=1, max_size=12), st.data())
def test_trimming_stays_inside_and_is_idempotent(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for cut in (quote_trimmed, trimmed):
        once = cut(text, start, end)
        assert start <= once[0] < once[1] <= end
        assert cut(text, *once) == once


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("« Le Monde »", "Monde"),
        ("l’Union,", "Union"),
        ("M. Dupont", "Dupont"),
        ("Mme la ministre", "ministre"),
        ("M.", "M"),
        ("Le", "Le"),
        ("« »", "« »"),
        ("Lens", "Lens"),
        ("Macron", "Macron"),
        ("Mgr de Moulins", "Moulins"),
        ("MM. Roux et Petit", "Roux et Petit"),
    ],
)
def test_normalised_names(text, left):
    start, end = trimmed(text, 0, len(text))
    assert text[start:end] == left
