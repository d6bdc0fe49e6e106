"""Every example and counter-example of the data files is a test."""

import re
from datetime import date
from importlib import import_module

import pytest

from fact_extractors.rules import dates, entities, grammar, quotes, verbs
from fact_extractors.rules.data import document
from fact_extractors.rules.patterns import GrammarError, Parser
from fact_extractors.speech.verbs import table

REFERENCE = date(2024, 3, 5)
_FACT = re.compile(r"\[([^\]|]*)\|([^\]]*)\]")


def read_example(example: str) -> tuple[str, list[tuple[str, str]]]:
    """The plain sentence, and the facts marked in it."""
    return _FACT.sub(r"\1", example), [(m[1], m[2]) for m in _FACT.finditer(example)]


@pytest.mark.parametrize("name", document("dates")["guard"])
def test_a_guard_looks_back_as_far_as_it_can_match(name):
    spec = document("dates")["guard"][name]
    if "before" in spec:
        widest = import_module("re._parser").parse(spec["before"]).getwidth()[1]
        assert widest <= spec.get("reach", grammar._BACK) or ("reach" in spec and widest > 1000)


def _examples():
    for rule in dates.grammar().rules:
        for example in rule.examples:
            yield pytest.param(rule.id, example, id=f"{rule.id}: {example}")


def _counter_examples():
    for rule in dates.grammar().rules:
        for sentence in rule.counter:
            yield pytest.param(sentence, id=f"{rule.id}: {sentence}")


@pytest.mark.parametrize(("rule", "example"), _examples())
def test_example_is_found_with_its_value(rule, example):
    sentence, expected = read_example(example)
    found = dates.find(sentence, REFERENCE)
    assert [(sentence[f.start : f.end], f.value.value) for f in found] == expected
    assert rule in [f.rule for f in found]


@pytest.mark.parametrize("sentence", _counter_examples())
def test_counter_example_has_no_fact(sentence):
    assert dates.find(sentence, REFERENCE) == []


def test_every_rule_has_an_example():
    assert [rule.id for rule in dates.grammar().rules if not rule.examples] == []


def test_rule_ids_are_unique():
    ids = [rule.id for rule in dates.grammar().rules]
    assert len(ids) == len(set(ids))


def _ways():
    for way in document("quotes")["way"]:
        for example in way["examples"]:
            yield pytest.param(way["id"], example, id=f"{way['id']}: {example['text']}")


def _named():
    for rule in document("names")["rule"]:
        for example in rule["examples"]:
            yield pytest.param(rule["id"], example, id=f"{rule['id']}: {example}")


@pytest.mark.parametrize(("way", "example"), _ways())
def test_way_finds_its_quotation(way, example):
    text = re.sub(r"[\[\]]", "", example["text"])
    (found,) = [f for f in quotes.find(text) if f.rule == way]
    quote = found.quote
    expected = [part.strip() for part in re.findall(r"\[([^\]]*)\]", example["text"])]
    assert [span.of(text) for span in quote.content] == expected
    assert quote.type == example["type"]
    assert (quote.speaker and quote.speaker.of(text)) == example.get("speaker")
    assert (quote.cue and quote.cue.of(text)) == example.get("cue")


@pytest.mark.parametrize("sentence", document("quotes")["none"]["not"])
def test_sentence_without_quotation(sentence):
    assert quotes.find(sentence) == []


@pytest.mark.parametrize(("rule", "example"), _named())
def test_name_has_its_type(rule, example):
    text, expected = read_example(example)
    found = entities.find(text)
    assert [(f.entity.span.of(text), f.entity.label) for f in found] == expected
    assert rule in [f.rule for f in found]


@pytest.mark.parametrize("sentence", document("names")["none"]["not"])
def test_sentence_without_name(sentence):
    assert entities.find(sentence) == []


@pytest.mark.parametrize("name", ["locutions", "leads", "sources"])
def test_the_example_of_a_cue_has_that_cue(name):
    for row in table(name):
        text = row["example"]
        words = row["words"].removesuffix("de").rstrip("'")
        cues = [text[c.start : c.end].lower().replace("’", "'") for c in verbs.cues(text)]
        assert any(words in cue for cue in cues), (row, cues)


@pytest.mark.parametrize("pattern", ["{nothing}", "[le", "le]", "(a|b", "<x", "{le"])
def test_a_pattern_that_does_not_read_says_so(pattern):
    with pytest.raises(GrammarError):
        Parser({}, pattern).parse()
