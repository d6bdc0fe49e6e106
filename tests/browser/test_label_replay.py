"""The gold of dispatches can be made by keys alone, and no more of them than the page promises."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from factharness.gold.sets import load_set
from factharness.label import page
from factharness.resources import find

pytestmark = [pytest.mark.browser, pytest.mark.needs("playwright"), pytest.mark.slow]

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "labelling.py"


@pytest.fixture(scope="module")
def labelling():
    made = importlib.util.spec_from_file_location("labelling", BENCHMARK)
    module = importlib.util.module_from_spec(made)
    made.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sheet(chromium, labelling):
    planner = labelling.PLANNER.read_text(encoding="utf-8")
    window = chromium.new_context().new_page()
    window.add_script_tag(content=page.key_script() + planner)
    return window


@pytest.mark.parametrize("name", ["2023-11-23-loi-puits", "2022-03-01-theatre-citerne"])
def test_a_dispatch_is_labelled_again_as_it_is_labelled(sheet, labelling, name):
    articles = load_set(find("goldsets", "depeches")).articles
    gold = next(one for one in articles if one.article.id == name)
    result = labelling.replayed(sheet, gold)
    assert (result["missing"], result["left"], result["made"]) == ([], 0, len(gold.facts))
    assert labelling.per_forty(result) <= labelling.WORST
