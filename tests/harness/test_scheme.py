"""Labels of a set's own: what may be declared, and the way of other labels into them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.errors import GoldError
from factharness.facts import Article, Entity, GoldArticle, GoldFact, Prediction, Span
from factharness.gold.set_file import read_set, scheme_of
from factharness.gold.sets import load_set
from factharness.labels import DATE_LABELS, MAPS, SCHEME, mapped
from factharness.scheme import FR_NEWS, declared
from factharness.score import evaluate

MARKETS = {
    "COMPANY": {"kind": "entity", "ontonotes": "ORG", "wikiner": ["ORG"]},
    "MONEY": {"kind": "entity", "says": "amounts", "ontonotes": ["MONEY", "PERCENT"]},
    "leaves-out": {"ontonotes": ["CARDINAL"]},
}


def scheme(labels=MARKETS, checks=()):
    return declared("markets-1", labels, list(checks), "set.toml")


def test_labels_keep_their_order_and_their_place_elsewhere():
    own = scheme()
    assert own.entities == ("COMPANY", "MONEY")
    table = own.map_from("ontonotes")
    assert [mapped(label, table) for label in ("ORG", "MONEY", "PERCENT", "CARDINAL", "DATE")] == [
        "COMPANY", "MONEY", "MONEY", "", "DATE",
    ]  # fmt: skip
    assert mapped("GPE", table) is None
    assert mapped("COMPANY.bank", own.map_from(SCHEME)) == "COMPANY"


@given(st.sampled_from(sorted(MAPS)))
def test_own_labels_and_dates_need_no_line(theirs):
    table = scheme().map_from(theirs)
    assert all(table[label] == label for label in (*scheme().entities, *DATE_LABELS))
    assert set(table.values()) <= {*scheme().entities, *DATE_LABELS, ""}
    assert FR_NEWS.map_from(theirs) == MAPS[theirs]


def test_a_change_of_the_labels_changes_the_signature():
    changed = {**MARKETS, "MONEY": {"kind": "entity", "says": "amounts", "ontonotes": "MONEY"}}
    assert FR_NEWS.signature == SCHEME
    assert scheme().signature.startswith("markets-1#")
    assert scheme().signature == scheme().signature
    assert len({scheme().signature, scheme(changed).signature}) == 2
    assert scheme().signature != scheme(checks=["speakers"]).signature
    explained = {**MARKETS, "COMPANY": {**MARKETS["COMPANY"], "says": "firms"}}
    assert scheme(explained).signature == scheme().signature


@pytest.mark.parametrize(
    ("labels", "checks", "message"),
    [
        ({"MONEY": {}}, [], "labels.MONEY has no kind"),
        ({"MONEY": "entity"}, [], "labels.MONEY is no table"),
        ({"MONEY": {"kind": "entitty"}}, [], "unknown kind of MONEY.*did you mean 'entity'"),
        ({"money": {"kind": "entity"}}, [], "'money' is no label"),
        ({"DATE": {"kind": "entity"}}, [], "DATE is a type of date"),
        ({"QUOTE": {"kind": "entity"}}, [], "QUOTE is a quote or a part of one"),
        ({"CUE": {"kind": "entity"}}, [], "CUE is a quote or a part of one"),
        ({"X": {"kind": "entity", "wikiner": "PERR"}}, [], "'PERR'; did you mean 'PER'"),
        (
            {"X": {"kind": "entity", "wikiner": "ORG"}, "Y": {"kind": "entity", "wikiner": "ORG"}},
            [],
            "ORG of wikiner has two places, X and Y",
        ),
        (
            {"X": {"kind": "entity", "wikiner": "ORG"}, "leaves-out": {"wikiner": "ORG"}},
            [],
            "two places, X and leaves-out",
        ),
        ({"WHEN": {"kind": "date"}}, [], "WHEN cannot be a date"),
        ({"DATE": {"kind": "date"}}, [], "declares no label of an entity"),
        ({"X": {"kind": "entity", "ontonote": "Y"}}, [], "did you mean 'ontonotes'"),
        ({"X": {"kind": "entity", "ontonotes": 3}}, [], "ontonotes names no labels"),
        ({"X": {"kind": "entity", "says": 3}}, [], "says is no text"),
        ({"X": {"kind": "entity"}}, ["elision"], "unknown check 'elision'.*'elisions'"),
        ({"X": {"kind": "entity"}}, "elisions", "checks is no list"),
    ],
)
def test_what_cannot_be_declared(labels, checks, message):
    with pytest.raises(GoldError, match=message):
        declared("markets-1", labels, checks, "set.toml")


def test_the_project_scheme_cannot_be_declared_anew():
    with pytest.raises(GoldError, match="fr-news-1, which has its own"):
        declared(SCHEME, MARKETS, [], "set.toml")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('scheme = "markets-1"\n', "has no labels"),
        ("scheme = 3\n", "scheme is no name"),
        ('scheme = "m-1"\n[labels]\nX = { kind = "entity" }\nX = { kind = "entity" }\n', "TOML"),
    ],
)
def test_a_set_file_that_declares_it_wrongly(tmp_path, source, message):
    (tmp_path / "set.toml").write_text(source)
    with pytest.raises(GoldError, match=message):
        read_set(tmp_path)


def test_the_scheme_of_a_file_is_that_of_its_set(tmp_path):
    (tmp_path / "set.toml").write_text(
        'scheme = "m-1"\n[labels]\nX = { kind = "entity", says = "all" }\n'
    )
    passes = tmp_path / "by" / "anna"
    passes.mkdir(parents=True)
    assert scheme_of(passes / "a.gold").entities == ("X",)
    assert scheme_of(tmp_path / "by" / "anna" / "deep" / "a" / "b.gold") is FR_NEWS


def test_facts_are_scored_under_the_labels_of_the_set():
    article = Article("a", "Acme paie 3 euros")
    gold = GoldArticle(
        article,
        (
            GoldFact(Entity(Span(0, 4), "COMPANY")),
            GoldFact(Entity(Span(10, 17), "MONEY.eur")),
        ),
    )
    said = Prediction("a", (Entity(Span(0, 4), "ORG"), Entity(Span(10, 17), "MONEY")))
    scored = evaluate(
        [gold], [said], kinds={"entity"}, label_map=scheme().map_from("ontonotes"), scheme=scheme()
    )
    strict = {row.label: row.counts for row in scored.counts if row.regime == "strict"}
    assert (strict["*"].tp, strict["*"].fp, strict["*"].fn) == (2, 0, 0)
    assert {"COMPANY", "MONEY"} <= strict.keys()


def test_a_loaded_set_has_its_scheme(tmp_path):
    (tmp_path / "set.toml").write_text(
        'name = "m"\nscheme = "m-1"\n[labels]\nX = { kind = "entity" }\n'
    )
    with pytest.raises(GoldError, match=r"no \.gold file"):
        load_set(tmp_path)
    assert read_set(tmp_path).scheme.name == "m-1"
