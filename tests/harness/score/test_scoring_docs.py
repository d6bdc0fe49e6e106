"""The page on scoring says what is so: its examples run, its tables are checked."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

from factharness.score import timex
from factharness.score.dates import DATE_REGIMES
from factharness.score.quote_regimes import QUOTE_REGIMES
from factharness.score.regimes import SPAN_REGIMES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "scoring.md"


def test_the_examples_run():
    found = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert found.attempted > 30
    assert found.failed == 0


@pytest.mark.parametrize("name", ["spans", "dates", "quotes", "names", "stats", "tags"])
def test_the_examples_of_the_modules_run(name):
    found = doctest.testmod(importlib.import_module(f"factharness.score.{name}"))
    assert found.attempted
    assert found.failed == 0


def test_the_table_of_values():
    rows = re.findall(r"^\| `(\S+)` \| `(\S+)` \| ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) > 10
    assert {written: timex.canonical(written) for written, _ in rows} == dict(rows)


def test_every_regime_is_explained():
    text = PAGE.read_text(encoding="utf-8")
    for regime in (*SPAN_REGIMES, *DATE_REGIMES, *QUOTE_REGIMES):
        assert f"`{regime}`" in text, regime
