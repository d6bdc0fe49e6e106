"""`.ci/core_size.py`: what it counts, and when it fails."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "core_size.py"
MB = 1_000_000


@pytest.fixture
def measure(tmp_path):
    """Exit code and table for a folder with packages of files of so many bytes (none of them written)."""

    def run(packages):
        for name, files in packages.items():
            info = tmp_path / f"{name}-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            (info / "RECORD").write_text("".join(f"{file},,\n" for file in [*files, "gone.py"]))
            for file, size in files.items():
                (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
                with (tmp_path / file).open("wb") as hole:
                    hole.truncate(size)
        command = [sys.executable, str(SCRIPT), str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.stderr == ""
        return done.returncode, [line.split(maxsplit=2)[::2] for line in done.stdout.splitlines()]

    return run


@pytest.mark.parametrize(("more", "code"), [(0, 0), (1, 1)])
def test_it_fails_above_the_limit(measure, more, code):
    packages = {
        "factharness": {"factharness/facts.py": 20 * MB},
        "numpy": {"numpy/a.so": 150 * MB, "numpy/__pycache__/a.pyc": 50 * MB + more},
    }
    assert measure(packages) == (
        code,
        [["200.0", "numpy"], ["20.0", "factharness"], ["220.0", "together; the limit is 220 MB"]],
    )


def test_the_models_and_what_installs_are_not_counted(measure):
    packages = {
        "factharness": {
            "fact_extractors/models/fr/weights": 300 * MB,
            "fact_extractors/pipelines/models.py": 1 * MB,
        },
        "pip": {"pip/pip.py": 300 * MB},
        "setuptools": {"setuptools/core.py": 300 * MB},
    }
    code, rows = measure(packages)
    assert (code, rows[0]) == (0, ["1.0", "factharness"])


def test_an_environment_without_the_core_is_not_small_but_wrong(measure):
    assert measure({"numpy": {"numpy/a.so": MB}})[0] == 1
