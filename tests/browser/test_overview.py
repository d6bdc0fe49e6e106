"""The part "Overview": its numbers are those of the run, and they can be sorted, switched and copied."""

import math

import pytest

from factharness.runs.record import stored_regime

pytestmark = [pytest.mark.browser, pytest.mark.needs("playwright")]

KINDS = ("entity", "date", "quote")
GOLDSETS = ("depeches", "tricky")


def score_table(page, goldset, kind):
    """The table of all labels; that of indirect quotes stands apart."""
    return page.locator(
        f'table.scores[data-goldset="{goldset}"][data-kind="{kind}"][data-label="*"]'
    )


def table_of(page, goldset, kind):
    """Heading to cell, for each back end of a score table."""
    return score_table(page, goldset, kind).evaluate(
        """(table) => {
            const heads = [...table.tHead.rows[0].cells];
            return Object.fromEntries([...table.tBodies[0].rows].map((row) => [
                row.dataset.backend,
                Object.fromEntries(heads.flatMap((head, n) =>
                    head.dataset.shows ? [[head.dataset.shows, row.cells[n].textContent.trim()]] : [])),
            ]));
        }"""
    )


def figure(text):
    """The number in a cell; None where there is none."""
    return None if text in ("", "–") else float(text.replace("−", "-").replace("\u202f", ""))


def check(page, run, regime, labels=("*", "*", "*")):
    """Compare every precision, recall and F1 that is shown with the run's."""
    frame = run.to_frame()
    frame = frame[frame.slice == "*"].set_index(["goldset", "kind", "backend", "label", "regime"])
    compared = 0
    for goldset in GOLDSETS:
        for kind, label in zip(KINDS, labels, strict=True):
            for backend, cells in table_of(page, goldset, kind).items():
                row = frame.loc[goldset, kind, backend, label, stored_regime(kind, regime)]
                for name in ("precision", "recall", "f1"):
                    shown, stored = figure(cells[name]), row[name]
                    if shown is None:
                        assert math.isnan(stored)
                    else:
                        assert abs(shown - stored) <= 0.0005 + 1e-9
                        compared += 1
    return compared


def test_the_numbers_are_those_of_the_run(windows, report, run):
    assert check(windows.open(report), run, "strict") > 40


def test_another_regime_shows_its_numbers(windows, report, run):
    page = windows.open(report)
    page.locator("#regime").select_option("*:partial")
    assert check(page, run, "partial") > 40
    page.locator("#regime").select_option("*:strict")
    check(page, run, "strict")


def test_a_label_shows_its_numbers(windows, report, run):
    page = windows.open(report)
    page.locator("#label").select_option("entity:PER")
    check(page, run, "strict", ("PER", "*", "*"))


def header_of(page, kind):
    """What stands beside a table, under its heading."""
    row = page.locator(".row").filter(has=score_table(page, "depeches", kind))
    return row.locator("header p:visible").all_inner_texts()


def test_what_is_not_switched_stays_as_it_was_and_says_so(windows, report):
    page = windows.open(report)
    before = {kind: (table_of(page, "depeches", kind), header_of(page, kind)) for kind in KINDS}
    page.locator("#regime").select_option("quote:joint")
    for kind in ("entity", "date"):
        cells, header = before[kind]
        assert table_of(page, "depeches", kind) == cells
        assert header_of(page, kind) == [*header, "No joint here: strict is shown."]
    (shown,) = header_of(page, "quote")
    assert shown.startswith("Shown: joint, ")
    page.locator("#label").select_option("date:TIME")
    assert "No TIME here: all labels are shown." in header_of(page, "entity")[-1]


def test_intervals_stand_where_the_run_has_one(windows, report, run):
    page = windows.open(report)
    page.locator("#regime").select_option("date:value")
    frame = run.to_frame()
    frame = frame[(frame.slice == "*") & (frame.label == "*") & (frame.regime == "value")]
    stored = frame[(frame.goldset == "depeches") & (frame.kind == "date")].set_index("backend")
    for backend, cells in table_of(page, "depeches", "date").items():
        low, high = map(float, cells["interval"].split("–"))
        assert abs(low - stored.loc[backend, "low"]) <= 0.0005 + 1e-9
        assert abs(high - stored.loc[backend, "high"]) <= 0.0005 + 1e-9
    page.locator("#label").select_option("date:TIME")
    assert {c["interval"] for c in table_of(page, "depeches", "date").values()} == {"–"}


def test_the_choice_is_kept_in_the_address(windows, report):
    page = windows.open(report)
    page.locator("#regime").select_option("*:partial")
    assert page.evaluate("location.href").endswith("#overview?regime=partial")
    page.locator("#regime").select_option("date:value")
    page.locator("#label").select_option("date:TIME")
    asked = page.evaluate("location.href").partition("#")[2]
    assert asked == "overview?regime=date:value&label=date:TIME"
    other = windows.open(report, f"#{asked}")
    assert table_of(other, "depeches", "date") == table_of(page, "depeches", "date")
    page.locator('nav a[href="#overview"]').click()
    assert page.locator("#regime").input_value() == "*:strict"
    assert header_of(page, "date")[0].endswith("(strict).")


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_sorts_down_and_up(windows, report, kind):
    page = windows.open(report)
    table = score_table(page, "depeches", kind)
    for head in table.locator("th[data-shows]:visible").all():
        name = head.get_attribute("data-shows")
        for direction in ("descending", "ascending"):
            for _ in range(2):
                if head.get_attribute("aria-sort") != direction:
                    head.locator("button").click()
            assert head.get_attribute("aria-sort") == direction
            column = [cells[name] for cells in table_of(page, "depeches", kind).values()]
            values = [figure(text.split("–")[0] or "–") for text in column]
            known = [value for value in values if value is not None]
            assert known == sorted(known, reverse=direction == "descending")
            assert table.locator("[aria-sort]").count() == 1


def test_back_ends_sort_by_name(windows, report):
    page = windows.open(report)
    table = score_table(page, "depeches", "entity")
    table.locator("th.name button").click()
    names = list(table_of(page, "depeches", "entity"))
    assert names in (sorted(names), sorted(names, reverse=True))


@pytest.mark.parametrize(
    "chart", ["table.forest", "table.heat", "table.confusion", ".panels figure svg", "table.cost"]
)
def test_the_charts_are_there(windows, report, chart):
    assert windows.open(report).locator(f"#part-overview {chart}").count() > 0


def test_a_cell_of_a_confusion_matrix_leads_to_its_mistakes(windows, report):
    page = windows.open(report)
    link = page.locator("table.confusion a").first
    link.click()
    assert "#mistakes?" in page.evaluate("location.href")
    assert page.locator("#part-mistakes").is_visible()


def test_the_bands_of_differences_are_seen_whole(windows, report):
    page = windows.open(report)
    forest = page.locator("table.forest").first  # each gold set has its own scale
    bands = forest.locator(".band").evaluate_all(
        "(all) => all.map((band) => ['x', 'width'].map((name) => parseFloat(band.getAttribute(name))))"
    )
    zero = float(forest.locator(".zero").first.get_attribute("x1").rstrip("%"))
    assert bands
    for start, width in bands:
        assert start + width / 2 == pytest.approx(zero, abs=0.05)


def test_what_only_a_narrow_screen_needs_to_say_is_said_there_alone(windows, report):
    for width, shown in ((400, True), (900, False), (1440, False)):
        notes = windows.open(report, width=width).locator("#part-overview .narrow").all()
        assert len(notes) >= 2
        assert {note.is_visible() for note in notes} == {shown}


def test_no_label_is_broken_on_a_phone(windows, report):
    page = windows.open(report, width=400)
    heads = page.locator("table.heat thead tr:last-child th")
    heights = heads.evaluate_all("(all) => all.map((head) => head.clientHeight)")
    assert len(set(heights)) == 1
    assert heights[0] < 40
    assert page.locator(".narrow").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_the_tables_are_copied_as_markdown(windows, report):
    page = windows.open(report)
    page.evaluate(
        "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }"
    )
    page.locator("#copy").click()
    copied = page.evaluate("window.copied")
    rows = [line for line in copied.splitlines() if line.startswith("|")]
    assert any("careless" in row for row in rows)
    assert len({row.count("|") for row in rows[:3]}) == 1
