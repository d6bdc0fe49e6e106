"""The examples of each label that the page shows."""

import pytest

from factharness.facts import DATE_TYPES, QUOTE_TYPES, Span
from factharness.label.examples import LabelExample, example, examples
from factharness.scheme import FR_NEWS

LABELS = (*FR_NEWS.entities, *DATE_TYPES, *QUOTE_TYPES)


def test_every_label_has_examples_and_says_what_it_means():
    assert set(LABELS) <= examples().keys()


@pytest.mark.parametrize("label", LABELS)
def test_the_examples_are_of_the_label(label):
    found = examples()[label]
    assert found.label == label
    assert found.says
    assert any(one.marked for one in found.examples)
    for one in found.examples:
        assert not set("[]") & set(one.text)
        for span in one.marked:
            assert span.of(one.text).strip() == span.of(one.text)


def test_brackets_become_places():
    table = {"text": "[Alice] a vu [Brivac]", "says": "two"}
    assert example(table) == LabelExample(
        "Alice a vu Brivac", (Span(0, 5), Span(11, 17)), None, "two"
    )
