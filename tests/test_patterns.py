"""No pattern gives up a group for good: ``re`` reads such patterns wrongly before Python 3.11.5 (gh-106052).

A single character or set may be possessive (``[a-z]*+``), since nothing inside it can be tried again.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(
    str(path.relative_to(ROOT))
    for room in ("harness/factharness", "extractors/fact_extractors")
    for path in (ROOT / room).rglob("*.py")
)
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+|\(\?>")


@pytest.mark.parametrize(
    "pattern", ["(?:a|ab)*+c", "(a|ab)++c", "(?:a)?+", "(?:a){1,2}+", "(?>a|ab)c"]
)
def test_such_a_pattern_is_found(pattern):
    assert POSSESSIVE_GROUP.search(pattern)


@pytest.mark.parametrize("name", FILES)
def test_no_group_is_possessive(name):
    assert POSSESSIVE_GROUP.findall((ROOT / name).read_text(encoding="utf-8")) == []
