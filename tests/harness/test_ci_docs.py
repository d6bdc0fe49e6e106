"""docs/ci.md names the rules and messages that there are; ``test_followed_pages.py`` follows its commands."""

import re
from pathlib import Path

from factharness.gate import rules

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")


def test_the_grammar_is_the_one_that_is_parsed():
    grammar = rules.__doc__.partition("::\n\n")[2].partition("\n\n``*``")[0]
    assert re.sub(r"^    ", "", grammar, flags=re.MULTILINE) in PAGE


def test_every_rule_of_the_table_can_be_read():
    table = PAGE.partition("| rule | holds when |")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert len(listed) == 9
    for rule in listed:
        assert rules.parse(rule).text == rule


def test_every_message_that_is_listed_is_one_the_code_says():
    table = PAGE.partition("| what | code | message |")[2]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    assert len(lines) > 15
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "harness" / "factharness").rglob("*.py"))
    )
    # Messages are written over several lines of code: what the quotes and braces between them hold is left out.
    code = re.sub(r'"\s*\n?\s*f?"', "", code)
    for line in lines:
        for message in re.findall(r"`([^`-][^`]*)`", line.split("|")[3]):
            for piece in filter(None, re.split(r"\s*…\s*", message)):
                assert piece in code, f"{piece!r}: {line}"
