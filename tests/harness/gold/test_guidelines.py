"""Every example in docs/guidelines.md stands in a dispatch, labelled there as it is labelled here, or it is
said to be made up: then it has known labels and well-formed values."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from factharness.facts import Date, Entity, GoldArticle, Quote, Span, label_of, spans_of
from factharness.gold.parse import read_document, to_article
from factharness.gold.timex import contradiction, malformed
from factharness.labels import DATE_LABELS, ENTITY_LABELS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "guidelines.md").read_text(encoding="utf-8")
MADE_UP = "Made up:"


def examples(lines: list[str]) -> list[str]:
    spans = re.findall(r"`([^`]+)`", "\n".join(lines))
    return [span for span in spans if re.search(r"[^…][\]}]", span)]


EXAMPLES = examples([line for line in PAGE.split("\n") if not line.startswith(MADE_UP)])
INVENTED = examples([line for line in PAGE.split("\n") if line.startswith(MADE_UP)])
CLOSING = re.compile(r"\](?P<label>[A-Z]+\??)(=(?P<value>[0-9A-Z_:/-]+))?|\}(?P<type>[a-z]*\??)")


class Label(NamedTuple):
    start: int
    end: int
    label: str
    value: str | None


def fold(text: str) -> str:
    return re.sub("[\u00a0\u202f\n]", " ", text).replace("’", "'")


def read(example: str) -> tuple[str, list[Label]]:
    """The bare text of an example and its labels, offsets into that text."""
    text, opened, labels, at = "", [], [], 0
    while at < len(example):
        if example[at] in "[{":
            opened.append(len(text))
        elif example[at] in "]}":
            found = CLOSING.match(example, at)
            assert found, f"no label after the bracket: {example}"
            label = found["label"] or found["type"]
            labels.append(Label(opened.pop(), len(text), label, found["value"]))
            at = found.end()
            continue
        else:
            text += example[at]
        at += 1
    assert not opened, f"an open bracket: {example}"
    return fold(text), labels


def held(article: GoldArticle) -> set[tuple[Span, str, str | None]]:
    """What the article says of each span: label or type, with ``?``, and the value of a date."""
    found = set()
    for gold in article.facts:
        fact = gold.fact
        mark = "?" if gold.ignore else ""
        name = label_of(fact) if isinstance(fact, Entity | Date) else "" if mark else fact.type
        value = fact.value if isinstance(fact, Date) else None
        assert isinstance(fact, Entity | Date | Quote)
        found |= {(span, f"{name}{mark}", value) for span in spans_of(fact)}
    return found


@pytest.fixture(scope="module")
def dispatches() -> list[tuple[str, set[tuple[Span, str, str | None]]]]:
    paths = sorted((ROOT / "goldsets" / "depeches").glob("*.gold"))
    articles = [to_article(read_document(path)) for path in paths]
    return [(fold(article.article.text), held(article)) for article in articles]


def test_there_are_examples():
    assert len(EXAMPLES) > 100


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_is_in_the_gold(example, dispatches):
    words, labels = read(example)
    assert labels
    places = [
        (facts, hit.start())
        for text, facts in dispatches
        for hit in re.finditer(re.escape(words), text)
    ]
    assert places, f"no dispatch says: {words}"
    missing = []
    for facts, start in places:
        wanted = [(Span(start + a, start + b), label, value) for a, b, label, value in labels]
        missing = [each for each in wanted if each not in facts]
        if not missing:
            return
    pytest.fail(f"{words}: not so in the gold: {missing}")


def test_some_examples_are_made_up():
    assert len(INVENTED) > 4


@pytest.mark.parametrize("example", INVENTED)
def test_made_up_example_is_well_formed_and_in_no_dispatch(example, dispatches):
    words, labels = read(example)
    assert labels
    for start, end, label, value in labels:
        kind = label.removesuffix("?")
        if kind in DATE_LABELS:
            assert value is not None
            assert malformed(kind, value) is None
            assert contradiction(words[start:end], value) is None
        else:
            assert kind in {*ENTITY_LABELS, "direct", "mixed", "indirect", ""}
    assert not any(words in text for text, _ in dispatches)


def test_rules_are_numbered_without_gaps():
    """Each letter counts from 1; a rule with a small letter (Q19a) follows its number or the letter before."""
    for letter in "GEDQ":
        last, sub = 0, ""
        for number, small in re.findall(rf"^\*\*{letter}(\d+)([a-z]?)\.", PAGE, re.M):
            if small:
                assert (int(number), small) == (last, chr(ord(sub) + 1) if sub else "a")
            else:
                assert int(number) == last + 1
            last, sub = int(number), small


def test_rules_that_are_cited_exist():
    rules = set(re.findall(r"^\*\*([GEDQ]\d+[a-z]?)\.", PAGE, re.M))
    assert set(re.findall(r"\b[GEDQ]\d+[a-z]?\b", PAGE)) <= rules
