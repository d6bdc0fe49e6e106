"""Runs that lack what a page shows: the page says so in words, and works all the same."""

import shutil

import corrupted_gold
import gold_files
import pytest
from small_runs import small_run

from factharness.cli import main
from factharness.facts import Entity

pytestmark = [pytest.mark.browser, pytest.mark.needs("playwright")]

PARTS = ("overview", "articles", "mistakes", "slices")
FAILS = """
class Fails:
    kinds = frozenset({"entity", "date", "quote"})
    def fingerprint(self): return {"code": "1"}
    def extract(self, articles):
        for article in articles:
            raise RuntimeError("out of memory")
build = Fails
"""
ONLY_NAMES = "Le maire de Lyon, Ève Roux, a parlé. Ève Roux ira à Brest."


def words_of(windows, run):
    """What each part of a run's page says."""
    page = windows.open(run.path / "report.html")
    said = {}
    for part in PARTS:
        page.goto(page.evaluate("location.href").partition("#")[0] + f"#{part}")
        said[part] = page.locator(f"#part-{part}").inner_text()
    return said


@pytest.fixture
def names_only(tmp_path):
    """Gold with two names and a place, and no date or quote."""
    place = gold_files.place
    later = ONLY_NAMES.rindex("Ève")
    facts = [
        Entity(place(ONLY_NAMES, "Lyon"), "LOC"),
        Entity(place(ONLY_NAMES, "Ève Roux"), "PER"),
        Entity(place(ONLY_NAMES, "Ève Roux", later), "PER"),
        Entity(place(ONLY_NAMES, "Brest"), "LOC"),
    ]
    return gold_files.write(tmp_path / "names", "names", ONLY_NAMES, facts)


def test_a_run_with_errors_only_shows_the_errors(windows, tmp_path, names_only):
    (tmp_path / "fails.py").write_text(FAILS, encoding="utf-8")
    run = small_run(tmp_path, [tmp_path / "names"], {"fails": "file:fails.py:build"})
    said = words_of(windows, run)
    assert "out of memory" in said["articles"]
    assert "error" in said["overview"]


def test_a_single_back_end_and_no_gold_of_two_kinds(windows, tmp_path, names_only):
    stored = corrupted_gold.store(tmp_path / "only.jsonl", [names_only], "only", 0)
    run = small_run(tmp_path, [tmp_path / "names"], {"only": stored})
    said = words_of(windows, run)
    assert "only" in said["overview"]
    assert "Ève Roux" in said["articles"]


def test_gold_without_a_fact(windows, tmp_path):
    gold_files.write(tmp_path / "empty", "empty", "Rien à signaler.")
    said = words_of(windows, small_run(tmp_path, [tmp_path / "empty"], {"rules": "rules"}))
    assert "Rien à signaler." in said["articles"]


def test_an_article_of_a_million_characters_is_drawn_as_far_as_it_is_read(windows, tmp_path):
    from playwright.sync_api import expect

    paragraph = "Lyon, où le maire parle." + " Le maire parle encore." * 210
    many = 1_000_000 // len(paragraph) + 1
    text = "\n\n".join([paragraph] * many)
    places = range(0, len(text), len(paragraph) + 2)
    facts = [Entity(gold_files.place(text, "Lyon", start), "LOC") for start in places]
    gold = gold_files.write(tmp_path / "long", "long", text, facts)
    stored = corrupted_gold.store(tmp_path / "replayed.jsonl", [gold], "long")
    run = small_run(tmp_path, [tmp_path / "long"], {"replayed": stored})
    page = windows.open(run.path / "report.html", "#articles")
    drawn = page.locator(".art .t")
    first = drawn.count()
    assert 0 < first < many
    page.keyboard.press("End")
    expect(drawn).not_to_have_count(first)
    # A fact near the end is reached by its link, and all that is before it is there.
    page.goto(page.evaluate("location.href").partition("#")[0] + f"#articles/long/long/{many}")
    assert page.locator("#pop").inner_text().startswith("Lyon")
    assert drawn.count() == many
    assert (
        "\n\n".join(page.eval_on_selector_all(".art .t", "all => all.map(t => t.textContent)"))
        == text
    )


@pytest.mark.parametrize("lost", ["backends/hasty.jsonl.gz", "gold.jsonl.gz", "scores.json"])
def test_of_an_interrupted_run_there_is_no_page_but_a_word_on_what_is_missing(
    run, tmp_path, capsys, lost
):
    shutil.copytree(run.path, tmp_path / "cut")
    (tmp_path / "cut" / lost).unlink()
    with pytest.raises(SystemExit) as stopped:
        main(["report", str(tmp_path / "cut"), "-o", str(tmp_path / "report.html")])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert lost.rpartition("/")[2] in said
    assert "Traceback" not in said
    assert not (tmp_path / "report.html").exists()
