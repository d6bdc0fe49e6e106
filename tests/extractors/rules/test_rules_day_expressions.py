"""Expressions in wide use, each with a value decided by hand."""

import csv
from datetime import date
from pathlib import Path

import pytest

from fact_extractors.rules.dates import normalise

WEDNESDAY = date(2024, 3, 13)


def _rows():
    lines = Path(__file__).with_name("day_expressions.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((x for x in lines if not x.startswith("#")), delimiter="\t"))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            row,
            id=row["expression"],
            marks=[pytest.mark.xfail(strict=True)] if row["read"] == "no" else [],
        )
        for row in _rows()
    ],
)
def test_expression_has_its_value(row):
    found = normalise(row["expression"], WEDNESDAY)
    assert found is not None
    assert (found.type, found.value) == (row["type"], row["value"])


def test_no_expression_stands_twice():
    expressions = [row["expression"] for row in _rows()]
    assert len(expressions) == len(set(expressions)) >= 120
