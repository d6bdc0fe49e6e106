"""The files for continuous integration: valid by their published schemas, and doing what docs/ci.md says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from comment_service import BOT, US, github_job, gitlab_job, serving

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
        ("vendor.github-workflows", ".github/workflows/docs.yml"),
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


def step(**wanted):
    """The step of action.yml with this ``id`` or ``name``."""
    (found,) = (
        step
        for step in yaml(ROOT / "action.yml")["runs"]["steps"]
        if wanted.items() <= step.items()
    )
    return found


@pytest.fixture
def repository(tmp_path):
    """A repository with a gold set, and what runs a command line in it with the variables of a job."""
    shutil.copytree(MINI, tmp_path / "goldsets" / "mini")
    shutil.copy(LOCAL, tmp_path / "mine.py")
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, line in (
        (
            "factharness",
            f'exec "{sys.executable}" -c "from factharness.cli import main; main()" "$@"',
        ),
        ("pip", "exit 0"),
    ):
        (commands / name).write_text(f"#!/bin/sh\n{line}\n")
        (commands / name).chmod(0o755)

    def run(lines, shell=("bash", "--noprofile", "--norc", "-eo", "pipefail"), **variables):
        return subprocess.run(
            [*shell, "-c", lines],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={
                "PATH": f"{commands}:{os.environ['PATH']}",
                "HOME": str(tmp_path / "home"),
                "XDG_CACHE_HOME": str(tmp_path / ".cache"),
                **variables,
            },
        )

    run.path = tmp_path
    return run


def suite(repository, gate, use="mine.py", more=""):
    (repository.path / "ci.toml").write_text(
        f'[suite]\ngoldsets = ["mini"]\n[[backend]]\nuse = "file:{use}:build"\nname = "mine"\n'
        f"{more}[gate]\nrules = {gate}\n"
    )


@pytest.fixture
def job(repository):
    """Runs the step of action.yml that runs and checks a suite, as a runner would."""
    gate_step = step(id="gate")
    assert gate_step["shell"] == "bash"

    def run(gate, use="mine.py", options="", more="", allow="", **variables):
        suite(repository, gate, use, more)
        output = repository.path / "output"
        output.write_text("")
        said = repository(
            gate_step["run"],
            RUNNER_TEMP=str(repository.path),
            GITHUB_OUTPUT=str(output),
            GITHUB_STEP_SUMMARY=str(repository.path / "summary.md"),
            GITHUB_WORKSPACE=str(repository.path),
            SUITE="ci.toml",
            OPTIONS=options,
            ALLOW=allow,
            **variables,
        )
        lines = output.read_text().splitlines()
        return said, dict(line.split("=", 1) for line in lines)

    return run


@pytest.mark.slow
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
        assert {"run.json", "junit.xml", "badge.json", "comment.md"} <= {
            path.name for path in place.iterdir()
        }
        assert "RESULT:" in said.stdout
        summary = place.parents[1] / "summary.md"
        assert summary.read_text().startswith("## RESULT:")
    if code:
        assert "::error " in said.stdout


DROPS = '["mine.date.f1 drop <= 0", "errors == 0"]'


@pytest.mark.slow
@pytest.mark.needs("yaml")
@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_the_action_compares_a_pull_request_with_the_branch_it_goes_into(job, repository):
    pushed = {"BASELINE": "target-branch", "BRANCH": "main", "GITHUB_SHA": "0123456789abcdef"}
    pull = {"BASELINE": "target-branch", "BRANCH": "main", "PULL_REQUEST": "true"}
    kept = (
        repository.path / "home" / ".cache" / "factharness-baseline" / "ci.toml" / "baseline.json"
    )
    said, output = job(DROPS, **pull)
    assert said.returncode == 4
    assert "::notice title=no baseline::No run on main" in said.stdout
    assert "keep" not in output
    assert not kept.exists()
    said, output = job(DROPS, **pushed)
    assert (said.returncode, output["keep"]) == (4, "true")
    assert '"reason": "main at 0123456789ab"' in kept.read_text()
    first = kept.read_bytes()
    code = LOCAL.read_text(encoding="utf-8").replace(r"\b20\d\d\b", r"\b20(?!24)\d\d\b")
    (repository.path / "mine.py").write_text(code, encoding="utf-8")
    said, output = job(DROPS, **pull, options="--no-cache")
    assert (said.returncode, "keep" in output) == (1, False)
    assert "::notice" not in said.stdout
    comment = Path(output["run"], "comment.md").read_text()
    assert "missed DATE `2024`, `goldsets/mini/2024-03-07-conseil.gold:" in comment
    assert kept.read_bytes() == first
    said, output = job(DROPS, **pushed, options="--no-cache")  # merged all the same
    assert (said.returncode, output["keep"]) == (1, "true")
    said, output = job(DROPS, **pull)
    assert said.returncode == 0
    gone = '[[backend]]\nuse = "file:none.py:build"\nname = "no"\n'
    blessed = kept.read_bytes()
    said, output = job('["errors <= 0"]', **pushed, more=gone)
    assert (said.returncode, "keep" in output, kept.read_bytes()) == (1, False, blessed)


@pytest.mark.needs("yaml")
def test_the_baseline_of_a_branch_is_restored_by_a_key_that_no_other_branch_saves_under():
    restore = step(name="Take the baseline of the target branch")["with"]
    save = step(name="Keep the baseline of this branch")["with"]
    assert restore["path"] == save["path"]
    branch = "${{ github.base_ref || github.ref_name }}:"
    assert restore["key"].startswith(restore["restore-keys"])
    assert restore["restore-keys"].endswith(f":{branch}")
    assert save["key"] == restore["key"].replace(branch, "${{ github.ref_name }}:")


@pytest.mark.slow
@pytest.mark.needs("yaml")
@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_the_action_keeps_one_comment(job, repository):
    post = step(name="Comment on the pull request")
    assert post["continue-on-error"] is True
    assert "GITHUB_TOKEN" in post["env"]
    assert "GITHUB_TOKEN" not in step(id="gate")["env"]
    with serving(BOT) as service:
        for gate, word in (('["errors == 0"]', "PASS"), ('["mine.date.f1 > 0.9"]', "FAIL")):
            _, output = job(gate)
            variables = github_job(service.address) | {"GITHUB_REF": "refs/heads/x", "NUMBER": "7"}
            variables["FILE"] = f"{output['run']}/comment.md"
            said = repository(post["run"], **variables)
            assert said.returncode == 0, said.stderr
            (comment,) = service.comments
            assert f"## RESULT: {word}" in comment["body"]
            assert f"comment {comment['id']} is " in said.stdout
        service.refuse["GET"] = 403
        said = repository(post["run"], **variables)
        assert said.returncode == 0
        assert "no comment is written: GitHub answered 403" in said.stderr
        assert "secret" not in said.stdout + said.stderr


@pytest.mark.slow
@pytest.mark.needs("yaml")
@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_the_example_for_gitlab_keeps_one_note(repository):
    example = yaml(ROOT / "docs" / "examples" / "gitlab-ci.yml")["facts"]
    (repository.path / "suites").mkdir()
    with serving(US) as service:
        variables = gitlab_job(service.address) | {"CI_JOB_URL": "https://gitlab.example/j/1"}
        for gate, code in (('["errors == 0"]', 0), ('["mine.date.f1 > 0.9"]', 1)):
            suite(repository, gate, "../mine.py")
            shutil.move(repository.path / "ci.toml", repository.path / "suites" / "ci.toml")
            shutil.rmtree(repository.path / "run", ignore_errors=True)
            said = repository("\n".join(example["script"]), ("sh", "-e"), **variables)
            assert said.returncode == code, said.stderr
            said = repository("\n".join(example["after_script"]), ("sh",), **variables)
            assert (said.returncode, said.stderr) == (0, "")
        (note,) = service.comments
        assert "## RESULT: FAIL" in note["body"]
        assert "(https://gitlab.example/j/1)" in note["body"]
        del variables["CI_MERGE_REQUEST_IID"]
        said = repository("\n".join(example["after_script"]), ("sh",), **variables)
        assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
