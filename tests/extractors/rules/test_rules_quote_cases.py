"""How reporters write quotations: the sentences of ``quote_cases.jsonl``, by kind, each with its quotations.

A line has a ``kind``, a ``text`` and its ``quotes``: type, fragments, speaker, cue. The marks, spaces and
closing punctuation around a fragment do not count.
"""

import json
from pathlib import Path

import pytest

from fact_extractors.rules import quotes

_AROUND = " \u00a0\u202f«»“”\"‘’'<>,.;:"
_CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("quote_cases.jsonl").read_text("utf-8").splitlines()
]


def _said(text: str) -> list[list[object]]:
    def words(span):
        return span and span.of(text)

    return [
        [
            found.quote.type,
            [words(part).strip(_AROUND) for part in found.quote.content],
            words(found.quote.speaker),
            words(found.quote.cue),
        ]
        for found in quotes.find(text)
    ]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case['kind']}: {case['text']}")
def test_a_sentence_has_its_quotations(case):
    expected = [
        [kind, [part.strip(_AROUND) for part in parts], speaker, cue]
        for kind, parts, speaker, cue in case["quotes"]
    ]
    assert _said(case["text"]) == expected
