"""Short forms of values: each well-formed value has one, and what is typed means one thing."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from factharness.errors import GoldError
from factharness.facts import DATE_TYPES, Date
from factharness.gold import timex
from factharness.gold.sets import load_set
from factharness.gold.short_values import Expanded, expand, shortest
from factharness.gold.timex import MONTHS, WEEKDAYS, contradiction, malformed

DISPATCHES = Path(__file__).resolve().parents[3] / "goldsets" / "depeches"
TUESDAY = date(2024, 3, 5)
EVENING = datetime.fromisoformat("2024-03-05T18:30:00+01:00")
MODERN = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))
SHAPES = {
    "DATE": st.from_regex(timex._DATE, fullmatch=True) | st.sampled_from(timex.REFERENCES),
    "TIME": st.from_regex(timex._TIME, fullmatch=True),
    "DURATION": st.from_regex(timex._DURATION, fullmatch=True),
}


def value(typed, published=TUESDAY, **context):
    return expand(typed, published, **context).value


@st.composite
def dates(draw):
    """A type and a well-formed value of it."""
    type = draw(st.sampled_from(DATE_TYPES))
    shape = draw(st.sampled_from(list(SHAPES))) if type == "SET" else type
    made = draw(SHAPES[shape])
    if type == "DATE" and draw(st.booleans()):
        made += "/" + draw(SHAPES[shape])
    assume(malformed(type, made) is None)
    return type, made


@given(dates(), MODERN)
@example(("DATE", "20"), TUESDAY)
@example(("DATE", "19/20"), TUESDAY)
@example(("DATE", "2"), TUESDAY)
@example(("SET", "20"), TUESDAY)
@example(("TIME", "2024-03-05T24:00"), TUESDAY)
@example(("TIME", "2024-03-05TEV"), TUESDAY)
def test_every_well_formed_value_has_a_form_no_longer_than_itself_and_a_sign(date_, published):
    form = shortest(*date_, published)
    assert expand(form, published, type=date_[0]) == Expanded(*date_)
    assert len(form) <= len(date_[1]) + 1


def test_every_value_of_the_gold_is_typed_in_half_its_letters():
    typed = whole = 0
    for gold in load_set(DISPATCHES).articles:
        published, text = gold.article.published, gold.article.text
        for fact in (one.fact for one in gold.facts if isinstance(one.fact, Date)):
            form = shortest(fact.type, fact.value, published, fact.span.of(text))
            found = expand(form, published, type=fact.type, words=fact.span.of(text))
            assert found == Expanded(fact.type, fact.value)
            typed, whole = typed + len(form), whole + len(fact.value)
    assert typed < whole / 2


@given(
    st.text(alphabet="0123456789 /+-=.:,hjsmatpnflunrixzéTPXWQ") | st.text(),
    MODERN | st.sampled_from([date.min, date.max]),
    st.sampled_from([None, *DATE_TYPES]),
    st.sampled_from(["", "lundi à 9 h 30", "XXIe siècle"]),
)
@example("+99999a", TUESDAY, None, "")
@example("12/3/19..", TUESDAY, "SET", "")
@example("=", TUESDAY, None, "")
@example("-lun", date.min, None, "")
@example("9h", date.max, None, "demain")
@example("-été", date.min, None, "")
@example("-mars", date.min, None, "")
@example("+we", date.max, None, "")
@example("lun 5 12", TUESDAY, None, "")
@example("500 9h", TUESDAY, "SET", "")
def test_whatever_is_typed_gives_a_well_formed_value_or_an_error_with_a_remedy(
    typed, published, type, words
):
    try:
        found, remedy = expand(typed, published, type=type, words=words), ""
    except GoldError as error:
        found, remedy = None, error.remedy
    assert remedy or malformed(found.type, found.value) is None


@given(MODERN, st.integers(0, 6))
def test_a_weekday_is_the_nearest_and_its_sign_is_its_tense(published, number):
    name = WEEKDAYS[number][:3]
    near, last, coming = (
        date.fromisoformat(value(sign + name, published)) - published for sign in ("", "-", "+")
    )
    assert abs(near) <= timedelta(3)
    assert timedelta(-6) <= last <= timedelta(0) < coming <= timedelta(7)
    for distance in (near, last, coming):
        assert contradiction(WEEKDAYS[number], (published + distance).isoformat()) is None


@given(MODERN, MODERN)
def test_a_day_without_a_year_is_the_nearest_and_its_sign_is_its_tense(published, day):
    form = f"{day.day}/{day.month}"
    near, last, coming = (
        date.fromisoformat(value(sign + form, published)) for sign in ("", "-", "+")
    )
    for found in (near, last, coming):
        assert (found.day, found.month) == (day.day, day.month)
    assert last <= published < coming
    assert near in (last, coming)
    assert abs(near - published) == min(published - last, coming - published)
    assert value(f"{day.day} {MONTHS[day.month - 1]}", published) == near.isoformat()


@given(MODERN, st.integers(1, 12))
def test_a_month_is_the_nearest_and_its_sign_is_its_tense(published, month):
    def months(found):
        year, number = map(int, found.split("-"))
        assert number == month
        return (year - published.year) * 12 + number - published.month

    name = MONTHS[month - 1]
    near, last, coming = (months(value(sign + name, published)) for sign in ("", "-", "+"))
    assert -11 <= last <= 0 < coming <= 12
    assert -6 <= near <= 5


@given(MODERN, st.integers(-500, 500))
def test_offsets_count_from_the_publication_in_their_unit(published, number):
    signed = f"{number:+}"
    assert value(signed, published) == (published + timedelta(number)).isoformat()
    months = published.year * 12 + published.month - 1 + number
    assert value(f"{signed}m", published) == f"{months // 12}-{months % 12 + 1:02}"
    assert value(f"{signed}a", published) == str(published.year + number)
    year, week, _ = (published + timedelta(weeks=number)).isocalendar()
    assert value(f"{signed}s", published) == f"{year}-W{week:02}"
    quarter = value(f"{signed}t", published)
    expected = published.year * 4 + (published.month - 1) // 3 + number
    assert quarter == f"{expected // 4}-Q{expected % 4 + 1}"


@pytest.mark.parametrize(
    ("typed", "type", "meant"),
    [
        ("0", "DATE", "2024-03-05"),
        ("-3", "DATE", "2024-03-02"),
        ("hier", "DATE", "2024-03-04"),
        ("aujourd’hui", "DATE", "2024-03-05"),
        ("+1s", "DATE", "2024-W11"),
        ("+s", "DATE", "2024-W11"),
        ("0m", "DATE", "2024-03"),
        ("-1t", "DATE", "2023-Q4"),
        ("lun", "DATE", "2024-03-04"),
        ("Mardi", "DATE", "2024-03-05"),
        ("mar", "DATE", "2024-03-05"),
        ("lun 4/3", "DATE", "2024-03-04"),
        ("lundi 4 mars", "DATE", "2024-03-04"),
        ("13", "DATE", "2024-03-13"),
        ("30", "DATE", "2024-03-30"),
        ("12/3/19", "DATE", "2019-03-12"),
        ("12/3/2019", "DATE", "2019-03-12"),
        ("12/3/45", "DATE", "1945-03-12"),
        ("12/3/44", "DATE", "2044-03-12"),
        ("29/2", "DATE", "2024-02-29"),
        ("-29/2", "DATE", "2024-02-29"),
        ("1er mars 2019", "DATE", "2019-03-01"),
        ("mars 19", "DATE", "2019-03"),
        ("fév", "DATE", "2024-02"),
        ("fev", "DATE", "2024-02"),
        ("3/2019", "DATE", "2019-03"),
        ("2019", "DATE", "2019"),
        ("été", "DATE", "2024-SU"),
        ("-été", "DATE", "2023-SU"),
        ("hiver", "DATE", "2023-WI"),
        ("hiver 74", "DATE", "1974-WI"),
        ("printemps", "DATE", "2024-SP"),
        ("q3", "DATE", "2024-Q3"),
        ("h1", "DATE", "2024-H1"),
        ("w12-we", "DATE", "2024-W12-WE"),
        ("2024-su", "DATE", "2024-SU"),
        ("we", "DATE", "2024-W09-WE"),
        ("+we", "DATE", "2024-W10-WE"),
        ("-2we", "DATE", "2024-W08-WE"),
        ("198", "DATE", "198"),
        ("21e", "DATE", "20"),
        ("5e siècle av", "DATE", "BC04"),
        ("500 av", "DATE", "BC0500"),
        ("=20", "DATE", "20"),
        ("15/6..17/6", "DATE", "2024-06-15/2024-06-17"),
        ("2022/2023", "DATE", "2022/2023"),
        ("n", "DATE", "PRESENT_REF"),
        ("p", "DATE", "PAST_REF"),
        ("f", "DATE", "FUTURE_REF"),
        ("0 mat", "DATE", "2024-03-05TMO"),
        ("lun soir", "DATE", "2024-03-04TEV"),
        ("-1 nuit", "DATE", "2024-03-04TNI"),
        ("9h30", "TIME", "T09:30"),
        ("9 h 30", "TIME", "T09:30"),
        ("9:30:15", "TIME", "T09:30:15"),
        ("9h", "TIME", "T09:00"),
        ("2h", "TIME", "T02:00"),
        ("midi", "TIME", "T12:00"),
        ("0 minuit", "TIME", "2024-03-05T24:00"),
        ("lundi à 9h", "TIME", "2024-03-04T09:00"),
        ("12/3, 9h30", "TIME", "2024-03-12T09:30"),
        ("P2Y", "DURATION", "P2Y"),
        ("2 ans", "DURATION", "P2Y"),
        ("1,5 an", "DURATION", "P1.5Y"),
        ("2a6m", "DURATION", "P2Y6M"),
        ("2 ans et 6 mois", "DURATION", "P2Y6M"),
        ("1 jour 3 h", "DURATION", "P1DT3H"),
        ("20min", "DURATION", "PT20M"),
        ("x ans", "DURATION", "PXY"),
        ("quelques heures", "DURATION", "PTXH"),
    ],
)  # fmt: skip
def test_forms(typed, type, meant):
    assert expand(typed, TUESDAY) == Expanded(type, meant)


@pytest.mark.parametrize(
    ("typed", "type", "meant"),
    [
        ("lun", "SET", Expanded("SET", "XXXX-WXX-1")),
        ("lun soir", "SET", Expanded("SET", "XXXX-WXX-1TEV")),
        ("soir", "SET", Expanded("SET", "XXXX-XX-XXTEV")),
        ("9h30", "SET", Expanded("SET", "T09:30")),
        ("13", "SET", Expanded("SET", "XXXX-XX-13")),
        ("25/12", "SET", Expanded("SET", "XXXX-12-25")),
        ("25/12/24", "SET", Expanded("SET", "2024-12-25")),
        ("mars", "SET", Expanded("SET", "XXXX-03")),
        ("été", "SET", Expanded("SET", "XXXX-SU")),
        ("we", "SET", Expanded("SET", "XXXX-WXX-WE")),
        ("s", "SET", Expanded("SET", "P1W")),
        ("2s", "SET", Expanded("SET", "P2W")),
        ("2h", "DURATION", Expanded("DURATION", "PT2H")),
        ("1h30", "DURATION", Expanded("DURATION", "PT1H30M")),
        ("12min20", "DURATION", Expanded("DURATION", "PT12M20S")),
        ("2019", "DURATION", Expanded("DATE", "2019")),
        ("9h30", "DATE", Expanded("TIME", "T09:30")),
        ("2 ans", "DATE", Expanded("DURATION", "P2Y")),
        ("0 soir", "TIME", Expanded("DATE", "2024-03-05TEV")),
    ],
)  # fmt: skip
def test_the_type_settles_what_a_form_means(typed, type, meant):
    assert expand(typed, TUESDAY, type=type) == meant


@pytest.mark.parametrize(
    ("typed", "words", "meant"),
    [
        ("0", "mardi matin", "2024-03-05TMO"),
        ("-lun", "lundi à 9 h 30", "2024-03-04T09:30"),
        ("2024-03-05", "mardi matin", "2024-03-05"),
        ("2024-w10-2", "mardi matin", "2024-W10-2"),
        ("0m", "mardi matin", "2024-03"),
        ("9h30", "lundi à 9 h 30", "2024-03-04T09:30"),
        ("9h30", "12 mars 2019 à 9 h 30", "2019-03-12T09:30"),
        ("9h30", "hier, à 9 h 30", "2024-03-04T09:30"),
        ("soir", "Hier soir", "2024-03-04TEV"),
        ("+", "jeudi", "2024-03-07"),
        ("-", "jeudi", "2024-02-29"),
        ("-", "12 mars", "2023-03-12"),
        ("+ 20h", "jeudi à 20 h", "2024-03-07T20:00"),
        ("20", "XXIe siècle", "20"),
    ],
)
def test_the_words_complete_what_is_typed(typed, words, meant):
    assert value(typed, words=words) == meant


def test_a_clock_time_takes_the_day_around_it():
    assert value("9h30", day=date(2024, 3, 2)) == "2024-03-02T09:30"
    assert value("9h30", day=date(2024, 3, 2), words="lundi à 9 h 30") == "2024-03-04T09:30"


def test_hours_count_from_the_moment_of_publication():
    assert value("-2h", EVENING) == "2024-03-05T16:30"
    assert value("+30min", EVENING) == "2024-03-05T19:00"
    assert value("0", EVENING) == "2024-03-05"


@pytest.mark.parametrize(
    ("typed", "context", "message", "remedy"),
    [
        ("lun 5/3", {}, "2024-03-05 is a mardi, not a lundi", "type mar or another day"),
        ("32/3", {}, "there is no 32 mars", "type another day, as in 12/3"),
        ("29/2/2023", {}, "there is no 29 février 2023", "type another day, as in 12/3"),
        ("12/13", {}, "there is no month 13", "type the day first, as in 25/12"),
        ("45", {}, "no month has a day 45", "type 12 or 12/3; a year has four digits"),
        ("jui", {}, "'jui' may be juin or juillet", "type one letter more"),
        ("foo", {}, "'foo' is no date", "type 0, "),
        ("", {}, "'' is no date", "type 0, "),
        ("2024-13", {}, "'2024-13' has no month 13", "type 0, "),
        ("T25:00", {}, "'T25:00' is no", ""),
        ("20", {"type": "DURATION"}, "20: of what?", "type 2 ans, "),
        ("long", {"type": "DURATION"}, "'long' is no length of time", "type 2 ans, "),
        ("soir", {}, "soir: of which day?", "type 0 soir, lun soir or 12/3 soir"),
        ("mars 9h30", {}, "'mars' is no day", "type lun 9h30, "),
        ("25h", {}, "'T25:00' is no time of day", "hours go to 24, minutes to 59"),
        ("+2h", {}, "the publication has no hour", "type the hour: 9h30, 0 9h30"),
        ("+99999a", {}, "+99999a is beyond the calendar", "type the whole value"),
        ("+", {"words": "bientôt"}, "+: the words name no weekday and no day", "type +lun or +12/3"),
        ("15/6..17/6..18/6", {}, "'15/6..17/6..18/6' is no range of two dates", "type 15/6..17/6"),
        ("2 ans..3 ans", {}, "'2 ans..3 ans' is no range of two dates", "type 15/6..17/6"),
        ("=lundi", {}, "'LUNDI' is not the value of a DATE", "type 0, "),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_what_can(typed, context, message, remedy):
    with pytest.raises(GoldError, match=re.escape(message)) as caught:
        expand(typed, TUESDAY, **context)
    assert caught.value.remedy.startswith(remedy)


def test_the_table_of_the_docs_holds():
    """Each row of the table: the forms of its first column make the values of its second, one for one."""
    page = (DISPATCHES.parents[1] / "docs" / "gold-format.md").read_text(encoding="utf-8")
    section = page.split("## Values in short\n")[1].split("\n## ")[0]
    checked = 0
    for row in re.findall(r"^\| `.+", section, re.MULTILINE):
        typed, values, meaning = row.split("|")[1:4]
        type = "SET" if "of a SET" in meaning else None
        forms, meant = (re.findall("`([^`]+)`", cell) for cell in (typed, values))
        if meant:
            assert [value(form, EVENING, type=type) for form in forms] == meant
            checked += len(forms)
    assert checked > 60


def test_of_two_equally_near_days_the_past_one_is_meant():
    assert value("10/9", date(2024, 3, 11)) == "2023-09-10"


def test_the_last_season_has_begun_and_the_next_has_not():
    july = date(2024, 7, 1)
    assert [value(form, july) for form in ("-été", "été", "+été", "-automne", "+hiver")] == [
        *("2024-SU", "2024-SU", "2025-SU", "2023-FA", "2024-WI")
    ]


@pytest.mark.parametrize("typed", ["5 lundi", "lundi 2019", "5 été"])
def test_a_weekday_has_no_year_and_a_season_no_day(typed):
    with pytest.raises(GoldError, match="is no date"):
        expand(typed, TUESDAY)
