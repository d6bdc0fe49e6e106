"""The part "Mistakes": it lists what ``run.mistakes()`` lists, and its filters count what they leave."""

import re
from collections import Counter

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.needs("playwright")]

BACKENDS = ("rules", "careful", "hasty", "careless")
KINDS = ("entity", "date", "quote")


@pytest.fixture
def listing(windows, report):
    """Opens the list of mistakes, asked for some of them."""
    return lambda query="", **options: windows.open(
        report, "#mistakes" + (f"?{query}" if query else ""), **options
    )


def hits(page):
    """How many facts and how many mistakes the page says that it lists."""
    numbers = re.findall(r"[\d\u202f]+", page.locator("#hits").inner_text())
    return tuple(int(number.replace("\u202f", "")) for number in numbers)


def option(page, dim, value):
    return page.locator(f'fieldset[data-dim="{dim}"] .opt[data-value="{value}"]')


def left(button):
    """How many facts a click on a filter leaves, as it says beforehand."""
    return int(button.locator(".n").inner_text().replace("\u202f", ""))


def test_it_counts_as_the_run_does(listing, run):
    page = listing()
    assert hits(page)[1] == len(run.mistakes())
    for backend in BACKENDS:
        mistakes = run.mistakes(backend)
        option(page, "backend", backend).click()
        assert hits(page)[1] == len(mistakes)
        for kind in KINDS:
            option(page, "kind", kind).click()
            assert hits(page)[1] == len(run.mistakes(backend, kind=kind))
        option(page, "kind", KINDS[-1]).click()
        for what, times in Counter(mistake.what for mistake in mistakes).items():
            option(page, "what", what).click()
            assert hits(page)[1] == times
            option(page, "what", what).click()
        option(page, "backend", backend).click()
    assert hits(page)[1] == len(run.mistakes())


@pytest.mark.parametrize("dim", ["what", "kind", "backend", "label", "said"])
def test_a_filter_leaves_as_many_facts_as_it_says(listing, dim):
    page = listing()
    whole = hits(page)
    buttons = page.locator(f'fieldset[data-dim="{dim}"] .opt')
    assert buttons.count() > 1
    for button in buttons.all():
        expected = left(button)
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        assert hits(page)[0] == expected
        button.click()
        assert hits(page) == whole


def test_two_filters_together_leave_what_both_hold(listing, run):
    page = listing()
    option(page, "backend", "careless").click()
    expected = left(option(page, "what", "label"))
    option(page, "what", "label").click()
    assert hits(page)[0] == expected
    wrong = [m for m in run.mistakes("careless") if m.what == "label"]
    assert hits(page)[1] == len(wrong)


def test_a_permanent_link_opens_what_was_chosen(listing):
    page = listing()
    option(page, "backend", "careless").click()
    option(page, "what", "value").click()
    chosen, count = page.evaluate("location.href"), hits(page)
    other = listing(chosen.partition("?")[2])
    assert hits(other) == count
    assert option(other, "what", "value").get_attribute("aria-pressed") == "true"
    page.locator("#clear").click()
    assert page.evaluate("location.href").endswith("#mistakes")


def test_words_are_shown_in_full_on_demand(listing):
    page = listing("kind=quote")
    cut = page.locator("#list .k", has_text="…").count()
    assert cut > 0
    page.locator("#whole").click()
    assert page.evaluate("location.href").endswith("whole=yes")
    assert page.locator("#list .k", has_text="…").count() < cut
    assert (
        page.locator("#list .x").first.evaluate("(one) => getComputedStyle(one).maskImage")
        == "none"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]
    page.reload()
    assert page.locator("#whole").get_attribute("aria-pressed") == "true"


def test_of_two_back_ends_one_right_and_one_wrong(listing):
    page = listing()
    page.locator("#right").select_option("careful")
    page.locator("#wrong").select_option("careless")
    lines, mistakes = hits(page)
    assert 0 < lines <= mistakes
    shown = page.locator("#list .wb").all_inner_texts()
    assert all("careful" not in text for text in shown)
    page.locator("#wrong").select_option("careful")
    assert hits(page)[0] == 0


def test_a_slice_leads_to_its_mistakes_and_can_be_chosen(windows, report, listing, run):
    page = windows.open(report, "#slices?kind=quote")
    row = page.locator('table.slices[data-goldset="depeches"] tbody:visible tr[data-slice]').nth(1)
    slices = row.locator("a")
    link = slices.first
    assert "kind=quote" in link.get_attribute("href")
    row.locator(".few button").click()
    inside = {a.inner_text() for a in page.locator("tr.inside a").all()}
    backend = link.get_attribute("href").partition("backend=")[2]
    link.click()
    page.wait_for_function("document.querySelector('#hits').textContent.includes('mistake')")
    ours = [
        mistake
        for mistake in run.mistakes(backend, kind="quote")
        if mistake.goldset == "depeches" and mistake.article in inside
    ]
    assert hits(page)[1] == len(ours)
    # Counted beforehand, in the address, and taken away again.
    select = page.locator("#slice")
    value = select.input_value()
    assert f"slice={value}" in page.evaluate("location.href")
    page.locator("#sliced").click()
    everything = len(run.mistakes(backend, kind="quote"))
    assert hits(page)[1] == everything
    assert "slice" not in page.evaluate("location.href")
    expected = int(
        re.search(r"\(([\d\u202f]+)\)", select.locator(f'option[value="{value}"]').inner_text())[1]
    )
    select.select_option(value)
    assert hits(page)[0] == expected


def test_words_are_searched_for(listing, run):
    page = listing()
    words = next(m for m in run.mistakes("careless") if m.kind == "entity" and m.gold).shown.words
    page.locator("#q").fill(words.upper())
    assert 0 < hits(page)[0] < 100
    assert words in page.locator("#list").inner_text()
    page.locator("#q").fill("no such words as these")
    assert hits(page) == (0, 0)
    assert "None." in page.locator("#list").inner_text()


def test_the_list_is_built_as_it_is_shown(listing):
    page = listing()
    lines, _ = hits(page)
    first = page.locator("#list .kw").count()
    assert first < lines
    page.locator("#more").click()
    assert first < page.locator("#list .kw").count() <= lines


def test_groups_hold_every_mistake_the_most_frequent_first(listing, run):
    page = listing("backend=careless")
    page.locator("#grouped").click()
    while page.locator("#more").is_visible():
        page.locator("#more").click()
    times = [int(text.split()[0]) for text in page.locator("#list .times").all_inner_texts()]
    assert times == sorted(times, reverse=True)
    assert sum(times) == len(run.mistakes("careless"))
    assert times[0] == run.mistakes("careless").groups()[0].times
    page.locator("#list summary").first.click()
    assert page.locator("#list details[open] .kw").count() == times[0]


def test_a_mistake_leads_to_its_article(listing):
    page = listing("backend=careless&what=value")
    page.locator("#list .src a").first.click()
    assert page.locator("#part-articles").is_visible()
    assert page.locator("#pop").is_visible()
    assert "careless" in page.locator("#pop").inner_text()


def test_the_review_list_has_lines_to_copy(listing):
    page = listing()
    page.locator("#reviewed").click()
    assert page.locator("#list .review").count() > 0
    page.evaluate(
        "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }"
    )
    page.locator("#list .lines button").first.click()
    copied = page.evaluate("window.copied")
    assert re.match(r"[A-Z]+\?? ", copied.strip())


def test_a_mistake_leads_to_an_article_that_shows_what_was_filtered(listing):
    page = listing("backend=careless&kind=quote")
    for link in ("#list .src a", "#list .k"):
        page.goto(
            page.evaluate("location.href").partition("#")[0]
            + "#mistakes?backend=careless&kind=quote"
        )
        page.locator(link).first.click()
        assert page.locator("#only").inner_text() == "Only quotes of careless"
        assert page.locator("#pop").is_visible()
    page.goto(
        page.evaluate("location.href").partition("#")[0]
        + "#mistakes?backend=careless&right=careful"
    )
    page.locator("#list .src a").first.click()
    assert page.locator("#only").inner_text() == "Only careful, careless"


def test_it_counts_facts_and_not_lines(listing, run):
    facts = {
        (mistake.goldset, mistake.article, mistake.kind, mistake.gold or mistake.pred)
        for mistake in run.mistakes(kind="date")
    }
    assert hits(listing("kind=date"))[0] == len(facts)


@pytest.mark.parametrize("query", ["", "backend=careless&grouped=yes", "review=yes"])
def test_the_list_is_one_tab_stop_and_arrows_move_in_it(listing, query):
    page = listing(query)
    stops = page.locator("#list :is(a, button, summary)").count()
    assert stops > 1
    assert page.locator("#list [tabindex='0']").count() == 1
    page.locator("#list [tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.tabIndex") == 0
    assert page.locator("#list [tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('#list')")


def test_filters_hold_for_the_gold_to_look_at_again(listing):
    page = listing("review=yes")
    whole = hits(page)[0]
    assert page.locator("#list .review .kw").count() == whole
    left_by_kind = [left(option(page, "kind", kind)) for kind in KINDS]
    assert sum(left_by_kind) == whole
    for kind, expected in zip(KINDS, left_by_kind, strict=True):
        option(page, "kind", kind).click()
        assert hits(page)[0] == expected
        assert page.locator("#list .review .kw").count() == expected
    page.locator("#q").fill("no such words as these")
    assert hits(page)[0] == 0
    assert page.locator("#list").inner_text() == "None."
