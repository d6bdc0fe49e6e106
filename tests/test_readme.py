"""What the README shows works as shown and is what a run prints; its links lead somewhere from any place."""

import itertools
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
URLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]


def section(title):
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def blocks(title, language=""):
    found = re.findall(r"^```(\w*)\n(.*?)^```$", section(title), re.M | re.S)
    return [text for name, text in found if name == language]


def block(title, language=""):
    (found,) = blocks(title, language)
    return found


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    from factharness.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))

    def run(line):
        words = line.split()
        assert words[0] == "factharness"
        with pytest.raises(SystemExit) as stopped:
            main(words[1:])
        said = capsys.readouterr()
        assert stopped.value.code == 0, said.err
        return said.out

    return run


def test_what_it_proposes_next_works(call):
    """The commands of the section, in their order; the back end stands in the file that it names."""
    Path("my_backend.py").write_text(block("Three things to do next", "python"), encoding="utf-8")
    lines = [
        line for found in blocks("Three things to do next", "sh") for line in found.splitlines()
    ]
    said = {line: call(line) for line in lines}
    assert [line.split()[1] for line in lines] == ["run", "mistakes", "run", "init"]
    assert "depeches/" in said[lines[1]]
    rows = scores(said[lines[2]])
    assert {("Entities", "my_backend"), ("Entities", "rules*")} <= rows.keys()
    assert ("Dates", "my_backend") not in rows
    assert Path("facts/suites/ci.toml").is_file()


TABLES = ("Entities", "Dates", "Quotes, direct and mixed", "Indirect quotes")


def scores(printed):
    """The title of a table and what a row begins with, such as a back end, to the numbers in the row."""
    found = {}
    title = ""
    for line in printed.splitlines():
        names = list(itertools.takewhile(lambda word: not word[0].isdigit(), line.split()))
        numbers = re.findall(r"\d+\.?\d*", " ".join(line.split()[len(names) :]))
        if line and line[0].isupper():
            title = line
        elif title in TABLES and numbers and "%" not in line:  # which the headings have
            # A table that is too wide goes on in a second one, with the same rows.
            found.setdefault((title, " ".join(names)), []).extend(map(float, numbers))
    return found


@pytest.mark.slow
@pytest.mark.needs("spacy", "stanza")
def test_the_tables_are_what_the_default_run_prints(call):
    shown = scores(block("Two commands"))
    printed = scores(call("factharness run"))
    # Four rows in each table but that of dates.
    assert len(shown) == 4 + 3 + 4
    assert set(shown) == {key for key in printed if key[0] != "Indirect quotes"}
    for key, numbers in shown.items():
        # Another processor may add up a network's numbers in another order.
        near = 0 if "rules*" in key[1] else 0.01
        assert numbers == pytest.approx(printed[key], rel=near, abs=near)


def test_it_is_short():
    assert len(README.splitlines()) < 120


def test_every_address_is_whole_and_leads_to_what_is_there():
    """The package index shows the page without the repository around it."""
    repository, site = URLS["Repository"], URLS["Documentation"]
    raw = repository.replace("//github.com", "//raw.githubusercontent.com")
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert len(links) > 8
    for link in links:
        place = re.sub(rf"^({re.escape(repository)}/(blob|tree)|{re.escape(raw)})/main/", "", link)
        if link.startswith(site):
            place = "docs/" + (link.removeprefix(site).replace(".html", ".md") or "index.md")
        assert not place.startswith("http"), link
        assert (ROOT / place).exists(), link


def test_the_picture_is_small():
    picture = ROOT / "docs" / "images" / "report.png"
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size < 300_000
