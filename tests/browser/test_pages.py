"""What holds for every part of the page: it fits its window, has names for screen readers, prints, is still."""

import os
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.needs("playwright")]

PARTS = ("overview", "articles", "mistakes", "slices")
WIDTHS = (400, 900, 1440)
SCHEMES = ("light", "dark")

SHOTS = "FACTHARNESS_SHOTS"
"""Names the folder that screenshots are kept in, of whole pages, for people to look at."""


def test_the_head_leads_to_every_part(windows, report):
    page = windows.open(report)
    links = page.locator("nav[aria-label='Parts of the report'] a")
    assert [link.get_attribute("href") for link in links.all()] == [f"#{part}" for part in PARTS]
    for part, link in zip(PARTS, links.all(), strict=True):
        link.click()
        assert page.evaluate("location.href").endswith(f"#{part}")
        shown = page.locator("main > section:visible")
        assert [section.get_attribute("id") for section in shown.all()] == [f"part-{part}"]
        assert page.locator("nav [aria-current=page]").get_attribute("href") == f"#{part}"
    page.go_back()
    assert page.locator("#part-mistakes").is_visible()


@pytest.mark.parametrize(
    "address",
    ["#nowhere", "#", "#%E0%A4%A", "#articles/%E0%A4%A", "#articles/none/none/7", "#mistakes?x=1"],
)
def test_an_address_that_leads_nowhere_still_shows_a_part(windows, report, address):
    page = windows.open(report, address)
    assert page.locator("main > section:visible").count() == 1


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_theme_is_that_of_the_system_until_it_is_switched(windows, report, scheme):
    page = windows.open(report, color_scheme=scheme)
    other = {"light": "dark", "dark": "light"}[scheme]

    def paper():
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return "light" if "251" in colour else "dark"

    button = page.get_by_role("button", name=other.title(), exact=True)
    assert paper() == scheme
    button.click()
    assert paper() == other
    page.get_by_role("button", name=scheme.title(), exact=True).click()
    assert paper() == scheme


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("part", PARTS)
def test_the_page_never_scrolls_sideways(windows, report, part, width):
    page = windows.open(report, f"#{part}", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.needs("axe_playwright_python")
def test_axe_finds_nothing(windows, report, part, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = windows.open(report, f"#{part}", color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in found
        for node in rule["nodes"][:3]
    ] == []


REACHABLE = "a[href], button:enabled, select, input, summary, [tabindex]"


@pytest.mark.parametrize("part", PARTS)
def test_tab_reaches_every_control_in_order_and_shows_where_it_is(windows, report, part):
    page = windows.open(report, f"#{part}")
    expected = page.evaluate(
        """(reachable) => {
            const all = [...document.querySelectorAll(reachable)];
            const there = all.filter((one) => one.tabIndex >= 0 && one.checkVisibility());
            there.forEach((one, n) => (one.dataset.tab = n));
            return there.length;
        }""",
        REACHABLE,
    )
    visited = []
    for _ in range(expected):
        page.keyboard.press("Tab")
        visited.append(
            page.evaluate(
                """() => {
                    const style = getComputedStyle(document.activeElement);
                    return [document.activeElement.dataset.tab, style.outlineStyle];
                }"""
            )
        )
    assert visited == [[str(number), "solid"] for number in range(expected)]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
@pytest.mark.parametrize("part", PARTS)
def test_nothing_moves(windows, report, part, motion):
    page = windows.open(report, f"#{part}", reduced_motion=motion)
    assert page.evaluate("document.getAnimations().length") == 0
    smooth = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    assert smooth == {"reduce": "auto", "no-preference": "smooth"}[motion]


def test_all_parts_are_printed_and_no_controls(windows, report):
    page = windows.open(report)
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.locator("main > section:visible").count() == len(PARTS)
    for part in PARTS:
        assert page.locator(f"#part-{part}").inner_text().strip()
    # The headings of columns are buttons, too.
    controls = page.locator("button, select, input").locator("visible=true")
    assert controls.count() == page.locator("th button").locator("visible=true").count()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_part_has_its_picture(windows, report, tmp_path, width, scheme):
    kept = os.environ.get(SHOTS)
    folder = Path(kept or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    page = windows.open(report, width=width, height=1000, color_scheme=scheme)
    for part in PARTS:
        page.goto(page.evaluate("location.href").partition("#")[0] + f"#{part}")
        picture = folder / f"{part}-{width}-{scheme}.png"
        page.screenshot(path=picture, full_page=bool(kept))
        assert picture.stat().st_size > 5000
