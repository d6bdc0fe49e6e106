"""A rule is tried wherever it could match, and a pattern knows what it can start with."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fact_extractors import words
from fact_extractors.rules.dates import grammar
from fact_extractors.rules.grammar import Grammar
from fact_extractors.rules.patterns import ANY, END, Parser

_CLASSES = {
    "day": ["lundi", "mardi gras"],
    "nth": {"regex": "[0-9](?: er)?", "starts": ["0", "0 er"]},
    "count": {
        "regex": "dix(?:-(?:sept|huit))?",
        "starts": ["dix"],
        "longer": ["dix"],
        "then": ["-"],
    },
    "zone": {"regex": r"\(?gmt.*", "starts": ["(", "gmt"], "then": [ANY]},
    "le_soir": "le soir",
}
_PATTERNS = ("{zone}", "{zone} [le ]soir", "{nth} {day}", "[{day} ]{nth}", "{count}[ {day}]")
_OF_TESTS = Grammar(_CLASSES, {}, [{"id": p, "pattern": p, "make": "day"} for p in _PATTERNS])
_EXAMPLES = sorted({
    re.sub(r"\[([^|\]]*)\|[^\]]*\]", r"\1", sentence)
    for rule in grammar().rules
    for sentence in (*rule.examples, *rule.counter)
})  # fmt: skip
_WORDS = sorted({word for sentence in _EXAMPLES for word in sentence.split(" ")})
_SENTENCES = st.one_of(
    st.sampled_from(_EXAMPLES),
    st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join),
    st.lists(
        st.sampled_from([*_WORDS, *" \n,.-–/:’()", "12", "2024", "1er", "h", "et"]), max_size=12
    ).map("".join),
)


@given(text=_SENTENCES)
@example(text="trente et un ans plus tard")
@example(text="10 000 ans après, 12,5 heures avant, 3 000 000 d’années")
@example(text="midi (gmt) et 14 h (heure de paris)")
@settings(deadline=None)
def test_every_rule_that_matches_is_tried(text):
    _is_tried(grammar(), words.bare(text))


@given(
    text=st.lists(
        st.sampled_from(
            ["gmt", "(gmt)", "le", "soir", "lundi", "mardi", "gras", "3", "er", "dix", "-sept"]
        ),
        max_size=5,
    ).map(" ".join)
)
@example(text="gmt sur le soir")
@settings(deadline=None)
def test_a_rule_is_tried_where_nothing_is_known_of_what_comes_next(text):
    _is_tried(_OF_TESTS, text)


def _is_tried(of: Grammar, bare: str) -> None:
    for word, at in of._starts.places(bare):
        tried = of._candidates(bare, at, word)
        assert {r.id for r in of.rules if r.regex.match(bare, at)} <= {r.id for r in tried}


@given(text=_SENTENCES)
@settings(deadline=None)
def test_a_rule_matches_only_where_one_may_start(text):
    bare = words.bare(text)
    starts = {at for _, at in grammar()._starts.places(bare)}
    for word in words.WORD.finditer(bare):
        if any(rule.regex.match(bare, word.start()) for rule in grammar().rules):
            assert word.start() in starts


def test_a_guard_with_veto_is_asked_first():
    guards = {"street": {"before": "rue du "}, "age": {"before": "du ", "veto": True}}
    rule = {"id": "day", "pattern": "{day}", "make": "day", "guards": ["street", "age"]}
    found = Grammar(_CLASSES, guards, [rule]).match("rue du lundi", 7, "lundi")
    assert found is not None
    assert (found.rule, found.end) == (None, 12)


def test_a_match_has_the_fields_that_its_groups_fill():
    rule = {"id": "days", "pattern": "<{day}>[ et <{day}>]", "make": "day"}
    found = Grammar(_CLASSES, {}, [rule]).match("lundi", 0, "lundi")
    assert found is not None
    assert found.fields == {"day": "lundi"}


def _after(*units, last=None):
    for unit in reversed(units):
        last = {unit: last or {END: {}}}
    return last


@pytest.mark.parametrize(
    ("pattern", "ahead"),
    [
        ("le soir", _after("le", "soir")),
        ("[le ]soir", _after("le", "soir") | _after("soir")),
        ("(le|ce) soir", _after("le", "soir") | _after("ce", "soir")),
        ("l'an 12", _after("l", "'", "an", last={ANY: {}})),
        ("{day} 2", {"lundi": _after("0"), "mardi": _after("gras", "0")}),
        ("mai 2024", _after("mai", "0000")),
        ("{nth} mai", {"0": _after("mai") | _after("er", "mai")}),
        ("{count} ans", {"dix": _after("ans") | {"-": {ANY: {}}}}),
        ("{zone} soir", {"(": {ANY: {}, "soir": {END: {}}}, "gmt": {ANY: {}, "soir": {END: {}}}}),
        ("a {le_soir}[ b]", _after("a", "le", "soir")),
    ],
)
def test_a_pattern_knows_its_first_units(pattern, ahead):
    assert _first_three(Parser(_CLASSES, pattern).parse().ahead) == _first_three(ahead)


def _first_three(ahead, depth=3):
    if not depth or ANY in ahead:
        return {ANY: {}}
    return {unit: _first_three(rest, depth - 1) if unit else {} for unit, rest in ahead.items()}
