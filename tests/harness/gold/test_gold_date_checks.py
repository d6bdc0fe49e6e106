"""Dates against their words, neighbours and sentence: what is right passes, what is wrong is told."""

from datetime import date

import pytest
from gold_strategies import example
from hypothesis import given
from hypothesis import strategies as st

from factharness.gold.numerals import number
from factharness.gold.problems import check_document
from factharness.gold.syntax import read
from factharness.gold.timex import MONTHS, WEEKDAYS

TEENS = [
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
TENS = {
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "quatre-vingt": 80,
}


def told(line: str, text: str, **header: str) -> list[str]:
    """What is said of one line: its rule, and a mark for a warning."""
    problems, _ = check_document(read(example(line, text=text, **header), "essai.gold"))
    return [problem.rule + "?" * (problem.level == "warning") for problem in problems]


def said(kind: str, words: str, value: str, more: str = "") -> list[str]:
    return told(f"{kind} {words} | {value}{more}", f"Il dit : {words}")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("2022", "2022"),
        ("an 2000", "2000"),
        ("2022-2023", "2022/2023"),
        ("hiver 2016-2017", "2016-WI"),
        ("hiver 1974", "1974-WI"),
        ("années 60", "196"),
        ("années 1990", "199"),
        ("années quatre-vingt-dix", "199"),
        ("XIXe siècle", "18"),
        ("20e siècle", "19"),
        ("IIIe siècle avant notre ère", "BC03"),
        ("6800 avant notre ère", "BC6800"),
        ("1500 avant notre ère", "BC1500"),
        ("juin 2017", "2017-06"),
        ("juin dernier", "2017-06"),
        ("5 juin", "2017-06-05"),
        ("1er juin 2017", "2017-06-01"),
        ("nuit du 31 octobre au 1er novembre", "2018-10-31TNI"),
        ("15", "2020-06-15"),
        ("jeudi 19", "2023-10-19"),
        ("12/09/2012", "2012-09-12"),
        ("12/9", "2012-09-12"),
        ("31.12.18", "2018-12-31"),
        ("printemps 2020", "2020-SP"),
        ("été", "XXXX-SU"),
        ("premier semestre 2017", "2017-H1"),
        ("troisième trimestre", "2016-Q3"),
        ("second", "2025-H2"),
        ("mardi matin", "2024-03-05TMO"),
        ("mercredi à l’aube", "2024-03-06TMO"),
        ("soirée", "2024-03-05TEV"),
        ("nuit de mardi à mercredi", "2024-03-05TNI"),
        ("semaine du 5 juin", "2017-W23"),
        ("il y a deux ans", "2022"),
        ("11-Septembre", "2001-09-11"),
        ("dans dix jours", "2024-03-15"),
    ],
)
def test_days_that_agree_with_their_words(words, value):
    assert said("DATE", words, value) == []


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("2022", "2021"),
        ("an 2000", "2001"),
        ("2022-2023", "2022/2024"),
        ("hiver 1974", "1973-WI"),
        ("années 60", "197"),
        ("années 60", "1960"),
        ("années 1990", "198"),
        ("années quatre-vingt", "197"),
        ("XIXe siècle", "19"),
        ("IVe siècle", "04"),
        ("juin 2017", "2017-07"),
        ("juin 2017", "2017"),
        ("5 juin", "2017-06"),
        ("5 juin", "2017-06-06"),
        ("nuit du 31 octobre au 1er novembre", "2018-12-31TNI"),
        ("15", "2020-06-16"),
        ("jeudi 19", "2023-10-12"),
        ("12/09/2012", "2012-12-09"),
        ("12/09/2012", "2013-09-12"),
        ("31.12.18", "2019-12-31"),
        ("1500 avant notre ère", "1400"),
        ("printemps 2020", "2020-SU"),
        ("printemps 2020", "2020"),
        ("premier semestre 2017", "2017-H2"),
        ("troisième trimestre", "2016-Q2"),
        ("mardi matin", "2024-03-05TEV"),
        ("mardi matin", "2024-03-05"),
        ("après-midi", "2024-03-05TMO"),
    ],
)
def test_days_that_contradict_their_words(words, value):
    assert said("DATE", words, value) == ["D5"]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("cinq ans", "P5Y"),
        ("Cinq ans", "P5Y"),
        ("nonante minutes", "PT90M"),
        ("septante et un mois", "P71M"),
        ("quatre-vingt-dix-sept jours", "P97D"),
        ("11 000 heures", "PT11000H"),
        ("deux ans et demi", "P2Y6M"),
        ("deux ans et demi", "P2.5Y"),
        ("un an et demi", "P18M"),
        ("une demi-heure", "PT30M"),
        ("trois quarts d’heure", "PT45M"),
        ("un quart d’heure", "PT15M"),
        ("un demi-siècle", "P50Y"),
        ("5h02", "PT5H2M"),
        ("24 heures et 39 minutes", "PT24H39M"),
        ("quarante-huit heures", "P2D"),
        ("quatre semestres", "P24M"),
        ("trois décennies", "P3DE"),
        ("une quinzaine de jours", "P15D"),
        ("quelques semaines", "PXW"),
        ("plusieurs années", "PXY"),
        ("semaines", "PXW"),
        ("ces derniers mois", "PXM"),
        ("dernier mois", "P1M"),
        ("deux prochaines années", "P2Y"),
        ("ces trois prochains jours", "P3D"),
        ("deux jours et deux nuits", "P2D"),
        ("un week-end", "P1WE"),
        ("une éternité", "PXY"),
    ],
)
def test_lengths_that_agree_with_their_words(words, value):
    assert said("DURATION", words, value) == []


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("cinq ans", "P5M"),
        ("cinq ans", "P6Y"),
        ("cinq mois", "PT5M"),
        ("une seconde", "P1M"),
        ("nonante minutes", "PT70M"),
        ("deux ans et demi", "P2Y"),
        ("une demi-heure", "PT1H"),
        ("trois quarts d’heure", "PT15M"),
        ("5h02", "PT5M2S"),
        ("quelques semaines", "PXM"),
        ("quelques semaines", "P3W"),
        ("cinq semaines", "PXW"),
        ("une quinzaine de jours", "P12D"),
    ],
)
def test_lengths_that_contradict_their_words(words, value):
    assert said("DURATION", words, value) == ["D23"]


@pytest.mark.parametrize(
    ("words", "value", "rules"),
    [
        ("tous les dix ans", "P10Y", []),
        ("tous les dix ans", "P10M", ["D26"]),
        ("par an", "P1Y", []),
        ("par an", "P1M", ["D26"]),
        ("toutes les trente minutes", "PT30M", []),
        ("tous les jours", "P1D", []),
        ("chaque mois", "P1M", []),
        ("aux deux semaines", "P2W", []),
        ("tous les mardis", "XXXX-WXX-2", []),
        ("tous les mardis", "XXXX-WXX-3", ["D26"]),
        ("chaque mois de juin", "XXXX-06", []),
        ("chaque mois de juin", "XXXX-07", ["D26"]),
        ("chaque soir", "XXXX-XX-XXTEV", []),
        ("premier jeudi de chaque mois", "P1M", []),
        ("sept jours sur sept", "P1D", []),
        ("fin de semaine", "XXXX-WXX-WE", []),
    ],
)
def test_recurring_times_against_their_words(words, value, rules):
    assert said("SET", words, value) == rules


@pytest.mark.parametrize(
    ("words", "value", "rules"),
    [
        ("7 heures", "T07:00", []),
        ("7 heures", "T19:00", ["D18?"]),
        ("7 heures", "T08:00", ["D18"]),
        ("7 heures du matin", "T19:00", ["D18"]),
        ("7 heures du soir", "T19:00", []),
        ("7 heures du soir", "T07:00", ["D18"]),
        # A distance in hours is no clock time.
        ("une heure plus tard", "2022-01-29T03:40", []),
        ("trois heures après", "2022-01-29T03:40", []),
        ("ce soir à 8 h", "2024-03-05T20:00", []),
        ("20 h 30 ce soir", "2024-03-05T20:30", []),
        ("19h30", "T19:30", []),
        ("19 h 30", "T19:03", ["D18"]),
        ("19 h 30", "T19", ["D18"]),
        ("15:37 (UTC)", "T15:37", []),
        ("14 h GMT", "T14:00", []),
        ("22 h 34 UTC−5 lundi", "2024-03-04T22:34", []),
        ("deux heures et demie", "T02:30", []),
        ("trois heures moins le quart", "T02:45", []),
        ("trois heures moins dix", "T02:50", []),
        ("vingt et une heures", "T21:00", []),
        ("huit heures et quart", "T08:15", []),
        ("14-16 h", "T14:00/T16:00", []),
        ("midi", "T12:00", []),
        ("midi et demi", "T12:30", []),
        ("minuit", "T24:00", []),
        ("minuit", "2024-03-05T00:00", ["D22"]),
        ("minuit et demi", "T00:30", []),
        ("jeudi 7 mars à 9 h", "2024-03-07T10:00", ["D18"]),
        ("jeudi 7 mars à 9 h", "2024-03-08T09:00", ["D5"]),
        ("mardi matin", "2024-03-05TMO", ["D9"]),
        ("mardi soir", "2024-03-05TMO", ["D5", "D9"]),
    ],
)
def test_clock_times_against_their_words(words, value, rules):
    assert said("TIME", words, value) == rules


def test_vague_times_are_dont_care():
    assert said("DATE", "aujourd’hui", "PRESENT_REF") == ["D14"]
    assert said("DATE?", "aujourd’hui", "PRESENT_REF") == []
    assert said("DATE", "mardi", "2024-03-05") == []


@given(st.integers(1, 99), st.sampled_from(["an", "mois", "jour", "heure", "seconde"]), st.data())
def test_a_number_of_units_is_its_own_length_and_no_other(count, unit, data):
    before, letter = {
        "an": ("P", "Y"),
        "mois": ("P", "M"),
        "jour": ("P", "D"),
        "heure": ("PT", "H"),
        "seconde": ("PT", "S"),
    }[unit]
    words = f"{count} {unit}{'' if unit == 'mois' else 's'}"
    assert said("DURATION", words, f"{before}{count}{letter}") == []
    other = data.draw(st.integers(1, 99).filter(lambda other: other != count))
    assert said("DURATION", words, f"{before}{other}{letter}") == ["D23"]


@given(st.integers(1, 28), st.integers(1, 12), st.integers(1900, 2090), st.data())
def test_a_day_agrees_with_its_own_date_alone(day, month, year, data):
    words = f"{day} {MONTHS[month - 1]} {year}"
    right = date(year, month, day)
    other = data.draw(st.dates(date(1000, 1, 1)).filter(lambda one: one != right))
    assert said("DATE", words, right.isoformat()) == []
    assert said("DATE", words, other.isoformat()) == ["D5"]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("zéro", 0),
        ("seize", 16),
        *zip(TEENS, range(11, 20), strict=True),
        *TENS.items(),
        ("vingt et un", 21),
        ("soixante-dix", 70),
        ("soixante et onze", 71),
        ("quatre-vingts", 80),
        ("quatre-vingt-dix-neuf", 99),
        ("cent", 100),
        ("deux cents", 200),
        ("cent quatre-vingt-trois", 183),
        ("mille neuf cent quatre-vingt-quatre", 1984),
        ("deux mille", 2000),
        ("trois millions", 3_000_000),
        ("huitante-deux", 82),
        ("1 500", 1500),
        ("2,5", 2.5),
        ("une vingtaine de", 20),
    ],
)
def test_numbers_in_words(words, value):
    assert number(words) == value


@pytest.mark.parametrize(
    ("kind", "words", "value"),
    [
        ("DATE", "le 5 mars", "2024-03-05"),
        ("DATE", "l’hiver 2023", "2023-WI"),
        ("DATE", "en 2023", "2023"),
        ("DATE", "au printemps 2020", "2020-SP"),
        ("DATE", "la veille", "2024-03-04"),
        ("DATE", "dans la soirée", "2024-03-05TEV"),
        ("DATE", "depuis 2019", "2019"),
        ("DATE", "avant 2019", "2019"),
        ("DATE", "2019,", "2019"),
        ("DATE", "2019.", "2019"),
        ("DATE", "5 mars.", "2024-03-05"),
        ("TIME", "à 7 heures", "T07:00"),
        ("TIME", "vers 7 heures", "T07:00"),
        ("TIME", "peu avant minuit", "T24:00"),
        ("DURATION", "pendant cinq ans", "P5Y"),
        ("DURATION", "plus de cinq ans", "P5Y"),
        ("DURATION", "au moins cinq ans", "P5Y"),
        ("DURATION", "des semaines", "PXW"),
        ("SET", "le mercredi", "XXXX-WXX-3"),
        ("SET", "en été", "XXXX-SU"),
    ],
)
def test_what_stays_outside_of_a_date(kind, words, value):
    assert said(kind, words, value) == ["D1"]


@pytest.mark.parametrize(
    ("kind", "words", "value"),
    [
        ("DATE", "ce mardi", "2024-03-05"),
        ("DATE", "cette semaine", "2024-W10"),
        ("DATE", "après-demain", "2024-03-07"),
        ("DATE", "12 sept.", "2024-09-12"),
        ("DATE", "avant-hier", "2024-03-03"),
        ("DATE", "dans deux ans", "2026"),
        ("DATE", "demain", "2024-03-06"),
        ("SET", "par jour", "P1D"),
        ("SET", "à l’année", "P1Y"),
        ("SET", "aux deux semaines", "P2W"),
        ("DURATION", "de longues années", "PXY"),
    ],
)
def test_what_belongs_to_a_date(kind, words, value):
    assert said(kind, words, value) == []


@pytest.mark.parametrize(
    ("words", "value", "more", "rules"),
    [
        ("fin juin", "2017-06", "", ["D4"]),
        ("fin juin", "2017-06", " | mod: END", []),
        ("fin juin", "2017-06", " | mod: START", ["D4"]),
        ("fin 2017", "2017", " | mod: BEFORE", ["D4"]),
        ("début de l’année", "2024", "", ["D4"]),
        ("tout début 2017", "2017", "", ["D4"]),
        ("mi-juin", "2017-06", "", ["D4"]),
        ("mi-juin", "2017-06", " | mod: MID", []),
        ("fin de semaine", "2024-W10-WE", "", []),
        ("mi-journée", "2024-03-05TMI", "", []),
        ("finale", "2024", "", []),
    ],
)
def test_beginnings_and_ends_give_mod(words, value, more, rules):
    assert said("DATE", words, value, more) == rules


@pytest.mark.parametrize(
    ("text", "line", "rules"),
    [
        ("Vers 7 heures, il part", "TIME 7 heures | T07:00", ["D3?"]),
        ("Vers 7 heures, il part", "TIME 7 heures | T07:00 | mod: APPROX", []),
        ("Vers 7 heures, il part", "TIME 7 heures | T07:00 | note: the text is a name", []),
        ("Vers 7 heures, il part", "TIME? 7 heures | T07:00", []),
        ("avant le 5 mars", "DATE 5 mars | 2024-03-05", ["D3?"]),
        ("d’ici au 5 mars", "DATE 5 mars | 2024-03-05", ["D3?"]),
        ("d’ici à fin 2017", "DATE fin 2017 | 2017 | mod: END", []),
        ("plus de cinq ans", "DURATION cinq ans | P5Y", ["D3?"]),
        ("au moins cinq ans", "DURATION cinq ans | P5Y", ["D3?"]),
        ("au bout de cinq ans", "DURATION cinq ans | P5Y", []),
        ("après cinq ans", "DURATION cinq ans | P5Y", []),
        ("depuis 2017", "DATE 2017 | 2017", []),
        ("jusqu’en 2017", "DATE 2017 | 2017", []),
        ("devant le mur, 2017", "DATE 2017 | 2017", []),
    ],
)
def test_approximations_before_a_date_ask_for_mod(text, line, rules):
    assert told(line, text) == rules


@pytest.mark.parametrize(
    ("text", "value", "rules"),
    [
        ("La cour a jugé l’affaire jeudi.", "2024-03-07", ["D8?"]),
        ("La cour a jugé l’affaire jeudi.", "2024-02-29", []),
        ("Les élus ont été reçus jeudi.", "2024-03-07", ["D8?"]),
        ("L’homme est mort jeudi.", "2024-03-07", ["D8?"]),
        ("L’homme s’est également enfui jeudi.", "2024-03-07", ["D8?"]),
        ("Les élus sont reçus jeudi.", "2024-03-07", []),
        ("La cour jugera l’affaire jeudi.", "2024-03-07", []),
        ("La cour a renvoyé l’affaire à jeudi.", "2024-03-07", []),
        ("Le maire a donné rendez-vous pour jeudi.", "2024-03-07", []),
        ("La cour a promis de juger l’affaire jeudi.", "2024-03-07", []),
        ("La cour a dit que l’affaire sera jugée jeudi.", "2024-03-07", []),
        ("La cour a prévenu : audience jeudi.", "2024-03-07", []),
        ("Il est venu. Il reviendra jeudi.", "2024-03-07", []),
        ("La cour juge l’affaire jeudi.", "2024-03-14", ["D8?"]),
        ("La cour a jugé l’affaire jeudi.", "2024-02-15", ["D8?"]),
    ],
)
def test_a_weekday_alone_is_the_nearest_on_the_side_of_the_tense(text, value, rules):
    assert told(f"DATE jeudi | {value}", text) == rules
    assert told(f"DATE? jeudi | {value}", text) == []
    assert told(f"DATE jeudi | {value} | note: so it was", text) == []


def test_a_weekday_whose_value_is_wrong_already_is_told_once():
    text = "La cour a jugé l’affaire jeudi."
    assert told("DATE jeudi | 2024-03-09", text) == ["D5"]
    assert told("DATE jeudi | 2024-02-30", text) == [""]


def test_a_weekday_with_more_words_says_its_own_day():
    for words, value in (("jeudi 28 mars", "2024-03-28"), ("jeudi dernier", "2024-02-22")):
        assert told(f"DATE {words} | {value}", f"La cour a jugé l’affaire {words}.") == []


@given(st.sampled_from(WEEKDAYS), st.dates())
def test_a_weekday_of_any_value_gets_a_verdict(weekday, day):
    assert set(told(f"DATE {weekday} | {day.isoformat()}", f"Il est venu {weekday}.")) <= {
        "D5",
        "D8?",
    }
