"""Nothing is lost in the labelling page: the server goes away, somebody else writes, two tabs are open."""

from datetime import date

import pytest
from label_server import press, saved

from factharness.facts import Article, GoldArticle
from factharness.gold.compose import compose, header_for
from factharness.gold.format import render
from factharness.gold.header import Labelling

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs("playwright"),
    pytest.mark.needs("starlette"),
    pytest.mark.needs("uvicorn"),
]

PARAGRAPHS = ("Léa Fontanel quitte la mairie", "La maire de Brivac partira lundi pour Nantes.")


@pytest.fixture
def file(labels):
    """A gold file without facts."""
    article = Article("depart", "\n\n".join(PARAGRAPHS), date(2024, 3, 4))
    document, _ = compose(header_for(article, labels=Labelling()), GoldArticle(article, ()))
    path = labels.folder / "depart.gold"
    path.write_text(render(document), encoding="utf-8")
    return path


def lines(file):
    text = file.read_text(encoding="utf-8").partition("+++\n")[2]
    return [line.strip() for line in text.splitlines() if line.startswith("  ")]


def added(file, line):
    """Write a line under the last paragraph, as an editor would."""
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}  {line}\n", encoding="utf-8")


def test_what_is_done_while_the_server_is_away_is_saved_when_it_is_back(labels, file):
    server = labels.serve(file)
    page = labels.open(server)
    press(page, "p")
    saved(page)
    port = server.port
    server.kill()
    press(page, "l d l")
    page.get_by_text("The server does not answer.").wait_for()
    assert "3 changes not saved" in page.locator("#where").inner_text()
    assert lines(file) == ["PER      Léa Fontanel"]
    server.start("--port", port)
    page.goto(server.address)
    page.locator("#article .frame.caret").wait_for()
    saved(page)
    assert lines(file) == [
        "PER      Léa Fontanel",
        "LOC      Brivac",
        "DATE     lundi | 2024-03-11",
        "LOC      Nantes",
    ]
    assert page.get_by_text("The server does not answer.").count() == 0
    labels.windows.complaints.clear()  # of the server that was away


def test_what_an_editor_writes_meanwhile_is_kept_and_said(labels, file):
    page = labels.open(labels.serve(file))
    press(page, "p")
    saved(page)
    added(file, "LOC      Nantes")
    press(page, "l")
    page.get_by_text("The file was changed by another program.").wait_for()
    saved(page)
    assert lines(file) == ["PER      Léa Fontanel", "LOC      Brivac", "LOC      Nantes"]
    assert page.locator(".row").nth(1).locator(".s[data-f]").count() == 2


def test_what_cannot_be_done_to_the_changed_file_is_listed(labels, file):
    page = labels.open(labels.serve(file))
    press(page, "p l")
    saved(page)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  LOC      Brivac\n", ""), encoding="utf-8")
    press(page, "t")
    told = page.locator("#told")
    told.get_by_text("could not be made").wait_for()
    assert "Brivac" in told.inner_text()
    saved(page)
    assert lines(file) == ["PER      Léa Fontanel"]
    told.get_by_role("button", name="Close").last.click()
    assert "could not be made" not in told.inner_text()


def test_a_file_that_is_broken_meanwhile_waits_to_be_mended(labels, file):
    page = labels.open(labels.serve(file))
    press(page, "p")
    saved(page)
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole + "  NOTHING at all\n", encoding="utf-8")
    press(page, "l")
    page.get_by_text("cannot be read").wait_for()
    assert "1 change not saved" in page.locator("#where").inner_text()
    file.write_text(whole, encoding="utf-8")
    saved(page)
    assert lines(file) == ["PER      Léa Fontanel", "LOC      Brivac"]
    labels.windows.complaints.clear()  # of the answers that said so


def test_a_second_tab_is_told_what_the_first_did(labels, file):
    server = labels.serve(file)
    first = labels.open(server)
    second = labels.tab(server, first.context)
    press(first, "p")
    saved(first)
    press(second, "n l")
    second.get_by_text("The article was changed in another tab.").wait_for()
    saved(second)
    assert second.locator(".row").first.locator(".s[data-f]").count() == 1
    assert lines(file) == ["PER      Léa Fontanel", "LOC      Brivac"]


def test_an_article_is_finished_only_when_every_paragraph_was_visited(labels, file):
    page = labels.open(labels.serve(file))
    press(page, "Shift+Enter")
    page.locator("#told", has_text="2").wait_for()
    assert 'status = "single"' not in file.read_text(encoding="utf-8")
    press(page, "Tab Shift+Enter")
    saved(page)
    assert 'status = "single"' in file.read_text(encoding="utf-8")
    labels.windows.complaints.clear()  # of the refusal


def test_leaving_with_unsaved_changes_asks_first(labels, file):
    server = labels.serve(file)
    page = labels.open(server)
    server.kill()
    press(page, "p")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.close(run_before_unload=True)
    page.wait_for_event("close")
    assert asked == ["beforeunload"]
    labels.windows.complaints.clear()  # of the server that is gone
