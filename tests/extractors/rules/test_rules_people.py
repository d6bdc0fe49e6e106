"""The full name of a speaker who is mentioned by a function."""

from fact_extractors.rules.people import People
from factharness.facts import Entity, Span

_TEXT = "Le maire Anne Vial part. Le maire Paul Roy arrive. Le maire a parlé."


def _span(words: str, last: bool = False) -> Span:
    start = _TEXT.rindex(words) if last else _TEXT.index(words)
    return Span(start, start + len(words))


def test_a_function_is_that_of_the_last_person_who_had_it():
    persons = [Entity(_span(name), "PER") for name in ("Anne Vial", "Paul Roy")]
    mention = _span("Le maire", last=True)
    assert People(_TEXT, persons).name(mention, mention.start) == "Paul Roy"


def test_a_body_in_the_mention_is_named_before_a_person():
    found = [Entity(_span("Anne Vial"), "PER"), Entity(_span("maire", last=True), "ORG")]
    mention = _span("Le maire", last=True)
    assert People(_TEXT, found).name(mention, mention.start) == "maire"
