import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.errors import SuiteError
from factharness.gate.rules import (
    Against,
    Compare,
    Drop,
    Errors,
    Measure,
    New,
    Threshold,
    parse,
)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "spacy.entity.f1 >= 0.80",
            Threshold("", Measure("spacy", "entity", (), "f1"), Compare(">=", 0.8)),
        ),
        (
            "*.date.recall drop <= 0.02",
            Drop("", Measure("*", "date", (), "recall"), Compare("<=", 0.02)),
        ),
        (
            "rules.quote.joint.f1 drop <= 0.01 unless p > 0.05",
            Drop(
                "",
                Measure("rules", "quote", ("joint",), "f1"),
                Compare("<=", 0.01),
                Compare(">", 0.05),
            ),
        ),
        (
            "hybrid.entity.PER.f1 > rules.entity.PER.f1",
            Against(
                "",
                Measure("hybrid", "entity", ("PER",), "f1"),
                ">",
                Measure("rules", "entity", ("PER",), "f1"),
            ),
        ),
        (
            "spacy-news.quote.mixed.iou@0.8.precision>=.5",
            Threshold(
                "",
                Measure("spacy-news", "quote", ("mixed", "iou@0.8"), "precision"),
                Compare(">=", 0.5),
            ),
        ),
        ("errors <= 1%", Errors("", Compare("<=", 1), percent=True)),
        ("errors == 0", Errors("", Compare("==", 0))),
        ("new_misses(DATE) == 0", New("", "misses", Compare("==", 0), "DATE")),
        ("new_wrong <= 3", New("", "wrong", Compare("<=", 3))),
    ],
)
def test_each_form_of_rule(text, rule):
    parsed = parse(text)
    assert parsed.text == text
    assert {f: getattr(parsed, f) for f in rule.__struct_fields__ if f != "text"} == {
        f: getattr(rule, f) for f in rule.__struct_fields__ if f != "text"
    }


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", 0),
        ("spacy", 0),
        ("spacy.entity >= 1", 0),
        ("spacy.names.f1 >= 1", 0),
        ("spacy.entity.f1", 15),
        ("spacy.entity.f1 about 3", 16),
        ("spacy.entity.f1 >= high", 19),
        ("spacy.entity.f1 >= 0.8 0.9", 23),
        ("errors <= many", 10),
        ("new_misses(DATE == 0", 16),
        ("a.date.f1 drop <= 0.1 unless q > 1", 29),
    ],
)
def test_what_cannot_be_read_is_shown_with_its_place_and_the_grammar(text, place):
    with pytest.raises(SuiteError) as caught:
        parse(text)
    assert f"\n  {text}\n  {' ' * place}^" in str(caught.value)
    assert "measure  = backend" in str(caught.value)


@given(st.text(max_size=40))
def test_no_text_raises_anything_else(text):
    with contextlib.suppress(SuiteError):
        assert parse(text).text == text


@given(st.floats(0, 1), st.sampled_from(["<", "<=", "==", ">=", ">"]))
def test_numbers_are_compared_as_they_are_printed(value, sign):
    shown = float(f"{value:.3f}")
    assert Compare(sign, 0.8).holds(value) == Compare(sign, 0.8).holds(shown)


def test_a_score_that_is_printed_as_the_threshold_meets_it():
    assert Compare(">=", 0.8).holds(0.79951)
    assert not Compare("<", 0.8).holds(0.79951)
