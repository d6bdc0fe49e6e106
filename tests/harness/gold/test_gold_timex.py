"""TIMEX3 values: the syntax by type, and words that contradict a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.gold.timex import WEEKDAYS, contradiction, malformed


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (
            "DATE",
            "2024-03-05 2024-W10 2024-W10-WE 2024-W10-3 2024-03 2024-Q1 2024-H2 2024-SU 2023 198 20",
        ),
        (
            "DATE",
            "2024-03-05TMO 2024-03-05TNI 2019/2022 PRESENT_REF PAST_REF FUTURE_REF XXXX-05-01 BC0300",
        ),
        (
            "TIME",
            "2018-04-02T19:00 T14:30 T14 2024-03-05T14:30:10 2024-03-05TNI T14:30/T16:00 T24:00",
        ),
        ("DURATION", "P2Y P3M PT3H P1W P3DE P2CE PXD P1Y6M P2DT3H PT1H30M P2.5Y PTXM P1WE"),
        (
            "SET",
            "XXXX-WXX-1 P1D P1Y XXXX-XX-XX XXXX-12-25 XXXX-SU XXXX-WXX-1T20:00 XXXX-WXX-WE PT1H",
        ),
    ],
)
def test_values_of_the_guidelines_are_well_formed(kind, values):
    assert {value: malformed(kind, value) for value in values.split()} == dict.fromkeys(
        values.split()
    )


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (
            "DATE",
            "2024-3-5 2024-13 2024-02-30 2024-W54 2024-W10-8 05/03/2024 mardi P2Y T14:30 2024-Q5 2019/x",
        ),
        (
            "DATE",
            "2024-03-05T14:30 2024-00 PRESENT 20240305 BC0044-13 BC0044-03-32 XXXX-02-32 BC0044-W54",
        ),
        ("TIME", "14:30 T25:00 T14:75 2024-03-05 2024-02-30T10:00 T14h30 2024-03-05T14:30Z"),
        ("DURATION", "2Y P PT P2 PY 2024 P2y PT3 P1H2T"),
        ("SET", "chaque 2024-3-5 P"),
    ],
)
def test_other_values_are_not(kind, values):
    assert [value for value in values.split() if malformed(kind, value) is None] == []


@given(st.sampled_from(["DATE", "TIME", "DURATION", "SET"]), st.text())
def test_any_text_gets_a_verdict(kind, value):
    assert malformed(kind, value) is None or malformed(kind, value).startswith(("'", '"'))
    contradiction(value, "2024-03-05")
    contradiction("mardi", value)


@given(st.dates())
def test_a_weekday_agrees_with_its_own_date_alone(day):
    value = day.isoformat()
    for number, name in enumerate(WEEKDAYS):
        assert (contradiction(name, value) is None) == (number == day.weekday())


@pytest.mark.parametrize(
    ("words", "value", "says"),
    [
        ("mardi 5 mars", "2024-03-05", None),
        ("Mardi 5\u00a0mars", "2024-03-05TMO", None),
        ("lundi 5 mars", "2024-03-05", "is a mardi"),
        ("ce lundi matin", "2024-03-05TMO", "is a mardi"),
        ("nuit de mardi à mercredi", "2024-03-05TNI", None),
        ("nuit de lundi à mardi", "2024-03-05TNI", "is a mardi"),
        ("lundi 2 avril à 19 h", "2018-04-02T19:00", None),
        ("mardi 2 avril à 19 h", "2018-04-02T19:00", "is a lundi"),
        ("5 avril", "2024-03-05", "is the 5 mars"),
        ("6 mars", "2024-03-05", "is the 5 mars"),
        ("1er mars 2023", "2024-03-01", "lies in 2024"),
        ("1er mars 2024", "2024-03-01", None),
        ("mardi dernier", "2024-03-05", None),
        ("lundi", "XXXX-WXX-1", None),
        ("lundi", "2024-W10", None),
        ("lundi", "2024-03-05/2024-03-08", None),
        ("13 h", "2024-03-05T13:00", None),
        ("veille de lundi", "2024-03-05", None),
    ],
)
def test_words_against_a_value(words, value, says):
    found = contradiction(words, value)
    assert found is None if says is None else found is not None and says in found
