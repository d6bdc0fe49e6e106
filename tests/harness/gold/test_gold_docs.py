"""The format document keeps to what the code does."""

import re
from pathlib import Path

from factharness.cli.gold import gold
from factharness.files import unify
from factharness.gold.checks import OF_SCHEME
from factharness.gold.fact_line import MENTION_KEYS, TEXT_KEYS
from factharness.gold.format import format_document
from factharness.gold.header import KEYS, LICENCE_KEYS, SOURCE_KEYS
from factharness.gold.problems import check_document
from factharness.gold.set_file import SET_KEYS
from factharness.gold.syntax import read
from factharness.gold.withhold import withhold
from factharness.scheme import CHECKS

DOCUMENT = (Path(__file__).parents[3] / "docs" / "gold-format.md").read_text(encoding="utf-8")
BLOCKS = [unify(block) for block in re.findall(r"```\w*\n(.*?)```", DOCUMENT, re.DOTALL)]


def test_its_example_is_clean_and_canonical():
    document = read(BLOCKS[0])
    assert check_document(document)[0] == []
    assert format_document(document) == BLOCKS[0]


def test_its_text_free_example_is_what_withholding_makes():
    bare = withhold(read(BLOCKS[0])).blocks[1].paragraph
    shown = next(block for block in BLOCKS if block.startswith(">~"))
    assert shown.startswith(f">~ {bare.length} {bare.hash16}\n")


def test_every_key_is_explained():
    for key in (*KEYS, *SOURCE_KEYS, *LICENCE_KEYS, *SET_KEYS):
        assert re.search(rf"`{key}`|^{key}\b|^\[{key}\]", DOCUMENT, re.MULTILINE), key
    for key in {*MENTION_KEYS, *(key for keys in TEXT_KEYS.values() for key in keys)}:
        assert f"`{key}:" in DOCUMENT, key


def test_every_command_is_explained():
    for name, command in gold.commands.items():
        assert f"`gold {name}" in DOCUMENT, name
        assert command.help


def test_every_check_that_a_scheme_decides_on_is_explained():
    assert set(OF_SCHEME) == set(CHECKS)
    for name in CHECKS:
        assert f"\n| `{name}` |" in DOCUMENT, name
