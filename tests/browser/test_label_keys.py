"""The labelling page by keyboard alone: a text becomes an article, key by key, and the article is scored."""

import label_article
import pytest
from corrupted_gold import store
from label_server import fill_form, press, saved
from small_runs import small_run

from factharness.gold.sets import load_set

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs("playwright"),
    pytest.mark.needs("starlette"),
    pytest.mark.needs("uvicorn"),
]

TEXT = """Brivac perd sa maire

La maire de Brivac, Léa Fontanel, partira le 30 juin, a annoncé lundi la préfecture de la Loire.

« Je pars sans amertume », a déclaré Léa Fontanel à la presse. Paul Arnaud, de Brivac Demain, s’en réjouit.
"""

FACTS = """
> Brivac perd sa maire
  LOC      Brivac

> La maire de Brivac, Léa Fontanel, partira le 30 juin, a annoncé lundi la préfecture de la Loire.
  LOC      Brivac
  PER      Léa Fontanel
  DATE     30 juin | 2024-06-30
  DATE     lundi | 2024-03-04
  ORG      préfecture de la Loire
  LOC      Loire

> « Je pars sans amertume », a déclaré Léa Fontanel à la presse. Paul Arnaud, de Brivac Demain, s’en réjouit.
  QUOTE    « Je pars sans amertume » | direct | by: Léa Fontanel | cue: a déclaré
  PER      Léa Fontanel
  PER      Paul Arnaud
  ORG      Brivac Demain
"""

KEYS = "l p d d o Backspace l q p o"
"""Places and names with their twins, two dates, a place in a name, a quote."""


@pytest.fixture
def article(labels):
    """The page with the article of ``TEXT``, and its file."""
    text = labels.folder / "brivac.txt"
    text.write_text(TEXT, encoding="utf-8")
    page = labels.open(labels.serve(text))
    fill_form(page, id="2024-03-04-brivac", published="2024-03-04", licence="CC0-1.0")
    return page, labels.folder / "2024-03-04-brivac.gold"


def facts_in(file):
    return file.read_text(encoding="utf-8").partition("+++\n")[2]


def test_a_text_becomes_an_article_that_is_scored(article, tmp_path):
    page, file = article
    press(page, KEYS)
    press(page, "Tab Shift+Enter")
    page.locator("#told", has_text="The article is done.").wait_for()
    saved(page)
    assert facts_in(file) == FACTS
    assert 'status = "single"' in file.read_text(encoding="utf-8")
    gold = load_set(tmp_path).articles
    perfect = store(tmp_path / "perfect.jsonl", gold, "perfect", 0)
    run = small_run(tmp_path, [tmp_path], {"perfect": perfect})
    scores = [one.row for one in run.rows() if one.row.regime == "strict"]
    assert {row.f1 for row in scores if row.f1 is not None} == {1}


def test_the_keys_of_a_whole_article_make_its_gold(labels):
    text = labels.folder / "piscine.txt"
    text.write_text(label_article.TEXT, encoding="utf-8")
    page = labels.open(labels.serve(text))
    fill_form(page, **label_article.FORM)
    press(page, label_article.LABELLING)
    saved(page)
    assert facts_in(labels.folder / "piscine.gold") == label_article.GOLD.partition("+++\n")[2]


def test_each_key_is_said_and_undone(article):
    page, file = article
    before = facts_in(file)
    press(page, "l")
    assert page.locator("#said").text_content() == "Labelled LOC, Brivac; LOC, Brivac"
    press(page, "p d")
    assert "30 juin, 2024-06-30" in page.locator("#said").text_content()
    press(page, "u u u")
    saved(page)
    assert facts_in(file) == before


def test_a_value_is_read_while_it_is_typed(article):
    page, file = article
    press(page, "l p d v")
    field = page.get_by_role("textbox", name="Value of 30 juin")
    assert field.evaluate("(field) => field === document.activeElement")
    press(page, "2 9 / 6")
    page.locator(".now .wrong").wait_for()
    assert "samedi 29 juin" in page.locator(".now").inner_text().replace("\xa0", " ")
    press(page, "Backspace Backspace Backspace Backspace 3 0 / 6 / 2 5")
    page.locator(".now .reading", has_text="2025").wait_for()
    assert page.locator(".now .wrong").count() == 0
    press(page, "Enter")
    saved(page)
    assert "DATE     30 juin | 2025-06-30" in facts_in(file)
    assert field.count() == 0


def test_keys_behind_a_value_that_is_still_read_are_not_typed_into_it(article):
    page, file = article
    press(page, "l p d")
    saved(page)
    page.evaluate(
        """() => {
          const real = window.fetch;
          const later = () => new Promise((go) => setTimeout(go, 200));
          window.fetch = (where, ...rest) =>
            String(where).endsWith("/api/value")
              ? later().then(() => real(where, ...rest))
              : real(where, ...rest);
        }"""
    )
    press(page, "v 5 / 7 Enter i")
    page.locator(".now", has_text="DATE?").wait_for()
    saved(page)
    assert "DATE?    30 juin | 2024-07-05" in facts_in(file)


def test_a_figure_alone_takes_the_candidate_that_is_shown_with_it(article):
    page, file = article
    press(page, "l p d v")
    shown = page.locator(".now .choices li").all_inner_texts()
    press(page, "2")
    assert page.locator(".now .choices li").all_inner_texts() == shown[1:2]
    press(page, "Enter")
    saved(page)
    assert "DATE     30 juin | 2023-06-30" in facts_in(file)


def test_a_speaker_is_found_by_letters_and_nobody_by_a_figure(article):
    page, file = article
    press(page, "Tab Tab q s")
    assert page.get_by_role("textbox").get_attribute("aria-label").startswith("Speaker of")
    press(page, "p a u l Enter")
    saved(page)
    assert "« Je pars sans amertume » | direct | by: Paul Arnaud" in facts_in(file)
    press(page, "0")
    saved(page)
    assert "« Je pars sans amertume » | direct | by: -\n" in facts_in(file)


def test_what_is_pasted_into_the_line_counts_as_typed(article):
    page, file = article
    press(page, "l p d v")
    page.get_by_role("textbox").fill("2025")
    press(page, "Enter")
    saved(page)
    assert "DATE     30 juin | 2025\n" in facts_in(file)


def test_the_keys_of_the_foot_are_those_of_the_mode(article):
    page, _ = article
    foot = page.locator("#keys")
    assert foot.locator(".mode").text_content() == "Label"
    press(page, "l p d v")
    assert foot.locator(".mode").text_content() == "Value of a date"
    assert "take it" in foot.inner_text()
    press(page, "Escape")
    foot.get_by_role("button", name="d date").click()
    assert page.locator("#said").text_content() == "Labelled DATE, lundi, 2024-03-04"


def test_help_shows_the_keys_as_they_are_mapped_and_examples_of_a_label(labels):
    file = labels.folder / "keys.toml"
    file.write_text('remove = "X"\n', encoding="utf-8")
    text = labels.folder / "brivac.txt"
    text.write_text(TEXT, encoding="utf-8")
    page = labels.open(labels.serve(text, "--keys", file))
    fill_form(page, id="brivac", published="2024-03-04", licence="CC0-1.0")
    press(page, "?")
    dialog = page.get_by_role("dialog")
    assert dialog.get_by_text("next stop").is_visible()
    row = dialog.locator("dt", has_text="X")
    assert row.evaluate("(term) => term.nextElementSibling.textContent") == "remove"
    press(page, "p")
    dialog.get_by_role("heading", name="What is PER?").wait_for()
    assert dialog.locator("li").count() > 1
    press(page, "Escape")
    assert dialog.is_hidden()
    press(page, "l x Shift+X")
    assert page.locator("#said").text_content() == "Removed LOC, Brivac"


def test_arrows_go_from_line_to_line(article):
    page, _ = article
    press(page, "Tab")

    def height():
        return page.locator(".frame.caret").first.bounding_box()["y"]

    first = height()
    press(page, "ArrowDown")
    second = height()
    press(page, "ArrowDown")
    assert first < second < height()
    press(page, "ArrowUp ArrowUp")
    assert height() == first


def test_the_pointer_does_what_keys_do(article):
    page, file = article
    word = page.evaluate(
        """() => {
            const text = document.querySelectorAll(".row .t")[1];
            const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const at = walk.currentNode.data.indexOf("préfecture de la Loire");
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(walk.currentNode, at);
                range.setEnd(walk.currentNode, at + "préfecture".length);
                const box = range.getBoundingClientRect();
                return [box.left, box.right, box.top + box.height / 2];
            }
        }"""
    )
    left, right, y = word
    page.mouse.move(left + 1, y)
    page.mouse.down()
    page.mouse.move(right - 1, y, steps=4)
    page.mouse.up()
    page.locator("#keys").get_by_role("button", name="o", exact=True).click()
    assert page.locator("#said").text_content() == "Labelled ORG, préfecture"
    page.mouse.click(left + 10, y)
    assert page.locator(".lines .now").inner_text().split() == ["ORG", "préfecture"]
    press(page, "x")
    saved(page)
    assert "ORG" not in facts_in(file)


def test_every_part_can_be_reached_without_the_pointer(article):
    page, _ = article
    press(page, "F6")
    assert page.evaluate("document.activeElement.id") == "theme"
    press(page, "Enter")
    assert page.locator("#theme").text_content() == "Light"
    press(page, "l")
    assert page.locator("#where").inner_text().count("0 facts") == 1, (
        "a key of the article, elsewhere"
    )
    press(page, "F6 l")
    assert page.locator("#said").text_content() == "Labelled LOC, Brivac; LOC, Brivac"
