"""Large runs: a page draws the articles that are most worth reading, says so, and counts all of them."""

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs
from page_runs import gold_set, place, run_of, stored

from factharness.cli import main
from factharness.facts import Entity
from factharness.kept import Kept
from factharness.report.html import render, shown
from factharness.runs.texts import Texts

TEXT = "Ana va à Lyon avec Bo, Léa, Max et Zoé."
NAMES = ("Ana", "Bo", "Léa", "Max", "Zoé")
GOLD = [Entity(place(TEXT, name), "PER") for name in NAMES]
MADE_UP = [Entity(place(TEXT, word), "PER") for word in ("va", "avec", "et")]


def data(page):
    found = re.findall(r'id="data-([^"]*)">(.*?)</script>', page, re.DOTALL)
    return {name: json.loads(text) for name, text in found}


def drawn(page):
    return [one["id"] for one in data(page)["facts"]["articles"]]


def exit_code(arguments):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return left.value.code


def run_with(folder, found, out="out"):
    """A run on as many articles as there are numbers: how many facts are found in each, the last ones made up,
    or an error."""
    ids = [f"a{number}" for number in range(len(found))]
    goldset = folder / "set"
    if not goldset.exists():
        gold_set(goldset, dict.fromkeys(ids, (TEXT, GOLD)))
    facts = {
        name: one if isinstance(one, str) else (GOLD + MADE_UP)[:one]
        for name, one in zip(ids, found, strict=True)
    }
    file = stored(folder / f"{out}.jsonl", facts)
    return run_of(folder, [goldset], {"mine": file}, out=out)


@pytest.fixture(autouse=True)
def _two_are_many(monkeypatch):
    monkeypatch.setattr(shown, "MOST", 2)


@settings(max_examples=20, deadline=None)
@given(found=st.lists(st.integers(0, len(GOLD + MADE_UP)), min_size=1, max_size=6))
@example(found=[5, 8, 5, 4])
def test_no_article_that_is_left_out_has_more_mistakes_than_one_that_is_shown(
    tmp_path_factory, found
):
    run = run_with(tmp_path_factory.mktemp("run"), found)
    ids = drawn(render(run, Texts(run)))
    assert len(ids) == min(2, len(found))
    assert ids == sorted(ids)
    wrong = {f"a{number}": abs(len(GOLD) - one) for number, one in enumerate(found)}
    left_out = [wrong[name] for name in wrong if name not in ids]
    assert max(left_out, default=0) <= min(wrong[name] for name in ids)


def test_an_article_on_which_a_back_end_failed_is_shown_first(tmp_path):
    run = run_with(tmp_path, [0, 1, "broken", 5])
    assert drawn(render(run, Texts(run))) == ["a0", "a2"]


def test_an_error_leads_to_its_article_only_where_that_is_shown(tmp_path):
    run = run_with(tmp_path, [5, "broken", "broken", "broken"])
    page = render(run, Texts(run))
    assert drawn(page) == ["a1", "a2"]
    assert re.findall(r"<i>mine</i> on (.*?): ", page) == [
        '<a href="#articles/set/a1">a1</a>',
        '<a href="#articles/set/a2">a2</a>',
        "a3",
    ]


def test_numbers_and_slices_are_of_all_articles(tmp_path):
    run = run_with(tmp_path, [5, 5, 1, 0])
    some, every = (render(run, Texts(run), all_articles=every) for every in (False, True))
    assert drawn(some) == ["a2", "a3"]
    assert drawn(every) == ["a0", "a1", "a2", "a3"]
    assert data(some)["scores"] == data(every)["scores"]
    numbers = [
        re.sub(r"\s*<script.*?</script>", "", page, flags=re.DOTALL) for page in (some, every)
    ]
    note = f'<p class="left-some">{shown.note(run)}</p>\n'
    assert numbers[0].replace(note, "") == numbers[1] != numbers[0]
    members = data(some)["slices"]["set"]
    assert members["articles"] == ["a2", "a3"]
    for dimension in members["dimensions"]:
        assert all(number < 2 for places in dimension["members"] for number in places)


def test_only_what_is_shown_is_read(tmp_path):
    run = run_with(tmp_path, [5, 5, 1, 0])
    asked = []

    def known(_, article):
        asked.append(article)
        return TEXT

    render(run, Texts(run, known))
    assert set(asked) == {"a2", "a3"}


def test_it_says_so_at_the_top_and_on_the_terminal(tmp_path, monkeypatch, capsys):
    run_with(tmp_path, [5, 1, 0])
    monkeypatch.chdir(tmp_path)
    assert exit_code(["report", "out", "-o", "some.html"]) == 0
    sentence = "Of 3 articles, the page shows the 2 with the most mistakes"
    assert sentence in capsys.readouterr().err
    assert sentence in (tmp_path / "some.html").read_text(encoding="utf-8")
    assert exit_code(["report", "out", "-o", "all.html", "--all-articles"]) == 0
    assert capsys.readouterr().err == ""
    assert 'class="left-some"' not in (tmp_path / "all.html").read_text(encoding="utf-8")


def test_a_page_of_few_articles_says_nothing(tmp_path, monkeypatch, capsys):
    run_with(tmp_path, [5, 1])
    monkeypatch.chdir(tmp_path)
    assert exit_code(["report", "out", "-o", "page.html"]) == 0
    assert capsys.readouterr().err == ""
    assert 'class="left-some"' not in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_draw_articles_does_not_say_which_it_draws(tmp_path):
    run = run_with(tmp_path, [5, 1, 0])
    assert shown.note(run)
    first_format = structs.replace(run, manifest=structs.replace(run.manifest, format=1))
    assert shown.note(first_format) == ""


def test_what_is_kept_of_a_page_of_some_articles_is_not_taken_for_one_of_all(tmp_path):
    run, kept = run_with(tmp_path, [5, 1, 0]), Kept(tmp_path / "kept")
    for every, ids in ((False, ["a1", "a2"]), (True, ["a0", "a1", "a2"])):
        assert drawn(render(run, Texts(run), all_articles=every, kept=kept)) == ids


def test_a_difference_shows_the_articles_that_changed_most(tmp_path, monkeypatch, capsys):
    run_with(tmp_path, [0, 3, 5, 2], out="before")
    run_with(tmp_path, [0, 1, 0, 2], out="after")
    monkeypatch.chdir(tmp_path)
    assert exit_code(["compare", "before", "after", "-o", "diff.html"]) == 0
    assert "the page shows the 2 with the most changes" in capsys.readouterr().err
    assert drawn((tmp_path / "diff.html").read_text(encoding="utf-8")) == ["a1", "a2"]
    assert exit_code(["compare", "before", "after", "-o", "all.html", "--all-articles"]) == 0
    assert len(drawn((tmp_path / "all.html").read_text(encoding="utf-8"))) == 4


@pytest.mark.parametrize("command", [["report", "out"], ["compare", "out", "out"]])
def test_all_articles_are_for_a_page(command, capsys):
    assert exit_code([*command, "--all-articles"]) == 2
    assert "--all-articles is for a page" in capsys.readouterr().err
