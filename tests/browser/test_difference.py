"""The page of two back ends compared: which facts one has right and the other has not."""

import re
from collections import Counter

import pytest

from factharness.cli import main

pytestmark = [pytest.mark.browser, pytest.mark.needs("playwright")]

PARTS = ("difference", "mistakes", "articles")


@pytest.fixture(scope="module")
def difference(run, tmp_path_factory):
    """The page of ``careless`` against ``careful``."""
    file = tmp_path_factory.mktemp("difference") / "diff.html"
    sides = (f"{run.path}:careful", f"{run.path}:careless")
    with pytest.raises(SystemExit) as stopped:
        main(["compare", *sides, "-o", str(file)])
    assert stopped.value.code == 0
    return file


def wrong(run, backend):
    """The facts of gold about which a back end errs, and those that it makes up, as often as it does."""
    mistakes = run.mistakes(backend)
    gold = {(m.goldset, m.article, m.gold) for m in mistakes if m.gold}
    return Counter(gold) + Counter((m.goldset, m.article, m.pred) for m in mistakes if not m.gold)


def test_it_counts_what_is_fixed_and_what_is_broken(windows, difference, run):
    page = windows.open(difference)
    said = page.locator("#changes").inner_text()
    numbers = {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", said)}
    before, after = wrong(run, "careful"), wrong(run, "careless")
    assert numbers["fixed"] == (before - after).total()
    assert numbers["broken"] == (after - before).total()
    for change, number in numbers.items():
        page.goto(page.evaluate("location.href").partition("#")[0] + f"#mistakes?change={change}")
        assert page.locator("#hits").inner_text().split()[0] == str(number)


@pytest.mark.parametrize("part", PARTS)
def test_it_fits_a_phone(windows, difference, part):
    page = windows.open(difference, f"#{part}", width=400)
    assert page.evaluate("document.documentElement.scrollWidth") == 400


@pytest.mark.needs("axe_playwright_python")
@pytest.mark.parametrize("part", PARTS)
def test_axe_finds_nothing(windows, difference, part):
    from axe_playwright_python.sync_playwright import Axe

    page = windows.open(difference, f"#{part}")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], node["target"]) for rule in found for node in rule["nodes"][:3]] == []


def test_keys_go_through_the_changes_of_an_article(windows, difference):
    page = windows.open(difference, "#articles")
    total = page.locator(".notes2 a").count()
    assert page.locator("#of").inner_text() == f"{total} changes"
    visited = set()
    for _ in range(total):
        page.keyboard.press("j")
        visited.add(page.evaluate("location.href"))
    assert len(visited) == total
