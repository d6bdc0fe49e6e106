"""The wheel holds every file of the two packages, not only Python, and nothing else of the tree."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("harness", "extractors")
PACKAGES = ("factharness", "fact_extractors")

pytestmark = [pytest.mark.slow, pytest.mark.needs("build", "hatchling")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (file,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(file).namelist())


def test_every_file_of_the_packages_is_in_it(wheel):
    files = {
        path.relative_to(ROOT / source).as_posix()
        for source, package in zip(SOURCES, PACKAGES, strict=True)
        for path in (ROOT / source / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "factharness/web/page.css" in files
    assert "factharness/report/html/page.html" in files
    assert files - wheel == set()


def test_nothing_else_is_in_it_but_the_data(wheel):
    places = {tuple(name.split("/")[:2]) for name in wheel}
    assert {place[0] for place in places if not place[0].endswith(".dist-info")} == set(PACKAGES)
    data = {name for name in wheel if name.startswith("factharness/data/")}
    assert all(name.split("/")[2] in ("goldsets", "suites") for name in data)
