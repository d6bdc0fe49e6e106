"""What a release is made of: one owner and one version everywhere, files that their schemas accept, and a page
on security whose tests are there."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from factharness import __version__

ROOT = Path(__file__).resolve().parents[1]
URLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
OWNER = URLS["Repository"].removeprefix("https://github.com/")
TAGGED = re.compile(r"([\w.-]+/factharness)(?:\.git)?@(\S+?)[\"'`\s]")
HOSTED = re.compile(
    r"github(?:usercontent)?\.com/([\w.-]+/factharness)\b|([\w-]+)\.github\.io/factharness\b"
)
NAMED = re.compile(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`")

spec = importlib.util.spec_from_file_location("release_check", ROOT / ".ci" / "release_check.py")
release_check = importlib.util.module_from_spec(spec)
spec.loader.exec_module(release_check)


def pages():
    tracked = [*ROOT.glob("*.md"), *ROOT.glob("*.cff"), *ROOT.glob("docs/**/*")]
    tracked += [*ROOT.glob("examples/**/*"), *ROOT.glob(".github/**/*"), ROOT / "pyproject.toml"]
    kinds = {".md", ".yml", ".yaml", ".toml", ".cff", ".sh"}
    return {path: path.read_text(encoding="utf-8") for path in tracked if path.suffix in kinds}


def test_every_page_and_example_names_one_owner_and_the_version_of_this_tree():
    tags = {found for text in pages().values() for found in TAGGED.findall(text)}
    assert tags == {(OWNER, f"v{__version__}")}
    found = [match for text in pages().values() for match in HOSTED.finditer(text)]
    owners = {match[1] or f"{match[2]}/factharness" for match in found}
    assert owners == {OWNER}


def test_the_hooks_of_pre_commit_are_taken_at_that_version():
    hooks = re.findall(r"repo: https://github\.com/(\S+)\n\s+rev: (\S+)", "".join(pages().values()))
    assert set(hooks) == {(OWNER, f"v{__version__}")}


@pytest.mark.needs("check_jsonschema")
@pytest.mark.parametrize(
    ("schema", "file", "key"),
    [
        ("vendor.github-workflows", ".github/workflows/release.yml", "    steps:"),
        ("vendor.citation-file-format", "CITATION.cff", "authors:"),
    ],
)
def test_it_is_valid_by_its_published_schema(schema, file, key, tmp_path):
    def code(path):
        check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
        return subprocess.run(check, capture_output=True).returncode

    text = (ROOT / file).read_text(encoding="utf-8")
    broken = tmp_path / Path(file).name
    broken.write_text(text.replace(key, f"{key[:-1]}x:"), encoding="utf-8")
    assert (code(ROOT / file), code(broken)) == (0, 1)


def test_the_citation_names_this_version_and_the_repository():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {__version__}\n" in citation
    assert f"\nrepository-code: {URLS['Repository']}\n" in citation


@pytest.fixture
def tree(tmp_path):
    """A tree that may be released as v2.0.0, with the part of each file that is looked at."""
    package = tmp_path / "harness" / "factharness"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('__version__ = "2.0.0"\n')
    (tmp_path / "CITATION.cff").write_text("title: x\nversion: 2.0.0\nurl: y\n")
    sections = ("Unreleased\n\n- c", "2.0.0 - 2030-01-02\n\n- b", "1.0.0 - 2029-01-01\n\n- a")
    changes = "".join(f"## {section}\n\n" for section in sections)
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{changes}")
    return tmp_path


def test_a_tree_that_is_ready(tree):
    assert release_check.problems(tree, "v2.0.0") == []
    assert release_check.notes(tree, "2.0.0") == "- b"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("harness/factharness/__init__.py", "2.0.0", "2.0.1"),
        ("CHANGELOG.md", "## 2.0.0 - 2030-01-02", "## 2.0.0"),
        ("CHANGELOG.md", "- b\n", ""),
        ("CITATION.cff", "2.0.0", "1.0.0"),
    ],
)
def test_a_tree_that_is_not_ready_says_which_file(tree, file, old, new):
    path = tree / file
    path.write_text(path.read_text().replace(old, new))
    (problem,) = release_check.problems(tree, "v2.0.0")
    assert problem.startswith(file)


def test_every_guard_of_the_page_on_security_has_a_test_that_is_there():
    named = NAMED.findall((ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(named) > 10
    missing = [
        (file, name)
        for file, name in named
        if not (ROOT / file).is_file()
        or f"def {name}" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []
