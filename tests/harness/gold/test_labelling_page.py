"""docs/labelling.md: its examples pass the checks of gold files, and the rules that are cited there exist."""

import re
from pathlib import Path

import pytest

from factharness.facts import Date, Entity, Quote
from factharness.gold.parse import text_of
from factharness.gold.problems import check_document
from factharness.gold.syntax import read
from factharness.labels import DATE_LABELS, ENTITY_LABELS
from factharness.text import sha256

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGE = (DOCS / "labelling.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```gold\n(.*?)^```$", PAGE, re.M | re.S)
RULES = set(
    re.findall(
        r"^\*\*([GEDQ]\d+[a-z]?)\.", (DOCS / "guidelines.md").read_text(encoding="utf-8"), re.M
    )
)
HEADER = """gold      = 1
id        = "labelling"
lang      = "fr"
published = 2024-03-05
labels    = {{ status = "adjudicated", prelabel = "none" }}
text      = "full"
sha256    = "{sha256}"
+++

"""


def test_examples_pass_the_checks():
    assert len(BLOCKS) == 10
    facts = "\n".join(BLOCKS)
    text = text_of(read(HEADER.format(sha256="") + facts))
    problems, checked = check_document(read(HEADER.format(sha256=sha256(text)) + facts))
    assert [str(problem) for problem in problems] == []
    assert checked is not None


def test_each_decision_has_one_example():
    for number, part in enumerate(re.split(r"^\*\*(?=\d+\. )", PAGE, flags=re.M)[1:], 1):
        assert part.startswith(f"{number}. ")
        assert part.count("```gold\n") == 1


def test_examples_have_all_labels():
    _, checked = check_document(read(HEADER.format(sha256="") + "\n".join(BLOCKS)))
    assert checked is not None
    facts = [gold.fact for gold in checked.facts]
    assert {fact.label for fact in facts if isinstance(fact, Entity)} == set(ENTITY_LABELS)
    assert {fact.type for fact in facts if isinstance(fact, Date)} == set(DATE_LABELS)
    types = {fact.type for fact in facts if isinstance(fact, Quote)}
    assert types == {"direct", "mixed", "indirect", None}


def test_links_lead_to_headings_with_these_rules():
    """The rules that a link ``[E6–E13](guidelines.md#…)`` names stand under that heading."""
    sections = {}
    for section in re.split(
        r"^#+ ", (DOCS / "guidelines.md").read_text(encoding="utf-8"), flags=re.M
    ):
        heading, _, body = section.partition("\n")
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        sections[f"{anchor}-1" if anchor in sections else anchor] = body
    links = re.findall(r"\[([^\]]+)\]\(guidelines\.md#([^)]+)\)", PAGE)
    assert len(links) > 10
    for rules, anchor in links:
        for rule in re.findall(r"[GEDQ]\d+[a-z]?", rules):
            assert f"**{rule}. " in sections[anchor], (rule, anchor)


CITING = [
    DOCS / "labelling.md",
    *sorted((ROOT / "goldsets").glob("*/README.md")),
    *sorted((ROOT / "harness" / "factharness" / "gold").rglob("*.py")),
    *sorted((ROOT / "harness" / "factharness" / "label").rglob("*.toml")),
]


@pytest.mark.parametrize("path", CITING, ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_that_are_cited_exist(path):
    cited = set(re.findall(r"\b[GEDQ]\d+[a-z]?\b", path.read_text(encoding="utf-8")))
    assert cited <= RULES
