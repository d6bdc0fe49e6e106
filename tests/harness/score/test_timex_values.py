"""TIMEX3 values: one form for all ways of writing, and what the lenient levels forgive."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.score.timex import (
    canonical,
    interval,
    overlapping_values,
    same_or_coarser,
    same_value,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-3-5", "2024-03-05"),
        (" 2024-03-05 ", "2024-03-05"),
        ("2024-W10-2", "2024-03-05"),
        ("2024-w9", "2024-W09"),
        ("2024-w10-we", "2024-W10-WE"),
        ("2024-XX-XX", "2024"),
        ("2024-03-XX", "2024-03"),
        ("2024-WXX", "2024"),
        ("198X", "198"),
        ("19XX", "19"),
        ("2024-su", "2024-SU"),
        ("2024-AU", "2024-FA"),
        ("2024-03-05tmo", "2024-03-05TMO"),
        ("2024-03-05T9:30", "2024-03-05T09:30"),
        ("2024-03-05T19", "2024-03-05T19:00"),
        ("2024-03-05T14:30:00", "2024-03-05T14:30"),
        ("2024-03-05T14:30:05", "2024-03-05T14:30:05"),
        ("2024-03-05 14:30", "2024-03-05T14:30"),
        ("2024-03-05T14:30Z", "2024-03-05T14:30"),
        ("2024-03-05T14:30+01:00", "2024-03-05T14:30"),
        ("2024-12-31T24:00", "2025-01-01T00:00"),
        ("T14:30", "T14:30"),
        ("P12M", "P1Y"),
        ("P18M", "P1Y6M"),
        ("P7D", "P1W"),
        ("P8D", "P8D"),
        ("P1M7D", "P1M7D"),
        ("P7DT1H", "P7DT1H"),
        ("PT24H", "P1D"),
        ("PT90M", "PT1H30M"),
        ("P0.5Y", "P6M"),
        ("P3DE", "P30Y"),
        ("P1CE", "P100Y"),
        ("PXD", "PXD"),
        ("p2y", "P2Y"),
        ("XXXX-WXX-1", "XXXX-WXX-1"),
        ("present_ref", "PRESENT_REF"),
        ("2019/2022", "2019/2022"),
        ("2019-1/2022-XX", "2019-01/2022"),
        ("nonsense here", "NONSENSEHERE"),
        ("", ""),
        ("9999-12-31T24:00", "9999-12-31T24:00"),
    ],
)
def test_canonical(written, meant):
    assert canonical(written) == meant


@given(st.text(alphabet="0123456789-TWPXYMDHS:/.QWESUFA ", max_size=14) | st.text(max_size=8))
def test_any_text_has_a_canonical_form_that_stays(value):
    once = canonical(value)
    assert canonical(once) == once
    found = interval(once)
    assert found is None or found[0] < found[1]
    assert same_value(value, once)
    assert same_or_coarser(value, value)


@pytest.mark.parametrize(("a", "b"), [("P1M", "P30D"), ("2024", "2024-01"), ("PXD", "P3D")])
def test_what_is_not_the_same(a, b):
    assert not same_value(a, b)


def test_unresolved_equals_only_unresolved():
    assert same_value(None, None)
    assert not same_value(None, "2024")
    assert not same_or_coarser("2024", None)
    assert not overlapping_values(None, "2024")


@pytest.mark.parametrize(
    ("coarse", "fine"),
    [
        ("2020-03", "2020-03-01"),
        ("2020", "2020-W10"),
        ("2020-Q1", "2020-02"),
        ("202", "2020-03"),
        ("20", "2020"),
        ("2020-W10", "2020-W10-WE"),
        ("2020-W10-WE", "2020-03-07"),
        ("2020-W10-WE", "2020-03-08"),
        ("2020-SU", "2020-07-14"),
        ("2020-03-01", "2020-03-01TNI"),
        ("2020-03-01", "2020-03-01T14:30"),
        ("2020-03-01TAF", "2020-03-01T14:30"),
        ("2019/2022", "2020"),
        ("2020-H1", "2020-Q2"),
    ],
)
def test_a_value_that_contains_the_other_is_granularly_right(coarse, fine):
    assert same_or_coarser(coarse, fine)
    assert same_or_coarser(fine, coarse)
    assert not same_value(coarse, fine)


@pytest.mark.parametrize(
    ("a", "b"),
    [("2020-W14", "2020-03"), ("2019/2021", "2020/2023"), ("2020-WI", "2021-01-05/2021-04")],
)
def test_overlap_without_containment_is_right_by_interval_only(a, b):
    assert overlapping_values(a, b)
    assert not same_or_coarser(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("2020-03", "2020-04"),
        ("2020-W10-WE", "2020-03-06"),
        ("2020-W10-WE", "2020-03-09"),
        ("P1Y", "2020"),
        ("T14:30", "T14:30:30"),
        ("PRESENT_REF", "2020"),
    ],
)
def test_apart(a, b):
    assert not overlapping_values(a, b)


@pytest.mark.parametrize(
    ("part", "inside", "outside"),
    [
        ("MO", ["05:00", "11:59"], ["04:59", "12:00"]),
        ("MI", ["11:00", "13:59"], ["10:59", "14:00"]),
        ("AF", ["12:00", "17:59"], ["11:59", "18:00"]),
        ("DT", ["06:00", "17:59"], ["05:59", "18:00"]),
        ("EV", ["18:00", "21:59"], ["17:59", "22:00"]),
        ("NI", ["20:00", "23:59"], ["05:59", "19:59"]),
    ],
)
def test_a_clock_time_lies_in_a_part_of_the_day_or_not(part, inside, outside):
    within = {
        clock: same_or_coarser(f"2020-03-01T{part}", f"2020-03-01T{clock}")
        for clock in inside + outside
    }
    assert within == dict.fromkeys(inside, True) | dict.fromkeys(outside, False)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_days_weeks_months_and_years_hold_each_other(day):
    year, week, weekday = day.isocalendar()
    start = datetime(day.year, day.month, day.day)
    assert interval(day.isoformat()) == (start, start + timedelta(days=1))
    assert canonical(f"{year}-W{week}-{weekday}") == day.isoformat()
    for coarse in (f"{year:04}-W{week:02}", f"{day:%Y-%m}", f"{day:%Y}", f"{day:%Y}"[:3]):
        assert same_or_coarser(coarse, day.isoformat())


def test_a_weekend_is_saturday_and_sunday():
    assert interval("2024-W10-WE") == (datetime(2024, 3, 9), datetime(2024, 3, 11))
    assert interval("2024-W10") == (datetime(2024, 3, 4), datetime(2024, 3, 11))
    for day, inside in (("2024-03-08", False), ("2024-03-09", True), ("2024-03-10", True)):
        assert same_or_coarser("2024-W10-WE", day) == inside
        assert overlapping_values("2024-W10-WE", day) == inside
    assert not overlapping_values("2024-W10-WE", "2024-03-11")


def test_the_night_reaches_into_the_next_morning():
    assert overlapping_values("2024-03-08TNI", "2024-03-09T02:00")
