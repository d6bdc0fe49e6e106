"""``--isolate``: a back end that ends its own process costs one article, in a run and in an extraction."""

import json
import subprocess

import pytest

import factharness as fh

ARTICLE = "2024-03-06-tournoi"


def suite(shell, what):
    when = f'{{ "{ARTICLE}" = "{what}" }}'
    options = f"options = {{ when = {when} }}"
    return shell.suite(backends=f'[[backend]]\nuse = "capitals"\n{options}\n')


@pytest.fixture(params=["die", "vanish"])
def deadly(shell, request):
    """A suite whose back end ends its process on one article, by a signal or as if all were well."""
    return suite(shell, request.param)


def test_a_run_loses_one_article(shell, deadly):
    said = shell("run", deadly, "--isolate", "-o", "out", "--no-cache")
    assert said.returncode == 1
    assert f"capitals failed on {ARTICLE}: the process died" in said.stderr
    lines = shell.lines("out")
    assert len(lines) > 1
    assert [line["id"] for line in lines if "error" in line] == [ARTICLE]


def test_the_front_door_isolates_too(shell, deadly):
    run = fh.run(deadly, isolate=True, cache=False, output="out")
    assert list(run.errors["capitals"]) == [ARTICLE]


@pytest.mark.parametrize("command", ["run", "extract"])
def test_a_back_end_that_wants_to_end_the_command_does_not(shell, command):
    """In a process of its own, as the wrong exit code would be that of the tests."""
    (shell.folder / "in.jsonl").write_text(f'{{"id": "{ARTICLE}", "text": "Anne"}}\n' * 2)
    made = suite(shell, "quit")
    arguments = {
        "run": ("run", made, "-o", "out", "--no-cache"),
        "extract": ("extract", "capitals", "in.jsonl", "--suite", made, "-o", "out.jsonl"),
    }[command]
    done = subprocess.run(
        shell.command(*arguments), env=shell.environment, capture_output=True, text=True
    )
    assert done.returncode == (1 if command == "run" else 3)
    assert (
        f"capitals failed on {ARTICLE}: it tried to end the program with exit code 0" in done.stderr
    )
    assert (shell.folder / ("out" if command == "run" else "out.jsonl")).exists()


def test_an_extraction_loses_one_article(shell, deadly):
    lines = [{"id": name, "text": "Anne part."} for name in ("a", ARTICLE, "b")]
    (shell.folder / "in.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    said = shell(
        *("extract", "capitals", "in.jsonl", "--suite", deadly, "--isolate", "-o", "out.jsonl")
    )
    assert said.returncode == 1, said.stderr
    made = [json.loads(line) for line in (shell.folder / "out.jsonl").read_bytes().splitlines()]
    assert [line["id"] for line in made] == ["a", ARTICLE, "b"]
    assert ["error" in line for line in made] == [False, True, False]
