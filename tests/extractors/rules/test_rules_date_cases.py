"""Sentences of the kinds that reporters write, each with the dates that a reader finds in it."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from fact_extractors.rules.dates import find

_DATE = re.compile(r"\[([^\]|]*)\|([A-Z]+) ([^\]]*)\]")


def _rows():
    lines = Path(__file__).with_name("date_cases.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((x for x in lines if not x.startswith("#")), delimiter="\t"))


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['kind']}: {row['sentence']}") for row in _rows()]
)
def test_sentence_has_these_dates_and_no_other(row):
    sentence = _DATE.sub(r"\1", row["sentence"])
    published = date.fromisoformat(row["published"] or "2024-03-05")
    found = [
        (sentence[f.start : f.end], f.value.type, f.value.value) for f in find(sentence, published)
    ]
    assert found == [m.groups() for m in _DATE.finditer(row["sentence"])]


def test_no_sentence_stands_twice():
    sentences = [row["sentence"] for row in _rows()]
    assert len(sentences) == len(set(sentences)) > 150
