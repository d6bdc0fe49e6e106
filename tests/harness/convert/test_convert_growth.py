"""Four times the labels cost about four times the work, counted in lines and calls, not in seconds."""

import json
from collections.abc import Callable

import pytest
from counted_work import steps

from factharness.convert import FORMATS, Account, export_gold, import_gold
from factharness.gold.format import render
from factharness.gold.new import composed
from factharness.gold.parse import parse

SMALL = 60


def repeated(size: int) -> dict[str, object]:
    """One name, over and over."""
    return {
        "text": " ".join(["Ana"] * size),
        "label": [[4 * number, 4 * number + 3, "PER"] for number in range(size)],
    }


def distinct(size: int) -> dict[str, object]:
    """Many names that share a frequent word."""
    words = [f"la {1000 + number}" for number in range(size)]
    return {
        "text": " ".join(words),
        "label": [[8 * number, 8 * number + 7, "LOC"] for number in range(size)],
    }


def stacked(size: int) -> dict[str, object]:
    """Many labels on one stretch."""
    return {"text": "Ana Bo", "label": [[0, 3, "A" * number] for number in range(1, size + 1)]}


def twice(size: int) -> dict[str, object]:
    """One annotation, over and over, with one id."""
    entity = {"id": 1, "start_offset": 0, "end_offset": 3, "label": "PER"}
    return {"text": "Ana Bo", "entities": [entity] * size}


def moved(size: int) -> dict[str, object]:
    """Paragraphs with line ends of Windows, and emoji, so that every offset moves."""
    return {
        "text": "\r\n\r\n".join(["🎭 Ana"] * size),
        "label": [[9 * number + 2, 9 * number + 5, "PER"] for number in range(size)],
    }


def fragments(size: int) -> dict[str, object]:
    """One quote in many pieces."""
    return {
        "text": " ".join(["oui"] * size),
        "entities": [
            {
                "id": number,
                "start_offset": 4 * number,
                "end_offset": 4 * number + 3,
                "label": "QUOTE.direct",
            }
            for number in range(size)
        ],
        "relations": [
            {"from_id": number, "to_id": number + 1, "type": "continues"}
            for number in range(size - 1)
        ],
    }


def quotes(size: int) -> dict[str, object]:
    """Long quotes that begin alike and end alike, each over the whole of the rest."""
    said = [f"« Oui, je le dis {1000 + number} fois, encore demain »" for number in range(size)]
    length = len(said[0]) + 1
    text = " ".join(said)
    return {
        "text": text,
        "label": [[length * number, len(text), "QUOTE.direct"] for number in range(size)],
    }


def through(value: dict[str, object]) -> None:
    """From JSON to a gold file, and its facts read back."""
    raw = json.dumps(value | {"published": "2024-03-05"}).encode()
    (gold,), notes = import_gold("doccano", {"d.jsonl": raw}, allow_empty=True)
    document, losses = composed(gold)
    account = Account(notes=notes)
    account.count(gold, losses, "d")
    assert list(account.lines())
    parse(render(document))


@pytest.mark.parametrize(
    "shape",
    [repeated, distinct, stacked, twice, moved, fragments, quotes],
    ids=lambda made: made.__name__,
)
def test_an_import_is_linear_in_its_labels(shape):
    through(shape(3))
    small = steps(lambda: through(shape(SMALL)))
    large = steps(lambda: through(shape(4 * SMALL)))
    assert large < 4.8 * small


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"spacy", "xmi"}))
def test_formats_are_linear_in_the_regions(name):
    def work(size: int) -> Callable[[], object]:
        raw = json.dumps(moved(size)).encode()
        gold = import_gold("doccano", {"d.jsonl": raw})[0]
        return lambda: import_gold(name, export_gold(name, gold).files)

    work(3)()
    assert steps(work(4 * SMALL)) < 4.8 * steps(work(SMALL))
