"""The pages that lead from nothing to a gate work as shown: every file is written, every command run, in order.

A block with ``file=`` is the content of a file; one that begins with a paragraph stands below the header of a
gold file that is there. ``before=`` with ``/old/new/`` changes a file before the commands of a block, ``exit=``
is their exit code. A block ``said`` has lines that the commands before it print.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+)?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def write(path, content):
    if content.startswith("> "):
        header, _, paragraphs = path.read_text(encoding="utf-8").partition("+++\n\n")
        words, typed = (
            [line for line in text.splitlines() if line.startswith(">")]
            for text in (content, paragraphs)
        )
        assert words == typed
        content = f"{header}+++\n\n{content}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize(
    ("page", "commands", "last"),
    [
        ("first-hour", 10, "RESULT: FAIL (1 of 3 rules) exit 1"),
        ("ci", 13, "RESULT: PASS (4 rules) exit 0"),
    ],
)
def test_the_page_leads_to_a_gate(page, commands, last, tmp_path):
    command = tmp_path / "bin" / "factharness"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from factharness.cli import main; main()" "$@"\n'
    )
    command.chmod(0o755)
    env = {
        "PATH": f"{command.parent}:/usr/bin:/bin",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONUTF8": "1",
    }
    repository = tmp_path / "repository"
    repository.mkdir()
    said = ""
    ran = 0
    for language, info, content in BLOCK.findall((DOCS / f"{page}.md").read_text(encoding="utf-8")):
        options = dict(word.split("=", 1) for word in shlex.split(info) if "=" in word)
        path = repository / options.get("file", "")
        if "before" in options:
            _, old, new, _ = options["before"].split("/")
            code = path.read_text(encoding="utf-8")
            assert old in code
            path.write_text(code.replace(old, new), encoding="utf-8")
        if language == "sh":
            done = subprocess.run(
                ["sh", "-ec", content],
                cwd=repository,
                env=env,
                capture_output=True,
                encoding="utf-8",
            )
            said, ran = done.stdout, ran + len(re.findall(r"^factharness ", content, re.M))
            assert done.returncode == int(options.get("exit", 0)), said + done.stderr
        elif "file" in options:
            write(path, content)
        elif info.strip() == "said":
            assert all(line in said for line in content.splitlines())
    assert ran == commands
    assert said.splitlines()[-1] == last
