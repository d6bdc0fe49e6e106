"""docs/first-hour.md works as shown: every file is written, every command is run, in their order."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "first-hour.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)([^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_the_page_leads_from_texts_to_a_gate(tmp_path):
    command = tmp_path / "bin" / "factharness"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from factharness.cli import main; main()" "$@"\n'
    )
    command.chmod(0o755)
    env = os.environ | {
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    repository = tmp_path / "repository"
    repository.mkdir()
    said = ""
    ran = 0
    for language, info, content in BLOCKS:
        options = dict(word.split("=", 1) for word in shlex.split(info) if "=" in word)
        path = repository / options.get("file", "")
        if "before" in options:
            _, old, new, _ = options["before"].split("/")
            code = path.read_text(encoding="utf-8")
            assert old in code
            path.write_text(code.replace(old, new), encoding="utf-8")
        if language == "sh":
            done = subprocess.run(
                ["sh", "-ec", content], cwd=repository, env=env, capture_output=True, text=True
            )
            said, ran = done.stdout, ran + len(content.splitlines())
            assert done.returncode == int(options.get("exit", 0)), said + done.stderr
        elif language == "gold":  # the paragraphs with their facts; the header is there
            header, _, paragraphs = path.read_text(encoding="utf-8").partition("+++\n\n")
            words = [line for line in content.splitlines() if line.startswith(">")]
            assert [line for line in paragraphs.splitlines() if line.startswith(">")] == words
            path.write_text(f"{header}+++\n\n{content}", encoding="utf-8")
        elif "file" in options:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        else:
            assert said.splitlines()[-1] == content.strip()
    assert ran == len(re.findall(r"^factharness .*$", PAGE, re.MULTILINE)) == 10
