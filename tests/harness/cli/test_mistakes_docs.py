"""The page on mistakes shows what this version prints, and names all columns and sorts of mistakes."""

import re
import shlex
from pathlib import Path

import pytest

from factharness.runs import mistakes, review

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "mistakes.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.needs("spacy")
def test_the_examples_print_what_the_page_shows(shell, monkeypatch):
    monkeypatch.chdir(ROOT)  # where the gold files are named from
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    for block in blocks:
        for example in re.split(r"^\$ factharness ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = example.partition("\n")
            said = shell(*shlex.split(re.sub(r"\bout\b", str(shell.folder / "out"), command)))
            assert said.returncode == 0, said.stderr
            assert said.stdout.strip() == shown.strip()


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("mistakes", mistakes.COLUMNS),
        ("`--group`", mistakes.GROUP_COLUMNS),
        ("`--review`", review.COLUMNS),
    ],
)
def test_the_columns_are_those_of_this_version(name, columns):
    assert f"| {name} | {', '.join(f'`{column}`' for column in columns)} |" in PAGE


def test_every_sort_of_mistake_is_explained():
    table = PAGE.partition("## What is wrong")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(\w+)`", table)) == set(mistakes.WHATS)
