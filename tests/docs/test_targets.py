"""benchmarks/targets.py: a row says whether its target is reached, and each benchmark gives its rows."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def row(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    from targets import Target

    return Target


@pytest.mark.parametrize(
    ("target", "measured", "missed"),
    [
        ({"most": 2}, 2, False),
        ({"most": 2}, 2.1, True),
        ({"least": 2}, 2, False),
        ({"least": 2}, 1.9, True),
    ],
)
def test_a_target_is_missed_above_the_most_and_below_the_least(row, target, measured, missed):
    assert row("x", measured, "s", **target).missed is missed


def test_a_line_has_target_and_measure(row):
    assert row("x", 0.12345, "s", most=2).line() == "| x | ≤ 2 s | 0.123 s | reached |"
    assert row("x", 12345.6, "MB", least=2e4).line() == "| x | ≥ 20000 MB | 12,346 MB | missed |"


@pytest.mark.slow
@pytest.mark.needs("nervaluate", "spacy", "stanza")
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_each_benchmark_gives_its_rows():
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "targets.py", "--times", "0.01"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    head, table = done.stdout.split("\n\n")
    assert head.startswith("On ")
    assert len(table.splitlines()) == 2 + 16
