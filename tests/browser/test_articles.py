"""The part "Articles": it draws the gold's own words and the run's own mistakes, and keys go through it."""

import itertools
from collections import Counter

import pytest

from factharness.facts import spans_of
from factharness.gold.sets import load_set
from factharness.resources import find

pytestmark = [pytest.mark.browser, pytest.mark.needs("playwright")]

NESTED = 7
"""The number of a name within a name, on which no back end is scored."""

BACKENDS = ("rules", "careful", "hasty", "careless")


@pytest.fixture(scope="module")
def golds(run):
    """The gold articles of the run, by set and id."""
    places = {"depeches": find("goldsets", "depeches"), "tricky": run.path.parent / "tricky"}
    return {
        (name, gold.article.id): gold
        for name, place in places.items()
        for gold in load_set(place).articles
    }


@pytest.fixture
def article(windows, report):
    """Opens an article of the run."""
    return lambda goldset, name, fact="", **options: windows.open(
        report, f"#articles/{goldset}/{name}" + (f"/{fact}" if fact else ""), **options
    )


def names_of(run):
    return [(one.name, article.id) for one in run.manifest.goldsets for article in one.articles]


def toggle(page, name):
    return page.locator(".bar").get_by_role("button", name=name, exact=True)


def test_the_text_is_the_article_and_the_words_are_those_of_gold(article, run, golds):
    page = article(*names_of(run)[0])
    for goldset, id_ in names_of(run):
        page.goto(
            page.evaluate("location.href").partition("#")[0] + f"#articles/{goldset}/{id_}?backend="
        )
        gold = golds[goldset, id_]
        text = gold.article.text
        paragraphs = page.eval_on_selector_all(".art .t", "all => all.map(t => t.textContent)")
        assert "\n\n".join(paragraphs) == text
        for number, labelled in enumerate(gold.facts, 1):
            spans = spans_of(labelled.fact)
            drawn = page.eval_on_selector_all(
                f'.art span.s[data-f~="{number}"]', "all => all.map(s => s.textContent).join('')"
            )
            # From the first to the last fragment: the gap between them is dotted.
            assert drawn == text[spans[0].start : spans[-1].end].replace("\n\n", "")


def mistakes_by_article(run):
    """How often each back end errs in each article, as ``run.mistakes()`` lists it."""
    return Counter(
        (mistake.goldset, mistake.article, mistake.backend) for mistake in run.mistakes()
    )


def listed(page):
    return [
        tuple(text.rsplit("\n", 1))
        for text in page.eval_on_selector_all(
            ".list ol a", "all => all.map(a => [...a.children].map(c => c.textContent).join('\\n'))"
        )
    ]


def test_the_articles_stand_by_mistakes_which_are_those_of_the_run(article, run):
    page = article(*names_of(run)[0])
    counts = mistakes_by_article(run)
    expected = sorted(
        (
            sum(counts[goldset, id_, backend] for backend in BACKENDS)
            for goldset, id_ in names_of(run)
        ),
        reverse=True,
    )
    assert [int(count) for _, count in listed(page)] == expected
    toggle(page, "careless").click()
    names = dict(listed(page))
    for goldset, id_ in names_of(run):
        left = sum(counts[goldset, id_, backend] for backend in BACKENDS if backend != "careless")
        assert int(names[f"{goldset}/{id_.split('-', 3)[-1]}"]) == left


def test_an_article_says_what_was_made_with_it_in_sight(article, run):
    unseen = {on.backend for on in run.scores.backends if "tricky" not in on.seen.get("entity", ())}
    assert unseen == set(BACKENDS)
    assert article("tricky", "tricky").locator(".seen").inner_text().startswith("In sight of no")
    (name,) = list(
        {
            one
            for on in run.scores.backends
            for one in on.seen.get("quote", ())
            if on.backend == "rules"
        }
    )[:1]
    seen = article("depeches", name).locator(".seen").inner_text()
    assert seen.startswith("In sight while they were made: rules")
    assert "object" not in seen


def test_they_can_stand_by_the_difference_of_two_back_ends(article, run):
    page = article(*names_of(run)[0])
    page.locator("#sort").select_option("difference")
    page.locator("#pair-first").select_option(label="careless")
    page.locator("#pair-second").select_option(label="careful")
    counts = mistakes_by_article(run)
    expected = sorted(
        (
            counts[goldset, id_, "careless"] - counts[goldset, id_, "careful"]
            for goldset, id_ in names_of(run)
        ),
        reverse=True,
    )
    shown = [int(count.replace("−", "-").replace("+", "")) for _, count in listed(page)]
    assert shown == expected


def wrong_facts(run, goldset, id_):
    """The facts of an article about which some back end errs: those of gold, and those that gold has not."""
    return {
        mistake.gold or ("not in gold", mistake.pred)
        for mistake in run.mistakes()
        if (mistake.goldset, mistake.article) == (goldset, id_)
    }


def test_every_mistake_has_a_note_and_keys_go_from_one_to_the_next(article, run):
    goldset, id_ = names_of(run)[0]
    page = article(goldset, id_)
    notes = page.locator(".notes2 a")
    total = len(wrong_facts(run, goldset, id_))
    assert notes.count() == total
    assert page.locator("#of").inner_text() == f"{total} facts with a mistake"
    visited = []
    for _ in range(total):
        page.keyboard.press("j")
        assert page.locator("#pop").is_visible()
        visited.append(page.evaluate("location.href").rpartition("/")[2])
    assert len(set(visited)) == total
    page.keyboard.press("k")
    assert page.evaluate("location.href").rpartition("/")[2] == visited[-2]
    page.keyboard.press("Escape")
    assert not page.locator("#pop").is_visible()


def test_a_permanent_link_opens_the_fact(article, run, golds):
    goldset, id_ = "tricky", "tricky"
    facts = list(enumerate(golds[goldset, id_].facts, 1))
    for number, labelled in (facts[2], facts[NESTED - 1], facts[-1]):
        page = article(goldset, id_, number)
        said = page.locator("#pop").inner_text()
        first = spans_of(labelled.fact)[0].of(golds[goldset, id_].article.text)
        assert first[:10] in said
        if number != NESTED:
            assert [name for name in BACKENDS if name not in said] == []
        page.reload()
        assert page.locator("#pop").inner_text() == said


def test_kinds_and_what_is_right_can_be_put_out(article, run):
    page = article(*names_of(run)[0])

    def images():
        """How often each lane of the article has a line."""
        return page.eval_on_selector_all(".art .s", "all => all.map(s => s.getAttribute('style'))")

    before = images()
    toggle(page, "what is right").click()
    assert toggle(page, "what is right").get_attribute("aria-pressed") == "false"
    assert not any("--i-ok" in (style or "") for style in images())
    toggle(page, "what is right").click()
    assert images() == before
    for kind in ("entities", "dates", "quotes"):
        toggle(page, kind).click()
    assert page.locator(".art .s").count() == 0
    assert page.locator(".notes2 a").count() == 0


def test_hover_shows_what_each_said_and_leaves_again(article, run):
    page = article(*names_of(run)[0])
    page.locator('.art span.s[data-f~="1"]').first.hover()
    assert page.locator("#pop").is_visible()
    page.mouse.move(2, 2)
    assert not page.locator("#pop").is_visible()


def test_the_list_is_one_tab_stop_and_arrows_move_in_it(article, run):
    page = article(*names_of(run)[0], width=1440)
    links = page.locator(".list ol a")
    assert page.locator(".list ol a[tabindex='0']").count() == 1
    page.locator(".list ol a[tabindex='0']").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.href")
    assert focused == links.nth(1).evaluate("link => link.href")
    page.keyboard.press("Enter")
    assert page.evaluate("location.href") == focused
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.list ol')")


def test_an_address_says_which_kinds_and_back_ends_are_shown(article, run):
    goldset, id_ = names_of(run)[0]
    page = article(goldset, id_ + "?kind=quote&backend=careless&backend=nobody")
    pressed = page.locator(".bar .tog[aria-pressed='true']").all_inner_texts()
    assert pressed == ["careless", "quotes", "what is right"]
    assert page.locator("#only").inner_text() == "Only quotes of careless"
    quotes = Counter(
        (mistake.goldset, mistake.article) for mistake in run.mistakes("careless", kind="quote")
    )
    counts = [int(count) for _, count in listed(page)]
    assert counts == sorted((quotes[name] for name in names_of(run)), reverse=True)
    page.locator(".list ol a").last.click()
    assert page.locator("#only").inner_text() == "Only quotes of careless"
    page.locator("#show-all").click()
    assert not page.locator("#only").is_visible()
    assert "?" not in page.evaluate("location.href")
    toggle(page, "dates").click()
    assert page.evaluate("location.href").endswith("?kind=entity&kind=quote")
    page.reload()
    assert page.locator("#only").inner_text() == "Only entities and quotes"


def focused(page):
    """The number of the fact whose note has the focus."""
    return page.evaluate("document.activeElement.dataset.fact")


def test_a_card_is_entered_and_left_by_keys(article, run):
    page = article(*names_of(run)[0])
    page.locator("#next").click()
    first = page.evaluate("location.href").rpartition("/")[2]
    page.keyboard.press("j")
    second = page.evaluate("location.href").rpartition("/")[2]
    assert second != first
    assert focused(page) == second
    page.keyboard.press("k")
    assert focused(page) == first
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Link to this fact"
    page.keyboard.press("Escape")
    assert focused(page) == first
    assert not page.locator("#pop").is_visible()
    page.keyboard.press("Tab")
    assert focused(page) == second
    page.reload()
    assert focused(page) == first


def test_a_link_to_a_fact_is_copied_or_shown(article, run):
    page = article(*names_of(run)[0], 1)
    page.evaluate(
        "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }"
    )
    page.locator("#pop a").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("window.copied") == page.evaluate("location.href")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    page.locator("#pop a").click()
    assert page.locator("#pop textarea").input_value() == page.evaluate("location.href")


def test_marks_do_not_cover_each_other(article, run):
    page = article(*names_of(run)[0], width=1440)
    for goldset, id_ in names_of(run):
        page.goto(page.evaluate("location.href").partition("#")[0] + f"#articles/{goldset}/{id_}")
        boxes = page.eval_on_selector_all(
            ".art .m.mark > svg",
            "all => all.map(s => s.getBoundingClientRect()).map(b => [Math.round(b.top), b.left])",
        )
        by_line = sorted(boxes)
        for (top, left), (below, right) in itertools.pairwise(by_line):
            assert top != below or right - left >= 7


def test_a_card_in_the_margin_leaves_its_note_free(article, run):
    page = article(*names_of(run)[0], width=1440)
    for _ in range(5):
        page.keyboard.press("j")
        note = page.locator(".notes2 a.on").bounding_box()
        card = page.locator("#pop").bounding_box()
        assert card["y"] >= note["y"] + note["height"] or card["y"] + card["height"] <= note["y"]


def test_an_address_of_an_article_that_is_not_drawn_says_so(article, run):
    page = article("depeches", "not-here", 3)
    said = page.locator(".absent")
    assert "does not draw the article depeches/not-here" in said.inner_text()
    assert page.locator(".art .t").count()
    assert not page.locator("#pop").is_visible()  # the third fact of another article
    page.goto(
        page.evaluate("location.href").partition("#")[0] + "#articles/" + "/".join(names_of(run)[0])
    )
    assert not said.is_visible()
