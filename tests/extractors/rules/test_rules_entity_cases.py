"""How names stand in texts as they come: the sentences of ``entity_cases.jsonl`` by kind, with their names.

A line has a ``kind``, a ``text`` and its ``entities``: words and label. Names inside others are left aside.
"""

import json
from pathlib import Path

import pytest

from fact_extractors.rules import build
from factharness.facts import Article

_CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("entity_cases.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case['kind']}: {case['text']!a}")
def test_a_sentence_has_its_names(case):
    text = case["text"]
    (facts,) = build(kinds=["entity"]).extract([Article(id="case", text=text)])
    names = [name for name, _ in case["entities"]]
    outer = [
        [name, label]
        for name, label in case["entities"]
        if not any(name != other and name in other for other in names)
    ]
    assert [[fact.span.of(text), fact.label] for fact in facts] == outer
