"""The site as it is built: without a warning, complete, and loading nothing from elsewhere."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

import factharness
from factharness import testing
from factharness.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.needs("sphinx", "myst_parser", "furo", "sphinx_copybutton"),
]


class Page(HTMLParser):
    """The anchors, the links and what is loaded of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loaded = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids |= {values["id"]} if values.get("id") else set()
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        elif tag == "link":
            self.loaded.append(values["href"])
        elif values.get("src"):
            self.loaded.append(values["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    words = ["-q", "-E", "-a", "-W", "--keep-going", "-b", "html", "docs", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *words], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def test_every_link_and_anchor_inside_leads_somewhere(site, pages):
    checked = 0
    for path, page in pages.items():
        for link in page.links:
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = unquote(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.is_file(), f"{path.name}: {link}"
            if anchor and target in pages:
                assert anchor in pages[target].ids, f"{path.name}: {link}"
                checked += 1
    assert checked > 500


def test_nothing_is_loaded_from_elsewhere(site, pages):
    for path, page in pages.items():
        for address in page.loaded:
            if address.startswith("data:"):
                continue
            assert not re.match(r"([a-z]+:)?//", address), f"{path.name}: {address}"
            name = unquote(address).partition("?")[0].partition("#")[0]
            assert (path.parent / name).exists(), f"{path.name}: {address}"
    for sheet in site.rglob("*.css"):
        assert not re.search(
            r"(url\(|@import)\s*[\"']?(https?:)?//", sheet.read_text(encoding="utf-8")
        ), sheet


def test_every_command_has_its_section(site, pages):
    anchors = pages[site / "commands.html"].ids
    assert {f"factharness-{name}" for name in COMMANDS} <= anchors
    assert {"factharness-gold-check", "factharness-backends-show"} <= anchors
    text = (site / "commands.html").read_text(encoding="utf-8")
    assert "<code" in text
    assert "--max-errors" in text


def test_every_public_name_is_in_the_reference(site, pages):
    anchors = pages[site / "api.html"].ids
    assert {f"factharness.{name}" for name in factharness.__all__} <= anchors
    assert f"factharness.testing.{testing.check_extractor.__name__}" in anchors
    assert "factharness.extractor.Extractor" in anchors


def test_what_editors_are_given_the_address_of_is_there(site):
    for name in ("suite.schema.json", "editors/gold.tmLanguage.json", "editors/gold.vim"):
        assert (site / name).is_file(), name


def test_it_can_be_searched(site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert "first-hour" in index
    assert "bootstrap" in index
