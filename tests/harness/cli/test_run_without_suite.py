"""Runs that need no suite file: gold and back ends from the command line, and back ends that are repeated."""

import json
from importlib import resources

import pytest

RANDOM = """
import random
from factharness.facts import Entity, Span

class Guesses:
    kinds = frozenset({"entity"})
    deterministic = DETERMINISTIC
    used = 0
    def fingerprint(self):
        return {"version": "1"}
    def usage(self):
        return {"tokens in": self.used, "money": self.used / 1000}
    def extract(self, articles):
        with open("asked", "a") as log:
            for article in articles:
                log.write("x")
                self.used += 120
                end = random.randint(2, len(article.text))
                yield [Entity(Span(0, end), "PER")]
"""


def backends(shell, run):
    return json.loads((shell.folder / run / "run.json").read_text())["backends"]


@pytest.fixture
def essay(shell, gold):
    gold(
        "a",
        "Anne part à Lyon le 3 mai 2024.",
        "PER Anne",
        "LOC Lyon",
        "DATE 3 mai 2024 | 2024-05-03",
    )
    return gold.folder


def test_gold_and_back_ends_from_the_command_line(shell, essay):
    done = shell(
        "run",
        "--gold",
        essay,
        "-b",
        "rules(kinds=[date])",
        "-b",
        "rules",
        "-o",
        "out",
        "--save-suite",
        "kept.toml",
    )
    assert done.returncode == 0, done.stderr
    assert [(one["name"], one["kinds"]) for one in backends(shell, "out")] == [
        ("rules", ["entity", "date", "quote"]),
        ("rules-date", ["date"]),
    ]
    starter = (resources.files("factharness") / "starter" / "suite.toml").read_text("utf-8")
    kept = (shell.folder / "kept.toml").read_text(encoding="utf-8")
    assert kept.splitlines()[0] == starter.splitlines()[0]  # editors complete both
    again = shell("run", "kept.toml", "-o", "again")
    assert again.returncode == 0, again.stderr
    assert [one["name"] for one in backends(shell, "again")] == ["rules", "rules-date"]
    assert shell.same("out", "again", "rules-date")
    refused = shell("run", "--gold", essay, "--save-suite", "kept.toml", "-o", "no")
    assert refused.returncode == 2
    assert "is there already" in refused.stderr
    assert not (shell.folder / "no").exists()


def test_a_local_file_is_named_from_the_working_directory(shell, essay):
    (shell.folder / "guesses.py").write_text(RANDOM.replace("DETERMINISTIC", "False"))
    done = shell("run", "--gold", essay, "-b", "file:guesses.py:Guesses", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert [one["name"] for one in backends(shell, "out")] == ["guesses"]


def test_what_cannot_be_read_names_its_place(shell, essay):
    done = shell("run", "--gold", essay, "-b", "rules(kinds=[date)", "-o", "out")
    assert done.returncode == 2
    assert "at character" in done.stderr
    assert "^ expected" in done.stderr
    done = shell("run", "--gold", essay, "-b", "rules(kind=[date])", "-o", "out")
    assert done.returncode == 2
    assert "did you mean 'kinds'" in done.stderr
    assert "default.toml" not in done.stderr


def repeated(shell, essay, *, deterministic):
    (shell.folder / "guesses.py").write_text(RANDOM.replace("DETERMINISTIC", str(deterministic)))
    (shell.folder / "many.toml").write_text(
        f'[suite]\ngoldsets = ["{essay}"]\n[[backend]]\nuse = "file:guesses.py:Guesses"\nrepeat = 3\n'
    )
    return shell("run", "many.toml", "-o", "out")


def test_a_back_end_that_is_not_deterministic_is_run_again(shell, essay):
    done = repeated(shell, essay, deterministic=False)
    assert done.returncode == 0, done.stderr
    assert [(one["name"], one["repeats"]) for one in backends(shell, "out")] == [
        ("guesses", ""),
        ("guesses.2", "guesses"),
        ("guesses.3", "guesses"),
    ]
    assert "Repeated back ends" in done.stdout
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("entity  guesses"))
    assert line.split()[2] == "3"
    assert ["guesses", "0.12", "120"] in [line.split() for line in done.stdout.splitlines()]
    asked = (shell.folder / "asked").read_text()
    assert len(asked) == 3
    assert shell("run", "many.toml", "-o", "again").returncode == 0
    assert (shell.folder / "asked").read_text() == asked  # each repetition is in the cache
    assert shell.same("out", "again", "guesses.3")
    compared = shell("compare", "out:guesses", "out:guesses.2")
    assert compared.returncode == 0, compared.stderr
    assert "what differs between them is chance" in compared.stdout


def test_a_deterministic_back_end_is_run_once_and_that_is_said(shell, essay):
    done = repeated(shell, essay, deterministic=True)
    assert done.returncode == 0, done.stderr
    assert "guesses gives the same answer every time: it is run once" in done.stderr
    assert [one["name"] for one in backends(shell, "out")] == ["guesses"]
