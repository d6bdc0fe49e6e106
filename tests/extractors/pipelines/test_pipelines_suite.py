"""The suite ``pipelines``, with the pipelines that it names installed for it alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

SUITE = Path(__file__).resolve().parents[3] / "suites" / "pipelines.toml"
VERSION = "3.8.0"


def named() -> list[str]:
    """The pipelines of spaCy that the suite names."""
    options = [each.get("options", {}) for each in tomllib.loads(SUITE.read_text())["backend"]]
    return [option["model"] for option in options if "model" in option]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which Python finds the pipelines, beside all that it finds without it."""
    folder = tmp_path_factory.mktemp("pipelines")
    wanted = [f"{name}=={VERSION}" for name in named()]
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--disable-pip-version-check"]
    said = subprocess.run(
        [*command, "--retries", "1", "--timeout", "15", "--target", str(folder), *wanted],
        capture_output=True,
        text=True,
    )
    if said.returncode:
        why = (said.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        pytest.skip(f"{', '.join(wanted)} cannot be installed: {why}")
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


@pytest.mark.slow
@pytest.mark.needs("spacy", "stanza")
def test_the_suite_runs_with_all_of_its_back_ends(
    installed: dict[str, str], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    command = [
        sys.executable,
        "-m",
        "factharness",
        "run",
        str(SUITE),
        "--limit",
        "2",
        "-o",
        str(run),
    ]
    said = subprocess.run(command, capture_output=True, text=True, env=installed, cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    made = json.loads((run / "run.json").read_text(encoding="utf-8"))["backends"]
    assert {each["name"] for each in made} >= {"rules", "spacy", "stanza", "sm", "md", "vote-md"}
    for each in made:
        assert not each.get("unavailable"), each
        if each["name"] in ("spacy", "stanza", "sm", "md"):
            assert "quote" in each["kinds"]
            assert not each.get("borrows")
