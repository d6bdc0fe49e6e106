"""Every example and counter-example of the data files is a test."""

import re
from datetime import date

import pytest

from fact_extractors.rules import dates

REFERENCE = date(2024, 3, 5)
_FACT = re.compile(r"\[([^\]|]*)\|([^\]]*)\]")


def read_example(example: str) -> tuple[str, list[tuple[str, str]]]:
    """The plain sentence, and the facts marked in it."""
    return _FACT.sub(r"\1", example), [(m[1], m[2]) for m in _FACT.finditer(example)]


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
