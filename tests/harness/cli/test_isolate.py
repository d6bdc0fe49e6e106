"""``--isolate``: a back end that ends its own process costs one article, in a run and in an extraction."""

import json

import pytest

import factharness as fh

ARTICLE = "2024-03-06-tournoi"


@pytest.fixture(params=["die", "quit"])
def deadly(shell, request):
    """A suite whose back end ends its process on one article, by a signal or as if all were well."""
    when = f'{{ "{ARTICLE}" = "{request.param}" }}'
    options = f"options = {{ when = {when} }}"
    return shell.suite(backends=f'[[backend]]\nuse = "capitals"\n{options}\n')


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
