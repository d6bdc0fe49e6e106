"""Readings of values in French: each well-formed value has one, and none says another day."""

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from factharness.facts import DATE_TYPES, Date, Entity, GoldFact, Span
from factharness.gold import timex
from factharness.gold.french import NBSP, figure, ordinal, roman, spelt
from factharness.gold.readings import reading, reading_of
from factharness.gold.timex import MODIFIERS, MONTHS, WEEKDAYS, malformed

TUESDAY = date(2024, 3, 5)
DAYS = st.dates(min_value=date(1583, 1, 1))
# What the grammar of values allows, impossible months and weeks included.
SHAPES = {
    "DATE": st.from_regex(timex._DATE, fullmatch=True) | st.sampled_from(timex.REFERENCES),
    "TIME": st.from_regex(timex._TIME, fullmatch=True),
    "DURATION": st.from_regex(timex._DURATION, fullmatch=True),
}


def said(type, value, published=TUESDAY, **attributes):
    return reading(type, value, published, **attributes).replace(NBSP, " ")


@st.composite
def values(draw):
    """A type and a value that is well formed for it."""
    type = draw(st.sampled_from(DATE_TYPES))
    shape = draw(st.sampled_from(list(SHAPES))) if type == "SET" else type
    value = draw(SHAPES[shape])
    if type in ("DATE", "TIME") and draw(st.booleans()):
        value += "/" + draw(SHAPES[shape])
    assume(malformed(type, value) is None)
    return type, value


@given(
    values(), st.dates(), st.sampled_from([None, *MODIFIERS]), st.sampled_from([None, "2X", "1D"])
)
@example(("DATE", "9999-12-31TNI"), TUESDAY, None, None)
@example(("DATE", "9999-W52-WE"), TUESDAY, None, None)
@example(("DATE", "0000"), date.min, None, None)
@example(("SET", "BCXXXX-WXX-X"), TUESDAY, "APPROX", "2X")
def test_every_well_formed_value_has_a_reading(typed, published, mod, freq):
    words = reading(*typed, published, mod=mod, freq=freq)
    assert words == words.strip()
    assert "  " not in words
    assert not re.search(
        r"\b(?:de|le) [aeiouéêh](?!\w*\d)", words.replace("de un ", "").replace("de h", "")
    )
    assert "None" not in words


@given(DAYS, st.dates())
def test_the_reading_of_a_day_says_its_weekday_day_month_and_year(day, published):
    words = said("DATE", day.isoformat(), published)
    found = re.match(r"(\w+) (\d+)(er)? (\w+) (\d+), ", words)
    assert found
    assert WEEKDAYS.index(found[1]) == day.weekday()
    assert (int(found[2]), MONTHS.index(found[4]) + 1, int(found[5])) == (
        day.day,
        day.month,
        day.year,
    )
    assert bool(found[3]) == (day.day == 1)
    assert timex.contradiction(words, day.isoformat()) is None


@given(st.dates(min_value=date(1600, 1, 1), max_value=date(9998, 1, 1)))
def test_the_reading_of_a_week_ends_on_its_sunday(day):
    year, week, _ = day.isocalendar()
    monday = date.fromisocalendar(year, week, 1)
    words = said("DATE", f"{year}-W{week:02}", None)
    sunday = said("DATE", (monday + timedelta(6)).isoformat(), None)
    assert words.startswith(f"semaine du lundi {ordinal(1) if monday.day == 1 else monday.day}")
    assert words.endswith(f"au {sunday}")
    weekend = said("DATE", f"{year}-W{week:02}-WE", None)
    assert weekend.startswith("week-end du samedi ")
    assert weekend.endswith(f" au {sunday}")


@given(DAYS)
def test_a_week_date_reads_as_the_day_that_it_is(day):
    year, week, weekday = day.isocalendar()
    assert said("DATE", f"{year}-W{week:02}-{weekday}") == said("DATE", day.isoformat())


NUMBERS = {"veille": -1, "lendemain": 1, "jour": 0}
SPELT = {spelt(number, "mois").split()[0]: number for number in range(17)}


@given(st.dates(min_value=date(1600, 1, 1), max_value=date(2400, 1, 1)), st.integers(-9000, 9000))
@example(date(2023, 11, 5), 121)
@example(date(2024, 2, 29), 366)
@example(date(2024, 1, 31), 29)
def test_the_distance_of_a_day_is_true(published, days):
    distance = said("DATE", (published + timedelta(days)).isoformat(), published).split(", ")[1]
    found = re.fullmatch(
        r"(plus d(?:e |’))?(\S+) (jours|mois|ans) (avant|après) la publication", distance
    )
    if not found:
        assert NUMBERS[distance.split()[0]] == days
        return
    assert (found[4] == "après") == (days > 0)
    number = SPELT[found[2]] if found[2] in SPELT else int(found[2])
    if found[3] == "jours":
        assert number == abs(days) <= 31
        return
    assert 1 <= number <= 23 if found[3] == "mois" else number >= 2
    first, last = sorted((published, published + timedelta(days)))
    months = number * (12 if found[3] == "ans" else 1)
    # Months passed: the same day of the month, or a later one, that many months on.
    passed = (
        (last.year * 12 + last.month) - (first.year * 12 + first.month) - (first.day > last.day)
    )
    if found[1]:
        assert months <= passed < months + (12 if found[3] == "ans" else 1)
        assert passed > months or first.day != last.day
    else:
        assert passed == months
        assert first.day == last.day


@pytest.mark.parametrize(
    ("type", "value", "words"),
    [
        ("DATE", "2024-03-05", "mardi 5 mars 2024, jour de la publication"),
        ("DATE", "2022-11-05", "samedi 5 novembre 2022, seize mois avant la publication"),
        ("DATE", "2019-12-24", "mardi 24 décembre 2019, plus de quatre ans avant la publication"),
        ("DATE", "2024-03-01", "vendredi 1er mars 2024, quatre jours avant la publication"),
        ("DATE", "2024-02-03", "samedi 3 février 2024, 31 jours avant la publication"),
        ("DATE", "2024-02-02", "vendredi 2 février 2024, plus d’un mois avant la publication"),
        ("DATE", "2024-W19", "semaine du lundi 6 au dimanche 12 mai 2024"),
        ("DATE", "1515-09-13", "13 septembre 1515, plus de 508 ans avant la publication"),
        ("DATE", "2024-W10", "semaine du lundi 4 au dimanche 10 mars 2024, celle de la publication"),
        ("DATE", "2024-W09-WE", "week-end du samedi 2 au dimanche 3 mars 2024, "
         "une semaine avant celle de la publication"),
        ("DATE", "2020-W53", "semaine du lundi 28 décembre 2020 au dimanche 3 janvier 2021"),
        ("DATE", "2024-03", "mars 2024, mois de la publication"),
        ("DATE", "2024-08", "août 2024, cinq mois après celui de la publication"),
        ("DATE", "2022-03", "mars 2022, deux ans avant celui de la publication"),
        ("DATE", "2022-01", "janvier 2022, plus de deux ans avant celui de la publication"),
        ("DATE", "2024-Q3", "3e trimestre 2024, deux trimestres après celui de la publication"),
        ("DATE", "2024-H1", "1er semestre 2024, celui de la publication"),
        ("DATE", "2024", "2024, année de la publication"),
        ("DATE", "2019", "2019, cinq ans avant l’année de la publication"),
        ("DATE", "2024-SU", "l’été 2024"),
        ("DATE", "2024-SP", "le printemps 2024"),
        ("DATE", "2024-WI", "l’hiver 2024-2025"),
        ("DATE", "198", "années 1980 à 1989"),
        ("DATE", "20", "XXIe siècle"),
        ("DATE", "00", "Ier siècle"),
        ("DATE", "BC04", "Ve siècle avant notre ère"),
        ("DATE", "BC004", "années 49 à 40 avant notre ère"),
        ("DATE", "BC0044-03-15", "15 mars 44 avant notre ère"),
        ("DATE", "BC6950", "an 6950 avant notre ère, 8973 ans avant l’année de la publication"),
        ("DATE", "FY2024", "exercice 2024"),
        ("DATE", "2024-03-05TMO", "matin du mardi 5 mars 2024, jour de la publication"),
        ("DATE", "2023-12-31TNI", "nuit du dimanche 31 décembre 2023 au lundi 1er janvier 2024, "
         "plus de deux mois avant la publication"),
        ("DATE", "2024-W10-2TMO", "matin du mardi 5 mars 2024, jour de la publication"),
        ("DATE", "2024-WXX-2", "un mardi de 2024"),
        ("DATE", "2024-03-XX", "un jour de mars 2024"),
        ("DATE", "XXXX-12-25", "25 décembre d’une année non précisée"),
        ("DATE", "XXXX-WXX", "une semaine non précisée"),
        ("DATE", "202X", "une année de 2020 à 2029"),
        ("DATE", "BC20XX", "une année de 2099 à 2000 avant notre ère"),
        ("DATE", "2X24", "une année 2X24 (X : chiffre inconnu)"),
        ("DATE", "2024-03-1X", "1X mars 2024"),
        ("DATE", "2023-W53", "semaine 53 de 2023"),
        ("DATE", "2022/2023", "de 2022 à 2023"),
        ("DATE", "2024-SU/2024-03-05", "de l’été 2024 au mardi 5 mars 2024"),
        ("DATE", "PRESENT_REF", "le présent, sans date précise"),
        ("TIME", "2024-03-05T09:30", "mardi 5 mars 2024 à 9 h 30, jour de la publication"),
        ("TIME", "2024-03-05T09", "mardi 5 mars 2024 à 9 h, jour de la publication"),
        ("TIME", "2024-03-04T24:00", "lundi 4 mars 2024 à minuit (fin du jour), veille de la publication"),
        ("TIME", "T09:00:05", "9 h 00 min 5 s, jour non précisé"),
        ("TIME", "TEV", "un soir non précisé"),
        ("DURATION", "PT20M", "20 minutes"),
        ("DURATION", "P1Y", "1 an"),
        ("DURATION", "P1.50Y", "1,5 an"),
        ("DURATION", "PT12000H", "12\u202f000 heures"),
        ("DURATION", "P1Y2M3DT4H", "1 an, 2 mois, 3 jours et 4 heures"),
        ("DURATION", "PXW", "quelques semaines"),
        ("DURATION", "P2AF", "2 après-midi"),
        ("DURATION", "P2WE", "2 week-ends"),
        ("SET", "XXXX-XX-13", "le 13 de chaque mois"),
        ("SET", "2024-XX-13", "le 13 de chaque mois de 2024"),
        ("SET", "XXXX-12-25", "25 décembre de chaque année"),
        ("SET", "XXXX-WXX-2", "chaque mardi"),
        ("SET", "XXXX-WXX-1TMO", "matin de chaque lundi"),
        ("SET", "XXXX-WXX-WE", "chaque week-end"),
        ("SET", "XXXX-SU", "chaque été"),
        ("SET", "XXXX-XX-XXTEV", "chaque soir"),
        ("SET", "XXXX-WXX-1T09:00", "chaque lundi à 9 h"),
        ("SET", "T09:30", "chaque jour à 9 h 30"),
        ("SET", "P1W", "chaque semaine"),
        ("SET", "P2W", "toutes les 2 semaines"),
        ("SET", "P2D", "tous les 2 jours"),
        ("SET", "PXM", "à intervalles de quelques mois"),
    ],
)  # fmt: skip
def test_readings(type, value, words):
    assert malformed(type, value) is None
    assert said(type, value) == words


@pytest.mark.parametrize(
    ("mod", "type", "value", "words"),
    [
        (
            "BEFORE",
            "DATE",
            "2024-03-12",
            "avant le mardi 12 mars 2024, sept jours après la publication",
        ),
        ("BEFORE", "DATE", "2024", "avant 2024, année de la publication"),
        ("AFTER", "DATE", "2024-SU", "après l’été 2024"),
        ("BEFORE", "TIME", "T09:30", "avant 9 h 30"),
        ("ON_OR_BEFORE", "DATE", "2024-SP", "le printemps 2024 au plus tard"),
        ("ON_OR_AFTER", "DATE", "198", "les années 1980 à 1989 au plus tôt"),
        ("START", "DATE", "20", "début du XXIe siècle"),
        ("MID", "DATE", "198", "milieu des années 1980 à 1989"),
        ("END", "DATE", "2023-10", "fin d’octobre 2023, cinq mois avant celui de la publication"),
        ("END", "DATE", "2024-SU", "fin de l’été 2024"),
        ("APPROX", "TIME", "T13:00", "vers 13 h"),
        ("APPROX", "DURATION", "PT20M", "environ 20 minutes"),
        ("LESS_THAN", "DURATION", "P1Y", "moins de 1 an"),
        ("MORE_THAN", "DURATION", "P4Y", "plus de 4 ans"),
        ("EQUAL_OR_MORE", "DURATION", "P4Y", "4 ans au moins"),
        ("EQUAL_OR_LESS", "DURATION", "PXM", "quelques mois au plus"),
        ("APPROX", "SET", "P1W", "environ chaque semaine"),
        ("SOME", "DATE", "2024-SU", "l’été 2024 (mod : SOME)"),
    ],
)
def test_modifiers(mod, type, value, words):
    assert said(type, value, mod=mod) == words


def test_frequencies_and_quantities():
    assert said("SET", "P1W", freq="2X", quant="EVERY") == "2 fois chaque semaine"
    assert (
        said("SET", "P1W", freq="1D", quant="SOME") == "chaque semaine (freq : 1D) (quant : SOME)"
    )


def test_the_distance_is_from_the_day_of_a_moment_and_absent_without_a_publication():
    moment = datetime.fromisoformat("2024-03-05T23:30:00+01:00")
    assert reading("DATE", "2024-03-05", moment) == reading("DATE", "2024-03-05", TUESDAY)
    assert said("DATE", "2024-03-05", None) == "mardi 5 mars 2024"


def test_a_labelled_date_is_read_with_its_attributes_and_other_facts_are_not():
    span = Span(0, 4)
    before = GoldFact(Date(span, "DATE", "2024"), attributes={"mod": "BEFORE", "note": "sic"})
    assert reading_of(before, TUESDAY) == "avant 2024, année de la publication"
    for unread in (Date(span, "DATE"), Date(span, "DATE", "mardi"), Entity(span, "PER")):
        assert reading_of(GoldFact(unread), TUESDAY) is None


def test_a_number_does_not_part_from_its_noun_at_the_end_of_a_line():
    assert reading("DURATION", "PT20M", None) == f"20{NBSP}minutes"
    assert reading("DATE", "2024-03-05", None) == f"mardi 5{NBSP}mars 2024"
    assert reading("TIME", "T09:30", None).startswith(f"9{NBSP}h{NBSP}30")


@given(st.integers(1, 100))
def test_roman_figures_count(number):
    digits = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    ones = [digits[letter] for letter in roman(number).removesuffix("er").removesuffix("e")]
    signed = [-one if one < max(ones[place:]) else one for place, one in enumerate(ones)]
    assert sum(signed) == number


def test_figures():
    assert figure("9999") == "9999"
    assert figure("10000.0") == "10\u202f000"
