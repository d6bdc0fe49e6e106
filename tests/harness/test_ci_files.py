"""The files for continuous integration: valid by their published schemas, and doing what docs/ci.md says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from factharness.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
MINI = ROOT / "tests" / "data" / "goldsets" / "mini"
LOCAL = ROOT / "tests" / "harness" / "local_backends.py"


def validate(*args):
    return subprocess.run(args, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.needs("check_jsonschema")
@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "docs/examples/github-workflow.yml"),
        ("vendor.gitlab-ci", "docs/examples/gitlab-ci.yml"),
    ],
)
def test_it_is_valid_by_its_published_schema(schema, file, tmp_path):
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    said = validate(*check, file)
    assert said.returncode == 0, said.stdout
    broken = tmp_path / "broken.yml"
    text = (ROOT / file).read_text(encoding="utf-8")
    broken.write_text(text.replace("runs:\n", "rnus:\n").replace("    steps:", "    stepps:"))
    broken.write_text(broken.read_text().replace("  script:", "  scirpt:"))
    assert validate(*check, str(broken)).returncode == 1


@pytest.mark.needs("pre_commit", "yaml")
def test_the_hooks_are_valid_and_name_commands_there_are():
    manifest = ".pre-commit-hooks.yaml"
    said = validate(sys.executable, "-m", "pre_commit", "validate-manifest", manifest)
    assert said.returncode == 0, said.stdout
    hooks = yaml(ROOT / manifest)
    assert [hook["entry"] for hook in hooks] == ["factharness gold check", "factharness gold fmt"]
    from factharness.cli.gold import gold

    assert "gold" in COMMANDS
    assert all(hook["entry"].split()[2] in gold.commands for hook in hooks)


def yaml(path):
    import yaml as reader

    return reader.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture
def job(tmp_path):
    """A repository, and the step of action.yml that runs and checks it, as a runner would."""
    shutil.copytree(MINI, tmp_path / "goldsets" / "mini")
    shutil.copy(LOCAL, tmp_path / "mine.py")
    command = tmp_path / "bin" / "factharness"
    command.parent.mkdir()
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from factharness.cli import main; main()" "$@"\n'
    )
    command.chmod(0o755)
    (step,) = (
        step for step in yaml(ROOT / "action.yml")["runs"]["steps"] if step.get("id") == "gate"
    )
    assert step["shell"] == "bash"

    def run(gate, use="mine.py", options="", more="", allow=""):
        (tmp_path / "ci.toml").write_text(
            f'[suite]\ngoldsets = ["mini"]\n[[backend]]\nuse = "file:{use}:build"\nname = "mine"\n'
            f"{more}[gate]\nrules = {gate}\n"
        )
        (tmp_path / "output").write_text("")
        said = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={
                "PATH": f"{command.parent}:{os.environ['PATH']}",
                "XDG_CACHE_HOME": str(tmp_path / ".cache"),
                "RUNNER_TEMP": str(tmp_path),
                "GITHUB_OUTPUT": str(tmp_path / "output"),
                "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
                "GITHUB_WORKSPACE": str(tmp_path),
                "SUITE": "ci.toml",
                "OPTIONS": options,
                "ALLOW": allow,
            },
        )
        lines = (tmp_path / "output").read_text().splitlines()
        return said, dict(line.split("=", 1) for line in lines)

    return run


@pytest.mark.needs("yaml")
@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
@pytest.mark.parametrize(
    ("gate", "kwargs", "code"),
    [
        ('["errors == 0"]', {}, 0),
        ('["errors == 0"]', {"options": "--timeout 60 -j 1"}, 0),
        ('["errors == 0"]', {"options": "--limit 2 -j 1"}, 4),
        ('["mine.date.f1 > 0.9"]', {}, 1),
        ('["mine.date.f1 drop <= 0"]', {}, 4),
        ('["mine.date.f1 drop <= 0"]', {"allow": "--allow-missing-baseline"}, 4),
        ('["mine.date.f1 drop <= 0", "errors == 0"]', {"allow": "--allow-missing-baseline"}, 0),
        ('["errors <= 50%"]', {"more": 'options = { when = { "2024-03-06-tournoi" = "raise" } }\n'}, 0),
        ('["mine.date.f1 > 0"]', {"more": '[[backend]]\nuse = "file:none.py:build"\nname = "no"\n'}, 2),
        ('["errors == 0"]', {"use": "none.py"}, 3),
        ("[]", {}, 2),
    ],
)  # fmt: skip
def test_the_action_exits_as_the_gate_says(job, gate, kwargs, code):
    said, output = job(gate, **kwargs)
    assert said.returncode == code, said.stdout + said.stderr
    assert output["exit-code"] == str(code)
    if code in (0, 1):
        place = Path(output["run"])
        assert {"run.json", "junit.xml", "badge.json"} <= {path.name for path in place.iterdir()}
        assert "RESULT:" in said.stdout
        summary = place.parents[1] / "summary.md"
        assert summary.read_text().startswith("## RESULT:")
