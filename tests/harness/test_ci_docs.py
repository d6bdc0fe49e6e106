"""docs/ci.md does what it says: its repository is made in an empty folder, block by block."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from factharness.gate import rules

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)?([^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_a_newcomer_gets_from_nothing_to_a_gate(tmp_path):
    command = tmp_path / "bin" / "factharness"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from factharness.cli import main; main()" "$@"\n'
    )
    command.chmod(0o755)
    env = {
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    repository = tmp_path / "repository"
    repository.mkdir()
    said = ""
    ran = 0
    for language, info, content in BLOCKS:
        options = dict(word.split("=", 1) for word in shlex.split(info) if "=" in word)
        if "file" in options:
            path = repository / options["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        elif language == "sh":
            if "before" in options:
                _, old, new, _ = options["before"].split("/")
                backend = repository / "my_backend.py"
                code = backend.read_text(encoding="utf-8")
                assert old in code
                backend.write_text(code.replace(old, new), encoding="utf-8")
            done = subprocess.run(
                ["sh", "-ec", content], cwd=repository, env=env, capture_output=True, text=True
            )
            said, ran = done.stdout, ran + 1
            assert done.returncode == int(options.get("exit", 0)), said + done.stderr
        elif info.strip() == "said":
            assert all(line in said for line in content.splitlines())
    assert ran == 6
    assert said.splitlines()[-1] == "RESULT: PASS (4 rules) exit 0"


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
