"""A small edition of benchmarks/soak.py: a full disk, killed workers, and every article there once."""

import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).resolve().parents[3] / "benchmarks" / "soak.py"
SIZES = ("--articles", "600", "--run-articles", "300", "--kill-every", "0", "--most-kills", "2")
SIZES += ("--growth", "100")  # MB: so short, it is the loading of the back end that is seen


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_every_article_is_there_once_after_a_full_disk_and_killed_workers():
    done = subprocess.run([sys.executable, SOAK, *SIZES], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "extract: full disk after" in done.stderr
    assert "run: full disk after" in done.stderr
    rows = [line.split(" | ") for line in done.stdout.splitlines()[-2:]]
    assert [row[1] for row in rows] == ["600", "300"]
    assert [row[2] for row in rows] == ["2", "2"]
    for name, count in (("extract", 600), ("run, rules", 300), ("run, few", 300)):
        assert f"{name}: {count} articles, each once and in order" in done.stderr
