"""The examples that a newcomer copies: each is listed, says what it is for, and does it as it stands."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
FILES = sorted(
    path
    for path in EXAMPLES.rglob("*")
    if path.is_file() and not {"__pycache__", ".pytest_cache"} & set(path.parts)
)
DATA = {".ann", ".txt", ".tsv"}
"""What an example reads; the README says what its folder is for."""


def name(path):
    return path.relative_to(EXAMPLES).as_posix()


def purpose(path):
    """What a file says of itself first."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return ast.get_docstring(ast.parse(text)) or ""
    if path.suffix == ".ipynb":
        return "".join(json.loads(text)["cells"][0]["source"]).splitlines()[-1]
    line = re.match(r"(?:#[!:].*\n)?# ?(.*)", text)
    return line[1] if line else ""


def test_every_example_is_in_the_list_and_nothing_else():
    listed = re.findall(r"\]\(([^)]+)\)", (EXAMPLES / "README.md").read_text(encoding="utf-8"))
    there = {path.relative_to(EXAMPLES).parts[0] for path in FILES} - {"README.md"}
    assert sorted(listed) == sorted(there)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix not in DATA | {".md"}], ids=name
)
def test_a_file_says_in_its_first_line_what_it_is_for(path):
    assert re.match(r"[A-Z].{30,}", purpose(path))


def call(*words, code=0, **env):
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, env=os.environ | env
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.needs("spacy")
def test_a_spacy_model_is_trained_and_compared_with_the_rules(shell_folder):
    gold = ROOT / "goldsets" / "depeches"
    few = shell_folder / "few"
    few.mkdir()
    (few / "set.toml").write_text('name = "few"\nscheme = "fr-news-1"\n', encoding="utf-8")
    for path in sorted(gold.glob("*.gold"))[:6]:
        shutil.copy(path, few)
    script = [sys.executable, EXAMPLES / "own_spacy_model.py", "few", "model"]
    said = call(*script, "60")
    rows = dict(re.findall(r"^(\w+) +entity +F1 (\S+)$", said, re.M))
    assert rows.keys() == {"rules", "own"}
    assert 0.05 < float(rows["own"]) < float(rows["rules"])
    assert re.search(r"^ *few +entity +\* +strict +2 ", said, re.M)
    (command,) = re.findall(r"factharness (mistakes .*)", said)
    assert "own" in call("factharness", *command.split())
    before = (shell_folder / "model" / "meta.json").stat().st_mtime_ns
    again = call(*script)
    assert dict(re.findall(r"^(\w+) +entity +F1 (\S+)$", again, re.M)) == rows
    assert (shell_folder / "model" / "meta.json").stat().st_mtime_ns == before


@pytest.mark.slow
def test_a_back_end_of_ones_own_keeps_its_contract_and_is_compared(shell_folder):
    own = shell_folder / "own_backend"
    shutil.copytree(EXAMPLES / "own_backend", own, ignore=shutil.ignore_patterns("__pycache__"))
    said = call(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", own)
    assert re.search(r"^7 passed", said, re.M)
    tables = call("factharness", "run", own / "gazetteer.toml", "--limit", "2")
    assert re.search(r"^gazetteer .*\n^rules", tables, re.M)


@pytest.mark.slow
@pytest.mark.needs("nbclient", "ipykernel")
def test_the_notebook_runs(tmp_path, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    notebook = nbformat.read(EXAMPLES / "worst_errors.ipynb", as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    assert not [out for out in outputs if out["output_type"] == "error"]
    tables = [out for out in outputs if "text/html" in out.get("data", {})]
    assert len(tables) >= 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_labels_of_brat_become_gold_that_is_scored(shell_folder):
    said = call("sh", EXAMPLES / "from_brat" / "from_brat.sh")
    assert "2 articles, 13 facts: 6 entities, 5 dates, 2 quotes" in said
    assert not re.search("left out|noted", said)
    assert "from-brat@1, 2 articles" in said
    facts = (shell_folder / "goldsets" / "from-brat" / "tramway.gold").read_text(encoding="utf-8")
    assert "  DATE     samedi | 2024-03-09 | mod: BEFORE\n" in facts
    assert "| mixed | by: Paul Iribar, son président | cue: assure\n" in facts


@pytest.fixture
def repository(shell_folder, monkeypatch):
    """A repository with a suite and its gate, and a day that the tests choose."""
    call("factharness", "init", ".")
    clock = shell_folder.parent / "bin" / "date"
    clock.write_text('#!/bin/sh\necho "$DAY"\n')
    clock.chmod(0o755)
    shutil.copy(EXAMPLES / "nightly" / "nightly.sh", shell_folder)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "a")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.org")
    return shell_folder


def nights(table):
    """The rows of the table of `factharness history`."""
    return re.findall(r"^\d{4}-\d\d-\d\d .*$", table, re.M)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.slow
def test_each_night_is_added_to_the_history_and_drawn(repository):
    def night(day, code=0):
        return call("sh", "nightly.sh", "ci", "history", code=code, DAY=day)

    assert len(nights(night("2024-03-05"))) == 1
    assert len(nights(night("2024-03-06"))) == 2
    assert len(nights(night("2024-03-06"))) == 2
    drawn = (repository / "history" / "trend.svg").read_bytes()
    mine = repository / "mine.py"
    mine.write_text(mine.read_text(encoding="utf-8").replace("{2,}", "{9,}"), encoding="utf-8")
    said = night("2024-03-07", code=1)
    assert "RESULT: FAIL" in said
    assert len(nights(said)) == 3
    assert (repository / "history" / "trend.svg").read_bytes() != drawn
    (repository / "suites" / "ci.toml").write_text("[suite]\n", encoding="utf-8")
    night("2024-03-08", code=2)
    assert not (repository / "history" / "2024-03-08").exists()


@pytest.mark.slow
@pytest.mark.needs("yaml")
def test_the_workflow_keeps_the_history_on_a_branch(repository, bash, monkeypatch):
    import yaml

    git = shutil.which("git") or pytest.skip("needs git")
    workflow = yaml.safe_load((EXAMPLES / "nightly" / "nightly.yml").read_text(encoding="utf-8"))
    steps = {step["name"]: step for step in workflow["jobs"]["score"]["steps"] if "name" in step}
    origin = repository.parent / "origin.git"
    call(git, "init", "-q", "--bare", origin)
    call(git, "init", "-q", "-b", "main")
    call(git, "add", ".")
    call(git, "commit", "-q", "-m", "first")
    call(git, "push", "-q", origin, "main")
    for day in ("2024-03-05", "2024-03-06"):
        clone = repository.parent / day
        call(git, "clone", "-q", "-b", "main", origin, clone)
        monkeypatch.chdir(clone)
        for step in ("Take up the history", "Score", "Keep the history"):
            call(bash, "-ec", steps[step]["run"], DAY=day)
    kept = call(git, "-C", origin, "ls-tree", "--name-only", "history").split()
    assert kept == ["2024-03-05", "2024-03-06", "trend.svg"]
    assert call(git, "-C", origin, "log", "--format=%s", "history").splitlines() == [
        "Scores of 2024-03-06",
        "Scores of 2024-03-05",
    ]


@pytest.mark.needs("check_jsonschema")
@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".yml"], ids=name)
def test_a_workflow_is_valid_by_its_published_schema(path):
    schema = ["--builtin-schema", "vendor.github-workflows"]
    call(sys.executable, "-m", "check_jsonschema", *schema, path)
