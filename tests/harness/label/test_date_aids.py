"""Date aids of the labelling page: extents, candidates in both tenses, ``mod`` from the words around."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factharness.backends.registry import build
from factharness.facts import Article, Date, Span
from factharness.gold.sets import load_set
from factharness.gold.timex import malformed
from factharness.label.date_aids import MOST, date_aids
from factharness.label.date_mods import mod_of
from factharness.label.date_patterns import unseen

DISPATCHES = Path(__file__).resolve().parents[3] / "goldsets" / "depeches"
TUESDAY = date(2024, 3, 5)
RULES = build("rules", {"kinds": ["date"]})


def aids(text, published=TUESDAY):
    article = Article("a", text, published)
    return date_aids(article, next(iter(RULES.extract([article]))))


def meant(text, words, published=TUESDAY):
    """The types and values of the candidates for the expression of these words."""
    (aid,) = [aid for aid in aids(text, published) if aid.span.of(text) == words]
    return [(candidate.type, candidate.value) for candidate in aid.candidates]


WORDS = (
    "lundi mardi mars 12 1er 2019 2016 avant vers depuis plus de la veille lendemain minuit à 9 h 30 soir , . "
    "« fin mi-mars trois quelques ans heures par aux deux semaines Pâques Noël demain hier été l’été XXIe "
    "siècle chaque il y a dans prochain dernier une nuit sur demi-siècle week-end"
)


@given(
    st.lists(st.sampled_from([*WORDS.split(), "\n\n"]), max_size=30).map(" ".join),
    st.sampled_from([None, TUESDAY, date(1, 1, 1), date.max]),
)
@example("lundi à minuit , la veille de Pâques à 9 h 30 aux deux semaines", TUESDAY)
@example("Pâques 12 mars demain hier", date(1, 1, 1))
def test_aids_lie_apart_and_have_different_well_formed_values(text, published):
    end = 0
    for aid in aids(text, published):
        assert end <= aid.span.start < aid.span.end <= len(text)
        end = aid.span.end
        values = [(candidate.type, candidate.value) for candidate in aid.candidates]
        assert 1 <= len(values) == len(set(values)) <= MOST
        assert all(value is None or malformed(type, value) is None for type, value in values)
        assert all(
            (candidate.reading is None) == (candidate.value is None) for candidate in aid.candidates
        )


def test_most_dates_of_the_gold_are_among_the_aids():
    """A floor a little below what is reached, so that a change that loses many is seen."""
    dates = extents = firsts = offered = mods = 0
    for gold in load_set(DISPATCHES).articles:
        found = {aid.span: aid for aid in aids(gold.article.text, gold.article.published)}
        for fact in gold.facts:
            if isinstance(fact.fact, Date):
                dates += 1
                aid = found.get(fact.fact.span)
                values = [(one.type, one.value) for one in aid.candidates] if aid else []
                wanted = (fact.fact.type, fact.fact.value)
                extents += aid is not None
                firsts += values[:1] == [wanted]
                offered += wanted in values
                mods += aid is not None and aid.candidates[0].mod == fact.attributes.get("mod")
    assert extents >= 0.97 * dates
    assert firsts >= 0.92 * dates
    assert offered >= 0.96 * dates
    assert mods >= 0.97 * dates


def test_a_candidate_has_its_reading_and_mod():
    (aid,) = aids("Il faut signer avant mardi 12 mars 2024.")
    (first, *_) = aid.candidates
    assert aid.type == "DATE"
    assert first.mod == "BEFORE"
    assert first.reading == "avant le mardi 12\u00a0mars 2024, sept jours après la publication"


@pytest.mark.parametrize(
    ("text", "words", "values"),
    [
        ("Il est venu jeudi.", "jeudi", ["2024-02-29", "2024-03-07", "XXXX-WXX-4"]),
        ("Il viendra jeudi matin.", "jeudi matin", ["2024-03-07TMO", "2024-02-29TMO"]),
        ("Il est venu le 12 avril.", "12 avril", ["2023-04-12", "2024-04-12"]),
        ("Il est venu en octobre.", "octobre", ["2023-10", "2024-10", "XXXX-10"]),
        ("Un bilan de 2018. Il est venu en octobre.", "octobre", ["2018-10"]),
        ("Un bilan de 2018. Il est venu le 12 avril.", "12 avril", ["2018-04-12"]),
        ("Il viendra cet été.", "cet été", ["2024-SU", "2023-SU", "XXXX-SU"]),
        ("Il est venu le 12 mai 2016. La veille, il pleuvait.", "veille", ["2016-05-11", "2024-03-04"]),
        ("Il est venu le 12 mai 2016 à Lyon. À 9 h 30, tout est dit.", "9 h 30",
         ["T09:30", "2016-05-12T09:30", "2024-03-05T09:30", "2016-05-13T09:30"]),
        ("Il est venu le 12 mai 2016. Dans la soirée, il est parti.", "soirée", ["2016-05-12TEV"]),
        ("Demain sera autre.", "Demain", ["2024-03-06", "FUTURE_REF"]),
        ("Il viendra à Pâques.", "Pâques", ["2024-03-31", "2025-04-20"]),
        ("Il viendra le 15.", "15", ["2024-03-15", "2024-02-15"]),
        ("Il y reste trois semaines.", "trois semaines", ["P3W"]),
        ("Il viendra ce week-end.", "ce week-end", ["2024-W10-WE", "2024-W09-WE", "XXXX-WXX-WE"]),
    ],
)  # fmt: skip
def test_candidates_in_both_tenses_and_on_the_days_named(text, words, values):
    found = [value for _, value in meant(text, words)]
    assert [value for value in values if value not in found] == []


@pytest.mark.parametrize(
    ("text", "words", "first"),
    [
        ("Samedi prochain, veille de Pâques, il viendra.", "veille de Pâques", ("DATE", "2024-03-30")),
        ("Il est venu mardi. La veille, à 18 heures, il pleuvait.", "veille, à 18 heures",
         ("TIME", "2024-03-04T18:00")),
        ("Le débat s’achève à minuit.", "minuit", ("TIME", "T24:00")),
        ("Une inspection aux deux semaines suffit.", "aux deux semaines", ("SET", "P2W")),
    ],
)  # fmt: skip
def test_expressions_that_the_guidelines_want_otherwise(text, words, first):
    assert meant(text, words)[0] == first


@pytest.mark.parametrize(
    ("words", "type", "value"),
    [
        ("84 ans", "DURATION", "P84Y"),
        ("trois semaines", "DURATION", "P3W"),
        ("quelques heures", "DURATION", "PTXH"),
        ("deux heures et demie", "DURATION", "PT2H30M"),
        ("un demi-siècle", "DURATION", "P50Y"),
        ("par siècle", "SET", "P1CE"),
        ("chaque lundi", "SET", "XXXX-WXX-1"),
        ("toutes les deux semaines", "SET", "P2W"),
        ("une nuit sur deux", "SET", "P2D"),
        ("un mois sur deux", "SET", "P2M"),
        ("il y a deux ans", "DATE", "2022"),
        ("dans trois semaines", "DATE", "2024-W13"),
        ("lundi", "DATE", "2024-03-04"),
        ("lundi 12 mars 2018", "DATE", "2018-03-12"),
        ("mars 2019", "DATE", "2019-03"),
        ("lundi à 9 h 30", "TIME", "2024-03-04T09:30"),
        ("minuit", "TIME", "T24:00"),
        ("XXIe", "DATE", "20"),
        ("XIXe siècle", "DATE", "18"),
        ("2019", "DATE", "2019"),
        ("week-end", "DATE", None),
        ("fin de la semaine", "DATE", None),
        ("hier", "DATE", "2024-03-04"),
    ],
)  # fmt: skip
def test_patterns_see_whole_expressions(words, type, value):
    text = f"On a dit : « {words} », et puis rien."
    (found,) = unseen(text, TUESDAY, [])
    assert (found.span.of(text), found.type) == (words, type)
    assert value is None or found.value == value


@pytest.mark.parametrize(
    "text", ["Il a été élu.", "La vie est belle.", "Un anneau bleu.", "Le 4-septembres."]
)
def test_patterns_leave_other_words_alone(text):
    assert list(unseen(text, TUESDAY, [])) == []


def test_patterns_leave_alone_what_was_seen():
    assert list(unseen("lundi 12 mars", TUESDAY, [Span(6, 8)])) == [
        Date(Span(0, 5), "DATE", "2024-03-04"),
        Date(Span(9, 13), "DATE", "2024-03"),
    ]


@pytest.mark.parametrize(
    ("text", "type", "mod"),
    [
        ("avant le [printemps]", "DATE", "BEFORE"),
        ("d’ici à [Noël]", "DATE", "BEFORE"),
        ("d’ici au [30 juillet]", "DATE", "BEFORE"),
        ("antérieurs à [1964]", "DATE", "BEFORE"),
        ("pas avant l’[été]", "DATE", "ON_OR_AFTER"),
        ("peu après [17 h 45]", "TIME", "AFTER"),
        ("après la [Tabaski]", "DATE", "AFTER"),
        ("au plus tard le [31 mars]", "DATE", "ON_OR_BEFORE"),
        ("le [31 mars] au plus tard", "DATE", "ON_OR_BEFORE"),
        ("le [31 mars] au plus tôt", "DATE", "ON_OR_AFTER"),
        ("vers [13 heures]", "TIME", "APPROX"),
        ("près de [deux heures du matin]", "TIME", "APPROX"),
        ("près d’[un demi-siècle]", "DURATION", "APPROX"),
        ("environ [huit heures]", "DURATION", "APPROX"),
        ("quelque [huit heures]", "DURATION", "APPROX"),
        ("aux alentours de [2010]", "DATE", "APPROX"),
        ("[huit heures] environ", "DURATION", "APPROX"),
        ("plus de [quatre années]", "DURATION", "MORE_THAN"),
        ("moins d’[un an]", "DURATION", "LESS_THAN"),
        ("au moins [dix jours]", "DURATION", "EQUAL_OR_MORE"),
        ("[dix jours] au moins", "DURATION", "EQUAL_OR_MORE"),
        ("au plus [dix jours]", "DURATION", "EQUAL_OR_LESS"),
        ("[dix jours] au maximum", "DURATION", "EQUAL_OR_LESS"),
        ("[début 2020]", "DATE", "START"),
        ("[mi-mars]", "DATE", "MID"),
        ("avant la [fin du mois]", "DATE", "END"),
        ("en [fin de semaine]", "DATE", None),
        ("depuis [2019]", "DATE", None),
        ("jusqu’en [2025] au moins", "DATE", None),
        ("après [dix jours]", "DURATION", None),
        ("avant [chaque été]", "SET", None),
        ("auparavant [lundi]", "DATE", None),
        ("hivers [2019]", "DATE", None),
        ("avant\n\n[Lundi]", "DATE", None),
        ("le [31 mars] au plus tardif", "DATE", None),
    ],
)  # fmt: skip
def test_the_words_around_a_date_give_its_mod(text, type, mod):
    start, end = text.index("["), text.index("]") - 1
    assert mod_of(text.replace("[", "").replace("]", ""), Span(start, end), type) == mod
