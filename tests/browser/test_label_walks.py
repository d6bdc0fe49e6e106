"""Facts of others in the labelling page: of back ends, afterwards or before, and of a second labeller."""

import pytest
from label_server import press, saved

from factharness.resources import find

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs("playwright"),
    pytest.mark.needs("starlette"),
    pytest.mark.needs("uvicorn"),
]

TEXT = """Léa Fontanel quitte la mairie

La maire de Brivac, Léa Fontanel, a annoncé lundi son départ à la préfecture de la Loire.
"""


def made(folder, name, text):
    """The gold file that `gold new` makes of a text."""
    from factharness.cli import app

    file = folder / f"{name}.txt"
    file.write_text(text, encoding="utf-8")
    words = ["gold", "new", name, "--text", str(file), "--published", "2024-03-04"]
    app([*words, "-o", str(folder)], standalone_mode=False)
    return folder / f"{name}.gold"


@pytest.fixture
def unlabelled(labels):
    """A gold file without facts."""
    return made(labels.folder, "depart", TEXT)


def lines(file):
    """The lines of facts in a file, without the spaces before them."""
    text = file.read_text(encoding="utf-8").partition("+++\n")[2]
    return [line.strip() for line in text.splitlines() if line.startswith("  ")]


def test_what_a_back_end_sees_is_walked_through_afterwards(labels, unlabelled):
    page = labels.open(labels.serve(unlabelled))
    assert page.locator(".frame.hollow").count() == 0, "labelling is blind at first"
    press(page, "Enter")
    page.locator(".mode", has_text="What back ends see").wait_for()
    first = page.locator(".lines .hollow").first.inner_text()
    assert "(rules)" in first
    seen = page.locator(".lines .hollow").count()
    press(page, "Enter")
    press(page, " ".join(["x"] * (seen - 1)))
    page.locator(".mode", has_text="Label").wait_for()
    saved(page)
    assert lines(unlabelled) == ["PER      Léa Fontanel"]
    header = unlabelled.read_text(encoding="utf-8")
    assert f"proposed = {seen}, accepted = 1" in header
    assert 'prelabel = "none"' in header


def test_a_walk_that_is_left_can_be_gone_on_with(labels, unlabelled):
    page = labels.open(labels.serve(unlabelled))
    press(page, "Tab Enter")
    page.locator(".mode", has_text="What back ends see").wait_for()
    before = page.locator(".lines .hollow").count()
    press(page, "n n Enter Escape")
    page.locator(".mode", has_text="Label").wait_for()
    assert page.locator(".frame.hollow").count() == 0
    press(page, "Enter")
    page.locator(".mode", has_text="What back ends see").wait_for()
    assert page.locator(".lines .hollow").count() < before


def test_enter_is_about_the_paragraph_that_the_last_label_left(labels, unlabelled):
    page = labels.open(labels.serve(unlabelled))
    press(page, "p")
    page.wait_for_function(
        "() => document.querySelector('#where').textContent.includes('Paragraph 2')"
    )
    press(page, "Enter")
    page.get_by_text("nothing else is seen in paragraph 1").wait_for(state="attached")
    assert page.locator(".frame.hollow").count() == 0, "the second paragraph is not given away"
    assert "Paragraph 2" in page.locator("#where").inner_text()
    press(page, "Enter")
    page.locator(".mode", has_text="What back ends see").wait_for()


def test_what_is_labelled_during_the_walk_is_not_asked_about(labels, unlabelled):
    page = labels.open(labels.serve(unlabelled))
    press(page, "Tab Enter")
    page.locator(".mode", has_text="What back ends see").wait_for()
    seen = page.locator(".lines .hollow").count()
    press(page, "f b l")
    assert page.locator(".lines .hollow").count() == seen - 1
    press(page, "ArrowUp ArrowUp")
    page.locator(".mode", has_text="Label").wait_for()
    saved(page)
    assert f"proposed = {seen}, accepted = 0" in unlabelled.read_text(encoding="utf-8")


def test_marks_of_a_new_file_are_completed_in_the_page(labels):
    said = "« Le pont rouvre », a dit la maire, Lucie Ferrand. Paul Iribar, lui, n’y croit pas.\n"
    gold = made(labels.folder, "pont", said)
    page = labels.open(labels.serve(gold))
    page.locator(".checks .remedy", has_text="Enter accepts it, x rejects it").wait_for()
    press(page, "n")
    page.locator("#keys", has_text="accept").wait_for(state="detached")
    page.locator(".checks button.error").first.click()
    page.locator("#keys", has_text="accept").wait_for()
    press(page, "q")
    saved(page)
    assert lines(gold)[0].endswith(
        "| direct | by: la maire, Lucie Ferrand = Lucie Ferrand | cue: a dit"
    )
    assert 'prelabel = "none"' in gold.read_text(encoding="utf-8")
    page.locator(".checks", has_text="nobody has confirmed").wait_for(state="detached")


def test_a_late_answer_does_not_replace_what_was_asked_for_since(labels, unlabelled):
    made(labels.folder, "suite", TEXT)
    page = labels.open(labels.serve(labels.folder), "#articles")
    held = []
    page.route(f"**/api/articles/{unlabelled.stem}", lambda route: held.append(route))
    page.evaluate(f"location.hash = '{unlabelled.stem}'")
    page.locator("#told", has_text="Opening").wait_for()
    page.evaluate("location.hash = 'suite'")
    page.locator("#file", has_text="suite").wait_for()
    with page.expect_response(f"**/api/articles/{unlabelled.stem}"):
        held[0].continue_()
    page.locator("#told", has_text="Opening").wait_for(state="detached")
    assert "suite" in page.locator("#file").inner_text()


def test_a_finished_article_says_how_to_go_on(labels, unlabelled):
    made(labels.folder, "suite", TEXT)
    page = labels.open(labels.serve(labels.folder), f"#{unlabelled.stem}")
    page.locator(".frame.caret").wait_for()
    press(page, "Tab Tab Shift+Enter")
    told = page.locator("#told", has_text="The article is done.")
    told.wait_for()
    assert "N: next article. A: articles." in told.inner_text()
    press(page, "Shift+N")
    page.locator("#file", has_text="suite").wait_for()
    press(page, "Tab Tab Shift+Enter")
    told.wait_for()
    assert "A: articles." in told.inner_text()
    assert "next article" not in told.inner_text()


def is_done(request):
    return '"done":true' in (request.post_data or "")


def test_an_article_is_finished_when_that_is_saved_and_not_what_was_before_it(labels, unlabelled):
    page = labels.open(labels.serve(unlabelled))
    page.locator(".frame.caret").wait_for()
    told = page.locator("#told", has_text="The article is done.")
    held = []
    page.route(
        "**/save",
        lambda route: (
            held.append(route) if not held or is_done(route.request) else route.continue_()
        ),
    )
    with page.expect_request("**/save"):
        press(page, "Tab")
    with page.expect_request(is_done):
        press(page, "Tab Shift+Enter")
        held[0].continue_()
    assert told.count() == 0
    held[1].continue_()
    told.wait_for()
    assert 'status = "single"' in unlabelled.read_text(encoding="utf-8")


def test_an_article_is_left_when_what_was_done_in_it_is_saved(labels, unlabelled):
    made(labels.folder, "suite", TEXT)
    page = labels.open(labels.serve(labels.folder), f"#{unlabelled.stem}")
    page.locator(".frame.caret").wait_for()
    held = []
    page.route("**/save", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/save"):
        press(page, "p")
    press(page, "l Shift+N")
    page.locator("#told", has_text="Opening").wait_for()
    held[0].continue_()
    page.locator("#file", has_text="suite").wait_for()
    assert lines(unlabelled) == [
        "PER      Léa Fontanel",
        "LOC      Brivac",
        "PER      Léa Fontanel",
    ]


def test_prelabels_are_hollow_until_they_are_decided(labels, unlabelled):
    page = labels.open(labels.serve(unlabelled, "--prelabel", "rules"))
    proposed = len(lines(unlabelled))
    assert page.locator(".row .frame.hollow").count() > 0
    assert f"{proposed} proposals left" in page.locator("#where").inner_text()

    def text_places():
        return page.locator(".row .t").evaluate_all("(rows) => rows.map((row) => row.offsetTop)")

    before = text_places()
    press(page, "Tab Enter")
    assert text_places() == before, "accepting moves no letter"
    press(page, "x")
    saved(page)
    assert f"{proposed - 2} proposals left" in page.locator("#where").inner_text()
    notes = [line for line in lines(unlabelled) if line.endswith("note: unconfirmed")]
    assert len(notes) == proposed - 2
    assert len(lines(unlabelled)) == proposed - 1
    header = unlabelled.read_text(encoding="utf-8")
    assert 'prelabel = "rules", proposed = 2, accepted = 1' in header
    press(page, "u u")
    saved(page)
    assert len(lines(unlabelled)) == proposed


def test_only_differences_are_visited_when_two_labellings_are_made_one(labels):
    name = "2021-04-15-proces-planfoy.gold"
    by = find("goldsets", "depeches") / "by"
    joint = labels.folder / name
    page = labels.open(labels.serve("--adjudicate", by / "a" / name, by / "b" / name, "-o", joint))
    page.get_by_text("2 differences left").wait_for()
    assert page.locator(".lines .hollow").count() == 2
    assert "A and B differ: value" in page.locator(".panel h2").inner_text()
    press(page, "2")
    page.get_by_text("1 difference left").wait_for()
    press(page, "u")
    page.get_by_text("2 differences left").wait_for()
    press(page, "2 1")
    saved(page)
    text = joint.read_text(encoding="utf-8")
    assert "TIME     17 h 10 | 2021-04-12T17:10" in text
    assert "L’avocat général = avocat général" in text
    assert "# a:" not in text
    assert 'status = "adjudicated"' in text
    press(page, "n")
    assert page.locator("#said").text_content() == "no difference left"
