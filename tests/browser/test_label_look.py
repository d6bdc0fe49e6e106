"""What holds for every view of the labelling page: it fits its window, axe finds nothing, it prints."""

import re

import pytest
from label_server import press

from factharness.resources import find

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs("playwright"),
    pytest.mark.needs("starlette"),
    pytest.mark.needs("uvicorn"),
]

NAME = "2021-04-15-proces-planfoy"
VIEWS = {
    "article": "Tab Tab",
    "value": "Tab Tab ArrowRight Backspace f l Backspace v 1 2 / 9",
    "keys": "?",
    "examples": "? p",
    "walk": "Tab Enter",
}
"""What is pressed in the open article to come to a view."""
DOUBLED = {"width": 720, "height": 450, "device_scale_factor": 2}
"""A window of 1440 x 900 at 200 %."""


@pytest.fixture
def server(labels):
    """A page on a set of two dispatches, one of them without most names and some values."""
    for path in sorted(find("goldsets", "depeches").glob("2021-0[46]-1*.gold")):
        text = path.read_text(encoding="utf-8")
        if path.stem == NAME:
            text = re.sub(r"^  (?:PER|LOC) .*\n", "", text, flags=re.MULTILINE)
            text = re.sub(r"^(  DATE     lundi) .*$", r"\1", text, flags=re.MULTILINE)
            text = text.replace('status = "adjudicated"', 'status = "draft"')
        (labels.folder / path.name).write_text(text, encoding="utf-8")
    return labels.serve(labels.folder)


def opened(labels, server, view, **options):
    """A window at a view: "list", or a name of ``VIEWS``."""
    if view == "list":
        page = labels.open(server, "#articles", **options)
        page.locator("tbody a").first.wait_for()
        return page
    page = labels.open(server, f"#{NAME}", **options)
    page.locator(".frame.caret").wait_for()
    press(page, VIEWS[view])
    if view == "examples":
        page.get_by_role("heading", name="What is PER?").wait_for()
    return page


@pytest.mark.parametrize("view", ["list", *VIEWS])
def test_no_view_scrolls_sideways(labels, server, view):
    page = opened(labels, server, view)
    for width in (400, 900, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("view", ["list", *VIEWS])
@pytest.mark.needs("axe_playwright_python")
def test_axe_finds_nothing_in_a_view(labels, server, view):
    page = opened(labels, server, view, width=1440)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []


@pytest.mark.parametrize("view", ["list", "article", "value"])
@pytest.mark.needs("axe_playwright_python")
def test_a_view_is_whole_at_200_percent(labels, server, view):
    page = opened(labels, server, view, color_scheme="light", **DOUBLED)
    assert page.evaluate("document.documentElement.scrollWidth") == DOUBLED["width"]
    assert violations(page) == []
    if view != "list":
        caret = page.locator(".frame.caret").first.bounding_box()
        assert caret is not None
        foot = page.locator("#keys").bounding_box()
        head = page.locator(".masthead").bounding_box()
        assert head["y"] + head["height"] <= caret["y"] < foot["y"], "the caret is in view"


def violations(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in found
        for node in rule["nodes"][:3]
    ]


def test_the_new_form_is_clean_and_reached_by_keyboard(labels):
    text = labels.folder / "a.txt"
    text.write_text("Un texte.\n", encoding="utf-8")
    page = labels.open(labels.serve(text), color_scheme="light")
    page.locator("#new form").wait_for()
    assert page.evaluate("document.activeElement.name") == "published"
    press(page, "Tab")
    assert page.evaluate("document.activeElement.name") == "title"


def test_a_form_that_the_server_refuses_says_why(labels):
    text = labels.folder / "a.txt"
    text.write_text("Un texte.\n", encoding="utf-8")
    page = labels.open(labels.serve(text))
    page.locator("#new form").wait_for()
    page.locator("[name=published]").fill("hier")
    page.locator("[name=licence]").fill("CC0-1.0")
    press(page, "Enter")
    page.locator("#new .wrong", has_text="hier").wait_for()
    assert list(labels.folder.glob("*.gold")) == []
    labels.windows.complaints.clear()  # of the refusal


def test_paper_is_white_and_has_no_controls(labels, server):
    page = opened(labels, server, "article", color_scheme="dark")
    page.emulate_media(media="print")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    assert page.locator("#keys").is_hidden()
    assert page.locator(".row .t").count() > 1


def test_nothing_moves_by_itself(labels, server):
    page = opened(labels, server, "article", reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) => {
            const style = getComputedStyle(one);
            return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
        }).length"""
    )
    assert moving == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_articles_of_a_set_are_opened_by_keyboard(labels, server):
    page = labels.open(server)
    page.locator("tbody a").first.wait_for()
    press(page, "ArrowDown Enter")
    page.locator(".frame.caret").wait_for()
    second = page.url
    press(page, "Shift+B")
    page.locator("#file", has_text=NAME).wait_for()
    press(page, "Shift+N")
    page.locator("#file", has_text=second.partition("#")[2]).wait_for()
    assert page.url == second
    press(page, "Shift+A")
    page.locator("tr[aria-current] a:focus").wait_for()


def test_checks_are_gone_to_one_after_the_other(labels, server):
    page = opened(labels, server, "article")
    caret = page.locator(".frame.caret").first

    def place():
        return caret.bounding_box()["y"] + page.evaluate("scrollY"), caret.inner_text()

    press(page, "Shift+C")
    first = place()
    assert page.locator("#said").text_content()
    press(page, "Shift+C")
    assert place() != first
    page.locator(".checks button").last.click()
    assert page.locator("#article").evaluate("(one) => one.contains(document.activeElement)")


def test_the_policy_lets_no_style_into_the_markup(labels, server):
    page = opened(labels, server, "article")
    html = page.evaluate("fetch('/').then((answer) => answer.text())")
    assert " style=" not in html
    assert "<script>" not in html
    assert page.evaluate("document.styleSheets.length") == 1


OVER = """() => new Promise(requestAnimationFrame).then(() => {
    const pen = document.createElement("canvas").getContext("2d");
    const edge = document.querySelector(".row.act .t").getBoundingClientRect().right;
    return [...document.querySelectorAll(".row.act .m.tag")].filter((tag) => {
        const style = getComputedStyle(tag, "::before");
        pen.font = style.font;
        const start = tag.getBoundingClientRect().left + parseFloat(style.left);
        return start + pen.measureText(tag.dataset.words).width > edge + 8;
    }).map((tag) => tag.dataset.words);
})"""
"""The tags that end right of their paragraph."""


@pytest.mark.parametrize("width", [500, 1440])
def test_no_tag_runs_over_the_margin(labels, server, width):
    page = opened(labels, server, "article", width=width)
    tags = 0
    for _ in range(5):
        assert page.evaluate(OVER) == []
        tags += page.locator(".row.act .m.tag").count()
        press(page, "Tab")
    assert tags > 20
