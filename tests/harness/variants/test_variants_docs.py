"""docs/variants.md: every variant with its examples, and the numbers that this version prints."""

import re
from pathlib import Path

import pytest

from factharness import api
from factharness.report import text_tables
from factharness.variants import VARIANTS
from factharness.variants.data import document

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "variants.md").read_text(encoding="utf-8")
SIGNS = {
    "\u00a0": "␣",
    "\u202f": "␣",
    "\n": "␤",
    "  ": "⎵⎵",
    "\u0301": "´",
    "\u0300": "`",
    "\u0302": "^",
}


def shown(text):
    for character, sign in SIGNS.items():
        text = text.replace(character, sign)
    return text


@pytest.mark.parametrize("name", list(VARIANTS))
def test_every_variant_is_on_the_page_with_its_examples(name):
    assert re.search(rf"^\| `{name}` \| [a-z`«]", PAGE, re.MULTILINE)
    for example in VARIANTS[name].examples:
        assert f"| `{name}` | {shown(example.text)} | {shown(example.becomes)} |" in PAGE


def test_the_page_names_every_origin():
    assert all(origin in PAGE for origin in document("names"))


@pytest.mark.slow
def test_the_numbers_of_the_rules_are_those_of_this_version(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    suite = tmp_path / "mine.toml"
    suite.write_text(
        f'[suite]\ngoldsets = ["depeches"]\nvariants = {list(VARIANTS)}\n[[backend]]\nuse = "rules"\n'
    )
    run = api.run(suite, output=tmp_path / "out")

    def rows(text):
        """The rows about variants, without their padding."""
        lines = (" ".join(line.split()) for line in text.splitlines())
        return [line for line in lines if re.search(r" rules\* .* to ", line)]

    assert rows(text_tables([run], detail=False)) == rows(PAGE) != []
