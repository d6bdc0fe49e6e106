"""A byte order mark at the start of a file changes nothing, whichever file it is."""

import json
import shutil
from pathlib import Path

import pytest

from factharness.text import BOM

DATA = Path(__file__).resolve().parents[2] / "data"
BACKEND = Path(__file__).resolve().parents[1] / "local_backends.py"
SUITE = """[suite]
goldsets = ["mini"]
[[backend]]
use = "file:local_backends.py:build"
name = "capitals"
[gate]
baseline = "baseline.json"
rules = ["*.date.value.f1 drop <= 0", "new_misses == 0"]
"""
IDS = ("2024-03-07-conseil", "2024-03-06-tournoi")
PERSON = {"kind": "entity", "span": [0, 4], "label": "PER"}
RECORDS = "".join(json.dumps({"id": name, "facts": [PERSON]}) + "\n" for name in IDS)
CORPUS = "".join(json.dumps({"id": name, "text": "Anne " * 1000}) + "\n" for name in IDS)


@pytest.fixture
def project(shell):
    """A suite of one gold set, a run of it in ``out``, its baseline, and other inputs of commands."""
    shutil.copytree(DATA / "goldsets" / "mini", shell.folder / "mini")
    shutil.copy(BACKEND, shell.folder)
    (shell.folder / "suite.toml").write_text(SUITE, encoding="utf-8")
    (shell.folder / "corpus.jsonl").write_text(CORPUS, encoding="utf-8")
    (shell.folder / "records.jsonl").write_text(RECORDS, encoding="utf-8")
    (shell.folder / "texts").mkdir()
    (shell.folder / "texts" / "a.txt").write_text("Anne en 2024", encoding="utf-8")
    assert shell("run", "suite.toml", "-o", "out", "-q").returncode == 0
    assert shell("bless", "out", "--reason", "first").returncode == 0
    return shell


EXTRACT = ("extract", "file:local_backends.py:build")
ON = ("--published", "2024-03-05")
REPLAY = ("extract", "replay", "corpus.jsonl", "-o", "facts.jsonl", "--option")
COMMANDS = {
    ("suite.toml",): ("run", "suite.toml", "-o", "facts.jsonl", "-q"),
    ("mini/set.toml",): ("gold", "check", "mini"),
    ("mini/2024-03-07-conseil.gold",): ("gold", "stats", "mini"),
    ("baseline.json", "out/run.json", "out/scores.json"): ("check", "out"),
    ("corpus.jsonl",): (*EXTRACT, "corpus.jsonl", "-o", "facts.jsonl"),
    ("texts/a.txt",): (*EXTRACT, "texts", "-o", "facts.jsonl"),
    ("records.jsonl",): (*REPLAY, "path=records.jsonl"),
    ("out/run.json",): (*REPLAY, "path=out"),
}


def answer(shell, args):
    """What a command prints and writes; the texts it makes, not those it names."""
    made = shell(*args)
    output = shell.folder / "facts.jsonl"
    written = output.read_bytes() if output.is_file() else None
    return made.returncode, made.stdout, made.stderr, written


def again(shell):
    for name in ("facts.jsonl", "facts.jsonl.journal"):
        path = shell.folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)


@pytest.mark.parametrize(("files", "args"), COMMANDS.items(), ids=lambda value: value[-1])
def test_a_command_answers_the_same(project, files, args):
    before = answer(project, args)
    again(project)
    for name in files:
        path = project.folder / name
        path.write_bytes(BOM + path.read_bytes())
    assert answer(project, args) == before
    assert before[0] == 0, before


def test_records_on_either_side_are_scored(project):
    for name in ("gold", "pred"):
        (project.folder / f"{name}.jsonl").write_bytes(BOM + RECORDS.encode())
    made = project("score", "--gold", "gold.jsonl", "--pred", "pred.jsonl", "--json")
    assert made.returncode == 0
    assert '"articles": 2' in made.stdout


@pytest.mark.parametrize(
    "format_name", ["brat", "doccano", "label-studio", "iob2", "hipe", "spacy-json", "webanno"]
)
def test_an_import_reads_the_same(project, format_name):
    assert project("gold", "export", format_name, "mini", "-o", "there").returncode == 0
    imported = []
    for name in ("plain", "marked"):
        if name == "marked":
            for path in (project.folder / "there").iterdir():
                path.write_bytes(BOM + path.read_bytes())
        made = project("gold", "import", format_name, "there", "-o", name, *ON)
        assert made.returncode == 0, made.stderr
        folder = project.folder / name
        imported.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert imported[0] == imported[1]
    assert len(imported[0]) == 3


def test_a_file_with_nothing_but_a_mark_is_empty(project):
    (project.folder / "corpus.jsonl").write_bytes(BOM)
    made = project(*EXTRACT, "corpus.jsonl", "-o", "facts.jsonl")
    assert (made.returncode, "there is no article" in made.stderr) == (3, True)
