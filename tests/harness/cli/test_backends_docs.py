"""`docs/backends.md` names every back end and every option, and its examples run."""

import inspect
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

from fact_extractors.records import outcome
from factharness.backends.registry import BUILT_IN, factory
from factharness.facts import Article

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "backends.md").read_text(encoding="utf-8")
LIBRARIES = ("dateparser", "gliner", "spacy", "stanza", "transformers")  # back ends named as theirs
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))


def test_every_back_end_has_a_section_and_a_row():
    assert set(SECTIONS) == set(BUILT_IN)
    assert re.findall(r"^\| \[`(\w+)`\]\(#(\w+)\)", PAGE, re.M) == [(n, n) for n in SECTIONS]


@pytest.mark.needs(name={name: name for name in LIBRARIES})
@pytest.mark.parametrize("name", BUILT_IN)
def test_every_option_is_on_the_page_and_no_other(name):
    asked = inspect.signature(factory(name)).parameters
    rows = re.findall(r"^\| (`.*?) \|", SECTIONS[name], re.M)
    options = {option for row in rows for option in re.findall(r"`(\w+)`", row)}
    if name != "rules":
        assert options == set(asked)


def test_the_records_on_the_page_are_read_as_they_stand():
    first, said, failed = re.findall(r"^```json\n(.*?)\n```", SECTIONS["command"], re.M | re.S)
    article = Article(**json.loads(first) | {"published": None})
    words = [fact.span.of(article.text) for fact in outcome(said.encode(), article)]
    assert words == ["Claire Dumoulin", "Lyon"]
    assert str(outcome(failed.encode(), article)) == "the model ran out of memory"


@pytest.mark.slow
def test_the_examples_run_and_replay_says_what_was_said(shell):
    for title, block in re.findall(
        r"^```\w+\n# (\S+)\n(.*?)^```", SECTIONS["command"], re.M | re.S
    ):
        if title.endswith(".toml"):
            tomllib.loads(block)
            block = block.replace('"depeches"', f'"{ROOT / "tests/data/goldsets/mini"}"')
            block = (
                block.replace('"python"', f'"{sys.executable}"') + '[[backend]]\nuse = "rules"\n'
            )
        (shell.folder / title).write_text(block, encoding="utf-8")
    assert shell("run", "capitals.toml", "-o", "first", "-j", "2").returncode == 0
    replay = (
        '[[backend]]\nuse = "replay"\nname = "rules"\noptions = { path = "first", backend = "rules" }\n'
        '[[backend]]\nuse = "replay"\nname = "capitals"\n'
        'options = { path = "first/backends/capitals.jsonl.gz", kinds = ["entity"] }\n'
    )
    said = shell("run", shell.suite(backends=replay), "-o", "second")
    assert said.returncode == 0, said.stderr
    for name in ("rules", "capitals"):
        first, second = (
            [(line["id"], line["facts"]) for line in shell.lines(run, name)]
            for run in ("first", "second")
        )
        assert first == second
