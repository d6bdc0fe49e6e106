"""The overview and the slices of the page: sentences, charts, tables, and nothing of a run as markup."""

import re
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from shown_text import nasty as any_text

from factharness import api
from factharness.facts import KINDS
from factharness.report.html import (
    charts,
    differences,
    grids,
    numerals,
    render,
    sentences,
    slices,
    tables,
)
from factharness.runs.directory import load
from factharness.runs.record import BackendRecord, GoldSetRecord, Lead, SkippedArticle
from factharness.runs.tables import of_run
from factharness.runs.texts import Texts
from factharness.score import ALL, Counts
from factharness.score.stats import holm

TESTS = Path(__file__).resolve().parents[2]
MINI = TESTS / "data" / "goldsets" / "mini"
LOCAL = TESTS / "harness" / "local_backends.py"
shares = st.floats(0, 1)


class Page(HTMLParser):
    """The elements of a page, and its text outside of scripts and styles."""

    def __init__(self, html):
        super().__init__()
        self.starts, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.starts.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.starts.append((tag, dict(attrs)))

    def handle_data(self, data):
        if not self.starts or self.cdata_elem is None:
            self.text += data

    def of(self, tag, **attributes):
        return [
            found
            for name, found in self.starts
            if name == tag and all(found.get(key) == value for key, value in attributes.items())
        ]


def words(markup):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", markup)).strip()


def lead_of(html):
    return words(re.search(r'<div class="lead">(.*?)</div>', html, re.DOTALL)[1])


def overview_of(html):
    return html[html.index('id="part-overview"') : html.index('id="part-articles"')]


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Makes a run of the mini set with the back ends of a suite, and its page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def make(backends, more=""):
        suite = tmp_path / "mine.toml"
        source = f'[suite]\ngoldsets = ["{MINI}"]\nslices = ["rubrique"]\n{more}{backends}'
        suite.write_text(source, encoding="utf-8")
        run = api.run(suite, output=tmp_path / "out", force=True)
        return run, render(run, Texts(run))

    return make


RULES = '[[backend]]\nuse = "rules"\n'


def capitals(name="caps", options=""):
    return (
        f'[[backend]]\nuse = "file:{LOCAL}:Capitals"\nname = "{name}"\noptions = {{ {options} }}\n'
    )


# Sentences


# The sentences must not say None, so no name does.
nasty = any_text.filter(lambda text: "None" not in text)


@st.composite
def results(draw):
    """A gold set with up to six back ends, of which some borrow, fail, or claim only some kinds."""
    names = draw(st.lists(nasty.filter(bool), max_size=6, unique=True))
    articles = draw(st.integers(0, 6))
    kinds = []
    for kind in KINDS:
        claiming = [name for name in names if draw(st.booleans())]
        triples = st.tuples(*[st.integers(0, 3)] * 3)
        counts = {
            name: {f"a{n}": Counts(*draw(triples)) for n in range(articles)} for name in claiming
        }
        compared = differences.compare("set", {("set", kind, "strict"): counts}, [(kind, "strict")])
        sums = {name: sum(each.values(), Counts()) for name, each in counts.items()}
        kinds.append(
            sentences.KindResult(
                kind,
                draw(st.sampled_from([0, 5])),
                "strict",
                {name: one.f1 for name, one in sums.items() if one.f1 is not None},
                next(iter(compared), None),
                {name: draw(st.sampled_from([*names, "elsewhere"])) for name in claiming[:2]},
                draw(st.none() | shares),
            )
        )
    errors = {name: draw(st.integers(1, articles or 1)) for name in names[:2]}
    unseen = sentences.Unseen("date", 0.5, draw(nasty), 0.4)
    seen = [sentences.SeenGold(name, draw(st.integers(1, 6)), [unseen]) for name in names[:1]]
    return sentences.SetResult(draw(nasty), articles, kinds, errors, seen)


@given(st.lists(results(), max_size=3), st.dictionaries(nasty, nasty, max_size=2))
def test_every_run_has_sentences_and_no_name_is_markup(sets, unavailable):
    headline = sentences.headline(sets, list(unavailable))
    assert words(headline)
    for said in (headline, *sentences.lead(sets, unavailable)):
        assert set(re.findall(r"<[^>]*>", said)) <= {"<em>", "</em>"}
        assert "None" not in said


def kind_result(kind, borrowed=None, **counts):
    """A kind on articles whose counts are given as (tp, fp, fn), by back end."""
    by_article = {
        name: {f"a{n}": Counts(*one) for n, one in enumerate(each)} for name, each in counts.items()
    }
    compared = differences.compare("set", {("set", kind, "strict"): by_article}, [(kind, "strict")])
    f1 = {name: sum(each.values(), Counts()).f1 for name, each in by_article.items()}
    measure = next(iter(compared), None)
    return sentences.KindResult(kind, 30, "strict", f1, measure, borrowed or {})


GOOD, FAIR, BAD = [(9, 1, 1)] * 30, [(8, 2, 2), (9, 1, 1)] * 15, [(2, 8, 8)] * 30


def test_the_headline_says_who_leads_and_on_what_nobody_does():
    entities = kind_result("entity", good=GOOD, bad=BAD, poor=BAD)
    dates = kind_result("date", good=GOOD, bad=BAD, poor=BAD)
    quotes = kind_result("quote", good=GOOD, bad=GOOD, poor=GOOD)
    one = sentences.SetResult("set", 30, [entities, dates, quotes])
    assert words(sentences.headline([one], [])) == (
        "good leads on entities and dates; on quotes all three are equal"
    )
    (lead,) = sentences.lead([one], {})
    assert "good gains 0.700 of strict F1 on entities and 0.700 on dates against" in words(lead)
    assert "neither is chance" in lead


def test_a_lead_that_may_be_chance_is_none():
    close = kind_result("entity", good=[(9, 1, 1)] * 3, fair=[(8, 2, 2)] * 3)
    one = sentences.SetResult("set", 3, [close])
    assert words(sentences.headline([one], [])) == "On entities fair and good are too close to call"
    (lead,) = sentences.lead([one], {})
    assert "good is ahead of fair by 0.100, which may be chance" in words(lead)
    assert "On 3 articles only large differences" in lead


def test_who_borrows_is_not_ahead_with_its_lender():
    shared = kind_result("date", {"mixed": "good"}, good=GOOD, mixed=GOOD, bad=BAD)
    all_lent = kind_result(
        "quote", {"mixed": "good", "bad": "good"}, good=GOOD, mixed=GOOD, bad=GOOD
    )
    one = sentences.SetResult("set", 30, [shared, all_lent])
    assert words(sentences.headline([one], [])).startswith("good leads on dates")
    (lead,) = sentences.lead([one], {})
    assert "Quotes decide nothing here: the other two take them from good." in words(lead)


def test_several_sets_are_told_apart_or_together():
    kind = kind_result("entity", good=GOOD, bad=BAD)
    close = kind_result("entity", good=FAIR[:2], bad=GOOD[:2])
    same = [sentences.SetResult(name, 30, [kind]) for name in ("a", "b")]
    assert words(sentences.headline(same, [])) == "On both gold sets good leads on entities"
    other = [same[0], sentences.SetResult("b", 40, [close])]
    assert (
        words(sentences.headline(other, [])) == "b: on entities bad and good are too close to call"
    )


# Charts


@given(st.lists(st.tuples(nasty, shares, shares), max_size=12))
def test_what_is_in_a_panel_stays_in_it_and_no_label_covers_another(scores):
    low = charts.panel_low([value for _, *pair in scores for value in pair])
    panel = charts.panel(scores, low)
    assert sum(len(point.names) for point in panel.points) == len(scores)
    boxes = []
    for point in panel.points:
        assert charts.LEFT <= point.x <= charts.RIGHT
        assert charts.TOP <= point.y <= charts.BOTTOM
        if point.label:
            label = point.label
            box = (label.x, label.y, label.x + label.width, label.y + charts.LINE)
            assert box[0] >= 0
            assert box[1] >= 0
            assert box[2] <= charts.WIDTH
            assert box[3] <= charts.HEIGHT
            boxes.append(box)
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart
    for line in panel.lines:
        for x, y in re.findall(r"([\d.-]+),([\d.-]+)", line.path):
            assert charts.LEFT <= float(x) <= charts.RIGHT
            assert charts.TOP <= float(y) <= charts.BOTTOM


@given(st.lists(st.tuples(nasty, st.floats(1e-6, 1e4), shares), min_size=1, max_size=12))
def test_a_panel_of_costs_has_decades_and_keeps_its_points(scores):
    low = charts.panel_low(f1 for _, _, f1 in scores)
    made = charts.cost_panel(scores, low)
    assert sorted(name for point in made.points for name in point.names) == sorted(
        name for name, _, _ in scores
    )
    for point in made.points:
        assert charts.LEFT <= point.x <= charts.RIGHT
        assert charts.TOP <= point.y <= charts.BOTTOM
    marks = [x for _, x in made.across]
    assert len(marks) >= 2
    assert (marks[0], marks[-1]) == (charts.LEFT, charts.RIGHT)
    by_cost = sorted(scores, key=lambda one: one[1])
    places = {name: point.x for point in made.points for name in point.names}
    if len(places) == len(scores) == len(made.points):
        assert places[by_cost[0][0]] <= places[by_cost[-1][0]]


def test_points_that_coincide_share_a_name():
    panel = charts.panel([("a", 0.8, 0.8), ("b", 0.8, 0.8), ("c", 0.4, 0.4)], 0.3)
    assert [point.label.text for point in panel.points] == ["a, b", "c"]
    alike = charts.panel([(name, 0.8, 0.8) for name in "abc"], 0.3)
    assert [point.label.text for point in alike.points] == ["all three"]


@given(st.lists(st.floats(-1, 1) | st.none(), max_size=6))
def test_a_scale_of_differences_holds_them_and_zero(values):
    scale = charts.difference_scale(values)
    known = [0, *(value for value in values if value is not None)]
    assert scale.low <= min(known) <= max(known) <= scale.high
    assert any(float(tick.text.replace(numerals.MINUS, "-")) == 0 for tick in scale.ticks)
    assert 1 <= len(scale.ticks) <= 6
    assert all(0 <= tick.at <= 100 for tick in scale.ticks)


@given(st.lists(shares | st.none(), max_size=6), st.floats(0, 100_000))
def test_scales_hold_their_values_and_have_few_marks(values, seconds):
    scale = charts.score_scale(values)
    assert all(scale.low <= value <= scale.high == 1 for value in values if value is not None)
    assert 3 <= len(scale.ticks) <= 6
    times = charts.seconds_scale(seconds)
    assert times.high >= seconds
    assert 2 <= len(times.ticks) <= 6
    assert len({tick.text for tick in times.ticks}) == len(times.ticks)


def test_numbers_are_written_with_signs_of_their_own():
    assert numerals.count(1032) == "1\u202f032"
    assert numerals.signed(-0.25) == "\u22120.250"
    assert numerals.signed(-0.0001) == "0.000"
    assert [numerals.short(value) for value in (1, 0.994, 0, None)] == ["1.0", ".99", ".00", "–"]


# Differences


def _by_article(each):
    return {f"a{n}": Counts(*one) for n, one in enumerate(each)}


def test_back_ends_that_are_alike_are_one_and_each_measure_is_corrected_alone():
    counts = {
        ("set", kind, "strict"): {
            "bad": _by_article(BAD),
            "good": _by_article(GOOD),
            "twin": _by_article(GOOD),
        }
        for kind in ("entity", "date")
    }
    asked = [("entity", "strict"), ("date", "strict"), ("quote", "exact")]
    measures = differences.compare("set", counts, asked)
    assert [measure.kind for measure in measures] == ["entity", "date"]
    for measure in measures:
        assert measure.alike == (("good", "twin"), ("bad",))
        (pair,) = measure.pairs
        assert (pair.first, pair.second) == (("good", "twin"), ("bad",))
        assert pair.difference.difference > 0
        assert pair.adjusted == pair.difference.p


def test_the_best_is_corrected_over_the_others_and_any_other_pair_over_all():
    counts = {
        ("set", "date", "value"): {
            name: _by_article(each) for name, each in (("good", GOOD), ("fair", FAIR), ("bad", BAD))
        }
    }
    (measure,) = differences.compare("set", counts, [("date", "value")])
    p = [pair.difference.p for pair in measure.pairs]
    assert [pair.first for pair in measure.pairs] == [("good",), ("good",), ("fair",)]
    assert [pair.adjusted for pair in measure.pairs] == [*holm(p[:2]), holm(p)[2]]
    assert holm(p)[0] > holm(p[:2])[0]


@pytest.mark.parametrize(
    ("kept", "is_taken"),
    [
        ({}, True),
        ({"goldset": "other"}, False),
        ({"label": "indirect"}, False),
        ({"regime": "strict"}, False),
        ({"backend": "bad"}, False),
    ],
)
def test_the_p_of_a_lead_is_the_one_that_the_run_has_kept(kept, is_taken):
    counts = {
        ("set", "date", "value"): {
            "bad": _by_article(BAD),
            "good": _by_article(GOOD),
            "twin": _by_article(GOOD),
        }
    }
    p = {"bad": 0.012, "good": 0.012, "twin": 1.0}
    column = {"goldset": "set", "kind": "date", "label": ALL, "regime": "value", "backend": "twin"}
    (measure,) = differences.compare(
        "set", counts, [("date", "value")], [Lead(**column | kept, p=p)]
    )
    assert (measure.lead.adjusted == 0.012) == is_taken


def test_many_back_ends_are_compared_with_the_best_only():
    names = [f"b{n}" for n in range(differences.ALL_PAIRS + 1)]
    counts = {
        ("set", "entity", "strict"): {
            name: {"a": Counts(n, 9 - n, 1), "b": Counts(n, 1, 1)} for n, name in enumerate(names)
        }
    }
    (measure,) = differences.compare("set", counts, [("entity", "strict")])
    assert {pair.first for pair in measure.pairs} == {measure.alike[0]}
    assert len(measure.pairs) == len(names) - 1


def test_fewer_draws_on_large_sets():
    assert differences.draws(80) == 10_000
    assert differences.draws(1000) == 2000
    assert differences.draws(1_000_000) == 1000


# The page


def test_the_page_has_the_tables_the_charts_and_the_switches(made):
    run, html = made(RULES + capitals())
    page = Page(html)
    tables = [one for one in page.of("table") if one.get("class") == "scores"]
    assert [(one["data-kind"], one["data-label"]) for one in tables] == [
        ("entity", "*"),
        ("date", "*"),
        ("quote", "*"),
    ]
    for name in ("forest", "heat", "confusion", "slices", "scores cost"):
        assert page.of("table", **{"class": name})
    for one in ("regime", "label"):
        assert page.of("select", id=one)
    assert page.of("button", id="copy")
    assert [one["class"] for one in page.of("details") if "words" in one.get("class", "")] == [
        "words"
    ]
    assert page.of("svg", role="img")
    assert not [found for _, found in page.starts if "style" in found]
    assert not [found for _, found in page.starts if any(key.startswith("on") for key in found)]
    # Each value of a switch is one that was stored.
    stored = {(key[2], name) for key in run.over_all_articles() for name in key[3:]}
    for option in Page(overview_of(html)).of("option"):
        kind, _, name = option["value"].partition(":")
        assert kind == "*" or (kind, name) in stored
    ids = [found["id"] for _, found in page.starts if "id" in found]
    assert len(ids) == len(set(ids))
    # A link to mistakes names a back end and a kind.
    links = [found["href"] for found in page.of("a") if "mistakes?" in found.get("href", "")]
    assert links
    assert all("backend=" in link and "kind=" in link for link in links)


def test_one_back_end_errors_and_none(made):
    _, html = made(capitals())
    assert lead_of(html).startswith("caps finds entities with an F1 of")
    assert "With one back end there is nothing to compare." in lead_of(html)
    assert 'class="forest"' not in html
    ids = [path.stem for path in sorted(MINI.glob("*.gold"))]
    failing = ", ".join(f'"{name}" = "raise"' for name in ids)
    _, html = made(capitals(options=f"when = {{ {failing} }}"))
    assert lead_of(html).startswith("Nothing was scored: caps failed on every article")
    assert "Nothing was scored." in html
    assert overview_of(html).count("cannot do") == len(ids)
    with pytest.warns(UserWarning, match="unavailable"):
        _, html = made(capitals(options='sick = { build = "refuse" }'))
    assert lead_of(html).startswith("Nothing was scored: no back end could run caps could not run:")


def test_some_articles_fail(made):
    first = min(path.stem for path in MINI.glob("*.gold"))
    _, html = made(RULES + capitals(options=f'when = {{ "{first}" = "raise" }}'))
    assert "caps failed on 1 of 3 articles; its numbers are over the others." in lead_of(html)


def test_the_verdict_of_the_gate(made):
    _, html = made(RULES)
    assert "No gate." in lead_of(html)
    _, html = made(RULES + '[gate]\nrules = ["errors == 0"]\n')
    assert (
        "Passed. Its one rule holds: errors == 0 (no back end failed on an article; mistakes are not counted)."
        in lead_of(html)
    )
    _, html = made(RULES + '[gate]\nrules = ["errors <= 1%", "rules.entity.f1 > 0"]\n')
    said = lead_of(html)
    assert "errors &lt;= 1% (articles on which a back end fails; mistakes are not counted)" in said
    assert "rules.entity.f1 &gt; 0. " in said
    rules = '["errors == 0", "rules.entity.f1 > 2", "*.entity.f1 drop <= 0.1"]'
    _, html = made(RULES + f"[gate]\nrules = {rules}\n")
    said = lead_of(html)
    assert (
        "Failed. 1 of 3 rules failed, 1 of 3 cannot be judged; these hold: errors == 0 (no" in said
    )
    assert 'class="rules"' in html


def cells_of(html, row):
    """The texts of a row, by a regular expression that its heading matches."""
    found = re.search(rf"<tr[^>]*>\s*<th scope=\"row\">{row}</th>.*?</tr>", html, re.DOTALL)
    return [words(cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", found[0], re.DOTALL)]


def times(run, number):
    """The run with each article that many times, and its counts; the copies have ids of their own."""
    goldset = run.manifest.goldsets[0]
    articles = tuple(
        replace(one, id=f"{one.id}-{n}", characters=100 * n, meta={"rubrique": f"r{n % 2}"})
        for one in goldset.articles
        for n in range(number)
    )
    counts = {
        key: {
            backend: {f"{name}-{n}": each for name, each in of.items() for n in range(number)}
            for backend, of in by_backend.items()
        }
        for key, by_backend in differences.counted(run).items()
    }
    manifest = replace(run.manifest, goldsets=(replace(goldset, articles=articles),))
    return replace(run, manifest=manifest), counts


def test_slices_have_intervals_where_there_are_articles_enough(made):
    run, html = made(RULES + capitals())
    few = html[html.index('id="part-slices"') :]
    assert " of " in cells_of(few, "sport.*?")[3]
    many, counts = times(run, 6)
    (view,) = [
        tables for _, tables in slices.part(many, slices.tables(many, counts)).context["sets"]
    ]
    by_title = {table.title: table for table in view}
    assert list(by_title) == ["rubrique", "Length"]
    for table in view:
        assert table.backends == ("rules", "caps")
        for _, _, rows in table.groups:
            for row in rows:
                assert all("–" in cell.below for cell in row.cells)
    lengths = by_title["Length"].groups[0][2]
    assert [row.name for row in lengths] == ["short", "medium", "long"]
    assert [row.articles for row in lengths] == [6, 6, 6]
    rules, caps = lengths[0].cells
    assert (rules.best, caps.best) == (True, False)
    numbers = slices.data(many)["mini"]
    for place, (dimension, table) in enumerate(zip(numbers["dimensions"], view, strict=True)):
        assert dimension["title"] == table.title
        rows = table.groups[0][2]
        assert dimension["slices"] == [row.name for row in rows]
        assert sum(map(len, dimension["members"])) == len(numbers["articles"])
        for row in rows:
            assert row.cells[0].href == (
                f"#mistakes?slice=mini/{place}/{row.number}&kind=entity&backend=rules"
            )


def test_a_slice_of_quotes_counts_them_with_their_speaker_too(made):
    run, _ = made(RULES + capitals())
    many, counts = times(run, 6)
    ((table, *_),) = slices.tables(many, counts)
    groups = {name: rows for name, _, rows in table.groups}
    joint = counts["mini", "quote", "joint"]["rules"]
    assert [row.name for row in groups["joint"]] == [row.name for row in groups["quote"]] != []
    members = slices.dimensions(many, many.manifest.goldsets[0])[0].members
    for row in groups["joint"]:
        whole = sum((joint[name] for name in members[row.name] if name in joint), Counts())
        assert row.cells[0].f1 == numerals.short(whole.f1)
        assert "kind=quote" in row.cells[0].href


def test_on_few_articles_nothing_is_the_best(made):
    run, _ = made(RULES + capitals())
    many, enough = times(run, 2)  # two of three articles each
    ((_, view),) = slices.part(many, slices.tables(many, enough)).context["sets"]
    rows = {row.name: row for table in view for _, _, each in table.groups for row in each}
    few = [row for row in rows.values() if row.few]
    assert few
    assert {row.articles < slices.FEWEST for row in few} == {True}
    assert not any(cell.best for row in few for cell in row.cells)
    assert all(" of " in cell.below for row in few for cell in row.cells if cell.below)


def test_borrowed_facts_are_never_the_best(made):
    run, _ = made(RULES + capitals())
    backends = tuple(
        replace(one, borrows={"entity": "elsewhere"} if one.name == "rules" else {})
        for one in run.manifest.backends
    )
    run = replace(run, manifest=replace(run.manifest, backends=backends))
    many, counts = times(run, 6)
    ((_, view),) = slices.part(many, slices.tables(many, counts)).context["sets"]
    for row in view[0].groups[0][2]:
        assert [cell.borrowed for cell in row.cells] == [True, False]
        assert not any(cell.best for cell in row.cells)
    assert cells_of(render(run, Texts(run)), r"<i>rules</i><sup>†</sup>")[0] == "rules†"


def test_tables_have_the_numbers_of_the_blocks_the_best_first(made):
    run, _ = made(capitals("aaa") + RULES)
    section = of_run(run).sections[0]
    scale = tables.scale_of([section])
    block = section.kinds[0]
    table = tables.score_table(block, scale)
    assert [row.name for row in table.rows] == ["rules", "aaa"]
    assert [column.heading for column in table.columns][:5] == ["pred", "P", "R", "F1", "95 %"]
    assert len(table.columns) <= 5 + tables.MOST_MORE
    by_name = {row.values["backend"]: row for row in block.rows}
    headings = {column.heading: column.name for column in block.columns}
    for row in table.rows:
        raw = by_name[row.name]
        for column, cell in zip(table.columns, row.cells, strict=True):
            assert cell.value == raw.values[headings[column.heading]]
            assert cell.best == (headings[column.heading] in raw.best)
            assert cell.surely == (headings[column.heading] in raw.ahead)
    # What the script shows for the first regime and all labels are these numbers.
    shows = {column.shows: column for column in table.columns}
    assert {"f1:typed-partial", "interval", "precision"} <= set(shows)


def test_a_matrix_links_to_its_mistakes_and_is_shared(made):
    run, _ = made(RULES + capitals())
    cells = {
        "PER": {"PER": 6, "LOC": 1, "none": 3},
        "LOC": {"none": grids.FEWEST - 1},
        "none": {"LOC": grids.FEWEST},
    }
    on_sets = [replace(one, confusion={"entity": cells}) for one in run.scores.backends]
    ((matrix,),) = grids.matrices(on_sets)
    assert matrix.names == ("rules", "caps")
    assert matrix.columns == ("PER", "LOC", "nothing")
    found = {row: dict(zip(matrix.columns, each, strict=True)) for row, each in matrix.rows}
    assert (found["PER"]["PER"].text, found["PER"]["PER"].step, found["PER"]["PER"].href) == (
        "6",
        0,
        "",
    )
    assert found["PER"]["LOC"].href.endswith("kind=entity&label=PER&said=LOC")
    assert found["PER"]["nothing"].href.endswith("kind=entity&what=missed&label=PER")
    assert found["nothing"]["LOC"].href.endswith("kind=entity&what=spurious&said=LOC")
    assert found["PER"]["LOC"].step < found["PER"]["nothing"].step < found["nothing"]["LOC"].step
    assert found["LOC"]["PER"].text == ""
    # Too few facts for a share.
    assert found["LOC"]["nothing"].step == 0


def test_the_heat_map_has_labels_of_the_gold_by_how_frequent_they_are(made):
    run, _ = made(RULES + capitals(options='kinds = ["entity"]'))
    heat = grids.heat(run, "mini", run.over_all_articles())
    entities = [column for column in heat.columns if column.kind == "entity"]
    counts = [int(column.gold) for column in entities]
    assert counts == sorted(counts, reverse=True)
    assert [column.first for column in entities] == [True] + [False] * (len(entities) - 1)
    assert sum(wide for _, wide in heat.groups) == len(heat.columns)
    rows = {name: dict(zip(heat.columns, cells, strict=True)) for name, cells in heat.rows}
    for column in heat.columns:
        cell = rows["caps"][column]
        assert (cell.text == "n/a") == (column.kind != "entity")
        assert bool(cell.href) == (column.kind == "entity")
    assert [grids.step(share) for share in (0, 0.14, 0.15, 0.99, 1)] == [0, 0, 1, 6, 6]


def test_slices_by_metadata_length_seen_and_phenomena(made):
    run, _ = made(RULES + capitals())
    goldset = run.manifest.goldsets[0]
    tagged = [replace(one, phenomena=("x & y",)) for one in goldset.articles[:2]]
    articles = (*tagged, *goldset.articles[2:])
    on_sets = [
        replace(one, seen={"entity": (articles[0].id,)} if one.backend == "rules" else {})
        for one in run.scores.backends
    ]
    run = replace(
        run,
        manifest=replace(run.manifest, goldsets=(replace(goldset, articles=articles),)),
        scores=replace(run.scores, backends=tuple(on_sets)),
    )
    html = render(run, Texts(run))
    slices = html[html.index('id="part-slices"') :]
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", slices)
    assert "rubrique" in headings
    assert "Seen by rules" in headings
    assert "Phenomena" in headings
    assert "x &amp; y" in slices
    assert "Length" not in headings  # three articles make no classes


def test_phenomena_are_recorded(made):
    run, _ = made(RULES)
    recorded = {one.id: one.phenomena for one in run.manifest.goldsets[0].articles}
    said = {
        path.stem: "phenomena" in path.read_text(encoding="utf-8") for path in MINI.glob("*.gold")
    }
    assert {name: bool(tags) for name, tags in recorded.items()} == said


def test_a_run_of_the_first_format_has_a_page():
    run = load(TESTS / "data" / "runs" / "first")
    assert lead_of(render(run, Texts(run)))


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202e{{ 1 }}]]>"


def test_nothing_of_a_run_becomes_markup(made):
    run, plain = made(RULES + capitals())

    def hostile_set(goldset: GoldSetRecord) -> GoldSetRecord:
        articles = tuple(
            replace(one, meta={HOSTILE: HOSTILE}, phenomena=(HOSTILE,)) for one in goldset.articles
        )
        skipped = (SkippedArticle("a", HOSTILE, HOSTILE),)
        return replace(goldset, articles=articles, skipped=skipped)

    def hostile_backend(backend: BackendRecord) -> BackendRecord:
        return replace(backend, languages=(HOSTILE,))

    labels = {"PER": HOSTILE, "direct": HOSTILE}
    scores = tuple(
        replace(one, row=replace(one.row, label=labels.get(one.row.label, one.row.label)))
        for one in run.scores.scores
    )
    on_sets = tuple(
        replace(
            one,
            errors={run.manifest.goldsets[0].articles[0].id: HOSTILE},
            confusion={"entity": {HOSTILE: {HOSTILE: 1, "none": 2, "LOC": 1}}},
            unmapped={HOSTILE: 1},
        )
        for one in run.scores.backends
    )
    manifest = replace(
        run.manifest,
        slices=(HOSTILE,),
        platform=HOSTILE,
        commit=HOSTILE,
        narrowed=(HOSTILE,),
        goldsets=tuple(map(hostile_set, run.manifest.goldsets)),
        backends=tuple(map(hostile_backend, run.manifest.backends)),
    )
    hostile = replace(
        run, manifest=manifest, scores=replace(run.scores, scores=scores, backends=on_sets)
    )
    html = render(hostile, Texts(hostile))
    page = Page(html)
    assert len(page.of("script")) == len(Page(plain).of("script"))
    assert not page.of("img")
    assert not [found for _, found in page.starts if any(key.startswith("on") for key in found)]
    assert "\u202e" not in page.text
    assert page.text.count("alert(1)") > 20
