"""How the sentences of ``tree_cases.jsonl`` are read by the bundled parser, a few of each way to attribute.

A line has a ``kind``, a ``text`` and its ``quotes``: type, fragments, speaker, cue, decided by reading. The
marks, spaces and closing punctuation around a fragment do not count. A parser errs, so that a few may be read
otherwise.
"""

import json
from pathlib import Path

import pytest

from fact_extractors.pipelines import spacy
from factharness.facts import Article

pytestmark = pytest.mark.needs("spacy")

_AROUND = " \u00a0\u202f«»“”\"‘’'<>,.;:"
_CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("tree_cases.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def said():
    """The quotations of each case as the bundled pipeline finds them, in the form of the file."""
    extractor = spacy.build(quotes="tree", kinds=["quote"])
    articles = [Article(str(number), case["text"]) for number, case in enumerate(_CASES)]
    return [
        [_plain(case["text"], quote) for quote in found]
        for case, found in zip(_CASES, extractor.extract(articles), strict=True)
    ]


def _plain(text, quote):
    def words(span):
        return span and span.of(text)

    parts = [words(part).strip(_AROUND) for part in quote.content]
    return [quote.type, parts, words(quote.speaker), words(quote.cue)]


def test_nearly_all_sentences_have_their_quotations(said):
    wrong = [
        (case["kind"], case["text"], found)
        for case, found in zip(_CASES, said, strict=True)
        if found != case["quotes"]
    ]
    assert len(wrong) <= len(_CASES) // 10, wrong


def test_what_is_said_is_found_of_every_kind(said):
    found_of = {
        case["kind"]
        for case, found in zip(_CASES, said, strict=True)
        if [quote[1] for quote in found] == [quote[1] for quote in case["quotes"]]
    }
    assert found_of == {case["kind"] for case in _CASES}
