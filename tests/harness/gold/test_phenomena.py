"""docs/phenomena.md says what the headers of the dispatches say, and explains each tag once."""

import re
from pathlib import Path

import pytest

from factharness.cli import main
from factharness.gold.parse import read_document

ROOT = Path(__file__).parents[3]
DISPATCHES = ROOT / "goldsets" / "depeches"
PAGE = ROOT / "docs" / "phenomena.md"


def tags() -> set[str]:
    return {
        tag for path in DISPATCHES.glob("*.gold") for tag in read_document(path).header.phenomena
    }


def test_the_table_is_the_output_of_the_command(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["gold", "stats", "--phenomena", str(DISPATCHES)])
    assert caught.value.code == 0
    table = capsys.readouterr().out
    assert table.startswith("| phenomenon")
    shown = PAGE.read_text(encoding="utf-8").partition("<!-- figures: phenomena -->\n")[2]
    assert shown == f"{table}<!-- end -->\n"


def test_every_tag_is_explained_once():
    meanings = PAGE.read_text(encoding="utf-8").split("\n## The table\n")[0]
    explained: list[str] = []
    for row in re.findall(r"^\| (`.*?) \|", meanings, re.M):
        names = re.findall(r"`([^`]+)`", row)
        stem = names[0].split("-")[0]
        explained += [stem + name if name.startswith("-") else name for name in names]
    assert sorted(explained) == sorted(tags())
