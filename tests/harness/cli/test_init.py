"""`factharness init`: what it writes works at once, and nothing that was there is lost."""

import subprocess
import sys
import tomllib
from pathlib import Path

import click.shell_completion
import pytest

from factharness import starter
from factharness.cli import app

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def made(shell, monkeypatch):
    said = shell("init", "facts")
    assert said.returncode == 0, said.stderr
    monkeypatch.chdir(shell.folder / "facts")
    return said


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_run_and_check_pass(shell, made):
    assert shell("run", "ci", "-o", "reports/first").returncode == 0
    said = shell("check", "reports/first")
    assert (said.returncode, "RESULT: PASS (3 rules)" in said.stdout) == (0, True), said.stdout


def test_what_it_says_next_is_what_one_types(shell, made, monkeypatch):
    monkeypatch.chdir(shell.folder)
    typed = [line.split("#")[0].split() for line in made.stdout.partition("Now:\n")[2].splitlines()]
    commands = [words[1:] for words in typed if words[:1] == ["factharness"]]
    assert [words[0] for words in commands] == ["run", "check", "label"]
    monkeypatch.chdir(next(words[1] for words in typed if words[:1] == ["cd"]))
    assert [shell(*words).returncode for words in commands[:2]] == [0, 0]


def test_the_gate_fails_when_the_back_end_finds_less(shell, made):
    path = Path("mine.py")
    path.write_text(path.read_text(encoding="utf-8").replace("{2,}", "{9,}"), encoding="utf-8")
    assert shell("run", "ci", "-o", "reports/second").returncode == 0
    said = shell("check", "reports/second")
    assert (said.returncode, "INSEE" in said.stdout) == (1, True), said.stdout


def test_its_tests_pass(made):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    said = subprocess.run(command, capture_output=True, text=True)
    assert "2 passed" in said.stdout, said.stdout


def test_its_suite_names_the_schema_that_the_site_has(made):
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    first = Path("suites/ci.toml").read_text(encoding="utf-8").splitlines()[0]
    name = first.removeprefix(f"#:schema {urls['Documentation']}")
    assert (ROOT / "docs" / "site" / "published" / name).is_file()


def test_its_gold_is_right_and_in_canonical_form(shell, made):
    said = shell("gold", "check", "goldsets")
    assert (said.returncode, "warning" in said.stdout) == (0, False), said.stdout
    assert shell("gold", "fmt", "--check", "goldsets").returncode == 0


def test_every_file_says_what_it_is_for(made):
    guide = Path("README.md").read_text(encoding="utf-8")
    for name in files(Path()):
        if "__pycache__" not in name and name != "README.md":
            assert f"`{name}`" in guide, name


@pytest.mark.needs("check_jsonschema", "yaml")
@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-workflows", ".github/workflows/facts.yml"),
        ("vendor.gitlab-ci", ".gitlab-ci.yml"),
    ],
)
def test_its_workflows_are_valid_and_run_its_suite(made, schema, file):
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file]
    assert subprocess.run(check).returncode == 0
    assert "suites/ci.toml" in Path(file).read_text(encoding="utf-8")


@pytest.mark.needs("pre_commit")
def test_its_hooks_are_valid_and_there(made):
    import yaml

    config = ".pre-commit-config.yaml"
    command = [sys.executable, "-m", "pre_commit", "validate-config", config]
    assert subprocess.run(command).returncode == 0
    (repository,) = yaml.safe_load(Path(config).read_text(encoding="utf-8"))["repos"]
    known = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"] for hook in repository["hooks"]} == {hook["id"] for hook in known}


def test_a_repository_keeps_what_it_has(shell):
    (shell.folder / "README.md").write_text("mine")
    (shell.folder / ".gitignore").write_text("mine")
    said = shell("init")
    assert said.returncode == 0, said.stderr
    assert (shell.folder / "README.md").read_text() == "mine"
    left = [line for line in said.stdout.splitlines() if "stays as it is" in line]
    assert [line.split(":")[0] for line in left] == [".gitignore", "README.md"]
    assert "cd " not in said.stdout


@pytest.mark.parametrize("there", ["mine.py", "suites/ci.toml", "reports/baselines/ci.json"])
def test_where_one_is_already_nothing_is_written(shell, there):
    (shell.folder / there).parent.mkdir(parents=True, exist_ok=True)
    (shell.folder / there).write_text("mine")
    before = files(shell.folder)
    said = shell("init", ".")
    assert (said.returncode, f"{Path(there).name}: exists already" in said.stderr) == (2, True)
    assert files(shell.folder) == before


def test_a_file_that_cannot_be_written_takes_the_others_back(tmp_path):
    whole, folder = tmp_path / "whole", tmp_path / "folder"
    starter.write(whole)
    folder.mkdir()
    (folder / "suites").write_text("a file where a folder should be")
    before = files(folder)
    with pytest.raises(starter.OutputError):
        starter.move(whole, folder)
    assert files(folder) == before


def test_the_suite_is_toml_with_a_gate_that_needs_the_baseline(made):
    suite = tomllib.loads(Path("suites/ci.toml").read_text(encoding="utf-8"))
    assert any("drop" in rule for rule in suite["gate"]["rules"])


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_line_for_a_shell_is_printed_in_that_shell_and_clicks_own(shell, monkeypatch, name):
    monkeypatch.setenv("SHELL", f"/bin/{name}")
    said = shell("init", "facts")
    assert f"_FACTHARNESS_COMPLETE={name}_source factharness" in said.stdout
    complete = click.shell_completion.get_completion_class(name)
    assert complete(app, {}, "factharness", "_FACTHARNESS_COMPLETE") is not None


def test_no_line_for_a_shell_that_has_none(shell, monkeypatch):
    monkeypatch.setenv("SHELL", "/bin/dash")
    assert "COMPLETE" not in shell("init", "facts").stdout


def test_commands_and_options_are_completed(tmp_path):
    environment = {"_FACTHARNESS_COMPLETE": "bash_complete", "COMP_CWORD": "1"}
    command = [sys.executable, "-c", "from factharness.cli import main; main()"]

    def completed(words):
        more = environment | {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
        done = subprocess.run(command, capture_output=True, text=True, env=more, cwd=tmp_path)
        return done.stdout.split()

    assert completed("factharness in") == ["plain,init"]
    assert "plain,--suite" in completed("factharness extract --su")
