"""What the README shows works as shown: an article, a back end and a suite of one's own."""

import itertools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title):
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def block(title, language=""):
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", section(title), re.M | re.S)
    (found,) = (text for name, text in blocks if name == language)
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


def test_an_article_is_added_and_checked(call):
    labelled = block("Add an article")
    text = "\n\n".join(line.removeprefix("> ") for line in labelled.splitlines() if line[0] == ">")
    Path("article.txt").write_text(text, encoding="utf-8")
    (command,) = re.findall(r"^factharness gold new .*$", section("Add an article"), re.M)
    call(command)
    (path,) = Path("mygold").glob("*.gold")
    header = path.read_text(encoding="utf-8").partition("+++\n")[0]
    path.write_text(f"{header}+++\n\n{labelled}", encoding="utf-8")
    assert call("factharness gold check mygold") == ""
    assert "Claire Dumoulin" in call(f"factharness gold show {path}")


def test_a_back_end_and_a_suite_of_ones_own_are_compared(call):
    Path("my_backend.py").write_text(block("Add a back end", "python"), encoding="utf-8")
    Path("mine.toml").write_text(block("Add a suite", "toml"), encoding="utf-8")
    said = call("factharness run mine.toml --limit 2")
    rows = scores(said)
    assert {("Entities", "capitals"), ("Entities", "rules*")} <= rows.keys()
    assert ("Dates", "capitals") not in rows


COMPARED = ("Entities", "Dates", "Quotes, direct and mixed", "Indirect quotes")
TABLES = (*COMPARED, "Seen and unseen articles")


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
def test_the_table_is_what_the_default_run_prints(call):
    shown = scores(block("Two commands"))
    printed = scores(call("factharness run"))
    assert shown.keys() == printed.keys()
    # Four rows in each table but that of dates, and who has seen the articles of a kind, and who has not.
    assert len(shown) == len(COMPARED) * 4 - 1 + 4
    for key, numbers in shown.items():
        # Another processor may add up a network's numbers in another order.
        near = 0 if "rules*" in key[1] else 0.01
        assert numbers == pytest.approx(printed[key], rel=near, abs=near)


def test_every_page_it_links_to_is_there():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [
        link for link in links if not link.startswith("http") and not (ROOT / link).exists()
    ] == []
