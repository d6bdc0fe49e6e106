"""Texts, labels, values and errors that would do more than be read: shown as text, and nothing of them runs."""

import json

import gold_files
import msgspec
import pytest
from small_runs import small_run

from factharness.cli import main
from factharness.escape import visible
from factharness.facts import Date, Entity, Quote, Span
from factharness.report.html import render
from factharness.runs.directory import load
from factharness.runs.texts import Texts

pytestmark = [pytest.mark.browser, pytest.mark.needs("playwright")]

PAYLOADS = (
    "<script>window.hacked=1</script>",
    "</script><script>window.hacked=1</script>",
    "<!--<script>",
    "]]>",
    "\"'><img src=x onerror=window.hacked=1>",
    "</style></title></textarea><svg onload=window.hacked=1>",
    "javascript:window.hacked=1",
    "{{ 7*7 }}${window.hacked=1}",
    "&lt;b&gt;&amp;",
    "\u202egnirts\u202c \u2066x\u2069",
    "🦊👩‍🚀 x\u0302",
    "a\u2028b\u2029c",
    "\x1b[31m\x07",
)
PARTS = ("overview", "articles", "mistakes", "slices")

FAILS = """
class Fails:
    kinds = frozenset({{"entity", "date", "quote"}})
    def fingerprint(self): return {{"code": "1"}}
    def extract(self, articles):
        for article in articles:
            raise RuntimeError({message!r})
build = Fails
"""


def stored(path, articles, facts):
    """Predictions for ``replay``: these facts for every article."""
    records = [{"id": gold.article.id, "facts": facts} for gold in articles]
    path.write_bytes(msgspec.json.Encoder().encode_lines(records))
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A run in which whatever may hold free text holds every payload."""
    folder = tmp_path_factory.mktemp("hostile")
    text = " ".join(f"Avant {payload} après." for payload in PAYLOADS)
    spans = [gold_files.place(text, payload) for payload in PAYLOADS]
    facts = [Entity(span, "PER") for span in spans]
    facts.append(Quote((spans[0],), "direct", spans[4], PAYLOADS[4], spans[5]))
    facts.append(Date(spans[7], "DATE", "2024"))
    meta = {"rubrique": PAYLOADS[1], "pays": PAYLOADS[4]}
    gold = [gold_files.write(folder / "gold", "hostile", text, facts, meta)]
    wrong = [
        Entity(Span(span.start, span.end + 6), payload)
        for span, payload in zip(spans, PAYLOADS, strict=True)
    ]
    wrong += [Entity(spans[0], "LOC"), Date(spans[7], "DATE", PAYLOADS[0])]
    wrong += [Quote((spans[0],), "direct", spans[6], PAYLOADS[1], spans[2])]
    (folder / "fails.py").write_text(FAILS.format(message=" ".join(PAYLOADS)), encoding="utf-8")
    backends = {
        "wrong": stored(folder / "wrong.jsonl", gold, wrong),
        "other": stored(folder / "other.jsonl", gold, facts[:3]),
        "fails": "file:fails.py:build",
        "gone": "file:gone.py:build",
    }
    run = small_run(folder, [folder / "gold"], backends)
    spoil(run.path / "run.json")
    return load(run.path)


def spoil(path):
    """Put payloads into the free texts of a manifest, as somebody may who sends a run directory."""
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest |= dict.fromkeys(("version", "python", "platform", "commit"), PAYLOADS[1])
    manifest["libraries"] = dict.fromkeys(PAYLOADS, PAYLOADS[0])
    manifest["narrowed"] = list(PAYLOADS)
    for goldset in manifest["goldsets"]:
        goldset |= {"version": PAYLOADS[0], "digest": PAYLOADS[1]}
    for backend in manifest["backends"]:
        backend["fingerprint"] = dict.fromkeys(PAYLOADS, PAYLOADS[0])
        backend["unavailable"] = " ".join(PAYLOADS) if backend["name"] == "gone" else None
    path.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture(scope="module")
def hostile_page(hostile):
    file = hostile.path / "report.html"
    file.write_text(render(hostile, Texts(hostile)), encoding="utf-8")
    return file


def has_run(page):
    return page.evaluate("window.hacked !== undefined")


@pytest.mark.parametrize("part", PARTS)
def test_nothing_runs_and_nothing_becomes_markup(windows, hostile_page, part):
    page = windows.open(hostile_page, f"#{part}")
    for element in page.locator("main section:visible").locator("button, a").all():
        if element.is_visible():
            element.hover()
    page.wait_for_timeout(50)
    assert not has_run(page)
    made = "img, iframe, object, embed, b[onclick], [onload], [onerror], base, form"
    assert page.locator(made).count() == 0
    assert page.locator("script:not([type])").count() == 1
    assert [
        link for link in page.eval_on_selector_all("a", "all => all.map(a => a.protocol)")
        if link != "file:"
    ] == []  # fmt: skip


def test_what_it_says_is_read_as_it_stands(windows, hostile_page, hostile):
    page = windows.open(hostile_page, "#articles")
    text = Texts(hostile).of("gold", "hostile")
    assert page.locator(".art .t").text_content() == text
    for payload in PAYLOADS:
        assert payload in text
    page.goto(page.evaluate("location.href").partition("#")[0] + "#mistakes")
    said = [name.text_content() for name in page.locator("[data-dim=said] .opt bdi").all()]
    assert {visible(payload) for payload in PAYLOADS} <= set(said)
    page.goto(page.evaluate("location.href").partition("#")[0] + "#overview")
    assert f"RuntimeError: {PAYLOADS[0]}" in page.locator("#part-overview").text_content()


def test_a_comparison_of_it_runs_nothing_either(windows, hostile, tmp_path):
    file = tmp_path / "diff.html"
    with pytest.raises(SystemExit):
        main(["compare", f"{hostile.path}:wrong", f"{hostile.path}:other", "-o", str(file)])
    page = windows.open(file, "#mistakes")
    assert "<script>window.hacked=1</script>" in page.locator("#list").text_content()
    assert not has_run(page)
    assert page.locator("script:not([type])").count() == 1


@pytest.mark.parametrize(
    "attack",
    [
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked=1\">')",
        "document.body.setAttribute('onclick', 'window.hacked=1'); document.body.click()",
        "document.body.append(Object.assign(document.createElement('script'), "
        "{textContent: 'window.hacked=1'}))",
        "document.body.append(Object.assign(document.createElement('a'), "
        "{href: 'javascript:window.hacked=1', id: 'attack'})); document.getElementById('attack').click()",
        "document.body.insertAdjacentHTML('beforeend', '<iframe srcdoc=\"<script>parent.hacked=1"
        "</script>\"></iframe>')",
    ],
)
def test_the_policy_refuses_what_gets_into_the_page_all_the_same(windows, hostile_page, attack):
    page = windows.open(hostile_page)
    page.evaluate(f"() => {{ {attack} }}")
    page.wait_for_timeout(100)
    assert not has_run(page)
    assert any("Content Security Policy" in line for line in windows.complaints)
    windows.complaints.clear()
