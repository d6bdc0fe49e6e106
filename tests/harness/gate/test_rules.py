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
        (
            "*.entity.PER.f1[no-accents] drop <= 0.05",
            Drop("", Measure("*", "entity", ("PER",), "f1", "no-accents"), Compare("<=", 0.05)),
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
        ("a.date.f1 drop <= lots", 18),
        ("a.date.f1 => 0.8", 10),
        ("a.date.f1 =< 0.8", 10),
        ("a.date.f1 = 0.8", 10),
        ("a.date.f1 = > 0.8", 10),
        ("a.date.f1 >== 0.8", 10),
        ("a.date.f1 > = 0.8", 12),
        ("a.date.f1 >= 0.8 =", 17),
        ("a.date.f1 >= 0.8=", 16),
        ("= a.date.f1 >= 0.8", 0),
        ("a.date.f1 >= 80%", 15),
        ("errors == 0 % %", 14),
        ("errors == 0=", 11),
        ("new_misses == 0 =", 16),
        ("a.date..f1 >= 0.8", 0),
        ("a.date.DATE.strict.value.f1 >= 0.8", 0),
        (".date.f1 >= 0.8", 0),
        ("a.date.f1 > b.dates.f1", 12),
        ("a.date.f1 >= a.date.f1", 13),
        ("*.date.f1<=*.date.f1", 11),
    ],
)
def test_what_cannot_be_read_is_shown_with_its_place_and_one_line_of_grammar(text, place):
    with pytest.raises(SuiteError) as caught:
        parse(text)
    lines = str(caught.value).splitlines()
    assert lines[1:3] == [f"  {text}", f"  {' ' * place}^"]
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "rule     = measure , compare"),
        ("a.date.f1 => 3", 'compare  = "<" | "<="'),
        ("a.date >= 3", "measure  = backend"),
        ("a.date.f1 >= 3 4", "rule     = measure , compare"),
        ("a.date.f1 drop <= x", '| measure , "drop" , compare'),
        ("errors <= x", '| "errors" , compare'),
        ("new_wrong(PER == 3", '| ( "new_misses" | "new_wrong" )'),
    ],
)
def test_the_line_of_grammar_is_that_of_the_mistake(text, line):
    with pytest.raises(SuiteError) as caught:
        parse(text)
    assert caught.value.remedy.startswith(f"as in the grammar: {line}")


def test_the_name_of_a_back_end_may_hold_dots_and_be_that_of_a_kind():
    parsed = parse("fr.v3.1.quote.iou@0.8.f1 >= date.date.f1")
    assert parsed.measure == Measure("fr.v3.1", "quote", ("iou@0.8",), "f1")
    assert parsed.other == Measure("date", "date", (), "f1")


def test_a_wildcard_may_stand_beside_one_of_what_it_stands_for():
    assert parse("a.date.f1 >= *.date.f1").other.backend == "*"


@given(st.lists(st.sampled_from("<=>"), min_size=1, max_size=4).map("".join))
def test_a_sign_is_a_sign_of_the_grammar_or_refused(sign):
    if sign in ("<", "<=", "==", ">=", ">"):
        assert parse(f"a.date.f1 {sign} 0.5").compare.sign == sign
    else:
        with pytest.raises(SuiteError):
            parse(f"a.date.f1 {sign} 0.5")


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
